//! Accounts: sealed by the house key, found by the keyed hash of the sign-in name.

use crate::entities::accounts;
use crate::error::Error;
use crate::ledger::event::Event;
use crate::ledger::{Chain, Committed, from_micros, to_number};
use crate::opening::Store;
use crate::seal::Place;
use crate::secret::SecretBytes;
use crate::stamp::Stamp;
use crate::unit::Unit;
use core::fmt;
use domain::clock::Instant;
use domain::id::{AccountId, PersonId};
use domain::party::Role;
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// An account that can sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Which.
    pub id: AccountId,
    /// The sign-in name as typed; compared without case and outer space.
    pub sign_in: String,
    /// The password's hash (PHC string), if it has one.
    pub password_hash: Option<String>,
    /// The TOTP secret, if it has one.
    pub totp_secret: Option<SecretBytes>,
    /// Hashes of the recovery codes that are left.
    pub recovery_codes: Vec<String>,
    /// Passkeys, each in the form the sign-in code keeps.
    pub passkeys: Vec<serde_json::Value>,
    /// The person.
    pub person: PersonId,
    /// The roles in which the person may look.
    pub roles: Vec<Role>,
    /// When it was made.
    pub created: Instant,
}

impl Account {
    /// Whether there is anything to sign in with.
    pub fn has_factors(&self) -> bool {
        self.password_hash.is_some()
            || self.totp_secret.is_some()
            || !self.passkeys.is_empty()
            || !self.recovery_codes.is_empty()
    }

    /// Takes away everything that it is signed in with.
    pub fn take_factors_away(&mut self) {
        self.password_hash = None;
        self.totp_secret = None;
        self.passkeys.clear();
        self.recovery_codes.clear();
    }

    /// What decisions rest on: who looks, and in which roles. When it changes, every epoch moves (POLICY §6).
    fn looks_as(&self) -> (PersonId, &[Role]) {
        (self.person, &self.roles)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Failures of an account and until when it is blocked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SignInState {
    /// Failures since the last success.
    pub failures: u32,
    /// No attempt is looked at before this instant.
    pub blocked_until: Option<Instant>,
}

/// What the row seals.
#[derive(Serialize, Deserialize)]
struct Body {
    sign_in: String,
    password_hash: Option<String>,
    totp_secret: Option<Hidden>,
    #[serde(default)]
    recovery_codes: Vec<String>,
    #[serde(default)]
    passkeys: Vec<serde_json::Value>,
    person: PersonId,
    roles: Vec<Role>,
    created: Instant,
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
struct Hidden(Vec<u8>);

/// The form of a sign-in name that is compared.
pub(crate) fn normalise(sign_in: &str) -> String {
    sign_in.trim().to_lowercase()
}

fn place(id: &AccountId) -> Place<'_> {
    Place {
        table: "accounts",
        row: id.0.as_bytes(),
        patient: None,
        field: "body",
    }
}

pub(crate) fn read_state(failures: i64, blocked_until: Option<i64>) -> SignInState {
    SignInState {
        failures: u32::try_from(failures).unwrap_or(u32::MAX),
        blocked_until: blocked_until.and_then(from_micros),
    }
}

/// How many accounts can have one sign-in name. A family may share an e-mail, and whoever joins must not learn from an
/// answer that somebody has an account here (LAW B5, F8): so a name that is in use is taken all the same.
const SHARED_BY: u8 = 8;

/// The first of these hashes under which no account stands.
async fn free(transaction: &DatabaseTransaction, hashes: Vec<Vec<u8>>) -> Result<Vec<u8>, Error> {
    let taken: Vec<Vec<u8>> = accounts::Entity::find()
        .select_only()
        .column(accounts::Column::SignIn)
        .filter(accounts::Column::SignIn.is_in(hashes.clone()))
        .into_tuple()
        .all(transaction)
        .await?;
    hashes
        .into_iter()
        .find(|hash| !taken.contains(hash))
        .ok_or(Error::Exists)
}

impl Store {
    fn sign_in_hash(&self, sign_in: &str) -> Vec<u8> {
        self.index()
            .hash("sign-in", &[normalise(sign_in).as_bytes()])
    }

    /// The hashes under which the accounts of one sign-in name stand: each row's is unique, the first is
    /// [`Self::sign_in_hash`].
    fn shared_hashes(&self, sign_in: &str) -> Vec<Vec<u8>> {
        let name = normalise(sign_in);
        let others = (1..SHARED_BY).map(|place| {
            self.index()
                .hash("sign-in-shared", &[name.as_bytes(), &[place]])
        });
        core::iter::once(self.sign_in_hash(sign_in))
            .chain(others)
            .collect()
    }

    /// Writes a new account's row. `shared`: another account may have the sign-in name already.
    ///
    /// # Errors
    /// [`Error::Exists`] when there is no room for another account of that name.
    pub(crate) async fn insert_account(
        &self,
        transaction: &DatabaseTransaction,
        account: &Account,
        shared: bool,
    ) -> Result<(), Error> {
        let mut hashes = self.shared_hashes(&account.sign_in);
        if !shared {
            hashes.truncate(1);
        }
        accounts::Entity::insert(accounts::ActiveModel {
            sign_in: Set(free(transaction, hashes).await?),
            totp_step: Set(None),
            last_used: Set(None),
            ..self.account_row(account)?
        })
        .exec_without_returning(transaction)
        .await?;
        Ok(())
    }

    /// Writes what is kept of an account over what was.
    ///
    /// # Errors
    /// [`Error::Exists`] when it takes a new sign-in name that another account has.
    pub(crate) async fn rewrite_account(
        &self,
        transaction: &DatabaseTransaction,
        before: &Account,
        account: &Account,
    ) -> Result<(), Error> {
        let mut row = accounts::ActiveModel {
            id: Unchanged(account.id.0),
            ..self.account_row(account)?
        };
        // Where several have the name, each keeps the place it stands at.
        if normalise(&before.sign_in) != normalise(&account.sign_in) {
            let first = vec![self.sign_in_hash(&account.sign_in)];
            row.sign_in = Set(free(transaction, first).await?);
        }
        accounts::Entity::update(row).exec(transaction).await?;
        Ok(())
    }

    /// Writes an account with another sign-in name, which others may have too: nobody learns by it that they do.
    ///
    /// # Errors
    /// [`Error::Exists`] when there is no room for another account of that name.
    pub(crate) async fn rename_account(
        &self,
        transaction: &DatabaseTransaction,
        account: &Account,
    ) -> Result<(), Error> {
        let hashes = self.shared_hashes(&account.sign_in);
        let row = accounts::ActiveModel {
            id: Unchanged(account.id.0),
            sign_in: Set(free(transaction, hashes).await?),
            ..self.account_row(account)?
        };
        accounts::Entity::update(row).exec(transaction).await?;
        Ok(())
    }

    fn account_row(&self, account: &Account) -> Result<accounts::ActiveModel, Error> {
        let body = Body {
            sign_in: account.sign_in.clone(),
            password_hash: account.password_hash.clone(),
            totp_secret: account
                .totp_secret
                .as_ref()
                .map(|secret| Hidden(secret.expose().to_vec())),
            recovery_codes: account.recovery_codes.clone(),
            passkeys: account.passkeys.clone(),
            person: account.person,
            roles: account.roles.clone(),
            created: account.created,
        };
        Ok(accounts::ActiveModel {
            id: Set(account.id.0),
            person: Set(self.account_person_hash(account.person)),
            body: Set(self
                .house()
                .seal(&place(&account.id), &body, self.entropy())?),
            ..Default::default()
        })
    }

    pub(crate) fn account_person_hash(&self, person: PersonId) -> Vec<u8> {
        self.index().hash("account-person", &[person.0.as_bytes()])
    }

    pub(crate) fn read_account(&self, row: &accounts::Model) -> Result<Account, Error> {
        let id = AccountId(row.id);
        let body: Body = self.house().open(&place(&id), &row.body)?;
        Ok(Account {
            id,
            sign_in: body.sign_in,
            password_hash: body.password_hash,
            totp_secret: body
                .totp_secret
                .map(|hidden| SecretBytes::new(hidden.0.clone())),
            recovery_codes: body.recovery_codes,
            passkeys: body.passkeys,
            person: body.person,
            roles: body.roles,
            created: body.created,
        })
    }

    /// The account of a sign-in name.
    pub async fn account_by_sign_in(&self, sign_in: &str) -> Result<Option<Account>, Error> {
        let row = accounts::Entity::find()
            .filter(accounts::Column::SignIn.eq(self.sign_in_hash(sign_in)))
            .one(self.read())
            .await?;
        row.map(|row| self.read_account(&row)).transpose()
    }

    /// Every account of a sign-in name, the oldest first; each opens with its own password.
    pub async fn accounts_by_sign_in(&self, sign_in: &str) -> Result<Vec<Account>, Error> {
        let hashes = self.shared_hashes(sign_in);
        let rows = accounts::Entity::find()
            .filter(accounts::Column::SignIn.is_in(hashes.clone()))
            .all(self.read())
            .await?;
        hashes
            .iter()
            .filter_map(|hash| rows.iter().find(|row| row.sign_in == *hash))
            .map(|row| self.read_account(row))
            .collect()
    }

    /// Every account, and when each was used last.
    pub async fn all_accounts(&self) -> Result<Vec<(Account, Option<Instant>)>, Error> {
        let rows = accounts::Entity::find()
            .order_by_asc(accounts::Column::Id)
            .all(self.read())
            .await?;
        rows.iter()
            .map(|row| {
                let used = row.last_used.and_then(from_micros);
                Ok((self.read_account(row)?, used))
            })
            .collect()
    }

    /// When an account was used last; `None`: never, or there is none of that id.
    pub async fn last_used(&self, account: AccountId) -> Result<Option<Instant>, Error> {
        let row = accounts::Entity::find_by_id(account.0)
            .one(self.read())
            .await?;
        Ok(row.and_then(|row| row.last_used).and_then(from_micros))
    }

    /// Notes that an account is used now.
    pub async fn note_use(&self, account: AccountId) -> Result<(), Error> {
        let transaction = self.begin().await?;
        accounts::Entity::update_many()
            .set(accounts::ActiveModel {
                last_used: Set(Some(self.clock().now().timestamp_micros())),
                ..Default::default()
            })
            .filter(accounts::Column::Id.eq(account.0))
            .exec(&transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// One account.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, Error> {
        let row = accounts::Entity::find_by_id(id.0).one(self.read()).await?;
        row.map(|row| self.read_account(&row)).transpose()
    }

    /// The accounts of a person.
    pub async fn accounts_of(&self, person: PersonId) -> Result<Vec<Account>, Error> {
        let rows = accounts::Entity::find()
            .filter(accounts::Column::Person.eq(self.account_person_hash(person)))
            .order_by_asc(accounts::Column::Id)
            .all(self.read())
            .await?;
        rows.iter().map(|row| self.read_account(row)).collect()
    }

    /// Makes an account.
    ///
    /// # Errors
    /// [`Error::Exists`] when another has that sign-in name.
    pub async fn create_account(
        &self,
        stamp: &Stamp,
        account: Account,
    ) -> Result<Committed, Error> {
        let unit = self
            .unit(Chain::House)
            .await?
            .ok_or(Error::NotFound("ledger"))?;
        self.insert_account(&unit.transaction, &account, false)
            .await?;
        let event = Event::AccountCreated {
            account: account.id,
        };
        unit.finish_without_change(stamp, event).await
    }

    /// Replaces what is kept of an account; counters stay. Another person or other roles move every epoch (POLICY §6).
    pub async fn update_account(
        &self,
        stamp: &Stamp,
        account: Account,
    ) -> Result<Committed, Error> {
        let mut unit = self
            .unit(Chain::House)
            .await?
            .ok_or(Error::NotFound("ledger"))?;
        let before = accounts::Entity::find_by_id(account.id.0)
            .one(&unit.transaction)
            .await?
            .ok_or(Error::NotFound("account"))?;
        let before = self.read_account(&before)?;
        self.rewrite_account(&unit.transaction, &before, &account)
            .await?;
        if before.looks_as() != account.looks_as() {
            unit.move_every_epoch();
        }
        let event = Event::AccountChanged {
            account: account.id,
        };
        unit.finish_without_change(stamp, event).await
    }

    /// Changes what is kept of an account. It is read and written in one transaction, so that of two changes at once
    /// neither undoes the other. When `change` gives `None`, nothing is written and nothing logged.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such account.
    pub async fn change_account<T: Send>(
        &self,
        stamp: &Stamp,
        account: AccountId,
        change: impl FnOnce(&mut Account) -> Option<T> + Send,
    ) -> Result<Option<T>, Error> {
        let Some((unit, made)) = self.changed(account, change).await? else {
            return Ok(None);
        };
        unit.finish_without_change(stamp, Event::AccountChanged { account })
            .await?;
        Ok(Some(made))
    }

    /// The same for what changes by mere use, such as a passkey's counter: there is no entry of its own, the use has
    /// one.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such account.
    pub async fn touch_account<T: Send>(
        &self,
        account: AccountId,
        change: impl FnOnce(&mut Account) -> Option<T> + Send,
    ) -> Result<Option<T>, Error> {
        let Some((unit, made)) = self.changed(account, change).await? else {
            return Ok(None);
        };
        unit.commit().await?;
        Ok(Some(made))
    }

    /// A unit of work in which the account is changed already; it holds the house's head, as every change of an
    /// account does.
    async fn changed<T: Send>(
        &self,
        account: AccountId,
        change: impl FnOnce(&mut Account) -> Option<T> + Send,
    ) -> Result<Option<(Unit<'_>, T)>, Error> {
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
        let Some(made) = change(&mut kept) else {
            return Ok(None);
        };
        self.rewrite_account(&unit.transaction, &before, &kept)
            .await?;
        if before.looks_as() != kept.looks_as() {
            unit.move_every_epoch();
        }
        Ok(Some((unit, made)))
    }

    /// Uses up a TOTP step (RFC 6238 §5.2): true once, and only for a step after the last used one.
    pub async fn use_totp_step(&self, account: AccountId, step: u64) -> Result<bool, Error> {
        let step = to_number(step)?;
        let transaction = self.begin().await?;
        let done = accounts::Entity::update_many()
            .set(accounts::ActiveModel {
                totp_step: Set(Some(step)),
                ..Default::default()
            })
            .filter(accounts::Column::Id.eq(account.0))
            .filter(
                Condition::any()
                    .add(accounts::Column::TotpStep.is_null())
                    .add(accounts::Column::TotpStep.lt(step)),
            )
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(done.rows_affected == 1)
    }

    /// The keyed hash of an account's recovery code: the form in which [`Account::recovery_codes`] holds it.
    pub fn recovery_code_hash(&self, account: AccountId, code: &str) -> String {
        let hash = self
            .index()
            .hash("recovery-code", &[account.0.as_bytes(), code.as_bytes()]);
        data_encoding::BASE64.encode(&hash)
    }

    /// Uses up a recovery code: true once. `hash` is one of [`Account::recovery_codes`].
    pub async fn use_recovery_code(
        &self,
        stamp: &Stamp,
        account: AccountId,
        hash: &str,
    ) -> Result<bool, Error> {
        let used = self
            .change_account(stamp, account, |kept| {
                let before = kept.recovery_codes.len();
                kept.recovery_codes.retain(|code| code != hash);
                (kept.recovery_codes.len() < before).then_some(())
            })
            .await?;
        Ok(used.is_some())
    }
}
