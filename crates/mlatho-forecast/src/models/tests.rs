//! Cases that can be computed on paper.

use super::*;

/// Forecasts of a model after the whole history, without a season.
fn forecast(name: &str, values: &[f64], horizon: usize) -> Vec<f64> {
    seasonal(name, values, 1, horizon)
}

fn seasonal(name: &str, values: &[f64], season: usize, horizon: usize) -> Vec<f64> {
    let model = NAMES.iter().position(|known| *known == name).unwrap();
    run(&History { values, season, phase: 0 }, &[values.len()], horizon).get(0, model).to_vec()
}

#[track_caller]
fn near(found: &[f64], expected: &[f64]) {
    let close = found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9);
    assert!(close && found.len() == expected.len(), "{found:?} for {expected:?}");
}

#[test]
fn means_and_medians_of_the_last_reports() {
    let values = [100.0, 2.0, 4.0, 6.0, f64::NAN, 8.0];
    near(&forecast("mean3", &values, 2), &[6.0, 6.0]); // 4, 6, 8: a gap is no zero
    near(&forecast("mean6", &values, 1), &[24.0]); // 120 / 5
    near(&forecast("mean12", &values, 1), &[24.0]);
    near(&forecast("median6", &values, 1), &[6.0]); // 2, 4, 6, 8, 100
    near(&forecast("median12", &[1.0, 2.0], 1), &[1.5]);
}

/// The first value starts the level; at the second every parameter below one half moves it half of the way, and of equal
/// errors the first parameter counts.
#[test]
fn smoothing_begins_as_a_mean() {
    near(&forecast("ses", &[0.0, 10.0], 1), &[5.0]);
    near(&forecast("ses", &[7.0; 9], 3), &[7.0; 3]);
    near(&forecast("damped-trend", &[7.0; 9], 3), &[7.0; 3]);
}

/// One demand of 6 in three periods. SBA: (1 − 0.05 / 2) × 6 / 3. TSB: a third of 6.
#[test]
fn rare_demands() {
    near(&forecast("sba", &[0.0, 0.0, 6.0], 1), &[1.95]);
    near(&forecast("tsb", &[0.0, 0.0, 6.0], 1), &[2.0]);
    for name in ["sba", "tsb", "adida", "imapa"] {
        near(&forecast(name, &[0.0; 5], 2), &[0.0; 2]);
    }
}

/// A demand of 6 in every other period: sums over two periods are always 6.
#[test]
fn sums_over_the_interval() {
    near(&forecast("adida", &[0.0, 6.0, 0.0, 6.0, 0.0, 6.0], 1), &[3.0]);
    near(&forecast("imapa", &[4.0; 4], 1), &[4.0]);
}

#[test]
fn the_same_season_of_the_year_before() {
    let values = [1.0, 2.0, 3.0, 4.0, 5.0, f64::NAN, 7.0, 8.0];
    near(&seasonal("seasonal-naive", &values, 4, 5), &[5.0, 2.0, 7.0, 8.0, 5.0]);
}

/// On the line 1, 2, 3 … 30 a level with parameter 0.8 stays 0.2 / 0.8 behind; the drift is half the slope of 1.
#[test]
fn theta_adds_half_the_slope() {
    let line: Vec<f64> = (1..=30).map(f64::from).collect();
    near(&forecast("theta", &line, 2), &[29.75 + 0.5 * 1.25, 29.75 + 0.5 * 2.25]);
}

#[test]
fn a_season_is_learnt() {
    let year = [10.0, 20.0, 30.0, 40.0];
    let values = year.repeat(8);
    for name in ["ets-seasonal", "ets-seasonal-root", "theta"] {
        let found = seasonal(name, &values, 4, 6);
        let expected = [10.0, 20.0, 30.0, 40.0, 10.0, 20.0];
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 3.0), "{name}: {found:?}");
    }
}

/// What a snapshot says is what the history up to it says.
#[test]
fn a_snapshot_knows_nothing_later() {
    let values: Vec<f64> = (0..60).map(|at| f64::from(at * 7919 % 23) * f64::from(u8::from(at % 3 > 0))).collect();
    let history = History { values: &values, season: 12, phase: 5 };
    let all = run(&history, &[1, 5, 24, 40, 60], 3);
    for (snapshot, until) in [1, 5, 24, 40].into_iter().enumerate() {
        let alone = run(&History { values: &values[..until], season: 12, phase: 5 }, &[until], 3);
        for model in 0..COUNT {
            near(all.get(snapshot, model), alone.get(0, model));
        }
    }
}
