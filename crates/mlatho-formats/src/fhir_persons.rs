//! Whether a FHIR document holds what may be about single persons.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::fhir::OTHERS;

/// People, by the type of the resource that a reference points to.
const PERSONS: [&str; 5] = ["Patient", "RelatedPerson", "Person", "Practitioner", "PractitionerRole"];

/// The first thing in a document of measure reports that may be about a single person: a resource that is none of theirs
/// (`Patient`), contained ones too, a reference to a person, or a report about an individual (`MeasureReport
/// individual`). Nothing, where there is none.
///
/// # Errors
/// The document is no whole JSON: nobody can say what is in it.
pub fn resource_about_persons(document: &[u8]) -> Result<Option<String>, serde_json::Error> {
    let mut found = None;
    let mut json = serde_json::Deserializer::from_slice(document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document));
    Look { found: &mut found, key: Key::Other }.deserialize(&mut json)?;
    json.end()?;
    Ok(found)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    ResourceType,
    /// `type`, which says of a measure report whether it is about one person.
    Type,
    Reference,
    Other,
}

/// Looks through a value that stands under a key.
struct Look<'f> {
    found: &'f mut Option<String>,
    key: Key,
}

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        let kind = match self.key {
            Key::ResourceType if text != "MeasureReport" && !OTHERS.contains(&text) => text.to_owned(),
            Key::Type if matches!(text, "individual" | "subject-list") => format!("MeasureReport {text}"),
            Key::Reference => {
                let kind = text.rsplit('/').nth(1).unwrap_or_default();
                if !PERSONS.contains(&kind) {
                    return Ok(());
                }
                kind.to_owned()
            }
            _ => return Ok(()),
        };
        self.found.get_or_insert_with(|| kind.chars().take(60).collect());
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Look { found: &mut *self.found, key: Key::Other })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some(name) = fields.next_key::<String>()? {
            let key = match &*name {
                "resourceType" => Key::ResourceType,
                "type" => Key::Type,
                "reference" => Key::Reference,
                _ => Key::Other,
            };
            fields.next_value_seed(Look { found: &mut *self.found, key })?;
        }
        Ok(())
    }
}
