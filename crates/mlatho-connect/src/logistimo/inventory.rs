//! What stands in stock now, at every entity.

use futures::stream::{self, StreamExt, TryStreamExt};
use mlatho_model::Finding;
use serde_json::value::RawValue;

use super::{Client, LogistimoError};
use crate::http::{named, write_list};

/// Requests under way at once.
const AT_ONCE: usize = 4;

/// The inventory of all entities in one JSON document, `{"results": [...]}`, every line as it came.
///
/// It is the stock of the moment: it closes a month only as the last one in it.
#[derive(Clone, Debug)]
pub struct Inventory {
    pub bytes: Vec<u8>,
    pub lines: usize,
    /// Which entities are listed, and have an inventory that the account may not see.
    pub findings: Vec<Finding>,
}

impl Client {
    /// Reads the inventory of every entity.
    ///
    /// # Errors
    /// The server does not answer, refuses, or answers with something else.
    pub async fn inventory(&self) -> Result<Inventory, LogistimoError> {
        let ids: Vec<u64> = self.entities().values.iter().map(|entity| entity.id).collect();
        let read = stream::iter(ids).map(|id| async move {
            match self.raw_list(&format!("s2/api/inventory/entity/{id}"), &["kId", "mId"]).await {
                Ok(lines) => Ok((id, Some(lines))),
                Err(LogistimoError::Forbidden { .. } | LogistimoError::NotFound { .. }) => Ok((id, None)),
                Err(error) => Err(error),
            }
        });
        let read: Vec<(u64, Option<Vec<Box<RawValue>>>)> = read.buffered(AT_ONCE).try_collect().await?;
        let hidden: Vec<String> =
            read.iter().filter(|(_, lines)| lines.is_none()).map(|(id, _)| id.to_string()).collect();
        let finding = || Finding::warning("logistimo-hidden-entities").with("count", hidden.len());
        let findings = (!hidden.is_empty()).then(|| finding().with("entities", named(&hidden, ", ")));
        let lines: Vec<Box<RawValue>> = read.into_iter().filter_map(|(_, lines)| lines).flatten().collect();
        let mut bytes = Vec::from(*b"{");
        write_list(&mut bytes, "results", lines.iter().map(AsRef::as_ref));
        bytes.extend_from_slice(b"}\n");
        Ok(Inventory { bytes, lines: lines.len(), findings: findings.into_iter().collect() })
    }
}
