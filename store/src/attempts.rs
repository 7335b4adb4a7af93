//! Counters of failures, by sign-in name or account, and the pace of tries, by address. Kept under keyed hashes.

use crate::accounts::{SignInState, normalise, read_state};
use crate::entities::attempts;
use crate::error::Error;
use crate::ledger::from_micros;
use crate::opening::Store;
use chrono::TimeDelta;
use domain::clock::Instant;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};

/// The keyed hash under which attempts are counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttemptKey(Vec<u8>);

/// How many tries may come at once, and how often one more (the generic cell rate algorithm, ITU-T I.371).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    /// So many at once.
    pub burst: i32,
    /// Then one more after so long.
    pub every: TimeDelta,
}

impl Pace {
    /// When the bucket would be empty again if one more came now; `None`: it is full.
    fn after(self, empty_at: Option<Instant>, now: Instant) -> Option<Instant> {
        let next = empty_at.map_or(now, |at| Ord::max(at, now)) + self.every;
        (next - now <= self.every * self.burst).then_some(next)
    }
}

impl Store {
    /// The key of a kind of counter (`"name"`, `"address"`) and a value; case and outer space don't matter.
    pub fn attempt_key(&self, kind: &str, value: &str) -> AttemptKey {
        AttemptKey(
            self.index()
                .hash("attempt", &[kind.as_bytes(), normalise(value).as_bytes()]),
        )
    }

    /// Failures under a key.
    pub async fn attempts(&self, key: &AttemptKey) -> Result<SignInState, Error> {
        let row = attempts::Entity::find_by_id(key.0.clone())
            .one(self.read())
            .await?;
        Ok(row.map_or_else(SignInState::default, |row| {
            read_state(row.failures, row.blocked_until)
        }))
    }

    /// Counts a try before it is made, unless the key is blocked or has reached the cap: of tries made at the same
    /// moment, each is counted before any is answered. `delay` says until when so many failures block.
    ///
    /// Returns whether the try may be made; [`Store::clear_attempts`] forgets the count when it succeeds.
    pub async fn begin_attempt(
        &self,
        key: &AttemptKey,
        cap: u32,
        delay: impl Fn(u32) -> Option<Instant> + Send,
    ) -> Result<bool, Error> {
        let now = self.clock().now();
        let transaction = self.begin().await?;
        let row = locked(&transaction, key).await?;
        let state = read_state(row.failures, row.blocked_until);
        if state.failures >= cap || state.blocked_until.is_some_and(|until| now < until) {
            return Ok(false);
        }
        let failures = state.failures.saturating_add(1);
        attempts::Entity::update(attempts::ActiveModel {
            key: Unchanged(key.0.clone()),
            failures: Set(i64::from(failures)),
            blocked_until: Set(delay(failures).map(|until| until.timestamp_micros())),
            ..Default::default()
        })
        .exec(&transaction)
        .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Forgets the failures under a key.
    pub async fn clear_attempts(&self, key: &AttemptKey) -> Result<(), Error> {
        let transaction = self.begin().await?;
        attempts::Entity::delete_by_id(key.0.clone())
            .exec(&transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Says from when on a counter may be forgotten; `None`: never, only [`Store::clear_attempts`] does.
    pub async fn forget_attempts_at(
        &self,
        key: &AttemptKey,
        at: Option<Instant>,
    ) -> Result<(), Error> {
        let transaction = self.begin().await?;
        attempts::Entity::update_many()
            .set(attempts::ActiveModel {
                forget_at: Set(at.map(|at| at.timestamp_micros())),
                ..Default::default()
            })
            .filter(attempts::Column::Key.eq(key.0.clone()))
            .exec(&transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Charges one try to this key's pace; `false`: there were too many lately, and nothing is charged.
    pub async fn pace(&self, key: &AttemptKey, pace: Pace) -> Result<bool, Error> {
        self.repace(key, |empty_at, now| pace.after(empty_at, now))
            .await
    }

    /// Gives back what a try was charged.
    pub async fn give_back(&self, key: &AttemptKey, pace: Pace) -> Result<(), Error> {
        self.repace(key, |empty_at, _| empty_at.map(|at| at - pace.every))
            .await?;
        Ok(())
    }

    /// Moves the instant at which a bucket is empty again, which is when its row means nothing any more.
    async fn repace(
        &self,
        key: &AttemptKey,
        to: impl FnOnce(Option<Instant>, Instant) -> Option<Instant> + Send,
    ) -> Result<bool, Error> {
        let now = self.clock().now();
        let transaction = self.begin().await?;
        let row = locked(&transaction, key).await?;
        let empty_at = row.blocked_until.and_then(from_micros);
        let Some(empty_at) = to(empty_at, now).map(|at| at.timestamp_micros()) else {
            return Ok(false);
        };
        attempts::Entity::update(attempts::ActiveModel {
            key: Unchanged(key.0.clone()),
            blocked_until: Set(Some(empty_at)),
            forget_at: Set(Some(empty_at)),
            ..Default::default()
        })
        .exec(&transaction)
        .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Deletes the counters and paces that may be forgotten by now; tells how many.
    pub async fn delete_forgotten_attempts(&self, now: Instant) -> Result<u64, Error> {
        let transaction = self.begin().await?;
        let done = attempts::Entity::delete_many()
            .filter(attempts::Column::ForgetAt.lte(now.timestamp_micros()))
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(done.rows_affected)
    }
}

/// The row of a key, made if there is none, and locked for the rest of the transaction.
async fn locked(
    transaction: &DatabaseTransaction,
    key: &AttemptKey,
) -> Result<attempts::Model, Error> {
    attempts::Entity::insert(attempts::ActiveModel {
        key: Set(key.0.clone()),
        failures: Set(0),
        blocked_until: Set(None),
        forget_at: Set(None),
    })
    .on_conflict(
        OnConflict::column(attempts::Column::Key)
            .value(
                attempts::Column::Failures,
                Expr::col((attempts::Entity, attempts::Column::Failures)),
            )
            .to_owned(),
    )
    .exec_without_returning(transaction)
    .await?;
    attempts::Entity::find_by_id(key.0.clone())
        .lock_exclusive()
        .one(transaction)
        .await?
        .ok_or(Error::NotFound("counter"))
}
