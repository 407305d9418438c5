//! Links to a `ConceptMap` of release 5.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{FACTOR, FROM, NO_COMMENT, PROPERTIES, REASON, SHARE, SYSTEM, TO, UNIT, address, own_system};
use crate::crosswalk::{Kind, Link, Relation};

/// Writes links as a `ConceptMap` of FHIR R5. The same links give the same document; `version` names them.
#[must_use]
pub fn concept_map<'a>(links: impl Iterator<Item = &'a Link>, version: &str, title: &str) -> Value {
    let mut groups: BTreeMap<_, Vec<&Link>> = BTreeMap::new();
    for link in links {
        groups.entry((link.kind, &link.source)).or_default().push(link);
    }
    let groups: Vec<Value> = groups
        .into_iter()
        .map(|((kind, source), links)| {
            let elements: Vec<Value> = elements(&links);
            json!({"source": format!("{}:{source}", own_system(kind)), "target": own_system(kind), "element": elements})
        })
        .collect();
    let property = |(code, kind): (&str, &str)| json!({"code": code, "uri": address(code), "type": kind});
    let mut map = Map::new();
    let mut set = |name: &str, value: Value| map.insert(name.into(), value);
    set("resourceType", "ConceptMap".into());
    set("url", format!("{SYSTEM}crosswalk").into());
    set("version", version.into());
    set("name", "Crosswalk".into());
    set("title", title.into());
    set("status", "active".into());
    set("property", PROPERTIES.into_iter().map(property).collect());
    // FHIR knows no empty lists.
    if !groups.is_empty() {
        set("group", groups.into());
    }
    map.into()
}

/// The targets of one code stand together as long as their links do.
fn elements(links: &[&Link]) -> Vec<Value> {
    let mut elements = Vec::new();
    let together = |one: &&Link, other: &&Link| {
        one.source_id == other.source_id && one.source_name == other.source_name && is_target(one) && is_target(other)
    };
    for links in links.chunk_by(together) {
        let Some(first) = links.first() else { continue };
        let mut element = coded(&first.source_id, &first.source_name);
        if is_target(first) {
            element.insert("target".into(), links.iter().map(|link| target(link)).collect());
        } else {
            let mut said: Vec<Value> = days(first).map(|(name, day)| extension(name, "valueDateTime", &day)).collect();
            said.extend((!first.reason.is_empty()).then(|| extension(REASON, "valueString", &first.reason)));
            if !said.is_empty() {
                element.insert("extension".into(), said.into());
            }
            element.insert("noMap".into(), true.into());
        }
        elements.push(element.into());
    }
    elements
}

fn is_target(link: &Link) -> bool {
    link.relation != Relation::None
}

fn coded(code: &str, display: &str) -> Map<String, Value> {
    let mut coded = Map::new();
    coded.insert("code".into(), code.into());
    if !display.is_empty() {
        coded.insert("display".into(), display.into());
    }
    coded
}

fn extension(name: &str, value: &str, text: &str) -> Value {
    json!({"url": address(name), value: text})
}

/// The first and the last day, where the link says so.
fn days(link: &Link) -> impl Iterator<Item = (&'static str, String)> {
    let day = |(name, date): (_, Option<jiff::civil::Date>)| Some((name, date?.to_string()));
    [(FROM, link.valid_from), (TO, link.valid_to)].into_iter().filter_map(day)
}

fn target(link: &Link) -> Value {
    let (relationship, comment) = match link.relation {
        Relation::OneToMany => ("source-is-broader-than-target", NO_COMMENT),
        Relation::ManyToOne => ("source-is-narrower-than-target", ""),
        Relation::Equal | Relation::None => ("equivalent", ""),
    };
    let comment = if link.reason.is_empty() { comment } else { &link.reason };
    let mut target = coded(&link.target, &link.target_name);
    target.insert("relationship".into(), relationship.into());
    if !comment.is_empty() {
        target.insert("comment".into(), comment.into());
    }
    let text = |name: &str, text: String| json!({"code": name, "valueString": text});
    let mut said: Vec<Value> = days(link).map(|(name, day)| json!({"code": name, "valueDateTime": day})).collect();
    if link.kind == Kind::Item {
        said.push(text(FACTOR, link.factor.to_string()));
    }
    said.extend(link.unit.as_ref().map(|unit| text(UNIT, unit.to_string())));
    if link.relation == Relation::OneToMany {
        said.push(text(SHARE, link.share.to_string()));
    }
    if !said.is_empty() {
        target.insert("property".into(), said.into());
    }
    target.into()
}
