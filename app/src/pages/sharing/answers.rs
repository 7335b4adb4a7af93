//! The answers of a consent in plain words, row by row: for the screen and for the document that is kept.

use super::words::{
    NamedItems, capitalized, disclosers, future, item_kinds, kind, notes, part2, purpose, purposes,
    recipient_detail, recipients, segments, service_dates, single_items, until,
};
use crate::{
    components::time::zone,
    dates,
    destination::Destination,
    i18n::{Language, list},
    t,
    words::{consent::recipient, proxies::right},
};
use domain::{
    consent::{Answer, Consent, ConsentKind, Document, Grantor, Scope, Terms},
    label::Label,
    notice::{Statement, TPO_PURPOSE},
    state::AuthorityKind,
};
use portal::{
    directory::{Name, RecipientName},
    sharing::draft::Step,
};

/// An answer, and where it is given.
pub struct Asked {
    /// What was asked.
    pub name: String,
    /// The answer, line by line.
    pub words: Vec<String>,
    /// What tells people of one name apart.
    pub detail: Option<String>,
    /// Where it is given; `None`: there is nothing to choose.
    pub at: Option<Destination>,
}

impl Asked {
    fn new(name: String, words: Vec<String>, step: Step) -> Self {
        Self {
            name,
            words,
            detail: None,
            at: Some(Destination::SharingStep(step)),
        }
    }
}

/// The names behind the ids of a consent.
#[derive(Clone, Default)]
pub struct Names {
    /// Whose consent it is.
    pub patient: String,
    /// By what right somebody else signs for the patient; `None`: the patient signs.
    pub signs_as: Option<AuthorityKind>,
    /// By what right somebody signs beside a minor.
    pub second_as: Option<AuthorityKind>,
    /// To whom.
    pub to: Vec<RecipientName>,
    /// Whose records; empty: those of every provider.
    pub from: Vec<Name>,
    /// Single items one by one, as they were shown to somebody: they read how many there are of those, and of no others.
    /// `None` where all that the terms name are counted, and none is shown.
    pub items: Option<NamedItems>,
}

impl Names {
    /// How many single items there are, for whoever reads.
    fn count_of_items(&self, what: &Scope) -> Option<String> {
        let (put_in, left_out) = self.items.as_ref().map_or_else(
            || (what.items_included.len(), what.items_excluded.len()),
            |items| (items.put_in.len(), items.left_out.len()),
        );
        single_items(put_in, left_out)
    }

    /// The single items one by one, where they are shown.
    pub fn lines_of_items(&self) -> impl Iterator<Item = String> {
        self.items.iter().flat_map(NamedItems::lines).cloned()
    }
}

/// Whose, who, why, what, from which days, how long, from whom (LAW A1).
pub fn answers(terms: &Terms, names: &Names) -> Vec<Asked> {
    let what = &terms.what;
    let mut opened = segments(what);
    if opened.is_empty() {
        opened.push(t!("sharing-segments-none"));
    }
    let mut asked = vec![Asked {
        name: t!("sharing-row-patient"),
        words: vec![names.patient.clone()],
        detail: None,
        at: None,
    }];
    if let Some(kind) = kind(terms.kind) {
        asked.push(Asked::new(
            t!("sharing-row-kind"),
            vec![kind],
            kind_step(terms.kind),
        ));
    }
    asked.extend([
        Asked {
            detail: recipient_detail(&names.to),
            ..Asked::new(
                t!("sharing-row-who"),
                names.to.iter().map(recipient).collect(),
                Step::Who,
            )
        },
        Asked::new(
            t!("sharing-row-why"),
            terms.purposes.iter().map(purpose).collect(),
            Step::Why,
        ),
    ]);
    let notes = notes(what);
    if notes.is_empty() {
        asked.push(Asked::new(t!("sharing-row-what"), opened, Step::What));
    } else {
        asked.push(Asked::new(t!("sharing-notes-legend"), notes, Step::What));
        asked.push(Asked::new(t!("sharing-notes-about"), opened, Step::What));
    }
    if let Some(kinds) = item_kinds(what.kinds) {
        asked.push(Asked::new(t!("sharing-row-item-kinds"), kinds, Step::What));
    }
    asked.extend([
        Asked::new(
            t!("sharing-row-part2"),
            vec![part2(what.granted().has(Label::Part2))],
            Step::What,
        ),
        Asked::new(
            t!("sharing-row-dates"),
            vec![service_dates(what)],
            Step::What,
        ),
        Asked::new(
            t!("sharing-row-future"),
            vec![future(what.existing_at)],
            Step::What,
        ),
    ]);
    if let Some(count) = names.count_of_items(what) {
        let mut items = vec![count];
        items.extend(names.lines_of_items());
        asked.push(Asked {
            at: Some(Destination::SharingItems(1)),
            ..Asked::new(t!("sharing-row-items"), items, Step::What)
        });
    }
    asked.push(Asked::new(
        t!("sharing-row-until"),
        vec![until(terms.expiry.as_ref())],
        Step::HowLong,
    ));
    asked.push(Asked {
        at: Some(Destination::SharingPlaces),
        ..Asked::new(t!("sharing-row-from"), disclosers(&names.from), Step::What)
    });
    asked
}

/// The step whose answer makes it that kind.
const fn kind_step(kind: ConsentKind) -> Step {
    match kind {
        ConsentKind::Legal | ConsentKind::CriminalJustice => Step::Why,
        ConsentKind::Specific | ConsentKind::Tpo | ConsentKind::Notes | ConsentKind::Proxy => {
            Step::Who
        }
    }
}

/// The elements of the consent in the order of 42 CFR 2.31(a), with the rule's words where it has some.
pub fn elements(terms: &Terms, names: &Names) -> Vec<String> {
    let what = &terms.what;
    let purpose = if terms.kind == ConsentKind::Tpo {
        capitalized(TPO_PURPOSE)
    } else {
        purposes(terms.purposes)
    };
    let mut information = segments(what);
    let notes = notes(what);
    if !notes.is_empty() {
        information.push(t!("sharing-wording-notes", notes = list(&notes)));
    }
    if what.granted().has(Label::Part2) {
        information.push(t!("sharing-wording-part2"));
    }
    if let Some(kinds) = item_kinds(what.kinds) {
        information.push(t!("sharing-wording-kinds", kinds = list(&kinds)));
    }
    if what.service_from.is_some() || what.service_until.is_some() {
        information.push(t!("sharing-wording-dates", dates = service_dates(what)));
    }
    information.extend(names.count_of_items(what));
    let discloser = if names.from.is_empty() {
        t!("sharing-wording-discloser")
    } else {
        t!(
            "sharing-wording-from",
            places = list(&disclosers(&names.from))
        )
    };
    let mut lines = vec![
        t!("sharing-wording-patient", name = names.patient.as_str()),
        discloser,
        t!("sharing-wording-information", words = list(&information)),
    ];
    lines.extend(names.lines_of_items());
    lines.extend([
        t!("sharing-wording-recipient", words = recipients(&names.to)),
        t!("sharing-wording-purpose", words = purpose),
        t!(
            "sharing-wording-expiration",
            words = until(terms.expiry.as_ref())
        ),
    ]);
    if let Some(kind) = &names.signs_as {
        lines.push(t!("sharing-wording-signature", right = right(kind)));
    }
    lines.extend(statements(terms));
    lines
}

/// The statements as they are shown.
pub fn statements(terms: &Terms) -> Vec<String> {
    terms
        .statements
        .iter()
        .map(|statement: &Statement| statement.text().to_owned())
        .collect()
}

/// The name that somebody typed who is not the patient, and by what right they signed (42 CFR 2.31(a)(8)).
pub fn signed_as(typed_name: &str, kind: Option<&AuthorityKind>) -> String {
    kind.map_or_else(
        || typed_name.to_owned(),
        |kind| t!("sharing-signed-as", name = typed_name, right = right(kind)),
    )
}

/// The document that is kept: what the signer read, in the words of this moment.
pub fn document(consent: &Consent, names: &Names) -> Document {
    let terms = &consent.terms;
    let signature = &consent.signature;
    let row = |name: String, words: String| Answer {
        name,
        words: vec![words],
    };
    let first = match terms.grantor {
        Grantor::Patient => row(
            t!("document-consent-signed-by"),
            signature.typed_name.clone(),
        ),
        Grantor::Proxy { .. } => row(
            t!("sharing-signed-for-patient"),
            signed_as(&signature.typed_name, names.signs_as.as_ref()),
        ),
    };
    let second = consent.countersignature().map(|other| {
        let name = signed_as(&other.signature.typed_name, names.second_as.as_ref());
        row(
            t!("consent-row-countersigned"),
            t!(
                "consent-signed-by",
                name = name,
                at = dates::moment(other.signature.signed_at, zone())
            ),
        )
    });
    Document {
        language: Language::default().tag().to_owned(),
        title: t!("document-consent-title"),
        answers: answers(terms, names)
            .into_iter()
            .map(|asked| Answer {
                name: asked.name,
                words: asked.words.into_iter().chain(asked.detail).collect(),
            })
            .collect(),
        statements_title: t!("sharing-sign-statements"),
        statements: statements(terms),
        elements_title: t!("sharing-legal-wording"),
        elements: elements(terms, names),
        signature: vec![
            first,
            row(
                t!("document-consent-signed-at"),
                dates::moment(signature.signed_at, zone()),
            ),
            row(
                t!("document-consent-confirmed-at"),
                dates::moment(signature.stepped_up_at, zone()),
            ),
            row(t!("consent-row-start"), dates::moment(terms.start, zone())),
            row(t!("document-consent-version"), consent.version.to_string()),
        ]
        .into_iter()
        .chain(second)
        .collect(),
    }
}
