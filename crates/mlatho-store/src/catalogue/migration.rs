//! The one set of migrations, for SQLite and PostgreSQL alike.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, integer, integer_null, pk_auto, small_integer, text, text_null,
};

/// The name of the last change.
pub(crate) const LAST: &str = "m0003_audit";

pub(super) struct Migrations;

impl MigratorTrait for Migrations {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(Catalogue), Box::new(ReopenedLinks), Box::new(Audit)]
    }
}

struct Catalogue;

impl MigrationName for Catalogue {
    fn name(&self) -> &'static str {
        "m0001_catalogue"
    }
}

fn table(name: &'static str, columns: Vec<ColumnDef>, key: &[&'static str]) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name);
    for column in columns {
        table.col(column);
    }
    if !key.is_empty() {
        let mut primary = Index::create();
        for column in key {
            primary.col(*column);
        }
        table.primary_key(&mut primary);
    }
    table
}

fn unique(name: &'static str, of: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(of).unique();
    for column in columns {
        index.col(*column);
    }
    index
}

/// Times are microseconds since 1970, UTC; a table version is that of Delta.
fn tables() -> Vec<TableCreateStatement> {
    let receipts = vec![
        pk_auto("number"),
        text("hash"),
        text("source"),
        text("origin"),
        big_integer("bytes"),
        big_integer("received_at"),
        text_null("watermark"),
        integer_null("superseded_by"),
        text_null("processed_rules"),
    ];
    let runs = vec![
        big_integer("id"),
        text("kind"),
        text("state"),
        big_integer("started_at"),
        big_integer_null("finished_at"),
        text_null("processed"),
        text_null("summary"),
        big_integer_null("log_version"),
        big_integer_null("observations_version"),
        big_integer_null("findings_version"),
    ];
    let run_months = vec![
        big_integer("run"),
        integer("month"),
        big_integer("lease"),
        boolean("done"),
        text_null("content"),
        big_integer_null("observations_version"),
        big_integer_null("findings_version"),
    ];
    let terms = vec![small_integer("kind"), integer("id"), text("text"), text("name"), boolean("mapped")];
    let links = vec![
        text("version"),
        integer("number"),
        text("kind"),
        text("source"),
        text("source_id"),
        text("source_name"),
        text("target"),
        text("target_name"),
        text("factor"),
        text("unit"),
        text("share"),
        text("relation"),
        text("valid_from"),
        text("valid_to"),
        text("reason"),
    ];
    let unmapped = vec![
        integer("month"),
        text("kind"),
        text("source"),
        text("code"),
        text("name"),
        big_integer("records"),
        text("quantity"),
    ];
    let publications = vec![text("target"), text("place"), text("content")];
    let outbox = vec![
        pk_auto("id"),
        text("target"),
        text("plan"),
        big_integer("number"),
        text("data_set"),
        text("state"),
        big_integer("created_at"),
        big_integer_null("settled_at"),
        text_null("counts"),
        text_null("report"),
        text_null("intended"),
    ];
    vec![
        table("receipts", receipts, &[]),
        table("runs", runs, &["id"]),
        table("run_months", run_months, &["run", "month"]),
        table("terms", terms, &["kind", "id"]),
        table("mapping_versions", vec![text("version"), big_integer("loaded_at")], &["version"]),
        table("links", links, &["version", "number"]),
        table("unmapped", unmapped, &["month", "kind", "source", "code"]),
        table("publications", publications, &["target", "place"]),
        table("outbox", outbox, &[]),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Catalogue {
    /// All tables or none, on SQLite too: a process that is killed here must not leave half a catalogue, and a
    /// connection of SQLite that saw a table before its unique index would refuse `ON CONFLICT` on it.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        manager.create_index(unique("receipts_of_origin", "receipts", &["source", "origin", "hash"])).await?;
        manager.create_index(unique("terms_text", "terms", &["kind", "text"])).await?;
        manager.create_index(unique("run_months_lease", "run_months", &["month", "lease"])).await
    }
}

struct ReopenedLinks;

impl MigrationName for ReopenedLinks {
    fn name(&self) -> &'static str {
        "m0002_reopened_links"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for ReopenedLinks {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = vec![text("kind"), text("source"), text("code"), text("target"), big_integer("reopened_at")];
        manager.create_table(table("reopened_links", columns, &["kind", "source", "code", "target"])).await
    }
}

struct Audit;

impl MigrationName for Audit {
    fn name(&self) -> &'static str {
        LAST
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Audit {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let audit = vec![
            big_integer("number"),
            big_integer("at"),
            text("person"),
            text("kind"),
            text("subject"),
            text("content"),
            text("previous"),
            text("hash"),
        ];
        manager.create_table(table("audit", audit, &["number"])).await?;
        // Two entries after one and the same would be a fork.
        manager.create_index(unique("audit_previous", "audit", &["previous"])).await?;
        let anchors = vec![big_integer("run"), big_integer("number"), text("hash")];
        manager.create_table(table("audit_anchors", anchors, &["run"])).await?;
        let files = vec![text("path"), big_integer("run"), text("hash")];
        manager.create_table(table("table_files", files, &["path"])).await
    }
}
