//! Invitations to make an account, and when an account was used last.

use sea_orm_migration::prelude::*;

/// Adds the table `invitations` and the column `accounts.last_used`.
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
        let invitations = Table::create()
            .table(name("invitations"))
            .col(ColumnDef::new(name("id")).uuid().not_null().primary_key())
            .col(ColumnDef::new(name("code")).blob().not_null().unique_key())
            .col(ColumnDef::new(name("person")).blob().not_null())
            .col(ColumnDef::new(name("body")).blob().not_null())
            .col(ColumnDef::new(name("expires")).big_integer().not_null())
            .to_owned();
        manager.create_table(invitations).await?;
        let by_person = Index::create()
            .name("invitations_by_person")
            .table(name("invitations"))
            .col(name("person"))
            .to_owned();
        manager.create_index(by_person).await?;
        let last_used = Table::alter()
            .table(name("accounts"))
            .add_column(ColumnDef::new(name("last_used")).big_integer().null())
            .to_owned();
        manager.alter_table(last_used).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let last_used = Table::alter()
            .table(name("accounts"))
            .drop_column(name("last_used"))
            .to_owned();
        manager.alter_table(last_used).await?;
        let invitations = Table::drop().table(name("invitations")).to_owned();
        manager.drop_table(invitations).await
    }
}
