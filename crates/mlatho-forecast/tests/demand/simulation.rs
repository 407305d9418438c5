//! The simulation of `forecasting.md` 3: daily demand whose month is drawn from a gamma distribution, and stock that
//! runs out in 46 % of months and loses 27.7 % of demand.

use mlatho_forecast::demand::{LedgerMonth, Series, recover};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const SERIES: usize = 3000;
const MONTHS: usize = 12;
const DAYS: u32 = 30;

struct World {
    /// True demand of a month in the long run.
    rates: Vec<f64>,
    ledgers: Vec<Vec<LedgerMonth>>,
    /// What people came for.
    demand: Vec<f64>,
}

fn normal(random: &mut ChaCha8Rng) -> f64 {
    let angle = std::f64::consts::TAU * random.random::<f64>();
    (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt() * angle.cos()
}

/// Marsaglia and Tsang, for shapes below 1 by the power of a uniform variable.
fn gamma(random: &mut ChaCha8Rng, shape: f64) -> f64 {
    if shape < 1.0 {
        return gamma(random, shape + 1.0) * (1.0 - random.random::<f64>()).powf(1.0 / shape);
    }
    let d = shape - 1.0 / 3.0;
    loop {
        let x = normal(random);
        let v = (1.0 + x / (9.0 * d).sqrt()).powi(3);
        if v > 0.0 && (1.0 - random.random::<f64>()).ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v;
        }
    }
}

fn poisson(random: &mut ChaCha8Rng, mean: f64) -> f64 {
    let (mut count, mut product) = (0.0, 1.0 - random.random::<f64>());
    while product > (-mean).exp() {
        count += 1.0;
        product *= 1.0 - random.random::<f64>();
    }
    count
}

/// Each month begins with three quarters of the rate on the shelf in the middle, log-normally spread by 0.8.
fn world(shape: f64, days_known: bool) -> World {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let (mut rates, mut ledgers, mut demand) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..SERIES {
        let rate = 5.0 * 20.0_f64.powf(random.random::<f64>());
        let (mut stock, mut months, mut wanted) = (0.0, Vec::new(), 0.0);
        for _ in 0..MONTHS {
            let daily = rate / f64::from(DAYS) * gamma(&mut random, shape) / shape;
            let opening = stock;
            let received = ((rate * 0.75 * (0.8 * normal(&mut random)).exp()).round() - opening).max(0.0);
            stock += received;
            let mut days_out = 0.0;
            for _ in 0..DAYS {
                let asked = poisson(&mut random, daily);
                wanted += asked;
                if stock <= 0.0 {
                    days_out += 1.0;
                }
                stock = f64::max(stock - asked, 0.0);
            }
            months.push(LedgerMonth {
                days: DAYS,
                opening: Some(opening),
                received: Some(received),
                issued: Some(opening + received - stock),
                adjustments: Some(0.0),
                closing: Some(stock),
                stockout_days: days_known.then_some(days_out),
            });
        }
        rates.push(rate);
        ledgers.push(months);
        demand.push(wanted / 12.0);
    }
    World { rates, ledgers, demand }
}

struct Error {
    bias: f64,
    mean: f64,
}

fn error(rates: &[f64], found: &[f64]) -> Error {
    let count = f64::from(u32::try_from(rates.len()).unwrap());
    let relative = || rates.iter().zip(found).map(|(rate, found)| (found - rate) / rate);
    Error {
        bias: (found.iter().sum::<f64>() - rates.iter().sum::<f64>()) / rates.iter().sum::<f64>(),
        mean: relative().map(f64::abs).sum::<f64>() / count,
    }
}

/// Share of months stocked out, share of demand lost, error of the estimate and of the oracle that saw all demand.
fn judged(world: &World) -> (f64, f64, Error, Error) {
    let months: Vec<&LedgerMonth> = world.ledgers.iter().flatten().collect();
    let out = months.iter().filter(|month| month.closing == Some(0.0)).count();
    let issued: f64 = months.iter().filter_map(|month| month.issued).sum();
    let wanted = world.demand.iter().sum::<f64>() * 12.0;
    let series: Vec<Series> = world.ledgers.iter().map(|months| Series { first: 0, months }).collect();
    let found: Vec<f64> = recover(&series).iter().map(|it| it.mean().unwrap()).collect();
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let share = out as f64 / months.len() as f64;
    (share, 1.0 - issued / wanted, error(&world.rates, &found), error(&world.rates, &world.demand))
}

/// Beside the shape that the reference took, months that vary more and less.
const SHAPES: [f64; 5] = [1.0, 2.0, 4.0, 8.0, 16.0];

#[test]
fn with_days_known_it_is_nearly_as_good_as_having_seen_all_demand() {
    for shape in SHAPES {
        let (_, _, found, oracle) = judged(&world(shape, true));
        assert!(found.mean <= 1.08 * oracle.mean, "shape {shape}: {:.3} of {:.3}", found.mean, oracle.mean);
        assert!(found.bias.abs() <= 0.04, "shape {shape}: bias {:+.3}", found.bias);
    }
}

#[test]
fn with_only_the_empty_shelf_known_it_stays_near() {
    for shape in SHAPES {
        let (_, _, found, oracle) = judged(&world(shape, false));
        assert!(found.mean <= 1.4 * oracle.mean, "shape {shape}: {:.3} of {:.3}", found.mean, oracle.mean);
        assert!(found.bias.abs() <= 0.05, "shape {shape}: bias {:+.3}", found.bias);
    }
}

#[test]
fn the_simulation_is_the_one_of_the_reference() {
    let (out, lost, _, oracle) = judged(&world(4.0, false));
    assert!((out - 0.46).abs() < 0.02 && (lost - 0.277).abs() < 0.02, "{out:.3} {lost:.3}");
    assert!((oracle.mean - 0.129).abs() < 0.003, "{:.3}", oracle.mean);
}
