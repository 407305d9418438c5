//! The files that a scenario names.

use std::collections::BTreeMap;
use std::path::Path;

use mlatho_forecast::demand::LedgerMonth;
use mlatho_forecast::quantify::{Facility, History, Inputs, Scenario};
use mlatho_model::{Finding, Findings, MissingReason, Period, PeriodType, Value};
use mlatho_quality::{LedgerLine, Table, read_table};

use super::predictions;
use crate::commands::{Failure, table};

/// Reads them; their paths are relative to the scenario. A line of another period type than months, or one that was
/// there before, is left out and told.
pub(super) fn read(scenario_path: &Path, scenario: &Scenario, findings: &mut Findings) -> Result<Inputs, Failure> {
    let mut inputs = Inputs::default();
    let wanted = scenario.ledgers();
    let mut files: Vec<&str> = wanted.iter().map(|(file, _)| *file).collect();
    files.dedup();
    for file in files {
        let path = scenario_path.parent().unwrap_or(Path::new("")).join(file);
        let shown = path.display().to_string();
        let (read, found) = read_table(&shown, &table(&path)?);
        findings.extend(found);
        let Table::Ledger(lines) = read else {
            findings.push(Finding::error("quantify-no-ledger").in_file(&shown).at(1, ""));
            continue;
        };
        for (_, product) in wanted.iter().filter(|(name, _)| *name == file) {
            let lines = lines.iter().filter(|line| line.item.as_str() == *product);
            let history = history(lines, &shown, findings);
            inputs.ledgers.insert((file.to_owned(), (*product).to_owned()), history);
        }
    }
    for file in scenario.district_files() {
        let path = scenario_path.parent().unwrap_or(Path::new("")).join(file);
        let districts = districts(&path.display().to_string(), &table(&path)?, findings);
        inputs.districts.insert(file.to_owned(), districts);
    }
    for file in scenario.prediction_files() {
        let path = scenario_path.parent().unwrap_or(Path::new("")).join(file);
        let predictions = predictions::read(&path.display().to_string(), &table(&path)?, findings);
        inputs.predictions.insert(file.to_owned(), predictions);
    }
    Ok(inputs)
}

/// `facility,district`.
fn districts(file: &str, bytes: &[u8], findings: &mut Findings) -> BTreeMap<String, String> {
    let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let header = rows.headers().cloned().unwrap_or_default();
    let needed = ["facility", "district"].map(|name| (name, header.iter().position(|cell| cell == name)));
    for (name, _) in needed.iter().filter(|(_, at)| at.is_none()) {
        let found = header.iter().collect::<Vec<_>>().join(", ");
        findings.push(
            Finding::error("missing-column").in_file(file).at(1, name).with("column", *name).with("found", found),
        );
    }
    let [(_, Some(facility)), (_, Some(district))] = needed else { return BTreeMap::new() };
    let mut districts = BTreeMap::new();
    for record in rows.records() {
        match record {
            Ok(record) => {
                if let (Some(facility), Some(district)) = (record.get(facility), record.get(district)) {
                    districts.insert(facility.to_owned(), district.to_owned());
                }
            }
            Err(error) => {
                let row = error.position().map_or(0, csv::Position::line);
                findings.push(Finding::error("bad-row").in_file(file).at(row, "").with("reason", error.to_string()));
            }
        }
    }
    districts
}

fn history<'a>(lines: impl Iterator<Item = &'a LedgerLine>, file: &str, findings: &mut Findings) -> History {
    let mut facilities: BTreeMap<&str, BTreeMap<i32, (Period, LedgerMonth)>> = BTreeMap::new();
    for line in lines {
        let mut leave_out = |code: Finding| {
            let finding = code.in_file(file).at(line.position, "period").with("facility", line.org_unit.as_str());
            findings.push(finding.with("period", line.period.to_string()));
        };
        if line.period.period_type() != PeriodType::Monthly {
            leave_out(Finding::warning("quantify-not-a-month"));
            continue;
        }
        let months = facilities.entry(line.org_unit.as_str()).or_default();
        if months.contains_key(&number(line.period)) {
            leave_out(Finding::warning("quantify-twice"));
            continue;
        }
        months.insert(number(line.period), (line.period, month(line)));
    }
    let facilities = facilities.into_iter().filter_map(|(name, months)| {
        let (first, (period, _)) = months.iter().next().map(|(number, month)| (*number, *month))?;
        let last = *months.keys().next_back()?;
        let periods = std::iter::successors(Some(period), |period| period.next());
        let filled = (first..=last).zip(periods).map(|(at, period)| {
            let silent = LedgerMonth { days: period.days(), ..LedgerMonth::default() };
            months.get(&at).map_or(silent, |(_, month)| *month)
        });
        Some(Facility { name: name.to_owned(), first, months: filled.collect() })
    });
    History { facilities: facilities.collect() }
}

/// Months since the year 0.
pub(super) fn number(period: Period) -> i32 {
    i32::from(period.start().year()) * 12 + i32::from(period.start().month()) - 1
}

fn month(line: &LedgerLine) -> LedgerMonth {
    let number = |value: &Value| value.reported().and_then(|number| f64::try_from(number).ok());
    // A source without a column of losses counts them among its adjustments, or has none; a blank cell is not known.
    let absent = |value: &Value| matches!(value, Value::Missing(MissingReason::NoColumn));
    let adjustments = match (absent(&line.adjustments), absent(&line.losses)) {
        (true, true) => None,
        (true, false) => number(&line.losses).map(|lost| -lost),
        (false, true) => number(&line.adjustments),
        (false, false) => number(&line.adjustments).zip(number(&line.losses)).map(|(added, lost)| added - lost),
    };
    LedgerMonth {
        days: line.period.days(),
        opening: number(&line.opening_balance),
        received: number(&line.received),
        issued: number(&line.consumed),
        adjustments,
        closing: number(&line.closing_balance),
        stockout_days: number(&line.stockout_days),
    }
}
