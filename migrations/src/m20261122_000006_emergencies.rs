//! Which emergency grants wait for whose review (LAW E1).
//!
//! The queue names nobody in clear: organization and grant are keyed hashes, whose record it is about is sealed.

use sea_orm_migration::prelude::*;

/// Adds the queue of grants.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const QUEUE: &str = "emergency_queue";

fn blob(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).blob().not_null().take()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut queue = Table::create();
        queue
            .table(Alias::new(QUEUE))
            .col(blob("queue"))
            .col(blob("emergency"))
            .col(
                ColumnDef::new(Alias::new("opened"))
                    .big_integer()
                    .not_null(),
            )
            .col(blob("body"))
            .primary_key(
                Index::create()
                    .col(Alias::new("queue"))
                    .col(Alias::new("emergency")),
            );
        manager.create_table(queue).await?;
        let mut index = Index::create();
        index
            .name("emergency_queue_by_queue_and_opened")
            .table(Alias::new(QUEUE))
            .col(Alias::new("queue"))
            .col(Alias::new("opened"));
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Alias::new(QUEUE)).if_exists().take())
            .await
    }
}
