//! Lists of objects, each of which is read for itself.

use mlatho_model::Finding;

/// Things that are named in a message.
const NAMED: usize = 10;

/// The objects of a list that could be read, and what is wrong with the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Read<T> {
    pub values: Vec<T>,
    pub findings: Vec<Finding>,
}

/// Parts the objects of a list from what is wrong with others: a bad one costs itself.
pub(crate) fn part<T>(path: &str, objects: impl IntoIterator<Item = Result<T, serde_json::Error>>) -> Read<T> {
    let mut read = Read { values: Vec::new(), findings: Vec::new() };
    for (object, number) in objects.into_iter().zip(1u64..) {
        match object {
            Ok(value) => read.values.push(value),
            Err(error) => {
                let finding = Finding::warning("server-bad-object").in_file(path).at(number, "");
                read.findings.push(finding.with("path", path).with("problem", error.to_string()));
            }
        }
    }
    read
}

/// The first few names, for a message.
pub(crate) fn named<S: AsRef<str>>(names: &[S], separator: &str) -> String {
    let first: Vec<&str> = names.iter().take(NAMED).map(AsRef::as_ref).collect();
    let more = if names.len() > NAMED { "…" } else { "" };
    if more.is_empty() { first.join(separator) } else { format!("{}{separator}{more}", first.join(separator)) }
}
