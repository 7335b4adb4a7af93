//! What a database administrator sees: every file of the database, and none of what was put in.

use crate::world::World;
use aho_corasick::AhoCorasick;
use chrono::TimeDelta;
use domain::id::{AccountId, PersonId, RecoveryCaseId, RelationshipId};
use domain::identity_check::{Document, How, IdentityCheck};
use domain::label::{ALL, Label, LabelSet};
use domain::party::{Party, Relationship, RelationshipKind, Role, Span};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::json;
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use store::testing::TempStore;
use store::{
    Account, Assignment, ImportCounts, OrganizationRecord, PersonRecord, SecretBytes, Stamp,
};
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::SessionStore;
use uuid::Uuid;

const SECRETS: [&str; 34] = [
    "1234567893",
    "why it was assigned",
    "why a reviewer found so",
    crate::world::TITLE,
    "Opioid",
    crate::world::NOTE,
    "buprenorphine",
    "F11.20",
    "icd-10-cm",
    "Rosalind Quimby",
    "Ignatius Featherstonehaugh",
    "featherstonehaugh@example.org",
    "Psychiatry",
    "Windermere Recovery Clinic",
    "quimby@example.org",
    "Quimby@Example.org",
    "$argon2id$v=19$secret-hash",
    "TOTP-SECRET-BYTES",
    "recovery-code-hash",
    "session-token-value",
    "device-token-value",
    "letters-to-quimby",
    "what-a-letter-tells",
    "draft words nobody signed",
    "further-for-quimby",
    "waiting-for-quimby",
    "what-the-desk-noted",
    "K9X4-of-a-document",
    "Patient/1",
    "Condition/0",
    "Practitioner/1",
    "Organization/1",
    "password+totp",
    "1980-02-03",
];

/// A further address, one that waits to be confirmed, and a case in which staff help with the account.
async fn addresses_and_a_case(world: &World, account: AccountId) {
    let store = world.store();
    let now = domain::clock::Clock::now(world.temp.clock.as_ref());
    store
        .change_contacts(&Stamp::SYSTEM, account, store::Chain::House, |_, kept| {
            kept.further
                .push("further-for-quimby@example.org".to_owned());
            kept.waiting = Some(store::Unconfirmed {
                id: Uuid::from_u128(9),
                address: "waiting-for-quimby@example.org".to_owned(),
                wanted: store::Wanted::Further,
                code: "a-hash".to_owned(),
                expires: now,
            });
            Some(store::contacts::ContactsChange {
                made: (),
                said: Some("added"),
                letters: Vec::new(),
            })
        })
        .await
        .unwrap();
    let case = store::RecoveryCase {
        id: RecoveryCaseId(Uuid::from_u128(10)),
        account,
        person: PersonId(Uuid::from_u128(6)),
        check: IdentityCheck {
            how: How::InPerson,
            document: Some((Document::Passport, "K9X4-of-a-document".to_owned())),
            note: "what-the-desk-noted".to_owned(),
        },
        by: PersonId(Uuid::from_u128(7)),
        opened: now,
        ready: now,
        lapses: now + TimeDelta::days(7),
        agreed: None,
        end: None,
    };
    let opened = store
        .open_recovery_case(&Stamp::SYSTEM, store::Chain::House, &case, &[])
        .await
        .unwrap();
    assert!(opened);
}

async fn sign_in_from_a_device(world: &World, account: AccountId) {
    let store = world.store();
    let letter = store::outbox::NewLetter {
        to: "letters-to-quimby@example.org".to_owned(),
        what: json!("what-a-letter-tells"),
    };
    store
        .remember_device(account, "device-token-value", std::slice::from_ref(&letter))
        .await
        .unwrap();
    store.put_letters(&[letter]).await.unwrap();
}

async fn assign(world: &World) {
    let now = domain::clock::Clock::now(world.temp.clock.as_ref());
    let assignment = Assignment {
        patient: world.patient,
        relationship: Relationship {
            id: RelationshipId(Uuid::from_u128(9)),
            party: Party::Person(world.clinician),
            kind: RelationshipKind::Treating,
            span: Span {
                from: now,
                until: Some(now + TimeDelta::days(30)),
            },
        },
        reason: "why it was assigned".to_owned(),
        by: world.clinician,
        at: now,
        ended_by: None,
    };
    let store = world.store();
    let made = store.assign_relationship(&Stamp::SYSTEM, &assignment).await;
    assert!(made.unwrap());
    assert!(!format!("{assignment:?}").contains("why it was"));
}

async fn fill(world: &World) {
    assign(world).await;
    world.review("why a reviewer found so").await;
    let store = world.store();
    let account = AccountId(Uuid::from_u128(5));
    let person = PersonRecord {
        specialty: Some("Psychiatry".to_owned()),
        email: Some("featherstonehaugh@example.org".to_owned()),
        reference: Some("Practitioner/1".to_owned()),
        ..PersonRecord::named(world.clinician, "Ignatius Featherstonehaugh")
    };
    store.put_person(&Stamp::SYSTEM, person).await.unwrap();
    let mut import = store.begin_import(&Stamp::SYSTEM).await.unwrap();
    import
        .put_organization(&OrganizationRecord {
            kind: "program".to_owned(),
            part2_program: true,
            reference: Some("Organization/1".to_owned()),
            npi: "1234567893".parse().ok(),
            ..OrganizationRecord::named(world.hospital, "Windermere Recovery Clinic")
        })
        .await
        .unwrap();
    import
        .put_directory(
            "Organization/1",
            &["Organization/1".to_owned()],
            None,
            &json!({ "name": "Windermere Recovery Clinic" }),
        )
        .await
        .unwrap();
    import.commit(ImportCounts::default()).await.unwrap();
    let now = domain::clock::Clock::now(world.temp.clock.as_ref());
    store
        .create_account(
            &Stamp::SYSTEM,
            Account {
                id: account,
                sign_in: "Quimby@Example.org".to_owned(),
                password_hash: Some("$argon2id$v=19$secret-hash".to_owned()),
                totp_secret: Some(SecretBytes::new(b"TOTP-SECRET-BYTES".to_vec())),
                recovery_codes: vec!["recovery-code-hash".to_owned()],
                passkeys: Vec::new(),
                person: PersonId(Uuid::from_u128(6)),
                roles: vec![Role::Patient],
                created: now,
            },
        )
        .await
        .unwrap();
    let key = store.attempt_key("name", "quimby@example.org");
    store.begin_attempt(&key, 3, |_| None).await.unwrap();
    sign_in_from_a_device(world, account).await;
    addresses_and_a_case(world, account).await;
    let mut record = Record {
        id: Id(77),
        data: HashMap::from([
            ("account".to_owned(), json!(account)),
            ("token".to_owned(), json!("session-token-value")),
        ]),
        expiry_date: OffsetDateTime::from_unix_timestamp((now + TimeDelta::hours(1)).timestamp())
            .unwrap(),
    };
    store.sessions().create(&mut record).await.unwrap();
    store
        .save_draft(
            account,
            Uuid::from_u128(8),
            "consent",
            &"draft words nobody signed",
        )
        .await
        .unwrap();
    let consent = world.consent(
        LabelSet::of([Label::Opioids, Label::General]),
        world.in_a_year(),
    );
    store
        .sign_consent(&world.as_subject().1, consent, store::testing::document())
        .await
        .unwrap();
    let (viewer, stamp) = world.as_clinician();
    let chart = world.chart().await;
    let (permits, sealed) = world.permits(&viewer, &chart).await;
    assert!(!permits.is_empty());
    let _ = store.disclose(&stamp, permits, &sealed).await.unwrap();
    let event = store::Event::SignedIn {
        method: "password+totp".to_owned(),
    };
    store
        .append(&Stamp::SYSTEM, store::Chain::House, event)
        .await
        .unwrap();
}

/// That nothing of what was put in is there, in clear.
fn search(place: &str, bytes: &[u8]) {
    assert!(bytes.len() > 50_000, "{place}: nothing to look at");
    tells_nothing(place, bytes);
}

fn tells_nothing(place: &str, bytes: &[u8]) {
    let mut secrets: Vec<String> = SECRETS.iter().map(|it| (*it).to_owned()).collect();
    // Short label names occur by chance; those of eight letters and more do not.
    secrets.extend(
        ALL.iter()
            .map(|label| label.name().to_owned())
            // A column is called `identity`.
            .filter(|name| name.len() >= 8 && name != "identity"),
    );
    secrets.extend(
        [
            "Disclosed",
            "ConsentSigned",
            "\"include\"",
            "Condition",
            "SudClinician",
        ]
        .map(str::to_owned),
    );
    // In the other encoding too that a database might use.
    let wide = |secret: &String| secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut needles: Vec<Vec<u8>> = secrets.iter().map(wide).collect();
    needles.extend(secrets.iter().map(|secret| secret.as_bytes().to_vec()));
    let all = AhoCorasick::new(&needles).unwrap();
    if let Some(hit) = all.find(bytes) {
        let secret = String::from_utf8_lossy(&bytes[hit.range()]);
        panic!("{place}: {secret:?} at {}", hit.start());
    }
}

/// What the file holds; nothing, if its server took it away meanwhile.
fn file(path: &Path) -> Vec<u8> {
    match fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        read => read.unwrap(),
    }
}

/// Every file of the folder.
fn files(folder: &Path) -> Vec<u8> {
    fs::read_dir(folder)
        .unwrap()
        .flat_map(|entry| file(&entry.unwrap().path()))
        .collect()
}

#[tokio::test]
async fn the_database_tells_nothing() {
    let world = World::on(TempStore::on_a_file().await, 3).await;
    fill(&world).await;
    search("with the log", &files(world.temp.folder()));
    let connection = Database::connect(world.temp.url()).await.unwrap();
    connection
        .execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)")
        .await
        .unwrap();
    connection.close().await.unwrap();
    search("after the checkpoint", &files(world.temp.folder()));
}

/// Neither the rows nor the files of a server's database, nor its log, where this test may read them: `.ci/run` may.
#[tokio::test]
async fn a_database_server_tells_nothing() {
    let Some(temp) = TempStore::on_postgres().await else {
        return;
    };
    let world = World::on(temp, 3).await;
    fill(&world).await;
    let rows = store::testing::contents(world.temp.url()).await;
    // Without what a file has around its rows.
    assert!(rows.len() > 5_000, "nothing to look at");
    tells_nothing("its rows", &rows);

    let connection = Database::connect(world.temp.url()).await.unwrap();
    let ask = |sql| Statement::from_string(DbBackend::Postgres, sql);
    connection.execute_unprepared("CHECKPOINT").await.unwrap();
    let where_it_is = "SELECT current_setting('data_directory') AS d, oid::text AS o \
                       FROM pg_database WHERE datname = current_database()";
    let row = connection.query_one_raw(ask(where_it_is)).await;
    let row = row.unwrap().unwrap();
    let text = |name: &str| row.try_get::<String>("", name).unwrap();
    let (data, id) = (text("d"), text("o"));
    connection.close().await.unwrap();
    let data = Path::new(&data);
    if fs::read_dir(data).is_err() {
        eprintln!("the server's files can't be read from here");
        assert!(std::env::var_os("CONFIDE_CI").is_none(), "run as root");
        return;
    }
    search("its files", &files(&data.join("base").join(id)));
    let log = fs::read_dir(data.join("pg_wal")).unwrap();
    for path in log.map(|entry| entry.unwrap().path()) {
        if path.is_file() {
            tells_nothing("its log", &file(&path));
        }
    }
}

#[tokio::test]
async fn debug_tells_nothing() {
    let world = World::new().await;
    fill(&world).await;
    let chart = world.chart().await;
    let (viewer, stamp) = world.as_subject();
    let (permits, sealed) = world.permits(&viewer, &chart).await;
    let printed_sealed = format!("{sealed:?}");
    let receipt = world
        .store()
        .disclose(&stamp, permits, &sealed)
        .await
        .unwrap();
    let released: Vec<_> = sealed
        .into_iter()
        .map(|item| world.store().vault().open(item, &receipt).unwrap())
        .collect();
    let account = world
        .store()
        .account_by_sign_in("quimby@example.org")
        .await
        .unwrap();
    let history = world
        .store()
        .history(world.patient, store::HistoryQuery::default())
        .await
        .unwrap();
    let people = world.store().all_people().await.unwrap();
    let organizations = world.store().all_organizations().await.unwrap();
    let printed = format!(
        "{printed_sealed} {receipt:?} {released:?} {chart:?} {account:?} {history:?} {people:?} {organizations:?} {:?}",
        world.store()
    );
    for secret in SECRETS {
        assert!(!printed.contains(secret), "Debug tells {secret:?}");
    }
    for label in ALL {
        assert!(
            !printed.contains(&format!("{label:?}(")),
            "Debug tells a label"
        );
    }
}
