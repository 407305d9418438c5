//! Inventory in JSON: what stands in stock now, at each entity.

use std::io::Read;
use std::ops::ControlFlow;

use mlatho_model::{
    Finding, Measure, MissingReason, Period, PeriodType, RawRecord, RawValue, RecordSink, Unit, Value as Number,
};
use serde_json::Value;

use super::day;
use crate::json::{elements, text, value};
use crate::table::not_a_number;

/// Keys of the numbers. `stk` is the stock of the moment: it closes the month only as the last one in it.
const NUMBERS: [(&str, Measure); 2] = [("stk", Measure::ClosingBalance), ("crm", Measure::AmcReported)];
/// Keys of further numbers, which keep a name of their own; those with a unit are quantities.
const OWN: [(&str, &str, bool); 6] = [
    ("astk", "allocated stock", true),
    ("atpstk", "available stock", true),
    ("tstk", "stock in transit", true),
    ("reord", "minimum stock", true),
    ("max", "maximum stock", true),
    ("pdos", "predicted days of stock", false),
];

/// Reads inventory lines. Positions count them from 1.
pub(crate) fn read(file: &str, input: &mut dyn Read, sink: &mut dyn RecordSink) {
    let mut position = 0;
    elements(file, input, &["results", "inventory"], sink, &mut |_, element, sink| {
        position += 1;
        line(file, position, &element, sink)
    });
}

fn line(file: &str, position: u64, line: &Value, sink: &mut dyn RecordSink) -> ControlFlow<()> {
    let finding = |finding: Finding, column: &str| finding.in_file(file).at(position, column);
    let (org_unit, item) = (text(line, &["kId"]), text(line, &["mId"]));
    for (id, missing, column) in
        [(&org_unit, Finding::error("missing-org-unit"), "kId"), (&item, Finding::error("missing-item"), "mId")]
    {
        if id.is_empty() {
            sink.finding(finding(missing, column));
            return ControlFlow::Continue(());
        }
    }
    let updated = text(line, &["t"]);
    let when = day(&updated).and_then(|day| Some((day, Period::containing(PeriodType::Monthly, day)?)));
    let Some((day, period)) = when else {
        sink.finding(finding(Finding::error("bad-period").with("text", updated), "t"));
        return ControlFlow::Continue(());
    };
    let unit = Unit::dispensing();
    let own = OWN.map(|(key, name, quantity)| (key, Measure::Element(name.into()), quantity));
    let all = NUMBERS.iter().map(|(key, measure)| (*key, measure, true));
    let all = all.chain(own.iter().map(|(key, measure, quantity)| (*key, measure, *quantity)));
    let mut values = Vec::new();
    for (key, measure, quantity) in all {
        let Some(found) = line.get(key) else { continue };
        let value = value(found).unwrap_or_else(|text| {
            sink.finding(finding(not_a_number(file, position, key, &text), key));
            Number::Missing(MissingReason::NotANumber)
        });
        values.push(RawValue { measure, value, unit: quantity.then_some(&unit), column: key });
    }
    sink.record(&RawRecord {
        position,
        org_unit: &org_unit,
        org_unit_name: &text(line, &["enm"]),
        item: &item,
        item_name: &text(line, &["mnm"]),
        reported_at: &day.to_string(),
        date: &day.to_string(),
        ..RawRecord::new(period, &values)
    })
}
