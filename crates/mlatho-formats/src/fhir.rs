//! FHIR measure reports, as stock reporting on OpenLMIS makes them: one report for each measure, facility and period,
//! one group for each product. The shape follows a template, not a published profile.

use std::io::Read;
use std::ops::ControlFlow;

use mlatho_model::{Finding, Measure, MissingReason, RawRecord, RawValue, RecordSink, Unit, Value as Number};
use serde_json::Value;

use crate::json::{at, date, elements, period_between, text, value};
use crate::table::not_a_number;

/// What a bundle of measure reports may hold beside them; none of these names a person.
pub(crate) const OTHERS: [&str; 4] = ["Bundle", "Location", "Organization", "Measure"];

/// The pseudo-product that carries the name of the program.
const PROGRAM: &str = "programName";

/// Reads a measure report, a list of them, or a bundle. Positions count the groups of the document from 1.
pub(crate) fn read_measure_reports(file: &str, input: &mut dyn Read, sink: &mut dyn RecordSink) {
    let mut groups = 0;
    elements(file, input, &["entry"], sink, &mut |_, element, sink| {
        let resource = element.get("resource").unwrap_or(&element);
        measure_report(file, resource, &mut groups, sink)
    });
}

fn measure_report(file: &str, report: &Value, groups: &mut u64, sink: &mut dyn RecordSink) -> ControlFlow<()> {
    let kind = text(report, &["resourceType"]);
    let lacks = |code: Finding, column: &str| code.in_file(file).at(*groups + 1, column);
    if kind != "MeasureReport" {
        // A bundle may hold what the reports point at, and an empty one holds nothing.
        if !OTHERS.contains(&kind.as_str()) {
            sink.finding(lacks(Finding::warning("not-a-measure-report"), "resourceType").with("found", kind));
        }
        return ControlFlow::Continue(());
    }
    let name = text(report, &["measure"]);
    let Some(measure) = measure(name.split('|').next().unwrap_or_default()) else {
        sink.finding(lacks(Finding::error("missing-data-element"), "measure"));
        return ControlFlow::Continue(());
    };
    let reporter = text(report, &["reporter.reference", "subject.reference", "reporter.identifier.value"]);
    let org_unit = reporter.rsplit('/').next().unwrap_or_default();
    if org_unit.is_empty() {
        sink.finding(lacks(Finding::error("missing-org-unit"), "reporter"));
        return ControlFlow::Continue(());
    }
    let days = date(at(report, "period.start")).zip(date(at(report, "period.end")));
    let Some(period) = days.and_then(|(start, end)| period_between(start, end)) else {
        let shown = format!("{}/{}", text(report, &["period.start"]), text(report, &["period.end"]));
        sink.finding(lacks(Finding::error("unknown-processing-period"), "period").with("text", shown));
        return ControlFlow::Continue(());
    };
    let unit = measure.is_quantity().then(Unit::dispensing);
    let (id, reported_at) = (text(report, &["id"]), text(report, &["date"]));
    let (reporter_name, status) = (text(report, &["reporter.display"]), text(report, &["status"]));
    for group in at(report, "group").as_array().into_iter().flatten() {
        *groups += 1;
        let coding = at(group, "code.coding").get(0).unwrap_or(&Value::Null);
        let item = Some(text(group, &["code.text"])).filter(|code| !code.is_empty());
        let item = item.unwrap_or_else(|| text(coding, &["code"]));
        if item == PROGRAM {
            continue;
        }
        if item.is_empty() {
            sink.finding(Finding::error("missing-item").in_file(file).at(*groups, "code"));
            continue;
        }
        let value = value(at(group, "measureScore.value")).unwrap_or_else(|text| {
            sink.finding(not_a_number(file, *groups, "measureScore", &text));
            Number::Missing(MissingReason::NotANumber)
        });
        sink.record(&RawRecord {
            position: *groups,
            org_unit,
            org_unit_name: &reporter_name,
            item: &item,
            item_name: &text(coding, &["display"]),
            status: &status,
            reported_at: &reported_at,
            report: &id,
            line: &item,
            ..RawRecord::new(
                period,
                &[RawValue { measure: &measure, value, unit: unit.as_ref(), column: "measureScore" }],
            )
        })?;
    }
    ControlFlow::Continue(())
}

/// The measure of a canonical address or name; one that is not known keeps its name.
fn measure(address: &str) -> Option<Measure> {
    let name = address.rsplit('/').next().unwrap_or_default();
    let known = match name.replace('-', "_").as_str() {
        "beginning_balance" => Measure::OpeningBalance,
        "stock_on_hand" => Measure::ClosingBalance,
        "total_received_quantity" => Measure::Received,
        "total_consumed_quantity" => Measure::Consumed,
        "total_losses_and_adjustments" => Measure::Adjustments,
        "total_stock_out_days" => Measure::StockoutDays,
        "average_consumption" => Measure::AmcReported,
        "months_of_stock" => Measure::MosReported,
        _ => return Measure::named(name).ok(),
    };
    Some(known)
}
