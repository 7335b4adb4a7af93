//! The addresses at which an account's owner is told: the sign-in name and up to two more (issue "Account"; LAW F6, B6).
//!
//! A new address counts once a code that was sent there was typed by who is signed in: until then nothing is told there
//! but that code. Changing the sign-in name, adding an address and taking one away each take a fresh factor for that very
//! change; the addresses of before are told. No answer tells whether somebody else uses an address. The address given at
//! joining is confirmed in the same way; as the sign-in name it is written to before that too.

use crate::actor::Actor;
use crate::letters::{self, Kind, Letter};
use crate::sign_in::{self, Outcome, delay};
use crate::step_up::{self, Action};
use crate::written_code::WrittenCode;
use crate::{Portal, Refusal, factors, session};
use chrono::{NaiveDate, TimeDelta};
use core::fmt;
use domain::clock::Instant;
use domain::id::AccountId;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
pub use store::Wanted;
use store::attempts::Pace;
use store::contacts::{ContactsChange, same};
use store::{Account, Chain, Contacts, Stamp, Unconfirmed};
use tower_sessions::Session;

/// How many addresses there may be beside the sign-in name.
pub const AT_MOST: usize = 2;
/// How long a code serves.
pub const CODE_FOR: TimeDelta = TimeDelta::minutes(30);
/// How often a code may be typed wrong: then it serves no more, and another has to be sent.
pub const TRIES: u32 = 5;
/// How many codes an account may have sent: strangers' letter boxes are not to be filled from here.
const SENDING: Pace = Pace {
    burst: 5,
    every: TimeDelta::minutes(15),
};
/// The longest e-mail address (RFC 5321 §4.5.3.1.3, less the brackets).
const LONGEST: usize = 254;

/// Whether browsers call it a valid e-mail address (HTML Living Standard, "valid e-mail address"), with a dot in the
/// host besides: nobody gets mail at a bare name.
pub fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else {
        return false;
    };
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= LONGEST
        && !local.is_empty()
        && local
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte))
        && host.contains('.')
        && host.split('.').all(label)
}

/// A change that takes a fresh factor, with the address that is confirmed by it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Another sign-in name.
    SignIn(String),
    /// A further address.
    Add(String),
    /// A further address goes.
    Remove(String),
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Change([redacted])")
    }
}

/// Why a change is not made. That somebody else uses the address is no reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cant {
    /// Nothing was typed.
    Missing,
    /// Not an e-mail address.
    Unreadable,
    /// It is one of the account's already.
    Known,
    /// There are as many as there may be.
    Full,
    /// It is not there any more.
    NotThere,
    /// Too many codes were sent lately.
    Wait,
}

/// What waits to be confirmed.
#[derive(Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The address.
    pub address: String,
    /// What becomes of it.
    pub wanted: Wanted,
    /// The first instant at which the code serves no more.
    pub expires: Instant,
}

/// The addresses of an account, for its owner.
#[derive(Clone, PartialEq, Eq)]
pub struct Listed {
    /// The sign-in name.
    pub sign_in: String,
    /// Whether it was confirmed.
    pub confirmed: bool,
    /// The further addresses.
    pub further: Vec<String>,
    /// One that the organization has of the person, where it is none of those: changed there, not here.
    pub on_file: Option<String>,
    /// What waits to be confirmed, while its code serves.
    pub waiting: Option<Waiting>,
}

impl Listed {
    /// Whether another may be added.
    pub fn can_add(&self) -> bool {
        self.further.len() < AT_MOST
    }
}

impl fmt::Debug for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listed([redacted])")
    }
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Waiting([redacted])")
    }
}

/// The addresses of whoever is signed in.
pub async fn list(portal: &Portal, actor: &Actor) -> Result<Listed, Refusal> {
    let store = portal.store();
    let account = account_of(portal, actor).await?;
    let contacts = store.contacts(account.id).await?;
    let on_file = actor.person.email.clone().filter(|on_file| {
        !same(on_file, &account.sign_in) && !contacts.further.iter().any(|one| same(one, on_file))
    });
    let now = portal.now();
    Ok(Listed {
        confirmed: contacts.has_confirmed(&account.sign_in),
        sign_in: account.sign_in,
        further: contacts.further,
        on_file,
        waiting: contacts
            .waiting
            .filter(|waiting| now < waiting.expires)
            .map(|waiting| Waiting {
                address: waiting.address,
                wanted: waiting.wanted,
                expires: waiting.expires,
            }),
    })
}

/// Why this change can't be made of these addresses, if there is a reason.
fn fault(account: &Account, contacts: &Contacts, change: &Change) -> Result<(), Cant> {
    let further = |address: &str| contacts.further.iter().any(|one| same(one, address));
    match change {
        Change::SignIn(address) | Change::Add(address) => {
            let adds = matches!(change, Change::Add(_));
            if address.is_empty() {
                Err(Cant::Missing)
            } else if !is_email(address) {
                Err(Cant::Unreadable)
            } else if same(address, &account.sign_in) || (adds && further(address)) {
                Err(Cant::Known)
            } else if adds && contacts.further.len() >= AT_MOST {
                Err(Cant::Full)
            } else {
                Ok(())
            }
        }
        Change::Remove(address) if further(address) => Ok(()),
        Change::Remove(_) => Err(Cant::NotThere),
    }
}

/// Begins a change: a code goes to a new address; one that is taken away is gone.
///
/// # Errors
/// [`Refusal::StepUpFirst`] when no fresh factor stands for this very change.
pub async fn request(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    change: &Change,
) -> Result<Result<(), Cant>, Refusal> {
    let account = account_of(portal, actor).await?;
    let contacts = portal.store().contacts(account.id).await?;
    if let Err(cant) = fault(&account, &contacts, change) {
        return Ok(Err(cant));
    }
    let action = Action::ChangeContacts(change.clone());
    if !step_up::stands(portal, session, &action).await? {
        return Err(Refusal::StepUpFirst);
    }
    let (address, wanted) = match change {
        Change::Remove(address) => {
            step_up::take(portal, session, &action).await?;
            return remove(portal, actor, &account, address).await;
        }
        Change::SignIn(address) => (address, Wanted::SignIn),
        Change::Add(address) => (address, Wanted::Further),
    };
    if !may_send(portal, account.id).await? {
        return Ok(Err(Cant::Wait));
    }
    step_up::take(portal, session, &action).await?;
    send(portal, &actor.stamp(), &account, address, wanted, None).await?;
    Ok(Ok(()))
}

/// Sends a code to the sign-in name, which waits to be confirmed, or once more to the address that waits already.
pub async fn send_again(portal: &Portal, actor: &Actor) -> Result<Result<(), Cant>, Refusal> {
    let account = account_of(portal, actor).await?;
    let contacts = portal.store().contacts(account.id).await?;
    let (address, wanted) = match contacts.waiting.clone() {
        // One whose time is over was a change that took a fresh factor then: it begins anew.
        Some(waiting) if portal.now() < waiting.expires => (waiting.address, waiting.wanted),
        _ if contacts.has_confirmed(&account.sign_in) => return Ok(Err(Cant::NotThere)),
        _ => (account.sign_in.clone(), Wanted::Confirm),
    };
    if !may_send(portal, account.id).await? {
        return Ok(Err(Cant::Wait));
    }
    send(portal, &actor.stamp(), &account, &address, wanted, None).await?;
    Ok(Ok(()))
}

/// Gives up what waits to be confirmed: its code serves no more.
pub async fn give_up(portal: &Portal, actor: &Actor) -> Result<(), Refusal> {
    let account = account_of(portal, actor).await?;
    let chain = sign_in::chain_of(portal, account.person).await?;
    portal
        .store()
        .change_contacts(&actor.stamp(), account.id, chain, |_, contacts| {
            contacts.waiting.take().map(|_| ContactsChange {
                made: (),
                said: None,
                letters: Vec::new(),
            })
        })
        .await?;
    Ok(())
}

/// Takes the code that was sent. Wrong, over, tried too often, or nothing waits: one answer.
pub async fn confirm(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    code: &SecretString,
) -> Result<Outcome, Refusal> {
    let account = account_of(portal, actor).await?;
    let store = portal.store();
    let now = portal.now();
    let waiting = store.contacts(account.id).await?.waiting;
    let Some(waiting) = waiting.filter(|waiting| now < waiting.expires) else {
        return Ok(Outcome::Refused);
    };
    // A slip of the pen is found by the check symbol: it is no try.
    let Some(code) = WrittenCode::parse(code) else {
        return Ok(Outcome::Refused);
    };
    let tries = store.attempt_key("contact-code", &waiting.id.to_string());
    let may = store
        .begin_attempt(&tries, TRIES, |failures| {
            let wait = delay(failures);
            (wait > TimeDelta::zero()).then(|| now + wait)
        })
        .await?;
    store
        .forget_attempts_at(&tries, Some(waiting.expires))
        .await?;
    let typed = store.contact_code_hash(account.id, code.plain());
    if !may || typed != waiting.code {
        return Ok(Outcome::Refused);
    }
    let chain = sign_in::chain_of(portal, account.person).await?;
    // Everywhere that was known before is told, and the new address with it.
    let mut told = letters::addresses(store, &account).await?;
    if !told.iter().any(|one| same(one, &waiting.address)) {
        told.push(waiting.address.clone());
    }
    let news = Letter {
        kind: Kind::AddressesChanged,
        at: now,
        agent: None,
        code: None,
    };
    let letters = letters::to_each(&told, &news);
    let id = waiting.id;
    let done = store
        .change_contacts(&actor.stamp(), account.id, chain, |account, contacts| {
            accept(account, contacts, id, letters)
        })
        .await?;
    let Some(wanted) = done else {
        return Ok(Outcome::Refused);
    };
    if wanted == Wanted::SignIn {
        // The counters of the old name are nobody's now; those of the new one may be another's, and stay.
        sign_in::leave_name(portal, &account.sign_in).await?;
        session::end_others(portal, session, actor).await?;
        let event = factors::sign_in_changed(account.id);
        sign_in::log(portal, &actor.stamp(), event).await?;
    }
    Ok(Outcome::Accepted)
}

/// What becomes of an address whose code was right; `None`: something else waits by now, or there is no room.
fn accept(
    account: &mut Account,
    contacts: &mut Contacts,
    id: uuid::Uuid,
    letters: Vec<store::outbox::NewLetter>,
) -> Option<ContactsChange<Wanted>> {
    let waiting = contacts.waiting.take().filter(|waiting| waiting.id == id)?;
    let address = waiting.address;
    let (said, letters) = match waiting.wanted {
        Wanted::Confirm => {
            if !same(&account.sign_in, &address) {
                return None;
            }
            contacts.confirmed = Some(address);
            // Nothing changed that anybody has to be told of.
            ("confirmed", Vec::new())
        }
        Wanted::SignIn => {
            contacts.further.retain(|one| !same(one, &address));
            contacts.confirmed = Some(address.clone());
            account.sign_in = address;
            ("sign-in-changed", letters)
        }
        Wanted::Further => {
            if contacts.further.len() >= AT_MOST {
                return None;
            }
            contacts.further.push(address);
            ("added", letters)
        }
    };
    Some(ContactsChange {
        made: waiting.wanted,
        said: Some(said),
        letters,
    })
}

async fn remove(
    portal: &Portal,
    actor: &Actor,
    account: &Account,
    address: &str,
) -> Result<Result<(), Cant>, Refusal> {
    let store = portal.store();
    let chain = sign_in::chain_of(portal, account.person).await?;
    // The one that goes is told too.
    let letters = letters::of(store, account, Kind::AddressesChanged).await?;
    let gone = store
        .change_contacts(&actor.stamp(), account.id, chain, |_, contacts| {
            let before = contacts.further.len();
            contacts.further.retain(|one| !same(one, address));
            (contacts.further.len() < before).then_some(ContactsChange {
                made: (),
                said: Some("removed"),
                letters,
            })
        })
        .await?;
    Ok(gone.ok_or(Cant::NotThere))
}

/// What is kept with a new account: that its address waits to be confirmed, and the birth date by which staff find it
/// again. The account is there by then: a fault is for the log alone.
pub(crate) async fn begin(
    portal: &Portal,
    stamp: &Stamp,
    account: &Account,
    birth: Option<NaiveDate>,
) {
    let sent = send(
        portal,
        stamp,
        account,
        &account.sign_in,
        Wanted::Confirm,
        birth,
    );
    if sent.await.is_err() {
        tracing::error!("the addresses of a new account can't be kept");
    }
}

async fn may_send(portal: &Portal, account: AccountId) -> Result<bool, Refusal> {
    let store = portal.store();
    let key = store.attempt_key("contact-letters", &account.to_string());
    Ok(store.pace(&key, SENDING).await?)
}

/// Sends a code to an address, which waits from now on; a code that was sent before serves no more.
async fn send(
    portal: &Portal,
    stamp: &Stamp,
    account: &Account,
    address: &str,
    wanted: Wanted,
    birth: Option<NaiveDate>,
) -> Result<(), Refusal> {
    let store = portal.store();
    let code = WrittenCode::draw(store.entropy());
    let now = portal.now();
    let waiting = Unconfirmed {
        id: uuid::Builder::from_random_bytes(store::entropy::random(store.entropy())).into_uuid(),
        address: address.to_owned(),
        wanted,
        code: store.contact_code_hash(account.id, code.plain()),
        expires: now + CODE_FOR,
    };
    let letter = Letter {
        kind: Kind::ConfirmAddress,
        at: now,
        agent: None,
        code: Some(code.written()),
    };
    let letters = letters::to_each(&[address.to_owned()], &letter);
    let chain: Chain = sign_in::chain_of(portal, account.person).await?;
    store
        .change_contacts(stamp, account.id, chain, |_, contacts| {
            contacts.waiting = Some(waiting);
            contacts.birth = birth.or(contacts.birth);
            Some(ContactsChange {
                made: (),
                said: None,
                letters,
            })
        })
        .await?;
    Ok(())
}

async fn account_of(portal: &Portal, actor: &Actor) -> Result<Account, Refusal> {
    portal
        .store()
        .account(actor.account())
        .await?
        .ok_or(Refusal::SignInFirst)
}

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn addresses_are_told_from_what_is_none() {
        for good in [
            "a@b.example",
            "Maria.O'Neil+portal@mail.clinic.example",
            "x_1@xn--bcher-kva.example",
        ] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "maria",
            "maria@",
            "@b.example",
            "maria@local",
            "a b@c.example",
            "a@b@c.example",
            "a@-b.example",
            "a@b-.example",
            "a@b..example",
            "a@b.example\n",
            "ä@b.example",
            "a@b.exa mple",
            "<a@b.example>",
        ] {
            assert!(!is_email(bad), "{bad:?}");
        }
        assert!(!is_email(&format!("{}@b.example", "a".repeat(250))));
    }
}
