//! Devices that people signed in from, letters that wait to be sent, and when a counter may be forgotten.

use sea_orm_migration::prelude::*;

/// Adds the tables `devices` and `outbox` and the column `attempts.forget_at`.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

fn name(name: &'static str) -> Alias {
    Alias::new(name)
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let devices = Table::create()
            .table(name("devices"))
            .col(
                ColumnDef::new(name("account"))
                    .blob()
                    .not_null()
                    .primary_key(),
            )
            .col(ColumnDef::new(name("body")).blob().not_null())
            .to_owned();
        manager.create_table(devices).await?;
        let outbox = Table::create()
            .table(name("outbox"))
            .col(ColumnDef::new(name("id")).uuid().not_null().primary_key())
            .col(ColumnDef::new(name("body")).blob().not_null())
            .col(ColumnDef::new(name("tries")).big_integer().not_null())
            .col(ColumnDef::new(name("due")).big_integer().not_null())
            .col(ColumnDef::new(name("made")).big_integer().not_null())
            .to_owned();
        manager.create_table(outbox).await?;
        let by_due = Index::create()
            .name("outbox_by_due")
            .table(name("outbox"))
            .col(name("due"))
            .to_owned();
        manager.create_index(by_due).await?;
        let forget_at = Table::alter()
            .table(name("attempts"))
            .add_column(ColumnDef::new(name("forget_at")).big_integer().null())
            .to_owned();
        manager.alter_table(forget_at).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let forget_at = Table::alter()
            .table(name("attempts"))
            .drop_column(name("forget_at"))
            .to_owned();
        manager.alter_table(forget_at).await?;
        let outbox = Table::drop().table(name("outbox")).to_owned();
        manager.drop_table(outbox).await?;
        let devices = Table::drop().table(name("devices")).to_owned();
        manager.drop_table(devices).await
    }
}
