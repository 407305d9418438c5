//! Documents of systems in JSON: their elements one by one, whatever they are wrapped in.

use std::fmt;
use std::io::{BufReader, Read};
use std::ops::ControlFlow;

use jiff::civil::Date;
use mlatho_model::{Decimal, Finding, MissingReason, Period, PeriodType, RecordSink, Value as Number};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::input::Capped;
use crate::number;

/// A document longer than this is refused from there on: no answer of a system is.
const MOST_BYTES: u64 = 1 << 30;
/// Longest name that is looked at as an id, code or text of a record.
pub(crate) const LONGEST_TEXT: usize = 500;

/// Takes one element: the list that it stands in (empty: it stands alone) and the element.
pub(crate) type Take<'a> = &'a mut dyn FnMut(&str, Value, &mut dyn RecordSink) -> ControlFlow<()>;

/// Gives the elements of a document: those of a bare list, those of the named lists of an object in the order of the
/// document, else the object itself. A cut document gives what came before the cut.
pub(crate) fn elements(file: &str, input: &mut dyn Read, lists: &[&str], sink: &mut dyn RecordSink, take: Take<'_>) {
    let capped = Capped::new(input, MOST_BYTES, "the document is too long");
    let mut json = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, capped));
    let mut reading = Reading { lists, sink, take, count: 0, stopped: false };
    let result = Document(&mut reading).deserialize(&mut json);
    let (stopped, count) = (reading.stopped, reading.count);
    if let Err(error) = result
        && !stopped
    {
        sink.finding(Finding::error("broken-json").in_file(file).at(count, "").with("reason", error.to_string()));
    }
}

struct Reading<'a> {
    lists: &'a [&'a str],
    sink: &'a mut dyn RecordSink,
    take: Take<'a>,
    count: u64,
    stopped: bool,
}

impl Reading<'_> {
    fn give<E: serde::de::Error>(&mut self, list: &str, element: Value) -> Result<(), E> {
        self.count += 1;
        if (self.take)(list, element, self.sink).is_break() {
            self.stopped = true;
            return Err(E::custom("stopped"));
        }
        Ok(())
    }
}

struct Document<'r, 'a>(&'r mut Reading<'a>);

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(element) = seq.next_element::<Value>()? {
            self.0.give("", element)?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut alone, mut listed) = (Map::new(), false);
        while let Some(key) = map.next_key::<String>()? {
            if self.0.lists.contains(&key.as_str()) {
                listed = true;
                map.next_value_seed(List(self.0, &key))?;
            } else {
                alone.insert(key, map.next_value()?);
            }
        }
        if !listed {
            self.0.give("", Value::Object(alone))?;
        }
        Ok(())
    }
}

/// The elements of a named list. A text or a whole number in its place is its only element, null is none.
struct List<'r, 'a, 'k>(&'r mut Reading<'a>, &'k str);

impl<'de> DeserializeSeed<'de> for List<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.0.give(self.1, text.into())
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<(), E> {
        self.0.give(self.1, number.into())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(element) = seq.next_element::<Value>()? {
            self.0.give(self.1, element)?;
        }
        Ok(())
    }
}

/// A field of an object, also through a path such as `facility.code`.
pub(crate) fn at<'v>(value: &'v Value, path: &str) -> &'v Value {
    path.split('.').fold(value, |value, key| value.get(key).unwrap_or(&Value::Null))
}

/// The first of the paths that holds a text or a number, trimmed; blank where none does. Texts that are too long to
/// name anything are none.
pub(crate) fn text(value: &Value, paths: &[&str]) -> String {
    let texts = paths.iter().filter_map(|path| match at(value, path) {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    texts.into_iter().find(|text| !text.is_empty() && text.len() <= LONGEST_TEXT).unwrap_or_default()
}

/// The number of a field. `Err` holds what is there in its place.
pub(crate) fn number(value: &Value) -> Result<Option<Decimal>, String> {
    match value {
        Value::Null => Ok(None),
        Value::Number(found) => decimal(&found.to_string()).map(Some),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => decimal(text.trim()).map(Some),
        Value::Bool(truth) => Err(truth.to_string()),
        Value::Array(_) | Value::Object(_) => Err("{…}".into()),
    }
}

/// JSON writes large and small numbers with an exponent, which tables never do.
fn decimal(text: &str) -> Result<Decimal, String> {
    let found = number::parse(text).or_else(|| Decimal::from_scientific(text).ok());
    found.ok_or_else(|| text.chars().take(40).collect())
}

/// The value of a field that holds a number.
pub(crate) fn value(field: &Value) -> Result<Number, String> {
    Ok(number(field)?.map_or(Number::Missing(MissingReason::Blank), Number::Reported))
}

pub(crate) fn truth(value: &Value) -> bool {
    match value {
        Value::Bool(truth) => *truth,
        Value::String(text) => matches!(text.as_str(), "true" | "True" | "t"),
        _ => false,
    }
}

/// A date as `2026-03-31…` or as `[2026, 3, 31]`.
pub(crate) fn date(value: &Value) -> Option<Date> {
    match value {
        Value::String(text) => text.get(..10)?.parse().ok(),
        Value::Array(parts) => {
            let part = |index: usize| parts.get(index)?.as_i64();
            let (year, month, day) = (part(0)?, part(1)?, part(2)?);
            Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
        }
        _ => None,
    }
}

/// The DHIS2 period with exactly these first and last days.
pub(crate) fn period_between(start: Date, end: Date) -> Option<Period> {
    let candidates = PeriodType::ALL.into_iter().filter_map(|kind| Period::containing(kind, start));
    let mut fitting = candidates.filter(|period| period.start() == start && period.end() == end);
    fitting.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_by_hand() {
        let read = |json: &str| number(&serde_json::from_str(json).unwrap());
        assert_eq!(read("12.5").unwrap().unwrap().to_string(), "12.5");
        assert_eq!(read("1e3").unwrap(), Some(Decimal::from(1000)));
        assert_eq!((read("null"), read("\" \"")), (Ok(None), Ok(None)));
        assert!(read("\"4O\"").is_err() && read("true").is_err() && read("1e300").is_err());
        let day = |json: &str| date(&serde_json::from_str(json).unwrap()).map(|date| date.to_string());
        assert_eq!(day("\"2017-01-31T00:00:00Z\"").as_deref(), Some("2017-01-31"));
        assert_eq!(day("[2017,1,31]").as_deref(), Some("2017-01-31"));
        assert_eq!((day("[2017,13,31]"), day("\"é31\""), day("[]")), (None, None, None));
    }

    #[test]
    fn periods_by_their_days() {
        let between = |start: &str, end: &str| {
            period_between(start.parse().unwrap(), end.parse().unwrap()).map(|period| period.to_string())
        };
        assert_eq!(between("2017-01-01", "2017-01-31").as_deref(), Some("201701"));
        assert_eq!(between("2017-07-01", "2017-09-30").as_deref(), Some("2017Q3"));
        assert_eq!(between("2017-07-01", "2018-06-30").as_deref(), Some("2017July"));
        assert_eq!(between("2017-01-01", "2017-01-30"), None);
    }
}
