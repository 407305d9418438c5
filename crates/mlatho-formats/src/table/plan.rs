//! Which column means what, worked out once for a file from its header.

use std::collections::HashMap;

use mlatho_model::{Finding, Measure, Period, Unit};
use regex::Regex;

use super::labels::is_total;
use super::periods::period_of_header;
use super::{Cells, measure_or_value};
use crate::layout::{CellRef, ColumnRef, Layout, MeasureRule, Shape};

/// The columns of a table, by their meaning.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(super) org_unit: Option<usize>,
    pub(super) org_unit_name: Option<usize>,
    pub(super) item: Option<usize>,
    pub(super) item_name: Option<usize>,
    pub(super) disaggregation: Option<usize>,
    pub(super) status: Option<usize>,
    pub(super) reported_at: Option<usize>,
    pub(super) report: Option<usize>,
    pub(super) line: Option<usize>,
    pub(super) version: Option<usize>,
    pub(super) comment: Option<usize>,
    pub(super) date: Option<usize>,
    pub(super) period: Option<usize>,
    pub(super) year_month: Option<[usize; 2]>,
    pub(super) bundles: Vec<Bundle>,
    pub(super) once: Once,
    names: Vec<String>,
}

/// What stands above the table for all its rows; blank where it says nothing.
#[derive(Debug, Default)]
pub(super) struct Once {
    pub(super) org_unit: String,
    pub(super) org_unit_name: String,
    pub(super) item: String,
    pub(super) status: String,
    pub(super) reported_at: String,
    pub(super) period: Option<Period>,
}

/// The header of a table and what stands above it.
#[derive(Debug, Default)]
pub(crate) struct Head {
    pub(crate) header: Vec<Vec<String>>,
    /// The row of the last line of the header.
    pub(crate) row: u64,
    /// Cells above the table that the layout asks for.
    pub(crate) above: HashMap<(u64, usize), String>,
    /// The header says itself which cells are merged, so that no blank one is taken for a part of the one to its left.
    pub(crate) merged: bool,
}

impl Head {
    /// Takes a row above the table.
    pub(crate) fn take_above(&mut self, layout: &Layout, row: u64, cell: &dyn Fn(usize) -> String) {
        let cells = &layout.cells;
        let wanted = [cells.org_unit, cells.org_unit_name, cells.item, cells.period, cells.status, cells.reported_at];
        for wanted in wanted.into_iter().flatten().filter(|wanted| wanted.row == row) {
            self.above.insert((row, wanted.column), cell(wanted.column));
        }
    }

    fn once(&self, layout: &Layout, file: &str, findings: &mut Vec<Finding>) -> Option<Once> {
        let text = |cell: Option<CellRef>| {
            let found = cell.and_then(|cell| self.above.get(&(cell.row, cell.column)));
            found.map(|text| text.trim().to_owned()).unwrap_or_default()
        };
        let cells = &layout.cells;
        let written = text(cells.period);
        let period = period_of_header(&layout.period, &written);
        if let (Some(cell), None) = (cells.period, period) {
            findings.push(Finding::error("bad-period").in_file(file).at(cell.row, "").with("text", written));
            return None;
        }
        Some(Once {
            org_unit: text(cells.org_unit),
            org_unit_name: text(cells.org_unit_name),
            item: text(cells.item),
            status: text(cells.status),
            reported_at: text(cells.reported_at),
            period,
        })
    }
}

/// Cells of a row that make one record. Blank fields are those of the row itself.
#[derive(Debug, Default)]
pub(super) struct Bundle {
    pub(super) item: Box<str>,
    pub(super) org_unit: Box<str>,
    pub(super) disaggregation: Box<str>,
    pub(super) period: Option<Period>,
    pub(super) cells: Vec<Cell>,
}

/// One cell that holds a number.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) at: usize,
    pub(super) column: Box<str>,
    pub(super) measure: Measure,
    pub(super) unit: Option<Unit>,
}

impl Plan {
    /// Works the plan out. What the layout names and the header lacks is told; nothing, where no record can come out.
    pub(crate) fn new(
        layout: &Layout,
        head: &Head,
        width: usize,
        file: &str,
        findings: &mut Vec<Finding>,
    ) -> Option<Self> {
        let once = head.once(layout, file, findings)?;
        let names = joined_header(&head.header, width, head.merged);
        let mut finder = Finder { names: &names, file, row: head.row, findings, failed: false };
        let columns = &layout.columns;
        let mut plan = Self {
            org_unit: finder.at(columns.org_unit.as_ref()),
            org_unit_name: finder.at(columns.org_unit_name.as_ref()),
            item: finder.at(columns.item.as_ref()),
            item_name: finder.at(columns.item_name.as_ref()),
            disaggregation: finder.at(columns.disaggregation.as_ref()),
            status: finder.at(columns.status.as_ref()),
            reported_at: finder.at(columns.reported_at.as_ref()),
            report: finder.at(columns.report.as_ref()),
            line: finder.at(columns.line.as_ref()),
            version: finder.at(columns.version.as_ref()),
            comment: finder.at(columns.comment.as_ref()),
            date: finder.at(columns.date.as_ref()),
            period: finder.at(columns.period.as_ref()),
            once,
            ..Self::default()
        };
        if let Some([year, month]) = &layout.period.from {
            plan.year_month = finder.at(Some(year)).zip(finder.at(Some(month))).map(|(year, month)| [year, month]);
        }
        plan.bundles = match layout.shape {
            Shape::Long => finder.long(layout),
            _ => finder.wide(layout),
        };
        let failed = finder.failed || plan.bundles.is_empty();
        if plan.bundles.is_empty() && !finder.failed {
            let finding = Finding::error("no-value-columns").in_file(file).at(head.row, "");
            findings.push(finding.with("found", names.join(", ")));
        }
        plan.names = names;
        (!failed).then_some(plan)
    }

    /// The label of a row that sums others up. It stands in a column that names what rows are about, or in the first.
    pub(super) fn total_in<'c>(&self, cells: &'c impl Cells) -> Option<&'c str> {
        let naming = [self.org_unit, self.org_unit_name, self.item, self.item_name];
        let first = Some(0).filter(|first| naming.iter().flatten().any(|at| at > first));
        let labels = naming.into_iter().chain([first]).flatten().map(|at| cells.label(at));
        labels.into_iter().find(|label| is_total(label))
    }

    /// The header text of a column; its number where there is none.
    pub(super) fn name_of(&self, at: Option<usize>) -> &str {
        at.and_then(|at| self.names.get(at)).map_or("", String::as_str)
    }
}

/// One text for each column. Of two header rows, the upper one fills the blank cells to its right, unless it is known
/// which cells are merged: then those are filled already.
pub(crate) fn joined_header(header: &[Vec<String>], width: usize, merged: bool) -> Vec<String> {
    let cell = |row: &[String], at: usize| row.get(at).map(|text| text.trim().to_owned()).unwrap_or_default();
    let number = |at: usize| (at + 1).to_string();
    match header {
        [] => (0..width).map(number).collect(),
        [only] => (0..width)
            .map(|at| Some(cell(only, at)).filter(|text| !text.is_empty()).unwrap_or_else(|| number(at)))
            .collect(),
        [upper, lower, ..] => {
            let mut above = String::new();
            (0..width)
                .map(|at| {
                    let (top, bottom) = (cell(upper, at), cell(lower, at));
                    if !top.is_empty() || merged {
                        above = top;
                    }
                    match (above.is_empty(), bottom.is_empty()) {
                        _ if above == bottom && !bottom.is_empty() => bottom,
                        (true, true) => number(at),
                        (true, false) => bottom,
                        (false, true) => above.clone(),
                        (false, false) => format!("{above} | {bottom}"),
                    }
                })
                .collect()
        }
    }
}

struct Finder<'a> {
    names: &'a [String],
    file: &'a str,
    row: u64,
    findings: &'a mut Vec<Finding>,
    failed: bool,
}

impl Finder<'_> {
    /// Where a column stands. The header's capitals and outer spaces do not matter.
    fn find(&self, column: Option<&ColumnRef>) -> Option<usize> {
        match column? {
            ColumnRef::Number(number) => number.checked_sub(1).filter(|at| *at < self.names.len()),
            ColumnRef::Header(text) => {
                let wanted = text.trim().to_lowercase();
                let same = |name: &String| name.to_lowercase() == wanted;
                let below = |name: &String| name.to_lowercase().ends_with(&format!("| {wanted}"));
                self.names.iter().position(same).or_else(|| self.names.iter().position(below))
            }
        }
    }

    /// Where a column stands; one that is not there is told.
    fn at(&mut self, column: Option<&ColumnRef>) -> Option<usize> {
        let found = self.find(column);
        let wanted = match column? {
            ColumnRef::Number(number) => number.to_string(),
            ColumnRef::Header(text) => text.clone(),
        };
        if found.is_none() {
            self.failed = true;
            let finding = Finding::error("missing-column").in_file(self.file).at(self.row, &wanted);
            self.findings.push(finding.with("column", wanted).with("found", self.names.join(", ")));
        }
        found
    }

    fn cell(&self, at: usize, measure: Measure, unit: Option<Unit>) -> Cell {
        Cell { at, column: self.names[at].as_str().into(), measure, unit }
    }

    /// One record a row: a column for each of the measures, or one value column.
    fn long(&mut self, layout: &Layout) -> Vec<Bundle> {
        let mut cells = Vec::new();
        for rule in layout.measures.iter().filter(|rule| rule.column.is_some()) {
            // A pattern of items finds the names of measures there, and need not find them in the header.
            if layout.columns.item_pattern.is_some() && self.find(rule.column.as_ref()).is_none() {
                continue;
            }
            if let Some(at) = self.at(rule.column.as_ref()) {
                cells.push(self.cell(at, rule.measure.clone(), rule.unit.clone()));
            }
        }
        if let Some(at) = self.at(layout.columns.value.as_ref()) {
            let (measure, unit) = whole_table_measure(layout, "");
            cells.push(self.cell(at, measure, unit));
        }
        if cells.is_empty() { vec![] } else { vec![Bundle { cells, ..Bundle::default() }] }
    }

    /// Several records a row: the headers of the value columns say what each is about.
    fn wide(&mut self, layout: &Layout) -> Vec<Bundle> {
        let pattern = layout.columns.pattern.as_deref().and_then(|pattern| Regex::new(pattern).ok());
        let first = layout.columns.first_value.unwrap_or(1).saturating_sub(1);
        let mut bundles: Vec<Bundle> = Vec::new();
        let mut places: HashMap<[String; 4], usize> = HashMap::new();
        for at in first..self.names.len() {
            let name = self.names[at].as_str();
            let captures = pattern.as_ref().map(|pattern| pattern.captures(name));
            if let Some(None) = captures {
                continue;
            }
            let group = |group: &str| {
                let found = captures.as_ref().and_then(|c| c.as_ref()).and_then(|c| c.name(group));
                found.map(|found| found.as_str().trim())
            };
            let of_shape = |shape, field| group(field).or((layout.shape == shape && pattern.is_none()).then_some(name));
            let item = of_shape(Shape::WideByItem, "item").unwrap_or_default();
            let org_unit = of_shape(Shape::WideByOrgUnit, "org_unit").unwrap_or_default();
            let split = group("disaggregation").unwrap_or_default();
            let period_text = of_shape(Shape::WideByPeriod, "period");
            let period = match period_text.map(|text| (text, period_of_header(&layout.period, text))) {
                None => None,
                Some((_, Some(period))) => Some(period),
                Some((text, None)) => {
                    let finding = Finding::error("bad-period").in_file(self.file).at(self.row, name);
                    self.findings.push(finding.with("text", text));
                    continue;
                }
            };
            let (measure, unit) = match of_shape(Shape::WideByMeasure, "measure") {
                Some(text) => named_measure(&layout.measures, text),
                None => whole_table_measure(layout, item),
            };
            let key = [item, org_unit, split, period_text.unwrap_or_default()].map(same_text);
            let place = places.get(&key).copied().filter(|place| {
                let twin = bundles[*place].cells.iter().find(|cell| cell.measure == measure);
                if let Some(twin) = twin {
                    let finding = Finding::warning("duplicate-column").in_file(self.file).at(self.row, name);
                    let finding = finding.with("column", name).with("first", twin.at + 1);
                    self.findings.push(finding.with("second", at + 1));
                }
                twin.is_none()
            });
            let place = place.unwrap_or_else(|| {
                bundles.push(Bundle {
                    item: item.into(),
                    org_unit: org_unit.into(),
                    disaggregation: split.into(),
                    period,
                    cells: vec![],
                });
                places.insert(key, bundles.len() - 1);
                bundles.len() - 1
            });
            bundles[place].cells.push(Cell { at, column: name.into(), measure, unit });
        }
        bundles
    }
}

/// A text without regard to capitals and repeated spaces.
fn same_text(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The measure that a header names: by the layout's list, else by its own name.
pub(crate) fn named_measure(rules: &[MeasureRule], text: &str) -> (Measure, Option<Unit>) {
    let fits = |rule: &&MeasureRule| matches!(&rule.column, Some(ColumnRef::Header(name)) if name == text);
    match rules.iter().find(fits) {
        Some(rule) => (rule.measure.clone(), rule.unit.clone()),
        None => (measure_or_value(text), None),
    }
}

/// The one measure of a table: what the layout says, else the item itself.
fn whole_table_measure(layout: &Layout, item: &str) -> (Measure, Option<Unit>) {
    match layout.measures.iter().find(|rule| rule.column.is_none()) {
        Some(rule) => (rule.measure.clone(), rule.unit.clone()),
        None => (measure_or_value(item), None),
    }
}
