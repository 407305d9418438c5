//! Demand recovered from the site ledgers, and what ordering by it would do for the shelves.

use std::collections::BTreeMap;

use mlatho_forecast::demand::{Label, LedgerMonth, Recovered, Series, recover};
use mlatho_forecast::supply::{Buffer, Outlook, Policy};
use mlatho_model::Decimal;

use super::raw::{self, Line};

/// A site's months, from its first report to its last.
struct Site {
    first: i32,
    months: Vec<LedgerMonth>,
}

/// The sites of each product and region.
fn groups() -> Option<Vec<Vec<Site>>> {
    let mut groups: BTreeMap<(String, String), BTreeMap<String, BTreeMap<i32, LedgerMonth>>> = BTreeMap::new();
    for line in raw::ledger(&crate::data_set("civ-contraceptive")?) {
        let (number, month) = (line.month_number(), month(&line));
        let sites = groups.entry((line.product_code, line.region)).or_default();
        sites.entry(line.site_code).or_default().insert(number, month);
    }
    let site = |months: &BTreeMap<i32, LedgerMonth>| {
        let (first, last) = (*months.keys().next().unwrap(), *months.keys().next_back().unwrap());
        let silent = LedgerMonth { days: 30, ..LedgerMonth::default() };
        Site { first, months: (first..=last).map(|at| months.get(&at).copied().unwrap_or(silent)).collect() }
    };
    Some(groups.values().map(|sites| sites.values().map(site).collect()).collect())
}

fn month(line: &Line) -> LedgerMonth {
    let number = |units: i64| Some(f64::from(i32::try_from(units).unwrap())).filter(|units| *units >= 0.0);
    LedgerMonth {
        days: 30,
        opening: number(line.stock_initial),
        received: number(line.stock_received),
        issued: number(line.stock_distributed),
        adjustments: Some(f64::from(i32::try_from(line.stock_adjustment).unwrap())),
        closing: number(line.stock_end),
        stockout_days: Some(line.stock_stockout_days.into()),
    }
}

fn recovered(group: &[Site]) -> Vec<Recovered> {
    let series: Vec<Series> = group.iter().map(|site| Series { first: site.first, months: &site.months }).collect();
    recover(&series)
}

/// The column of stock-out days is zero in every row, and every third row closes at zero: the days are not believed,
/// the empty shelves are, and no month is dropped.
#[test]
fn empty_shelves_are_seen_although_no_day_is_recorded() {
    let Some(groups) = groups() else { return };
    let (mut issued, mut found, mut missing) = (0.0, 0.0, 0);
    for group in &groups {
        for (site, recovered) in group.iter().zip(recovered(group)) {
            assert_eq!(recovered.months.len(), site.months.len());
            for (month, demand) in site.months.iter().zip(recovered.months.iter().flatten()) {
                match month.closing {
                    None => missing += i32::from(demand.label == Label::MissingEstimated),
                    Some(left) if left > 0.0 => assert_eq!(Some(demand.mean), month.issued),
                    Some(_) => assert_eq!(demand.label, Label::CensoredEstimated, "{month:?}"),
                }
                issued += month.issued.unwrap_or(0.0);
                found += if demand.label == Label::MissingEstimated { 0.0 } else { demand.mean };
            }
        }
    }
    eprintln!("demand over issues: {:.2}; months without a report: {missing}", found / issued);
    assert!(missing > 2000 && found > issued && found < 1.8 * issued);
}

/// In every third month the shelf gets no more than what the site issues in a middling month, whoever comes: what was
/// issued beyond it is hidden, and found again.
#[test]
fn demand_that_is_hidden_on_purpose_is_found_again() {
    let Some(mut groups) = groups() else { return };
    let (mut true_demand, mut left_over, mut found) = (0.0, 0.0, 0.0);
    for group in &mut groups {
        let mut hidden = Vec::new();
        for (at, site) in group.iter_mut().enumerate() {
            let whole = |month: &LedgerMonth| month.issued.filter(|issued| *issued > 0.0 && month.closing > Some(0.0));
            let mut usual: Vec<f64> = site.months.iter().filter_map(whole).collect();
            usual.sort_by(f64::total_cmp);
            let Some(&middle) = usual.get(usual.len() / 2) else { continue };
            for (number, month) in site.months.iter_mut().enumerate().filter(|(number, _)| number % 3 == at % 3) {
                let Some(issued) = whole(month).filter(|issued| *issued > middle) else { continue };
                *month = LedgerMonth {
                    opening: Some(middle),
                    received: Some(0.0),
                    issued: Some(middle),
                    adjustments: Some(0.0),
                    closing: Some(0.0),
                    ..*month
                };
                true_demand += issued;
                left_over += middle;
                hidden.push((at, number));
            }
        }
        let recovered = recovered(group);
        found += hidden.iter().map(|&(at, number)| recovered[at].months[number].unwrap().mean).sum::<f64>();
    }
    eprintln!("of hidden demand: issued {:.2}, found {:.2}", left_over / true_demand, found / true_demand);
    let (missed_before, missed) = ((left_over / true_demand - 1.0).abs(), (found / true_demand - 1.0).abs());
    assert!(missed < missed_before / 4.0, "{missed} of {missed_before}");
}

struct Outcome {
    average_stock: f64,
    days_out: f64,
}

/// Orders each month up to what the rule wants on hand and on order; they arrive a month later. Half a year is not
/// counted. Demand is what was recovered; a rule sees only what it lets issue.
fn replay(demand: &[Vec<Vec<f64>>], wanted: &dyn Fn(&[Vec<LedgerMonth>]) -> Vec<f64>) -> Outcome {
    let mut outcome = Outcome { average_stock: 0.0, days_out: 0.0 };
    for group in demand {
        let mut ledgers: Vec<Vec<LedgerMonth>> = vec![Vec::new(); group.len()];
        let mut stock: Vec<f64> = group.iter().map(|months| 2.0 * months[0]).collect();
        let mut coming = vec![0.0; group.len()];
        for month in 0..group.iter().map(Vec::len).max().unwrap_or_default() {
            let wanted = if month == 0 { stock.clone() } else { wanted(&ledgers) };
            for (at, months) in group.iter().enumerate() {
                let Some(asked) = months.get(month) else { continue };
                let (opening, received) = (stock[at], coming[at]);
                coming[at] = f64::max(wanted[at].ceil() - opening - received, 0.0);
                let available = opening + received;
                let issued = asked.min(available);
                stock[at] = available - issued;
                if month >= 6 {
                    outcome.average_stock += f64::midpoint(available, stock[at]);
                    outcome.days_out += if issued < *asked { 30.0 * (1.0 - issued / asked) } else { 0.0 };
                }
                ledgers[at].push(LedgerMonth {
                    days: 30,
                    opening: Some(opening),
                    received: Some(received),
                    issued: Some(issued),
                    adjustments: Some(0.0),
                    closing: Some(stock[at]),
                    stockout_days: None,
                });
            }
        }
    }
    outcome
}

fn by_average(months_of_stock: f64) -> impl Fn(&[Vec<LedgerMonth>]) -> Vec<f64> {
    move |ledgers| {
        let wanted = |ledger: &Vec<LedgerMonth>| {
            let last: Vec<f64> = ledger.iter().rev().take(3).filter_map(|month| month.issued).collect();
            last.iter().sum::<f64>() / f64::from(u8::try_from(last.len()).unwrap()) * months_of_stock
        };
        ledgers.iter().map(wanted).collect()
    }
}

fn by_demand(ledgers: &[Vec<LedgerMonth>]) -> Vec<f64> {
    let policy = Policy {
        lead_months: 1,
        lead_spread: 0.0,
        review_months: 1,
        buffer: Buffer::ServiceLevel(0.9),
        least_months: None,
        most_months: None,
    };
    let series: Vec<Series> = ledgers.iter().map(|months| Series { first: 0, months }).collect();
    let wanted = recover(&series).into_iter().map(|found| {
        let level = found.level.unwrap();
        let monthly = vec![Decimal::try_from(level.mean).unwrap()];
        let outlook = Outlook { monthly, spread: (1.0 / level.shape).sqrt(), doubt: 0.0 };
        f64::try_from(policy.bounds(&outlook, 0).max).unwrap()
    });
    wanted.collect()
}

#[test]
fn at_the_same_average_stock_shelves_are_empty_on_fewer_days() {
    let Some(groups) = groups() else { return };
    let long = |found: Recovered| {
        let months: Vec<f64> = found.months.iter().flatten().map(|month| month.mean.round()).collect();
        (months.len() >= 24).then_some(months)
    };
    let demand: Vec<Vec<Vec<f64>>> =
        groups.iter().map(|group| recovered(group).into_iter().filter_map(long).collect()).collect();
    let ours = replay(&demand, &by_demand);
    let (mut low, mut high) = (0.2, 30.0);
    for _ in 0..25 {
        let middle = f64::midpoint(low, high);
        let more = replay(&demand, &by_average(middle)).average_stock < ours.average_stock;
        (low, high) = if more { (middle, high) } else { (low, middle) };
    }
    let habit = replay(&demand, &by_average(high));
    eprintln!(
        "days out: {:.0} by recovered demand, {:.0} by {high:.2} months of mean issues",
        ours.days_out, habit.days_out
    );
    assert!((habit.average_stock / ours.average_stock - 1.0).abs() < 0.01);
    assert!(ours.days_out < habit.days_out);
}
