//! The decision (POLICY §4): the one function behind every page, preview, export and replay.
//!
//! [`Decider`] holds what is the same for one viewer, purpose and instant; [`Decider::part`] decides one
//! part without allocating; [`Decider::permit`] gathers an item's parts into the [`Permit`] without which
//! nothing can be logged and nothing opened.

use crate::clock::Instant;
use crate::consent::{Participants, Recipient, Standing, StandingConsent};
use crate::id::{
    AuthorityId, ConsentId, EmergencyId, ItemId, OrganizationId, PatientId, PersonId,
    RelationshipId,
};
use crate::item::{ItemFacts, ItemKind, KindSet, PartFacts};
use crate::label::{Label, LabelSet};
use crate::party::{Party, RelationshipKind, Role, Viewer};
use crate::purpose::Purpose;
use crate::state::{Authority, AuthorityKind, PolicyState};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// What is done with a part.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Action {
    /// Listed or read on a page.
    View,
    /// Taken away as a file by the patient or somebody for them: access (LAW B7).
    Download,
    /// Taken away as a file by a recipient: disclosure.
    Export,
    /// Looked at as somebody else would see it, before or after sharing.
    Preview,
}

/// Permit or deny.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Effect {
    /// May be shown, after its ledger entry.
    Permit,
    /// Does not exist for this viewer.
    Deny,
}

/// What a permit obliges to (POLICY §4, LAW B1). `Log` always stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Obligations(u8);

/// One obligation; the discriminant is its bit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Obligation {
    /// Log it: on every permit.
    Log = 0,
    /// Attach the 2.32 notice (LAW B1).
    Notice = 1,
    /// Attach the consent or an explanation of its scope (LAW B1).
    ConsentCopy = 2,
    /// Mark NORDSCLCD: no redisclosure without consent.
    NoRedisclosure = 3,
    /// Keep the labels: PERSISTLABEL.
    PersistLabel = 4,
    /// Ask for a second factor first.
    StepUp = 5,
    /// Ask the recipient not to use it further: a restriction yielded to an emergency.
    AskNoFurtherUse = 6,
}

const OBLIGATIONS: [(Obligation, &str); 7] = [
    (Obligation::Log, "log"),
    (Obligation::Notice, "notice"),
    (Obligation::ConsentCopy, "consent-copy"),
    (Obligation::NoRedisclosure, "no-redisclosure"),
    (Obligation::PersistLabel, "persist-label"),
    (Obligation::StepUp, "step-up"),
    (Obligation::AskNoFurtherUse, "ask-no-further-use"),
];

impl Obligations {
    /// Only the one that always stands.
    pub const LOG: Self = Self(1);

    /// These and one more.
    #[must_use]
    pub const fn with(self, obligation: Obligation) -> Self {
        Self(self.0 | (1 << (obligation as u8)))
    }

    /// Both sets.
    #[must_use]
    pub const fn join(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it stands.
    pub const fn has(self, obligation: Obligation) -> bool {
        self.0 & (1 << (obligation as u8)) != 0
    }

    /// Their stable names (CLI.md).
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        OBLIGATIONS
            .into_iter()
            .filter(move |(obligation, _)| self.has(*obligation))
            .map(|(_, name)| name)
    }
}

/// On what a permit rests.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Ground {
    /// The viewer is the patient.
    Subject,
    /// An authority to act for the patient.
    Authority(AuthorityId),
    /// A current care relationship.
    Relationship(RelationshipId),
    /// The viewer works for the program it came from (POLICY §4.7a).
    Program(OrganizationId),
    /// An open emergency grant (LAW E1).
    Emergency(EmergencyId),
    /// A consent, and the labels it covered.
    Consent(ConsentId, LabelSet),
}

/// The grounds of a decision, without allocation in the common case.
pub type Basis = SmallVec<[Ground; 3]>;

/// Effect, basis and obligations (POLICY §4).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// Permit or deny.
    pub effect: Effect,
    /// On what it rests; empty on a deny.
    pub basis: Basis,
    /// What goes with it; empty on a deny.
    pub obligations: Obligations,
}

impl Decision {
    /// A deny says nothing more.
    pub fn deny() -> Self {
        Self {
            effect: Effect::Deny,
            basis: Basis::new(),
            obligations: Obligations::default(),
        }
    }

    fn permit(ground: Ground) -> Self {
        let mut basis = Basis::new();
        basis.push(ground);
        Self {
            effect: Effect::Permit,
            basis,
            obligations: Obligations::LOG,
        }
    }

    fn obliged(mut self, obligation: Obligation) -> Self {
        self.obligations = self.obligations.with(obligation);
        self
    }

    /// Whether it permits.
    pub fn permits(&self) -> bool {
        self.effect == Effect::Permit
    }
}

/// How the viewer stands to this patient, found once.
#[derive(Debug)]
enum Standpoint<'a> {
    Nobody,
    Subject,
    Proxy(&'a Authority),
    Other,
}

#[derive(Debug)]
struct Matched<'a> {
    standing: &'a StandingConsent,
}

/// Everything that is the same for one viewer, purpose, action and instant.
#[derive(Debug)]
pub struct Decider<'a> {
    viewer: &'a Viewer,
    purpose: Purpose,
    action: Action,
    now: Instant,
    state: &'a PolicyState,
    standpoint: Standpoint<'a>,
    consents: Vec<Matched<'a>>,
    restricted: LabelSet,
    restricted_general: bool,
    relationship: Option<RelationshipId>,
    programs: SmallVec<[OrganizationId; 2]>,
    emergency: Option<EmergencyId>,
}

/// What a care coordinator may see at most (LAW B3): the minimum-necessary template.
pub fn coordinator_template() -> KindSet {
    KindSet::of([
        ItemKind::Demographics,
        ItemKind::Condition,
        ItemKind::Medication,
        ItemKind::Allergy,
        ItemKind::Immunization,
        ItemKind::Encounter,
        ItemKind::Plan,
    ])
}

impl<'a> Decider<'a> {
    /// Works out once what does not depend on the part.
    pub fn new(
        viewer: &'a Viewer,
        action: Action,
        purpose: Purpose,
        now: Instant,
        state: &'a PolicyState,
    ) -> Self {
        let organizations: SmallVec<[OrganizationId; 4]> = viewer
            .memberships
            .iter()
            .filter(|membership| membership.span.holds(now))
            .map(|membership| membership.organization)
            .collect();
        let is = |party: &Party| match party {
            Party::Person(person) => *person == viewer.person,
            Party::Organization(organization) => organizations.contains(organization),
        };
        let current = |kinds: &[RelationshipKind]| {
            state
                .relationships
                .iter()
                .find(|relationship| {
                    relationship.span.holds(now)
                        && kinds.contains(&relationship.kind)
                        && is(&relationship.party)
                })
                .map(|relationship| relationship.id)
        };
        let treating = current(&[RelationshipKind::Treating]);
        let in_care = current(&[RelationshipKind::Treating, RelationshipKind::Coordinating]);
        let tpo = current(&[
            RelationshipKind::Treating,
            RelationshipKind::Coordinating,
            RelationshipKind::Payer,
            RelationshipKind::Operations,
        ]);
        let receives = |to: &Recipient| match to {
            Recipient::Person(person) => *person == viewer.person,
            Recipient::Organization(organization) => organizations.contains(organization),
            Recipient::TreatingProviders => treating.is_some(),
            Recipient::TpoClass => tpo.is_some(),
            Recipient::Intermediary {
                organization,
                participants,
            } => {
                organizations.contains(organization)
                    || match participants {
                        Participants::Named(list) => list.iter().any(is),
                        Participants::TreatingProviders => treating.is_some(),
                    }
            }
            Recipient::Named(_) => false,
        };
        let consents = state
            .consents
            .iter()
            .filter(|standing| {
                let terms = &standing.consent.terms;
                terms.patient == state.patient
                    && terms.purposes.has(purpose)
                    && standing.standing(now) == Standing::Active
                    && terms.to.iter().any(receives)
            })
            .map(|standing| Matched { standing })
            .collect();
        let mut restricted = LabelSet::EMPTY;
        for restriction in &state.restrictions {
            let binds = restriction.recipients.is_empty() || restriction.recipients.iter().any(is);
            if restriction.span.holds(now) && binds {
                restricted = restricted.join(restriction.labels.with_children());
            }
        }
        let programs = organizations
            .iter()
            .copied()
            .filter(|organization| state.programs.contains(organization))
            .collect();
        let emergency = (viewer.role.is_medical() && purpose == Purpose::Emergency)
            .then(|| {
                state
                    .emergencies
                    .iter()
                    .find(|grant| grant.person == viewer.person && grant.span.holds(now))
                    .map(|grant| grant.id)
            })
            .flatten();
        Self {
            viewer,
            purpose,
            action,
            now,
            state,
            standpoint: standpoint(viewer, now, state),
            consents,
            restricted,
            restricted_general: restricted.has(Label::General),
            relationship: in_care,
            programs,
            emergency,
        }
    }

    /// Decides one part (POLICY §4, in its order; the first rule that matches ends it).
    pub fn part(&self, item: &ItemFacts, part: &PartFacts) -> Decision {
        let labels = part.labels;
        // An error on the way is a deny: a label this version does not know, a clock before the last entry.
        if !labels.is_readable() || self.state.last_entry.is_some_and(|last| self.now < last) {
            return Decision::deny();
        }
        // 1. The patient.
        match &self.standpoint {
            Standpoint::Subject => return self.for_the_patient(item, labels),
            Standpoint::Nobody => return Decision::deny(),
            Standpoint::Proxy(_) | Standpoint::Other => {}
        }
        if self.state.unreadable {
            return Decision::deny();
        }
        // 2. A restriction that matches; in an emergency it yields, with an obligation.
        let restricted =
            labels.overlaps(self.restricted) || (self.restricted_general && labels.is_ordinary());
        if restricted && self.emergency.is_none() {
            return Decision::deny();
        }
        // 3. A proxy.
        if let Standpoint::Proxy(authority) = &self.standpoint {
            return self.for_a_proxy(authority, item, labels);
        }
        // 4. Staff whose role never sees content.
        if self.viewer.role.never_sees_content() {
            return Decision::deny();
        }
        // 5. Break-glass.
        if let Some(emergency) = self.emergency {
            let mut decision = Decision::permit(Ground::Emergency(emergency));
            if restricted {
                decision = decision.obliged(Obligation::AskNoFurtherUse);
            }
            return Self::carry_labels(decision, labels);
        }
        if !self.role_reaches(item, part) {
            return Decision::deny();
        }
        // 6. Ordinary parts, on a current care relationship and for treatment.
        if labels.is_ordinary()
            && self.purpose == Purpose::Treatment
            && self.viewer.role.gives_care()
            && let Some(relationship) = self.relationship
        {
            return Decision::permit(Ground::Relationship(relationship));
        }
        // 6 and 7. Every label on its own: in-program or by consents.
        self.by_every_label(item, labels)
    }

    fn for_the_patient(&self, item: &ItemFacts, labels: LabelSet) -> Decision {
        if labels.has(Label::PsychotherapyNote) || self.state.withheld.contains(&item.id) {
            return Decision::deny();
        }
        let decision = Decision::permit(Ground::Subject);
        if labels.has(Label::SudCounselingNote) {
            decision.obliged(Obligation::StepUp)
        } else {
            decision
        }
    }

    fn for_a_proxy(&self, authority: &Authority, item: &ItemFacts, labels: LabelSet) -> Decision {
        if labels.has(Label::PsychotherapyNote) || self.state.withheld.contains(&item.id) {
            return Decision::deny();
        }
        let ground = Ground::Authority(authority.id);
        match &authority.kind {
            // An adult's helper: a consent must cover every label (LAW D5).
            AuthorityKind::ChosenByAdult => {
                let mut decision = self.by_consents(item, labels.required(), Basis::new());
                if decision.permits() {
                    decision.basis.push(ground);
                }
                decision
            }
            AuthorityKind::ParentOfMinor { majority } => {
                if self.now >= *majority {
                    return Decision::deny();
                }
                if labels.has(Label::MinorConsented) {
                    // Unless the minor's own consent names this person (LAW D1).
                    let mut decision = self.by_consents(item, labels.required(), Basis::new());
                    if decision.permits() {
                        decision.basis.push(ground);
                    }
                    return decision;
                }
                self.as_the_patient(ground, labels)
            }
            AuthorityKind::Guardian { scope } => {
                let needed = labels
                    .required()
                    .without(Label::Unclassified)
                    .without(Label::PatientRequested);
                if scope.with_children().contains(needed) {
                    self.as_the_patient(ground, labels)
                } else {
                    Decision::deny()
                }
            }
        }
    }

    fn as_the_patient(&self, ground: Ground, labels: LabelSet) -> Decision {
        let decision = Decision::permit(ground);
        if labels.has(Label::SudCounselingNote) {
            decision.obliged(Obligation::StepUp)
        } else {
            decision
        }
    }

    /// Billing sees claim-related parts, for payment; coordinators what the template names (LAW B3).
    fn role_reaches(&self, item: &ItemFacts, part: &PartFacts) -> bool {
        match self.viewer.role {
            Role::Billing => {
                self.purpose == Purpose::Payment
                    && (item.kind == ItemKind::Claim
                        || (item.kind == ItemKind::Demographics && part.path.starts_with("name")))
            }
            Role::CareCoordinator => {
                coordinator_template().has(item.kind)
                    && !part.path.starts_with("note")
                    && !part.labels.overlaps(LabelSet::NOTES)
            }
            _ => true,
        }
    }

    fn by_every_label(&self, item: &ItemFacts, labels: LabelSet) -> Decision {
        let mut basis = Basis::new();
        let mut missing = labels.required();
        if let Some((program, covered)) = self.in_program(item, missing) {
            basis.push(Ground::Program(program));
            missing = missing.minus(covered);
        }
        if missing.is_empty() {
            let decision = Decision {
                effect: Effect::Permit,
                basis,
                obligations: Obligations::LOG,
            };
            return Self::carry_labels(decision, labels);
        }
        let decision = self.by_consents(item, missing, basis);
        if decision.permits() {
            Self::carry_labels(decision, labels)
        } else {
            decision
        }
    }

    /// POLICY §4.7a: workforce of the very program the part came from, with a role and a current relationship
    /// that need it. A separated note stays with the person who wrote it.
    fn in_program(&self, item: &ItemFacts, missing: LabelSet) -> Option<(OrganizationId, LabelSet)> {
        let needs = self.viewer.role.gives_care()
            && matches!(self.purpose, Purpose::Treatment | Purpose::CareCoordination)
            && self.relationship.is_some();
        let program = self
            .programs
            .iter()
            .copied()
            .find(|program| item.sources.contains(program))?;
        if !needs || !(item.sources.iter().all(|source| *source == program)) {
            return None;
        }
        let own = item.authors.contains(&self.viewer.person);
        let covered = if own {
            missing
        } else {
            missing.minus(LabelSet::NOTES)
        };
        Some((program, covered))
    }

    /// POLICY §4.7b: one or more active consents, conjunctive over labels.
    fn by_consents(&self, item: &ItemFacts, needed: LabelSet, mut basis: Basis) -> Decision {
        let mut missing = needed;
        let mut obligations = Obligations::LOG;
        for matched in &self.consents {
            let consent = &matched.standing.consent;
            let covered = consent.grants_on(item).meet(missing);
            if !covered.is_empty() {
                basis.push(Ground::Consent(consent.id, covered));
                missing = missing.minus(covered);
                if covered.has(Label::Part2) {
                    obligations = obligations
                        .with(Obligation::Notice)
                        .with(Obligation::ConsentCopy)
                        .with(Obligation::NoRedisclosure);
                }
            }
            if missing.is_empty() {
                return Decision {
                    effect: Effect::Permit,
                    basis,
                    obligations,
                };
            }
        }
        Decision::deny()
    }

    fn carry_labels(decision: Decision, labels: LabelSet) -> Decision {
        if labels.is_ordinary() {
            decision
        } else {
            decision.obliged(Obligation::PersistLabel)
        }
    }

    /// Whether this viewer has any standing toward the patient for this purpose: a current relationship, an
    /// active consent, an emergency grant, an authority, or being the patient.
    ///
    /// It tells nothing of what the record holds.
    pub fn has_standing(&self) -> bool {
        match &self.standpoint {
            Standpoint::Nobody => false,
            Standpoint::Subject | Standpoint::Proxy(_) => true,
            Standpoint::Other => {
                !self.viewer.role.never_sees_content()
                    && !self.state.unreadable
                    && (self.emergency.is_some()
                        || !self.consents.is_empty()
                        || (self.relationship.is_some() && self.viewer.role.gives_care()))
            }
        }
    }

    /// The purpose it decides for.
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The join of the labels of the parts this viewer may see, or `None` when the item does not exist for them.
    pub fn labels(&self, item: &ItemFacts) -> Option<LabelSet> {
        let mut labels = LabelSet::EMPTY;
        let mut identified = false;
        for (index, part) in item.parts.iter().enumerate() {
            if self.part(item, part).permits() {
                labels = labels.join(part.labels);
                identified |= item.identifying.iter().any(|at| usize::from(*at) == index);
            }
        }
        identified.then_some(labels)
    }

    /// Decides every part of an item and, when an identifying part may be seen, gives the permit for those that may.
    ///
    /// `None`: the item does not exist for this viewer (POLICY §1).
    pub fn permit(&self, item: &ItemFacts) -> Option<Permit> {
        let mut permitted: SmallVec<[u64; 1]> = SmallVec::new();
        permitted.resize(item.parts.len().div_ceil(64), 0);
        let mut basis: Basis = Basis::new();
        let mut obligations = Obligations::LOG;
        let mut labels = LabelSet::EMPTY;
        let mut identified = false;
        let mut parts = 0_u32;
        for (index, part) in item.parts.iter().enumerate() {
            let decision = self.part(item, part);
            if !decision.permits() {
                continue;
            }
            if let Some(word) = permitted.get_mut(index / 64) {
                *word |= 1 << (index % 64);
            }
            parts = parts.saturating_add(1);
            identified |= item.identifying.iter().any(|at| usize::from(*at) == index);
            labels = labels.join(part.labels);
            obligations = obligations.join(decision.obligations);
            join_basis(&mut basis, decision.basis);
        }
        identified.then(|| Permit {
            patient: self.state.patient,
            epoch: self.state.epoch,
            item: item.id,
            viewer: self.viewer.person,
            role: self.viewer.role,
            action: self.action,
            purpose: self.purpose,
            decided_at: self.now,
            whole: usize::try_from(parts) == Ok(item.parts.len()),
            permitted,
            masked: false,
            labels,
            basis,
            obligations,
        })
    }
}

fn join_basis(basis: &mut Basis, more: Basis) {
    for ground in more {
        if let Ground::Consent(id, covered) = &ground {
            let known = basis.iter_mut().find_map(|known| match known {
                Ground::Consent(at, labels) if at == id => Some(labels),
                _ => None,
            });
            if let Some(labels) = known {
                *labels = labels.join(*covered);
                continue;
            }
        }
        if !basis.contains(&ground) {
            basis.push(ground);
        }
    }
}

fn standpoint<'a>(viewer: &Viewer, now: Instant, state: &'a PolicyState) -> Standpoint<'a> {
    match viewer.role {
        Role::Patient => {
            let subject = viewer.subject_of == Some(state.patient)
                && state.subject == Some(viewer.person);
            if subject {
                Standpoint::Subject
            } else {
                Standpoint::Nobody
            }
        }
        Role::Proxy => state
            .authorities
            .iter()
            .find(|authority| {
                authority.person == viewer.person
                    && authority.span.holds(now)
                    && authority.verified.is_some_and(|verified| verified <= now)
            })
            .map_or(Standpoint::Nobody, Standpoint::Proxy),
        _ => Standpoint::Other,
    }
}

/// Decides one part: [`Decider`] for a single question.
pub fn decide(
    viewer: &Viewer,
    item: &ItemFacts,
    part: &PartFacts,
    action: Action,
    purpose: Purpose,
    now: Instant,
    state: &PolicyState,
) -> Decision {
    Decider::new(viewer, action, purpose, now, state).part(item, part)
}

/// Leave to show the permitted parts of one item, at one epoch, to one viewer, once it is logged.
///
/// Only [`Decider::permit`] makes one; it can't be copied, and the ledger takes it.
#[must_use = "a permit that is not logged opens nothing"]
#[derive(PartialEq, Eq, Debug)]
pub struct Permit {
    patient: PatientId,
    epoch: u64,
    item: ItemId,
    viewer: PersonId,
    role: Role,
    action: Action,
    purpose: Purpose,
    decided_at: Instant,
    permitted: SmallVec<[u64; 1]>,
    whole: bool,
    masked: bool,
    labels: LabelSet,
    basis: Basis,
    obligations: Obligations,
}

impl Permit {
    /// Narrows it to the privacy screen (UX): kind, date and segment in words, no content.
    pub fn masked(mut self) -> Self {
        self.masked = true;
        self
    }

    /// Narrows it to those of its parts that are to be kept; the item's facts are the ones it was decided on.
    pub fn keeping(mut self, item: &ItemFacts, keep: impl Fn(&PartFacts) -> bool) -> Self {
        let mut labels = LabelSet::EMPTY;
        for (index, part) in item.parts.iter().enumerate() {
            if !self.allows(index) {
                continue;
            }
            if keep(part) {
                labels = labels.join(part.labels);
            } else {
                self.whole = false;
                if let Some(word) = self.permitted.get_mut(index / 64) {
                    *word &= !(1 << (index % 64));
                }
            }
        }
        self.labels = labels;
        self
    }

    /// Narrows it to the parts that the other permit allows too: a record seen as somebody else sees it.
    ///
    /// `None` when nothing is left, or when the permits are of different items or epochs.
    pub fn narrowed_to(mut self, other: &Self) -> Option<Self> {
        if self.item != other.item || self.epoch != other.epoch || self.patient != other.patient {
            return None;
        }
        self.whole = self.whole && other.whole;
        for (index, word) in self.permitted.iter_mut().enumerate() {
            *word &= other.permitted.get(index).copied().unwrap_or_default();
        }
        self.labels = self.labels.meet(other.labels);
        self.permitted.iter().any(|word| *word != 0).then_some(self)
    }

    /// Whether it is narrowed to the privacy screen.
    pub const fn is_masked(&self) -> bool {
        self.masked
    }

    /// Whose record.
    pub const fn patient(&self) -> PatientId {
        self.patient
    }

    /// The epoch of the state it was decided on (POLICY §6).
    pub const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Which item.
    pub const fn item(&self) -> ItemId {
        self.item
    }

    /// For whom.
    pub const fn viewer(&self) -> PersonId {
        self.viewer
    }

    /// In which role.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// To do what.
    pub const fn action(&self) -> Action {
        self.action
    }

    /// Why.
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// When it was decided.
    pub const fn decided_at(&self) -> Instant {
        self.decided_at
    }

    /// Whether the part at that index may be shown.
    pub fn allows(&self, part: usize) -> bool {
        self.permitted
            .get(part / 64)
            .is_some_and(|word| word & (1 << (part % 64)) != 0)
    }

    /// Whether every part may be shown.
    pub const fn is_whole(&self) -> bool {
        self.whole
    }

    /// The permitted parts as bits, 64 a word, for the ledger.
    pub fn part_bits(&self) -> &[u64] {
        &self.permitted
    }

    /// The join of the permitted parts' labels.
    pub const fn labels(&self) -> LabelSet {
        self.labels
    }

    /// On what it rests.
    pub fn basis(&self) -> &[Ground] {
        &self.basis
    }

    /// What goes with it.
    pub const fn obligations(&self) -> Obligations {
        self.obligations
    }
}
