//! What all forms of a data value set have in common on the way in.

use std::ops::ControlFlow;

use mlatho_model::{Finding, Measure, MissingReason, RawRecord, RawValue, RecordSink, Value};

use crate::number;
use crate::table::not_a_number;

/// A data value as received; empty texts where nothing was said.
#[derive(Clone, Debug, Default)]
pub(super) struct Incoming {
    pub(super) data_element: String,
    pub(super) period: String,
    pub(super) org_unit: String,
    pub(super) category_option_combo: String,
    pub(super) attribute_option_combo: String,
    pub(super) value: String,
    pub(super) timestamp: String,
    pub(super) comment: String,
    pub(super) deleted: bool,
}

impl Incoming {
    /// Takes what the data value set says for all its values where this one says nothing.
    pub(super) fn or(mut self, whole: &Self) -> Self {
        for (own, shared) in [
            (&mut self.period, &whole.period),
            (&mut self.org_unit, &whole.org_unit),
            (&mut self.attribute_option_combo, &whole.attribute_option_combo),
        ] {
            if own.is_empty() {
                own.clone_from(shared);
            }
        }
        self
    }

    /// Gives the value to the sink as a record, or says what it lacks.
    pub(super) fn give(&self, file: &str, position: u64, sink: &mut dyn RecordSink) -> ControlFlow<()> {
        let lacks = |code, column| Finding::error(code).in_file(file).at(position, column);
        let Ok(measure) = Measure::named(&self.data_element) else {
            sink.finding(lacks("missing-data-element", "dataElement"));
            return ControlFlow::Continue(());
        };
        if self.org_unit.is_empty() {
            sink.finding(lacks("missing-org-unit", "orgUnit"));
            return ControlFlow::Continue(());
        }
        let Ok(period) = self.period.parse() else {
            sink.finding(lacks("bad-period", "period").with("text", self.period.as_str()));
            return ControlFlow::Continue(());
        };
        let value = if self.deleted {
            Value::Missing(MissingReason::Withdrawn)
        } else if self.value.trim().is_empty() {
            Value::Missing(MissingReason::Blank)
        } else if let Some(number) = number::parse(self.value.trim()) {
            Value::Reported(number)
        } else {
            sink.finding(not_a_number(file, position, "value", &self.value));
            Value::Missing(MissingReason::NotANumber)
        };
        let combos = match (self.category_option_combo.as_str(), self.attribute_option_combo.as_str()) {
            (coc, "") => coc.to_owned(),
            (coc, aoc) => format!("{coc}/{aoc}"),
        };
        sink.record(&RawRecord {
            position,
            org_unit: &self.org_unit,
            org_unit_name: "",
            item: &self.data_element,
            item_name: "",
            disaggregation: &combos,
            period,
            status: "",
            reported_at: &self.timestamp,
            report: "",
            line: "",
            version: 0,
            comment: &self.comment,
            date: "",
            values: &[RawValue { measure: &measure, value, unit: None, column: "value" }],
        })
    }
}
