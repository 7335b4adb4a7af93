//! Letters: what people are told by e-mail when something happens to their account. A letter names no program, no
//! condition and nothing of a record (LAW B6), and carries no link that opens anything. The words are the pages'
//! (`app::letters`); here is who gets which, and the outbox they wait in until a job of the server sends them.

use crate::announce::{Announcement, Announcer, Delivery};
use crate::devices::Agent;
use crate::{Portal, Refusal};
use domain::clock::Instant;
use domain::id::AccountId;
use serde::{Deserialize, Serialize};
use store::contacts::same;
use store::outbox::NewLetter;
use store::{Account, Store};

/// What a letter tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Somebody signed in from a device that is new.
    NewDevice,
    /// The account was made.
    AccountMade,
    /// Another account was made with the same e-mail.
    NameShared,
    /// Somebody signed in with a recovery code.
    RecoveryCodeUsed,
    /// What the account signs in with was set up anew.
    SetUpAnew,
    /// Staff took away what the account signs in with.
    FactorsReset,
    /// The password was changed.
    PasswordChanged,
    /// A passkey or an authenticator app came or went.
    FactorChanged,
    /// New recovery codes took the place of the old ones.
    RecoveryCodesChanged,
    /// Staff ended the account's sessions.
    SessionsEnded,
    /// Something waits to be read in the account: of what kind is not told.
    ToRead,
    /// Somebody asked staff to set up anew what the account signs in with.
    RecoveryAsked,
    /// That was stopped.
    RecoveryStopped,
    /// The code that confirms an address, sent there and nowhere else.
    ConfirmAddress,
    /// The addresses changed at which the owner is told.
    AddressesChanged,
}

/// Every kind, for whoever puts them into words.
pub const KINDS: [Kind; 15] = [
    Kind::NewDevice,
    Kind::AccountMade,
    Kind::NameShared,
    Kind::RecoveryCodeUsed,
    Kind::SetUpAnew,
    Kind::FactorsReset,
    Kind::PasswordChanged,
    Kind::FactorChanged,
    Kind::RecoveryCodesChanged,
    Kind::SessionsEnded,
    Kind::ToRead,
    Kind::RecoveryAsked,
    Kind::RecoveryStopped,
    Kind::ConfirmAddress,
    Kind::AddressesChanged,
];

impl From<Announcement> for Kind {
    fn from(what: Announcement) -> Self {
        match what {
            Announcement::AccountMade => Self::AccountMade,
            Announcement::NameShared => Self::NameShared,
            Announcement::RecoveryCodeUsed => Self::RecoveryCodeUsed,
            Announcement::SetUpAnew => Self::SetUpAnew,
            Announcement::FactorsReset => Self::FactorsReset,
            Announcement::PasswordChanged => Self::PasswordChanged,
            Announcement::FactorChanged => Self::FactorChanged,
            Announcement::RecoveryCodesChanged => Self::RecoveryCodesChanged,
        }
    }
}

/// A letter, as it waits in the outbox.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// What it tells.
    pub kind: Kind,
    /// When it happened.
    pub at: Instant,
    /// From which device, where that matters.
    pub agent: Option<Agent>,
    /// The code that confirms the address it goes to. It opens nothing by itself: it is typed on a page of who is signed
    /// in.
    #[serde(default)]
    pub code: Option<String>,
}

impl core::fmt::Debug for Letter {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Letter")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl Letter {
    /// Reads what the outbox gave back; `None`: it is none of ours.
    pub fn read(what: &serde_json::Value) -> Option<Self> {
        Self::deserialize(what).ok()
    }
}

/// The letters to an account's owner about what happened on a device, one for each address, ready for the outbox.
pub(crate) async fn to(
    portal: &Portal,
    account: &Account,
    kind: Kind,
    agent: Agent,
) -> Result<Vec<NewLetter>, Refusal> {
    let letter = Letter {
        kind,
        at: portal.now(),
        agent: Some(agent),
        code: None,
    };
    Ok(addressed(portal.store(), account, &letter).await?)
}

/// Where an account's owner is told, each address once: the sign-in name, confirmed or not; the further addresses, which
/// all were confirmed; and one that the organization has of the person.
pub(crate) async fn addresses(
    store: &Store,
    account: &Account,
) -> Result<Vec<String>, store::Error> {
    let further = store.contacts(account.id).await?.further;
    let on_file = store
        .person(account.person)
        .await?
        .and_then(|person| person.email);
    let mut addresses: Vec<String> = Vec::new();
    for address in core::iter::once(account.sign_in.clone())
        .chain(further)
        .chain(on_file)
    {
        let address = address.trim();
        let known = addresses.iter().any(|known| same(known, address));
        if address.contains('@') && !known {
            addresses.push(address.to_owned());
        }
    }
    Ok(addresses)
}

async fn addressed(
    store: &Store,
    account: &Account,
    letter: &Letter,
) -> Result<Vec<NewLetter>, store::Error> {
    Ok(to_each(&addresses(store, account).await?, letter))
}

/// The same letter to each of these addresses.
pub(crate) fn to_each(addresses: &[String], letter: &Letter) -> Vec<NewLetter> {
    let Ok(what) = serde_json::to_value(letter) else {
        return Vec::new();
    };
    addresses
        .iter()
        .map(|to| NewLetter {
            to: to.clone(),
            what: what.clone(),
        })
        .collect()
}

/// The letters to an account's owner, ready for the outbox.
///
/// # Errors
/// When the store can't be used.
pub(crate) async fn of(
    store: &Store,
    account: &Account,
    kind: Kind,
) -> Result<Vec<NewLetter>, store::Error> {
    let letter = Letter {
        kind,
        at: store.clock().now(),
        agent: None,
        code: None,
    };
    addressed(store, account, &letter).await
}

/// Puts a letter to an account's owner into the outbox.
///
/// # Errors
/// When the store can't be used.
pub async fn post(store: &Store, account: AccountId, kind: Kind) -> Result<(), store::Error> {
    let Some(account) = store.account(account).await? else {
        return Ok(());
    };
    let letters = of(store, &account, kind).await?;
    store.put_letters(&letters).await
}

/// Tells people by letter.
#[derive(Clone, Debug)]
pub struct ByLetter(Store);

impl ByLetter {
    /// By the outbox of this store.
    pub fn new(store: Store) -> Self {
        Self(store)
    }
}

impl Announcer for ByLetter {
    fn announce(&self, account: AccountId, what: Announcement) -> Delivery<'_> {
        Box::pin(async move {
            if let Err(error) = post(&self.0, account, what.into()).await {
                tracing::error!(%error, "a letter can't be put into the outbox");
            }
        })
    }
}
