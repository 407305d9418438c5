//! The service side as a DHIS2 server holds it: data elements, data sets and data values, in units and events.

use mlatho_model::{Measure, Period, PeriodType, Uid};

use super::dice::{Dice, whole};
use super::troubles::Cause;
use super::{Country, HMIS_STREAM, Product, Service};

/// A data element that receives stock data.
#[derive(Clone, Debug)]
pub struct StockElement {
    pub uid: Uid,
    /// `<ITEM>_<MEASURE>`, with `_Q` behind it for reports by quarter.
    pub code: String,
    pub name: String,
    pub item: &'static str,
    pub measure: Measure,
    pub value_type: &'static str,
    pub aggregation_type: &'static str,
    pub period_type: PeriodType,
}

/// What a data set is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataSetKind {
    Services,
    Stock,
}

/// A data set of the server.
#[derive(Clone, Debug)]
pub struct DataSet {
    pub uid: Uid,
    pub code: &'static str,
    pub name: &'static str,
    pub kind: DataSetKind,
    pub period_type: PeriodType,
}

/// One service count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceValue {
    pub data_element: Uid,
    pub org_unit: Uid,
    pub period: Period,
    /// Zero is a reported number.
    pub value: i32,
}

/// Every data element and data set.
#[derive(Debug)]
pub(super) struct Elements {
    /// In the order of [`Country::services`].
    pub(super) services: Vec<Uid>,
    pub(super) stock: Vec<StockElement>,
    pub(super) data_sets: Vec<DataSet>,
}

/// What is delivered of a stock report, with its name, value type and aggregation type (`dhis2.md` section 9).
const DELIVERED: [(Measure, &str, &str, &str); 6] = [
    (Measure::Received, "received", "INTEGER_ZERO_OR_POSITIVE", "SUM"),
    (Measure::Consumed, "consumed", "INTEGER_ZERO_OR_POSITIVE", "SUM"),
    (Measure::Losses, "losses", "INTEGER_ZERO_OR_POSITIVE", "SUM"),
    (Measure::Adjustments, "adjustments", "INTEGER", "SUM"),
    (Measure::ClosingBalance, "stock on hand", "INTEGER_ZERO_OR_POSITIVE", "LAST_IN_PERIOD"),
    (Measure::StockoutDays, "stockout days", "INTEGER_ZERO_OR_POSITIVE", "SUM"),
];

/// Months and elements that a facility leaves out of its service report.
const NOT_REPORTED: f64 = 0.025;
const LEFT_OUT: f64 = 0.01;

impl Elements {
    pub(super) fn new(services: &[&Service], products: &[Product], dice: &mut Dice) -> Self {
        let mut data_sets = Vec::new();
        for (code, name, kind, period_type) in [
            ("HMIS_MONTHLY", "Health services, monthly", DataSetKind::Services, PeriodType::Monthly),
            ("HMIS_QUARTERLY", "Health services, quarterly", DataSetKind::Services, PeriodType::Quarterly),
            ("LMIS_MONTHLY", "Stock reports, monthly", DataSetKind::Stock, PeriodType::Monthly),
            ("LMIS_QUARTERLY", "Stock reports, quarterly", DataSetKind::Stock, PeriodType::Quarterly),
        ] {
            data_sets.push(DataSet { uid: dice.uid(), code, name, kind, period_type });
        }
        let services = services.iter().map(|_| dice.uid()).collect();
        let mut stock = Vec::new();
        for product in products {
            for (measure, word, value_type, aggregation_type) in DELIVERED {
                for (period_type, ending, mark) in
                    [(PeriodType::Monthly, "", ""), (PeriodType::Quarterly, ", by quarter", "_Q")]
                {
                    stock.push(StockElement {
                        uid: dice.uid(),
                        code: format!("{}_{}{mark}", product.item, measure.name().to_uppercase()),
                        name: format!("{}: {word}{ending}", product.name),
                        item: product.item,
                        measure: measure.clone(),
                        value_type,
                        aggregation_type,
                        period_type,
                    });
                }
            }
        }
        Self { services, stock, data_sets }
    }
}

impl Country {
    /// The data elements that receive stock data; see [`StockElement::code`].
    #[must_use]
    pub fn stock_elements(&self) -> &[StockElement] {
        &self.elements.stock
    }

    /// The data sets of the server: services and stock, by month and by quarter.
    #[must_use]
    pub fn data_sets(&self) -> &[DataSet] {
        &self.elements.data_sets
    }

    /// Each service with the identifier of its data element.
    pub fn service_elements(&self) -> impl Iterator<Item = (Uid, &'static Service)> {
        self.elements.services.iter().copied().zip(self.services.iter().copied())
    }

    /// What the facilities reported of their services. What was left out is not there; zero is a report.
    #[must_use]
    pub fn service_values(&self) -> Vec<ServiceValue> {
        let mut values = Vec::new();
        for (at, stream) in (0..self.facilities.len()).zip(HMIS_STREAM..) {
            self.values_of(at, &mut Dice::new(self.seed, stream), &mut values);
        }
        values
    }

    fn values_of(&self, at: usize, dice: &mut Dice, values: &mut Vec<ServiceValue>) {
        let facility = &self.facilities[at];
        let reported: Vec<bool> = (0..self.months.len())
            .map(|month| facility.is_open(month) && (!dice.chance(NOT_REPORTED) || self.is_troubled(at, month)))
            .collect();
        let quarters = self.quarters();
        for ((uid, service), events) in self.service_elements().zip(&self.history[at].events) {
            let Some(events) = events else { continue };
            let counted: Vec<i32> = events
                .iter()
                .enumerate()
                .map(|(month, count)| whole(f64::from(*count) * self.share_reported(at, service, month) + 0.5))
                .collect();
            let mut add = |period, value| {
                values.push(ServiceValue { data_element: uid, org_unit: facility.uid, period, value });
            };
            if service.quarterly {
                for (quarter, months) in
                    quarters.iter().filter(|(_, months)| reported[months.clone()].iter().all(|r| *r))
                {
                    add(*quarter, counted[months.clone()].iter().sum());
                }
                continue;
            }
            for (month, period) in self.months.iter().enumerate().filter(|(month, _)| reported[*month]) {
                if self.is_troubled(at, month) || !dice.chance(LEFT_OUT) {
                    add(*period, counted[month]);
                }
            }
        }
    }

    /// Whether something is planted at a facility in a month: it then reports, so that the trouble shows.
    fn is_troubled(&self, facility: usize, month: usize) -> bool {
        self.troubles[facility].iter().any(|trouble| trouble.is_on(month))
    }

    /// How many times the cases find their way into the report.
    fn share_reported(&self, facility: usize, service: &Service, month: usize) -> f64 {
        let wrong = self.troubles[facility].iter().find(|trouble| {
            let of_service = |product: &usize| self.products[*product].service == service.code;
            matches!(trouble.cause, Cause::UnderReportedCases | Cause::OverReportedCases)
                && trouble.is_on(month)
                && trouble.products.iter().any(of_service)
        });
        wrong.map_or(1.0, |trouble| trouble.factor)
    }
}
