//! Data value sets in JSON. Values are read one by one, so that a set of any size fits.

use std::fmt;
use std::io::{BufReader, Read};

use mlatho_model::{Finding, Period, RecordSink};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::DataValue;
use super::incoming::Incoming;

/// Reads a data value set.
pub(crate) fn read(file: &str, input: &mut dyn Read, sink: &mut dyn RecordSink) {
    let mut json = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, input));
    let mut reading = Reading { file, sink, whole: Incoming::default(), position: 0, stopped: false };
    let result = DataValueSet(&mut reading).deserialize(&mut json);
    let (stopped, position) = (reading.stopped, reading.position);
    if let Err(error) = result
        && !stopped
    {
        let finding = Finding::error("bad-json").in_file(file).at(position, "");
        sink.finding(finding.with("reason", error.to_string()));
    }
}

struct Reading<'a> {
    file: &'a str,
    sink: &'a mut dyn RecordSink,
    whole: Incoming,
    position: u64,
    stopped: bool,
}

/// A scalar as text; DHIS2 writes values as strings, other systems as numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Truth(bool),
    Number(serde_json::Number),
    Other(IgnoredAny),
}

impl From<Scalar> for String {
    fn from(scalar: Scalar) -> Self {
        match scalar {
            Scalar::Text(text) => text,
            Scalar::Truth(truth) => truth.to_string(),
            Scalar::Number(number) => number.to_string(),
            Scalar::Other(_) => Self::new(),
        }
    }
}

struct DataValueSet<'r, 'a>(&'r mut Reading<'a>);

impl<'de> DeserializeSeed<'de> for DataValueSet<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for DataValueSet<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a data value set: {\"dataValues\": [...]}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "dataValues" => map.next_value_seed(DataValues(self.0))?,
                "period" => self.0.whole.period = map.next_value::<Scalar>()?.into(),
                "orgUnit" => self.0.whole.org_unit = map.next_value::<Scalar>()?.into(),
                "attributeOptionCombo" => {
                    self.0.whole.attribute_option_combo = map.next_value::<Scalar>()?.into();
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct DataValues<'r, 'a>(&'r mut Reading<'a>);

impl<'de> DeserializeSeed<'de> for DataValues<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for DataValues<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of data values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let reading = self.0;
        while let Some(value) = seq.next_element::<Wire>()? {
            reading.position += 1;
            let value = value.incoming().or(&reading.whole);
            if value.give(reading.file, reading.position, reading.sink).is_break() {
                reading.stopped = true;
                return Err(serde::de::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

/// A data value as DHIS2 writes it; what is not known is passed over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Wire {
    data_element: Option<Scalar>,
    period: Option<Scalar>,
    org_unit: Option<Scalar>,
    category_option_combo: Option<Scalar>,
    attribute_option_combo: Option<Scalar>,
    value: Option<Scalar>,
    last_updated: Option<Scalar>,
    comment: Option<Scalar>,
    deleted: bool,
}

impl Wire {
    fn incoming(self) -> Incoming {
        let text = |scalar: Option<Scalar>| scalar.map(String::from).unwrap_or_default();
        Incoming {
            data_element: text(self.data_element),
            period: text(self.period),
            org_unit: text(self.org_unit),
            category_option_combo: text(self.category_option_combo),
            attribute_option_combo: text(self.attribute_option_combo),
            value: text(self.value),
            timestamp: text(self.last_updated),
            comment: text(self.comment),
            deleted: self.deleted,
        }
    }
}

/// Builds one payload.
#[derive(Debug)]
pub struct JsonWriter {
    body: Vec<u8>,
    values: usize,
    /// The last period and its text: as a rule the next value is of the same one.
    period: Option<(Period, String)>,
}

impl JsonWriter {
    /// Begins a payload for a data set; an empty id sends none along.
    #[must_use]
    pub fn new(data_set: &str) -> Self {
        Self::within(Vec::with_capacity(1 << 20), data_set)
    }

    /// The same in the room of an earlier payload, whose bytes are gone.
    #[must_use]
    pub fn within(mut room: Vec<u8>, data_set: &str) -> Self {
        room.clear();
        let mut writer = Self { body: room, values: 0, period: None };
        writer.body.push(b'{');
        if !data_set.is_empty() {
            writer.field("dataSet", data_set);
            writer.body.push(b',');
        }
        writer.body.extend_from_slice(b"\"dataValues\":[");
        writer
    }

    /// How many values it holds.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.values
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.values == 0
    }

    pub fn push(&mut self, value: &DataValue<'_>) {
        if self.values > 0 {
            self.body.push(b',');
        }
        self.values += 1;
        self.body.push(b'{');
        self.field("dataElement", value.data_element);
        let text = match self.period.take() {
            Some((period, text)) if period == value.period => text,
            _ => value.period.to_string(),
        };
        self.body.push(b',');
        self.field("period", &text);
        self.period = Some((value.period, text));
        self.body.push(b',');
        self.field("orgUnit", value.org_unit);
        for (name, text) in [
            ("categoryOptionCombo", value.category_option_combo),
            ("attributeOptionCombo", value.attribute_option_combo),
            ("comment", value.comment),
        ] {
            if !text.is_empty() {
                self.body.push(b',');
                self.field(name, text);
            }
        }
        self.body.push(b',');
        self.field("value", value.value);
        if value.follow_up {
            self.body.extend_from_slice(b",\"followUp\":true");
        }
        if value.deleted {
            self.body.extend_from_slice(b",\"deleted\":true");
        }
        self.body.push(b'}');
    }

    fn field(&mut self, name: &str, text: &str) {
        self.body.push(b'"');
        self.body.extend_from_slice(name.as_bytes());
        self.body.extend_from_slice(b"\":");
        let plain = text.bytes().all(|b| b >= 0x20 && b != b'"' && b != b'\\');
        if plain {
            self.body.push(b'"');
            self.body.extend_from_slice(text.as_bytes());
            self.body.push(b'"');
        } else {
            let mut json = serde_json::Serializer::new(&mut self.body);
            // Writing to memory does not fail.
            let _ = text.serialize(&mut json);
        }
    }

    /// The payload.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        self.body.extend_from_slice(b"]}");
        self.body
    }
}
