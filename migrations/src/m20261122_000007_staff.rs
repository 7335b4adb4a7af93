//! Changes of staff that wait for a second administrator, and signed reviews of who has access.

use sea_orm_migration::prelude::*;

/// Adds the tables `staff_proposals` and `access_reviews`.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 2] = ["staff_proposals", "access_reviews"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let table = Table::create()
                .table(Alias::new(table))
                .col(
                    ColumnDef::new(Alias::new("id"))
                        .uuid()
                        .not_null()
                        .primary_key(),
                )
                .col(ColumnDef::new(Alias::new("body")).blob().not_null())
                .to_owned();
            manager.create_table(table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let table = Table::drop().table(Alias::new(table)).to_owned();
            manager.drop_table(table).await?;
        }
        Ok(())
    }
}
