//! How much there is of each product, and for how long, as of the last month that holds stock reports.

use std::collections::BTreeMap;

use mlatho_analysis::amc::{Consumption, average_monthly_consumption};
use mlatho_analysis::{MonthsOfStock, Rational, Rounding, months_of_stock};
use mlatho_model::{Decimal, Measure, Period, Value};
use mlatho_store::{Current, Filter, TermKind};

use crate::PipelineError;
use crate::figures::figures;
use crate::names::Names;

/// Months of history that averages look at (`indicators.md` D3).
const HISTORY: usize = 6;

/// The stock of all products.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StockStatus {
    /// The month that it speaks of; none where no month holds a stock on hand.
    pub month: Option<Period>,
    /// Most facilities without stock first.
    pub products: Vec<ProductStock>,
}

/// One product over all org units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductStock {
    pub item: String,
    /// As persons call it; the id, where nobody said.
    pub name: String,
    /// Org units whose stock on hand is known.
    pub known: usize,
    /// Those among them that have none (`indicators.md` S1).
    pub stocked_out: usize,
    /// Org units that reported the product in the months before, and whose stock on hand is not known now.
    pub silent: usize,
    /// Stock on hand over the org units where it and the average are known, in units of the project.
    pub stock: Decimal,
    /// Average monthly consumption over the same org units (`indicators.md` L2), exact; none where there is no such.
    pub average: Option<Rational>,
    /// How many org units these are.
    pub pairs: usize,
}

impl ProductStock {
    /// `Σ E ÷ Σ AMC` over the pairs where both exist (`indicators.md` L3 and rule 4).
    #[must_use]
    pub fn months(&self) -> MonthsOfStock {
        months_of_stock((self.pairs > 0).then_some(self.stock), self.average)
    }

    /// The average as a number.
    #[must_use]
    pub fn average_number(&self) -> Option<Decimal> {
        self.average?.rounded(6, Rounding::HalfEven)
    }

    /// The months as a number; none where they are undefined.
    #[must_use]
    pub fn months_number(&self) -> Option<Decimal> {
        match self.months() {
            MonthsOfStock::Months(months) => months.rounded(6, Rounding::HalfEven),
            MonthsOfStock::NoUse | MonthsOfStock::CheckStockOut | MonthsOfStock::Unknown => None,
        }
    }
}

/// What an org unit said of a product, by period.
#[derive(Debug, Default)]
struct History {
    closing: BTreeMap<Period, Decimal>,
    consumed: BTreeMap<Period, Decimal>,
    stockout_days: BTreeMap<Period, Decimal>,
}

impl History {
    /// The average over the months that end with this one.
    fn average(&self, months: &[Period]) -> Option<Rational> {
        let days = |period: &Period| {
            let days = self.stockout_days.get(period).map(Decimal::round);
            days.and_then(|days| u32::try_from(days.mantissa()).ok())
        };
        let month = |period: &Period| Consumption::of_month(*period, self.consumed.get(period).copied(), days(period));
        average_monthly_consumption(&months.iter().map(month).collect::<Vec<_>>()).map(|average| average.per_month)
    }
}

impl StockStatus {
    /// Looks at the monthly reports of the last six months that hold any.
    ///
    /// # Errors
    /// A file of the repository cannot be read.
    pub(crate) fn of(current: &Current) -> Result<Self, PipelineError> {
        let terms = current.terms();
        let wanted = [Measure::ClosingBalance, Measure::Consumed, Measure::StockoutDays];
        let measures: Vec<i32> = wanted.iter().filter_map(|own| terms.find(TermKind::Measure, own.name())).collect();
        let Some(closing) = terms.find(TermKind::Measure, Measure::ClosingBalance.name()) else {
            return Ok(Self::default());
        };
        let filter = Filter { measures, ..Filter::default() };
        let mut histories: BTreeMap<(i32, i32), History> = BTreeMap::new();
        let (mut months, mut names): (Vec<Period>, Names) = (Vec::new(), Names::default());
        for month in current.months()?.into_iter().rev() {
            if months.len() == HISTORY {
                break;
            }
            let rows = current.rows_without_lineage(month, &filter)?;
            let mut has_stock = false;
            figures(&rows, terms, &mut names, |figure| {
                let Value::Reported(number) = figure.value else { return };
                if figure.period != month || figure.disaggregation != 0 {
                    return; // quarters and splits are series of their own
                }
                let history = histories.entry((figure.item, figure.org_unit)).or_default();
                let series = if figure.measure == closing {
                    has_stock = true;
                    &mut history.closing
                } else if Some(figure.measure) == terms.find(TermKind::Measure, Measure::Consumed.name()) {
                    &mut history.consumed
                } else {
                    &mut history.stockout_days
                };
                series.insert(month, number);
            });
            // What comes after the last stock report is no month to speak of.
            if has_stock || !months.is_empty() {
                months.push(month);
            }
        }
        months.reverse();
        let Some(last) = months.last().copied() else { return Ok(Self::default()) };
        let mut products: Vec<ProductStock> = Vec::new();
        for ((item, _), history) in &histories {
            let id = terms.text(TermKind::Item, *item);
            if products.last().is_none_or(|product| product.item != id) {
                let name = terms.term(TermKind::Item, *item).map(|term| term.name.clone()).unwrap_or_default();
                products.push(ProductStock {
                    item: id.to_owned(),
                    name: if name.is_empty() { id.to_owned() } else { name },
                    known: 0,
                    stocked_out: 0,
                    silent: 0,
                    stock: Decimal::ZERO,
                    average: None,
                    pairs: 0,
                });
            }
            let Some(product) = products.last_mut() else { continue };
            product.add(history, &months, last);
        }
        products.retain(|product| product.known + product.silent > 0);
        products.sort_by(|one, other| other.stocked_out.cmp(&one.stocked_out).then_with(|| one.name.cmp(&other.name)));
        Ok(Self { month: Some(last), products })
    }
}

impl ProductStock {
    fn add(&mut self, history: &History, months: &[Period], last: Period) {
        let Some(stock) = history.closing.get(&last) else {
            self.silent += usize::from(!history.closing.is_empty());
            return;
        };
        self.known += 1;
        self.stocked_out += usize::from(stock.is_zero());
        let Some(average) = history.average(months) else { return };
        if let Some(sum) = self.average.unwrap_or(Rational::ZERO).checked_add(average) {
            self.average = Some(sum);
            self.stock = self.stock.saturating_add(*stock);
            self.pairs += 1;
        }
    }
}
