//! Opaque identifiers. They carry no meaning and may stand in URLs and logs.

use core::fmt;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Makes an id of 16 random bytes that the caller drew.
            pub fn from_random(bytes: [u8; 16]) -> Self {
                Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
            }

            /// Reads the usual hyphenated form; `None` when it is not one.
            pub fn parse(text: &str) -> Option<Self> {
                Uuid::try_parse(text).ok().map(Self)
            }

            /// The same id for the same text, always: for references that come from outside, in a
            /// name space of their own (`namespace`), so that equal texts of different kinds differ.
            pub fn derived(namespace: &str, text: &str) -> Self {
                let mut hash = Sha256::new();
                hash.update(stringify!($name).as_bytes());
                hash.update([0]);
                hash.update(namespace.as_bytes());
                hash.update([0]);
                hash.update(text.as_bytes());
                let digest: [u8; 32] = hash.finalize().into();
                let mut bytes = [0_u8; 16];
                for (to, from) in bytes.iter_mut().zip(digest) {
                    *to = from;
                }
                Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

id!(
    /// The subject of a record; also names that patient's chain in the ledger.
    PatientId
);
id!(
    /// One item of a record (POLICY §1).
    ItemId
);
id!(
    /// A natural person: a patient, a helper, a clinician, an office worker.
    PersonId
);
id!(
    /// An organization: a program, a hospital, a practice, a payer.
    OrganizationId
);
id!(
    /// An account that can sign in.
    AccountId
);
id!(
    /// An invitation to make an account, or to set one up anew.
    InvitationId
);
id!(
    /// A change of somebody's place on the staff that waits for a second administrator.
    ProposalId
);
id!(
    /// A case in which staff help somebody back into their account.
    RecoveryCaseId
);
id!(
    /// A signed review of who has access.
    AccessReviewId
);
id!(
    /// One version of a consent.
    ConsentId
);
id!(
    /// A restriction the organization agreed to (LAW C4).
    RestrictionId
);
id!(
    /// An authority by which somebody acts for a patient (POLICY §4.3).
    AuthorityId
);
id!(
    /// Somebody's application to act for a patient (LAW D4, D5).
    ApplicationId
);
id!(
    /// A document that goes with an application.
    DocumentId
);
id!(
    /// A care relationship.
    RelationshipId
);
id!(
    /// An emergency grant (LAW E1).
    EmergencyId
);
id!(
    /// A signed-in session; not the cookie's value.
    SessionId
);
id!(
    /// A request to the server.
    RequestId
);
id!(
    /// What somebody said of an item's labels.
    ReviewId
);
id!(
    /// One run of the importer over one file.
    BatchId
);
id!(
    /// One backup.
    BackupId
);
