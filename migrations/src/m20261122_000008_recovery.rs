//! Cases in which staff help somebody back into an account, and the addresses at which an account's owner is told.
//!
//! Both are sealed; whose they are is a keyed hash.

use sea_orm_migration::prelude::*;

/// Adds the tables `recovery_cases` and `contacts`.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const CASES: &str = "recovery_cases";
const CONTACTS: &str = "contacts";

fn blob(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).blob().not_null().take()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let cases = Table::create()
            .table(Alias::new(CASES))
            .col(
                ColumnDef::new(Alias::new("id"))
                    .uuid()
                    .not_null()
                    .primary_key(),
            )
            .col(blob("account"))
            .col(blob("body"))
            .to_owned();
        manager.create_table(cases).await?;
        let mut index = Index::create();
        index
            .name("recovery_cases_by_account")
            .table(Alias::new(CASES))
            .col(Alias::new("account"));
        manager.create_index(index).await?;
        let contacts = Table::create()
            .table(Alias::new(CONTACTS))
            .col(blob("account").primary_key().take())
            .col(blob("body"))
            .to_owned();
        manager.create_table(contacts).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [CASES, CONTACTS] {
            let table = Table::drop().table(Alias::new(table)).if_exists().take();
            manager.drop_table(table).await?;
        }
        Ok(())
    }
}
