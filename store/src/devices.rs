//! Devices that somebody signed in from before: browsers that carry a cookie of ours. The database holds keyed hashes
//! of what the cookies hold, sealed, one row an account.

use crate::entities::devices;
use crate::error::Error;
use crate::opening::Store;
use crate::outbox::{self, NewLetter};
use crate::seal::Place;
use chrono::TimeDelta;
use domain::clock::Instant;
use domain::id::AccountId;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    DatabaseTransaction, EntityTrait, QuerySelect,
};
use serde::{Deserialize, Serialize};

/// How many devices of an account are remembered; the one that was not used for the longest goes.
pub const AT_MOST: usize = 20;
/// At most one letter about a new device in so long, however many new devices there are.
const ONE_LETTER_IN: TimeDelta = TimeDelta::hours(1);

#[derive(Default, Serialize, Deserialize)]
struct Body {
    known: Vec<Known>,
    /// When a letter about a new device was last written.
    told: Option<Instant>,
}

#[derive(Serialize, Deserialize)]
struct Known {
    hash: Vec<u8>,
    used: Instant,
}

fn place(row: &[u8]) -> Place<'_> {
    Place {
        table: "devices",
        row,
        patient: None,
        field: "body",
    }
}

impl Store {
    /// The keyed hash of what a device's cookie holds.
    fn device_hash(&self, token: &str) -> Vec<u8> {
        self.index().hash("device", &[token.as_bytes()])
    }

    pub(crate) fn device_row(&self, account: AccountId) -> Vec<u8> {
        self.index().hash("device-account", &[account.0.as_bytes()])
    }

    fn read_devices(&self, row: &devices::Model) -> Result<Body, Error> {
        self.house().open(&place(&row.account), &row.body)
    }

    /// Whether the account was signed in to from the device with this cookie. Takes as long for an account that
    /// doesn't exist.
    pub async fn knows_device(&self, account: AccountId, token: &str) -> Result<bool, Error> {
        let hash = self.device_hash(token);
        let row = devices::Entity::find_by_id(self.device_row(account))
            .one(self.read())
            .await?;
        let body = row.map(|row| self.read_devices(&row)).transpose()?;
        Ok(body.is_some_and(|body| body.known.iter().any(|known| known.hash == hash)))
    }

    /// Remembers that the account was signed in to from the device with this cookie now; tells whether it was unknown
    /// until now. If so, `letters` are put into the outbox with it, unless there were some in the last hour.
    pub async fn remember_device(
        &self,
        account: AccountId,
        token: &str,
        letters: &[NewLetter],
    ) -> Result<bool, Error> {
        let now = self.clock().now();
        let hash = self.device_hash(token);
        let row = self.device_row(account);
        let transaction = self.begin().await?;
        let mut body = self.locked_devices(&transaction, &row).await?;
        let before = body.known.len();
        body.known.retain(|known| known.hash != hash);
        let new = body.known.len() == before;
        body.known.push(Known { hash, used: now });
        body.known.sort_by_key(|known| known.used);
        let surplus = body.known.len().saturating_sub(AT_MOST);
        body.known.drain(..surplus);
        let told_lately = body.told.is_some_and(|told| now - told < ONE_LETTER_IN);
        if new && !letters.is_empty() && !told_lately {
            outbox::put(self, &transaction, letters).await?;
            body.told = Some(now);
        }
        devices::Entity::update(devices::ActiveModel {
            account: Unchanged(row.clone()),
            body: Set(self.house().seal(&place(&row), &body, self.entropy())?),
        })
        .exec(&transaction)
        .await?;
        transaction.commit().await?;
        Ok(new)
    }

    /// The account's row, made if there is none, and locked for the rest of the transaction.
    async fn locked_devices(
        &self,
        transaction: &DatabaseTransaction,
        row: &[u8],
    ) -> Result<Body, Error> {
        let empty = self
            .house()
            .seal(&place(row), &Body::default(), self.entropy())?;
        devices::Entity::insert(devices::ActiveModel {
            account: Set(row.to_vec()),
            body: Set(empty),
        })
        .on_conflict(
            OnConflict::column(devices::Column::Account)
                .value(
                    devices::Column::Account,
                    Expr::col((devices::Entity, devices::Column::Account)),
                )
                .to_owned(),
        )
        .exec_without_returning(transaction)
        .await?;
        let row = devices::Entity::find_by_id(row.to_vec())
            .lock_exclusive()
            .one(transaction)
            .await?
            .ok_or(Error::NotFound("devices"))?;
        self.read_devices(&row)
    }

    /// Forgets every device of an account: the next sign-in from any of them is one from a new device.
    pub async fn forget_devices(&self, account: AccountId) -> Result<(), Error> {
        let transaction = self.begin().await?;
        devices::Entity::delete_by_id(self.device_row(account))
            .exec(&transaction)
            .await?;
        Ok(transaction.commit().await?)
    }
}
