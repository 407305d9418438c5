//! The table of a panel.

use std::collections::HashMap;

use mlatho_model::{Finding, Findings, Period};

use super::{NO_GROUP, Panel, Series, Stock};

const NEEDED: [&str; 3] = ["series_id", "period", "value"];
const STOCK: [&str; 5] = ["closing_balance", "received", "adjustments", "beginning_balance", "stockout_days"];
const GROUPS: [&str; 5] = ["site", "product", "level1", "level2", "level3"];
/// Years that a report may be of; others are slips of the pen, and would stretch the grid.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;
/// Beyond it a number is no quantity, and its square no number.
const LARGEST: f64 = 1e15;

/// Reads `series_id,period,value` and what else of the contract's columns is there. The first row with a period says
/// which type of period the panel has. A bad row costs that row, a bad number that number. `file` names the table in the
/// findings.
#[must_use]
pub fn read_panel(file: &str, bytes: &[u8]) -> (Panel, Findings) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = rows.headers().cloned().unwrap_or_default();
    let column = |name: &str| header.iter().position(|cell| cell.trim() == name);
    let mut raw = Raw { file, ..Raw::default() };
    let [Some(id), Some(period), Some(value)] = NEEDED.map(column) else {
        let all = header.iter().collect::<Vec<_>>().join(", ");
        for name in NEEDED.iter().filter(|name| column(name).is_none()) {
            let finding = Finding::error("missing-column").in_file(file).at(1, name);
            raw.findings.push(finding.with("column", *name).with("found", all.as_str()));
        }
        return raw.into_panel();
    };
    let stock = STOCK.map(column);
    let groups = GROUPS.map(column);
    raw.has_stock = stock.map(|column| column.is_some());
    let mut record = csv::ByteRecord::new();
    loop {
        match rows.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let row = error.position().map_or(0, csv::Position::line);
                raw.report(Finding::error("bad-row").with("reason", error.to_string()), row, "");
                continue;
            }
        }
        let row = record.position().map_or(0, csv::Position::line);
        let cell = |at: usize| record.get(at).map(<[u8]>::trim_ascii).unwrap_or_default();
        let Some(series) = raw.series(cell(id), row) else { continue };
        let Some(period) = raw.period(cell(period), row) else { continue };
        for (kind, at) in groups.iter().enumerate() {
            if let Some(at) = at {
                raw.group(series, kind, cell(*at));
            }
        }
        let value = raw.number(cell(value), row, "value", 0.0);
        let stock: [f32; 5] = std::array::from_fn(|at| {
            let lowest = if STOCK[at] == "adjustments" { -LARGEST } else { 0.0 };
            #[expect(clippy::cast_possible_truncation, reason = "the state of stock is a feature, not an account")]
            stock[at].map_or(f32::NAN, |place| raw.number(cell(place), row, STOCK[at], lowest) as f32)
        });
        raw.cell(series, period, value, stock, row);
    }
    raw.into_panel()
}

/// What was read, row by row.
#[derive(Default)]
struct Raw<'a> {
    file: &'a str,
    findings: Findings,
    ids: HashMap<Box<[u8]>, u32>,
    names: Vec<(Box<str>, [u32; 5])>,
    last_series: Option<u32>,
    periods: HashMap<Box<[u8]>, u32>,
    known_periods: Vec<Period>,
    group_ids: [HashMap<Box<[u8]>, u32>; 5],
    cells: Vec<(u32, u32, f64)>,
    has_stock: [bool; 5],
    stock: [Vec<f32>; 5],
    /// The line of each row, kept while rows may still prove to be there twice.
    lines: Vec<u32>,
}

impl Raw<'_> {
    fn report(&mut self, finding: Finding, row: u64, column: &str) {
        self.findings.push(finding.in_file(self.file).at(row, column));
    }

    fn series(&mut self, id: &[u8], row: u64) -> Option<u32> {
        if id.is_empty() {
            self.report(Finding::error("missing-name").with("column", "series_id"), row, "series_id");
            return None;
        }
        if let Some(last) = self.last_series
            && self.names.get(last as usize).is_some_and(|(name, _)| name.as_bytes() == id)
        {
            return Some(last);
        }
        let next = u32::try_from(self.names.len()).ok()?;
        let series = *self.ids.entry(id.into()).or_insert(next);
        if series == next {
            self.names.push((String::from_utf8_lossy(id).into(), [NO_GROUP; 5]));
        }
        self.last_series = Some(series);
        Some(series)
    }

    fn period(&mut self, text: &[u8], row: u64) -> Option<u32> {
        if let Some(known) = self.periods.get(text) {
            return Some(*known);
        }
        let shown = String::from_utf8_lossy(text);
        let parsed = shown.parse::<Period>().ok().filter(|period| YEARS.contains(&period.start().year()));
        let Some(period) = parsed else {
            self.report(Finding::error("not-a-period").with("text", shown), row, "period");
            return None;
        };
        if let Some(first) = self.known_periods.first()
            && first.period_type() != period.period_type()
        {
            let finding = Finding::error("forecast-other-period-type").with("text", shown);
            self.report(finding.with("type", first.period_type().name()), row, "period");
            return None;
        }
        let next = u32::try_from(self.known_periods.len()).ok()?;
        let at = self.known_periods.iter().position(|known| *known == period);
        let at = at.and_then(|at| u32::try_from(at).ok()).unwrap_or(next);
        if at == next {
            self.known_periods.push(period);
        }
        self.periods.insert(text.into(), at);
        Some(at)
    }

    /// The first row that names a group of a series decides.
    fn group(&mut self, series: u32, kind: usize, name: &[u8]) {
        let Some((_, groups)) = self.names.get_mut(series as usize) else { return };
        if groups[kind] != NO_GROUP || name.is_empty() {
            return;
        }
        let ids = &mut self.group_ids[kind];
        let next = u32::try_from(ids.len()).unwrap_or(NO_GROUP);
        groups[kind] = *ids.entry(name.into()).or_insert(next);
    }

    /// A number, or not a number where the cell is blank or a finding says why.
    fn number(&mut self, text: &[u8], row: u64, column: &'static str, lowest: f64) -> f64 {
        if text.is_empty() {
            return f64::NAN;
        }
        let number = std::str::from_utf8(text).ok().and_then(|text| text.parse::<f64>().ok());
        match number.filter(|number| number.is_finite()) {
            Some(number) if (lowest..=LARGEST).contains(&number) => number,
            found => {
                let code = if found.is_some() { "forecast-out-of-range" } else { "not-a-number" };
                self.report(Finding::warning(code).with("text", String::from_utf8_lossy(text)), row, column);
                f64::NAN
            }
        }
    }

    fn cell(&mut self, series: u32, period: u32, value: f64, stock: [f32; 5], row: u64) {
        self.cells.push((series, period, value));
        self.lines.push(u32::try_from(row).unwrap_or(u32::MAX));
        for (column, value) in
            self.stock.iter_mut().zip(stock).zip(self.has_stock).filter_map(|(it, has)| has.then_some(it))
        {
            column.push(value);
        }
    }

    /// Puts the rows in their places on the grid.
    fn into_panel(mut self) -> (Panel, Findings) {
        let numbered: Vec<Period> = {
            let mut seen = vec![false; self.known_periods.len()];
            for (_, period, _) in self.cells.iter().filter(|(_, _, value)| !value.is_nan()) {
                seen[*period as usize] = true;
            }
            self.known_periods.iter().zip(seen).filter_map(|(period, seen)| seen.then_some(*period)).collect()
        };
        let last = numbered.iter().max().copied();
        let steps = std::iter::successors(numbered.iter().min().copied(), |period| period.next());
        let grid: Vec<Period> = steps.take_while(|period| last.is_some_and(|last| *period <= last)).collect();
        let places: Vec<Option<usize>> =
            self.known_periods.iter().map(|period| grid.binary_search(period).ok()).collect();

        let mut spans = vec![(usize::MAX, 0); self.names.len()];
        for (series, period, _) in self.cells.iter().filter(|(_, _, value)| !value.is_nan()) {
            if let Some(at) = places[*period as usize] {
                let span = &mut spans[*series as usize];
                *span = (span.0.min(at), span.1.max(at + 1));
            }
        }
        let mut series = Vec::with_capacity(self.names.len());
        let mut index = vec![None; self.names.len()];
        let mut offset = 0;
        for (at, ((id, groups), (start, end))) in std::mem::take(&mut self.names).into_iter().zip(&spans).enumerate() {
            if start < end {
                let len = end - start;
                index[at] = Some(series.len());
                series.push(Series { id, start: *start, offset, len, groups });
                offset += len;
            } else {
                self.findings.push(Finding::warning("forecast-no-numbers").in_file(self.file).with("series", &*id));
            }
        }
        let mut values = vec![f64::NAN; offset];
        let mut filled: [Vec<f32>; 5] =
            std::array::from_fn(|at| if self.has_stock[at] { vec![f32::NAN; offset] } else { Vec::new() });
        let mut taken = vec![0; offset];
        for (row, (of, period, value)) in self.cells.iter().enumerate() {
            let Some(one) = index[*of as usize].map(|at: usize| &series[at]) else { continue };
            let Some(place) =
                places[*period as usize].and_then(|at| at.checked_sub(one.start)).filter(|at| *at < one.len)
            else {
                continue;
            };
            let place = one.offset + place;
            let line = self.lines[row];
            if taken[place] != 0 {
                let finding = Finding::warning("forecast-reported-twice").in_file(self.file).at(line.into(), "period");
                let finding = finding.with("series", &*one.id).with("first_row", u64::from(taken[place]));
                self.findings.push(finding);
                continue;
            }
            taken[place] = line;
            values[place] = *value;
            for (column, from) in filled.iter_mut().zip(&self.stock).filter(|(column, _)| !column.is_empty()) {
                column[place] = from[row];
            }
        }
        let [closing, received, adjustments, beginning, stockout_days] = filled;
        let stock = Stock { closing, received, adjustments, beginning, stockout_days };
        let group_names = self.group_ids.map(|ids| {
            let mut names = vec![Box::default(); ids.len()];
            ids.into_iter().for_each(|(name, at)| names[at as usize] = String::from_utf8_lossy(&name).into());
            names
        });
        (Panel { grid, series, values, stock, group_names }, self.findings)
    }
}
