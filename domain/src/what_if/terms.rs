//! What FHIR Consents open of a part, written down as consents of ours, for the one function that decides (POLICY §4).
//!
//! Each is a consent to one person, for one purpose, from now on, to the very labels that the FHIR Consent opens there. What
//! a signed consent of ours must have beside (statements, a signature, an end) is filled in: whether the paper behind the
//! FHIR Consent has it is not in the files.

use chrono::TimeDelta;

use super::Question;
use super::rule;
use crate::consent::{
    Consent, ConsentKind, ConsentState, Discloser, Expiry, Grantor, Recipient, Scope, Signature,
    StandingConsent, Terms,
};
use crate::id::{AccountId, ConsentId, ItemId, PatientId, PersonId};
use crate::label::{Label, LabelSet};
use crate::notice::Statement;
use crate::party::{self, Role};
use crate::purpose::{Purpose, PurposeSet};
use crate::state::PolicyState;

const SPACE: &str = "what-if";

/// What one FHIR Consent opens of parts with the same labels.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Grant {
    at: usize,
    labels: u64,
    /// The item, where it has to be named to be opened.
    item: Option<ItemId>,
}

/// What stands for a part: grants, or that it is the viewer's own.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Opened {
    Own,
    By(Vec<Grant>),
}

/// The id under which the FHIR Consent at that place is written down.
pub(super) fn id_of(at: usize) -> ConsentId {
    ConsentId::derived(SPACE, &at.to_string())
}

impl Grant {
    /// What the FHIR Consent at that place opens of a part of that item so labelled.
    pub fn of(at: usize, opened: rule::Grant, labels: LabelSet, item: ItemId) -> Self {
        let required = labels.required();
        let segments = required.segments();
        let by_name =
            opened.named && labels.has(Label::PatientRequested) && opened.labels.contains(segments);
        let mut include = opened.labels.meet(required);
        let minor = required.without(Label::MinorConsented).is_empty();
        if minor
            || (!include.is_empty() && !include.overlaps(LabelSet::SEGMENTS.join(LabelSet::NOTES)))
        {
            // "Part 2: yes" alone describes no information in our terms; beside it, nothing here asks for General.
            include = include.join(opened.labels.meet(LabelSet::of([Label::General])));
            if !minor {
                include = include.with(Label::General);
            }
        }
        Self {
            at,
            labels: include.bits(),
            item: by_name.then_some(item),
        }
    }

    fn consent(
        self,
        question: &Question<'_>,
        patient: PatientId,
        person: PersonId,
    ) -> Option<StandingConsent> {
        let include = LabelSet::from_bits(self.labels)?;
        let purposes = PurposeSet::of([question.purpose.purpose()]);
        let kind = if include.overlaps(LabelSet::NOTES) {
            ConsentKind::Notes
        } else if purposes.has(Purpose::Legal) {
            ConsentKind::Legal
        } else {
            ConsentKind::Specific
        };
        let mut what = Scope::labels(include);
        what.items_included.extend(self.item);
        let terms = Terms {
            kind,
            patient,
            grantor: Grantor::Patient,
            from: Discloser::AnyProvider,
            to: vec![Recipient::Person(person)],
            purposes,
            patient_started: true,
            what,
            start: question.at,
            expiry: Some(Expiry::At(
                question.at.checked_add_signed(TimeDelta::seconds(1))?,
            )),
            statements: Statement::required_for(kind, purposes).collect(),
        };
        let signature = Signature {
            typed_name: SPACE.to_owned(),
            account: AccountId::derived(SPACE, ""),
            stepped_up_at: question.at,
            signed_at: question.at,
        };
        // What our terms don't allow is not opened.
        let consent = Consent::sign(id_of(self.at), None, terms, signature).ok()?;
        Some(StandingConsent {
            consent,
            state: ConsentState::Active,
        })
    }
}

impl Opened {
    /// Who looks and what stands, as the decision takes them: nobody's relationship, and these consents.
    pub fn state(&self, question: &Question<'_>) -> (party::Viewer, PolicyState) {
        let patient = PatientId::derived(SPACE, "");
        let person = PersonId::derived(SPACE, "");
        let mut state = PolicyState::empty(patient);
        let mut viewer = party::Viewer {
            person,
            // A role without limits of its own: what it may see is the Consents' to say.
            role: Role::Clinician,
            subject_of: None,
            memberships: Vec::new(),
        };
        match self {
            Self::Own => {
                viewer.role = Role::Patient;
                viewer.subject_of = Some(patient);
                state.subject = Some(person);
            }
            Self::By(grants) => {
                state.consents = grants
                    .iter()
                    .filter_map(|grant| grant.consent(question, patient, person))
                    .collect();
            }
        }
        (viewer, state)
    }
}
