//! Looking behind the pages: what the ledger of a test portal says.

use super::TestPortal;
use domain::{
    consent::StandingConsent,
    decide::{Action, Ground, Obligations},
    id::{ConsentId, ItemId, PatientId, PersonId},
    purpose::Purpose,
};
use store::{Chain, DisclosedItem, Entry, Event, HistoryQuery};

/// A disclosure, taken out of its entry.
pub struct Disclosure {
    /// Its place in the order.
    pub seq: u64,
    /// By whom it was asked for.
    pub who: Option<PersonId>,
    /// What was done.
    pub action: Action,
    /// Why.
    pub purpose: Purpose,
    /// What.
    pub items: Vec<DisclosedItem>,
    /// On what it rests.
    pub basis: Vec<Ground>,
    /// What goes with it.
    pub obligations: Obligations,
}

impl Disclosure {
    /// Whether it rests on this consent.
    pub fn rests_on(&self, consent: ConsentId) -> bool {
        self.basis
            .iter()
            .any(|ground| matches!(ground, Ground::Consent(id, _) if *id == consent))
    }

    /// The ids of its items, in order.
    pub fn ids(&self) -> Vec<String> {
        self.items
            .iter()
            .map(|item| item.item.to_string())
            .collect()
    }
}

/// The disclosures among entries, in their order.
pub fn disclosures(entries: &[Entry]) -> Vec<Disclosure> {
    entries
        .iter()
        .filter_map(|entry| match &entry.body.event {
            Event::Disclosed {
                action,
                purpose,
                items,
                basis,
                obligations,
                ..
            } => Some(Disclosure {
                seq: entry.seq,
                who: entry.body.stamp.actor.person,
                action: *action,
                purpose: *purpose,
                items: items.clone(),
                basis: basis.clone(),
                obligations: *obligations,
            }),
            _ => None,
        })
        .collect()
}

/// The denied attempts among entries: who, and which item was named.
pub fn denied(entries: &[Entry]) -> Vec<(Option<PersonId>, Option<ItemId>)> {
    entries
        .iter()
        .filter_map(|entry| match &entry.body.event {
            Event::Denied { item, .. } => Some((entry.body.stamp.actor.person, *item)),
            _ => None,
        })
        .collect()
}

impl TestPortal {
    /// Who somebody is.
    pub async fn person_id(&self, name: &str) -> PersonId {
        let account = self
            .portal
            .store()
            .account_by_sign_in(&self.person(name).sign_in)
            .await
            .expect("an answer")
            .expect("an account");
        account.person
    }

    /// Whose record it is.
    pub async fn patient_id(&self, name: &str) -> PatientId {
        let person = self.person_id(name).await;
        self.portal
            .store()
            .patient_of_subject(person)
            .await
            .expect("an answer")
            .expect("a record")
    }

    /// How long a patient's chain is.
    pub async fn length(&self, patient: PatientId) -> u64 {
        self.portal
            .store()
            .history_count(patient)
            .await
            .expect("a count")
    }

    /// The entries of a patient's chain after this place, oldest first.
    pub async fn since(&self, patient: PatientId, place: u64) -> Vec<Entry> {
        self.chain(Chain::Patient(patient), place).await
    }

    /// The entries of the house's chain after this place, oldest first.
    pub async fn house_since(&self, place: u64) -> Vec<Entry> {
        self.chain(Chain::House, place).await
    }

    async fn chain(&self, chain: Chain, place: u64) -> Vec<Entry> {
        let query = HistoryQuery {
            limit: 10_000,
            ..HistoryQuery::default()
        };
        let mut entries = self
            .portal
            .store()
            .entries(chain, query)
            .await
            .expect("entries");
        entries.retain(|entry| entry.seq > place);
        entries.reverse();
        entries
    }

    /// The consents of a patient.
    pub async fn consents(&self, patient: PatientId) -> Vec<StandingConsent> {
        self.portal
            .store()
            .consents(patient)
            .await
            .expect("consents")
    }

    /// Fails unless links, order and grounds of the whole ledger hold (LAW F3, POLICY §6).
    pub async fn assert_sound(&self) {
        let report = self
            .portal
            .store()
            .verify(|_, _| {})
            .await
            .expect("a report");
        assert!(report.is_sound(), "{:?}", report.faults);
    }
}
