//! What is wrong in the country, and since when: planted on purpose, with its label.

use super::catalogue::{Level, Product, Programme, SERVICES};
use super::dice::Dice;
use super::places::Facility;
use super::rules::{BUSY_PRODUCTS, other_uses};

/// Why the numbers of the two sides, or of one side, do not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    UnderReportedCases,
    PresumptiveTreatment,
    StockOut,
    Leakage,
    UnitError,
    LateReport,
    DuplicateReport,
    DataEntry,
    OverReportedCases,
    WrongMapping,
    OtherUse,
    /// The numbers differ, and nothing in them says why.
    CannotTell,
}

impl Cause {
    pub const ALL: [Self; 12] = [
        Self::UnderReportedCases,
        Self::PresumptiveTreatment,
        Self::StockOut,
        Self::Leakage,
        Self::UnitError,
        Self::LateReport,
        Self::DuplicateReport,
        Self::DataEntry,
        Self::OverReportedCases,
        Self::WrongMapping,
        Self::OtherUse,
        Self::CannotTell,
    ];

    /// The stable name, as in `planted.csv`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnderReportedCases => "under-reported-cases",
            Self::PresumptiveTreatment => "presumptive-treatment",
            Self::StockOut => "stock-out",
            Self::Leakage => "leakage",
            Self::UnitError => "unit-error",
            Self::LateReport => "late-report",
            Self::DuplicateReport => "duplicate-report",
            Self::DataEntry => "data-entry",
            Self::OverReportedCases => "over-reported-cases",
            Self::WrongMapping => "wrong-mapping",
            Self::OtherUse => "other-use",
            Self::CannotTell => "cannot-tell",
        }
    }

    /// Out of a hundred facilities, how many suffer from it.
    const fn per_hundred(self) -> usize {
        match self {
            Self::StockOut | Self::LateReport => 5,
            Self::UnderReportedCases | Self::UnitError | Self::DataEntry => 4,
            Self::PresumptiveTreatment
            | Self::Leakage
            | Self::OverReportedCases
            | Self::WrongMapping
            | Self::OtherUse => 3,
            Self::DuplicateReport | Self::CannotTell => 2,
        }
    }

    /// How many months it lasts, shortest and longest.
    const fn lasts(self) -> (i32, i32) {
        match self {
            Self::UnderReportedCases => (4, 8),
            Self::PresumptiveTreatment => (6, 10),
            Self::StockOut | Self::LateReport => (2, 4),
            Self::Leakage | Self::OverReportedCases | Self::WrongMapping => (3, 6),
            Self::OtherUse => (8, 12),
            Self::UnitError => (1, 2),
            Self::DuplicateReport | Self::DataEntry | Self::CannotTell => (1, 1),
        }
    }
}

/// One trouble at one facility.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    pub(super) cause: Cause,
    /// Months, both included.
    pub(super) from: usize,
    pub(super) to: usize,
    /// The products that it touches; empty: the whole report.
    pub(super) products: Vec<usize>,
    /// How strong: multiplies cases or consumption.
    pub(super) factor: f64,
}

impl Trouble {
    pub(super) fn is_on(&self, month: usize) -> bool {
        (self.from..=self.to).contains(&month)
    }

    pub(super) fn touches(&self, cause: Cause, product: usize, month: usize) -> bool {
        self.cause == cause && self.is_on(month) && self.products.contains(&product)
    }
}

/// The troubles of each facility. A facility has one at most, so that each shows undisturbed by the others.
pub(super) fn plant(seed: u64, facilities: &[Facility], products: &[Product], months: usize) -> Vec<Vec<Trouble>> {
    let mut dice = Dice::new(seed, 1);
    let mut planted = vec![Vec::new(); facilities.len()];
    let order = dice.shuffled(facilities.len());
    let mut free: Vec<usize> = order.into_iter().filter(|at| facilities[*at].is_plain()).collect();
    for cause in Cause::ALL {
        for _ in 0..(facilities.len() * cause.per_hundred() / 100).max(1) {
            let fits = |at: &usize| !candidates(cause, facilities[*at].level, products).is_empty();
            let Some(place) = free.iter().rposition(fits) else { continue };
            let at = free.swap_remove(place);
            planted[at].push(trouble(cause, facilities[at].level, products, months, &mut dice));
        }
    }
    planted
}

/// Products that a cause may touch at a facility of that level, busy ones only: in small numbers nothing shows.
fn candidates(cause: Cause, level: Level, products: &[Product]) -> Vec<usize> {
    let fits = |product: &Product| match cause {
        Cause::PresumptiveTreatment => is_act(product),
        Cause::UnitError => product.pack > 1,
        Cause::OtherUse => other_uses(product.item).is_some(),
        Cause::WrongMapping => confused_with(product, level, products).is_some(),
        _ => true,
    };
    let busy = |at: &usize| *at < BUSY_PRODUCTS;
    (0..products.len()).filter(|at| products[*at].level <= level && fits(&products[*at])).filter(busy).collect()
}

/// A busy product of the same programme whose code may stand in its place. Of two that are handed out nearly as often
/// as each other nothing would show.
fn confused_with(product: &Product, level: Level, products: &[Product]) -> Option<usize> {
    let rate = |product: &Product| SERVICES.iter().find(|service| service.code == product.service).map(|s| s.per_1000);
    let apart = |one: f64, other: f64| one.max(other) > 1.5 * one.min(other);
    products.iter().take(BUSY_PRODUCTS).position(|other| {
        other.item != product.item
            && other.programme == product.programme
            && other.level <= level
            && rate(product).zip(rate(other)).is_some_and(|(one, other)| apart(one, other))
    })
}

pub(super) fn is_act(product: &Product) -> bool {
    product.programme == Programme::Malaria && product.item.starts_with("AL")
}

fn trouble(cause: Cause, level: Level, products: &[Product], months: usize, dice: &mut Dice) -> Trouble {
    let (shortest, longest) = cause.lasts();
    let length = usize::try_from(dice.between(shortest, longest)).unwrap_or(1).min(months);
    // After the first quarter of the time, so that there is a quiet stretch to compare with.
    let earliest = (months / 4).min(months - length);
    let from = earliest + dice.place(months - length - earliest + 1);
    let candidates = candidates(cause, level, products);
    let products = match cause {
        Cause::LateReport | Cause::DuplicateReport => vec![],
        Cause::PresumptiveTreatment => candidates,
        Cause::UnderReportedCases | Cause::OverReportedCases => {
            with_same_service(candidates[dice.place(candidates.len())], level, products)
        }
        Cause::WrongMapping => {
            let product = candidates[dice.place(candidates.len())];
            std::iter::once(product).chain(confused_with(&products[product], level, products)).collect()
        }
        _ => vec![candidates[dice.place(candidates.len())]],
    };
    let spread = dice.fraction();
    let factor = match cause {
        Cause::UnderReportedCases => 0.3 + 0.2 * spread,
        Cause::PresumptiveTreatment => 1.7 + 0.6 * spread,
        Cause::Leakage | Cause::CannotTell => 1.6 + 0.5 * spread,
        Cause::OverReportedCases => 1.7 + 0.8 * spread,
        Cause::OtherUse => 1.5 + 0.5 * spread,
        _ => 1.0,
    };
    Trouble { cause, from, to: from + length - 1, products, factor }
}

/// Cases that are not reported, or that never were, show with every product of the service.
fn with_same_service(product: usize, level: Level, products: &[Product]) -> Vec<usize> {
    let service = products[product].service;
    (0..products.len()).filter(|at| products[*at].service == service && products[*at].level <= level).collect()
}
