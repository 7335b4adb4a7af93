//! Sessions of `tower-sessions`, sealed, in the same database.
//!
//! A row's key is a keyed hash of the session id: the database never holds what a cookie holds. The member
//! `account` of a session's data, where it is a string, is kept as a keyed hash too, to end an account's sessions.

use crate::changes::{AccountKey, Change};
use crate::entities::sessions;
use crate::entropy::random;
use crate::error::Error;
use crate::opening::Store;
use crate::seal::Place;
use async_trait::async_trait;
use domain::id::AccountId;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use std::collections::HashMap;
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{self, SessionStore};

/// How often a new session id is drawn before giving up; one collision of 128 random bits is already a wonder.
const DRAWS: usize = 8;

/// The session store.
#[derive(Clone, Debug)]
pub struct Sessions(Store);

/// One row to write: its key, the account's hash, the sealed data, the expiry.
struct Row {
    id: Vec<u8>,
    account: Option<Vec<u8>>,
    data: Vec<u8>,
    expires: i64,
}

fn place(row: &[u8]) -> Place<'_> {
    Place {
        table: "sessions",
        row,
        patient: None,
        field: "data",
    }
}

fn micros(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn backend(error: Error) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}

impl Store {
    /// The session store over this database.
    pub fn sessions(&self) -> Sessions {
        Sessions(self.clone())
    }

    /// Ends every session of an account together with what is changed in that transaction.
    pub(crate) async fn end_sessions_within(
        &self,
        transaction: &DatabaseTransaction,
        account: AccountId,
    ) -> Result<(), Error> {
        let hash = self.sessions().account_hash(&account.to_string());
        sessions::Entity::delete_many()
            .filter(sessions::Column::Account.eq(hash))
            .exec(transaction)
            .await?;
        Ok(())
    }
}

impl Sessions {
    fn key(&self, id: &Id) -> Vec<u8> {
        self.0.index().hash("session", &[&id.0.to_be_bytes()])
    }

    fn account_hash(&self, account: &str) -> Vec<u8> {
        self.0
            .index()
            .hash("session-account", &[account.as_bytes()])
    }

    fn row(&self, record: &Record) -> Result<Row, Error> {
        let id = self.key(&record.id);
        let data = self
            .0
            .house()
            .seal(&place(&id), &record.data, self.0.entropy())?;
        Ok(Row {
            account: record
                .data
                .get("account")
                .and_then(serde_json::Value::as_str)
                .map(|account| self.account_hash(account)),
            data,
            expires: micros(record.expiry_date),
            id,
        })
    }

    async fn insert(&self, record: &Record) -> Result<(), Error> {
        let row = self.row(record)?;
        let transaction = self.0.begin().await?;
        sessions::Entity::insert(sessions::ActiveModel {
            id: Set(row.id),
            account: Set(row.account),
            data: Set(row.data),
            expires: Set(row.expires),
        })
        .exec_without_returning(&transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Only an existing row is written: a request that ends after the session was ended must not revive it.
    async fn update(&self, record: &Record) -> Result<(), Error> {
        let row = self.row(record)?;
        let transaction = self.0.begin().await?;
        sessions::Entity::update_many()
            .set(sessions::ActiveModel {
                account: Set(row.account),
                data: Set(row.data),
                expires: Set(row.expires),
                ..Default::default()
            })
            .filter(sessions::Column::Id.eq(row.id))
            .exec(&transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn find(&self, id: &Id) -> Result<Option<Record>, Error> {
        let key = self.key(id);
        let Some(row) = sessions::Entity::find_by_id(key.clone())
            .one(self.0.read())
            .await?
        else {
            return Ok(None);
        };
        if row.expires <= self.0.clock().now().timestamp_micros() {
            return Ok(None);
        }
        let data = self.open(&key, &row.data).await?;
        let nanos = i128::from(row.expires).saturating_mul(1_000);
        let expiry_date = OffsetDateTime::from_unix_timestamp_nanos(nanos)
            .map_err(|_| Error::row("sessions", "expires", &key))?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    /// Opens what a session holds. Every request begins with this: where another process has just gone over to a newer key
    /// of the house, it is seen here, and nobody is signed out by it.
    async fn open(
        &self,
        row: &[u8],
        sealed: &[u8],
    ) -> Result<HashMap<String, serde_json::Value>, Error> {
        if let Ok(data) = self.0.house().open(&place(row), sealed) {
            return Ok(data);
        }
        self.0.refresh_keys().await?;
        self.0.house().open(&place(row), sealed)
    }

    async fn remove(&self, id: &Id) -> Result<(), Error> {
        let transaction = self.0.begin().await?;
        let row = sessions::Entity::find_by_id(self.key(id))
            .one(&transaction)
            .await?;
        let Some(row) = row else {
            return Ok(());
        };
        sessions::Entity::delete_by_id(row.id)
            .exec(&transaction)
            .await?;
        self.finish(transaction, row.account).await
    }

    /// The account as changes name it ([`Change::Sessions`]).
    pub fn account_key(&self, account: AccountId) -> AccountKey {
        AccountKey(self.account_hash(&account.to_string()))
    }

    /// Commits the end of sessions, and tells those who hold pages open in them.
    async fn finish(
        &self,
        transaction: DatabaseTransaction,
        account: Option<Vec<u8>>,
    ) -> Result<(), Error> {
        let change = account.map(|account| Change::Sessions(AccountKey(account)));
        if let Some(change) = &change {
            self.0.tell_others(&transaction, change).await?;
        }
        transaction.commit().await?;
        if let Some(change) = change {
            self.0.changes().tell(change);
        }
        Ok(())
    }

    /// What a session held that ended by itself after that instant. A session that was ended on purpose has no row.
    pub async fn lapsed(
        &self,
        id: &Id,
        after: domain::clock::Instant,
    ) -> Result<Option<HashMap<String, serde_json::Value>>, Error> {
        let key = self.key(id);
        let now = self.0.clock().now().timestamp_micros();
        sessions::Entity::find_by_id(key.clone())
            .filter(sessions::Column::Expires.lte(now))
            .filter(sessions::Column::Expires.gt(after.timestamp_micros()))
            .one(self.0.read())
            .await?
            .map(|row| self.0.house().open(&place(&key), &row.data))
            .transpose()
    }

    /// What each live session of an account holds.
    pub async fn of_account(
        &self,
        account: AccountId,
    ) -> Result<Vec<HashMap<String, serde_json::Value>>, Error> {
        let rows = self.rows_of(account).await?;
        rows.iter()
            .map(|row| self.0.house().open(&place(&row.id), &row.data))
            .collect()
    }

    async fn rows_of(&self, account: AccountId) -> Result<Vec<sessions::Model>, Error> {
        Ok(sessions::Entity::find()
            .filter(sessions::Column::Account.eq(self.account_hash(&account.to_string())))
            .filter(sessions::Column::Expires.gt(self.0.clock().now().timestamp_micros()))
            .all(self.0.read())
            .await?)
    }

    /// Ends the session of an account whose data pass; tells whether there was one.
    pub async fn end_one(
        &self,
        account: AccountId,
        wanted: impl Fn(&HashMap<String, serde_json::Value>) -> bool + Send,
    ) -> Result<bool, Error> {
        for row in self.rows_of(account).await? {
            let data = self.0.house().open(&place(&row.id), &row.data)?;
            if wanted(&data) {
                let transaction = self.0.begin().await?;
                let done = sessions::Entity::delete_by_id(row.id)
                    .exec(&transaction)
                    .await?;
                let account = self.account_hash(&account.to_string());
                self.finish(transaction, Some(account)).await?;
                return Ok(done.rows_affected == 1);
            }
        }
        Ok(false)
    }

    /// Deletes the sessions that were over at that instant; tells how many.
    pub async fn delete_expired(&self, now: domain::clock::Instant) -> Result<u64, Error> {
        let transaction = self.0.begin().await?;
        let done = sessions::Entity::delete_many()
            .filter(sessions::Column::Expires.lte(now.timestamp_micros()))
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(done.rows_affected)
    }

    /// Ends every session of an account, except one; tells how many.
    pub async fn end_all(&self, account: AccountId, except: Option<&Id>) -> Result<u64, Error> {
        let transaction = self.0.begin().await?;
        let mut delete = sessions::Entity::delete_many()
            .filter(sessions::Column::Account.eq(self.account_hash(&account.to_string())));
        if let Some(except) = except {
            delete = delete.filter(sessions::Column::Id.ne(self.key(except)));
        }
        let done = delete.exec(&transaction).await?;
        let account = self.account_hash(&account.to_string());
        self.finish(transaction, Some(account)).await?;
        Ok(done.rows_affected)
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        for _ in 0..DRAWS {
            match self.insert(record).await {
                Ok(()) => return Ok(()),
                Err(Error::Exists) => {
                    record.id = Id(i128::from_be_bytes(random(self.0.entropy())));
                }
                Err(other) => return Err(backend(other)),
            }
        }
        Err(backend(Error::Exists))
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.update(record).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        match self.find(id).await {
            Ok(record) => Ok(record),
            // A broken session is no session; the person signs in again.
            Err(Error::Row { table, column, row }) => {
                tracing::error!(table, column, row, "a session can't be read");
                Ok(None)
            }
            Err(other) => Err(backend(other)),
        }
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.remove(id).await.map_err(backend)
    }
}
