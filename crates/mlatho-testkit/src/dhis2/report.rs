//! Import reports in their shapes (`dhis2.md` section 3).

use std::collections::{BTreeMap, BTreeSet};

use axum::response::Response;
use serde_json::{Value as Json, json};

use super::call;
use super::config::{Engine, Version};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Status {
    #[default]
    Success,
    Warning,
    Error,
}

impl Status {
    const fn name(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        }
    }
}

/// One objection.
#[derive(Clone, Debug)]
pub(super) struct Conflict {
    pub(super) code: &'static str,
    /// The message, which DHIS2 calls `value`.
    pub(super) message: String,
    pub(super) property: Option<&'static str>,
    /// A: the objects that it names, by their kind. B: only `args` `[C]`.
    pub(super) objects: BTreeMap<&'static str, String>,
    /// Rows from 0; −1: the whole payload.
    pub(super) indexes: Vec<i64>,
}

/// The result of an import.
#[derive(Clone, Debug, Default)]
pub(super) struct Summary {
    pub(super) status: Status,
    pub(super) imported: usize,
    pub(super) updated: usize,
    pub(super) ignored: usize,
    pub(super) deleted: usize,
    pub(super) conflicts: Vec<Conflict>,
    pub(super) rejected: BTreeSet<usize>,
    /// The date of the completeness registration that came with the values.
    pub(super) complete: Option<String>,
    /// Rows that were not there before, for the model of speed.
    pub(super) fresh: usize,
}

impl Summary {
    pub(super) fn to_json(&self, engine: Engine) -> Json {
        let conflict = |conflict: &Conflict| {
            let object = match engine {
                Engine::A => conflict.objects.values().next().map_or(Json::Null, |id| id.as_str().into()),
                Engine::B => Json::Null,
            };
            json!({"object": object, "objects": conflict.objects, "value": conflict.message,
                "errorCode": conflict.code, "property": conflict.property, "indexes": conflict.indexes})
        };
        let description = match self.status {
            Status::Error => "The import process failed",
            _ => "Import process completed successfully",
        };
        json!({
            "responseType": "ImportSummary",
            "status": self.status.name(),
            "description": description,
            "importCount": {"imported": self.imported, "updated": self.updated, "ignored": self.ignored,
                "deleted": self.deleted},
            "conflicts": self.conflicts.iter().map(conflict).collect::<Vec<_>>(),
            "rejectedIndexes": self.rejected,
            "dataSetComplete": self.complete.as_deref().unwrap_or("false"),
        })
    }

    /// The answer to a synchronous import.
    pub(super) fn answer(&self, version: Version, api_version: Option<u32>) -> Response {
        let engine = version.engine();
        let code = match (engine, self.status) {
            (_, Status::Success) | (Engine::B, Status::Warning) => 200, // [C]
            (Engine::A, Status::Warning) | (_, Status::Error) => 409,   // [C]
        };
        let summary = self.to_json(engine);
        // Shape (b): the summary as root, on servers before 2.38 and there under /api/37 and lower up to 2.41 [C].
        // That servers before 2.38 answer 200 is [U].
        if version.line < 38 {
            return call::json(200, &summary);
        }
        if version.line <= 41 && api_version.is_some_and(|asked| asked <= 37) {
            return call::json(code, &summary);
        }
        let message = match self.status {
            Status::Success => "Import was successful.",
            Status::Warning => "One more conflicts encountered, please check import summary.",
            Status::Error => "An error occurred, please check import summary.",
        };
        let name = if code == 200 { "OK" } else { "Conflict" };
        let body = json!({"httpStatus": name, "httpStatusCode": code, "status": self.status.name(),
            "message": message, "response": summary});
        call::json(code, &body)
    }
}
