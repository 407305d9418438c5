//! The `filter` parameter: `property:operator:value`.

use mlatho_model::Decimal;
use serde_json::Value as Json;

use super::fields::property;
use crate::dhis2::config::Version;
use crate::dhis2::metadata::Metadata;
use crate::dhis2::structure::text;

pub(super) struct Filter {
    property: String,
    operator: Operator,
    negated: bool,
    value: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Eq,
    Like,
    LikeAnyCase,
    In,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Null,
    Empty,
}

impl Filter {
    pub(super) fn parse(filter: &str, version: Version) -> Result<Self, String> {
        let mut parts = filter.splitn(3, ':');
        let (Some(property), Some(written)) = (parts.next(), parts.next()) else {
            return Err(format!("Invalid filter: {filter}"));
        };
        let (negated, name) = written.strip_prefix('!').map_or((false, written), |name| (true, name));
        let operator = match name {
            "eq" => Operator::Eq,
            "like" => Operator::Like,
            "ilike" => Operator::LikeAnyCase,
            "in" => Operator::In,
            "gt" => Operator::Greater,
            "ge" | "gte" => Operator::GreaterOrEqual,
            "lt" => Operator::Less,
            "le" | "lte" => Operator::LessOrEqual,
            "null" => Operator::Null,
            // `!empty` is refused by 2.41 [O] (W2).
            "empty" if !(negated && version.line == 41) => Operator::Empty,
            _ => return Err(format!("Invalid filter operator: {written}")),
        };
        Ok(Self { property: property.into(), operator, negated, value: parts.next().unwrap_or_default().into() })
    }

    pub(super) fn takes(&self, metadata: &Metadata, object: &Json) -> bool {
        let mut found = Vec::new();
        reach(metadata, object, &self.property, &mut found);
        let takes = match self.operator {
            Operator::Null => found.is_empty(),
            Operator::Empty => found.iter().all(String::is_empty),
            _ => found.iter().any(|text| self.fits(text)),
        };
        takes != self.negated
    }

    fn fits(&self, text: &str) -> bool {
        let value = self.value.as_str();
        match self.operator {
            Operator::Eq => text == value, // codes with stray spaces are missed [O] (W4)
            Operator::Like => text.contains(value),
            Operator::LikeAnyCase => text.to_lowercase().contains(&value.to_lowercase()),
            Operator::In => {
                value.trim_start_matches('[').trim_end_matches(']').split(',').any(|one| one.trim() == text)
            }
            Operator::Greater => order(text, value).is_gt(),
            Operator::GreaterOrEqual => order(text, value).is_ge(),
            Operator::Less => order(text, value).is_lt(),
            Operator::LessOrEqual => order(text, value).is_le(),
            Operator::Null | Operator::Empty => false,
        }
    }
}

/// As numbers where both are numbers, else as texts.
fn order(one: &str, other: &str) -> std::cmp::Ordering {
    match (one.parse::<Decimal>(), other.parse::<Decimal>()) {
        (Ok(one), Ok(other)) => one.cmp(&other),
        _ => one.cmp(other),
    }
}

/// The texts at a path such as `dataSetElements.dataElement.id`; references are followed. An attribute's value stands
/// under the attribute's UID `[O]` (W21).
fn reach(metadata: &Metadata, object: &Json, path: &str, found: &mut Vec<String>) {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let attribute = || {
        let values = object.get("attributeValues")?.as_array()?.iter();
        let own = |value: &&Json| value.get("attribute").and_then(|own| text(own, "id")) == Some(name);
        values.filter(own).find_map(|value| value.get("value").cloned())
    };
    let whole = text(object, "id").and_then(|id| metadata.object(id)).unwrap_or(object);
    let Some(value) = property(metadata, whole, name).or_else(attribute) else { return };
    let items = match value {
        Json::Array(items) => items,
        other => vec![other],
    };
    for item in items {
        match (rest, item) {
            (Some(rest), item) => reach(metadata, &item, rest, found),
            (None, Json::String(text)) => found.push(text),
            (None, Json::Null) => {}
            (None, other) => found.push(other.to_string()),
        }
    }
}
