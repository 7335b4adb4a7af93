//! What the office's pages need: National Provider Identifiers and birth dates as keyed hashes to look up by, and the
//! care relationships that administrators assigned. Counters that accounts once had are gone: failures are counted in
//! `attempts`.

use sea_orm_migration::prelude::*;

/// Adds `organizations.npi`, `patients.born` and the table `assignments`; drops two columns of `accounts`.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const ASSIGNMENTS: &str = "assignments";
const ORGANIZATIONS_BY_NPI: &str = "organizations_by_npi";
const PATIENTS_BY_BIRTH: &str = "patients_by_birth";

fn blob(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).blob().take()
}

async fn add(
    manager: &SchemaManager<'_>,
    table: &'static str,
    mut column: ColumnDef,
) -> Result<(), DbErr> {
    let mut alter = Table::alter();
    alter.table(Alias::new(table)).add_column(column.take());
    manager.alter_table(alter).await
}

async fn remove(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
) -> Result<(), DbErr> {
    let mut alter = Table::alter();
    alter
        .table(Alias::new(table))
        .drop_column(Alias::new(column));
    manager.alter_table(alter).await
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "organizations", blob("npi").null().take()).await?;
        let mut index = Index::create();
        index
            .name(ORGANIZATIONS_BY_NPI)
            .table(Alias::new("organizations"))
            .col(Alias::new("npi"))
            .unique();
        manager.create_index(index).await?;
        // Filled when the store opens: it takes the keys.
        add(manager, "patients", blob("born").null().take()).await?;
        let mut index = Index::create();
        index
            .name(PATIENTS_BY_BIRTH)
            .table(Alias::new("patients"))
            .col(Alias::new("born"));
        manager.create_index(index).await?;
        let mut table = Table::create();
        table
            .table(Alias::new(ASSIGNMENTS))
            .col(blob("id").not_null().primary_key().take())
            .col(blob("body").not_null().take());
        manager.create_table(table).await?;
        remove(manager, "accounts", "failures").await?;
        remove(manager, "accounts", "blocked_until").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut failures = ColumnDef::new(Alias::new("failures"));
        add(
            manager,
            "accounts",
            failures.big_integer().not_null().default(0).take(),
        )
        .await?;
        let mut blocked = ColumnDef::new(Alias::new("blocked_until"));
        add(manager, "accounts", blocked.big_integer().null().take()).await?;
        manager
            .drop_table(Table::drop().table(Alias::new(ASSIGNMENTS)).take())
            .await?;
        for (table, index, column) in [
            ("patients", PATIENTS_BY_BIRTH, "born"),
            ("organizations", ORGANIZATIONS_BY_NPI, "npi"),
        ] {
            let index = Index::drop()
                .name(index)
                .table(Alias::new(table))
                .to_owned();
            manager.drop_index(index).await?;
            remove(manager, table, column).await?;
        }
        Ok(())
    }
}
