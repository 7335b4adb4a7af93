//! What a page in somebody's browser shows: the places in the ledger at which it was logged, sealed into a ticket that
//! the page carries. So any process over the database can tell what is open where, and none keeps a list of it.

use crate::entities::{ledger_entries, ledger_heads};
use crate::error::Error;
use crate::ledger::{Chain, Entry, read_entry, to_number};
use crate::opening::Store;
use crate::seal::Place;
use data_encoding::BASE64URL_NOPAD;
use domain::id::{PatientId, SessionId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// The entry with which something on a page was logged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Logged {
    /// Whose record.
    pub patient: PatientId,
    /// Its place in the patient's chain.
    pub seq: u64,
}

/// How long one is in a ticket. INVARIANT: always the same: how far a chain has grown must not show in the length of a
/// ticket (POLICY §5).
const LENGTH: usize = 16 + 8;
/// How many a ticket can hold.
pub const LOGGED_AT_MOST: usize = 200;

/// A ticket opens in the session it was made for and in no other.
fn place(session: &SessionId) -> Place<'_> {
    Place {
        table: "open_pages",
        row: session.0.as_bytes(),
        patient: None,
        field: "ticket",
    }
}

impl Store {
    /// The ticket of a page of this session; what is beyond [`LOGGED_AT_MOST`] is left out.
    ///
    /// # Errors
    /// When it can't be sealed.
    pub fn seal_page(&self, session: SessionId, logged: &[Logged]) -> Result<String, Error> {
        let mut bytes = Vec::with_capacity(logged.len().min(LOGGED_AT_MOST) * LENGTH);
        for one in logged.iter().take(LOGGED_AT_MOST) {
            bytes.extend_from_slice(one.patient.0.as_bytes());
            bytes.extend_from_slice(&one.seq.to_be_bytes());
        }
        let aad = place(&session).bytes();
        let sealed = self.house().seal_bytes(&aad, &bytes, self.entropy())?;
        Ok(BASE64URL_NOPAD.encode(&sealed))
    }

    /// What a ticket of this session holds; `None`: it is none.
    pub fn open_page(&self, session: SessionId, ticket: &str) -> Option<Vec<Logged>> {
        let sealed = BASE64URL_NOPAD.decode(ticket.as_bytes()).ok()?;
        let aad = place(&session).bytes();
        let bytes = self.house().open_bytes(&aad, &sealed).ok()?;
        bytes.chunks(LENGTH).map(read).collect()
    }

    /// One entry of a patient's chain; `None`: there is none at this place, or the record was shredded.
    pub async fn entry(&self, logged: Logged) -> Result<Option<Entry>, Error> {
        let chain = Chain::Patient(logged.patient);
        let Some(key) = self.chain_key(self.read(), chain).await? else {
            return Ok(None);
        };
        ledger_entries::Entity::find()
            .filter(ledger_entries::Column::Chain.eq(chain.id()))
            .filter(ledger_entries::Column::Seq.eq(to_number(logged.seq)?))
            .one(self.read())
            .await?
            .map(|row| read_entry(&key, &row))
            .transpose()
    }

    /// The epochs of these patients as they are now, in one query.
    pub async fn epochs(&self, patients: &[PatientId]) -> Result<HashMap<PatientId, u64>, Error> {
        let rows: Vec<(Uuid, i64)> = ledger_heads::Entity::find()
            .select_only()
            .column(ledger_heads::Column::Chain)
            .column(ledger_heads::Column::Epoch)
            .filter(ledger_heads::Column::Chain.is_in(patients.iter().map(|patient| patient.0)))
            .into_tuple()
            .all(self.read())
            .await?;
        rows.into_iter()
            .map(|(patient, epoch)| {
                let epoch = u64::try_from(epoch)
                    .map_err(|_| Error::row("ledger_heads", "epoch", patient.as_bytes()))?;
                Ok((PatientId(patient), epoch))
            })
            .collect()
    }
}

fn read(bytes: &[u8]) -> Option<Logged> {
    let (patient, seq) = bytes.split_first_chunk::<16>()?;
    Some(Logged {
        patient: PatientId(Uuid::from_bytes(*patient)),
        seq: u64::from_be_bytes(seq.try_into().ok()?),
    })
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use super::{LOGGED_AT_MOST, Logged};
    use crate::testing::TempStore;
    use domain::id::{PatientId, SessionId};
    use uuid::Uuid;

    /// POLICY §5: the ticket of a page is as long however much stands in the ledger, and says nothing outside its
    /// session.
    #[tokio::test]
    async fn a_ticket_is_of_one_session_and_tells_nothing() {
        let temp = TempStore::new().await;
        let store = &temp.store;
        let (own, other) = (SessionId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)));
        let at = |seq| Logged {
            patient: PatientId(Uuid::from_u128(7)),
            seq,
        };
        let (early, late) = (vec![at(1)], vec![at(u64::MAX)]);
        let ticket = store.seal_page(own, &early).expect("a ticket");
        assert_eq!(store.open_page(own, &ticket), Some(early));
        assert_eq!(store.open_page(other, &ticket), None);
        assert_eq!(store.open_page(own, "nonsense"), None);
        assert_eq!(store.open_page(own, &ticket[1..]), None);
        let longer = store.seal_page(own, &late).expect("a ticket");
        assert_eq!(longer.len(), ticket.len());
        assert_ne!(longer, ticket);
        let none = store.seal_page(own, &[]).expect("a ticket");
        assert_eq!(store.open_page(own, &none), Some(Vec::new()));
        let many = vec![at(3); LOGGED_AT_MOST + 1];
        let ticket = store.seal_page(own, &many).expect("a ticket");
        let opened = store.open_page(own, &ticket).expect("its own");
        assert_eq!(opened.len(), LOGGED_AT_MOST);
    }
}
