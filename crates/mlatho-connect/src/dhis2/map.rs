//! Data values between DHIS2's JSON and ours.

use std::borrow::Cow;
use std::fmt;
use std::io::Read;

use mlatho_model::{Decimal, Period, Uid};
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// What a data value is about. Two values with the same key are one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ValueKey {
    pub data_element: Uid,
    pub period: Period,
    pub org_unit: Uid,
    pub category_option_combo: Uid,
    pub attribute_option_combo: Uid,
}

/// One data value. Serializes as DHIS2 reads it: every value as text, no empty fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DataValue {
    #[serde(flatten)]
    pub key: ValueKey,
    /// None only for a withdrawal, or a comment that stands alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "is_false", alias = "followup")]
    pub follow_up: bool,
    /// Whether the value is withdrawn, or is to be.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deleted: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// A value in the one form that equal values share: numbers without needless zeros (`12.0` is `12`), and `1` and `0` for
/// yes and no, which servers store as `true` and `false`.
#[must_use]
pub fn canonical(text: &str) -> Cow<'_, str> {
    match text.trim() {
        "true" => "1".into(),
        "false" => "0".into(),
        trimmed => match trimmed.parse::<Decimal>() {
            Ok(number) => number.normalize().to_string().into(),
            Err(_) => text.into(),
        },
    }
}

/// Whether two texts are the same value.
#[must_use]
pub fn same_value(one: &str, other: &str) -> bool {
    one == other || canonical(one) == canonical(other)
}

/// Reads `{"dataValues": […]}` one value at a time. A document without values holds none. Returns how many values were
/// left out because an identifier or period in them cannot be read.
///
/// # Errors
/// The document is not JSON of that form, or breaks off.
pub fn read_values(document: impl Read, take: impl FnMut(DataValue)) -> Result<u64, serde_json::Error> {
    values_of(serde_json::Deserializer::from_reader(document), take)
}

/// As [`read_values`], of a document in memory, which is read much quicker than byte by byte.
pub(super) fn values_in(document: &[u8], take: impl FnMut(DataValue)) -> Result<u64, serde_json::Error> {
    values_of(serde_json::Deserializer::from_slice(document), take)
}

fn values_of<'de, R: serde_json::de::Read<'de>>(
    mut deserializer: serde_json::Deserializer<R>,
    mut take: impl FnMut(DataValue),
) -> Result<u64, serde_json::Error> {
    let mut unread = 0;
    Envelope { take: &mut take, unread: &mut unread }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(unread)
}

struct Envelope<'a, F> {
    take: &'a mut F,
    unread: &'a mut u64,
}

impl<'de, F: FnMut(DataValue)> DeserializeSeed<'de> for Envelope<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: FnMut(DataValue)> Visitor<'de> for Envelope<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a data value set")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if name == "dataValues" {
                map.next_value_seed(List { take: &mut *self.take, unread: &mut *self.unread })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct List<'a, F> {
    take: &'a mut F,
    unread: &'a mut u64,
}

impl<'de, F: FnMut(DataValue)> DeserializeSeed<'de> for List<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(DataValue)> Visitor<'de> for List<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of data values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(row) = list.next_element::<Row>()? {
            match row.read() {
                Some(value) => (self.take)(value),
                None => *self.unread += 1,
            }
        }
        Ok(())
    }
}

/// A value as the server writes it: everything is text that may turn out to be something else.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    #[serde(default)]
    data_element: String,
    #[serde(default)]
    period: String,
    #[serde(default)]
    org_unit: String,
    #[serde(default)]
    category_option_combo: String,
    #[serde(default)]
    attribute_option_combo: String,
    value: Option<Box<str>>,
    comment: Option<Box<str>>,
    #[serde(default, alias = "followup")]
    follow_up: Option<bool>,
    #[serde(default)]
    deleted: Option<bool>,
}

impl Row {
    fn read(self) -> Option<DataValue> {
        let key = ValueKey {
            data_element: self.data_element.parse().ok()?,
            period: self.period.parse().ok()?,
            org_unit: self.org_unit.parse().ok()?,
            category_option_combo: self.category_option_combo.parse().ok()?,
            attribute_option_combo: self.attribute_option_combo.parse().ok()?,
        };
        let filled = |text: Option<Box<str>>| text.filter(|text| !text.is_empty());
        Some(DataValue {
            key,
            value: filled(self.value),
            comment: filled(self.comment),
            follow_up: self.follow_up == Some(true),
            deleted: self.deleted == Some(true),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = r#"{"dataElement":"deaaaaaaaa1","period":"202603","orgUnit":"ouaaaaaaaa1",
        "categoryOptionCombo":"cocaaaaaaa1","attributeOptionCombo":"cocaaaaaaa1","value":"0","storedBy":"x","followup":true}"#;

    #[test]
    fn values_are_read_one_by_one() {
        let mut values = Vec::new();
        let bad = ROW.replace("202603", "2026Q9");
        let text = format!(r#"{{"dataSet": "dsaaaaaaaa1", "dataValues": [{ROW}, {bad}]}}"#);
        assert_eq!(read_values(text.as_bytes(), |value| values.push(value)).unwrap(), 1);
        assert_eq!(values.len(), 1);
        assert_eq!(values[0].value.as_deref(), Some("0")); // zero is a value
        assert!(values[0].follow_up && !values[0].deleted);
    }

    #[test]
    fn no_values_and_cut_documents() {
        assert_eq!(read_values("{}".as_bytes(), |_| panic!("none")).unwrap(), 0);
        let cut = format!(r#"{{"dataValues": [{ROW}, {{"da"#);
        let mut seen = 0;
        assert!(read_values(cut.as_bytes(), |_| seen += 1).unwrap_err().is_eof());
        assert_eq!(seen, 1);
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        assert!(same_value("12", "12.0") && same_value("-0", "0.00") && same_value("a b", "a b"));
        assert!(same_value("1", "true") && same_value("0", "false") && !same_value("1", "false"));
        assert!(!same_value("12", "12.5") && !same_value("", "0") && !same_value("12", "x12"));
    }

    #[test]
    fn nothing_empty_is_sent() {
        let mut values = Vec::new();
        read_values(format!(r#"{{"dataValues": [{ROW}]}}"#).as_bytes(), |value| values.push(value)).unwrap();
        let text = serde_json::to_string(&values[0]).unwrap();
        assert!(text.contains(r#""value":"0""#) && text.contains(r#""followUp":true"#), "{text}");
        assert!(!text.contains("comment") && !text.contains("deleted"), "{text}");
    }
}
