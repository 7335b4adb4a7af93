//! What people said of labels, and which items wait to be looked at.
//!
//! The queue names nobody in clear: organization, item and patient are keyed hashes, what a row is about is sealed.

use sea_orm_migration::prelude::*;

/// Adds the records of what was said, and the queue.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const RECORDS: &str = "label_records";
const QUEUE: &str = "review_queue";

fn column(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name))
}

fn blob(name: &'static str) -> ColumnDef {
    column(name).blob().not_null().take()
}

fn number(name: &'static str) -> ColumnDef {
    column(name).big_integer().not_null().take()
}

fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index
        .name(format!("{table}_by_{}", columns.join("_and_")))
        .table(Alias::new(table));
    for column in columns {
        index.col(Alias::new(*column));
    }
    index
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut records = Table::create();
        records
            .table(Alias::new(RECORDS))
            .col(column("id").uuid().not_null().primary_key())
            .col(column("patient").uuid().not_null())
            .col(number("place"))
            .col(blob("body"))
            .foreign_key(
                ForeignKey::create()
                    .from(Alias::new(RECORDS), Alias::new("patient"))
                    .to(Alias::new("patients"), Alias::new("id")),
            );
        manager.create_table(records).await?;
        let mut queue = Table::create();
        queue
            .table(Alias::new(QUEUE))
            .col(blob("queue"))
            .col(blob("item"))
            .col(blob("record"))
            .col(number("since"))
            .col(blob("body"))
            .primary_key(
                Index::create()
                    .col(Alias::new("queue"))
                    .col(Alias::new("item")),
            );
        manager.create_table(queue).await?;
        manager
            .create_index(index(RECORDS, &["patient", "place"]))
            .await?;
        manager
            .create_index(index(QUEUE, &["queue", "since"]))
            .await?;
        manager.create_index(index(QUEUE, &["record"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [QUEUE, RECORDS] {
            manager
                .drop_table(Table::drop().table(Alias::new(table)).if_exists().take())
                .await?;
        }
        Ok(())
    }
}
