//! Those who act for patients (LAW D): accounts that act as a person whom a patient named, consents that wait for a second
//! signature, applications to act for a patient and the documents that go with them.
//!
//! Persons and accounts are keyed hashes where they are looked for; everything else is sealed.

use sea_orm_migration::prelude::*;

/// Adds the four tables.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const PERSONS: &str = "account_persons";
const AWAITING: &str = "awaiting_consents";
const APPLICATIONS: &str = "proxy_applications";
const DOCUMENTS: &str = "proxy_documents";

fn column(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).not_null().take()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut persons = Table::create();
        persons
            .table(Alias::new(PERSONS))
            .col(column("person").blob().primary_key())
            .col(column("account").blob())
            .col(column("body").blob());
        manager.create_table(persons).await?;
        let mut awaiting = Table::create();
        awaiting
            .table(Alias::new(AWAITING))
            .col(column("id").uuid().primary_key())
            .col(column("patient").uuid())
            .col(column("body").blob());
        manager.create_table(awaiting).await?;
        let mut applications = Table::create();
        applications
            .table(Alias::new(APPLICATIONS))
            .col(column("id").uuid().primary_key())
            .col(column("applicant").blob())
            .col(column("made").big_integer())
            .col(column("body").blob());
        manager.create_table(applications).await?;
        let mut documents = Table::create();
        documents
            .table(Alias::new(DOCUMENTS))
            .col(column("id").uuid().primary_key())
            .col(column("application").uuid())
            .col(column("content").blob());
        manager.create_table(documents).await?;
        for (table, by) in [
            (PERSONS, "account"),
            (AWAITING, "patient"),
            (APPLICATIONS, "applicant"),
            (DOCUMENTS, "application"),
        ] {
            let mut index = Index::create();
            index
                .name(format!("{table}_by_{by}"))
                .table(Alias::new(table))
                .col(Alias::new(by));
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [DOCUMENTS, APPLICATIONS, AWAITING, PERSONS] {
            manager
                .drop_table(Table::drop().table(Alias::new(table)).if_exists().take())
                .await?;
        }
        Ok(())
    }
}
