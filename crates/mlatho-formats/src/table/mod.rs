//! Tables of any shape to records: a plan is made once from the header, and each row is read by it.

mod periods;
mod plan;

use std::ops::ControlFlow;

use mlatho_model::{Finding, Measure, MissingReason, RawRecord, RawValue, RecordSink, Value};

use crate::layout::Layout;
use crate::number;
use periods::PeriodReader;
use plan::Bundle;
pub(crate) use plan::Plan;

/// A row as text cells; cells beyond its end are blank.
pub(crate) trait Cells {
    fn cell(&self, at: usize) -> &str;
    fn len(&self) -> usize;
}

/// Reads rows by a plan.
pub(crate) struct RowReader<'p> {
    plan: &'p Plan,
    layout: &'p Layout,
    file: &'p str,
    periods: PeriodReader<'p>,
    /// A missing mark may itself look like a number, such as `-1`.
    numeric_marks: bool,
    values: Vec<RawValue<'p>>,
}

impl<'p> RowReader<'p> {
    pub(crate) fn new(plan: &'p Plan, layout: &'p Layout, file: &'p str) -> Self {
        let numeric_marks = layout.missing.iter().any(|mark| number::parse(mark).is_some());
        let periods = PeriodReader::new(&layout.period, plan);
        Self { plan, layout, file, periods, numeric_marks, values: Vec::new() }
    }

    /// Reads one row into as many records as it holds.
    pub(crate) fn read(&mut self, row: u64, cells: &impl Cells, sink: &mut dyn RecordSink) -> ControlFlow<()> {
        if (0..cells.len()).all(|at| cells.cell(at).is_empty()) {
            return ControlFlow::Continue(());
        }
        let plan = self.plan;
        let own = |at: Option<usize>| at.map_or("", |at| cells.cell(at));
        let of_row = match self.periods.of_row(cells) {
            Ok(period) => period,
            Err((column, text)) => {
                let finding = Finding::error("bad-period").in_file(self.file).at(row, column);
                sink.finding(finding.with("text", text));
                return ControlFlow::Continue(());
            }
        };
        let version = match own(plan.version) {
            "" => 0,
            text => {
                if let Ok(version) = text.parse() {
                    version
                } else {
                    sink.finding(Finding::error("bad-version").in_file(self.file).at(row, "").with("text", text));
                    return ControlFlow::Continue(());
                }
            }
        };
        for bundle in &plan.bundles {
            self.values.clear();
            self.take_values(row, bundle, cells, sink);
            let org_unit = if bundle.org_unit.is_empty() { own(plan.org_unit) } else { &bundle.org_unit };
            let org_unit_name = own(plan.org_unit_name);
            let Some(period) = bundle.period.or(of_row).filter(|_| !(org_unit.is_empty() && org_unit_name.is_empty()))
            else {
                let (code, column) = if org_unit.is_empty() {
                    ("missing-org-unit", plan.name_of(plan.org_unit))
                } else {
                    ("missing-period", "")
                };
                sink.finding(Finding::error(code).in_file(self.file).at(row, column));
                return ControlFlow::Continue(());
            };
            let record = RawRecord {
                position: row,
                org_unit: if org_unit.is_empty() { org_unit_name } else { org_unit },
                org_unit_name,
                item: if bundle.item.is_empty() { own(plan.item) } else { &bundle.item },
                item_name: own(plan.item_name),
                disaggregation: if bundle.disaggregation.is_empty() {
                    own(plan.disaggregation)
                } else {
                    &bundle.disaggregation
                },
                period,
                status: own(plan.status),
                reported_at: own(plan.reported_at),
                report: own(plan.report),
                line: own(plan.line),
                version,
                comment: own(plan.comment),
                date: own(plan.date),
                values: &self.values,
            };
            sink.record(&record)?;
        }
        ControlFlow::Continue(())
    }

    fn take_values(&mut self, row: u64, bundle: &'p Bundle, cells: &impl Cells, sink: &mut dyn RecordSink) {
        for cell in &bundle.cells {
            let text = cells.cell(cell.at);
            let value = self.value(text);
            if value == Value::Missing(MissingReason::NotANumber) {
                sink.finding(not_a_number(self.file, row, &cell.column, text));
            }
            self.values.push(RawValue {
                measure: &cell.measure,
                value,
                unit: cell.unit.as_ref(),
                column: &cell.column,
            });
        }
    }

    fn value(&self, text: &str) -> Value {
        let is_mark = || self.layout.missing.iter().any(|mark| mark == text);
        if text.is_empty() || (self.numeric_marks && is_mark()) {
            return Value::Missing(MissingReason::Blank);
        }
        match number::parse(text) {
            Some(number) => Value::Reported(number),
            None if is_mark() => Value::Missing(MissingReason::Blank),
            None => Value::Missing(MissingReason::NotANumber),
        }
    }
}

/// A cell that should hold a number and does not.
pub(crate) fn not_a_number(file: &str, row: u64, column: &str, text: &str) -> Finding {
    Finding::warning("not-a-number").in_file(file).at(row, column).with("text", text)
}

/// The measure of a name, where a blank one can only come from a layout that says nothing.
pub(crate) fn measure_or_value(name: &str) -> Measure {
    Measure::named(name).unwrap_or_else(|_| Measure::Element("value".into()))
}
