//! What clients get.

use mlatho_pipeline::reconcile::{Candidate, Reconciler, Record};
use mlatho_text::Texts;
use serde_json::{Map, Value, json};

use super::query::{Asking, BATCH, Extension};

/// The names of ids and of what they are: the same on every server, since the ids are the project's.
const IDENTIFIERS: &str = "urn:mlatho:";
/// Pixels of a preview.
const PREVIEW: (u32, u32) = (400, 260);

/// Says things about a register in the language of the reader.
#[derive(Clone, Copy)]
pub(super) struct Speaker<'a> {
    pub(super) texts: &'a Texts,
    pub(super) project: &'a str,
}

impl Speaker<'_> {
    pub(super) fn type_name(&self, kind: &str) -> String {
        self.texts.say(&format!("reconcile-{kind}"), &[])
    }

    pub(super) fn property_name(&self, property: &str) -> String {
        self.texts.say(&format!("reconcile-property-{property}"), &[])
    }

    pub(super) fn manifest(&self, register: &Reconciler, server: &str) -> Value {
        let kind = register.kind();
        let kind_name = self.type_name(kind);
        let path = format!("/reconcile/{kind}");
        let at = |below: &str| json!({"service_url": server, "service_path": format!("{path}/{below}")});
        let record = format!("{server}{path}/record?id={{{{id}}}}");
        json!({
            "versions": ["0.2"],
            "name": format!("{}: {kind_name}", self.project),
            "identifierSpace": format!("{IDENTIFIERS}{kind}:"),
            "schemaSpace": format!("{IDENTIFIERS}{kind}"),
            "defaultTypes": [{"id": kind, "name": kind_name}],
            "view": {"url": &record},
            "preview": {"url": &record, "width": PREVIEW.0, "height": PREVIEW.1},
            "suggest": {"entity": at("entities"), "property": at("properties")},
            "extend": {"propose_properties": at("extend"), "property_settings": []},
            "batchSize": BATCH,
        })
    }

    /// The properties whose id or name begins so.
    pub(super) fn properties(&self, register: &Reconciler, prefix: &str) -> Vec<Value> {
        let wanted = prefix.trim().to_lowercase();
        let named = register.properties().map(|id| (id, self.property_name(id)));
        let begins = |(id, name): &(&str, String)| id.starts_with(&wanted) || name.to_lowercase().starts_with(&wanted);
        named.filter(begins).map(|(id, name)| json!({"id": id, "name": name})).collect()
    }

    pub(super) fn entities<'r>(&self, found: impl Iterator<Item = Record<'r>>, register: &Reconciler) -> Value {
        let kind_name = self.type_name(register.kind());
        let entity = |record: Record<'_>| {
            let mut entity = named(record);
            entity.insert("notable".into(), types(record, register.kind(), &kind_name));
            Value::from(entity)
        };
        json!({"result": found.map(entity).collect::<Vec<_>>()})
    }

    pub(super) fn extension(&self, register: &Reconciler, wanted: &Extension) -> Value {
        let known: Vec<&str> = register.properties().filter(|id| wanted.properties.iter().any(|it| it == id)).collect();
        let meta: Vec<Value> = known.iter().map(|id| json!({"id": id, "name": self.property_name(id)})).collect();
        let row = |id: &String| {
            let record = register.record(id);
            let cell = |property: &&str| {
                let value = record.map_or("", |record| record.value(property));
                ((*property).to_owned(), values(property, value).into())
            };
            (id.clone(), Value::Object(known.iter().map(cell).collect()))
        };
        json!({"meta": meta, "rows": wanted.ids.iter().map(row).collect::<Map<_, _>>()})
    }
}

/// A value as the API writes it; none, where it is blank.
fn values(property: &str, value: &str) -> Vec<Value> {
    match (property, value) {
        (_, "") => Vec::new(),
        ("lat" | "lon", number) => {
            let degrees = number.replace(',', ".").parse::<f64>().ok().filter(|degrees| degrees.is_finite());
            vec![degrees.map_or_else(|| json!({"str": number}), |degrees| json!({"float": degrees}))]
        }
        ("code" | "aliases", several) => several.split('|').map(|one| json!({"str": one.trim()})).collect(),
        (_, text) => vec![json!({"str": text})],
    }
}

/// The answers to a batch, by the keys of its queries.
pub(super) fn results(register: &Reconciler, kind_name: &str, batch: &[Asking]) -> Value {
    let answer = |asking: &Asking| {
        let found = register.candidates(&asking.query);
        let candidates: Vec<Value> =
            found.iter().take(asking.limit).map(|it| candidate(it, register.kind(), kind_name)).collect();
        (asking.key.clone(), json!({"result": candidates}))
    };
    batch.iter().map(answer).collect::<Map<_, _>>().into()
}

fn candidate(candidate: &Candidate<'_>, kind: &str, kind_name: &str) -> Value {
    let feature = |(id, bits): &(&str, f64)| json!({"id": id, "value": bits});
    let mut found = named(candidate.record);
    let mut set = |name: &str, value: Value| found.insert(name.into(), value);
    set("type", types(candidate.record, kind, kind_name));
    set("score", candidate.score.into());
    set("match", candidate.is_sure.into());
    set("features", candidate.features.iter().map(feature).collect());
    found.into()
}

fn named(record: Record<'_>) -> Map<String, Value> {
    let mut named = Map::new();
    named.insert("id".into(), record.id().into());
    named.insert("name".into(), record.name().into());
    let description = record.description();
    if !description.is_empty() {
        named.insert("description".into(), description.into());
    }
    named
}

/// The types of a record; what the register calls a type is its own name.
fn types(record: Record<'_>, kind: &str, kind_name: &str) -> Value {
    let named = |id: &str| json!({"id": id, "name": if id == kind { kind_name } else { id }});
    record.types().map(named).collect()
}
