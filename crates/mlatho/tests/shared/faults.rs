//! Faults planted in real series: how many are found, what for, and how many clean lines are named beside them.
//!
//! A clean line is named where a warning or an error names its facility, item and period. Seeds are none of those with
//! which thresholds were chosen.
#![expect(clippy::cast_precision_loss, reason = "counts of lines")]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::fs::File;

use flate2::read::GzDecoder;
use jiff::civil::date;
use mlatho_model::{Decimal, Period, Severity};
use mlatho_quality::{Context, DaysInMonth, QualityFinding, Table, check_ledger, check_services, read_table};
use mlatho_testkit::faults::{Carried, Column, Fault, Line, Planted, Planting, plant, write};

type Key = (String, String, String);

fn key(facility: &str, item: &str, period: Period) -> Key {
    (facility.to_owned(), item.to_owned(), period.to_string())
}

/// What came of the faults of one kind.
#[derive(Default)]
struct Score {
    planted: usize,
    found: usize,
    /// With a right number that is known, and told.
    exact: usize,
    zscore: usize,
    modified: usize,
}

impl Score {
    fn recall(&self) -> f64 {
        self.found as f64 / self.planted.max(1) as f64
    }
}

struct Outcome {
    scores: BTreeMap<Fault, Score>,
    /// Shares of clean lines that are named: by the checks, by the Z-score, by the modified Z-score.
    false_alarms: [f64; 3],
}

fn outcome(name: &str, lines: &[Line], planting: Planting, services: bool) -> Outcome {
    let (lines, planted) = plant(lines, planting);
    let mut table = Vec::new();
    write(&mut table, &lines, services).unwrap();
    let context = Context { today: date(2026, 1, 1), days_in_month: DaysInMonth::Calendar };
    let found = match read_table(name, &table).0 {
        Table::Ledger(mut lines) => check_ledger(&mut lines, context),
        Table::Services(mut lines) => check_services(&mut lines, context),
    };
    let mut told: HashMap<Key, Vec<&QualityFinding>> = HashMap::new();
    for finding in found.iter().filter(|finding| finding.severity >= Severity::Warning) {
        let key = key(finding.org_unit.as_str(), finding.item.as_str(), finding.period);
        told.entry(key).or_default().push(finding);
    }
    let (zscore, modified) = dhis2(&lines);
    let mut scores: BTreeMap<Fault, Score> = BTreeMap::new();
    let mut faulty = HashSet::new();
    for Planted { fault, facility, item, period, right, .. } in planted {
        let key = key(&facility, &item, period);
        let score = scores.entry(fault).or_default();
        score.planted += 1;
        score.found += usize::from(told.contains_key(&key));
        let of_line = told.get(&key).into_iter().flatten();
        score.exact += usize::from(right.is_some() && of_line.into_iter().any(|finding| finding.expected == right));
        score.zscore += usize::from(zscore.contains(&key));
        score.modified += usize::from(modified.contains(&key));
        faulty.insert(key);
    }
    let all = lines.iter().map(|line| key(&line.facility, &line.item, line.period));
    let clean: HashSet<Key> = all.filter(|key| !faulty.contains(key)).collect();
    let share = |named: usize| named as f64 / clean.len() as f64;
    let false_alarms = [
        share(told.keys().filter(|key| clean.contains(*key)).count()),
        share(zscore.intersection(&clean).count()),
        share(modified.intersection(&clean).count()),
    ];
    eprintln!(
        "{name}, {:?}, {} lines: fault, planted, recall, exact, Z-score, modified Z-score",
        planting.carried,
        lines.len()
    );
    for (fault, score) in &scores {
        let of = |part: usize| part as f64 / score.planted as f64;
        let [exact, zscore, modified] = [score.exact, score.zscore, score.modified].map(of);
        eprintln!("  {fault:?} {} {:.3} {exact:.3} {zscore:.3} {modified:.3}", score.planted, score.recall());
    }
    let percent = false_alarms.map(|share| format!("{:.2} %", share * 100.0));
    eprintln!("  clean lines named: {}", percent.join(", "));
    Outcome { scores, false_alarms }
}

/// Lines that DHIS2's outlier detection names with its usual thresholds: Z-score 3, modified Z-score 3.5.
fn dhis2(lines: &[Line]) -> (HashSet<Key>, HashSet<Key>) {
    let mut series: BTreeMap<(&str, &str), Vec<(&Line, f64)>> = BTreeMap::new();
    for line in lines {
        if let Some(number) = line.get(Column::Consumed) {
            let number = number.to_string().parse().unwrap();
            series.entry((&line.facility, &line.item)).or_default().push((line, number));
        }
    }
    let (mut zscore, mut modified) = (HashSet::new(), HashSet::new());
    for of_series in series.values() {
        let numbers: Vec<f64> = of_series.iter().map(|(_, number)| *number).collect();
        let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
        let deviation = (numbers.iter().map(|n| (n - mean).powi(2)).sum::<f64>() / numbers.len() as f64).sqrt();
        let middle = median(numbers.clone());
        let spread = median(numbers.iter().map(|n| (n - middle).abs()).collect());
        for (line, number) in of_series {
            let key = key(&line.facility, &line.item, line.period);
            if deviation > 0.0 && ((number - mean) / deviation).abs() >= 3.0 {
                zscore.insert(key.clone());
            }
            if spread > 0.0 && (0.6745 * (number - middle) / spread).abs() >= 3.5 {
                modified.insert(key);
            }
        }
    }
    (zscore, modified)
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let half = numbers.len() / 2;
    if numbers.len().is_multiple_of(2) { f64::midpoint(numbers[half - 1], numbers[half]) } else { numbers[half] }
}

/// Rows of a CSV table as lines, by column: facility, item, period parts, and those of the numbers.
fn lines(table: impl std::io::Read, ids: [&str; 2], period: &[&str], numbers: [&str; 5]) -> Vec<Line> {
    let mut rows = csv::Reader::from_reader(table);
    let header = rows.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|cell| cell == name);
    let rows = rows.records().map(|row| {
        let row = row.unwrap();
        let cell = |name: &str| at(name).map_or(name, |at| &row[at]).to_owned();
        let period = period.iter().map(|part| format!("{:0>2}", cell(part))).collect::<Vec<_>>().concat();
        let numbers = numbers.map(|name| at(name).and_then(|at| row[at].parse::<Decimal>().ok()));
        Line { facility: cell(ids[0]), item: cell(ids[1]), period: period.parse().unwrap(), numbers }
    });
    rows.collect()
}

const NONE: &str = "";

fn ledger() -> Option<Vec<Line>> {
    let folder = crate::data_set("civ-contraceptive")?;
    let table = GzDecoder::new(File::open(folder.join("lmis_2016-01_2019-06.csv.gz")).unwrap());
    let numbers = ["stock_initial", "stock_received", "stock_distributed", "stock_adjustment", "stock_end"];
    Some(lines(table, ["site_code", "product_code"], &["year", "month"], numbers))
}

#[test]
fn faults_in_a_ledger_are_found_however_far_they_are_carried() {
    let Some(ledger) = ledger() else { return };
    for (carried, seed) in [(Carried::Nowhere, 7001), (Carried::Line, 7002), (Carried::NextOpening, 7003)] {
        let planting = Planting { seed, of_each: 60, carried, whole_reports: false, parity: None };
        let Outcome { scores, false_alarms } = outcome("ledger", &ledger, planting, false);
        let floors = [
            (Fault::UnitFactor, 0.95),
            (Fault::Sign, 0.95),
            (Fault::Balance, 0.95),
            (Fault::Duplicate, 0.95),
            (Fault::ZeroedPeriod, 0.90),
            (Fault::DigitSwap, 0.70),
            (Fault::ShiftedPeriod, 0.70),
            (Fault::CopiedReport, 0.60),
            (Fault::OrgUnitSwap, 0.60),
        ];
        for (fault, floor) in floors {
            assert!(scores[&fault].recall() >= floor, "{fault:?}, {carried:?}: {:.3}", scores[&fault].recall());
        }
        for fault in [Fault::UnitFactor, Fault::Sign] {
            let exact = scores[&fault].exact as f64 / scores[&fault].planted as f64;
            assert!(exact >= 0.80, "{fault:?}, {carried:?}: {exact:.3} corrected");
        }
        assert!(false_alarms[0] <= 0.01, "{carried:?}: {:.4}", false_alarms[0]);
    }
}

#[test]
fn what_was_not_touched_is_hardly_ever_named() {
    for (name, lines, services) in tables() {
        let planting = Planting { seed: 0, of_each: 0, carried: Carried::Nowhere, whole_reports: false, parity: None };
        let Outcome { false_alarms, .. } = outcome(name, &lines, planting, services);
        assert!(false_alarms[0] <= 0.01, "{name}: {:.4}", false_alarms[0]);
    }
}

#[test]
fn faults_in_counts_that_nothing_stands_beside() {
    for (at, (name, lines, services)) in tables().into_iter().enumerate() {
        for whole_reports in [false, true] {
            let planting = Planting {
                seed: 7100 + at as u64,
                of_each: 40,
                carried: Carried::Nowhere,
                whole_reports,
                parity: None,
            };
            let Outcome { scores, false_alarms } = outcome(name, &lines, planting, services);
            assert!(scores[&Fault::Sign].recall() >= 0.95 && scores[&Fault::Duplicate].recall() >= 0.95, "{name}");
            assert!(false_alarms[0] <= 0.01, "{name}: {:.4}", false_alarms[0]);
        }
    }
}

/// Tables with one number a line.
fn tables() -> Vec<(&'static str, Vec<Line>, bool)> {
    let mut tables = Vec::new();
    if let Some(mut ledger) = ledger() {
        ledger.iter_mut().for_each(|line| line.numbers = [None, None, line.get(Column::Consumed), None, None]);
        tables.push(("consumption", ledger, false));
    }
    let only = |name| [NONE, NONE, name, NONE, NONE];
    if let Some(folder) = crate::data_set("lao-malaria") {
        let table = GzDecoder::new(File::open(folder.join("lao_open.csv.gz")).unwrap());
        tables.push(("lao", lines(table, ["orgUnit", "dataElementName"], &["period"], only("value")), true));
    }
    if let Some(folder) = crate::data_set("malawi-services") {
        let table = GzDecoder::new(File::open(folder.join("unadjusted_usage.csv.gz")).unwrap());
        tables.push(("malawi", lines(table, ["Facility_ID", "Appt_Type"], &["Year", "Month"], only("Usage")), true));
    }
    if let Some(folder) = crate::data_set("uganda-malaria") {
        let table = File::open(folder.join("uganda_open.csv")).unwrap();
        tables.push(("uganda", lines(table, ["district", "cases"], &["year", "month"], only("mal_cases")), true));
    }
    tables
}

#[test]
fn tests_reported_through_a_stock_out_of_the_whole_month() {
    let Some(folder) = crate::data_set("lao-malaria") else { return };
    let table = GzDecoder::new(File::open(folder.join("lao_open.csv.gz")).unwrap());
    let all = lines(table, ["orgUnit", "dataElementName"], &["period"], [NONE, NONE, "value", NONE, NONE]);
    // Facility-months with 28 days or more, and any test among their numbers, in plain Rust.
    let mut days: HashSet<(&str, Period)> = HashSet::new();
    let mut tests: HashSet<(&str, Period)> = HashSet::new();
    for line in &all {
        let number = line.get(Column::Consumed).unwrap_or_default();
        if line.item.contains("RDT stock out days") && number >= Decimal::from(28) {
            days.insert((&line.facility, line.period));
        }
        if line.item.contains("suspects tested (RDT)") && number > Decimal::ZERO {
            tests.insert((&line.facility, line.period));
        }
    }
    assert_eq!(days.intersection(&tests).count(), 93, "the open part; 256 with what is withheld");

    let mut table = Vec::new();
    write(&mut table, &all, true).unwrap();
    let Table::Services(services) = read_table("lao.csv", &table).0 else { panic!("services") };
    let (found, _) = mlatho_quality::check_rules(&mlatho_quality::Rules::builtin(), &[], &services);
    let told: HashSet<(&str, Period)> = found
        .iter()
        .filter(|finding| finding.code == "reported-through-stock-out")
        .map(|finding| (finding.org_unit.as_str(), finding.period))
        .collect();
    assert!(told == days.intersection(&tests).copied().collect());
}

/// The period of a quarter, or of a month that is written by its name.
fn period(text: &str) -> String {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    match text.get(..3).and_then(|month| MONTHS.find(month)) {
        Some(at) => format!("{}{:02}", &text[3..], at / 3 + 1),
        None => text.to_owned(),
    }
}

/// The demonstration data's own residuals, worked out beside it, say which eleven.
#[test]
fn the_eleven_openlmis_lines_out_of_balance() {
    let Some(folder) = crate::data_set("openlmis") else { return };
    let mut rows = csv::Reader::from_path(folder.join("golden/line_item_calculations.csv")).unwrap();
    let header = rows.headers().unwrap().clone();
    let mut table =
        "facility,product,period,beginning_balance,received,consumed,adjustments,closing_balance\n".to_owned();
    let mut wrong = HashSet::new();
    for row in rows.records() {
        let row = row.unwrap();
        let cell = |name: &str| &row[header.iter().position(|cell| cell == name).unwrap()];
        let numbers = ["A_opening", "B_received", "C_consumed", "D_adjust", "E_closing"].map(cell).join(",");
        writeln!(table, "{},{},{},{numbers}", cell("line_id"), cell("product"), period(cell("period"))).unwrap();
        if cell("balance_residual").parse::<Decimal>().is_ok_and(|residual| !residual.is_zero()) {
            wrong.insert(cell("line_id").to_owned());
        }
    }
    let Table::Ledger(mut lines) = read_table("openlmis.csv", table.as_bytes()).0 else { panic!("a ledger") };
    let context = Context { today: date(2026, 1, 1), days_in_month: DaysInMonth::Thirty };
    let found = check_ledger(&mut lines, context);
    let told = found.iter().filter(|finding| finding.code == "stock-balance");
    let told: HashSet<String> = told.map(|finding| finding.org_unit.to_string()).collect();
    assert_eq!((told.len(), told == wrong), (11, true));
}
