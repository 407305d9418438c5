//! Logistimo's JSON and ours. Fields that are not known are passed over.

use serde::Deserialize;
use serde_json::value::RawValue;

/// A store or facility.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Entity {
    pub id: u64,
    #[serde(default, rename = "nm")]
    pub name: Option<String>,
    /// The id that other systems know; often empty.
    #[serde(default, rename = "ceid")]
    pub custom_id: Option<String>,
}

/// One page of a list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    /// Null where there is nothing; what has none of it is no list.
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) results: Option<Vec<Box<RawValue>>>,
    /// −1 where the server did not count.
    #[serde(default = "uncounted")]
    pub(super) num_found: i64,
}

const fn uncounted() -> i64 {
    -1
}

/// Jobs of the account. One that waits in the queue is not among them.
#[derive(Debug, Deserialize)]
pub(super) struct Jobs {
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) results: Option<Vec<Job>>,
}

/// An export that was begun.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Job {
    pub(super) id: u64,
    /// 0 under way, 1 done, 2 failed.
    #[serde(rename = "st")]
    pub(super) status: u8,
    /// Records that were written.
    #[serde(default, rename = "nr")]
    pub(super) records: usize,
    #[serde(default, rename = "rsn")]
    pub(super) reason: Option<String>,
    /// Where the file lies.
    #[serde(default, rename = "ofl")]
    pub(super) file: Option<String>,
}

/// The records of a table behind its header. A line break in quotes ends none.
pub(super) fn records(table: &[u8]) -> usize {
    let (mut quoted, mut filled, mut lines) = (false, false, 0);
    for byte in table {
        match byte {
            b'"' => (quoted, filled) = (!quoted, true),
            b'\n' if !quoted => {
                lines += usize::from(filled);
                filled = false;
            }
            b'\r' => {}
            _ => filled = true,
        }
    }
    (lines + usize::from(filled)).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::records;

    #[test]
    fn records_by_hand() {
        assert_eq!(records(b"a,b\r\n1,2\r\n\r\n3,\"x\ny\"\r\n"), 2);
        assert_eq!(records(b"a,b\n1,2"), 1);
        assert_eq!((records(b"a,b\n"), records(b"")), (0, 0));
    }
}
