//! How many streams one session and one account may hold open.

use domain::id::{AccountId, SessionId};
use std::sync::{Arc, Mutex, PoisonError};

/// Streams of one session: a browser needs one, and a page that goes keeps its own for a moment.
const OF_SESSION: usize = 8;
/// Streams of one account.
const OF_ACCOUNT: usize = 24;

type Taken = Arc<Mutex<Vec<(AccountId, SessionId)>>>;

/// The streams of this process.
#[derive(Default)]
pub(crate) struct Places(Taken);

/// A place that is taken, until it is dropped.
pub(super) struct Place {
    taken: Taken,
    whose: (AccountId, SessionId),
}

impl Places {
    /// Takes a place, if there is one.
    pub(super) fn take(&self, account: AccountId, session: SessionId) -> Option<Place> {
        let whose = (account, session);
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_account = taken.iter().filter(|(other, _)| *other == account).count();
        let of_session = taken.iter().filter(|other| **other == whose).count();
        if of_account >= OF_ACCOUNT || of_session >= OF_SESSION {
            return None;
        }
        taken.push(whose);
        Some(Place {
            taken: Arc::clone(&self.0),
            whose,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = taken.iter().position(|other| *other == self.whose) {
            taken.swap_remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{OF_ACCOUNT, OF_SESSION, Places};
    use domain::id::{AccountId, SessionId};
    use uuid::Uuid;

    #[test]
    fn places_are_bounded_and_come_free() {
        let places = Places::default();
        let account = AccountId(Uuid::from_u128(1));
        let session = |number| SessionId(Uuid::from_u128(number));
        let mut held: Vec<_> = (0..OF_SESSION)
            .map(|_| places.take(account, session(0)).expect("a place"))
            .collect();
        assert!(places.take(account, session(0)).is_none());
        held.pop();
        held.push(places.take(account, session(0)).expect("it came free"));
        for number in OF_SESSION..OF_ACCOUNT {
            let number = u128::try_from(number).expect("small");
            held.push(places.take(account, session(number)).expect("a place"));
        }
        assert!(places.take(account, session(99)).is_none());
        assert!(
            places
                .take(AccountId(Uuid::from_u128(2)), session(98))
                .is_some()
        );
    }
}
