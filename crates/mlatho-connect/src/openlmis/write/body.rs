//! A requisition as it was read, of which single numbers are replaced and everything else goes back to the byte.

use std::collections::BTreeMap;

use mlatho_model::Decimal;
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

type Fields = BTreeMap<String, Box<RawValue>>;

const LINES: &str = "requisitionLineItems";

/// The body of a requisition, in two forms: as it came, to be sent back, and as values, to be looked at.
#[derive(Clone, Debug)]
pub(super) struct Body {
    fields: Fields,
    lines: Vec<Fields>,
    pub(super) values: Json,
}

impl Body {
    /// Reads a requisition with its lines.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Lines {
            #[serde(rename = "requisitionLineItems")]
            lines: Vec<Fields>,
        }
        let Lines { lines } = serde_json::from_slice(bytes)?;
        Ok(Self { fields: serde_json::from_slice(bytes)?, lines, values: serde_json::from_slice(bytes)? })
    }

    /// The lines as values.
    pub(super) fn lines(&self) -> &[Json] {
        self.values[LINES].as_array().map_or(&[], Vec::as_slice)
    }

    /// A text of the requisition itself.
    pub(super) fn text(&self, name: &str) -> &str {
        self.values[name].as_str().unwrap_or_default()
    }

    /// Replaces a number of a line, which is named by its place among the lines.
    pub(super) fn set(&mut self, line: usize, name: &str, number: Decimal) -> Result<(), serde_json::Error> {
        let number = RawValue::from_string(number.normalize().to_string())?;
        if let Some(fields) = self.lines.get_mut(line) {
            fields.insert(name.into(), number);
        }
        Ok(())
    }

    /// The whole body, to be sent.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut whole: BTreeMap<&str, &RawValue> = self.fields.iter().map(|(name, raw)| (&**name, &**raw)).collect();
        let lines = serde_json::value::to_raw_value(&self.lines)?;
        whole.insert(LINES, &lines);
        serde_json::to_vec(&whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_but_the_number_goes_back_to_the_byte() {
        let text = r#"{"id":"r","modifiedDate":"2026-02-01T10:00:00Z","odd":12345678901234567890.120,"requisitionLineItems":[{"id":"a","numberOfNewPatientsAdded":null,"totalCost":0.10},{"id":"b"}],"z":{"y":[1.0]}}"#;
        let mut body = Body::read(text.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(body.bytes().unwrap()).unwrap(), text);
        body.set(0, "numberOfNewPatientsAdded", "7.00".parse().unwrap()).unwrap();
        let sent = String::from_utf8(body.bytes().unwrap()).unwrap();
        assert_eq!(sent, text.replace("Added\":null", "Added\":7"));
        assert!(Body::read(b"{\"id\":\"r\"}").is_err()); // as a search answers
    }
}
