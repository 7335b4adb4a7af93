//! Counters of failures for what has no account: unknown names, addresses. Kept under keyed hashes.

use crate::accounts::{SignInState, normalise, read_state};
use crate::entities::attempts;
use crate::error::Error;
use crate::opening::Store;
use domain::clock::Instant;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    EntityTrait, QuerySelect,
};

/// The keyed hash under which attempts are counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttemptKey(Vec<u8>);

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

    /// Counts a failure under a key and blocks it until then.
    pub async fn record_attempt(
        &self,
        key: &AttemptKey,
        until: Option<Instant>,
    ) -> Result<(), Error> {
        let transaction = self.begin().await?;
        attempts::Entity::insert(attempts::ActiveModel {
            key: Set(key.0.clone()),
            failures: Set(1),
            blocked_until: Set(until.map(|until| until.timestamp_micros())),
        })
        .on_conflict(
            OnConflict::column(attempts::Column::Key)
                .value(
                    attempts::Column::Failures,
                    Expr::col((attempts::Entity, attempts::Column::Failures)).add(1_i64),
                )
                .update_column(attempts::Column::BlockedUntil)
                .to_owned(),
        )
        .exec_without_returning(&transaction)
        .await?;
        Ok(transaction.commit().await?)
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
        attempts::Entity::insert(attempts::ActiveModel {
            key: Set(key.0.clone()),
            failures: Set(0),
            blocked_until: Set(None),
        })
        .on_conflict(
            OnConflict::column(attempts::Column::Key)
                .value(
                    attempts::Column::Failures,
                    Expr::col((attempts::Entity, attempts::Column::Failures)),
                )
                .to_owned(),
        )
        .exec_without_returning(&transaction)
        .await?;
        let row = attempts::Entity::find_by_id(key.0.clone())
            .lock_exclusive()
            .one(&transaction)
            .await?
            .ok_or(Error::NotFound("counter"))?;
        let state = read_state(row.failures, row.blocked_until);
        if state.failures >= cap || state.blocked_until.is_some_and(|until| now < until) {
            return Ok(false);
        }
        let failures = state.failures.saturating_add(1);
        attempts::Entity::update(attempts::ActiveModel {
            key: Unchanged(key.0.clone()),
            failures: Set(i64::from(failures)),
            blocked_until: Set(delay(failures).map(|until| until.timestamp_micros())),
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
}
