//! CSV exports: inventory, and transactions. Headers come in the language of whoever exported them; those that are not
//! known are asked for, never guessed.

use std::collections::HashMap;
use std::io::Read;
use std::ops::ControlFlow;

use csv::StringRecord;
use jiff::civil::Date;
use mlatho_model::{
    Decimal, Finding, Measure, MissingReason, Period, PeriodType, RawRecord, RawValue, RecordSink, Unit, Value,
};

use super::{Issues, Logistimo, day};
use crate::csv_file::Headed;
use crate::layout::{DateFormat, Layout};
use crate::number;
use crate::table::not_a_number;

/// Stocks beyond this many are not carried to the end of their month.
const MOST_STOCKS: usize = 1_000_000;

/// Columns of both exports by the name of a layout, with their English header.
const COLUMNS: [(&str, &str); 16] = [
    ("entity_id", "entity id"),
    ("entity_custom_id", "custom entity id"),
    ("entity_name", "entity name"),
    ("material_id", "material id"),
    ("material_custom_id", "custom material id"),
    ("material_name", "material name"),
    ("stock", "stock"),
    ("min", "min"),
    ("max", "max"),
    ("updated", "updated"),
    ("type", "type"),
    ("quantity", "quantity"),
    ("opening", "opening stock"),
    ("closing", "closing stock"),
    ("time", "time"),
    ("actual_date", "actual date"),
];

pub(crate) fn read(layout: Option<&Layout>, file: &str, input: &mut dyn Read, sink: &mut dyn RecordSink) {
    let Some(mut table) = Headed::open(file, input, sink) else { return };
    let settings = layout.and_then(|layout| layout.logistimo.clone()).unwrap_or_default();
    let columns = Columns::find(&settings, &table.header);
    let needed: &[&str] = if columns.at("type").is_some() {
        &["entity_id", "material_id", "quantity"]
    } else {
        &["entity_id", "material_id", "stock", "updated"]
    };
    if let Some(lacking) = needed.iter().find(|name| columns.at(name).is_none()) {
        let finding = Finding::error("header-needed").in_file(file).at(1, lacking);
        return sink.finding(finding.with("column", *lacking).with("found", table.header.join(", ")));
    }
    let dates = layout.and_then(|layout| DateFormat::parse(layout.period.format.as_deref()?));
    let mut export = Export { file, columns, issues: settings.issues, dates, stocks: Stocks::default() };
    if table.rows(file, sink, &mut |row, cells, sink| export.row(row, cells, sink)).is_continue() {
        export.stocks.give(sink);
    }
}

struct Columns(HashMap<&'static str, usize>);

impl Columns {
    fn find(settings: &Logistimo, header: &[String]) -> Self {
        let places = COLUMNS.iter().filter_map(|(name, english)| {
            let wanted = settings
                .headers
                .get(*name)
                .map_or_else(|| (*english).to_owned(), |header| header.trim().to_lowercase());
            Some((*name, header.iter().position(|cell| *cell == wanted)?))
        });
        Self(places.collect())
    }

    fn at(&self, name: &str) -> Option<usize> {
        self.0.get(name).copied()
    }
}

struct Export<'a> {
    file: &'a str,
    columns: Columns,
    issues: Issues,
    dates: Option<DateFormat>,
    stocks: Stocks,
}

/// What stands in stock at each entity, by material and month.
#[derive(Default)]
struct Stocks(HashMap<(Box<str>, Box<str>, Period), Stock>);

/// The first opening and the last closing stock of a month.
struct Stock {
    first: (String, Value),
    last: (String, Value),
    position: u64,
    day: Date,
}

impl Export<'_> {
    fn row(&mut self, row: u64, cells: &StringRecord, sink: &mut dyn RecordSink) -> ControlFlow<()> {
        let columns = &self.columns;
        let cell = |name: &str| columns.at(name).and_then(|at| cells.get(at)).unwrap_or_default().trim();
        let lacks = |finding: Finding, column: &str| finding.in_file(self.file).at(row, column);
        // A custom id is the one that other systems know, where it was filled in.
        let id = |custom: &str, own: &str| {
            Some(cell(custom)).filter(|id| !id.is_empty()).unwrap_or_else(|| cell(own)).to_owned()
        };
        let org_unit = id("entity_custom_id", "entity_id");
        let item = id("material_custom_id", "material_id");
        for (id, missing, column) in [
            (&org_unit, Finding::error("missing-org-unit"), "entity_id"),
            (&item, Finding::error("missing-item"), "material_id"),
        ] {
            if id.is_empty() {
                sink.finding(lacks(missing, column));
                return ControlFlow::Continue(());
            }
        }
        let is_transaction = self.columns.at("type").is_some();
        let moment = cell(if is_transaction { "time" } else { "updated" });
        let when = Some(cell("actual_date")).filter(|text| is_transaction && !text.is_empty()).unwrap_or(moment);
        let day = self.day(when).and_then(|day| Some((day, Period::containing(PeriodType::Monthly, day)?)));
        let Some((day, period)) = day else {
            sink.finding(lacks(Finding::error("bad-period").with("text", when), "time"));
            return ControlFlow::Continue(());
        };
        let read = |name: &str, sink: &mut dyn RecordSink| match (cell(name), number::parse(cell(name))) {
            ("", _) => Value::Missing(MissingReason::Blank),
            (_, Some(number)) => Value::Reported(number),
            (text, None) => {
                sink.finding(not_a_number(self.file, row, name, text));
                Value::Missing(MissingReason::NotANumber)
            }
        };
        let mut numbers: Vec<(Measure, Value, &str)> = Vec::new();
        if is_transaction {
            let quantity = read("quantity", sink);
            let (opening, closing) = (read("opening", sink), read("closing", sink));
            match self.movement(cell("type"), quantity, &opening, &closing) {
                Ok((measure, value)) => numbers.push((measure, value, "quantity")),
                Err(kind) => {
                    sink.finding(lacks(Finding::error("unknown-transaction-type").with("text", kind), "type"));
                    return ControlFlow::Continue(());
                }
            }
            let order = format!("{day} {moment}");
            self.stocks.keep((&org_unit, &item, period), row, day, order, (opening, closing));
        } else {
            numbers.push((Measure::ClosingBalance, read("stock", sink), "stock"));
            for (name, element) in [("min", "minimum stock"), ("max", "maximum stock")] {
                if self.columns.at(name).is_some() {
                    numbers.push((Measure::Element(element.into()), read(name, sink), name));
                }
            }
        }
        let unit = Unit::dispensing();
        let values: Vec<RawValue<'_>> = numbers
            .iter()
            .map(|(measure, value, column)| RawValue { measure, value: value.clone(), unit: Some(&unit), column })
            .collect();
        sink.record(&RawRecord {
            org_unit_name: cell("entity_name"),
            item_name: cell("material_name"),
            reported_at: moment,
            ..record(row, &org_unit, &item, period, &day.to_string(), &values)
        })
    }

    fn day(&self, text: &str) -> Option<Date> {
        let date = text.split_whitespace().next()?;
        self.dates.as_ref().and_then(|dates| dates.date(date)).or_else(|| day(text))
    }

    /// What a transaction moves.
    ///
    /// # Errors
    /// The type, where it is not known.
    fn movement(
        &self,
        kind: &str,
        quantity: Value,
        opening: &Value,
        closing: &Value,
    ) -> Result<(Measure, Value), String> {
        let less = |value: Value| match value {
            Value::Reported(number) => Value::Reported(-number.abs()),
            other => other,
        };
        Ok(match kind.to_lowercase().replace(['_', '-'], " ").as_str() {
            "i" | "issue" | "issues" => match self.issues {
                Issues::Issued => (Measure::Issued, quantity),
                Issues::Consumed => (Measure::Consumed, quantity),
            },
            "r" | "receipt" | "receipts" => (Measure::Received, quantity),
            "w" | "discard" | "discards" | "wastage" | "t" | "transfer" | "transfers" => {
                (Measure::Adjustments, less(quantity))
            }
            "p" | "stock count" | "physical stock" => {
                let difference =
                    closing.reported().zip(opening.reported()).and_then(|(c, o): (Decimal, Decimal)| c.checked_sub(o));
                (Measure::Adjustments, difference.map_or(Value::Missing(MissingReason::Blank), Value::Reported))
            }
            _ => return Err(kind.into()),
        })
    }
}

impl Stocks {
    fn keep(&mut self, key: (&str, &str, Period), position: u64, day: Date, order: String, stock: (Value, Value)) {
        let key = (key.0.into(), key.1.into(), key.2);
        let (opening, closing) = stock;
        if let Some(kept) = self.0.get_mut(&key) {
            if order < kept.first.0 {
                kept.first = (order.clone(), opening);
            }
            if order >= kept.last.0 {
                (kept.last, kept.position, kept.day) = ((order, closing), position, day);
            }
        } else if self.0.len() < MOST_STOCKS {
            let (first, last) = ((order.clone(), opening), (order, closing));
            self.0.insert(key, Stock { first, last, position, day });
        }
    }

    /// The stock that each month opens and closes with, in the order of the file.
    fn give(self, sink: &mut dyn RecordSink) {
        let mut stocks: Vec<_> = self.0.into_iter().collect();
        stocks.sort_unstable_by_key(|(_, stock)| stock.position);
        let unit = Unit::dispensing();
        let raw = |measure, value, column| RawValue { measure, value, unit: Some(&unit), column };
        for ((org_unit, item, period), stock) in stocks {
            let values = [
                raw(&Measure::OpeningBalance, stock.first.1, "opening"),
                raw(&Measure::ClosingBalance, stock.last.1, "closing"),
            ];
            let date = stock.day.to_string();
            if sink.record(&record(stock.position, &org_unit, &item, period, &date, &values)).is_break() {
                return;
            }
        }
    }
}

fn record<'r>(
    position: u64,
    org_unit: &'r str,
    item: &'r str,
    period: Period,
    date: &'r str,
    values: &'r [RawValue<'r>],
) -> RawRecord<'r> {
    RawRecord { position, org_unit, item, date, ..RawRecord::new(period, values) }
}
