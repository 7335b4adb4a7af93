//! Those of the demo who act for others: Morgan's helper, and the parent of somebody of fifteen.

use super::records;
use crate::failure::Failure;
use app::pages::sharing::answers::{Names, document};
use chrono::{Months, TimeDelta};
use domain::{
    consent::{
        Consent, ConsentKind, Discloser, Expiry, Grantor, Recipient, Scope, Signature, Terms,
    },
    id::{AuthorityId, ConsentId, PatientId, PersonId},
    label::{Label, LabelSet},
    notice::Statement,
    party::Span,
    purpose::{Purpose, PurposeSet},
    state::{Authority, AuthorityKind, AuthorityState},
};
use portal::{
    Portal,
    directory::{Name, RecipientName},
};
use store::Stamp;

const FILE: &str = "casey-brandt.json";
const CONTENT: &str = include_str!("../../demo/casey-brandt.json");
const MINOR: &str = "Patient/demo-patient-4";
const PARENT: &str = "RelatedPerson/demo-robin-brandt";
const ADULT: &str = "Patient/demo-patient-2";
const HELPER: &str = "RelatedPerson/demo-sam-ellis";
const HELPER_NAME: &str = "Sam Ellis";

/// Lets them act, as far as that hasn't been done.
///
/// # Errors
/// When the database can't be written.
pub async fn prepare(portal: &Portal) -> Result<(), Failure> {
    let store = portal.store();
    if store.patient_by_identity(MINOR).await?.is_none() {
        records::import_one(portal, FILE, CONTENT).await?;
    }
    if let Some(minor) = store.patient_by_identity(MINOR).await? {
        let state = store.policy_state(minor).await?;
        if let Some(majority) = state.and_then(|state| state.majority) {
            let kind = AuthorityKind::ParentOfMinor { majority };
            authorize(portal, minor, PARENT, kind).await?;
        }
    }
    if let Some(adult) = store.patient_by_identity(ADULT).await? {
        let named = authorize(portal, adult, HELPER, AuthorityKind::ChosenByAdult).await?;
        if named {
            consent(portal, adult).await?;
        }
    }
    Ok(())
}

/// Tells whether it was done now.
async fn authorize(
    portal: &Portal,
    patient: PatientId,
    reference: &str,
    kind: AuthorityKind,
) -> Result<bool, Failure> {
    let store = portal.store();
    let person = PersonId::derived("fhir", reference);
    let known = store.policy_state(patient).await?;
    let known = known.is_some_and(|state| state.authorities.iter().any(|it| it.person == person));
    if known {
        return Ok(false);
    }
    let now = portal.now();
    let authority = Authority {
        id: AuthorityId::derived("demo", reference),
        person,
        kind,
        state: AuthorityState::Verified { at: now },
        span: Span {
            from: now,
            until: None,
        },
    };
    store
        .add_authority(&Stamp::SYSTEM, patient, authority)
        .await?;
    Ok(true)
}

/// Everyday health for Morgan's helper, for a year.
async fn consent(portal: &Portal, patient: PatientId) -> Result<(), Failure> {
    let store = portal.store();
    let Some(subject) = store.subject(patient).await? else {
        return Ok(());
    };
    let accounts = store.accounts_of(subject).await?;
    let Some(account) = accounts.first() else {
        return Ok(());
    };
    let now = portal.now();
    let purposes = PurposeSet::of([Purpose::Family]);
    let end = now.checked_add_months(Months::new(12));
    let terms = Terms {
        kind: ConsentKind::Proxy,
        patient,
        grantor: Grantor::Patient,
        from: Discloser::AnyProvider,
        to: vec![Recipient::Person(PersonId::derived("fhir", HELPER))],
        purposes,
        patient_started: true,
        what: Scope::labels(LabelSet::of([Label::General])),
        start: now,
        expiry: Some(Expiry::At(end.unwrap_or(now + TimeDelta::days(365)))),
        statements: Statement::required_for(ConsentKind::Proxy, purposes).collect(),
    };
    let signature = Signature {
        typed_name: "Morgan Ellis".to_owned(),
        account: account.id,
        stepped_up_at: now,
        signed_at: now,
    };
    let id = ConsentId::derived("demo", HELPER);
    let consent = Consent::sign(id, None, terms, signature)
        .map_err(|_| Failure::environment("the demo's helper: the consent lacks something"))?;
    let helper = RecipientName::Party(Name {
        name: HELPER_NAME.to_owned(),
        detail: None,
        organization: None,
    });
    let names = Names {
        patient: store
            .person(subject)
            .await?
            .map(|person| person.name)
            .unwrap_or_default(),
        to: vec![helper],
        ..Names::default()
    };
    let document = document(&consent, &names);
    store
        .sign_consent(&Stamp::SYSTEM, consent, document)
        .await?;
    Ok(())
}
