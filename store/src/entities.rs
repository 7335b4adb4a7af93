//! The rows. Private to this crate: nothing above names SeaORM.

macro_rules! table {
    ($module:ident, $name:literal, { $($body:tt)* }) => {
        pub mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $name)]
            pub struct Model { $($body)* }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

table!(sealed_keys, "sealed_keys", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub version: i64,
    pub wrapped: Vec<u8>,
    pub other_keys: Option<Vec<u8>>,
});

table!(patients, "patients", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub identity: Vec<u8>,
    pub subject: Option<Vec<u8>>,
    // None: the record was shredded.
    pub data_key: Option<Vec<u8>>,
    pub key_version: i64,
    pub body: Option<Vec<u8>>,
    // None: not written yet. A record without a birth date has a hash too.
    pub born: Option<Vec<u8>>,
    pub other_keys: Option<Vec<u8>>,
});

table!(key_rotations, "key_rotations", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub started: i64,
    pub stage: i64,
});

table!(items, "items", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub patient: Uuid,
    pub identity: Vec<u8>,
    pub facts_digest: Option<Vec<u8>>,
    pub facts: Option<Vec<u8>>,
});

table!(contents, "contents", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub item: Uuid,
    pub patient: Uuid,
    pub digest: Vec<u8>,
    pub content: Vec<u8>,
    pub basis: Option<Vec<u8>>,
    pub url: Option<Vec<u8>>,
    pub url_digest: Option<Vec<u8>>,
});

table!(consents, "consents", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub patient: Uuid,
    pub body: Vec<u8>,
    pub state: Vec<u8>,
    pub document: Option<Vec<u8>>,
});

table!(policy_records, "policy_records", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub patient: Uuid,
    pub body: Vec<u8>,
});

table!(assignments, "assignments", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Vec<u8>,
    pub body: Vec<u8>,
});

table!(restriction_requests, "restriction_requests", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub patient: Uuid,
    // Keyed hash of who was asked.
    pub queue: Vec<u8>,
    pub body: Vec<u8>,
});

table!(reach, "reach", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub party: Vec<u8>,
    #[sea_orm(primary_key, auto_increment = false)]
    pub patient: Uuid,
});

table!(label_records, "label_records", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub patient: Uuid,
    // The place in the order of the patient's records.
    pub place: i64,
    pub body: Vec<u8>,
});

table!(review_queue, "review_queue", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub queue: Vec<u8>,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item: Vec<u8>,
    pub record: Vec<u8>,
    pub since: i64,
    pub body: Vec<u8>,
});

table!(emergency_queue, "emergency_queue", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub queue: Vec<u8>,
    #[sea_orm(primary_key, auto_increment = false)]
    pub emergency: Vec<u8>,
    pub opened: i64,
    pub body: Vec<u8>,
});

table!(people, "people", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub reference: Option<Vec<u8>>,
    pub body: Vec<u8>,
});

table!(organizations, "organizations", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub reference: Option<Vec<u8>>,
    pub program: bool,
    pub npi: Option<Vec<u8>>,
    pub body: Vec<u8>,
});

table!(directory, "directory", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub reference: Vec<u8>,
    pub digest: Vec<u8>,
    pub body: Vec<u8>,
});

table!(directory_names, "directory_names", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: Vec<u8>,
    #[sea_orm(primary_key, auto_increment = false)]
    pub reference: Vec<u8>,
});

table!(accounts, "accounts", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub sign_in: Vec<u8>,
    pub person: Vec<u8>,
    pub body: Vec<u8>,
    pub totp_step: Option<i64>,
    pub last_used: Option<i64>,
});

table!(invitations, "invitations", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: Vec<u8>,
    pub person: Vec<u8>,
    pub body: Vec<u8>,
    pub expires: i64,
});

table!(staff_proposals, "staff_proposals", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub body: Vec<u8>,
});

table!(recovery_cases, "recovery_cases", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account: Vec<u8>,
    pub body: Vec<u8>,
});

table!(contacts, "contacts", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account: Vec<u8>,
    pub body: Vec<u8>,
});

table!(access_reviews, "access_reviews", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub body: Vec<u8>,
});

table!(attempts, "attempts", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: Vec<u8>,
    pub failures: i64,
    pub blocked_until: Option<i64>,
    // None: never.
    pub forget_at: Option<i64>,
});

table!(devices, "devices", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account: Vec<u8>,
    pub body: Vec<u8>,
});

table!(outbox, "outbox", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub body: Vec<u8>,
    pub tries: i64,
    pub due: i64,
    pub made: i64,
});

table!(sessions, "sessions", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Vec<u8>,
    pub account: Option<Vec<u8>>,
    pub data: Vec<u8>,
    pub expires: i64,
});

table!(drafts, "drafts", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub body: Vec<u8>,
});

table!(ledger_heads, "ledger_heads", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub chain: Uuid,
    pub seq: i64,
    pub hash: Vec<u8>,
    pub epoch: i64,
    pub last_at: Option<i64>,
});

table!(ledger_entries, "ledger_entries", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub chain: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub prev: Vec<u8>,
    pub hash: Vec<u8>,
    pub body: Vec<u8>,
});

// The place of every entry in the log, from 0.
table!(log_leaves, "log_leaves", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    pub chain: Uuid,
    pub seq: i64,
});

// How far each chain is in the log.
table!(log_chains, "log_chains", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub chain: Uuid,
    pub seq: i64,
});

table!(log_tiles, "log_tiles", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub level: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub hashes: Vec<u8>,
});

table!(checkpoints, "checkpoints", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub size: i64,
    pub at: i64,
    pub key: Vec<u8>,
    pub note: String,
});

table!(account_persons, "account_persons", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person: Vec<u8>,
    pub account: Vec<u8>,
    pub body: Vec<u8>,
});

table!(awaiting_consents, "awaiting_consents", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub patient: Uuid,
    pub body: Vec<u8>,
});

table!(proxy_applications, "proxy_applications", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub applicant: Vec<u8>,
    pub made: i64,
    pub body: Vec<u8>,
});

table!(proxy_documents, "proxy_documents", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub application: Uuid,
    pub content: Vec<u8>,
});

/// Calls a macro with every table and what of it is sealed, first those that others refer to.
///
/// INVARIANT: a new table stands here, with each sealed column: backups copy these tables, and a rotation of data keys
/// seals these columns anew. Tests hold the list against the schema (`store/tests/rotation.rs`, `backup.rs`).
macro_rules! every_table {
    ($visit:ident) => {
        $visit! {
            house {
                people [Body],
                organizations [Body],
                directory [Body],
                accounts [Body],
                invitations [Body],
                staff_proposals [Body],
                access_reviews [Body],
                devices [Body],
                outbox [Body],
                sessions [Data],
                drafts [Body],
                review_queue [Body],
                emergency_queue [Body],
                assignments [Body],
                recovery_cases [Body],
                contacts [Body],
                account_persons [Body],
                proxy_applications [Body],
                proxy_documents [Content],
            }
            patient {
                items by Patient [Facts],
                contents by Patient [Content, Basis, Url],
                consents by Patient [Body, State, Document],
                policy_records by Patient [Body],
                label_records by Patient [Body],
                restriction_requests by Patient [Body],
                awaiting_consents by Patient [Body],
                patients by Id [Body],
            }
            // Nothing in them is sealed by a data key, or it stays as it is (ADR 11).
            others {
                sealed_keys,
                reach,
                directory_names,
                attempts,
                key_rotations,
                ledger_heads,
                ledger_entries,
                log_leaves,
                log_chains,
                log_tiles,
                checkpoints,
            }
        }
    };
}
pub(crate) use every_table;
