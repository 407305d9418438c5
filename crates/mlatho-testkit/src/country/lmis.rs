//! The logistics side: requisitions as an eLMIS exports them, in packs.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::Date;
use mlatho_model::{Period, PeriodType};

use super::dice::Dice;
use super::mappings::csv_cell;
use super::stock::Month;
use super::troubles::{Cause, Trouble};
use super::{Country, Facility, LMIS_STREAM};

/// The columns of a requisition file.
pub(super) const COLUMNS: &str = "report_id,version,status,reported_at,facility_code,facility_name,district_code,period,\
line,product_code,product_name,opening_balance,received,consumed,losses,adjustments,closing_balance,stockout_days,ordered";

/// A measure of a line; nothing, where the cell is left blank.
type Cells = [Option<i32>; 8];
const CONSUMED: usize = 2;
const STOCKOUT_DAYS: usize = 6;

/// How often a report never comes, is corrected once, is begun and left, and how often a line has a blank cell.
const NOT_REPORTED: f64 = 0.03;
const CORRECTED: f64 = 0.015;
const DRAFTED: f64 = 0.004;
const BLANK: f64 = 0.02;

impl Country {
    /// Requisitions by file name, a file for each half-year: `requisitions-2025S1.csv`.
    ///
    /// One line for each facility, product and reporting period. Quantities are packs. A blank cell is not a zero, and a
    /// report that never came is not there. A corrected report stands twice, under versions 1 and 2 of the same id.
    #[must_use]
    pub fn requisition_files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut writer = Writer { country: self, files: BTreeMap::new(), reports: 0, products: self.product_cells() };
        for (at, stream) in (0..self.facilities.len()).zip(LMIS_STREAM..) {
            writer.facility(at, &mut Dice::new(self.seed, stream));
        }
        writer.files.into_iter().map(|(half, bytes)| (format!("requisitions-{half}.csv"), bytes)).collect()
    }

    fn product_cells(&self) -> Vec<String> {
        let cells = |product: &super::Product| format!("{},{}", product.lmis_code, csv_cell(product.lmis_name));
        self.products.iter().map(cells).collect()
    }
}

struct Writer<'a> {
    country: &'a Country,
    files: BTreeMap<Period, Vec<u8>>,
    reports: usize,
    products: Vec<String>,
}

/// The head of a report.
struct Report<'a> {
    facility: &'a Facility,
    period: Period,
    first_month: usize,
    reported_at: Date,
}

impl Writer<'_> {
    fn facility(&mut self, at: usize, dice: &mut Dice) {
        let country = self.country;
        let (facility, troubles) = (&country.facilities[at], &country.troubles[at]);
        for (period, months) in country.reporting_periods(facility) {
            let on: Vec<&Trouble> = troubles.iter().filter(|t| months.clone().any(|month| t.is_on(month))).collect();
            if on.is_empty() && dice.chance(NOT_REPORTED) {
                continue;
            }
            let has = |cause| on.iter().any(|trouble| trouble.cause == cause);
            let late = if has(Cause::LateReport) { dice.between(15, 55) } else { 0 };
            let days = dice.between(2, 9) + late;
            let reported_at = later(period.end(), days);
            let report = Report { facility, period, first_month: months.start, reported_at };
            let mut lines = self.lines(at, months, &on, dice);
            if on.is_empty() && dice.chance(DRAFTED) {
                self.write(&report, 1, "INITIATED", &lines);
                self.reports += 1;
            }
            if on.is_empty() && dice.chance(CORRECTED) {
                let line = dice.place(lines.len());
                let right = lines[line].1;
                lines[line].1[CONSUMED] = right[CONSUMED].map(|consumed| consumed * 2);
                self.write(&report, 1, "APPROVED", &lines);
                lines[line].1 = right;
                self.write(&Report { reported_at: later(reported_at, 12), ..report }, 2, "APPROVED", &lines);
            } else {
                self.write(&report, 1, if dice.chance(0.3) { "RELEASED" } else { "APPROVED" }, &lines);
                if has(Cause::DuplicateReport) {
                    self.reports += 1;
                    self.write(&Report { reported_at: later(reported_at, 3), ..report }, 1, "APPROVED", &lines);
                }
            }
            self.reports += 1;
        }
    }

    /// The lines of a report: product and cells, quantities in thousandths of a pack.
    fn lines(&self, facility: usize, months: Range<usize>, on: &[&Trouble], dice: &mut Dice) -> Vec<(usize, Cells)> {
        let stock = self.country.history[facility].stock.iter().enumerate();
        let kept = stock.filter_map(|(product, series)| Some((product, series.as_ref()?.get(months.clone())?)));
        let mut lines: Vec<(usize, Cells)> = kept
            .map(|(product, months)| {
                let has =
                    |cause| on.iter().any(|trouble| trouble.cause == cause && trouble.products.contains(&product));
                // In the wrong unit, a number of units stands where a number of packs belongs.
                let pack = if has(Cause::UnitError) { 1 } else { self.country.products[product].pack };
                let mut cells = cells(months, pack);
                if has(Cause::DataEntry) {
                    // A zero too many; of nothing, a stray seven.
                    cells[CONSUMED] = cells[CONSUMED].map(|consumed| if consumed == 0 { 7000 } else { consumed * 10 });
                }
                if on.is_empty() && dice.chance(BLANK) {
                    cells[dice.place(cells.len())] = None;
                }
                (product, cells)
            })
            .collect();
        // Each of the two stands under the code of the other.
        for trouble in on.iter().filter(|trouble| trouble.cause == Cause::WrongMapping) {
            let places: Vec<usize> = (0..lines.len()).filter(|at| trouble.products.contains(&lines[*at].0)).collect();
            if let [one, other] = places[..] {
                (lines[one].1, lines[other].1) = (lines[other].1, lines[one].1);
            }
        }
        lines
    }

    fn write(&mut self, report: &Report<'_>, version: u8, status: &str, lines: &[(usize, Cells)]) {
        let Report { facility, period, reported_at, .. } = report;
        let (code, name) = facility.lmis_identity(report.first_month);
        let district = &self.country.districts[facility.district].lmis_code;
        let id = self.reports + 1;
        let head = format!("RQ{id:06},{version},{status},{reported_at},{code},{name},{district},{period}");
        let half = Period::containing(PeriodType::SixMonthly, period.start()).unwrap_or(*period);
        let file = self.files.entry(half).or_insert_with(|| format!("{COLUMNS}\n").into_bytes());
        for (product, cells) in lines {
            file.extend_from_slice(head.as_bytes());
            // Writing into memory cannot fail.
            let _ = write!(file, ",{},{}", product + 1, self.products[*product]);
            for (at, cell) in cells.iter().enumerate() {
                file.push(b',');
                match cell {
                    None => {}
                    Some(days) if at == STOCKOUT_DAYS => drop(write!(file, "{days}")),
                    Some(thousandths) => write_thousandths(file, *thousandths),
                }
            }
            file.push(b'\n');
        }
    }
}

/// Flows and days add up over the months; the opening is the first month's, closing and order are the last one's.
fn cells(months: &[Month], pack: i32) -> Cells {
    let sum = |part: fn(&Month) -> i32| months.iter().map(part).sum::<i32>();
    let (first, last) = (months.first().copied().unwrap_or_default(), months.last().copied().unwrap_or_default());
    let packs = |units: i32| Some(i32::try_from(i64::from(units) * 1000 / i64::from(pack)).unwrap_or(i32::MAX));
    [
        packs(first.opening),
        packs(sum(|month| month.received)),
        packs(sum(|month| month.consumed)),
        packs(sum(|month| month.losses)),
        packs(sum(|month| month.adjustments)),
        packs(last.closing),
        Some(sum(|month| month.stockout_days)),
        packs(last.ordered),
    ]
}

fn later(day: Date, days: i32) -> Date {
    day.checked_add(days.days()).unwrap_or(day)
}

/// A number of thousandths as a decimal number without trailing zeros: 12500 is `12.5`.
fn write_thousandths(out: &mut Vec<u8>, thousandths: i32) {
    let (whole, rest) = (thousandths.unsigned_abs() / 1000, thousandths.unsigned_abs() % 1000);
    if thousandths < 0 {
        out.push(b'-');
    }
    let _ = write!(out, "{whole}");
    if rest > 0 {
        let _ = write!(out, ".{rest:03}");
        let zeros = out.iter().rev().take_while(|byte| **byte == b'0').count();
        out.truncate(out.len() - zeros);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousandths_read_as_decimals() {
        let text = |number| {
            let mut out = Vec::new();
            super::write_thousandths(&mut out, number);
            String::from_utf8(out).unwrap()
        };
        assert_eq!([0, 12_500, -30, 10_000, 1].map(text), ["0", "12.5", "-0.03", "10", "0.001"]);
    }
}
