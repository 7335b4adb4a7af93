//! The outbox: letters that wait to be sent, sealed. A letter is taken for a while, sent, and then deleted; one that
//! could not be sent comes up again. A process that dies in between sends it twice at worst, never not at all.

use crate::entities::outbox;
use crate::entropy::random;
use crate::error::Error;
use crate::ledger::from_micros;
use crate::opening::Store;
use crate::seal::Place;
use chrono::TimeDelta;
use core::fmt;
use domain::clock::Instant;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A letter to be put into the outbox.
#[derive(Clone, Serialize, Deserialize)]
pub struct NewLetter {
    /// The address.
    pub to: String,
    /// What it says, in the form that the portal keeps.
    pub what: serde_json::Value,
}

impl fmt::Debug for NewLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewLetter([redacted])")
    }
}

/// A letter that was taken from the outbox to be sent.
#[derive(Clone)]
pub struct Waiting {
    /// Which.
    pub id: Uuid,
    /// The letter.
    pub letter: NewLetter,
    /// When it was written.
    pub made: Instant,
    /// How often it was taken, this time too.
    pub tries: u32,
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting")
            .field("id", &self.id)
            .field("tries", &self.tries)
            .finish_non_exhaustive()
    }
}

fn place(id: &Uuid) -> Place<'_> {
    Place {
        table: "outbox",
        row: id.as_bytes(),
        patient: None,
        field: "body",
    }
}

/// Puts letters into the outbox within a transaction.
pub(crate) async fn put(
    store: &Store,
    transaction: &DatabaseTransaction,
    letters: &[NewLetter],
) -> Result<(), Error> {
    let now = store.clock().now().timestamp_micros();
    for letter in letters {
        let id = uuid::Builder::from_random_bytes(random(store.entropy())).into_uuid();
        outbox::Entity::insert(outbox::ActiveModel {
            id: Set(id),
            body: Set(store.house().seal(&place(&id), letter, store.entropy())?),
            tries: Set(0),
            due: Set(now),
            made: Set(now),
        })
        .exec_without_returning(transaction)
        .await?;
    }
    Ok(())
}

impl Store {
    /// Puts letters into the outbox: all of them or none.
    pub async fn put_letters(&self, letters: &[NewLetter]) -> Result<(), Error> {
        let transaction = self.begin().await?;
        put(self, &transaction, letters).await?;
        Ok(transaction.commit().await?)
    }

    /// Takes letters that are due, the oldest first. Each is this caller's alone for `lease`; then it is due again.
    pub async fn take_letters(
        &self,
        at_most: u64,
        lease: TimeDelta,
    ) -> Result<Vec<Waiting>, Error> {
        let now = self.clock().now();
        let rows = outbox::Entity::find()
            .filter(outbox::Column::Due.lte(now.timestamp_micros()))
            .order_by_asc(outbox::Column::Due)
            .limit(at_most)
            .all(self.read())
            .await?;
        let mut taken = Vec::new();
        for row in rows {
            let tries = row.tries.saturating_add(1);
            let transaction = self.begin().await?;
            // Of several servers that saw it, one changes the row.
            let done = outbox::Entity::update_many()
                .set(outbox::ActiveModel {
                    tries: Set(tries),
                    due: Set((now + lease).timestamp_micros()),
                    ..Default::default()
                })
                .filter(outbox::Column::Id.eq(row.id))
                .filter(outbox::Column::Due.eq(row.due))
                .exec(&transaction)
                .await?;
            transaction.commit().await?;
            if done.rows_affected == 1 {
                taken.push(self.read_letter(&row, tries)?);
            }
        }
        Ok(taken)
    }

    fn read_letter(&self, row: &outbox::Model, tries: i64) -> Result<Waiting, Error> {
        Ok(Waiting {
            id: row.id,
            letter: self.house().open(&place(&row.id), &row.body)?,
            made: from_micros(row.made)
                .ok_or_else(|| Error::row("outbox", "made", row.id.as_bytes()))?,
            tries: u32::try_from(tries).unwrap_or(u32::MAX),
        })
    }

    /// Deletes a letter: it was sent, or it never can be.
    pub async fn delete_letter(&self, id: Uuid) -> Result<(), Error> {
        let transaction = self.begin().await?;
        outbox::Entity::delete_by_id(id).exec(&transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Puts a letter off.
    pub async fn put_letter_off(&self, id: Uuid, until: Instant) -> Result<(), Error> {
        let transaction = self.begin().await?;
        outbox::Entity::update_many()
            .col_expr(outbox::Column::Due, Expr::value(until.timestamp_micros()))
            .filter(outbox::Column::Id.eq(id))
            .exec(&transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Deletes the letters that were written before that instant; tells how many.
    pub async fn delete_old_letters(&self, before: Instant) -> Result<u64, Error> {
        let transaction = self.begin().await?;
        let done = outbox::Entity::delete_many()
            .filter(outbox::Column::Made.lt(before.timestamp_micros()))
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(done.rows_affected)
    }
}
