//! The document a consent was signed as, with the server's signature over both.

use sea_orm_migration::prelude::*;

/// Adds the column `consents.document`; consents signed before have none.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "consents";
const COLUMN: &str = "document";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter()
            .table(Alias::new(TABLE))
            .add_column(ColumnDef::new(Alias::new(COLUMN)).blob())
            .to_owned();
        manager.alter_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter()
            .table(Alias::new(TABLE))
            .drop_column(Alias::new(COLUMN))
            .to_owned();
        manager.alter_table(table).await
    }
}
