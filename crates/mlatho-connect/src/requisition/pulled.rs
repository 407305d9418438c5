//! What a pull of requisitions gives.

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;
use mlatho_model::Finding;
use serde_json::value::RawValue;

use super::Watermark;

/// Requests under way at once.
const AT_ONCE: usize = 4;

/// Some requisitions, or orders, in one JSON document, with what they point at, in the form of their system.
#[derive(Clone, Debug)]
pub struct Document {
    pub bytes: Vec<u8>,
    /// How many of them are in it.
    pub count: usize,
    /// How far everything is read once this document is kept: the next pull may start there.
    pub watermark: Watermark,
    /// Tells it from the other documents of this pull and of later ones: the last change in it, and whose it is.
    pub name: String,
}

/// What a pull found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulled {
    /// What changed, by status, whether it was read or not.
    pub found: BTreeMap<String, usize>,
    /// Read whole.
    pub read: usize,
    /// Drafts, which are left.
    pub drafts: usize,
    /// Read before, in the overlap.
    pub known: usize,
    /// Listed, but the account may not see them.
    pub hidden: usize,
    /// Listed, and gone when they were asked for.
    pub gone: usize,
    pub findings: Vec<Finding>,
}

/// What became of a requisition or order that was listed.
pub(crate) enum Fetched {
    /// It, and when it was changed last, as far as it says so.
    Whole(Box<RawValue>, Option<Timestamp>),
    /// The account may not see it.
    Hidden,
    /// It is no longer there.
    Gone,
}

/// What was read together.
pub(crate) struct Batch {
    pub(crate) objects: Vec<Box<RawValue>>,
    name: String,
}

/// A walk over requisitions or orders that changed, in the order of their changes.
#[derive(Debug)]
pub(crate) struct Walk {
    waiting: std::vec::IntoIter<(Timestamp, String)>,
    watermark: Watermark,
    /// The server's time before the search: the watermark moves no further.
    limit: Option<Timestamp>,
    pub(crate) pulled: Pulled,
}

impl Walk {
    /// A walk over these: when each was changed, and its id.
    pub(crate) fn new(
        mut waiting: Vec<(Timestamp, String)>,
        watermark: Watermark,
        limit: Option<Timestamp>,
        pulled: Pulled,
    ) -> Self {
        waiting.sort_unstable();
        Self { waiting: waiting.into_iter(), watermark, limit, pulled }
    }

    /// How many are still to be read.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Reads the next few, of which there is at least one; nothing, when all are read.
    pub(crate) async fn next<E, R: Future<Output = Result<Fetched, E>>>(
        &mut self,
        size: usize,
        fetch: impl Fn(String) -> R,
    ) -> Result<Option<Batch>, E> {
        loop {
            let batch: Vec<(Timestamp, String)> = self.waiting.by_ref().take(size).collect();
            let Some((until, last)) = batch.last().cloned() else { return Ok(None) };
            let fetch = &fetch;
            let read = stream::iter(batch).map(|(listed, id)| async move {
                let found = fetch(id.clone()).await?;
                Ok::<_, E>((listed, id, found))
            });
            let read: Vec<_> = read.buffered(AT_ONCE).try_collect().await?;
            let mut objects = Vec::new();
            for (listed, id, found) in read {
                match found {
                    Fetched::Whole(object, modified) => {
                        // It may have changed since it was listed; what was read is what counts.
                        self.watermark.note(&id, modified.unwrap_or(listed));
                        objects.push(object);
                    }
                    Fetched::Hidden => self.pulled.hidden += 1,
                    Fetched::Gone => self.pulled.gone += 1,
                }
            }
            self.pulled.read += objects.len();
            self.watermark.advance(self.limit.map_or(until, |limit| until.min(limit)));
            if !objects.is_empty() {
                return Ok(Some(Batch { objects, name: format!("{until} {last}") }));
            }
        }
    }

    /// The document that a batch was written into.
    pub(crate) fn document(&self, batch: Batch, bytes: Vec<u8>) -> Document {
        let count = batch.objects.len();
        Document { bytes, count, watermark: self.watermark.clone(), name: batch.name }
    }
}
