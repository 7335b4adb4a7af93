//! What changed just now, told to those in this process who hold something open (POLICY §6: open pages).
//!
//! Told after the commit, and never content: whose policy moved, or whose sessions ended. Whoever hears of it decides
//! anew; whoever misses it finds the epoch moved when they look next ([`Store::epochs`](crate::Store::epochs)). What other
//! servers on the same database changed is heard by [`Store::hear_others`](crate::Store::hear_others).

mod others;

use domain::id::PatientId;
use tokio::sync::broadcast;

/// How many changes wait for a listener that is slow. One that misses some is told so, and looks at everything.
const WAITING: usize = 256;

/// Something changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// The epoch of a patient moved.
    Patient(PatientId),
    /// Every epoch moved: a role, a place of work, what is a Part 2 program.
    Everyone,
    /// A session of an account ended, or goes on under another id.
    Sessions(AccountKey),
    /// The process is about to end.
    Stopping,
}

/// Which account it is, to those who know it: a keyed hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountKey(pub(crate) Vec<u8>);

/// Where changes are told and heard.
#[derive(Debug)]
pub struct Changes {
    sender: broadcast::Sender<Change>,
}

impl Changes {
    pub(crate) fn new() -> Self {
        Self {
            sender: broadcast::Sender::new(WAITING),
        }
    }

    /// Tells whoever listens.
    pub fn tell(&self, change: Change) {
        // An error says that nobody does.
        let _ = self.sender.send(change);
    }

    /// Hears of every change from now on.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.sender.subscribe()
    }
}
