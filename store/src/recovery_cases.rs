//! Cases in which staff help somebody back into an account: the identity check, the wait, and how it ended, sealed. Each
//! step is one transaction with its entries on the house's chain and on the owner's, and with the letters that tell of it.

use crate::accounts::Account;
use crate::entities::{accounts, recovery_cases};
use crate::error::Error;
use crate::ledger::Chain;
use crate::ledger::event::Event;
use crate::opening::Store;
use crate::outbox::{self, NewLetter};
use crate::seal::Place;
use crate::stamp::Stamp;
use crate::unit::Unit;
use core::fmt;
use domain::clock::Instant;
use domain::id::{AccountId, PersonId, RecoveryCaseId};
use domain::identity_check::IdentityCheck;
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
};
use serde::{Deserialize, Serialize};

/// How a case ended. INVARIANT: add variants; never rename one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum CaseEnd {
    /// The account's owner stopped it.
    StoppedByOwner,
    /// Somebody of the staff stopped it.
    Stopped(PersonId),
    /// Somebody of the staff made the code.
    Finished(PersonId),
}

/// A case.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCase {
    /// Which.
    pub id: RecoveryCaseId,
    /// Whose account.
    pub account: AccountId,
    /// Who the owner is.
    pub person: PersonId,
    /// How it was made sure who they are.
    pub check: IdentityCheck,
    /// Who made sure.
    pub by: PersonId,
    /// When.
    pub opened: Instant,
    /// Before that instant there is no code.
    pub ready: Instant,
    /// The first instant at which there is none any more: what was checked is too long ago.
    pub lapses: Instant,
    /// The second administrator who agreed, and when.
    pub agreed: Option<(PersonId, Instant)>,
    /// How it ended, and when.
    pub end: Option<(CaseEnd, Instant)>,
}

impl RecoveryCase {
    /// Whether something may still come of it.
    pub fn is_open(&self, now: Instant) -> bool {
        self.end.is_none() && now < self.lapses
    }

    /// Whether the wait is over and it is open.
    pub fn is_ready(&self, now: Instant) -> bool {
        self.is_open(now) && now >= self.ready
    }
}

impl fmt::Debug for RecoveryCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecoveryCase")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

fn place(id: &RecoveryCaseId) -> Place<'_> {
    Place {
        table: "recovery_cases",
        row: id.0.as_bytes(),
        patient: None,
        field: "body",
    }
}

/// Who makes a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hand {
    /// Somebody of the staff, who must hold their role still when it commits.
    Staff,
    /// The account's owner.
    Owner,
}

impl Store {
    pub(crate) fn case_account(&self, account: AccountId) -> Vec<u8> {
        self.index()
            .hash("recovery-case-account", &[account.0.as_bytes()])
    }

    fn read_case(&self, row: &recovery_cases::Model) -> Result<RecoveryCase, Error> {
        let id = RecoveryCaseId(row.id);
        let place = place(&id);
        let case: RecoveryCase = self.house().open(&place, &row.body)?;
        if case.id == id && self.case_account(case.account) == row.account {
            Ok(case)
        } else {
            Err(place.broken())
        }
    }

    fn sealed_case(&self, case: &RecoveryCase) -> Result<Vec<u8>, Error> {
        self.house().seal(&place(&case.id), case, self.entropy())
    }

    /// One case.
    pub async fn recovery_case(&self, id: RecoveryCaseId) -> Result<Option<RecoveryCase>, Error> {
        let row = recovery_cases::Entity::find_by_id(id.0)
            .one(self.read())
            .await?;
        row.map(|row| self.read_case(&row)).transpose()
    }

    /// Every case, the latest first.
    pub async fn recovery_cases(&self) -> Result<Vec<RecoveryCase>, Error> {
        let rows = recovery_cases::Entity::find().all(self.read()).await?;
        let mut cases = rows
            .iter()
            .map(|row| self.read_case(row))
            .collect::<Result<Vec<_>, Error>>()?;
        cases.sort_by_key(|case| (core::cmp::Reverse(case.opened), case.id));
        Ok(cases)
    }

    /// The case of an account that something may still come of.
    pub async fn open_recovery_case_of(
        &self,
        account: AccountId,
    ) -> Result<Option<RecoveryCase>, Error> {
        let rows = recovery_cases::Entity::find()
            .filter(recovery_cases::Column::Account.eq(self.case_account(account)))
            .all(self.read())
            .await?;
        self.open_one(&rows)
    }

    fn open_one(&self, rows: &[recovery_cases::Model]) -> Result<Option<RecoveryCase>, Error> {
        let now = self.clock().now();
        for row in rows {
            let case = self.read_case(row)?;
            if case.is_open(now) {
                return Ok(Some(case));
            }
        }
        Ok(None)
    }

    /// Keeps a new case. `chain`: that of the account's owner. `false`: there is an open one of that account, or who acts
    /// no longer holds their role.
    pub async fn open_recovery_case(
        &self,
        stamp: &Stamp,
        chain: Chain,
        case: &RecoveryCase,
        letters: &[NewLetter],
    ) -> Result<bool, Error> {
        let Some(mut unit) = self.house_staff_unit(stamp).await? else {
            return Ok(false);
        };
        let account = self.case_account(case.account);
        let others = recovery_cases::Entity::find()
            .filter(recovery_cases::Column::Account.eq(account.clone()))
            .all(&unit.transaction)
            .await?;
        if self.open_one(&others)?.is_some() {
            return Ok(false);
        }
        recovery_cases::Entity::insert(recovery_cases::ActiveModel {
            id: Set(case.id.0),
            account: Set(account),
            body: Set(self.sealed_case(case)?),
        })
        .exec_without_returning(&unit.transaction)
        .await?;
        let event = Event::RecoveryCaseOpened {
            case: case.id,
            account: case.account,
            how: case.check.how.name().to_owned(),
        };
        tell(&mut unit, stamp, chain, event).await?;
        outbox::put(self, &unit.transaction, letters).await?;
        unit.commit().await?;
        Ok(true)
    }

    /// Makes a step of a case, as it and its account stand at that moment; `step` gives what the ledger says, or `None`,
    /// and then nothing is written. `false`: nothing was, there is no such case, or who acts no longer holds their role.
    pub async fn step_recovery_case(
        &self,
        stamp: &Stamp,
        hand: Hand,
        (id, chain): (RecoveryCaseId, Chain),
        letters: &[NewLetter],
        step: impl FnOnce(&mut RecoveryCase, &Account) -> Option<Event> + Send,
    ) -> Result<bool, Error> {
        let unit = match hand {
            Hand::Staff => self.house_staff_unit(stamp).await?,
            Hand::Owner => self.unit(Chain::House).await?,
        };
        let Some(mut unit) = unit else {
            return Ok(false);
        };
        let row = recovery_cases::Entity::find_by_id(id.0)
            .lock_exclusive()
            .one(&unit.transaction)
            .await?;
        let Some(mut case) = row.map(|row| self.read_case(&row)).transpose()? else {
            return Ok(false);
        };
        let account = accounts::Entity::find_by_id(case.account.0)
            .one(&unit.transaction)
            .await?;
        let Some(account) = account.map(|row| self.read_account(&row)).transpose()? else {
            return Ok(false);
        };
        let Some(event) = step(&mut case, &account) else {
            return Ok(false);
        };
        recovery_cases::Entity::update(recovery_cases::ActiveModel {
            id: Unchanged(id.0),
            body: Set(self.sealed_case(&case)?),
            ..Default::default()
        })
        .exec(&unit.transaction)
        .await?;
        tell(&mut unit, stamp, chain, event).await?;
        outbox::put(self, &unit.transaction, letters).await?;
        unit.commit().await?;
        Ok(true)
    }
}

/// The house's chain has every step; the owner reads of it on their own.
async fn tell(unit: &mut Unit<'_>, stamp: &Stamp, chain: Chain, event: Event) -> Result<(), Error> {
    if chain != Chain::House {
        unit.append_to(chain, stamp, event.clone()).await?;
    }
    unit.append(stamp, event).await?;
    Ok(())
}
