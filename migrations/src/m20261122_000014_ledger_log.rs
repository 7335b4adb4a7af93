//! The log over all chains of the ledger: which entry stands where, the tree's nodes, and the signed checkpoints.
//!
//! Nothing here is sealed: it is hashes, opaque ids and counts, and a copy must be checked without a key.

use sea_orm_migration::prelude::*;

/// Adds the tables `log_leaves`, `log_chains`, `log_tiles` and `checkpoints`.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 4] = ["log_leaves", "log_chains", "log_tiles", "checkpoints"];

fn column(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).not_null().take()
}

fn table(name: &'static str, columns: Vec<ColumnDef>) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(Alias::new(name));
    for column in columns {
        table.col(column);
    }
    table
}

fn tables() -> [TableCreateStatement; 4] {
    let mut tiles = table(
        "log_tiles",
        vec![
            column("level").big_integer().take(),
            column("number").big_integer().take(),
            column("hashes").blob().take(),
        ],
    );
    tiles.primary_key(
        Index::create()
            .col(Alias::new("level"))
            .col(Alias::new("number")),
    );
    [
        table(
            "log_leaves",
            vec![
                column("position").big_integer().primary_key().take(),
                column("chain").uuid().take(),
                column("seq").big_integer().take(),
            ],
        ),
        table(
            "log_chains",
            vec![
                column("chain").uuid().primary_key().take(),
                column("seq").big_integer().take(),
            ],
        ),
        tiles,
        table(
            "checkpoints",
            vec![
                column("size").big_integer().primary_key().take(),
                column("at").big_integer().take(),
                column("key").blob().take(),
                column("note").text().take(),
            ],
        ),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        let by_entry = Index::create()
            .name("log_leaves_by_chain_and_seq")
            .table(Alias::new("log_leaves"))
            .col(Alias::new("chain"))
            .col(Alias::new("seq"))
            .unique()
            .take();
        manager.create_index(by_entry).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in TABLES {
            manager
                .drop_table(Table::drop().table(Alias::new(name)).if_exists().take())
                .await?;
        }
        Ok(())
    }
}
