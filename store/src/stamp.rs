//! Who does it: what every ledger entry carries beside the event.

use domain::id::{AccountId, PatientId, PersonId, RequestId, SessionId};
use domain::party::Role;
use serde::{Deserialize, Serialize};

/// Who acts. All `None`: the system itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ActorRef {
    /// The account that is signed in.
    pub account: Option<AccountId>,
    /// The person.
    pub person: Option<PersonId>,
    /// The role in which the person acts.
    pub role: Option<Role>,
}

/// Who acts, for whom, in which session and request.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Stamp {
    /// Who acts.
    pub actor: ActorRef,
    /// The patient somebody else acts for.
    pub on_behalf_of: Option<PatientId>,
    /// The session.
    pub session: Option<SessionId>,
    /// The request.
    pub request: Option<RequestId>,
}

impl Stamp {
    /// The stamp of what the system does by itself: imports on the command line, jobs.
    pub const SYSTEM: Self = Self {
        actor: ActorRef {
            account: None,
            person: None,
            role: None,
        },
        on_behalf_of: None,
        session: None,
        request: None,
    };
}
