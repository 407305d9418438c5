//! Inventory replay: facilities that see only what they issue, supplied by two rules over the same days of demand.

use mlatho_forecast::demand::{LedgerMonth, Series, recover};
use mlatho_forecast::supply::{Buffer, Outlook, Policy};
use mlatho_model::Decimal;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const MONTHS: usize = 36;
const DAYS: usize = 30;
/// Months that are not counted: both rules begin with nothing but a guess.
const WARMING_UP: usize = 6;

/// Units asked for, by facility, month and day: rates of 3 to 150 a month, months that vary like a gamma variable of
/// shape 3 (the product of three uniform variables has the logarithm of one), and a slow trend.
fn demand() -> Vec<Vec<Vec<f64>>> {
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let mut uniform = move || 1.0 - random.random::<f64>();
    let facility = |_| {
        let rate = 3.0 * 50.0_f64.powf(uniform());
        let trend = 1.0 + 0.02 * (uniform() - 0.5);
        let mut level = rate / 30.0;
        let month = |_| {
            level *= trend;
            let daily = level * -(uniform() * uniform() * uniform()).ln() / 3.0;
            let mut day = || {
                let (mut count, mut product) = (0.0, uniform());
                while product > (-daily).exp() {
                    count += 1.0;
                    product *= uniform();
                }
                count
            };
            (0..DAYS).map(|_| day()).collect()
        };
        (0..MONTHS).map(month).collect()
    };
    (0..150).map(facility).collect()
}

struct Outcome {
    average_stock: f64,
    days_out: f64,
}

/// Orders at the beginning of each month, up to what the rule wants on hand and on order; they arrive a month later.
fn replay(demand: &[Vec<Vec<f64>>], wanted: &dyn Fn(&[Vec<LedgerMonth>]) -> Vec<f64>) -> Outcome {
    let mut ledgers: Vec<Vec<LedgerMonth>> = vec![Vec::new(); demand.len()];
    let mut stock: Vec<f64> = demand.iter().map(|months| 2.0 * months[0].iter().sum::<f64>()).collect();
    let mut coming: Vec<f64> = vec![0.0; demand.len()];
    let mut outcome = Outcome { average_stock: 0.0, days_out: 0.0 };
    let mut days: Vec<_> = demand.iter().map(|months| months.iter()).collect();
    for month in 0..MONTHS {
        let wanted = if month == 0 { stock.clone() } else { wanted(&ledgers) };
        for (at, ledger) in ledgers.iter_mut().enumerate() {
            let opening = stock[at];
            let received = std::mem::take(&mut coming[at]);
            coming[at] = (wanted[at].ceil() - opening - received).max(0.0);
            stock[at] += received;
            for asked in days[at].next().unwrap() {
                if month >= WARMING_UP {
                    outcome.average_stock += stock[at];
                    outcome.days_out += f64::from(u8::from(stock[at] <= 0.0));
                }
                stock[at] = (stock[at] - asked).max(0.0);
            }
            ledger.push(LedgerMonth {
                days: 30,
                opening: Some(opening),
                received: Some(received),
                issued: Some(opening + received - stock[at]),
                adjustments: Some(0.0),
                closing: Some(stock[at]),
                stockout_days: None,
            });
        }
    }
    outcome
}

/// The habit of the field: the mean issues of three months, times months of stock.
fn by_average(months_of_stock: f64) -> impl Fn(&[Vec<LedgerMonth>]) -> Vec<f64> {
    move |ledgers| {
        let wanted = |ledger: &Vec<LedgerMonth>| {
            let last: Vec<f64> = ledger.iter().rev().take(3).filter_map(|month| month.issued).collect();
            last.iter().sum::<f64>() / f64::from(u8::try_from(last.len()).unwrap()) * months_of_stock
        };
        ledgers.iter().map(wanted).collect()
    }
}

/// Max of recovered demand at a service level.
fn by_demand(ledgers: &[Vec<LedgerMonth>]) -> Vec<f64> {
    let policy = Policy {
        lead_months: 1,
        lead_spread: 0.0,
        review_months: 1,
        buffer: Buffer::ServiceLevel(0.95),
        least_months: None,
        most_months: None,
    };
    let series: Vec<Series> = ledgers.iter().map(|months| Series { first: 0, months }).collect();
    let wanted = recover(&series).into_iter().map(|found| {
        let level = found.level.unwrap();
        let outlook = Outlook {
            monthly: vec![Decimal::try_from(level.mean).unwrap()],
            spread: (1.0 / level.shape).sqrt(),
            doubt: 0.0,
        };
        f64::try_from(policy.bounds(&outlook, 0).max).unwrap()
    });
    wanted.collect()
}

#[test]
fn at_the_same_average_stock_shelves_are_empty_on_fewer_days() {
    let demand = demand();
    let ours = replay(&demand, &by_demand);
    let (mut low, mut high) = (0.5, 20.0);
    for _ in 0..30 {
        let middle = f64::midpoint(low, high);
        if replay(&demand, &by_average(middle)).average_stock < ours.average_stock {
            low = middle;
        } else {
            high = middle;
        }
    }
    let habit = replay(&demand, &by_average(high));
    assert!((habit.average_stock / ours.average_stock - 1.0).abs() < 0.01);
    assert!(ours.days_out < habit.days_out, "{} and {} days", ours.days_out, habit.days_out);
}
