//! Forecasts of the ledgers against what the field does, on the same months and by rules of our own.
//!
//! The last quarter is not looked at: it is kept for judging.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::raw::{Line, ledger};
use super::world::World;

const ORIGINS: [&str; 3] = ["201806", "201809", "201812"];

/// Issues of a series by month.
type Series = BTreeMap<i32, f64>;

/// Mean of |forecast − actual| over the mean absolute change of the history, bias, and share inside the interval of 80 %.
#[derive(Debug, Default)]
struct Marks {
    points: f64,
    scaled: f64,
    signed: f64,
    actual: f64,
    held: f64,
}

impl Marks {
    fn add(&mut self, history: &[f64], forecast: f64, interval: (f64, f64), actual: f64) {
        let steps: Vec<f64> = history.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
        let scale = steps.iter().sum::<f64>() / f64::from(u32::try_from(steps.len().max(1)).unwrap());
        if scale > 0.0 {
            self.points += 1.0;
            self.scaled += (forecast - actual).abs() / scale;
            self.signed += forecast - actual;
            self.actual += actual;
            self.held += f64::from(u8::from((interval.0..=interval.1).contains(&actual)));
        }
    }

    fn mase(&self) -> f64 {
        self.scaled / self.points
    }

    fn bias(&self) -> f64 {
        self.signed / self.actual
    }
}

fn month(period: &str) -> i32 {
    period[..4].parse::<i32>().unwrap() * 12 + period[4..].parse::<i32>().unwrap() - 1
}

#[test]
fn single_series_are_nearer_than_means_and_totals_stay_right() {
    let Some(world) = World::new() else { return };
    let lines: Vec<Line> = ledger(&world.data);
    let mut panel = String::from(
        "series_id,period,value,beginning_balance,received,adjustments,closing_balance,site,product,level1,level2\n",
    );
    let mut series: BTreeMap<String, Series> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.month_number() <= month("201903")) {
        let id = format!("{}_{}", line.site_code, line.product_code);
        let _ = writeln!(
            panel,
            "{id},{},{},{},{},{},{},{},{},{},{}",
            line.period(),
            line.stock_distributed,
            line.stock_initial,
            line.stock_received,
            line.stock_adjustment,
            line.stock_end,
            line.site_code,
            line.product_code,
            line.region,
            line.district
        );
        #[expect(clippy::cast_precision_loss, reason = "a statistic")]
        series.entry(id).or_default().insert(line.month_number(), line.stock_distributed as f64);
    }
    std::fs::write(world.path("panel.csv"), panel).unwrap();

    let forecast = |more: &[&str]| {
        let base = ["forecast", "--panel", "panel.csv", "--horizon", "3", "--out", "forecasts.csv", "--origins"];
        world.mlatho(&[&base, [ORIGINS.join(",").as_str()].as_slice(), more].concat());
        let mut rows = csv::Reader::from_path(world.path("forecasts.csv")).unwrap();
        let (mut own, mut means) = (Marks::default(), Marks::default());
        for row in rows.records().map(Result::unwrap).filter(|row| &row[12] == "issues") {
            let known = &series[&row[1]];
            let Some(actual) = known.get(&month(&row[3])) else { continue };
            let history: Vec<f64> = known.range(..=month(&row[0])).map(|(_, value)| *value).collect();
            let number = |at: usize| row[at].parse::<f64>().unwrap();
            own.add(&history, number(4), (number(6), number(10)), *actual);
            let last = &history[history.len().saturating_sub(3)..];
            let mean = last.iter().sum::<f64>() / f64::from(u32::try_from(last.len()).unwrap());
            means.add(&history, mean, (0.0, 0.0), *actual);
        }
        (own, means)
    };

    // The best single method of the peers is 0.997 times the mean of three months on these origins.
    let (balanced, means) = forecast(&[]);
    assert!(balanced.points > 7_000.0, "{balanced:?}");
    assert!(balanced.mase() <= 0.95 * 0.997 * means.mase(), "{} {}", balanced.mase(), means.mase());
    assert!(balanced.bias().abs() <= 0.1, "{balanced:?}");
    assert!((balanced.held / balanced.points - 0.8).abs() < 0.03, "{balanced:?}");
    let (accurate, means) = forecast(&["--most-accurate"]);
    assert!(accurate.mase() <= 0.91 * 0.997 * means.mase(), "{} {}", accurate.mase(), means.mase());
}
