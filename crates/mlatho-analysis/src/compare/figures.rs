//! Adds the points of each side up to one figure for each org unit and period.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use mlatho_model::{Measure, OrgUnitId, Period, Value};
use rust_decimal::prelude::ToPrimitive;

use super::{Point, Rule};
use crate::Rational;

/// What is known of one org unit in one period.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Figures {
    /// In treatments.
    pub(super) consumption: Option<Rational>,
    /// Service events.
    pub(super) services: Option<Rational>,
    /// Treatments that the service events are expected to take.
    pub(super) expected: Option<Rational>,
    /// The most days that one of the items was out of stock.
    pub(super) stockout_days: Option<Rational>,
    /// Tests that come before the treatment.
    pub(super) tests: Option<Rational>,
    pub(super) stock: Stock,
}

/// The other numbers of the stock reports, in treatments, for statistics. Nothing where no item has the number.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stock {
    pub(super) opening: Option<f64>,
    pub(super) received: Option<f64>,
    pub(super) adjustments: Option<f64>,
    pub(super) losses: Option<f64>,
    pub(super) closing: Option<f64>,
}

impl Stock {
    fn add(&mut self, measure: &Measure, treatments: f64) {
        let place = match measure {
            Measure::OpeningBalance => &mut self.opening,
            Measure::Received => &mut self.received,
            Measure::Adjustments => &mut self.adjustments,
            Measure::Losses => &mut self.losses,
            Measure::ClosingBalance => &mut self.closing,
            _ => return,
        };
        *place = Some(place.unwrap_or(0.0) + treatments);
    }
}

impl Figures {
    /// Consumption ÷ expected. Nothing where a side is missing or nothing is expected.
    pub(super) fn ratio(&self) -> Option<Rational> {
        self.consumption?.checked_div(self.expected?)
    }
}

/// All org units and the periods that occur on both sides, and how many points were of another period type.
pub(super) struct Table {
    pub(super) figures: BTreeMap<(OrgUnitId, Period), Figures>,
    pub(super) other_period_types: usize,
}

/// What the points of one entry of the rule say together.
#[derive(Clone, Copy, Debug, Default)]
enum Cell {
    #[default]
    NoPoint,
    NotApplicable,
    Sum(Rational),
    /// A part is missing, so that the whole is.
    Missing,
}

impl Cell {
    fn add(&mut self, value: &Value) {
        *self = match (&*self, value) {
            (Self::Missing, _) | (_, Value::Missing(_) | Value::Suppressed(_)) => Self::Missing,
            (Self::Sum(sum), Value::Reported(number)) => {
                sum.checked_add((*number).into()).map_or(Self::Missing, Self::Sum)
            }
            (_, Value::Reported(number)) => Self::Sum((*number).into()),
            (Self::Sum(sum), Value::NotApplicable) => Self::Sum(*sum),
            (Self::NoPoint | Self::NotApplicable, Value::NotApplicable) => Self::NotApplicable,
        };
    }
}

/// The cells of one side for each org unit and period, one cell for each entry of the rule.
#[derive(Default)]
struct Side {
    cells: HashMap<(OrgUnitId, Period), Vec<Cell>>,
    /// Entries that an org unit has a point of in any period. One that it never has is not managed there.
    managed: HashMap<OrgUnitId, Vec<bool>>,
    periods: BTreeSet<Period>,
}

impl Side {
    fn add(&mut self, entries: usize, entry: usize, point: &Point) {
        self.periods.insert(point.period);
        let key = (point.org_unit.clone(), point.period);
        let cells = self.cells.entry(key).or_insert_with(|| vec![Cell::NoPoint; entries]);
        if let Some(cell) = cells.get_mut(entry) {
            cell.add(&point.value);
        }
        let managed = self.managed.entry(point.org_unit.clone()).or_insert_with(|| vec![false; entries]);
        if let Some(managed) = managed.get_mut(entry).filter(|_| point.value != Value::NotApplicable) {
            *managed = true;
        }
    }

    /// Σ sum × weight over the managed entries. Nothing where one of them is missing or none is there.
    fn total(&self, key: &(OrgUnitId, Period), weights: &[Rational]) -> Option<Rational> {
        let cells = self.cells.get(key)?;
        let managed = self.managed.get(&key.0)?;
        let mut total = None;
        for ((cell, managed), weight) in cells.iter().zip(managed).zip(weights) {
            match cell {
                Cell::Sum(sum) => {
                    let part = sum.checked_mul(*weight)?;
                    total = Some(total.unwrap_or(Rational::ZERO).checked_add(part)?);
                }
                Cell::Missing => return None,
                Cell::NoPoint if *managed => return None,
                Cell::NoPoint | Cell::NotApplicable => {}
            }
        }
        total
    }
}

/// Points of the same org unit, item, measure and period are added up (they are splits of one number); stockout days
/// are not: there the longest counts.
pub(super) fn table(rule: &Rule, consumption: &[Point], services: &[Point]) -> Table {
    let in_type = |point: &&Point| point.period.period_type() == rule.period_type;
    let mut stock: HashMap<(OrgUnitId, Period), Stock> = HashMap::new();
    let mut stockout_days: HashMap<(OrgUnitId, Period), Rational> = HashMap::new();
    let (mut consumed, mut served) = (Side::default(), Side::default());
    for point in consumption.iter().filter(in_type) {
        let of_item = |entry: &super::ConsumptionItem| entry.item == point.item;
        if point.measure == Measure::StockoutDays && rule.consumption.iter().any(of_item) {
            if let Some(days) = point.value.reported() {
                let key = (point.org_unit.clone(), point.period);
                let longest = stockout_days.entry(key).or_insert(Rational::ZERO);
                *longest = (*longest).max(days.into());
            }
        } else if let Some(entry) =
            rule.consumption.iter().position(|entry| entry.item == point.item && entry.measure == point.measure)
        {
            consumed.add(rule.consumption.len(), entry, point);
        } else if let Some(entry) = rule.consumption.iter().find(|entry| of_item(entry))
            && let Some(units) = point.value.reported().and_then(|units| units.to_f64())
        {
            let per_case = entry.units_per_case.to_f64().unwrap_or(1.0);
            let stock = stock.entry((point.org_unit.clone(), point.period)).or_default();
            stock.add(&point.measure, units / per_case);
        }
    }
    let mut tested = Side::default();
    for (list, side) in [(&rule.services, &mut served), (&rule.tests, &mut tested)] {
        let measures: Vec<Measure> = list.iter().map(super::ServiceElement::measure).collect();
        for point in services.iter().filter(in_type) {
            let mut entries = list.iter().zip(&measures);
            let of_point = |(entry, measure): (&super::ServiceElement, &Measure)| {
                entry.item == point.item && *measure == point.measure
            };
            if let Some(entry) = entries.position(of_point) {
                side.add(list.len(), entry, point);
            }
        }
    }
    let other_period_types = consumption.iter().chain(services).filter(|point| !in_type(point)).count();

    let one = Rational::from(1);
    let per_case = rule
        .consumption
        .iter()
        .map(|entry| one.checked_div(entry.units_per_case.into()).unwrap_or(one))
        .collect::<Vec<_>>();
    let weights: Vec<Rational> = rule.services.iter().map(|entry| entry.weight.into()).collect();
    let tests: Vec<Rational> = rule.tests.iter().map(|entry| entry.weight.into()).collect();
    let ones = vec![one; weights.len()];
    let keys: BTreeSet<_> = consumed.cells.keys().chain(served.cells.keys()).cloned().collect();
    let both =
        keys.into_iter().filter(|(_, period)| consumed.periods.contains(period) && served.periods.contains(period));
    let figures = both.map(|key| {
        let figures = Figures {
            consumption: consumed.total(&key, &per_case),
            services: served.total(&key, &ones),
            expected: served.total(&key, &weights),
            stockout_days: stockout_days.get(&key).copied(),
            tests: tested.total(&key, &tests),
            stock: stock.get(&key).copied().unwrap_or_default(),
        };
        (key, figures)
    });
    Table { figures: figures.collect(), other_period_types }
}
