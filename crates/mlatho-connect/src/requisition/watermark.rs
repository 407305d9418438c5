//! How far requisitions were read.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Overlap between two pulls: what was being written while the last one was made comes into view late.
pub(crate) const OVERLAP: SignedDuration = SignedDuration::from_mins(10);

/// A moment in the server's own time up to which every requisition has been read, and the requisitions of the overlap
/// before it, so that they are not read twice. Its text is JSON. The later moment is the greater watermark.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watermark {
    modified: Timestamp,
    /// When each of them was changed, by id.
    seen: BTreeMap<String, Timestamp>,
}

impl Watermark {
    /// A moment, with nothing read in the overlap before it.
    #[must_use]
    pub const fn at(modified: Timestamp) -> Self {
        Self { modified, seen: BTreeMap::new() }
    }

    /// From when on changes are asked for.
    pub(crate) fn from(&self) -> Timestamp {
        self.modified.checked_sub(OVERLAP).unwrap_or(Timestamp::MIN)
    }

    /// Whether this requisition was read in this form.
    pub(crate) fn knows(&self, id: &str, modified: Timestamp) -> bool {
        self.seen.get(id).is_some_and(|seen| *seen >= modified)
    }

    /// Notes that a requisition was read.
    pub(crate) fn note(&mut self, id: &str, modified: Timestamp) {
        self.seen.insert(id.into(), modified);
    }

    /// Moves on to a moment, never back, and forgets what lies before its overlap.
    pub(crate) fn advance(&mut self, to: Timestamp) {
        self.modified = self.modified.max(to);
        let from = self.from();
        self.seen.retain(|_, modified| *modified >= from);
    }
}

impl fmt::Display for Watermark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Watermark {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_moves_on_and_forgets() {
        let moment = |text: &str| text.parse::<Timestamp>().unwrap();
        let mut mark = Watermark::at(moment("2026-02-01T10:00:00Z"));
        mark.note("a", moment("2026-02-01T09:55:00Z"));
        mark.note("b", moment("2026-02-01T10:04:00Z"));
        mark.advance(moment("2026-02-01T09:00:00Z")); // never back
        assert_eq!(mark.from(), moment("2026-02-01T09:50:00Z"));
        mark.advance(moment("2026-02-01T10:10:00Z"));
        assert!(!mark.knows("a", moment("2026-02-01T09:55:00Z")) && mark.knows("b", moment("2026-02-01T10:04:00Z")));
        assert!(!mark.knows("b", moment("2026-02-01T10:04:01Z"))); // changed since
        assert_eq!(mark.to_string().parse::<Watermark>().unwrap(), mark);
        assert!("2026-02-01".parse::<Watermark>().is_err());
    }
}
