//! Accounts, counters, sessions, drafts.

use chrono::TimeDelta;
use domain::clock::Clock;
use domain::id::{AccountId, PersonId};
use domain::party::Role;
use serde_json::json;
use std::collections::HashMap;
use store::testing::TempStore;
use store::{Account, Chain, Error, HistoryQuery, SecretBytes, Stamp};
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::SessionStore;
use uuid::Uuid;

fn account(temp: &TempStore, number: u128, sign_in: &str) -> Account {
    Account {
        id: AccountId(Uuid::from_u128(number)),
        sign_in: sign_in.to_owned(),
        password_hash: Some("$argon2id$".to_owned()),
        totp_secret: Some(SecretBytes::new(vec![1, 2, 3])),
        recovery_codes: vec!["one".to_owned(), "two".to_owned()],
        passkeys: Vec::new(),
        person: PersonId(Uuid::from_u128(number)),
        roles: vec![Role::Patient],
        created: temp.clock.now(),
    }
}

#[tokio::test]
async fn an_account_is_found_by_its_name_in_any_case() {
    let temp = TempStore::new().await;
    let made = account(&temp, 1, "Ada@Example.org");
    temp.store
        .create_account(&Stamp::SYSTEM, made.clone())
        .await
        .unwrap();
    let found = temp
        .store
        .account_by_sign_in(" ada@example.ORG ")
        .await
        .unwrap();
    assert_eq!(found, Some(made.clone()));
    let again = temp
        .store
        .create_account(&Stamp::SYSTEM, account(&temp, 2, "ADA@example.org"))
        .await;
    assert!(matches!(again, Err(Error::Exists)));
    let unknown = temp.store.account_by_sign_in("nobody").await.unwrap();
    assert!(unknown.is_none());
    assert_eq!(
        temp.store.accounts_of(made.person).await.unwrap(),
        vec![made.clone()]
    );
    let mut changed = made.clone();
    changed.password_hash = None;
    temp.store
        .update_account(&Stamp::SYSTEM, changed.clone())
        .await
        .unwrap();
    assert_eq!(temp.store.account(made.id).await.unwrap(), Some(changed));
}

#[tokio::test]
async fn a_totp_step_works_once() {
    let temp = TempStore::new().await;
    let made = account(&temp, 1, "ada");
    temp.store
        .create_account(&Stamp::SYSTEM, made.clone())
        .await
        .unwrap();
    assert!(temp.store.use_totp_step(made.id, 100).await.unwrap());
    assert!(!temp.store.use_totp_step(made.id, 100).await.unwrap());
    assert!(!temp.store.use_totp_step(made.id, 99).await.unwrap());
    assert!(temp.store.use_totp_step(made.id, 101).await.unwrap());
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let store = temp.store.clone();
        tasks.push(tokio::spawn(async move {
            store.use_totp_step(made.id, 102).await.unwrap()
        }));
    }
    let mut wins = 0;
    for task in tasks {
        wins += usize::from(task.await.unwrap());
    }
    assert_eq!(wins, 1);
    let nobody = AccountId(Uuid::from_u128(9));
    assert!(!temp.store.use_totp_step(nobody, 1).await.unwrap());
}

#[tokio::test]
async fn a_recovery_code_works_once() {
    let temp = TempStore::new().await;
    let made = account(&temp, 1, "ada");
    temp.store
        .create_account(&Stamp::SYSTEM, made.clone())
        .await
        .unwrap();
    let try_code = |code| temp.store.use_recovery_code(&Stamp::SYSTEM, made.id, code);
    assert!(try_code("one").await.unwrap());
    assert!(!try_code("one").await.unwrap());
    assert!(!try_code("three").await.unwrap());
    assert!(try_code("two").await.unwrap());
}

#[tokio::test]
async fn of_changes_at_once_none_is_undone() {
    let temp = TempStore::new().await;
    let made = account(&temp, 1, "ada");
    temp.store
        .create_account(&Stamp::SYSTEM, made.clone())
        .await
        .unwrap();
    let entries = async || {
        let all = HistoryQuery::default();
        temp.store.entries(Chain::House, all).await.unwrap().len()
    };
    let before = entries().await;
    let mut tasks = Vec::new();
    for number in 0..8 {
        let store = temp.store.clone();
        tasks.push(tokio::spawn(async move {
            let add = |account: &mut Account| {
                account.passkeys.push(json!(number));
                Some(account.passkeys.len())
            };
            if number % 2 == 0 {
                store.change_account(&Stamp::SYSTEM, made.id, add).await
            } else {
                store.touch_account(made.id, add).await
            }
        }));
    }
    let mut lengths = Vec::new();
    for task in tasks {
        lengths.push(task.await.unwrap().unwrap().unwrap());
    }
    lengths.sort_unstable();
    assert_eq!(lengths, (1..=8).collect::<Vec<_>>());
    // A change has an entry, a mere use has none.
    assert_eq!(entries().await, before + 4);

    let nothing: Option<()> = temp
        .store
        .change_account(&Stamp::SYSTEM, made.id, |account| {
            account.passkeys.clear();
            None
        })
        .await
        .unwrap();
    assert!(nothing.is_none());
    let kept = temp.store.account(made.id).await.unwrap().unwrap();
    assert_eq!(kept.passkeys.len(), 8);
    assert_eq!(entries().await, before + 4);
    let nobody = AccountId(Uuid::from_u128(9));
    let refused = temp.store.touch_account(nobody, |_| Some(())).await;
    assert!(matches!(refused, Err(Error::NotFound("account"))));
}

/// Tries are counted before they are made, each key for itself; a delay blocks, a cap ends them, and a success clears.
#[tokio::test]
async fn failures_count_up_and_clear() {
    let temp = TempStore::new().await;
    let store = &temp.store;
    let key = store.attempt_key("address", "192.0.2.7");
    for _ in 0..2 {
        assert!(store.begin_attempt(&key, 3, |_| None).await.unwrap());
    }
    let until = temp.clock.now() + TimeDelta::seconds(30);
    assert!(store.begin_attempt(&key, 9, |_| Some(until)).await.unwrap());
    let state = store.attempts(&key).await.unwrap();
    assert_eq!((state.failures, state.blocked_until), (3, Some(until)));
    assert!(!store.begin_attempt(&key, 9, |_| None).await.unwrap());
    temp.clock.advance(TimeDelta::seconds(30));
    assert!(!store.begin_attempt(&key, 3, |_| None).await.unwrap());
    assert!(store.begin_attempt(&key, 9, |_| None).await.unwrap());
    let other = store.attempt_key("name", "192.0.2.7");
    assert_eq!(store.attempts(&other).await.unwrap().failures, 0);
    store.clear_attempts(&key).await.unwrap();
    assert_eq!(store.attempts(&key).await.unwrap().failures, 0);
}

fn record(temp: &TempStore, id: i128, account: AccountId) -> Record {
    let expires = (temp.clock.now() + TimeDelta::minutes(15)).timestamp();
    Record {
        id: Id(id),
        data: HashMap::from([
            ("account".to_owned(), json!(account)),
            ("assurance".to_owned(), json!("two-factors")),
        ]),
        expiry_date: OffsetDateTime::from_unix_timestamp(expires).unwrap(),
    }
}

#[tokio::test]
async fn sessions_come_back_expire_and_end() {
    let temp = TempStore::new().await;
    let sessions = temp.store.sessions();
    let ada = AccountId(Uuid::from_u128(1));
    let mut first = record(&temp, 11, ada);
    sessions.create(&mut first).await.unwrap();
    assert_eq!(sessions.load(&first.id).await.unwrap(), Some(first.clone()));
    let mut second = record(&temp, 11, ada);
    sessions.create(&mut second).await.unwrap();
    assert!(second.id != first.id, "a taken id is drawn anew");
    first
        .data
        .insert("assurance".to_owned(), json!("one-factor"));
    sessions.save(&first).await.unwrap();
    assert_eq!(sessions.load(&first.id).await.unwrap(), Some(first.clone()));
    let mut other = record(&temp, 12, AccountId(Uuid::from_u128(2)));
    sessions.create(&mut other).await.unwrap();
    assert_eq!(sessions.end_all(ada, Some(&first.id)).await.unwrap(), 1);
    assert!(sessions.load(&second.id).await.unwrap().is_none());
    assert!(sessions.load(&first.id).await.unwrap().is_some());
    sessions.delete(&first.id).await.unwrap();
    sessions.save(&first).await.unwrap();
    let revived = sessions.load(&first.id).await.unwrap();
    assert!(
        revived.is_none(),
        "an ended session is not revived by a late save"
    );
    temp.clock.advance(TimeDelta::minutes(15));
    assert!(sessions.load(&other.id).await.unwrap().is_none());
    assert_eq!(sessions.delete_expired(temp.clock.now()).await.unwrap(), 1);
}

#[tokio::test]
async fn a_moved_session_does_not_open() {
    use sea_orm::{ConnectionTrait, Database};
    let temp = TempStore::new().await;
    let sessions = temp.store.sessions();
    let mut ada = record(&temp, 11, AccountId(Uuid::from_u128(1)));
    let mut eve = record(&temp, 12, AccountId(Uuid::from_u128(2)));
    sessions.create(&mut ada).await.unwrap();
    sessions.create(&mut eve).await.unwrap();
    let connection = Database::connect(temp.url()).await.unwrap();
    connection
        .execute_unprepared(
            "CREATE TEMP TABLE other AS SELECT id, data FROM sessions;
             UPDATE sessions SET data = (SELECT data FROM other WHERE other.id <> sessions.id)",
        )
        .await
        .unwrap();
    assert!(sessions.load(&ada.id).await.unwrap().is_none());
    assert!(sessions.load(&eve.id).await.unwrap().is_none());
}

#[tokio::test]
async fn drafts_are_an_accounts_own() {
    let temp = TempStore::new().await;
    let ada = AccountId(Uuid::from_u128(1));
    let eve = AccountId(Uuid::from_u128(2));
    let id = Uuid::from_u128(3);
    temp.store
        .save_draft(ada, id, "consent", &json!({ "a": 1 }))
        .await
        .unwrap();
    temp.store
        .save_draft(ada, id, "consent", &json!({ "a": 2 }))
        .await
        .unwrap();
    let load = |account, kind| {
        temp.store
            .load_draft::<serde_json::Value>(account, id, kind)
    };
    assert_eq!(load(ada, "consent").await.unwrap(), Some(json!({ "a": 2 })));
    assert_eq!(load(ada, "other").await.unwrap(), None);
    assert_eq!(load(eve, "consent").await.unwrap(), None);
    assert_eq!(temp.store.list_drafts(ada).await.unwrap().len(), 1);
    temp.store.delete_draft(eve, id).await.unwrap();
    assert_eq!(temp.store.list_drafts(ada).await.unwrap().len(), 1);
    temp.store.delete_draft(ada, id).await.unwrap();
    assert!(temp.store.list_drafts(ada).await.unwrap().is_empty());
}
