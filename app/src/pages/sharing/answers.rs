//! The answers of a consent in plain words, row by row: for the screen and for the document that is kept.

use super::words::{
    capitalized, future, part2, purpose, purposes, recipient_detail, recipients, segments,
    service_dates, single_items, until,
};
use crate::{
    components::time::zone,
    dates,
    destination::Destination,
    i18n::{Language, list},
    t,
};
use domain::{
    consent::{Answer, Consent, ConsentKind, Document, Terms},
    label::Label,
    notice::{Statement, TPO_PURPOSE},
};
use portal::{directory::RecipientName, sharing::draft::Step};

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

/// Who, why, what, from which days, how long, from whom (LAW A1).
pub fn answers(terms: &Terms, to: &[RecipientName]) -> Vec<Asked> {
    let what = &terms.what;
    let mut opened = segments(what);
    if opened.is_empty() {
        opened.push(t!("sharing-segments-none"));
    }
    let mut asked = vec![
        Asked {
            detail: recipient_detail(to),
            ..Asked::new(t!("sharing-row-who"), vec![recipients(to)], Step::Who)
        },
        Asked::new(
            t!("sharing-row-why"),
            terms.purposes.iter().map(purpose).collect(),
            Step::Why,
        ),
        Asked::new(t!("sharing-row-what"), opened, Step::What),
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
    ];
    if let Some(items) = single_items(what) {
        asked.push(Asked {
            at: Some(Destination::SharingItems(1)),
            ..Asked::new(t!("sharing-row-items"), vec![items], Step::What)
        });
    }
    asked.push(Asked::new(
        t!("sharing-row-until"),
        vec![until(terms.expiry.as_ref())],
        Step::HowLong,
    ));
    // The discloser is an element too (LAW A1), and nothing to choose.
    asked.push(Asked {
        name: t!("sharing-row-from"),
        words: vec![t!("sharing-from-any")],
        detail: None,
        at: None,
    });
    asked
}

/// The elements of the consent in the order of 42 CFR 2.31(a), with the rule's words where it has some.
pub fn elements(terms: &Terms, to: &[RecipientName]) -> Vec<String> {
    let what = &terms.what;
    let purpose = if terms.kind == ConsentKind::Tpo {
        capitalized(TPO_PURPOSE)
    } else {
        purposes(terms.purposes)
    };
    let mut information = segments(what);
    if what.granted().has(Label::Part2) {
        information.push(t!("sharing-wording-part2"));
    }
    information.extend(single_items(what));
    let mut lines = vec![
        t!("sharing-wording-patient"),
        t!("sharing-wording-discloser"),
        t!("sharing-wording-information", words = list(&information)),
        t!("sharing-wording-recipient", words = recipients(to)),
        t!("sharing-wording-purpose", words = purpose),
        t!(
            "sharing-wording-expiration",
            words = until(terms.expiry.as_ref())
        ),
    ];
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

/// The document that is kept: what the signer read, in the words of this moment.
pub fn document(consent: &Consent, to: &[RecipientName]) -> Document {
    let terms = &consent.terms;
    let signature = &consent.signature;
    let row = |name: String, words: String| Answer {
        name,
        words: vec![words],
    };
    Document {
        language: Language::default().tag().to_owned(),
        title: t!("document-consent-title"),
        answers: answers(terms, to)
            .into_iter()
            .map(|asked| Answer {
                name: asked.name,
                words: asked.words.into_iter().chain(asked.detail).collect(),
            })
            .collect(),
        statements_title: t!("sharing-sign-statements"),
        statements: statements(terms),
        elements_title: t!("sharing-legal-wording"),
        elements: elements(terms, to),
        signature: vec![
            row(
                t!("document-consent-signed-by"),
                signature.typed_name.clone(),
            ),
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
        ],
    }
}
