//! Many readers and one revocation, over and over: in the ledger no disclosure stands after the revocation of the consent
//! it rests on (LAW A11, A12, POLICY §6).
//!
//! `CONFIDE_RACE_ROUNDS` says how many rounds; without it 1,000.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::world::{World, condition, facts};
use domain::consent::Consent;
use domain::decide::Ground;
use domain::id::{ConsentId, PatientId};
use domain::label::{Label, LabelSet};
use std::collections::HashMap;
use std::sync::Arc;
use store::testing::TempStore;
use store::{DiscloseError, Event, HistoryQuery, ImportCounts, Stamp};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

/// Readers of a round.
const READERS: usize = 4;
/// Rounds of one patient: what stands for one is read whole at each decision, ended consents too.
const ROUNDS_A_PATIENT: usize = 20;

fn rounds() -> usize {
    std::env::var("CONFIDE_RACE_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(1_000)
}

/// A patient of that number with one item.
async fn patient(world: &World, number: usize) -> PatientId {
    let now = domain::clock::Clock::now(world.temp.clock.as_ref());
    let mut import = world.store().begin_import(&Stamp::SYSTEM).await.unwrap();
    let identity = format!("Patient/race-{number}");
    let (patient, _) = import.patient(&identity).await.unwrap();
    let resource = condition(0);
    let (id, _) = import
        .put_content(patient, "Condition/0", None, &resource)
        .await
        .unwrap();
    let (facts, basis) = facts(id, &resource, import.batch(), world.hospital, now);
    import.put_facts(patient, &facts, &basis).await.unwrap();
    import.commit(ImportCounts::default()).await.unwrap();
    patient
}

/// How the readers of a round fared.
#[derive(Default)]
struct Fared {
    shown: usize,
    stale: usize,
}

/// Decides, waits for all, and discloses; then goes on until nothing is permitted.
async fn read(world: Arc<World>, begin: Arc<Barrier>) -> Fared {
    let (viewer, stamp) = world.as_clinician();
    let mut fared = Fared::default();
    let mut decided = world.permits(&viewer, &world.chart().await).await;
    begin.wait().await;
    loop {
        let (permits, sealed) = decided;
        if permits.is_empty() {
            return fared;
        }
        match world.store().disclose(&stamp, permits, &sealed).await {
            Ok(receipt) => {
                fared.shown += 1;
                for item in sealed {
                    world.store().vault().open(item, &receipt).unwrap();
                }
            }
            Err(DiscloseError::Stale) => fared.stale += 1,
            Err(other) => panic!("{other}"),
        }
        decided = world.permits(&viewer, &world.chart().await).await;
    }
}

async fn round(world: &Arc<World>, number: usize) -> Fared {
    let opioids = LabelSet::of([Label::Opioids, Label::General]);
    let consent: Consent = world.consent(opioids, world.in_a_year());
    let subject = Stamp::SYSTEM;
    let id = consent.id;
    let document = store::testing::document();
    let signed = world.store().sign_consent(&subject, consent, document);
    signed.await.unwrap();
    let begin = Arc::new(Barrier::new(READERS + 1));
    let mut readers = JoinSet::new();
    for _ in 0..READERS {
        readers.spawn(read(Arc::clone(world), Arc::clone(&begin)));
    }
    begin.wait().await;
    // Sometimes first, sometimes in the middle of it.
    for _ in 0..number % 5 {
        tokio::task::yield_now().await;
    }
    let revoked = world.store().revoke_consent(&subject, world.patient, id);
    revoked.await.unwrap();
    let mut all = Fared::default();
    while let Some(fared) = readers.join_next().await {
        let fared = fared.unwrap();
        all.shown += fared.shown;
        all.stale += fared.stale;
    }
    all
}

/// Walks a patient's chain from its beginning; how many disclosures there are, each on a consent that stands.
async fn walk(world: &World, patient: PatientId) -> usize {
    let query = HistoryQuery {
        limit: u64::MAX,
        ..HistoryQuery::default()
    };
    let mut entries = world.store().history(patient, query).await.unwrap();
    entries.reverse();
    let mut stands: HashMap<ConsentId, bool> = HashMap::new();
    let mut disclosures = 0;
    for entry in entries {
        match entry.body.event {
            Event::ConsentSigned { consent, .. } => {
                stands.insert(consent, true);
            }
            Event::ConsentRevoked { consent } => {
                assert_eq!(stands.insert(consent, false), Some(true));
            }
            Event::Disclosed { basis, .. } => {
                disclosures += 1;
                let mut consents = basis.iter().filter_map(|ground| match ground {
                    Ground::Consent(id, _) => Some(*id),
                    _ => None,
                });
                assert!(
                    consents.all(|id| stands.get(&id) == Some(&true)),
                    "place {}: rests on a consent that was revoked",
                    entry.seq
                );
            }
            _ => {}
        }
    }
    disclosures
}

/// LAW A11, A12, POLICY §6.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_disclosure_stands_after_the_revocation() {
    let mut world = World::on(TempStore::new().await, 1).await;
    let mut patients = Vec::new();
    let mut all = Fared::default();
    for number in 0..rounds() {
        if number % ROUNDS_A_PATIENT == 0 {
            world.patient = patient(&world, number).await;
            patients.push(world.patient);
        }
        let shared = Arc::new(world);
        let fared = round(&shared, number).await;
        all.shown += fared.shown;
        all.stale += fared.stale;
        world = Arc::into_inner(shared).expect("everybody is done");
    }
    let mut disclosures = 0;
    for patient in patients {
        disclosures += walk(&world, patient).await;
    }
    assert_eq!(disclosures, all.shown, "each that opened is in the ledger");
    // Without both kinds there was no race.
    assert!(
        all.shown > 0 && all.stale > 0,
        "{}, {}",
        all.shown,
        all.stale
    );
    let report = world.store().verify(|_, _| {}).await.unwrap();
    assert!(report.is_sound(), "{:?}", report.faults);
}
