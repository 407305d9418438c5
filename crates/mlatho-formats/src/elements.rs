//! Data elements and category option combos that stand for a measure of an item, as where DHIS2 serves as an LMIS.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use mlatho_model::{Finding, Measure, RawRecord, RawValue, RecordSink, Unit};
use serde::Deserialize;

use crate::layout::{measure, unit};

/// What a data element, a category option combo, or the two together stand for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ElementRule {
    /// The data element, as the file names it; any, where none is given.
    element: Option<String>,
    /// The category option combo; any, where none is given.
    category: Option<String>,
    /// The item; the data element itself, where none is given.
    item: Option<String>,
    #[serde(deserialize_with = "measure")]
    measure: Measure,
    #[serde(default, deserialize_with = "unit")]
    unit: Option<Unit>,
}

/// What is wrong with rules, if anything.
pub(crate) fn problem(rules: &[ElementRule]) -> Option<String> {
    let mut known = HashSet::new();
    for rule in rules {
        let key = (rule.element.as_deref(), rule.category.as_deref());
        match key {
            (None, None) => return Some("an entry of elements needs element, category or both".into()),
            (element, category) if !known.insert(key) => {
                let named = [element, category].into_iter().flatten().collect::<Vec<_>>().join(" with ");
                return Some(format!("elements has two entries for {named}"));
            }
            _ => {}
        }
    }
    None
}

/// Passes records on with the item and the measure that their data element and category option combo stand for. What no
/// rule names stays as it is.
pub(crate) struct ByElement<'a> {
    rules: HashMap<(Option<&'a str>, Option<&'a str>), &'a ElementRule>,
    sink: &'a mut dyn RecordSink,
}

impl<'a> ByElement<'a> {
    pub(crate) fn new(rules: &'a [ElementRule], sink: &'a mut dyn RecordSink) -> Self {
        let keyed = rules.iter().map(|rule| ((rule.element.as_deref(), rule.category.as_deref()), rule));
        Self { rules: keyed.collect(), sink }
    }
}

impl RecordSink for ByElement<'_> {
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        // The attribute option combo follows behind a stroke.
        let (category, rest) = record.disaggregation.split_once('/').unwrap_or((record.disaggregation, ""));
        let (element, category) = (Some(record.item), Some(category));
        let keys = [(element, category), (element, None), (None, category)];
        let Some(rule) = keys.iter().find_map(|key| self.rules.get(key)) else { return self.sink.record(record) };
        let unit = rule.unit.as_ref();
        let values: Vec<RawValue<'_>> = record
            .values
            .iter()
            .map(|raw| RawValue { measure: &rule.measure, unit: unit.or(raw.unit), ..raw.clone() })
            .collect();
        self.sink.record(&RawRecord {
            item: rule.item.as_deref().unwrap_or(record.item),
            disaggregation: if rule.category.is_some() { rest } else { record.disaggregation },
            values: &values,
            ..record.clone()
        })
    }

    fn finding(&mut self, finding: Finding) {
        self.sink.finding(finding);
    }
}
