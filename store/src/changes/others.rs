//! Changes told between servers on one PostgreSQL, by NOTIFY within the transaction that makes them, so that pages open at
//! any of them close at once. Nothing that authority depends on: each decision reads the database, and an open page that
//! missed a word finds the epoch moved when it looks next (POLICY §6).
//!
//! What is sent is what a database administrator sees anyway: the opaque id of a chain, or the keyed hash of an account.

use super::{AccountKey, Change};
use crate::error::Error;
use crate::opening::Store;
use core::time::Duration;
use data_encoding::HEXLOWER;
use domain::id::PatientId;
use sea_orm::sqlx::{self, postgres::PgListener};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use uuid::Uuid;

const CHANNEL: &str = "confide_changes";

/// How long to wait before listening again, when the database is away.
const AGAIN: Duration = Duration::from_secs(1);

/// A change in writing, after the number of the store that made it.
fn write(origin: u64, change: &Change) -> Option<String> {
    let what = match change {
        Change::Patient(patient) => format!("patient {}", patient.0.simple()),
        Change::Everyone => "everyone".to_owned(),
        Change::Sessions(AccountKey(account)) => format!("sessions {}", HEXLOWER.encode(account)),
        // Of one process alone.
        Change::Stopping => return None,
    };
    Some(format!("{origin:016x} {what}"))
}

/// Reads it; `None`: one's own. What a newer version says may concern everybody.
fn read(origin: u64, text: &str) -> Option<Change> {
    let (from, what) = text.split_once(' ').unwrap_or(("", text));
    if u64::from_str_radix(from, 16) == Ok(origin) {
        return None;
    }
    let known = match what.split_once(' ') {
        Some(("patient", id)) => Uuid::try_parse(id)
            .ok()
            .map(|id| Change::Patient(PatientId(id))),
        Some(("sessions", account)) => HEXLOWER
            .decode(account.as_bytes())
            .ok()
            .map(|account| Change::Sessions(AccountKey(account))),
        _ => None,
    };
    Some(known.unwrap_or(Change::Everyone))
}

impl Store {
    /// Has other servers told once the transaction is committed. On SQLite there are none.
    pub(crate) async fn tell_others(
        &self,
        transaction: &impl ConnectionTrait,
        change: &Change,
    ) -> Result<(), Error> {
        if transaction.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let Some(text) = write(self.origin(), change) else {
            return Ok(());
        };
        let tell = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_notify($1, $2)",
            [CHANNEL.into(), text.into()],
        );
        transaction.execute_raw(tell).await?;
        Ok(())
    }

    /// Tells in this process what other servers changed, for as long as the store is open. Ends at once on SQLite.
    pub async fn hear_others(&self) {
        if self.write().get_database_backend() != DbBackend::Postgres {
            return;
        }
        loop {
            match self.hear().await {
                Err(sqlx::Error::PoolClosed) => return,
                Err(_) => tracing::warn!("other servers can't be heard for now"),
                Ok(never) => match never {},
            }
            // What was said meanwhile was missed.
            self.changes().tell(Change::Everyone);
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn hear(&self) -> Result<core::convert::Infallible, sqlx::Error> {
        let pool = self.write().get_postgres_connection_pool();
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        loop {
            let change = match listener.try_recv().await? {
                Some(heard) => read(self.origin(), heard.payload()),
                // The connection was lost, and is made anew.
                None => Some(Change::Everyone),
            };
            if let Some(change) = change {
                self.changes().tell(change);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountKey, Change, PatientId, Uuid, read, write};

    #[test]
    fn what_is_written_is_read_elsewhere() {
        let changes = [
            Change::Patient(PatientId(Uuid::from_u128(7))),
            Change::Everyone,
            Change::Sessions(AccountKey(vec![0, 255, 3])),
        ];
        for change in changes {
            let text = write(9, &change).expect("others are told");
            assert_eq!(read(8, &text), Some(change));
            assert_eq!(read(9, &text), None, "one's own");
        }
        assert_eq!(write(9, &Change::Stopping), None);
    }

    /// Whatever can't be read may concern everybody.
    #[test]
    fn unknown_words_concern_everyone() {
        for text in [
            "",
            "x",
            "1 patient nobody",
            "1 sessions zz",
            "zz patient",
            "1 moon full",
        ] {
            assert_eq!(read(9, text), Some(Change::Everyone), "{text:?}");
        }
    }
}
