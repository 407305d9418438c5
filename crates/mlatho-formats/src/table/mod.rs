//! Tables of any shape to records: a plan is made once from the header, and each row is read by it.

mod labels;
mod periods;
mod plan;

use std::ops::ControlFlow;

use mlatho_model::{Decimal, Finding, Measure, MissingReason, RawRecord, RawValue, RecordSink, Value};

use crate::layout::{Layout, Totals};
use crate::number;
use periods::PeriodReader;
use plan::Bundle;
pub(crate) use plan::{Head, Plan, joined_header, named_measure};

/// A row as text cells; cells beyond its end are blank.
pub(crate) trait Cells {
    fn cell(&self, at: usize) -> &str;
    fn len(&self) -> usize;

    /// A cell that names something; a merged one holds for all rows and columns that it covers.
    fn label(&self, at: usize) -> &str {
        self.cell(at)
    }
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
        let own = |at: Option<usize>| at.map_or("", |at| cells.label(at));
        if self.layout.totals == Totals::LeaveOut
            && let Some(name) = plan.total_in(cells)
        {
            let finding = Finding::warning("total-among-parts").in_file(self.file).at(row, "");
            sink.finding(finding.with("name", name));
            return ControlFlow::Continue(());
        }
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
            let once = &plan.once;
            let org_unit = first_of([&bundle.org_unit, own(plan.org_unit), &once.org_unit]);
            let org_unit_name = first_of([own(plan.org_unit_name), &once.org_unit_name]);
            let period = bundle.period.or(of_row).or(once.period);
            let Some(period) = period.filter(|_| !(org_unit.is_empty() && org_unit_name.is_empty())) else {
                let (finding, column) = if org_unit.is_empty() && org_unit_name.is_empty() {
                    (Finding::error("missing-org-unit"), plan.name_of(plan.org_unit))
                } else {
                    (Finding::error("missing-period"), "")
                };
                sink.finding(finding.in_file(self.file).at(row, column));
                return ControlFlow::Continue(());
            };
            let record = RawRecord {
                position: row,
                org_unit: if org_unit.is_empty() { org_unit_name } else { org_unit },
                org_unit_name,
                item: first_of([&bundle.item, own(plan.item), &once.item]),
                item_name: own(plan.item_name),
                disaggregation: first_of([&bundle.disaggregation, own(plan.disaggregation)]),
                period,
                status: first_of([own(plan.status), &once.status]),
                reported_at: first_of([own(plan.reported_at), &once.reported_at]),
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
            let value = self.value(text, &cell.measure);
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

    fn value(&self, text: &str, measure: &Measure) -> Value {
        let is_mark = || self.layout.missing.iter().any(|mark| mark == text);
        if text.is_empty() || (self.numeric_marks && is_mark()) {
            return Value::Missing(MissingReason::Blank);
        }
        match number::parse(text) {
            Some(number) => Value::Reported(number),
            None if is_mark() => Value::Missing(MissingReason::Blank),
            None => by_custom(text, measure),
        }
    }
}

/// What a cell without a number means by custom, where the layout says nothing else (`lmis.md` 11).
fn by_custom(text: &str, measure: &Measure) -> Value {
    match text.to_lowercase().as_str() {
        "-" => Value::Missing(MissingReason::Blank),
        "n/a" => Value::NotApplicable,
        "nil" => Value::Reported(Decimal::ZERO),
        "s/o" if *measure == Measure::ClosingBalance => Value::Reported(Decimal::ZERO),
        _ => Value::Missing(MissingReason::NotANumber),
    }
}

/// The first text that is not blank.
fn first_of<const N: usize>(texts: [&str; N]) -> &str {
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

/// A cell that should hold a number and does not.
pub(crate) fn not_a_number(file: &str, row: u64, column: &str, text: &str) -> Finding {
    Finding::warning("not-a-number").in_file(file).at(row, column).with("text", text)
}

/// The measure of a name, where a blank one can only come from a layout that says nothing.
pub(crate) fn measure_or_value(name: &str) -> Measure {
    Measure::named(name).unwrap_or_else(|_| Measure::Element("value".into()))
}
