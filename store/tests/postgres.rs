//! The same schema and the same promises on PostgreSQL.
//!
//! Runs where `CONFIDE_TEST_POSTGRES` names a database to make others beside, and passes silently elsewhere.

use crate::world::World;
use chrono::TimeDelta;
use domain::clock::Clock;
use domain::id::{AccountId, PersonId};
use domain::label::{Label, LabelSet};
use domain::party::{Party, Role};
use serde_json::json;
use std::collections::HashMap;
use store::attempts::Pace;
use store::outbox::NewLetter;
use store::testing::TempStore;
use store::{Account, Chain, DiscloseError, Error, Event, Put, SecretBytes, Stamp};
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::SessionStore;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_journey_of_a_record() {
    let Some(temp) = TempStore::on_postgres().await else {
        return;
    };
    let world = World::on(temp, 3).await;
    let (_, puts) = world.import(3).await;
    assert!(puts.iter().all(|put| *put == Put::Unchanged));
    disclose_and_revoke(&world).await;
    append_at_once(&world).await;
    accounts_and_sessions(&world).await;
    let report = world.store().verify(|_, _| {}).await.unwrap();
    assert_eq!(report.faults, vec![]);
}

async fn disclose_and_revoke(world: &World) {
    let store = world.store();
    let patient = world.as_subject().1;
    let labels = LabelSet::of([Label::Opioids, Label::General]);
    let consent = world.consent(labels, world.in_a_year());
    let id = consent.id;
    store
        .sign_consent(&patient, consent, store::testing::document())
        .await
        .unwrap();
    let party = Party::Person(world.clinician);
    let reached = store.patients_reaching(&[party]).await.unwrap();
    assert_eq!(reached, vec![world.patient]);
    let (viewer, stamp) = world.as_clinician();
    let chart = world.chart().await;
    let (permits, sealed) = world.permits(&viewer, &chart).await;
    let receipt = store.disclose(&stamp, permits, &sealed).await.unwrap();
    for item in sealed {
        store.vault().open(item, &receipt).unwrap();
    }
    let (permits, sealed) = world.permits(&viewer, &chart).await;
    store
        .revoke_consent(&patient, world.patient, id)
        .await
        .unwrap();
    let refused = store.disclose(&stamp, permits, &sealed).await;
    assert!(matches!(refused, Err(DiscloseError::Stale)));
}

async fn append_at_once(world: &World) {
    let before = world.store().history_count(world.patient).await.unwrap();
    let tasks: Vec<_> = (0..32)
        .map(|_| {
            let store = world.store().clone();
            let chain = Chain::Patient(world.patient);
            tokio::spawn(async move {
                store
                    .append(&Stamp::SYSTEM, chain, Event::SignedOut)
                    .await
                    .unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let after = world.store().history_count(world.patient).await.unwrap();
    assert_eq!(after, before + 32);
}

async fn accounts_and_sessions(world: &World) {
    let store = world.store();
    let account = Account {
        id: AccountId(Uuid::from_u128(1)),
        sign_in: "ada".to_owned(),
        password_hash: None,
        totp_secret: Some(SecretBytes::new(vec![1])),
        recovery_codes: Vec::new(),
        passkeys: Vec::new(),
        person: PersonId(Uuid::from_u128(1)),
        roles: vec![Role::Patient],
        created: world.temp.clock.now(),
    };
    store
        .create_account(&Stamp::SYSTEM, account.clone())
        .await
        .unwrap();
    let again = store.create_account(&Stamp::SYSTEM, account.clone()).await;
    assert!(matches!(again, Err(Error::Exists)));
    assert!(store.use_totp_step(account.id, 5).await.unwrap());
    assert!(!store.use_totp_step(account.id, 5).await.unwrap());
    let key = store.attempt_key("address", "192.0.2.1");
    for _ in 0..2 {
        assert!(store.begin_attempt(&key, 3, |_| None).await.unwrap());
    }
    assert_eq!(store.attempts(&key).await.unwrap().failures, 2);
    let now = world.temp.clock.now();
    store.forget_attempts_at(&key, Some(now)).await.unwrap();
    assert_eq!(store.delete_forgotten_attempts(now).await.unwrap(), 1);
    doors(world, account.id).await;
    let id = Uuid::from_u128(3);
    for words in ["one", "two"] {
        store
            .save_draft(account.id, id, "consent", &words)
            .await
            .unwrap();
    }
    let draft: Option<String> = store.load_draft(account.id, id, "consent").await.unwrap();
    assert_eq!(draft.as_deref(), Some("two"));
    let sessions = store.sessions();
    let expires = world.temp.clock.now().timestamp() + 60;
    let mut record = Record {
        id: Id(1),
        data: HashMap::from([("account".to_owned(), json!(account.id))]),
        expiry_date: OffsetDateTime::from_unix_timestamp(expires).unwrap(),
    };
    sessions.create(&mut record).await.unwrap();
    let mut other = record.clone();
    sessions.create(&mut other).await.unwrap();
    assert!(other.id != record.id);
    assert_eq!(sessions.load(&record.id).await.unwrap(), Some(record));
    assert_eq!(sessions.end_all(account.id, None).await.unwrap(), 2);
}

/// What stands at the door: paces, devices, letters.
async fn doors(world: &World, account: AccountId) {
    let store = world.store();
    let pace = Pace {
        burst: 2,
        every: TimeDelta::minutes(1),
    };
    let network = store.attempt_key("network", "192.0.2.1");
    assert!(store.pace(&network, pace).await.unwrap());
    assert!(store.pace(&network, pace).await.unwrap());
    assert!(!store.pace(&network, pace).await.unwrap());
    store.give_back(&network, pace).await.unwrap();
    assert!(store.pace(&network, pace).await.unwrap());
    let letter = NewLetter {
        to: "ada@example.org".to_owned(),
        what: json!("a letter"),
    };
    let letters = std::slice::from_ref(&letter);
    for new in [true, false] {
        let was = store.remember_device(account, "device", letters).await;
        assert_eq!(was.unwrap(), new);
    }
    assert!(store.knows_device(account, "device").await.unwrap());
    let lease = TimeDelta::minutes(1);
    let taken = store.take_letters(9, lease).await.unwrap();
    assert_eq!((taken.len(), taken[0].tries), (1, 1));
    assert!(store.take_letters(9, lease).await.unwrap().is_empty());
    store
        .put_letter_off(taken[0].id, world.temp.clock.now())
        .await
        .unwrap();
    assert_eq!(store.take_letters(9, lease).await.unwrap()[0].tries, 2);
    store.delete_letter(taken[0].id).await.unwrap();
}
