//! Forecasts of whole panels through the public face.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::num::NonZero;

use mlatho_forecast::{Covariates, Forecaster, Goal, Panel, Scores, Settings, read_covariates, read_panel};
use proptest::prelude::*;

const COLUMNS: [&str; 9] = ["point", "q0.025", "q0.1", "q0.25", "q0.5", "q0.75", "q0.9", "q0.975", "kind"];

fn settings(horizon: usize, goal: Goal, threads: usize) -> Settings {
    Settings { horizon: NonZero::new(horizon).unwrap(), goal, seed: 1, threads: NonZero::new(threads).unwrap() }
}

/// All rows at an origin.
fn rows(panel: &Panel, covariates: &Covariates, settings: Settings, origin: &str) -> Vec<Vec<String>> {
    let forecaster = Forecaster::new(panel, covariates, settings);
    let at = forecaster.at(origin.parse().unwrap()).unwrap();
    let mut rows = Vec::new();
    at.each(|block| {
        rows.extend(block.iter().map(|one| at.row(one)));
        Ok::<(), ()>(())
    })
    .unwrap();
    rows
}

fn panel(table: &str) -> Panel {
    let (panel, findings) = read_panel("panel.csv", table.as_bytes());
    assert_eq!(findings, []);
    panel
}

fn alone(table: &str, horizon: usize, origin: &str) -> Vec<Vec<String>> {
    rows(&panel(table), &Covariates::default(), settings(horizon, Goal::Balanced, 1), origin)
}

/// Numbers that look drawn: the same for the same words.
struct Lots(u64);

impl Lots {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 33).unwrap()) / f64::from(1_u32 << 31)
    }
}

fn month(at: usize) -> String {
    format!("{}{:02}", 2020 + at / 12, at % 12 + 1)
}

/// Sites with four products over three years: many zeros, sizes of their own, a supply that runs out. `change` alters a
/// value at a month.
fn country(sites: usize, change: impl Fn(usize, f64) -> f64) -> String {
    let mut table = String::from("series_id,period,value,closing_balance,site,product,level1\n");
    let mut lots = Lots(7);
    for site in 0..sites {
        for product in 0..4 {
            let size = 1.0 + 30.0 * lots.next() * lots.next();
            let often = 0.2 + 0.8 * lots.next();
            for at in 0..36 {
                let drawn = lots.next() < often;
                let stocked = lots.next() < 0.8;
                let amount = (size * 2.0 * lots.next()).ceil();
                let value = if drawn { if stocked { amount } else { (amount / 2.0).floor() } } else { 0.0 };
                let closing = if stocked { (size * 3.0 * lots.next()).ceil() } else { 0.0 };
                let (value, closing) = (change(at, value), change(at, closing));
                let month = month(at);
                let _ =
                    writeln!(table, "S{site}-P{product},{month},{value},{closing},S{site},P{product},R{}", site % 5);
            }
        }
    }
    table
}

fn numbers(row: &[String]) -> Vec<f64> {
    row[4..12].iter().map(|cell| cell.parse().unwrap()).collect()
}

#[track_caller]
fn sound(rows: &[Vec<String>]) {
    for row in rows {
        let numbers = numbers(row);
        assert!(numbers.iter().all(|number| *number >= 0.0), "{row:?}");
        assert!(numbers[1..].windows(2).all(|pair| pair[0] <= pair[1]), "{row:?}");
    }
}

#[test]
fn forecasts_are_in_order_whole_and_of_both_kinds() {
    let rows = alone(&country(60, |_, value| value), 3, "202212");
    assert_eq!(rows.len(), 60 * 4 * 3 * 2);
    sound(&rows);
    assert!(
        rows.iter().all(|row| numbers(row).iter().all(|number| number.fract() == 0.0)),
        "a history of whole numbers"
    );
    for pair in rows.chunks(6) {
        for ahead in 0..3 {
            let (issues, demand) = (&pair[ahead], &pair[ahead + 3]);
            assert_eq!((issues[12].as_str(), demand[12].as_str()), ("issues", "demand"));
            assert!(numbers(issues).iter().zip(numbers(demand)).all(|(issues, demand)| *issues <= demand));
        }
    }
    assert_eq!(rows[2][..4], ["202212", "S0-P0", "3", "202303"]);
    assert!(rows[0][13].contains("boosted-trees"), "{}", rows[0][13]);
    assert_eq!(COLUMNS[0], mlatho_forecast::COLUMNS[4]);
}

#[test]
fn nothing_later_than_the_origin_matters() {
    let before = panel(&country(40, |_, value| value));
    let after = panel(&country(40, |at, value| if at > 29 { value * 3.0 + 50.0 } else { value }));
    let rain = |factor: usize| {
        let rows = (0..36).map(|at| format!("*,{},rain,{}\n", month(at), if at > 29 { at * factor } else { at % 5 }));
        let table = format!("key,period,name,value\n{}", rows.collect::<String>());
        let (covariates, findings) = read_covariates("rain.csv", table.as_bytes(), before.periods());
        assert_eq!(findings, []);
        covariates
    };
    let settings = settings(3, Goal::Balanced, 1);
    assert_eq!(rows(&before, &rain(1), settings, "202206"), rows(&after, &rain(9), settings, "202206"));
}

#[test]
fn threads_change_nothing_and_a_seed_is_kept() {
    let panel = panel(&country(40, |_, value| value));
    let of = |threads, seed| {
        let settings = Settings { seed, ..settings(2, Goal::MostAccurate, threads) };
        rows(&panel, &Covariates::default(), settings, "202212")
    };
    assert_eq!(of(1, 5), of(3, 5));
    assert_ne!(of(1, 5), of(1, 6));
}

#[test]
fn four_times_as_much_is_forecast_four_times_as_much() {
    // Not whole, so that nothing is rounded.
    let once = alone(&country(40, |_, value| value + 0.1), 2, "202212");
    let four = alone(&country(40, |_, value| (value + 0.1) * 4.0), 2, "202212");
    for (once, four) in once.iter().zip(&four) {
        for (once, four) in numbers(once).iter().zip(numbers(four)) {
            assert!((4.0 * once - four).abs() < 0.001 * (1.0 + four), "{once} {four}");
        }
    }
}

/// At three origins of a country of 240 series: what is asked of the default, and what the other setting gives up.
#[test]
fn totals_are_right_by_default_and_errors_small_on_demand() {
    let panel = panel(&country(120, |_, value| value));
    let covariates = Covariates::default();
    let score = |goal| {
        let mut scores = Scores::default();
        let forecaster = Forecaster::new(&panel, &covariates, settings(3, goal, 1));
        for origin in ["202203", "202206", "202209"] {
            let at = forecaster.at(origin.parse().unwrap()).unwrap();
            at.each(|block| {
                scores.add(&at, block.iter());
                Ok::<(), ()>(())
            })
            .unwrap();
        }
        scores.score().unwrap()
    };
    let (balanced, accurate) = (score(Goal::Balanced), score(Goal::MostAccurate));
    assert!(balanced.bias.unwrap().abs() < 0.05, "{balanced:?}");
    assert!(balanced.stocked_bias.unwrap().abs() < 0.08, "{balanced:?}");
    assert!(accurate.mase <= balanced.mase, "{accurate:?}");
    assert!(accurate.bias.unwrap() < balanced.bias.unwrap(), "{accurate:?}");
    for score in [balanced, accurate] {
        assert!((score.held80 - 0.8).abs() < 0.03 && (score.held95 - 0.95).abs() < 0.03, "{score:?}");
    }
}

#[test]
fn small_panels_are_forecast_all_the_same() {
    let head = "series_id,period,value\n";
    let three = alone(&format!("{head}A,202601,4\nA,202602,6\nA,202603,5\n"), 2, "202603");
    assert_eq!(three.len(), 4);
    assert_eq!(three[0][4..12], ["5", "1", "2", "3", "5", "7", "8", "9"]); // 5 ± z × √5, rounded
    sound(&three);
    let zero = alone(&format!("{head}A,2025Q4,0\nA,2026Q1,0\n"), 1, "2026Q1");
    assert_eq!(zero[0][..12], ["2026Q1", "A", "1", "2026Q2", "0", "0", "0", "0", "0", "0", "0", "0"]);
    let one = alone(&format!("{head}A,2026W5,7\n"), 60, "2026W5");
    assert_eq!((one.len(), one[59][3].as_str()), (120, "2027W12"));
    sound(&one);
    let constant: Vec<String> = (0..36).map(|at| format!("A,{},12", month(at))).collect();
    let constant = alone(&format!("{head}{}", constant.join("\n")), 12, "202212");
    assert!(constant.iter().all(|row| row[4] == "12"), "{constant:?}");
}

/// A series that has not begun is not forecast; one that has ended is, from the same origin as all.
#[test]
fn series_begin_and_end_when_they_like() {
    let table = "series_id,period,value\nA,202601,3\nA,202602,3\nB,202604,9\nC,202603,\nC,202604,1\n";
    let origins = |origin| {
        let rows = alone(table, 1, origin);
        rows.iter().filter(|row| row[12] == "issues").map(|row| row[1].clone()).collect::<Vec<_>>()
    };
    assert_eq!(origins("202602"), ["A"]);
    assert_eq!(origins("202604"), ["A", "B", "C"]);
}

#[test]
fn bad_rows_cost_themselves() {
    let table = "series_id,period,value,received\nA,202601,3,1\n,202602,3,1\nA,2026Q1,3,1\nA,Mars,3,1\nA,202602,4O,1\n\
                 A,202603,-2,-1\nA,202604,5,x\nA,202604,6,1\nB,202601,,1\nA,202605,1e300,1\n";
    let (panel, findings) = read_panel("p.csv", table.as_bytes());
    let found: Vec<(u64, &str, &str)> =
        findings.iter().map(|one| (one.place.row, &*one.place.column, one.code)).collect();
    assert_eq!(
        found,
        [
            (3, "series_id", "missing-name"),
            (4, "period", "forecast-other-period-type"),
            (5, "period", "not-a-period"),
            (6, "value", "not-a-number"),
            (7, "value", "forecast-out-of-range"),
            (7, "received", "forecast-out-of-range"),
            (8, "received", "not-a-number"),
            (11, "value", "forecast-out-of-range"),
            (0, "", "forecast-no-numbers"),
            (9, "period", "forecast-reported-twice"),
        ]
    );
    assert_eq!((panel.series_count(), panel.periods().len()), (1, 4));
    let (_, findings) = read_panel("p.csv", b"series,period\n");
    assert_eq!(findings.iter().map(|one| one.code).collect::<Vec<_>>(), ["missing-column"; 2]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Whatever stands in a panel, forecasts are there, in order and not below zero.
    #[test]
    fn any_panel(
        cells in proptest::collection::vec((0..6_usize, 0..40_usize, proptest::option::of(0.0..1e6_f64), 0..3_u8), 1..300),
        horizon in 1..15_usize,
        accurate in any::<bool>(),
    ) {
        let mut table = String::from("series_id,period,value,closing_balance\n");
        let mut seen = std::collections::BTreeSet::new();
        for (series, at, value, closing) in cells {
            if seen.insert((series, at)) {
                let value = value.map(|value| value.round().to_string()).unwrap_or_default();
                let _ = writeln!(table, "{series},{},{value},{closing}", month(at));
            }
        }
        let (panel, _) = read_panel("p.csv", table.as_bytes());
        if let Some(last) = panel.last_period() {
            let goal = if accurate { Goal::MostAccurate } else { Goal::Balanced };
            let rows = rows(&panel, &Covariates::default(), settings(horizon, goal, 2), &last.to_string());
            prop_assert_eq!(rows.len(), panel.series_count() * horizon * 2);
            sound(&rows);
        }
    }
}
