//! The `fields` parameter: `id,name,dataSetElements[dataElement[id,code]]`.

use serde_json::{Map, Value as Json, json};

use crate::dhis2::config::User;
use crate::dhis2::metadata::Metadata;
use crate::dhis2::structure::{Sharing, id_of, list, path, text};

/// A field, with what is wanted of the objects in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    name: String,
    inner: Vec<Field>,
}

impl Field {
    pub(super) fn parse(text: &str) -> Vec<Self> {
        parse(&mut text.chars())
    }
}

/// Reads up to the bracket that closes this level.
fn parse(rest: &mut std::str::Chars<'_>) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut name = String::new();
    let mut inner = Vec::new();
    let mut finish = |name: &mut String, inner: &mut Vec<Field>| {
        if !name.trim().is_empty() {
            fields.push(Field { name: name.trim().to_owned(), inner: std::mem::take(inner) });
        }
        name.clear();
    };
    loop {
        match rest.next() {
            Some(',') => finish(&mut name, &mut inner),
            Some('[' | '(') => inner = parse(rest),
            Some(']' | ')') | None => {
                finish(&mut name, &mut inner);
                return fields;
            }
            Some(letter) => name.push(letter),
        }
    }
}

/// The chosen fields of an object as that user sees it. A reference whose fields are asked for is followed.
pub(super) fn pick(metadata: &Metadata, user: &User, object: &Json, fields: &[Field]) -> Json {
    let mut picked = Map::new();
    for field in fields {
        match field.name.as_str() {
            "*" | ":all" => {
                picked.extend(own(object));
                for name in ["displayName", "path", "level"] {
                    picked.extend(property(metadata, object, name).map(|value| (name.to_owned(), value)));
                }
            }
            ":owner" | ":persisted" => picked.extend(own(object)),
            ":identifiable" | ":nameable" => {
                for name in ["id", "code", "name", "created", "lastUpdated"] {
                    picked.extend(property(metadata, object, name).map(|value| (name.to_owned(), value)));
                }
            }
            name => {
                if let Some(name) = name.strip_prefix('!') {
                    picked.remove(name);
                    continue;
                }
                let value =
                    if name == "access" { Some(access(user, object)) } else { property(metadata, object, name) };
                let value = value.map(|value| inside(metadata, user, value, &field.inner));
                picked.extend(value.map(|value| (name.to_owned(), value)));
            }
        }
    }
    Json::Object(picked)
}

fn own(object: &Json) -> impl Iterator<Item = (String, Json)> {
    object.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), value.clone()))
}

fn inside(metadata: &Metadata, user: &User, value: Json, fields: &[Field]) -> Json {
    if fields.is_empty() {
        return value;
    }
    match value {
        Json::Array(items) => items.into_iter().map(|item| inside(metadata, user, item, fields)).collect(),
        Json::Object(_) => {
            // A reference is an object with its UID alone.
            let whole = value.as_object().filter(|fields| fields.len() == 1);
            let whole = whole.and_then(|_| metadata.object(text(&value, "id")?));
            pick(metadata, user, whole.unwrap_or(&value), fields)
        }
        other => other,
    }
}

/// What the user may do with an object; of all rights only that to write data is told here.
fn access(user: &User, object: &Json) -> Json {
    json!({"data": {"write": Sharing::read(object).lets_write(user)}})
}

/// A property of an object, its own or one that the server works out.
pub(super) fn property(metadata: &Metadata, object: &Json, name: &str) -> Option<Json> {
    if let Some(value) = object.get(name) {
        return Some(value.clone());
    }
    let kind = metadata.kind_of(text(object, "id")?);
    match (kind, name) {
        (_, "displayName") => object.get("name").cloned(),
        (Some("organisationUnits"), "path") => {
            let steps = path(metadata, object);
            let steps: Vec<&str> = steps.iter().map(mlatho_model::Uid::as_str).collect();
            Some(format!("/{}", steps.join("/")).into())
        }
        (Some("organisationUnits"), "level") => Some(path(metadata, object).len().into()),
        (Some("organisationUnits"), "children") => Some(referring(metadata, "organisationUnits", "parent", object)),
        (Some("categoryCombos"), "categoryOptionCombos") => {
            Some(referring(metadata, "categoryOptionCombos", "categoryCombo", object))
        }
        (Some("dataElements"), "dataSetElements") => Some(memberships(metadata, object)),
        _ => None,
    }
}

/// References to the objects whose property refers to this one.
fn referring(metadata: &Metadata, kind: &str, property: &str, to: &Json) -> Json {
    let to = id_of(to);
    let refers = |object: &&Json| object.get(property).and_then(id_of) == to;
    metadata.objects(kind).filter(refers).map(|object| json!({"id": object["id"]})).collect()
}

/// What makes a data element a member of data sets: it stands in the data sets, and is read from both ends.
fn memberships(metadata: &Metadata, element: &Json) -> Json {
    let element = id_of(element);
    let members =
        metadata.objects("dataSets").flat_map(|set| list(set, "dataSetElements").iter().map(move |own| (set, own)));
    let own = members.filter(|(_, member)| member.get("dataElement").and_then(id_of) == element);
    own.map(|(set, _)| json!({"dataSet": {"id": set["id"]}, "dataElement": {"id": element}})).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_fields() {
        let field = |name: &str, inner| Field { name: name.into(), inner };
        let ids = vec![field("id", vec![])];
        assert_eq!(
            Field::parse("id,a[b[id],c]"),
            [field("id", vec![]), field("a", vec![field("b", ids), field("c", vec![])])]
        );
    }
}
