//! The demo country: an invented country with two halves of health data that do not fit, and a list of what is wrong.
//!
//! Everything is computed from a seed; nothing is read or written. The truth is simulated first (people fall ill, shelves
//! empty and are filled again), then each side reports it in its own names, codes, units and periods, with gaps.

mod catalogue;
mod dice;
mod hmis;
mod lmis;
mod mappings;
mod metadata;
mod names;
mod other_lmis;
mod places;
mod planted;
mod project;
mod requisitions;
mod rules;
mod serve;
mod stock;
mod troubles;

use std::ops::Range;

use mlatho_model::{Period, PeriodType, Uid};

pub use catalogue::{Level, Product, Programme, Service};
pub use hmis::{DataSet, DataSetKind, ServiceValue, StockElement};
pub use mappings::TrueLink;
pub use places::{District, Facility, Region, Renamed};
pub use planted::Planted;
pub use project::{Server, Sources};
pub use stock::Month;
pub use troubles::Cause;

use catalogue::{PRODUCTS, SERVICES};
use dice::Dice;
use hmis::Elements;
use places::Places;
use stock::{Calendar, History};
use troubles::Trouble;

/// How large the country is, and which of all invented countries.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// At least 20, so that every trouble finds a facility; fewer are taken as 20.
    pub facilities: usize,
    /// From 1 to 40; the first ten come from every health programme.
    pub products: usize,
    /// At least 6; fewer are taken as 6.
    pub months: usize,
    pub seed: u64,
    /// The month in which the data begins; of a longer period, its first month.
    pub first_month: Period,
}

/// An invented country: its places, what it hands out, and what happened there.
#[derive(Debug)]
pub struct Country {
    seed: u64,
    /// HMIS identifier of the country as an org unit.
    pub uid: Uid,
    pub regions: Vec<Region>,
    pub districts: Vec<District>,
    pub facilities: Vec<Facility>,
    pub products: &'static [Product],
    pub services: Vec<&'static Service>,
    /// The months of the data, in order.
    pub months: Vec<Period>,
    elements: Elements,
    troubles: Vec<Vec<Trouble>>,
    history: Vec<History>,
}

/// Streams of randomness: see [`Dice`]. Facility `n` has `n` more than the first of its kind.
const ELEMENT_STREAM: u64 = 2;
const HISTORY_STREAM: u64 = 1 << 32;
const LMIS_STREAM: u64 = 2 << 32;
const HMIS_STREAM: u64 = 3 << 32;

impl Country {
    /// Makes the country. The same spec makes the same country on every machine.
    #[must_use]
    pub fn generate(spec: &Spec) -> Self {
        let months = months(spec.first_month, spec.months.max(6));
        let products = &PRODUCTS[..spec.products.clamp(1, PRODUCTS.len())];
        let used = |service: &&Service| products.iter().any(|product| product.service == service.code);
        let services: Vec<&Service> = SERVICES.iter().filter(used).collect();
        let Places { uid, regions, districts, facilities } =
            Places::new(spec.seed, spec.facilities.max(20), months.len());
        let troubles = troubles::plant(spec.seed, &facilities, products, months.len());
        let calendar: Vec<(usize, i32)> = months.iter().map(|month| (of_year(*month), days(*month))).collect();
        let history = (HISTORY_STREAM..)
            .zip(facilities.iter().zip(&troubles))
            .map(|(stream, (facility, troubles))| {
                let mut dice = Dice::new(spec.seed, stream);
                stock::simulate(facility, troubles, products, &services, Calendar { months: &calendar }, &mut dice)
            })
            .collect();
        let elements = Elements::new(&services, products, &mut Dice::new(spec.seed, ELEMENT_STREAM));
        Self {
            seed: spec.seed,
            uid,
            regions,
            districts,
            facilities,
            products,
            services,
            months,
            elements,
            troubles,
            history,
        }
    }

    /// What happened to a product at a facility, month by month, in dispensing units. Nothing, where the facility does
    /// not manage it.
    #[must_use]
    pub fn truth(&self, facility: usize, product: usize) -> Option<&[Month]> {
        self.history.get(facility)?.stock.get(product)?.as_deref()
    }

    /// The periods for which a facility sends stock reports, with the places of their months.
    fn reporting_periods(&self, facility: &Facility) -> Vec<(Period, Range<usize>)> {
        if facility.quarterly {
            return self.quarters();
        }
        let open = (0..self.months.len()).filter(|month| facility.is_open(*month));
        open.map(|month| (self.months[month], month..month + 1)).collect()
    }

    /// The quarters whose months are all there.
    fn quarters(&self) -> Vec<(Period, Range<usize>)> {
        let mut quarters = Vec::new();
        for (at, three) in self.months.windows(3).enumerate() {
            let quarter = Period::containing(PeriodType::Quarterly, three[0].start());
            quarters.extend(quarter.filter(|quarter| quarter.start() == three[0].start()).map(|q| (q, at..at + 3)));
        }
        quarters
    }
}

fn months(first: Period, count: usize) -> Vec<Period> {
    let first = Period::containing(PeriodType::Monthly, first.start());
    std::iter::successors(first, |month| month.next()).take(count).collect()
}

fn of_year(month: Period) -> usize {
    usize::try_from(month.start().month() - 1).unwrap_or(0)
}

fn days(month: Period) -> i32 {
    i32::try_from(month.days()).unwrap_or(30)
}
