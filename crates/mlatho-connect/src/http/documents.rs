//! JSON documents that are put together from objects as they came.

use serde_json::value::RawValue;

/// Writes a named list into a document.
pub(crate) fn write_list<'a>(document: &mut Vec<u8>, name: &str, objects: impl Iterator<Item = &'a RawValue>) {
    document.extend_from_slice(format!("\n\"{name}\":[").as_bytes());
    for (at, object) in objects.enumerate() {
        document.extend_from_slice(if at == 0 { b"\n" } else { b",\n" });
        document.extend_from_slice(object.get().as_bytes());
    }
    document.push(b']');
}
