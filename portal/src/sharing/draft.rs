//! A consent in the making: kept sealed between its pages, one at a time for each account.

use super::ends::{ends_of, expiry_of};
use crate::actor::Actor;
use crate::proxies::sight;
use crate::{Portal, Refusal, days};
use chrono::NaiveDate;
use chrono_tz::Tz;
use domain::clock::Instant;
use domain::consent::{
    Consent, ConsentKind, Deficiency, Discloser, EndingEvent, Grantor, Recipient, Scope, Standing,
    Terms,
};
use domain::id::{ConsentId, ItemId, PatientId};
use domain::item::KindSet;
use domain::label::{Label, LabelSet};
use domain::minors::majority;
use domain::notice::Statement;
use domain::purpose::{Purpose, PurposeSet};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub use super::ends::Ends;

/// The kind under which drafts of consents are kept: of one's own record, and of each patient one acts for.
fn kind(actor: &Actor) -> String {
    actor.on_behalf_of().map_or_else(
        || "consent".to_owned(),
        |patient| format!("consent/{patient}"),
    )
}

/// What was chosen so far.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its id.
    pub id: Uuid,
    /// The kind, where it does not follow from the other answers: counseling notes, a helper's access.
    #[serde(default)]
    pub apart: Option<ConsentKind>,
    /// To whom.
    pub to: Vec<Recipient>,
    /// Why.
    pub purposes: PurposeSet,
    /// Whether the patient began it, and not somebody who asked for it (LAW A7).
    #[serde(default = "yes")]
    pub patient_started: bool,
    /// Whose records.
    #[serde(default = "from_anybody")]
    pub from: Discloser,
    /// Kinds of items.
    #[serde(default = "every_kind")]
    pub kinds: KindSet,
    /// Segments included, and separated notes.
    pub include: LabelSet,
    /// Segments excluded by name.
    pub exclude: LabelSet,
    /// Whether records of a substance use treatment program are included; `None`: not answered yet.
    pub part2: Option<bool>,
    /// First day of service.
    pub service_from: Option<NaiveDate>,
    /// Last day of service.
    pub service_until: Option<NaiveDate>,
    /// Single items in, whatever their segment.
    pub items_included: Vec<ItemId>,
    /// Single items out.
    pub items_excluded: Vec<ItemId>,
    /// Whether what comes later is included too.
    pub future: bool,
    /// How long.
    pub ends: Option<Ends>,
    /// The consent in whose place it is to stand.
    #[serde(default)]
    pub replaces: Option<ConsentId>,
    /// What a minor answered on who signs; `None`: not answered, or not asked.
    #[serde(default)]
    pub signers: Option<Signers>,
}

/// Who signs a minor's consent, and under which State's law (LAW D1, D2).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Signers {
    /// The USPS code.
    pub state: String,
    /// Whether a parent or guardian signs too.
    pub parent: bool,
}

const fn yes() -> bool {
    true
}

const fn from_anybody() -> Discloser {
    Discloser::AnyProvider
}

const fn every_kind() -> KindSet {
    KindSet::ALL
}

impl core::fmt::Debug for Draft {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Draft")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A step of the making.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Step {
    /// Who.
    Who,
    /// Why.
    Why,
    /// What.
    What,
    /// How long.
    HowLong,
    /// Exactly what this opens.
    Review,
    /// Statements and signature.
    Sign,
}

impl Draft {
    /// An empty draft.
    pub fn new(id: Uuid) -> Self {
        Self {
            id,
            apart: None,
            to: Vec::new(),
            purposes: PurposeSet::EMPTY,
            patient_started: true,
            from: Discloser::AnyProvider,
            kinds: KindSet::ALL,
            include: LabelSet::EMPTY,
            exclude: LabelSet::EMPTY,
            part2: None,
            service_from: None,
            service_until: None,
            items_included: Vec::new(),
            items_excluded: Vec::new(),
            future: true,
            ends: None,
            replaces: None,
            signers: None,
        }
    }

    /// A draft with the answers of a consent, to be changed and to stand in its place once it is signed.
    ///
    /// Everything comes along but who signed it and when: the new one is signed anew, by whoever signs it.
    pub fn of_consent(id: Uuid, consent: &Consent, zone: Tz) -> Self {
        let terms = &consent.terms;
        let what = &terms.what;
        let mut draft = Self {
            id,
            apart: None,
            to: terms.to.clone(),
            purposes: terms.purposes,
            patient_started: terms.patient_started,
            from: terms.from.clone(),
            kinds: what.kinds,
            include: what.include.without(Label::Part2),
            exclude: what.exclude,
            part2: Some(what.include.has(Label::Part2)),
            service_from: what.service_from,
            service_until: what.service_until,
            items_included: what.items_included.clone(),
            items_excluded: what.items_excluded.clone(),
            future: what.existing_at.is_none(),
            ends: terms.expiry.as_ref().map(|expiry| ends_of(expiry, zone)),
            replaces: Some(consent.id),
            signers: None,
        };
        if draft.kind() != terms.kind {
            draft.apart = Some(terms.kind);
        }
        draft
    }

    /// The kind: the one chosen apart, or what follows from recipients and purposes. The class of LAW A2 makes it a consent
    /// for treatment, payment and operations; a legal case (A10) and criminal justice (A13) are consents of their own.
    pub fn kind(&self) -> ConsentKind {
        if let Some(kind) = self.apart {
            kind
        } else if self.to.contains(&Recipient::TpoClass) {
            ConsentKind::Tpo
        } else if self.purposes.has(Purpose::Legal) {
            ConsentKind::Legal
        } else if self.purposes.has(Purpose::CriminalJustice) {
            ConsentKind::CriminalJustice
        } else {
            ConsentKind::Specific
        }
    }

    /// Makes it a consent to separated notes, or one to the rest of the record again (LAW A9: never both).
    ///
    /// For notes, what they deal with is open to begin with: a note is shown where each of its labels is.
    pub fn set_notes(&mut self, notes: bool) {
        if notes == (self.apart == Some(ConsentKind::Notes)) {
            return;
        }
        self.exclude = LabelSet::EMPTY;
        self.items_included.clear();
        self.items_excluded.clear();
        if notes {
            self.apart = Some(ConsentKind::Notes);
            self.include = LabelSet::SEGMENTS.with(Label::SudCounselingNote);
            self.part2 = Some(true);
        } else {
            self.apart = None;
            self.include = LabelSet::EMPTY;
            self.part2 = None;
        }
        self.settle();
    }

    /// Takes these recipients. The class of LAW A2 has its purposes given by the rule, and takes them along as it goes.
    pub fn set_recipients(&mut self, to: Vec<Recipient>) {
        let was_class = self.to.contains(&Recipient::TpoClass);
        let is_class = to.contains(&Recipient::TpoClass);
        self.to = to;
        if is_class {
            // One signature for all three, no more and no less (LAW A2).
            self.purposes = PurposeSet::TPO;
        } else if was_class {
            self.purposes = PurposeSet::EMPTY;
        }
        self.settle();
    }

    /// Whether it may end so (LAW A6, A13).
    pub fn may_end(&self, ends: &Ends) -> bool {
        match ends {
            Ends::On(_) | Ends::At(_) => true,
            Ends::EndOfTreatment | Ends::Never => match self.kind() {
                ConsentKind::Tpo => true,
                ConsentKind::Specific => self.purposes.within(PurposeSet::TPO),
                _ => false,
            },
            Ends::EndOfResearch => self.purposes == PurposeSet::of([Purpose::Research]),
            Ends::When(words) => match EndingEvent::from_words(words) {
                Some(event) => event.fits(self.purposes),
                None => !self.purposes.has(Purpose::CriminalJustice),
            },
        }
    }

    /// After an answer changed: an end that may not stand with it any more is open again.
    pub fn settle(&mut self) {
        if self.ends.as_ref().is_some_and(|ends| !self.may_end(ends)) {
            self.ends = None;
        }
    }

    /// The first step that is not answered yet.
    pub fn next(&self) -> Step {
        if self.to.is_empty() {
            Step::Who
        } else if self.purposes.is_empty() {
            Step::Why
        } else if self.part2.is_none() || !self.opens_something() {
            Step::What
        } else if self.ends.is_none() {
            Step::HowLong
        } else {
            Step::Review
        }
    }

    fn opens_something(&self) -> bool {
        if self.kind() == ConsentKind::Notes {
            return self.include.overlaps(LabelSet::NOTES);
        }
        (!self.include.is_empty() && self.kinds != KindSet::EMPTY)
            || !self.items_included.is_empty()
    }

    /// The terms that would be signed at that instant.
    pub fn terms(&self, patient: PatientId, now: Instant, zone: Tz) -> Terms {
        let kind = self.kind();
        let mut include = self.include;
        if self.part2 == Some(true) {
            include = include.with(Label::Part2);
        }
        Terms {
            kind,
            patient,
            grantor: Grantor::Patient,
            from: self.from.clone(),
            to: self.to.clone(),
            purposes: self.purposes,
            patient_started: self.patient_started,
            what: Scope {
                include,
                exclude: self.exclude,
                kinds: self.kinds,
                service_from: self.service_from,
                service_until: self.service_until,
                items_included: self.items_included.clone(),
                items_excluded: self.items_excluded.clone(),
                existing_at: (!self.future).then_some(now),
            },
            start: now,
            expiry: self.ends.as_ref().map(|ends| expiry_of(ends, zone)),
            statements: Statement::said_on(kind, self.purposes).collect(),
        }
    }

    /// What still keeps it from being signed (LAW A1).
    pub fn deficiencies(&self, patient: PatientId, now: Instant, zone: Tz) -> Vec<Deficiency> {
        self.terms(patient, now, zone).deficiencies()
    }

    /// A digest over everything chosen: what the step-up confirms is what is signed.
    pub fn digest(&self) -> [u8; 32] {
        let bytes = serde_json::to_value(self)
            .and_then(|value| serde_json::to_vec(&value))
            .unwrap_or_default();
        Sha256::digest(bytes).into()
    }

    /// The same with what a page said beside it: words of items, which may change under it.
    pub fn digest_with(&self, said: &[String]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.digest());
        for words in said {
            hash.update([0]);
            hash.update(words);
        }
        hash.finalize().into()
    }
}

/// Every draft of this account, the last kept first.
pub async fn all(portal: &Portal, actor: &Actor) -> Result<Vec<Draft>, Refusal> {
    let store = portal.store();
    let mut drafts = Vec::new();
    let kind = kind(actor);
    for entry in store.list_drafts(actor.account()).await? {
        if entry.kind == kind {
            let draft = store.load_draft(actor.account(), entry.id, &kind).await?;
            drafts.extend(draft);
        }
    }
    Ok(drafts)
}

/// The draft this account is working on, the last one kept, or a new one that is not kept yet.
pub async fn current(portal: &Portal, actor: &Actor) -> Result<Draft, Refusal> {
    let store = portal.store();
    let kind = kind(actor);
    let kept = store.list_drafts(actor.account()).await?;
    if let Some(entry) = kept.iter().find(|entry| entry.kind == kind)
        && let Some(draft) = store
            .load_draft::<Draft>(actor.account(), entry.id, &kind)
            .await?
    {
        return Ok(draft);
    }
    Ok(Draft::new(new_id(portal)))
}

fn new_id(portal: &Portal) -> Uuid {
    uuid::Builder::from_random_bytes(store::entropy::random(portal.store().entropy())).into_uuid()
}

/// Keeps it.
pub async fn keep(portal: &Portal, actor: &Actor, draft: &Draft) -> Result<(), Refusal> {
    Ok(portal
        .store()
        .save_draft(actor.account(), draft.id, &kind(actor), draft)
        .await?)
}

/// Begins another draft beside those that are there. Where the last one has no answer yet, it is that one.
pub async fn begin(portal: &Portal, actor: &Actor) -> Result<Draft, Refusal> {
    let last = current(portal, actor).await?;
    if last.to.is_empty() {
        return Ok(last);
    }
    let draft = Draft::new(new_id(portal));
    keep(portal, actor, &draft).await?;
    Ok(draft)
}

/// Goes on with that draft.
///
/// # Errors
/// [`Refusal::NotAvailable`] when the account has no such draft.
pub async fn go_on(portal: &Portal, actor: &Actor, id: Uuid) -> Result<Draft, Refusal> {
    let store = portal.store();
    let found = store
        .load_draft::<Draft>(actor.account(), id, &kind(actor))
        .await?;
    let draft = found.ok_or(Refusal::NotAvailable)?;
    keep(portal, actor, &draft).await?;
    Ok(draft)
}

/// Begins to change a consent of the patient's that can still be in force: a draft with its answers, to stand in its
/// place once it is signed. One that was begun before goes on.
///
/// # Errors
/// [`Refusal::NotAvailable`] when there is no such consent, or it has ended.
pub async fn change(portal: &Portal, actor: &Actor, id: ConsentId) -> Result<Draft, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let begun = all(portal, actor).await?;
    if let Some(draft) = begun.iter().find(|draft| draft.replaces == Some(id)) {
        return go_on(portal, actor, draft.id).await;
    }
    let standing = portal.store().consent(patient, id).await?;
    let standing = standing
        .filter(|standing| sight::revokes(actor, &standing.consent))
        .ok_or(Refusal::NotAvailable)?;
    if !can_be_replaced(standing.standing(portal.now())) {
        return Err(Refusal::NotAvailable);
    }
    let zone = portal.options().time_zone;
    let draft = Draft::of_consent(new_id(portal), &standing.consent, zone);
    keep(portal, actor, &draft).await?;
    Ok(draft)
}

/// Whether a new version can stand in the place of a consent that stands so.
pub const fn can_be_replaced(standing: Standing) -> bool {
    matches!(
        standing,
        Standing::Active | Standing::NotYet | Standing::Suspended
    )
}

/// The day on which the patient comes of age, where the record has their birth date and they have not (LAW D6).
pub async fn comes_of_age(portal: &Portal, actor: &Actor) -> Result<Option<NaiveDate>, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let birth = portal.store().birth_date(patient).await?;
    let today = days::of(portal.now(), portal.options().time_zone);
    Ok(birth.and_then(majority).filter(|day| *day > today))
}

/// Throws that draft away; nothing happens when there is none.
pub async fn discard(portal: &Portal, actor: &Actor, id: Uuid) -> Result<(), Refusal> {
    Ok(portal.store().delete_draft(actor.account(), id).await?)
}
