//! JSON.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::{Combo, Group, Payload, Text, Unreadable};

pub(super) fn read(body: &[u8]) -> Result<Payload<'_>, Unreadable> {
    let group: Group<'_> = serde_json::from_slice(body).map_err(|error| Unreadable::Malformed(error.to_string()))?;
    Ok(Payload { groups: vec![group], defaults_to_code: false })
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number or a truth value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(if truth { "true" } else { "false" })))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(number.to_string())))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct ComboVisitor;

impl<'de> Visitor<'de> for ComboVisitor {
    type Value = Combo<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an option combo, or an object of categories and options")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Combo<'de>, E> {
        Ok(Combo::Id(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Combo<'de>, E> {
        Ok(Combo::Id(Cow::Owned(text.to_owned())))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Combo<'de>, M::Error> {
        let mut options = std::collections::BTreeMap::new();
        while let Some((category, option)) = map.next_entry()? {
            options.insert(category, option);
        }
        Ok(Combo::Options(options))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Combo<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ComboVisitor)
    }
}
