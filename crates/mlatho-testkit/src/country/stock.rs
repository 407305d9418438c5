//! What happened at a facility: demand, services and stock, month by month.

use super::catalogue::{Product, Service};
use super::dice::{Dice, whole};
use super::places::Facility;
use super::troubles::{Cause, Trouble};

/// The truth about one product in one month, in dispensing units.
///
/// `opening + received − consumed − losses + adjustments = closing`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Month {
    pub opening: i32,
    pub received: i32,
    pub consumed: i32,
    pub losses: i32,
    /// Signed.
    pub adjustments: i32,
    pub closing: i32,
    pub stockout_days: i32,
    pub ordered: i32,
}

/// What happened at one facility.
#[derive(Clone, Debug)]
pub(super) struct History {
    /// By product, then month; nothing for a product that the facility does not manage.
    pub(super) stock: Vec<Option<Vec<Month>>>,
    /// By service, then month: events. Nothing for a service that the facility does not give.
    pub(super) events: Vec<Option<Vec<i32>>>,
}

/// The calendar of the simulation.
#[derive(Clone, Copy)]
pub(super) struct Calendar<'a> {
    /// Calendar month (0 for January) and days of each month.
    pub(super) months: &'a [(usize, i32)],
}

pub(super) fn simulate(
    facility: &Facility,
    troubles: &[Trouble],
    products: &[Product],
    services: &[&Service],
    calendar: Calendar<'_>,
    dice: &mut Dice,
) -> History {
    let manages = |product: &Product| product.level <= facility.level;
    let mut events: Vec<Option<Vec<i32>>> = services
        .iter()
        .map(|service| {
            let given = products.iter().any(|product| product.service == service.code && manages(product));
            given.then(|| demand(service, facility, calendar, dice))
        })
        .collect();
    let mut stock = Vec::with_capacity(products.len());
    for (at, product) in products.iter().enumerate() {
        let service = services.iter().position(|service| service.code == product.service).filter(|_| manages(product));
        let Some(cases) = service.and_then(|service| events[service].as_mut()) else {
            stock.push(None);
            continue;
        };
        let procedure = service.is_some_and(|service| services[service].procedure);
        let troubles: Vec<&Trouble> = troubles.iter().filter(|trouble| trouble.products.contains(&at)).collect();
        stock.push(Some(Shelf { product, at, procedure, calendar, troubles: &troubles }.run(cases, dice)));
    }
    History { stock, events }
}

/// How often a service is asked for, by month.
fn demand(service: &Service, facility: &Facility, calendar: Calendar<'_>, dice: &mut Dice) -> Vec<i32> {
    let popularity = 1.0 + 0.2 * dice.normal().clamp(-2.0, 2.0);
    let usual = service.per_1000 * f64::from(facility.catchment) / 1000.0 * popularity;
    let season = service.season.factors();
    let mut years = 0.0;
    let mut series = Vec::with_capacity(calendar.months.len());
    for (month, (of_year, _)) in calendar.months.iter().enumerate() {
        let noise = 1.0 + 0.05 * dice.normal();
        let mean = usual * season[of_year % 12] * (1.0 + service.growth * years) * noise;
        series.push(if facility.is_open(month) { dice.count(mean) } else { 0 });
        years += 1.0 / 12.0;
    }
    series
}

/// One product at one facility.
struct Shelf<'a> {
    product: &'a Product,
    at: usize,
    procedure: bool,
    calendar: Calendar<'a>,
    troubles: &'a [&'a Trouble],
}

/// Months of use that an order fills up to.
const ORDER_UP_TO: i32 = 4;

impl Shelf<'_> {
    /// Hands out for the cases while stock lasts. A procedure that finds no stock is not done: its cases shrink.
    fn run(&self, cases: &mut [i32], dice: &mut Dice) -> Vec<Month> {
        let course = self.product.units_per_case;
        let mut stock = self.packs_up(cases.iter().take(3).sum::<i32>() * course + 2 * course);
        let mut ordered = stock;
        let mut recent = [cases.first().copied().unwrap_or(0) * course; 3];
        let mut history = Vec::with_capacity(cases.len());
        for (month, cases) in cases.iter_mut().enumerate() {
            let on = |cause| self.troubles.iter().find(|trouble| trouble.touches(cause, self.at, month));
            let interrupted = on(Cause::StockOut).is_some();
            let opening = stock;
            // An interruption starts with an empty shelf soon: what is there is taken back for other facilities.
            let recalled =
                if interrupted && opening > recent[0] / 2 { self.courses(opening - recent[0] / 3) } else { 0 };
            let received = if interrupted { 0 } else { self.packs_up(self.filled(ordered, dice)) };
            let losses = self.lost(opening - recalled, dice);
            let mut adjustments = self.adjusted(opening - recalled - losses, dice) - recalled;
            let noise = 1.0 + 0.05 * dice.normal();
            let wanted = dice.rounded(f64::from(*cases) * noise);
            let more = [Cause::PresumptiveTreatment, Cause::OtherUse, Cause::CannotTell].into_iter().find_map(on);
            let treated = more.map_or(wanted, |trouble| whole(f64::from(wanted) * trouble.factor));
            let available = opening + received - losses + adjustments;
            let served = treated.min(available / course);
            let mut consumed = served * course;
            if let Some(leak) = on(Cause::Leakage) {
                // Most of what vanishes is written up as handed out, some as an adjustment without a reason.
                let vanished = whole(f64::from(served) * (leak.factor - 1.0)).min(available / course - served).max(0);
                let adjusted = vanished / 4;
                consumed += (vanished - adjusted) * course;
                adjustments -= adjusted * course;
            }
            let stockout_days = self.days_out(month, treated, served, dice);
            if self.procedure && served < treated {
                *cases = (*cases).min(served);
            }
            stock = opening + received - consumed - losses + adjustments;
            recent.rotate_right(1);
            recent[0] = if stockout_days > 0 { treated * course } else { consumed };
            let need = ORDER_UP_TO * recent.iter().sum::<i32>() / 3;
            ordered = self.packs_up((need - stock).max(0));
            history.push(Month {
                opening,
                received,
                consumed,
                losses,
                adjustments,
                closing: stock,
                stockout_days,
                ordered,
            });
        }
        history
    }

    fn packs_up(&self, units: i32) -> i32 {
        (units + self.product.pack - 1) / self.product.pack * self.product.pack
    }

    /// The part of the units that makes whole courses.
    fn courses(&self, units: i32) -> i32 {
        units.max(0) / self.product.units_per_case * self.product.units_per_case
    }

    /// Nine orders out of ten are filled, the others in part.
    fn filled(&self, ordered: i32, dice: &mut Dice) -> i32 {
        if dice.chance(0.9) { ordered } else { self.courses(whole(f64::from(ordered) * (0.6 + 0.4 * dice.fraction()))) }
    }

    /// Expired or damaged: rare.
    fn lost(&self, stock: i32, dice: &mut Dice) -> i32 {
        if dice.chance(0.03) { self.courses(whole(f64::from(stock) * 0.06 * dice.fraction())) } else { 0 }
    }

    /// Given to or taken from a neighbour: rare.
    fn adjusted(&self, stock: i32, dice: &mut Dice) -> i32 {
        if !dice.chance(0.04) {
            return 0;
        }
        let moved = self.courses(whole(f64::from(stock) * 0.08 * dice.fraction()));
        if dice.chance(0.5) { moved } else { -moved }
    }

    /// The part of the month in which demand found an empty shelf.
    fn days_out(&self, month: usize, wanted: i32, served: i32, dice: &mut Dice) -> i32 {
        if served >= wanted {
            return 0;
        }
        let days = self.calendar.months[month].1;
        let share = f64::from(wanted - served) / f64::from(wanted);
        dice.rounded(f64::from(days) * share).clamp(1, days)
    }
}
