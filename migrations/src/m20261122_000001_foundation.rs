//! The first schema: keys, patients, items, policy, people, accounts, sessions, drafts and the ledger.

use sea_orm_migration::prelude::*;

/// Creates every table of the first version.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 16] = [
    "ledger_entries",
    "ledger_heads",
    "drafts",
    "sessions",
    "attempts",
    "accounts",
    "directory",
    "organizations",
    "people",
    "reach",
    "policy_records",
    "consents",
    "contents",
    "items",
    "patients",
    "sealed_keys",
];

fn column(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name))
}

fn uuid(name: &'static str) -> ColumnDef {
    column(name).uuid().not_null().take()
}

fn blob(name: &'static str) -> ColumnDef {
    column(name).blob().not_null().take()
}

fn blob_null(name: &'static str) -> ColumnDef {
    column(name).blob().null().take()
}

fn number(name: &'static str) -> ColumnDef {
    column(name).big_integer().not_null().take()
}

fn number_null(name: &'static str) -> ColumnDef {
    column(name).big_integer().null().take()
}

fn key(column: ColumnDef) -> ColumnDef {
    let mut column = column;
    column.primary_key().take()
}

fn unique(column: ColumnDef) -> ColumnDef {
    let mut column = column;
    column.unique_key().take()
}

fn table(name: &'static str, columns: Vec<ColumnDef>) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(Alias::new(name));
    for column in columns {
        table.col(column);
    }
    table
}

/// A table whose rows belong to a patient; an index finds them.
fn of_patient(name: &'static str, columns: Vec<ColumnDef>) -> TableCreateStatement {
    let mut table = table(name, columns);
    table.foreign_key(
        ForeignKey::create()
            .from(Alias::new(name), Alias::new("patient"))
            .to(Alias::new("patients"), Alias::new("id")),
    );
    table
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

fn pair(
    mut table: TableCreateStatement,
    first: &'static str,
    second: &'static str,
) -> TableCreateStatement {
    table.primary_key(
        Index::create()
            .col(Alias::new(first))
            .col(Alias::new(second)),
    );
    table
}

/// The record: a patient, the facts of an item, and its content apart so that a chart loads without content.
fn record() -> Vec<TableCreateStatement> {
    vec![
        table(
            "patients",
            vec![
                key(uuid("id")),
                unique(blob("identity")),
                unique(blob_null("subject")),
                blob_null("data_key"),
                number("key_version"),
                blob_null("body"),
            ],
        ),
        of_patient(
            "items",
            vec![
                key(uuid("id")),
                uuid("patient"),
                unique(blob("identity")),
                blob_null("facts_digest"),
                blob_null("facts"),
            ],
        ),
        of_patient(
            "contents",
            vec![
                key(uuid("item")),
                uuid("patient"),
                blob("digest"),
                blob("content"),
                blob_null("basis"),
            ],
        ),
    ]
}

fn policy() -> Vec<TableCreateStatement> {
    vec![
        of_patient(
            "consents",
            vec![
                key(uuid("id")),
                uuid("patient"),
                blob("body"),
                blob("state"),
            ],
        ),
        of_patient(
            "policy_records",
            vec![key(uuid("id")), uuid("patient"), blob("body")],
        ),
        pair(
            of_patient("reach", vec![blob("party"), uuid("patient")]),
            "party",
            "patient",
        ),
    ]
}

fn people() -> Vec<TableCreateStatement> {
    vec![
        table(
            "people",
            vec![
                key(uuid("id")),
                unique(blob_null("reference")),
                blob("body"),
            ],
        ),
        table(
            "organizations",
            vec![
                key(uuid("id")),
                unique(blob_null("reference")),
                column("program").boolean().not_null().take(),
                blob("body"),
            ],
        ),
        table(
            "directory",
            vec![key(blob("reference")), blob("digest"), blob("body")],
        ),
        table(
            "accounts",
            vec![
                key(uuid("id")),
                unique(blob("sign_in")),
                blob("person"),
                blob("body"),
                number("failures"),
                number_null("blocked_until"),
                number_null("totp_step"),
            ],
        ),
        table(
            "attempts",
            vec![
                key(blob("key")),
                number("failures"),
                number_null("blocked_until"),
            ],
        ),
        table(
            "sessions",
            vec![
                key(blob("id")),
                blob_null("account"),
                blob("data"),
                number("expires"),
            ],
        ),
        pair(
            table("drafts", vec![uuid("account"), uuid("id"), blob("body")]),
            "account",
            "id",
        ),
    ]
}

fn ledger() -> Vec<TableCreateStatement> {
    vec![
        table(
            "ledger_heads",
            vec![
                key(uuid("chain")),
                number("seq"),
                blob("hash"),
                number("epoch"),
                number_null("last_at"),
            ],
        ),
        pair(
            table(
                "ledger_entries",
                vec![
                    uuid("chain"),
                    number("seq"),
                    blob("prev"),
                    blob("hash"),
                    blob("body"),
                ],
            ),
            "chain",
            "seq",
        ),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        // SQLite too: half a schema must never stay.
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let keys = table(
            "sealed_keys",
            vec![
                key(column("name").string_len(32).not_null().take()),
                number("version"),
                blob("wrapped"),
            ],
        );
        let tables = [vec![keys], record(), policy(), people(), ledger()];
        for table in tables.into_iter().flatten() {
            manager.create_table(table).await?;
        }
        for table in ["items", "contents", "consents", "policy_records", "reach"] {
            manager.create_index(index(table, &["patient"])).await?;
        }
        manager.create_index(index("accounts", &["person"])).await?;
        manager
            .create_index(index("sessions", &["account"]))
            .await?;
        manager.create_index(index("sessions", &["expires"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager
                .drop_table(Table::drop().table(Alias::new(table)).if_exists().take())
                .await?;
        }
        Ok(())
    }
}
