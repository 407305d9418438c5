//! Access databases by a map of tables and columns: Supply Chain Manager's, or one of the layout.

mod database;
mod map;

use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::ops::ControlFlow;

use jiff::civil::Date;
use mlatho_model::{
    Decimal, Finding, Measure, MissingReason, Period, RawRecord, RawValue, RecordSink, Unit, Value as Number,
};

use crate::layout::Layout;
use crate::table::{measure_or_value, not_a_number};
use crate::unreadable;
use database::{Database, Row};
pub(crate) use map::AccessMap;

/// Access itself ends at 2 GB; what is larger has been packed to do harm.
const MOST_BYTES: u64 = 2 << 30;

/// Reads a database. Positions are the row of the table that a record comes from; a finding names the table with the
/// column.
pub(crate) fn read(layout: Option<&Layout>, file: &str, input: &mut dyn Read, sink: &mut dyn RecordSink) {
    let mut bytes = Vec::new();
    match input.take(MOST_BYTES + 1).read_to_end(&mut bytes) {
        Ok(read) if read as u64 > MOST_BYTES => return sink.finding(unreadable(file, 0, &"it is larger than 2 GB")),
        Ok(_) => {}
        Err(error) => return sink.finding(unreadable(file, 0, &error)),
    }
    let map = match layout.and_then(|layout| layout.access.clone()).map_or_else(map::supply_chain_manager, Ok) {
        Ok(map) => map,
        Err(error) => return sink.finding(unreadable(file, 0, &error)),
    };
    match Database::open(bytes) {
        Ok(database) => Reading { file, map: &map, database, sink, names: HashMap::new() }.all(),
        Err(error) => sink.finding(unreadable(file, 0, &error)),
    }
}

struct Reading<'a> {
    file: &'a str,
    map: &'a AccessMap,
    database: Database,
    sink: &'a mut dyn RecordSink,
    /// Names of facilities by their code.
    names: HashMap<String, String>,
}

/// Code and name of a product.
#[derive(Clone, Default)]
struct Product {
    code: String,
    name: String,
}

/// When and in which status a report came.
type Report = (String, String);

impl Reading<'_> {
    fn all(mut self) {
        let products = self.products();
        self.facilities();
        let adjustments = self.adjustments();
        let Some(reports) = self.reports() else { return };
        self.lines(&products, adjustments, &reports);
    }

    /// Reads a table. Without it the file is read on; a needed one is told.
    fn rows(
        &mut self,
        table: &str,
        columns: &[&str],
        needed: bool,
        take: &mut dyn FnMut(u64, &Row<'_>, &mut dyn RecordSink) -> bool,
    ) {
        let sink = &mut *self.sink;
        let told = self.database.rows(table, columns, &mut |number, row| take(number, row, sink));
        match told {
            Ok(Some(unread)) if unread.0 > 0 => {
                let finding = Finding::error("unreadable-rows").in_file(self.file).at(0, table);
                self.sink.finding(finding.with("table", table).with("count", unread.0));
            }
            Ok(None) if needed => {
                let finding = Finding::error("missing-table").in_file(self.file).with("table", table);
                let found = self.database.tables().join(", ");
                self.sink.finding(finding.with("found", found));
            }
            Ok(_) => {}
            Err(error) => {
                let finding = Finding::error("unreadable-table").in_file(self.file).at(0, table);
                self.sink.finding(finding.with("table", table).with("reason", error));
            }
        }
    }

    fn facilities(&mut self) {
        let Some(map) = &self.map.facilities else { return };
        let mut names = HashMap::new();
        self.rows(&map.table, &[&map.id, &map.name], false, &mut |_, row, _| {
            names.insert(row.text(&map.id), row.text(&map.name));
            true
        });
        self.names = names;
    }

    fn products(&mut self) -> HashMap<String, Product> {
        let mut products = HashMap::new();
        let Some(map) = &self.map.products else { return products };
        let columns = [map.id.as_str(), &map.code, &map.name, &map.detail];
        self.rows(&map.table, &columns, false, &mut |_, row, _| {
            let name = named(&row.text(&map.name), &row.text(&map.detail));
            products.insert(row.text(&map.id), Product { code: row.text(&map.code), name });
            true
        });
        products
    }

    /// The sum of the adjustments of each line, signed by their kind.
    fn adjustments(&mut self) -> HashMap<String, Decimal> {
        let mut negative = HashSet::new();
        if let Some(map) = &self.map.adjustment_kinds {
            self.rows(&map.table, &[&map.id, &map.negative], false, &mut |_, row, _| {
                if row.is_yes(&map.negative) {
                    negative.insert(row.text(&map.id));
                }
                true
            });
        }
        let mut sums: HashMap<String, Decimal> = HashMap::new();
        let Some(map) = &self.map.adjustments else { return sums };
        let columns = [map.line.as_str(), &map.kind, &map.quantity];
        self.rows(&map.table, &columns, false, &mut |_, row, _| {
            if let Some(Ok(Some(quantity))) = row.number(&map.quantity) {
                let signed = if negative.contains(&row.text(&map.kind)) { -quantity.abs() } else { quantity };
                let sum = sums.entry(row.text(&map.line)).or_default();
                *sum = sum.checked_add(signed).unwrap_or(*sum);
            }
            true
        });
        sums
    }

    /// Gives the service counts of the reports, and when each report came. Nothing: the sink wants no more.
    fn reports(&mut self) -> Option<HashMap<(String, Date), Report>> {
        let mut reports = HashMap::new();
        let mut wanted = true;
        let Some(map) = &self.map.reports else { return Some(reports) };
        let mut columns = vec![map.org_unit.as_str(), &map.period_end, &map.reported_at, &map.status];
        columns.extend(map.services.iter().map(String::as_str));
        let (file, kind) = (self.file, self.map.period);
        let names = std::mem::take(&mut self.names);
        self.rows(&map.table, &columns, false, &mut |number, row, sink| {
            let place = Place { file, table: &map.table, row: number };
            let Some((org_unit, day, period)) = place.whose(row, &map.org_unit, &map.period_end, kind, sink) else {
                return true;
            };
            let came = row.day(&map.reported_at).map(|day| day.to_string()).unwrap_or_default();
            let status = row.text(&map.status);
            let name = names.get(&org_unit).map(String::as_str).unwrap_or_default();
            for column in &map.services {
                let Some(value) = place.number(row, column, sink) else { continue };
                let measure = measure_or_value(column);
                let values = [RawValue { measure: &measure, value, unit: None, column }];
                let record = RawRecord {
                    org_unit_name: name,
                    item: column,
                    status: &status,
                    reported_at: &came,
                    ..blank(number, &org_unit, period, &values)
                };
                wanted &= sink.record(&record).is_continue();
            }
            reports.insert((org_unit, day), (came, status));
            wanted
        });
        self.names = names;
        wanted.then_some(reports)
    }

    fn lines(
        &mut self,
        products: &HashMap<String, Product>,
        mut adjustments: HashMap<String, Decimal>,
        reports: &HashMap<(String, Date), Report>,
    ) {
        let map = &self.map.lines;
        let mut columns = vec![
            map.id.as_str(),
            &map.org_unit,
            &map.period_end,
            &map.product,
            &map.name,
            &map.detail,
            &map.stocked_out,
        ];
        columns.extend(map.measures.keys().chain(&map.services).chain(&map.flags).map(String::as_str));
        let measures: Vec<(&str, Measure)> =
            map.measures.iter().map(|(column, name)| (column.as_str(), measure_or_value(name))).collect();
        let services: Vec<(&str, Measure)> =
            map.services.iter().map(|column| (column.as_str(), measure_or_value(column))).collect();
        let (file, kind, unit, stocked_out) =
            (self.file, self.map.period, Unit::dispensing(), measure_or_value(&map.stocked_out));
        let names = std::mem::take(&mut self.names);
        let (mut seen, mut repeated, mut stopped) = (HashSet::new(), 0u64, false);
        self.rows(&map.table, &columns, true, &mut |number, row, sink| {
            let place = Place { file, table: &map.table, row: number };
            let Some((org_unit, day, period)) = place.whose(row, &map.org_unit, &map.period_end, kind, sink) else {
                return true;
            };
            let product = products.get(&row.text(&map.product)).cloned().unwrap_or_default();
            let name = Some(product.name).filter(|name| !name.is_empty());
            let name = name.unwrap_or_else(|| named(&row.text(&map.name), &row.text(&map.detail)));
            let item = Some(product.code).filter(|code| !code.is_empty()).unwrap_or_else(|| name.clone());
            if item.is_empty() {
                sink.finding(place.finding(Finding::error("missing-item"), &map.product));
                return true;
            }
            repeated += u64::from(!seen.insert((org_unit.clone(), item.clone(), period)));
            let id = row.text(&map.id);
            let is_out = row.is_yes(&map.stocked_out);
            let mut values = Vec::new();
            for (column, measure) in &measures {
                let Some(mut value) = place.number(row, column, sink) else { continue };
                if *measure == Measure::Adjustments
                    && let Some(sum) = adjustments.remove(&id)
                {
                    value = Number::Reported(sum);
                }
                // Out of stock for no day: the days were not counted.
                if *measure == Measure::StockoutDays && is_out && value.reported().is_none_or(|days| days.is_zero()) {
                    value = Number::Missing(MissingReason::Blank);
                }
                let unit = (measure.is_quantity() || matches!(measure, Measure::Element(_))).then_some(&unit);
                values.push(RawValue { measure, value, unit, column });
            }
            for (column, measure) in &services {
                if let Some(value) = place.number(row, column, sink) {
                    values.push(RawValue { measure, value, unit: None, column });
                }
            }
            if let Some(value) = place.number(row, &map.stocked_out, sink) {
                values.push(RawValue { measure: &stocked_out, value, unit: None, column: &map.stocked_out });
            }
            let flags: Vec<&str> = map.flags.iter().map(String::as_str).filter(|flag| row.is_yes(flag)).collect();
            if !flags.is_empty() {
                let finding = Finding::info("flagged-by-source").with("flags", flags.join(", "));
                sink.finding(place.finding(finding, ""));
            }
            let none = Report::default();
            let (came, status) = reports.get(&(org_unit.clone(), day)).unwrap_or(&none);
            let report = format!("{org_unit} {day}");
            let flow = sink.record(&RawRecord {
                org_unit_name: names.get(&org_unit).map(String::as_str).unwrap_or_default(),
                item: &item,
                item_name: &name,
                status,
                reported_at: came,
                report: if id.is_empty() { "" } else { &report },
                line: &id,
                ..blank(number, &org_unit, period, &values)
            });
            stopped = flow == ControlFlow::Break(());
            !stopped
        });
        if stopped {
            return;
        }
        for (code, count) in [
            (Finding::warning("several-lines-of-one-product"), repeated),
            (Finding::info("adjustments-without-line"), adjustments.len() as u64),
        ] {
            if count > 0 {
                self.sink.finding(code.in_file(self.file).with("count", count));
            }
        }
    }
}

/// A row of a table, for what is said about it.
struct Place<'a> {
    file: &'a str,
    table: &'a str,
    row: u64,
}

impl Place<'_> {
    fn column(&self, column: &str) -> String {
        if column.is_empty() { self.table.into() } else { format!("{}.{column}", self.table) }
    }

    fn finding(&self, finding: Finding, column: &str) -> Finding {
        finding.in_file(self.file).at(self.row, &self.column(column))
    }

    /// Facility, last day and period of a row, or what it lacks.
    fn whose(
        &self,
        row: &Row<'_>,
        org_unit: &str,
        period_end: &str,
        kind: mlatho_model::PeriodType,
        sink: &mut dyn RecordSink,
    ) -> Option<(String, Date, Period)> {
        let code = row.text(org_unit);
        if code.is_empty() {
            sink.finding(self.finding(Finding::error("missing-org-unit"), org_unit));
            return None;
        }
        let Some((day, period)) = row.day(period_end).and_then(|day| Some((day, Period::containing(kind, day)?)))
        else {
            let finding = Finding::error("bad-period").with("text", row.text(period_end));
            sink.finding(self.finding(finding, period_end));
            return None;
        };
        Some((code, day, period))
    }

    /// The number of a column. Nothing: the table has no such column.
    fn number(&self, row: &Row<'_>, column: &str, sink: &mut dyn RecordSink) -> Option<Number> {
        Some(match row.number(column)? {
            Ok(Some(number)) => Number::Reported(number),
            Ok(None) => Number::Missing(MissingReason::Blank),
            Err(text) => {
                sink.finding(not_a_number(self.file, self.row, &self.column(column), &text));
                Number::Missing(MissingReason::NotANumber)
            }
        })
    }
}

/// A name and its detail, such as a dose.
fn named(name: &str, detail: &str) -> String {
    format!("{name} {detail}").trim().to_owned()
}

fn blank<'r>(position: u64, org_unit: &'r str, period: Period, values: &'r [RawValue<'r>]) -> RawRecord<'r> {
    RawRecord { position, org_unit, ..RawRecord::new(period, values) }
}
