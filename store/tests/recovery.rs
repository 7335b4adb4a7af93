//! Cases of recovery end once, whoever is faster; addresses change whole or not at all (LAW F6, F8).
#![allow(clippy::unwrap_used)]

use chrono::TimeDelta;
use domain::clock::Clock;
use domain::id::{AccountId, PersonId, RecoveryCaseId};
use domain::identity_check::{How, IdentityCheck};
use domain::party::Role;
use store::contacts::ContactsChange;
use store::recovery_cases::Hand;
use store::testing::TempStore;
use store::{Account, ActorRef, CaseEnd, Chain, Event, HistoryQuery, RecoveryCase, Stamp};
use uuid::Uuid;

async fn account(temp: &TempStore, number: u128, sign_in: &str) -> AccountId {
    let id = AccountId(Uuid::from_u128(number));
    let account = Account {
        id,
        sign_in: sign_in.to_owned(),
        password_hash: Some(format!("hash {number}")),
        totp_secret: None,
        recovery_codes: Vec::new(),
        passkeys: Vec::new(),
        person: PersonId(Uuid::from_u128(number)),
        roles: vec![Role::Support],
        created: temp.clock.now(),
    };
    temp.store
        .create_account(&Stamp::SYSTEM, account)
        .await
        .unwrap();
    id
}

fn case(temp: &TempStore, number: u128, account: AccountId) -> RecoveryCase {
    let now = temp.clock.now();
    RecoveryCase {
        id: RecoveryCaseId(Uuid::from_u128(number)),
        account,
        person: PersonId(account.0),
        check: IdentityCheck {
            how: How::Known,
            document: None,
            note: String::new(),
        },
        by: PersonId(Uuid::from_u128(99)),
        opened: now,
        ready: now,
        lapses: now + TimeDelta::days(7),
        agreed: None,
        end: None,
    }
}

/// Ends a case, if it is open still; whether it did.
async fn end(temp: &TempStore, id: RecoveryCaseId, hand: Hand, how: CaseEnd) -> bool {
    let now = temp.clock.now();
    temp.store
        .step_recovery_case(&Stamp::SYSTEM, hand, (id, Chain::House), &[], |case, _| {
            case.is_open(now).then(|| {
                case.end = Some((how, now));
                Event::RecoveryCaseFinished {
                    case: case.id,
                    account: case.account,
                }
            })
        })
        .await
        .unwrap()
}

/// Of the owner who stops it and somebody who finishes it at the same moment one does; what the other wanted is not
/// written down either. Of one account one case is open at a time.
#[tokio::test]
async fn a_case_ends_once() {
    let temp = TempStore::new().await;
    let owner = account(&temp, 1, "a@example.org").await;
    let first = case(&temp, 11, owner);
    let open = async |case: &RecoveryCase| {
        let opened = temp
            .store
            .open_recovery_case(&Stamp::SYSTEM, Chain::House, case, &[]);
        opened.await.unwrap()
    };
    assert!(open(&first).await);
    assert!(!open(&case(&temp, 12, owner)).await);
    let finished = CaseEnd::Finished(PersonId(Uuid::from_u128(99)));
    let (one, other) = tokio::join!(
        end(&temp, first.id, Hand::Owner, CaseEnd::StoppedByOwner),
        end(&temp, first.id, Hand::Staff, finished),
    );
    assert!(one != other, "{one} {other}");
    let entries = temp
        .store
        .entries(Chain::House, HistoryQuery::default())
        .await
        .unwrap();
    let ends = entries
        .iter()
        .filter(|entry| matches!(entry.body.event, Event::RecoveryCaseFinished { .. }));
    assert_eq!(ends.count(), 1);
    assert!(open(&case(&temp, 12, owner)).await, "the first is over");
    let waiting = temp.store.open_recovery_case_of(owner).await.unwrap();
    assert_eq!(waiting.map(|case| case.id.0), Some(Uuid::from_u128(12)));
    assert_eq!(temp.store.recovery_cases().await.unwrap().len(), 2);
    assert!(temp.store.verify(|_, _| {}).await.unwrap().is_sound());
}

/// Who lost the role in which they act does nothing any more, at the moment of the commit.
#[tokio::test]
async fn staff_act_by_a_role_they_hold() {
    let temp = TempStore::new().await;
    let owner = account(&temp, 1, "a@example.org").await;
    let helper = account(&temp, 2, "b@example.org").await;
    let stamp = Stamp {
        actor: ActorRef {
            account: Some(helper),
            person: Some(PersonId(helper.0)),
            role: Some(Role::Administrator),
        },
        ..Stamp::SYSTEM
    };
    let opened = temp
        .store
        .open_recovery_case(&stamp, Chain::House, &case(&temp, 11, owner), &[])
        .await
        .unwrap();
    assert!(!opened);
    let none = temp.store.open_recovery_case_of(owner).await.unwrap();
    assert_eq!(none, None);
}

/// LAW F8: an account takes a sign-in name that another has, and each is found by it; what is given up is free.
#[tokio::test]
async fn a_sign_in_name_changes_to_one_that_is_shared() {
    let temp = TempStore::new().await;
    let one = account(&temp, 1, "a@example.org").await;
    let two = account(&temp, 2, "b@example.org").await;
    let rename = async |to: &str| {
        let to = to.to_owned();
        let store = &temp.store;
        let renamed = store.change_contacts(&Stamp::SYSTEM, two, Chain::House, |account, kept| {
            account.sign_in.clone_from(&to);
            kept.confirmed = Some(to);
            Some(ContactsChange {
                made: (),
                said: Some("sign-in-changed"),
                letters: Vec::new(),
            })
        });
        renamed.await.unwrap();
    };
    let found = async |name: &str| {
        let accounts = temp.store.accounts_by_sign_in(name).await.unwrap();
        accounts
            .iter()
            .map(|account| account.id)
            .collect::<Vec<_>>()
    };
    rename("A@Example.org").await;
    assert_eq!(found("a@example.org").await, [one, two]);
    assert_eq!(found("b@example.org").await, []);
    let kept = temp.store.contacts(two).await.unwrap();
    assert!(kept.has_confirmed("a@example.org") && !kept.has_confirmed("b@example.org"));
    rename("b@example.org").await;
    assert_eq!(found("a@example.org").await, [one]);
    assert_eq!(found("b@example.org").await, [two]);
    // Nothing is written where nothing is to be changed.
    let nothing = temp
        .store
        .change_contacts(&Stamp::SYSTEM, two, Chain::House, |account, _| {
            account.sign_in.clear();
            None::<ContactsChange<()>>
        })
        .await
        .unwrap();
    assert_eq!(nothing, None);
    assert_eq!(found("b@example.org").await, [two]);
}
