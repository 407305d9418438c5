//! Items whose text says more than one thing, taken apart by a pattern of the layout.

use std::ops::ControlFlow;

use mlatho_model::{Finding, RawRecord, RawValue, RecordSink};
use regex::Regex;

use crate::layout::Layout;
use crate::table::named_measure;

/// The pattern of a layout; nothing, where it has none.
pub(crate) fn pattern(layout: &Layout) -> Option<Regex> {
    Regex::new(layout.columns.item_pattern.as_deref()?).ok()
}

/// Passes records on with item, measure and split as the pattern finds them in the item; what it does not fit stays.
pub(crate) struct Apart<'a> {
    pub(crate) pattern: Regex,
    pub(crate) layout: &'a Layout,
    pub(crate) sink: &'a mut dyn RecordSink,
}

impl RecordSink for Apart<'_> {
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        let Some(found) = self.pattern.captures(record.item) else { return self.sink.record(record) };
        let group = |name: &str| found.name(name).map(|found| found.as_str().trim()).filter(|text| !text.is_empty());
        let named = group("measure").map(|text| named_measure(&self.layout.measures, text));
        let values: Vec<RawValue<'_>> = record
            .values
            .iter()
            .map(|raw| match &named {
                Some((measure, unit)) => RawValue { measure, unit: unit.as_ref().or(raw.unit), ..raw.clone() },
                None => raw.clone(),
            })
            .collect();
        self.sink.record(&RawRecord {
            item: group("item").unwrap_or(record.item),
            disaggregation: group("disaggregation").unwrap_or(record.disaggregation),
            values: &values,
            ..record.clone()
        })
    }

    fn finding(&mut self, finding: Finding) {
        self.sink.finding(finding);
    }
}
