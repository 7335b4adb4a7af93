//! One unit of work: one transaction that holds a chain's head, and leaves nothing behind unless it is finished.

use crate::changes::Change;
use crate::entities::{ledger_heads, patients};
use crate::error::Error;
use crate::keys::{Owner, Versions};
use crate::ledger::event::Event;
use crate::ledger::{Chain, Committed, Head};
use crate::opening::Store;
use crate::seal::DataKey;
use crate::stamp::Stamp;
use domain::id::PatientId;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait};
use std::sync::Arc;

/// A transaction with the head of one chain locked. Dropped: rolled back.
pub(crate) struct Unit<'a> {
    pub store: &'a Store,
    pub transaction: DatabaseTransaction,
    pub head: Head,
    pub key: Arc<DataKey>,
    /// Whose epoch moves with it.
    moved: Moved,
}

/// Whose epoch moves.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Moved {
    Nobody,
    /// The patient's of the chain.
    This,
    Everyone,
}

/// The versions of a patient's data key from the row; `None`: shredded.
pub(crate) fn key_versions(row: &patients::Model) -> Result<Option<Versions>, Error> {
    let Some(wrapped) = &row.data_key else {
        return Ok(None);
    };
    let owner = Owner::Patient(PatientId(row.id));
    Versions::read(owner, row.key_version, wrapped, row.other_keys.as_deref())
        .map(Some)
        .ok_or_else(|| Error::row("patients", "data_key", row.id.as_bytes()))
}

impl Store {
    /// A patient's data key from the row; `None`: shredded.
    pub(crate) fn patient_key(&self, row: &patients::Model) -> Result<Option<Arc<DataKey>>, Error> {
        let Some(versions) = key_versions(row)? else {
            return Ok(None);
        };
        let key = versions
            .open(self.provider())
            .map_err(|error| match error {
                crate::keys::KeyError::Wrong => {
                    Error::row("patients", "data_key", row.id.as_bytes())
                }
                other => other.into(),
            })?;
        Ok(Some(Arc::new(key)))
    }

    /// The key of a chain; `None`: no such patient, or shredded.
    pub(crate) async fn chain_key(
        &self,
        connection: &impl ConnectionTrait,
        chain: Chain,
    ) -> Result<Option<Arc<DataKey>>, Error> {
        match chain {
            Chain::House => Ok(Some(Arc::clone(self.house()))),
            Chain::Patient(patient) => {
                let row = patients::Entity::find_by_id(patient.0)
                    .one(connection)
                    .await?;
                match row {
                    Some(row) => self.patient_key(&row),
                    None => Ok(None),
                }
            }
        }
    }

    /// Begins a unit of work on a chain; `None`: no such patient, or shredded.
    pub(crate) async fn unit(&self, chain: Chain) -> Result<Option<Unit<'_>>, Error> {
        let transaction = self.begin().await?;
        let Some(head) = Head::lock(&transaction, chain).await? else {
            return Ok(None);
        };
        let Some(key) = self.chain_key(&transaction, chain).await? else {
            return Ok(None);
        };
        Ok(Some(Unit {
            store: self,
            transaction,
            head,
            key,
            moved: Moved::Nobody,
        }))
    }
}

impl Unit<'_> {
    /// Appends an entry within this unit.
    pub(crate) async fn append(&mut self, stamp: &Stamp, event: Event) -> Result<Committed, Error> {
        self.head
            .append(self.store, &self.transaction, &self.key, stamp, event)
            .await
    }

    /// Appends an entry to another chain within this unit: the house's comes first, a patient's second, as where every
    /// epoch moves. The epoch there stays. A record that was shredded has no chain to write to.
    pub(crate) async fn append_to(
        &mut self,
        chain: Chain,
        stamp: &Stamp,
        event: Event,
    ) -> Result<(), Error> {
        if chain == Chain::House {
            self.append(stamp, event).await?;
            return Ok(());
        }
        let key = self.store.chain_key(&self.transaction, chain).await?;
        let head = Head::lock(&self.transaction, chain).await?;
        if let (Some(key), Some(mut head)) = (key, head) {
            head.append(self.store, &self.transaction, &key, stamp, event)
                .await?;
            head.save(&self.transaction).await?;
        }
        Ok(())
    }

    /// Moves the epoch: what was decided before can no longer be disclosed (POLICY §6).
    pub(crate) fn move_epoch(&mut self) -> Result<(), Error> {
        self.head.epoch = self.head.epoch.checked_add(1).ok_or(Error::TooLong)?;
        self.moved = self.moved.max(Moved::This);
        Ok(())
    }

    /// Moves the epoch of every patient with the commit, as [`move_every_epoch`] says.
    pub(crate) const fn move_every_epoch(&mut self) {
        self.moved = Moved::Everyone;
    }

    /// Saves the head and commits; then tells those who hold pages open, if the epoch moved.
    pub(crate) async fn commit(self) -> Result<(), Error> {
        self.head.save(&self.transaction).await?;
        if self.moved == Moved::Everyone {
            // After the head: it must not be written over what is moved here.
            move_every_epoch(&self.transaction).await?;
        }
        let change = match (self.moved, self.head.chain.patient()) {
            (Moved::Everyone, _) => Some(Change::Everyone),
            (Moved::This, Some(patient)) => Some(Change::Patient(patient)),
            (Moved::This, None) | (Moved::Nobody, _) => None,
        };
        if let Some(change) = &change {
            self.store.tell_others(&self.transaction, change).await?;
        }
        self.transaction.commit().await?;
        if let Some(change) = change {
            self.store.changes().tell(change);
        }
        Ok(())
    }

    /// Moves the epoch, appends, commits: the end of every change of policy.
    pub(crate) async fn finish(mut self, stamp: &Stamp, event: Event) -> Result<Committed, Error> {
        self.move_epoch()?;
        self.finish_without_change(stamp, event).await
    }

    /// Appends and commits; the epoch stays.
    pub(crate) async fn finish_without_change(
        mut self,
        stamp: &Stamp,
        event: Event,
    ) -> Result<Committed, Error> {
        let committed = self.append(stamp, event).await?;
        self.commit().await?;
        Ok(committed)
    }
}

/// Moves the epoch of every patient: for changes that may touch any decision, such as a role or which
/// organizations are Part 2 programs.
pub(crate) async fn move_every_epoch(transaction: &DatabaseTransaction) -> Result<(), Error> {
    ledger_heads::Entity::update_many()
        .col_expr(
            ledger_heads::Column::Epoch,
            Expr::col(ledger_heads::Column::Epoch).add(1_i64),
        )
        .exec(transaction)
        .await?;
    Ok(())
}
