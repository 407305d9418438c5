//! What the rules need of the repository, read month by month.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use mlatho_analysis::compare::{ConsumptionItem, Point, Rule};
use mlatho_model::{ItemId, Measure, OrgUnitId, Period, Value};
use mlatho_store::{Current, Filter, StoreError, TermKind};

use super::align::align;
use crate::figures::figures;
use crate::names::Names;

/// The numbers of one org unit, item, measure and split, in the order of their months.
type Series = Vec<(Period, Value)>;

/// Series by the numbers that the repository gives to org unit and split.
type OrgUnits = BTreeMap<(i32, i32), Series>;

/// All numbers that some rule needs, and nothing else.
pub(super) struct Numbers {
    series: HashMap<(ItemId, Measure), OrgUnits>,
    org_units: HashMap<i32, OrgUnitId>,
}

impl Numbers {
    /// Reads the figures; a figure of which a part is held is withheld as a whole.
    pub(super) fn read<'a>(current: &Current, rules: impl Iterator<Item = &'a Rule>) -> Result<Self, StoreError> {
        let terms = current.terms();
        let mut numbers = Self { series: HashMap::new(), org_units: HashMap::new() };
        let (consumption, services): (Vec<_>, Vec<_>) = rules.map(|rule| (consumption(rule), services(rule))).unzip();
        let needed: BTreeSet<(ItemId, Measure)> = consumption.into_iter().chain(services).flatten().collect();
        let known: HashMap<(i32, i32), (ItemId, Measure)> = needed
            .into_iter()
            .filter_map(|(item, measure)| {
                let key = (terms.find(TermKind::Item, item.as_str())?, terms.find(TermKind::Measure, measure.name())?);
                Some((key, (item, measure)))
            })
            .collect();
        if known.is_empty() {
            return Ok(numbers); // an empty list of measures would ask for all
        }
        let measures: BTreeSet<i32> = known.keys().map(|(_, measure)| *measure).collect();
        let filter = Filter { measures: measures.into_iter().collect(), ..Filter::default() };
        let mut names = Names::default();
        for month in current.months()? {
            let rows = current.rows_without_lineage(month, &filter)?;
            figures(&rows, terms, &mut names, |figure| {
                let Some(of) = known.get(&(figure.item, figure.measure)) else { return };
                let org_units = numbers.series.entry(of.clone()).or_default();
                let place = (figure.org_unit, figure.disaggregation);
                org_units.entry(place).or_default().push((figure.period, figure.value));
                if !numbers.org_units.contains_key(&figure.org_unit)
                    && let Ok(id) = terms.text(TermKind::OrgUnit, figure.org_unit).parse()
                {
                    numbers.org_units.insert(figure.org_unit, id);
                }
            });
        }
        Ok(numbers)
    }

    /// The points of consumption and of services of a rule, in its periods where a stated rule leads to them.
    pub(super) fn points(&self, rule: &Rule) -> (Vec<Point>, Vec<Point>) {
        let points = |needed: BTreeSet<(ItemId, Measure)>| {
            let mut points = Vec::new();
            for of in needed {
                let (item, measure) = &of;
                for ((org_unit, _), series) in self.series.get(&of).into_iter().flatten() {
                    let Some(org_unit) = self.org_units.get(org_unit) else { continue };
                    points.extend(align(series, measure, rule.period_type).into_iter().map(|(period, value)| Point {
                        org_unit: org_unit.clone(),
                        item: item.clone(),
                        measure: measure.clone(),
                        period,
                        value,
                    }));
                }
            }
            points
        };
        (points(consumption(rule)), points(services(rule)))
    }
}

/// What explains consumption.
const STOCK: [Measure; 6] = [
    Measure::OpeningBalance,
    Measure::Received,
    Measure::Losses,
    Measure::Adjustments,
    Measure::ClosingBalance,
    Measure::StockoutDays,
];

/// What counts as consumption, and the other numbers of the stock reports of its items.
fn consumption(rule: &Rule) -> BTreeSet<(ItemId, Measure)> {
    let measures = |entry: &ConsumptionItem| STOCK.into_iter().chain([entry.measure.clone()]);
    let entries = rule.consumption.iter();
    entries.flat_map(|entry| measures(entry).map(|measure| (entry.item.clone(), measure))).collect()
}

fn services(rule: &Rule) -> BTreeSet<(ItemId, Measure)> {
    let counts = rule.services.iter().chain(&rule.tests);
    counts.map(|entry| (entry.item.clone(), entry.measure())).collect()
}
