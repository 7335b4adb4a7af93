//! By what names resources of a file are referred to: the full URL of an item, and every name of a directory entry.
//! Without them a later file could not follow the references of an earlier one, and labels that rest on them would go.

use sea_orm_migration::prelude::*;

/// Adds the full URL to contents, and the table of directory names.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const CONTENTS: &str = "contents";
const NAMES: &str = "directory_names";

/// What is added to contents: the sealed URL, and its keyed digest to compare by.
const COLUMNS: [&str; 2] = ["url", "url_digest"];

fn blob(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).blob().take()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            // SQLite adds one column a statement.
            let mut alter = Table::alter();
            alter
                .table(Alias::new(CONTENTS))
                .add_column(blob(column).null().take());
            manager.alter_table(alter).await?;
        }
        let mut names = Table::create();
        names
            .table(Alias::new(NAMES))
            .col(blob("name").not_null().take())
            .col(blob("reference").not_null().take())
            .primary_key(
                Index::create()
                    .col(Alias::new("name"))
                    .col(Alias::new("reference")),
            );
        manager.create_table(names).await?;
        let index = Index::create()
            .name("directory_names_by_reference")
            .table(Alias::new(NAMES))
            .col(Alias::new("reference"))
            .take();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Alias::new(NAMES)).if_exists().take())
            .await?;
        for column in COLUMNS {
            let mut alter = Table::alter();
            alter
                .table(Alias::new(CONTENTS))
                .drop_column(Alias::new(column));
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}
