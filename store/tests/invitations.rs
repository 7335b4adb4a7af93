//! Invitations serve once; a sign-in name can belong to several accounts (LAW B5, F6).
#![allow(clippy::unwrap_used)]

use chrono::TimeDelta;
use domain::clock::Clock;
use domain::id::{AccountId, InvitationId, PersonId};
use domain::party::Role;
use store::testing::TempStore;
use store::{Account, Error, InvitationRecord, Stamp};
use uuid::Uuid;

fn invitation(temp: &TempStore, number: u128, person: u128) -> InvitationRecord {
    let made = temp.clock.now();
    InvitationRecord {
        id: InvitationId(Uuid::from_u128(number)),
        person: PersonId(Uuid::from_u128(person)),
        roles: vec![Role::Patient],
        birth: chrono::NaiveDate::from_ymd_opt(1984, 6, 3),
        account: None,
        made,
        expires: made + TimeDelta::days(30),
    }
}

fn account(temp: &TempStore, number: u128, sign_in: &str) -> Account {
    Account {
        id: AccountId(Uuid::from_u128(number)),
        sign_in: sign_in.to_owned(),
        password_hash: Some(format!("hash {number}")),
        totp_secret: None,
        recovery_codes: Vec::new(),
        passkeys: Vec::new(),
        person: PersonId(Uuid::from_u128(number)),
        roles: vec![Role::Patient],
        created: temp.clock.now(),
    }
}

/// Takes an invitation of its own up, with this sign-in name.
async fn join(temp: &TempStore, number: u128, sign_in: &str) -> Result<bool, Error> {
    let invitation = invitation(temp, number, number);
    let code = number.to_string();
    let id = invitation.id;
    temp.store
        .put_invitation(&Stamp::SYSTEM, invitation, &code)
        .await?;
    let account = account(temp, number, sign_in);
    let joined = temp
        .store
        .accept_invitation(&Stamp::SYSTEM, id, account)
        .await?;
    Ok(joined.is_some())
}

#[tokio::test]
async fn an_invitation_comes_back_by_its_code_and_ends() {
    let temp = TempStore::new().await;
    let made = invitation(&temp, 1, 1);
    let store = &temp.store;
    store
        .put_invitation(&Stamp::SYSTEM, made.clone(), "CODE")
        .await
        .unwrap();
    let found = store.invitation_by_code("CODE").await.unwrap();
    assert_eq!(found, Some(made.clone()));
    assert_eq!(store.invitation_by_code("code").await.unwrap(), None);
    assert_eq!(
        store.invitations().await.unwrap(),
        core::slice::from_ref(&made)
    );
    temp.clock.set(made.expires);
    assert_eq!(store.invitation_by_code("CODE").await.unwrap(), None);
    let late = account(&temp, 1, "late@example.org");
    let taken = store
        .accept_invitation(&Stamp::SYSTEM, made.id, late)
        .await
        .unwrap();
    assert!(taken.is_none(), "over is over, also for who began in time");
    assert_eq!(store.invitations().await.unwrap().len(), 1);
}

/// Of two who finish at the same moment one has the account.
#[tokio::test]
async fn an_invitation_serves_once() {
    let temp = TempStore::new().await;
    let made = invitation(&temp, 1, 1);
    let store = &temp.store;
    store
        .put_invitation(&Stamp::SYSTEM, made.clone(), "CODE")
        .await
        .unwrap();
    let accept = |number: u128| {
        let account = account(&temp, number, "ada@example.org");
        store.accept_invitation(&Stamp::SYSTEM, made.id, account)
    };
    let (one, other) = tokio::join!(accept(10), accept(11));
    assert!(one.unwrap().is_some() != other.unwrap().is_some());
    let accounts = store.accounts_by_sign_in("ada@example.org").await.unwrap();
    assert_eq!(accounts.len(), 1);
    assert!(store.invitations().await.unwrap().is_empty());
}

/// Set up anew: what an account signs in with is replaced; who it is, and in which roles, stays as it is by then.
#[tokio::test]
async fn who_an_account_is_stays() {
    let temp = TempStore::new().await;
    let store = &temp.store;
    assert!(join(&temp, 1, "ada@example.org").await.unwrap());
    let id = AccountId(Uuid::from_u128(1));
    let again = InvitationRecord {
        account: Some(id),
        ..invitation(&temp, 2, 1)
    };
    store
        .put_invitation(&Stamp::SYSTEM, again.clone(), "AGAIN")
        .await
        .unwrap();
    store
        .change_account(&Stamp::SYSTEM, id, |account| {
            account.roles = vec![Role::Proxy];
            Some(())
        })
        .await
        .unwrap();
    let fresh = Account {
        password_hash: Some("another hash".to_owned()),
        person: PersonId(Uuid::from_u128(7)),
        roles: vec![Role::Administrator],
        ..account(&temp, 1, "mallory@example.org")
    };
    let now = store
        .accept_invitation(&Stamp::SYSTEM, again.id, fresh)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(store.account(id).await.unwrap(), Some(now.clone()));
    assert_eq!(now.password_hash.as_deref(), Some("another hash"));
    assert_eq!(now.sign_in, "ada@example.org");
    assert_eq!(now.person, PersonId(Uuid::from_u128(1)));
    assert_eq!(now.roles, [Role::Proxy]);
}

/// A newer invitation of a person ends the older; of another person it doesn't.
#[tokio::test]
async fn the_newest_of_a_person_stands() {
    let temp = TempStore::new().await;
    let store = &temp.store;
    for (number, person, code) in [(1, 1, "OLD"), (2, 2, "OTHER"), (3, 1, "NEW")] {
        store
            .put_invitation(&Stamp::SYSTEM, invitation(&temp, number, person), code)
            .await
            .unwrap();
    }
    assert_eq!(store.invitation_by_code("OLD").await.unwrap(), None);
    assert!(store.invitation_by_code("OTHER").await.unwrap().is_some());
    assert!(store.invitation_by_code("NEW").await.unwrap().is_some());
}

/// Eight accounts can have one name, in any spelling; each keeps its place when it changes.
#[tokio::test]
async fn a_name_can_be_shared() {
    let temp = TempStore::new().await;
    let store = &temp.store;
    let name = "Family@example.org";
    for number in 1..=8 {
        let spelled = if number % 2 == 0 {
            name
        } else {
            " family@EXAMPLE.org "
        };
        assert!(join(&temp, number, spelled).await.unwrap());
    }
    assert!(matches!(join(&temp, 9, name).await, Err(Error::Exists)));
    let ids = |accounts: Vec<Account>| -> Vec<u128> {
        accounts
            .iter()
            .map(|account| account.id.0.as_u128())
            .collect()
    };
    let all: Vec<u128> = (1..=8).collect();
    assert_eq!(ids(store.accounts_by_sign_in(name).await.unwrap()), all);
    let first = store.account_by_sign_in(name).await.unwrap().unwrap();
    assert_eq!(first.id.0.as_u128(), 1);
    let fifth = AccountId(Uuid::from_u128(5));
    store
        .change_account(&Stamp::SYSTEM, fifth, |account| {
            account.password_hash = None;
            Some(())
        })
        .await
        .unwrap();
    assert_eq!(ids(store.accounts_by_sign_in(name).await.unwrap()), all);
    // What is made without an invitation is still told that the name is taken.
    let strict = store
        .create_account(&Stamp::SYSTEM, account(&temp, 20, name))
        .await;
    assert!(matches!(strict, Err(Error::Exists)));
    let other = account(&temp, 21, "other@example.org");
    store
        .create_account(&Stamp::SYSTEM, other.clone())
        .await
        .unwrap();
    let renamed = Account {
        sign_in: name.to_owned(),
        ..other
    };
    let taken = store.update_account(&Stamp::SYSTEM, renamed).await;
    assert!(matches!(taken, Err(Error::Exists)));
}

/// Recovery codes are kept by a keyed hash of their own for each account.
#[tokio::test]
async fn recovery_codes_hash_by_account() {
    let temp = TempStore::new().await;
    let [one, other] = [1, 2].map(|number| AccountId(Uuid::from_u128(number)));
    let hash = |account, code| temp.store.recovery_code_hash(account, code);
    assert_eq!(hash(one, "CODE"), hash(one, "CODE"));
    assert_ne!(hash(one, "CODE"), hash(other, "CODE"));
    assert_ne!(hash(one, "CODE"), hash(one, "CODF"));
    assert!(!hash(one, "CODE").contains("CODE"));
}
