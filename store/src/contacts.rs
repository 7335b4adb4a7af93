//! The addresses at which an account's owner is told, sealed, one row an account. The sign-in name is the account's
//! own; here is whether it was confirmed, which addresses there are besides, and which waits to be confirmed.

use crate::accounts::{Account, normalise};
use crate::entities::{accounts, contacts};
use crate::error::Error;
use crate::ledger::Chain;
use crate::ledger::event::Event;
use crate::opening::Store;
use crate::outbox::{self, NewLetter};
use crate::seal::Place;
use crate::stamp::Stamp;
use chrono::NaiveDate;
use core::fmt;
use domain::clock::Instant;
use domain::id::AccountId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait, QuerySelect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is to become of an address once it is confirmed. INVARIANT: add variants; never rename one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Wanted {
    /// It is the sign-in name already.
    Confirm,
    /// It takes the place of the sign-in name.
    SignIn,
    /// It stands beside it.
    Further,
}

/// An address that waits for its owner to type the code that was sent there.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unconfirmed {
    /// Names this code: tries are counted under it.
    pub id: Uuid,
    /// The address.
    pub address: String,
    /// What is to become of it.
    pub wanted: Wanted,
    /// The keyed hash of the code ([`Store::contact_code_hash`]).
    pub code: String,
    /// The first instant at which the code serves no more.
    pub expires: Instant,
}

/// The addresses of an account, but for its sign-in name.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contacts {
    /// The sign-in name that was confirmed; it counts while it is the account's.
    pub confirmed: Option<String>,
    /// Further addresses, each confirmed.
    pub further: Vec<String>,
    /// What waits to be confirmed.
    pub waiting: Option<Unconfirmed>,
    /// The birth date that was given with the invitation, where there was one: of those who have no record of their own.
    #[serde(default)]
    pub birth: Option<NaiveDate>,
}

impl Contacts {
    /// Whether this sign-in name was confirmed.
    pub fn has_confirmed(&self, sign_in: &str) -> bool {
        self.confirmed
            .as_deref()
            .is_some_and(|confirmed| same(confirmed, sign_in))
    }
}

/// Whether two addresses are one: without case and outer space.
pub fn same(one: &str, other: &str) -> bool {
    normalise(one) == normalise(other)
}

impl fmt::Debug for Contacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Contacts([redacted])")
    }
}

impl fmt::Debug for Unconfirmed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unconfirmed")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

fn place(row: &[u8]) -> Place<'_> {
    Place {
        table: "contacts",
        row,
        patient: None,
        field: "body",
    }
}

/// What came of looking at an account's addresses to change them.
#[derive(Clone, Debug)]
pub struct ContactsChange<T> {
    /// For the caller.
    pub made: T,
    /// The fixed word for the ledger; `None`: nobody's addresses changed by it, as when a code is sent.
    pub said: Option<&'static str>,
    /// What goes into the outbox with it.
    pub letters: Vec<NewLetter>,
}

impl Store {
    pub(crate) fn contacts_row(&self, account: AccountId) -> Vec<u8> {
        self.index()
            .hash("contacts-account", &[account.0.as_bytes()])
    }

    /// The keyed hash of a code that was sent to an address of an account.
    pub fn contact_code_hash(&self, account: AccountId, code: &str) -> String {
        let hash = self
            .index()
            .hash("contact-code", &[account.0.as_bytes(), code.as_bytes()]);
        data_encoding::BASE64.encode(&hash)
    }

    fn read_contacts(&self, row: &contacts::Model) -> Result<Contacts, Error> {
        self.house().open(&place(&row.account), &row.body)
    }

    /// The addresses of an account; none besides its sign-in name where nothing was ever said.
    pub async fn contacts(&self, account: AccountId) -> Result<Contacts, Error> {
        let row = contacts::Entity::find_by_id(self.contacts_row(account))
            .one(self.read())
            .await?;
        Ok(row
            .map(|row| self.read_contacts(&row))
            .transpose()?
            .unwrap_or_default())
    }

    /// Changes the addresses of an account, its sign-in name too, in one transaction with the ledger and the letters;
    /// `change` gives `None`: nothing is written. `chain`: that of the account's owner.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such account; [`Error::Exists`] when no further account can have the new
    /// sign-in name.
    pub async fn change_contacts<T: Send>(
        &self,
        stamp: &Stamp,
        account: AccountId,
        chain: Chain,
        change: impl FnOnce(&mut Account, &mut Contacts) -> Option<ContactsChange<T>> + Send,
    ) -> Result<Option<T>, Error> {
        let mut unit = self
            .unit(Chain::House)
            .await?
            .ok_or(Error::NotFound("ledger"))?;
        let row = accounts::Entity::find_by_id(account.0)
            .one(&unit.transaction)
            .await?
            .ok_or(Error::NotFound("account"))?;
        let before = self.read_account(&row)?;
        let mut kept = before.clone();
        let place_of = self.contacts_row(account);
        let mut addresses = contacts::Entity::find_by_id(place_of.clone())
            .lock_exclusive()
            .one(&unit.transaction)
            .await?
            .map(|row| self.read_contacts(&row))
            .transpose()?
            .unwrap_or_default();
        let Some(changed) = change(&mut kept, &mut addresses) else {
            return Ok(None);
        };
        if kept.sign_in != before.sign_in {
            if same(&kept.sign_in, &before.sign_in) {
                self.rewrite_account(&unit.transaction, &before, &kept)
                    .await?;
            } else {
                self.rename_account(&unit.transaction, &kept).await?;
            }
            unit.append(stamp, Event::AccountChanged { account })
                .await?;
        }
        let body = self
            .house()
            .seal(&place(&place_of), &addresses, self.entropy())?;
        contacts::Entity::insert(contacts::ActiveModel {
            account: Set(place_of),
            body: Set(body),
        })
        .on_conflict(
            OnConflict::column(contacts::Column::Account)
                .update_column(contacts::Column::Body)
                .to_owned(),
        )
        .exec_without_returning(&unit.transaction)
        .await?;
        if let Some(change) = changed.said {
            let event = Event::ContactsChanged {
                account,
                change: change.to_owned(),
            };
            unit.append_to(chain, stamp, event).await?;
        }
        outbox::put(self, &unit.transaction, &changed.letters).await?;
        unit.commit().await?;
        Ok(Some(changed.made))
    }
}
