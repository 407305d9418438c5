//! Ledgers and services as lines with named numbers, and figures as a table.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use jiff::civil::Date;
use mlatho_model::{Decimal, Finding, Findings, ItemId, OrgUnitId, Period, PeriodType};

use super::expression::Answer;
use super::{Figure, State};
use crate::amc::{Consumption, adjusted_consumption, average_monthly_consumption};
use crate::months_of_stock::{MonthsOfStock, months_of_stock};
use crate::{Rational, Rounding};

/// The numbers of a facility, product and period, by column. A column that is blank or absent has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    numbers: BTreeMap<Box<str>, Answer>,
}

/// All lines, and the facility-product-periods for which none came although the facility manages the product.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// Columns of the table.
    columns: BTreeSet<String>,
    pub(super) lines: BTreeMap<(Period, OrgUnitId, ItemId), Line>,
}

/// Columns that are no numbers.
const TEXTS: [&str; 4] = ["facility", "product", "period", "reported_at"];

/// What is computed for each line: see [`Ledger::complete`].
pub const COMPUTED: [&str; 10] = [
    "reported",
    "report_days",
    "days",
    "months",
    "adjusted_consumption",
    "amc",
    "months_of_stock",
    "previous_closing",
    "net_adjustments",
    "services",
];

impl Line {
    pub(super) fn look(&self, name: &str) -> Answer {
        self.numbers.get(name).copied().unwrap_or(Answer::Missing)
    }

    fn number(&self, name: &str) -> Option<Rational> {
        match self.look(name) {
            Answer::Known(number) => Some(number),
            Answer::Missing | Answer::Undefined => None,
        }
    }

    fn set(&mut self, name: &str, number: Option<Rational>) {
        if let Some(number) = number {
            self.numbers.insert(name.into(), Answer::Known(number));
        }
    }

    /// A number that is not there although what it is made of is known.
    fn set_or_undefined(&mut self, name: &str, number: Option<Rational>) {
        self.numbers.insert(name.into(), number.map_or(Answer::Undefined, Answer::Known));
    }

    fn decimal(&self, name: &str) -> Option<Decimal> {
        self.number(name)?.exact()
    }
}

impl Ledger {
    /// Reads `facility,product,period` and any columns of numbers; `reported_at` is a date. A bad row costs that row, a
    /// cell that is no number costs that number.
    #[must_use]
    pub fn read(file: &str, bytes: &[u8]) -> (Self, Findings) {
        let mut ledger = Self::default();
        let mut columns = BTreeSet::new();
        let findings =
            rows(file, bytes, ["facility", "product", "period"], |[facility, product, period], header, record| {
                let key = (
                    period.parse::<Period>().map_err(|error| ("period".to_owned(), error.to_string()))?,
                    facility.parse::<OrgUnitId>().map_err(|error| ("facility".to_owned(), error.to_string()))?,
                    product.parse::<ItemId>().map_err(|error| ("product".to_owned(), error.to_string()))?,
                );
                if columns.is_empty() {
                    columns.extend(header.iter().map(str::to_owned));
                }
                let mut line = Line::default();
                let mut bad = Ok(());
                for (name, cell) in header.iter().zip(record).filter(|(_, cell)| !cell.is_empty()) {
                    if name == "reported_at" {
                        line.set("report_days", days_after(key.0, cell));
                    } else if !TEXTS.contains(&name) {
                        match cell.parse::<Decimal>() {
                            Ok(number) => line.set(name, Some(number.into())),
                            Err(_) => bad = Err((name.to_owned(), format!("`{cell}` is not a number"))),
                        }
                    }
                }
                line.set("reported", Some(1.into()));
                ledger.lines.insert(key, line);
                bad
            });
        ledger.columns = columns;
        (ledger, findings)
    }

    /// Reads `facility,element,period,value` and puts each value beside the product that is named like its element.
    pub fn read_services(&mut self, file: &str, bytes: &[u8]) -> Findings {
        rows(file, bytes, ["facility", "element", "period"], |[facility, element, period], header, record| {
            let key = (
                period.parse::<Period>().map_err(|error| ("period".to_owned(), error.to_string()))?,
                facility.parse::<OrgUnitId>().map_err(|error| ("facility".to_owned(), error.to_string()))?,
                element.parse::<ItemId>().map_err(|error| ("element".to_owned(), error.to_string()))?,
            );
            let value =
                header.iter().position(|name| name == "value").and_then(|at| record.get(at)).unwrap_or_default();
            if value.is_empty() {
                return Ok(());
            }
            let number: Decimal =
                value.parse().map_err(|_| ("value".to_owned(), format!("`{value}` is not a number")))?;
            let line = self.lines.entry(key).or_default();
            line.set("reported", line.number("reported").or(Some(Rational::ZERO)));
            line.set("services", Some(number.into()));
            Ok(())
        })
    }

    /// Adds what is computed: a line for each period of which a facility that has the product sent none; `days` and
    /// `months` of the period; `report_days` from the end of the period to the report; the `previous_closing` balance;
    /// `net_adjustments`, which are adjustments − losses, none where the table has no such column;
    /// `adjusted_consumption`, `amc` and `months_of_stock` by `indicators.md` L1 to L3 and D3, default.
    pub fn complete(&mut self) {
        let periods: BTreeSet<Period> = self.lines.keys().map(|(period, ..)| *period).collect();
        let mut pairs: BTreeMap<(OrgUnitId, ItemId), PeriodType> = BTreeMap::new();
        for (period, org_unit, item) in self.lines.keys() {
            pairs.entry((org_unit.clone(), item.clone())).or_insert(period.period_type());
        }
        for ((org_unit, item), period_type) in pairs {
            let mut history: Vec<Consumption> = Vec::new();
            let mut last: Option<(Period, Option<Rational>)> = None;
            for period in periods.iter().copied().filter(|period| period.period_type() == period_type) {
                let line = self.lines.entry((period, org_unit.clone(), item.clone())).or_default();
                line.numbers.entry("reported".into()).or_insert(Answer::Known(Rational::ZERO));
                let months = months_of(period);
                line.set("days", Some(period.days().into()));
                line.set("months", Some(months.into()));
                let [gained, wasted] = ["adjustments", "losses"].map(|name| {
                    let none = !self.columns.contains(name);
                    line.number(name).or(none.then_some(Rational::ZERO))
                });
                line.set("net_adjustments", gained.zip(wasted).and_then(|(gained, wasted)| gained.checked_sub(wasted)));
                let days_out = line.decimal("stockout_days").and_then(|days| u32::try_from(days).ok());
                let consumption = Consumption {
                    consumed: line.decimal("consumed"),
                    stockout_days: days_out,
                    days: period.days(),
                    months,
                };
                history.push(consumption);
                if let Some(consumed) = consumption.consumed {
                    let adjusted = adjusted_consumption(consumed, consumption.days, days_out.unwrap_or(0));
                    line.set_or_undefined("adjusted_consumption", adjusted);
                }
                let average = average_monthly_consumption(&history).map(|average| average.per_month);
                if average.is_some() || consumption.consumed.is_some() {
                    line.set_or_undefined("amc", average);
                }
                match months_of_stock(line.decimal("closing_balance"), average) {
                    MonthsOfStock::Months(months) => line.set("months_of_stock", Some(months)),
                    MonthsOfStock::NoUse | MonthsOfStock::CheckStockOut => {
                        line.set_or_undefined("months_of_stock", None);
                    }
                    MonthsOfStock::Unknown => {}
                }
                let before = last.filter(|(before, _)| before.next() == Some(period)).and_then(|(_, closing)| closing);
                line.set("previous_closing", before);
                last = Some((period, line.number("closing_balance")));
            }
        }
    }
}

fn months_of(period: Period) -> u32 {
    let (first, last) = (period.start(), period.end());
    let months = (i32::from(last.year()) - i32::from(first.year())) * 12 + i32::from(last.month() - first.month()) + 1;
    u32::try_from(months).unwrap_or(1)
}

/// Days from the end of the period to a date, or to the date of a time.
fn days_after(period: Period, text: &str) -> Option<Rational> {
    let day: Date = text.get(..10)?.parse().ok()?;
    Some(Rational::from(Decimal::from((day - period.end()).get_days())))
}

/// Calls for each row with the cells of the needed columns; what it says is wrong becomes a finding.
fn rows(
    file: &str,
    bytes: &[u8],
    needed: [&'static str; 3],
    mut take: impl FnMut([&str; 3], &csv::StringRecord, &csv::StringRecord) -> Result<(), (String, String)>,
) -> Findings {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut table = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let header = table.headers().cloned().unwrap_or_default();
    let mut findings = Vec::new();
    let places = needed.map(|name| header.iter().position(|cell| cell == name));
    let [Some(first), Some(second), Some(third)] = places else {
        let all = header.iter().collect::<Vec<_>>().join(", ");
        for (name, _) in needed.iter().zip(places).filter(|(_, at)| at.is_none()) {
            let finding = Finding::error("missing-column").in_file(file).at(1, name);
            findings.push(finding.with("column", *name).with("found", all.as_str()));
        }
        return findings;
    };
    let mut record = csv::StringRecord::new();
    loop {
        let (row, fault) = match table.read_record(&mut record) {
            Ok(false) => return findings,
            Ok(true) => {
                let cell = |at: usize| record.get(at).unwrap_or_default();
                let row = record.position().map_or(0, csv::Position::line);
                (row, take([cell(first), cell(second), cell(third)], &header, &record))
            }
            Err(error) => (error.position().map_or(0, csv::Position::line), Err((String::new(), error.to_string()))),
        };
        if let Err((column, reason)) = fault {
            findings.push(Finding::error("indicator-row").in_file(file).at(row, &column).with("reason", reason));
        }
    }
}

/// Writes `indicator,version,org_unit,item,period,value,state,numerator,denominator,used,expected`; a blank org unit or
/// item stands for all. `state` is `known`, `missing` or `undefined`; a value has six decimals at most, half to even.
///
/// # Errors
/// The output cannot be written.
pub fn write_figures(out: impl io::Write, figures: &[Figure]) -> csv::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "indicator",
        "version",
        "org_unit",
        "item",
        "period",
        "value",
        "state",
        "numerator",
        "denominator",
        "used",
        "expected",
    ])?;
    let number = |number: Option<Rational>| {
        let rounded = number.and_then(|exact| exact.rounded(6, Rounding::HalfEven));
        rounded.map_or_else(String::new, |number| number.to_string())
    };
    for figure in figures {
        let (value, state) = match figure.state {
            State::Known(value) => (Some(value), "known"),
            State::Missing => (None, "missing"),
            State::Undefined => (None, "undefined"),
        };
        csv.write_record([
            figure.indicator.as_str(),
            &figure.version.to_string(),
            figure.org_unit.as_ref().map_or("", OrgUnitId::as_str),
            figure.item.as_ref().map_or("", ItemId::as_str),
            &figure.period.to_string(),
            &number(value),
            state,
            &number(figure.numerator),
            &number(figure.denominator),
            &figure.used.to_string(),
            &figure.expected.to_string(),
        ])?;
    }
    csv.flush()?;
    Ok(())
}
