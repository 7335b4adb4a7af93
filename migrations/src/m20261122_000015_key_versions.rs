//! Other versions of a key beside the one that seals, and the rotation of data keys that is under way.

use sea_orm_migration::prelude::*;

/// Adds `other_keys` to the two tables that hold keys, and `key_rotations`.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const COLUMN: &str = "other_keys";
const TABLES: [&str; 2] = ["patients", "sealed_keys"];
const ROTATIONS: &str = "key_rotations";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let table = Table::alter()
                .table(Alias::new(table))
                .add_column(ColumnDef::new(Alias::new(COLUMN)).blob().null())
                .to_owned();
            manager.alter_table(table).await?;
        }
        let rotations = Table::create()
            .table(Alias::new(ROTATIONS))
            .col(
                ColumnDef::new(Alias::new("id"))
                    .uuid()
                    .not_null()
                    .primary_key(),
            )
            .col(
                ColumnDef::new(Alias::new("started"))
                    .big_integer()
                    .not_null(),
            )
            .col(ColumnDef::new(Alias::new("stage")).big_integer().not_null())
            .to_owned();
        manager.create_table(rotations).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Alias::new(ROTATIONS)).to_owned())
            .await?;
        for table in TABLES {
            let table = Table::alter()
                .table(Alias::new(table))
                .drop_column(Alias::new(COLUMN))
                .to_owned();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
