//! A `ConceptMap` of release 5 or 4 to offers of links.

use jiff::civil::Date;
use mlatho_model::{Factor, Finding, SourceName, Unit};
use serde_json::Value;

use super::{FACTOR, FROM, NO_COMMENT, REASON, SHARE, TO, UNIT, address, own_system};
use crate::crosswalk::{Kind, Link, Offer, Relation, Verdict};

/// What the codes of a map are that does not say it in mlatho's own words.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub kind: Option<Kind>,
    pub source: Option<SourceName>,
}

/// Reads a `ConceptMap`. Positions count its mappings from 1. What cannot be a link is told and costs itself: a relation
/// that is not known, one that holds only on a condition, an item without a unit factor.
///
/// In release 4 `wider` and `narrower` say what the target is, in release 5 the relationship says what the source is.
#[must_use]
pub fn read_concept_map(file: &str, bytes: &[u8], given: &Given, findings: &mut Vec<Finding>) -> Vec<Offer> {
    let map: Value = match serde_json::from_slice(bytes) {
        Ok(map) => map,
        Err(error) => {
            let finding = Finding::error("concept-map-unreadable").in_file(file).at(error.line() as u64, "");
            findings.push(finding.with("reason", error.to_string()));
            return Vec::new();
        }
    };
    let found = text(&map, "resourceType");
    if found != "ConceptMap" {
        findings.push(Finding::error("concept-map-absent").in_file(file).at(1, "resourceType").with("found", found));
        return Vec::new();
    }
    let mut reader = Reader { file, position: 0, offers: Vec::new(), findings };
    list(&map, "group").iter().for_each(|group| reader.group(group, given));
    reader.offers
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default().trim()
}

/// What a property or an extension of this name says; blank where there is none.
fn said(value: &Value, name: &str) -> String {
    let properties = list(value, "property").iter().filter(|property| text(property, "code") == name);
    let extensions = list(value, "extension").iter().filter(|extension| text(extension, "url") == address(name));
    let mut values = properties.chain(extensions).filter_map(Value::as_object).flatten();
    match values.find(|(key, _)| key.starts_with("value")) {
        Some((_, Value::String(text))) => text.trim().to_owned(),
        Some((_, Value::Number(number))) => number.to_string(),
        _ => String::new(),
    }
}

struct Reader<'a> {
    file: &'a str,
    position: u64,
    offers: Vec<Offer>,
    findings: &'a mut Vec<Finding>,
}

impl Reader<'_> {
    fn group(&mut self, group: &Value, given: &Given) {
        let system = text(group, "source");
        let own = Kind::ALL.into_iter().find_map(|kind| {
            let source = system.strip_prefix(&own_system(kind))?.strip_prefix(':')?;
            Some((kind, source.parse::<SourceName>().ok()?))
        });
        let Some((kind, source)) = own.or_else(|| given.kind.zip(given.source.clone())) else {
            let finding = self.finding("concept-map-system", "group.source");
            return self.findings.push(finding.with("found", system));
        };
        for element in list(group, "element") {
            let code = text(element, "code");
            let mut start = Link::equal(kind, source.clone(), code, "");
            start.source_name = text(element, "display").into();
            if element.get("noMap") == Some(&Value::Bool(true)) {
                self.mapping(|reader| reader.no_map(&start, element));
            }
            for target in list(element, "target") {
                self.mapping(|reader| reader.target(&start, target));
            }
        }
    }

    fn finding(&self, code: &'static str, column: &str) -> Finding {
        Finding::error(code).in_file(self.file).at(self.position.max(1), column)
    }

    fn mapping(&mut self, read: impl Fn(&Self) -> Result<(Verdict, Link), Finding>) {
        self.position += 1;
        match read(self) {
            Ok((verdict, link)) => {
                self.offers.push(Offer { row: self.position, verdict, link, is_source_code: false });
            }
            Err(finding) => self.findings.push(finding),
        }
    }

    fn filled(&self, column: &str, text: &str) -> Result<(), Finding> {
        if text.is_empty() { Err(self.finding("mapping-blank", column).with("column", column)) } else { Ok(()) }
    }

    /// A text that is read as something else; nothing, where it is blank.
    fn parsed<T: std::str::FromStr>(&self, column: &str, text: &str, expected: &str) -> Result<Option<T>, Finding> {
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| {
            let finding = self.finding("mapping-row", column).with("column", column);
            finding.with("found", text).with("expected", expected)
        })
    }

    fn no_map(&self, start: &Link, element: &Value) -> Result<(Verdict, Link), Finding> {
        self.filled("code", &start.source_id)?;
        let mut link = Link { relation: Relation::None, reason: said(element, REASON).into(), ..start.clone() };
        self.days(&mut link, element)?;
        Ok((Verdict::Accept, link))
    }

    fn target(&self, start: &Link, target: &Value) -> Result<(Verdict, Link), Finding> {
        self.filled("code", &start.source_id)?;
        let code = text(target, "code");
        let (verdict, relation) = self.relation(target, code)?;
        if ["dependsOn", "product"].into_iter().any(|condition| !list(target, condition).is_empty()) {
            return Err(self.finding("concept-map-condition", "target").with("code", &*start.source_id));
        }
        let comment = Some(text(target, "comment")).filter(|comment| *comment != NO_COMMENT).unwrap_or_default();
        let mut link = Link { relation, reason: comment.into(), ..start.clone() };
        self.days(&mut link, target)?;
        if relation == Relation::None {
            return Ok((verdict, link));
        }
        self.filled("target.code", code)?;
        (link.target, link.target_name) = (code.into(), text(target, "display").into());
        link.unit = Unit::named(&said(target, UNIT));
        link.share = self.parsed(SHARE, &said(target, SHARE), "1/3")?.unwrap_or(Factor::ONE);
        if link.kind == Kind::Item && verdict == Verdict::Accept {
            let factor = self.parsed(FACTOR, &said(target, FACTOR), "30, 0.5, 1/3")?;
            link.factor = factor.ok_or_else(|| self.finding("link-factor", FACTOR).with("code", &*start.source_id))?;
        }
        Ok((verdict, link))
    }

    /// What a mapping says, by the relationship of release 5 or the equivalence of release 4.
    fn relation(&self, target: &Value, code: &str) -> Result<(Verdict, Relation), Finding> {
        let (relationship, equivalence) = (text(target, "relationship"), text(target, "equivalence"));
        let (column, found) =
            if relationship.is_empty() { ("equivalence", equivalence) } else { ("relationship", relationship) };
        Ok(match (column, found) {
            ("relationship", "equivalent") | ("equivalence", "equivalent" | "equal") => {
                (Verdict::Accept, Relation::Equal)
            }
            ("relationship", "source-is-narrower-than-target") | ("equivalence", "wider" | "subsumes") => {
                (Verdict::Accept, Relation::ManyToOne)
            }
            ("relationship", "source-is-broader-than-target") | ("equivalence", "narrower" | "specializes") => {
                (Verdict::Accept, Relation::OneToMany)
            }
            ("equivalence", "unmatched") if code.is_empty() => (Verdict::Accept, Relation::None),
            ("relationship", "not-related-to") | ("equivalence", "disjoint" | "unmatched") => {
                (Verdict::Reject, Relation::Equal)
            }
            _ => return Err(self.finding("concept-map-relationship", column).with("found", found)),
        })
    }

    fn days(&self, link: &mut Link, said_by: &Value) -> Result<(), Finding> {
        let day = |name: &str| -> Result<Option<Date>, Finding> {
            let text = said(said_by, name);
            // A time of the day may stand behind the day.
            self.parsed(name, text.split('T').next().unwrap_or_default(), "YYYY-MM-DD")
        };
        (link.valid_from, link.valid_to) = (day(FROM)?, day(TO)?);
        match (link.valid_from, link.valid_to) {
            (Some(from), Some(to)) if to < from => {
                let finding = self.finding("mapping-ends-before-start", TO).with("column", TO);
                Err(finding.with("from", from.to_string()).with("to", to.to_string()))
            }
            _ => Ok(()),
        }
    }
}
