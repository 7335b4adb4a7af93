//! What patients asked organizations not to pass on, and the answers (LAW C4).
//!
//! Which organization was asked is a keyed hash; what was asked and said is sealed by the patient's key.

use sea_orm_migration::prelude::*;

/// Adds the table `restriction_requests`.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "restriction_requests";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = |name: &'static str| ColumnDef::new(Alias::new(name)).not_null().take();
        let table = Table::create()
            .table(Alias::new(TABLE))
            .col(column("id").uuid().primary_key())
            .col(column("patient").uuid())
            .col(column("queue").blob())
            .col(column("body").blob())
            .to_owned();
        manager.create_table(table).await?;
        for by in ["patient", "queue"] {
            let index = Index::create()
                .name(format!("restriction_requests_by_{by}"))
                .table(Alias::new(TABLE))
                .col(Alias::new(by))
                .to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Alias::new(TABLE)).if_exists().take())
            .await
    }
}
