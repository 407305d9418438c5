//! Requisitions and orders in JSON: one, a page, a list, or a document with reference data before them.

use std::io::Read;
use std::ops::ControlFlow;

use mlatho_model::{Finding, Measure, Period, RawRecord, RawValue, RecordSink, Unit, Value as Number};
use serde_json::Value;

use super::fields::{Requisitions, Rules, Told, rank};
use super::figures::{FIELDS, Line};
use super::orders;
use super::reference::{LISTS, Reference, facility, hidden_columns, period, product_code, seconds};
use crate::json::{at, elements, number, text, truth};
use crate::layout::Layout;

/// Reads requisitions and orders. Positions count the lines of the document from 1.
pub(crate) fn read(layout: Option<&Layout>, file: &str, input: &mut dyn Read, sink: &mut dyn RecordSink) {
    let settings = layout.and_then(|layout| layout.requisitions.clone()).unwrap_or_default();
    let mut lists = vec!["content", "requisitions", "orders"];
    lists.extend(LISTS);
    let mut reading = Reading { file, settings, reference: Reference::default(), lines: 0 };
    elements(file, input, &lists, sink, &mut |list, element, sink| {
        if LISTS.contains(&list) {
            reading.reference.keep(list, element);
            return ControlFlow::Continue(());
        }
        if list == "orders" || element.get("orderLineItems").is_some() {
            return orders::read(file, &reading.reference, &mut reading.lines, &element, sink);
        }
        reading.requisition(&element, sink)
    });
}

struct Reading<'a> {
    file: &'a str,
    settings: Requisitions,
    reference: Reference,
    lines: u64,
}

/// What all lines of a requisition share.
struct Head<'v> {
    id: String,
    org_unit: String,
    org_unit_name: String,
    period: Period,
    months: u64,
    status: String,
    reported_at: String,
    version: u64,
    emergency: bool,
    skipped: bool,
    withheld: bool,
    hidden: Vec<String>,
    whole: &'v Value,
}

impl Reading<'_> {
    fn finding(&self, finding: Finding, column: &str) -> Finding {
        finding.in_file(self.file).at(self.lines, column)
    }

    fn requisition(&mut self, whole: &Value, sink: &mut dyn RecordSink) -> ControlFlow<()> {
        let Value::Array(lines) = at(whole, "requisitionLineItems") else {
            // A search answers without lines.
            let finding = Finding::warning("requisition-without-lines").with("id", text(whole, &["id"]));
            sink.finding(self.finding(finding, "requisitionLineItems"));
            return ControlFlow::Continue(());
        };
        let first = self.lines + 1;
        let head = match self.head(whole) {
            Ok(head) => head,
            Err((finding, column)) => {
                sink.finding(finding.in_file(self.file).at(first, column).with("id", text(whole, &["id"])));
                self.lines += lines.len() as u64;
                return ControlFlow::Continue(());
            }
        };
        let of_dates = months(head.period);
        if of_dates.is_some_and(|months| months != head.months) {
            let finding = Finding::info("months-disagree").with("stored", head.months);
            let finding = finding.with("dates", of_dates.unwrap_or_default()).with("id", head.id.as_str());
            sink.finding(finding.in_file(self.file).at(first, "numberOfMonthsInPeriod"));
        }
        for line in lines {
            self.lines += 1;
            self.line(&head, line, sink)?;
        }
        ControlFlow::Continue(())
    }

    fn head<'v>(&self, whole: &'v Value) -> Result<Head<'v>, (Finding, &'static str)> {
        let (org_unit, org_unit_name) = facility(&self.reference, at(whole, "facility"));
        if org_unit.is_empty() {
            return Err((Finding::error("missing-org-unit"), "facility"));
        }
        let period = period(&self.reference, at(whole, "processingPeriod"))
            .map_err(|shown| (Finding::error("unknown-processing-period").with("text", shown), "processingPeriod"))?;
        let span = self.reference.find("processingPeriods", at(whole, "processingPeriod"));
        let stored = [at(whole, "numberOfMonthsInPeriod"), at(span, "durationInMonths")];
        let stored = stored.iter().find_map(|field| field.as_u64()).or_else(|| months(period));
        let status = text(whole, &["status"]).to_uppercase();
        let template = self.reference.find("requisitionTemplates", at(whole, "template"));
        let changed = text(whole, &["modifiedDate", "createdDate"]);
        Ok(Head {
            id: text(whole, &["id"]),
            org_unit,
            org_unit_name,
            period,
            months: stored.unwrap_or(1),
            reported_at: submitted(whole),
            version: seconds(&changed),
            emergency: truth(at(whole, "emergency")),
            skipped: status == "SKIPPED",
            withheld: rank(&status).is_none_or(|rank| rank < self.settings.publish_from),
            status,
            hidden: hidden_columns(template),
            whole,
        })
    }

    fn line(&self, head: &Head<'_>, line: &Value, sink: &mut dyn RecordSink) -> ControlFlow<()> {
        let orderable = self.reference.find("orderables", at(line, "orderable"));
        let item = product_code(orderable);
        if item.is_empty() {
            sink.finding(self.finding(Finding::error("missing-item"), "orderable"));
            return ControlFlow::Continue(());
        }
        let approved_product = self.reference.find("facilityTypeApprovedProducts", at(line, "approvedProduct"));
        let computed = Line { fields: line, orderable, approved_product, months: head.months };
        let skipped = head.skipped || truth(at(line, "skipped"));
        let rules = Rules { file: self.file, emergency: head.emergency, withheld: head.withheld, hidden: &head.hidden };
        let mut numbers = rules.numbers(&FIELDS, line, skipped, self.lines, sink);
        if !skipped && !head.emergency {
            self.adjustments(head, &rules, line, &mut numbers, sink);
            if computed.too_many_stockout_days() {
                let finding =
                    Finding::warning("stockout-days-over-period").with("days", head.months.saturating_mul(30));
                sink.finding(self.finding(finding, "totalStockoutDays"));
            }
            for figure in computed.figures() {
                if figure.differs {
                    let finding = Finding::info("vendor-figure-differs").with("stored", text(line, &[figure.beside]));
                    let ours = figure.value.reported().unwrap_or_default();
                    sink.finding(self.finding(finding.with("ours", ours), figure.beside));
                }
                if figure.value.reported().is_some() || line.get(figure.beside).is_some() {
                    let (measure, column) = (Measure::Element(figure.name.into()), figure.beside.to_owned());
                    let (value, unit) = (rules.counted(figure.value), figure.unit.unit());
                    numbers.push(Told { measure, value, unit, column });
                }
            }
        }
        let values: Vec<RawValue<'_>> = numbers.iter().map(Told::raw).collect();
        let number_of_line = Some(text(line, &["id"])).filter(|id| !id.is_empty()).unwrap_or_else(|| item.clone());
        sink.record(&RawRecord {
            position: self.lines,
            org_unit: &head.org_unit,
            org_unit_name: &head.org_unit_name,
            item: &item,
            item_name: &text(orderable, &["fullProductName"]),
            status: &head.status,
            reported_at: &head.reported_at,
            report: &head.id,
            line: &number_of_line,
            version: head.version,
            ..RawRecord::new(head.period, &values)
        })
    }

    /// Adjustments by reason, signed by the type of the reason. OpenLMIS passes over a reason that is not in the
    /// requisition's own list; here that is told.
    fn adjustments(
        &self,
        head: &Head<'_>,
        rules: &Rules<'_>,
        line: &Value,
        numbers: &mut Vec<Told>,
        sink: &mut dyn RecordSink,
    ) {
        let Value::Array(adjustments) = at(line, "stockAdjustments") else { return };
        let Value::Array(reasons) = at(head.whole, "stockAdjustmentReasons") else { return };
        for adjustment in adjustments {
            let reason_id = text(adjustment, &["reasonId"]);
            let of_id = |reason: &&Value| text(reason, &["reasonId", "id"]) == reason_id;
            let Some(reason) = reasons.iter().find(of_id) else {
                let finding = Finding::warning("unknown-adjustment-reason").with("reason", reason_id);
                sink.finding(self.finding(finding, "stockAdjustments"));
                continue;
            };
            let Ok(Some(quantity)) = number(at(adjustment, "quantity")) else { continue };
            let signed = if text(reason, &["reasonType"]) == "DEBIT" { -quantity } else { quantity };
            let value = Number::Reported(signed);
            numbers.push(Told {
                measure: Measure::Element(format!("adjustment: {}", text(reason, &["name"])).into()),
                value: rules.counted(value),
                unit: Some(Unit::dispensing()),
                column: "stockAdjustments".into(),
            });
        }
    }
}

/// Calendar months of a period that consists of whole months.
fn months(period: Period) -> Option<u64> {
    let (start, end) = (period.start(), period.end());
    let after = end.tomorrow().ok()?;
    let months = (i64::from(after.year()) - i64::from(start.year())) * 12 + i64::from(after.month() - start.month());
    (start.day() == 1 && after.day() == 1).then(|| u64::try_from(months).ok())?
}

/// When it was first submitted: a rejection makes a second time, which is no new report.
fn submitted(whole: &Value) -> String {
    let history = match at(whole, "statusHistory") {
        Value::Array(changes) => changes.as_slice(),
        _ => &[],
    };
    let submissions = history.iter().filter(|change| text(change, &["status"]) == "SUBMITTED");
    let first = submissions.map(|change| text(change, &["createdDate", "changeDate"])).min();
    first.unwrap_or_else(|| text(whole, &["statusChanges.SUBMITTED.changeDate"]))
}
