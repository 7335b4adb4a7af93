//! The schema's history.
//!
//! Every migration runs on SQLite and on PostgreSQL alike: BLOB/bytea, UUID and BIGINT, and nothing only one of
//! them knows. Columns hold ciphertexts, keyed hashes, opaque ids and counters; never a name, a code, a label or
//! a text in clear.

use sea_orm_migration::MigrationTrait;
pub use sea_orm_migration::{MigratorTrait, SchemaManager};

mod m20261122_000001_foundation;
mod m20261122_000002_names;
mod m20261122_000003_invitations;
mod m20261122_000004_label_review;
mod m20261122_000005_devices_and_letters;
mod m20261122_000006_emergencies;
mod m20261122_000007_staff;
mod m20261122_000008_recovery;
mod m20261122_000009_office;
mod m20261122_000010_restrictions;
mod m20261122_000011_proxies;
mod m20261122_000012_signed_documents;
mod m20261122_000014_ledger_log;
mod m20261122_000015_key_versions;

/// Every migration in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_foundation::Migration),
            Box::new(m20261122_000002_names::Migration),
            Box::new(m20261122_000003_invitations::Migration),
            Box::new(m20261122_000004_label_review::Migration),
            Box::new(m20261122_000005_devices_and_letters::Migration),
            Box::new(m20261122_000006_emergencies::Migration),
            Box::new(m20261122_000007_staff::Migration),
            Box::new(m20261122_000008_recovery::Migration),
            Box::new(m20261122_000009_office::Migration),
            Box::new(m20261122_000010_restrictions::Migration),
            Box::new(m20261122_000011_proxies::Migration),
            Box::new(m20261122_000012_signed_documents::Migration),
            Box::new(m20261122_000015_key_versions::Migration),
            Box::new(m20261122_000014_ledger_log::Migration),
        ]
    }
}
