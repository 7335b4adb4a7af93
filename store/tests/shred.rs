//! A record that was shredded is gone, and the ledger stays provable (LAW F3). On SQLite, and on PostgreSQL where
//! `CONFIDE_TEST_POSTGRES` names one.

use crate::world::World;
use core::time::Duration;
use domain::id::{AccountId, PersonId, RecoveryCaseId};
use domain::identity_check::{How, IdentityCheck};
use domain::label::{Label, LabelSet};
use domain::party::{Party, Role};
use store::contacts::ContactsChange;
use store::testing::TempStore;
use store::{Account, Chain, Contacts, Error, Event, HistoryQuery, RecoveryCase, Stamp};
use uuid::Uuid;

fn account(world: &World, number: u128, person: PersonId, roles: Vec<Role>) -> Account {
    Account {
        id: AccountId(Uuid::from_u128(number)),
        sign_in: format!("name-{number}@example.org"),
        password_hash: None,
        totp_secret: None,
        recovery_codes: Vec::new(),
        passkeys: Vec::new(),
        person,
        roles,
        created: domain::clock::Clock::now(world.temp.clock.as_ref()),
    }
}

/// A further address of an account, and a case in which staff help with it.
async fn address_and_case(world: &World, account: &Account) {
    let store = world.store();
    store
        .change_contacts(&Stamp::SYSTEM, account.id, Chain::House, |_, contacts| {
            contacts.further.push("further@example.org".to_owned());
            Some(ContactsChange {
                made: (),
                said: None,
                letters: Vec::new(),
            })
        })
        .await
        .unwrap();
    let now = account.created;
    let case = RecoveryCase {
        id: RecoveryCaseId(account.id.0),
        account: account.id,
        person: account.person,
        check: IdentityCheck {
            how: How::Known,
            document: None,
            note: String::new(),
        },
        by: world.clinician,
        opened: now,
        ready: now,
        lapses: now + How::Known.wait(),
        agreed: None,
        end: None,
    };
    let opened = store.open_recovery_case(&Stamp::SYSTEM, Chain::House, &case, &[]);
    assert!(opened.await.unwrap());
}

async fn filled(temp: TempStore) -> World {
    let world = World::on(temp, 3).await;
    world.review("because").await;
    let store = world.store();
    let labels = LabelSet::of([Label::Opioids, Label::General]);
    let consent = world.consent(labels, world.in_a_year());
    store
        .sign_consent(&world.as_subject().1, consent, store::testing::document())
        .await
        .unwrap();
    let (viewer, stamp) = world.as_clinician();
    let chart = world.chart().await;
    let (permits, sealed) = world.permits(&viewer, &chart).await;
    let _ = store.disclose(&stamp, permits, &sealed).await.unwrap();
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_left_of_it_but_the_links() {
    for temp in TempStore::everywhere().await {
        let world = filled(temp).await;
        let store = world.store();
        store
            .rotate_data_keys(&Stamp::SYSTEM, Duration::ZERO, |_| ())
            .await
            .unwrap();
        let patient = account(&world, 1, world.subject, vec![Role::Patient]);
        store
            .create_account(&Stamp::SYSTEM, patient.clone())
            .await
            .unwrap();
        address_and_case(&world, &patient).await;
        let chart = world.chart().await;
        let (viewer, stamp) = world.as_clinician();
        let (permits, sealed) = world.permits(&viewer, &chart).await;
        let before = store.history_count(world.patient).await.unwrap();
        let done = store
            .shred_patient(&Stamp::SYSTEM, world.patient, "asked for by the patient")
            .await
            .unwrap();
        assert_eq!((done.items, done.consents, done.accounts), (3, 1, 1));

        // As if it had never been.
        let other = world.temp.reopen(7).await.unwrap();
        for store in [store, &other] {
            assert!(store.chart(world.patient).await.unwrap().is_none());
            assert!(store.consents(world.patient).await.unwrap().is_empty());
            assert!(store.items(world.patient).await.unwrap().is_empty());
            let subject = store.patient_of_subject(world.subject).await.unwrap();
            assert_eq!(subject, None);
            let identity = store.patient_by_identity("Patient/1").await.unwrap();
            assert_eq!(identity, None);
            let birth = chrono::NaiveDate::from_ymd_opt(1980, 2, 3).unwrap();
            assert!(store.patients_born(birth).await.unwrap().is_empty());
            let party = Party::Person(world.clinician);
            assert!(store.patients_reaching(&[party]).await.unwrap().is_empty());
            let history = store.history(world.patient, HistoryQuery::default()).await;
            assert!(history.unwrap().is_empty());
            assert!(store.account(patient.id).await.unwrap().is_none());
            let contacts = store.contacts(patient.id).await.unwrap();
            assert_eq!(contacts, Contacts::default());
            assert!(store.recovery_cases().await.unwrap().is_empty());
            let queue = store
                .review_queue(&[world.hospital], store::Stage::First, None, 10)
                .await;
            assert!(queue.unwrap().is_empty());
        }
        // What was decided before shows nothing, and nothing is written for it any more.
        assert!(store.disclose(&stamp, permits, &sealed).await.is_err());
        let signed_out = Event::SignedOut;
        let refused = store
            .append(&Stamp::SYSTEM, Chain::Patient(world.patient), signed_out)
            .await;
        assert!(matches!(refused, Err(Error::NotFound(_))));
        let again = store
            .shred_patient(&Stamp::SYSTEM, world.patient, "again")
            .await;
        assert!(matches!(again, Err(Error::NotFound(_))));

        // The ledger is whole, and says what happened.
        let report = other.verify(|_, _| ()).await.unwrap();
        assert_eq!((report.faults.len(), report.shredded), (0, 1));
        assert!(other.verify_integrity(|_, _| ()).await.unwrap().is_sound());
        assert_eq!(other.history_count(world.patient).await.unwrap(), before);
        let house = other
            .entries(Chain::House, HistoryQuery::default())
            .await
            .unwrap();
        assert!(house.iter().any(|entry| matches!(
            &entry.body.event,
            Event::RecordShredded { patient, reason }
                if *patient == world.patient && reason == "asked for by the patient"
        )));
        let status = other.key_status().await.unwrap();
        assert_eq!((status.patients, status.shredded), (0, 1));

        // The same person may come again, as somebody new.
        let (new, _) = world.import(1).await;
        assert!(new != world.patient);
    }
}

/// The wrapped key must not lie about in the file: with it and the wrapping key, an old copy of a row would open.
#[tokio::test]
async fn the_file_does_not_keep_the_wrapped_key() {
    use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
    let world = filled(TempStore::on_a_file().await).await;
    let connection = Database::connect(world.temp.url()).await.unwrap();
    let statement = Statement::from_string(DbBackend::Sqlite, "SELECT data_key FROM patients");
    let row = connection.query_one_raw(statement).await.unwrap().unwrap();
    let wrapped: Vec<u8> = row.try_get("", "data_key").unwrap();
    drop(row);
    connection.close().await.unwrap();
    let found = || {
        std::fs::read_dir(world.temp.folder()).unwrap().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            bytes.windows(wrapped.len()).any(|some| some == wrapped)
        })
    };
    assert!(found(), "this test can find it");
    let done = world
        .store()
        .shred_patient(&Stamp::SYSTEM, world.patient, "asked for")
        .await
        .unwrap();
    assert!(done.pages_cleared);
    assert!(!found());
}

/// Somebody who is more here than this record's subject stays what else they are.
#[tokio::test]
async fn who_is_staff_too_keeps_the_account() {
    let world = filled(TempStore::new().await).await;
    let store = world.store();
    let roles = vec![Role::Patient, Role::Billing];
    let both = account(&world, 2, world.subject, roles);
    store
        .create_account(&Stamp::SYSTEM, both.clone())
        .await
        .unwrap();
    let done = store
        .shred_patient(&Stamp::SYSTEM, world.patient, "asked for")
        .await
        .unwrap();
    assert_eq!(done.accounts, 0);
    assert!(store.account(both.id).await.unwrap().is_some());
}
