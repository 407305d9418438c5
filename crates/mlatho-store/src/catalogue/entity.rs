//! The rows of the catalogue's tables.

/// Declares one entity in a module of its own.
macro_rules! entity {
    ($(#[$doc:meta])* $module:ident, $table:literal, { $($(#[$attr:meta])* $field:ident: $ty:ty),* $(,)? }) => {
        $(#[$doc])*
        pub(crate) mod $module {
            use sea_orm::entity::prelude::*;
            use serde::{Deserialize, Serialize};

            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub(crate) struct Model {
                $($(#[$attr])* pub $field: $ty),*
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub(crate) enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

entity! {
    /// What arrived: one for each (source, origin, content).
    receipts, "receipts", {
        #[sea_orm(primary_key)]
        number: i32,
        hash: String,
        source: String,
        origin: String,
        bytes: i64,
        received_at: i64,
        watermark: Option<String>,
        superseded_by: Option<i32>,
        processed_rules: Option<String>,
    }
}
entity! {
    /// Runs; `processed` holds the receipts with their rules as JSON from the moment the log is committed.
    runs, "runs", {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        kind: String,
        state: String,
        started_at: i64,
        finished_at: Option<i64>,
        processed: Option<String>,
        summary: Option<String>,
        log_version: Option<i64>,
        observations_version: Option<i64>,
        findings_version: Option<i64>,
    }
}
entity! {
    /// The months that a run touches, each with its lease number and a hash of what was written.
    run_months, "run_months", {
        #[sea_orm(primary_key, auto_increment = false)]
        run: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        month: i32,
        lease: i64,
        done: bool,
        content: Option<String>,
        observations_version: Option<i64>,
        findings_version: Option<i64>,
    }
}
entity! {
    /// The texts behind the surrogates.
    terms, "terms", {
        #[sea_orm(primary_key, auto_increment = false)]
        kind: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        id: i32,
        text: String,
        name: String,
        mapped: bool,
    }
}
entity! {
    mapping_versions, "mapping_versions", {
        #[sea_orm(primary_key, auto_increment = false)]
        version: String,
        loaded_at: i64,
    }
}
entity! {
    /// The links of a mapping version, in the order of the file.
    links, "links", {
        #[sea_orm(primary_key, auto_increment = false)]
        version: String,
        #[sea_orm(primary_key, auto_increment = false)]
        number: i32,
        kind: String,
        source: String,
        source_id: String,
        source_name: String,
        target: String,
        target_name: String,
        factor: String,
        unit: String,
        share: String,
        relation: String,
        valid_from: String,
        valid_to: String,
        reason: String,
    }
}
entity! {
    /// What has no mapping, and how much of each month it carries.
    unmapped, "unmapped", {
        #[sea_orm(primary_key, auto_increment = false)]
        month: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        source: String,
        #[sea_orm(primary_key, auto_increment = false)]
        code: String,
        name: String,
        records: i64,
        quantity: String,
    }
}
entity! {
    /// What was last found at a target as we had sent it, by place: JSON of data set, value (none where it was
    /// withdrawn) and batch by key.
    publications, "publications", {
        #[sea_orm(primary_key, auto_increment = false)]
        target: String,
        #[sea_orm(primary_key, auto_increment = false)]
        place: String,
        content: String,
    }
}
entity! {
    /// Deliveries, batch by batch, with the target's answers.
    outbox, "outbox", {
        #[sea_orm(primary_key)]
        id: i32,
        target: String,
        plan: String,
        number: i64,
        data_set: String,
        state: String,
        created_at: i64,
        settled_at: Option<i64>,
        counts: Option<String>,
        report: Option<String>,
        /// Of a batch that is not settled: the values that may have arrived, by place as in `publications`.
        intended: Option<String>,
    }
}
entity! {
    /// Links that the registers changed under.
    reopened_links, "reopened_links", {
        #[sea_orm(primary_key, auto_increment = false)]
        kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        source: String,
        #[sea_orm(primary_key, auto_increment = false)]
        code: String,
        #[sea_orm(primary_key, auto_increment = false)]
        target: String,
        reopened_at: i64,
    }
}
entity! {
    /// Decisions and what else must be answered for, each bound to the one before by its hash.
    audit, "audit", {
        #[sea_orm(primary_key, auto_increment = false)]
        number: i64,
        at: i64,
        person: String,
        kind: String,
        subject: String,
        content: String,
        previous: String,
        hash: String,
    }
}
entity! {
    /// The files that runs made part of a table, each with the BLAKE3 hash of its bytes.
    table_files, "table_files", {
        #[sea_orm(primary_key, auto_increment = false)]
        path: String,
        run: i64,
        hash: String,
    }
}
entity! {
    /// Where the audit log stood when a run finished, so that a log that was cut short is noticed.
    audit_anchors, "audit_anchors", {
        #[sea_orm(primary_key, auto_increment = false)]
        run: i64,
        number: i64,
        hash: String,
    }
}
