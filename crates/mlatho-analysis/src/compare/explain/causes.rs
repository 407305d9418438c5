//! What speaks for and against each cause.

use mlatho_model::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::super::Verdict;
use super::score::{Cause, Evidence, Explanation, Score};
use super::view::{View, log, number};
use super::weights::{
    ABOVE, BELOW, CLEAR, HINT, NEAR, NOTICED, PACKS, PROOF, SIDE_EACH, SIDE_MOST, SIDE_OF_UNKNOWN, STRONG, WRITTEN_OFF,
};
use super::{Everything, exact, shown};
use crate::Rational;

/// All causes that the verdict allows, strongest first. Where there is no ratio, the reason is told.
pub(super) fn explain(all: &Everything<'_>, view: &View<'_>) -> Vec<Explanation> {
    let causes: &[(Cause, f64)] = match view.verdict {
        Verdict::Above => &ABOVE,
        Verdict::Below => &BELOW,
        _ if view.has_fact() => &NOTICED,
        _ => &[(Cause::CannotTell, 1.0)],
    };
    let scores = causes.iter().filter_map(|(cause, prior)| {
        let mut score = Score::new(*cause, *prior);
        let possible = match cause {
            Cause::UnderReportedCases => under_reported(view, &mut score),
            Cause::OverReportedCases => over_reported(view, &mut score),
            Cause::PresumptiveTreatment => presumptive(view, &mut score),
            Cause::StockOut => stock_out(view, &mut score),
            Cause::Leakage => leakage(view, &mut score),
            Cause::UnitError => unit_error(view, &mut score),
            Cause::WrongMapping => wrong_mapping(all, view, &mut score),
            Cause::OtherUse => other_use(view, &mut score),
            Cause::LateReport => late_report(view, &mut score),
            Cause::DuplicateReport => duplicate(view, &mut score),
            Cause::DataEntry => data_entry(view, &mut score),
            Cause::CannotTell => cannot_tell(view, &mut score),
        };
        possible.then_some(score)
    });
    Score::explanations(scores.collect())
}

/// How clearly the services moved and the consumption did not: weight above zero, else the other way round. Nothing
/// where what is usual is not known.
fn services_moved(view: &View<'_>) -> Option<f64> {
    let (services, consumption) = (view.services?, view.consumption?);
    let noise = services.noise.hypot(consumption.noise);
    Some((SIDE_EACH * (services.log.abs() - consumption.log.abs()) / noise).clamp(-SIDE_MOST, SIDE_MOST))
}

/// Says which side moved: percent of the usual number.
fn side(view: &View<'_>, score: &mut Score, services: bool, less: f64) {
    let Some(moved) = services_moved(view) else { return };
    let weight = if services { moved } else { -moved } - less;
    let (deviation, names) = if moved > 0.0 {
        (view.services, ("services-rose", "services-fell"))
    } else {
        (view.consumption, ("consumption-rose", "consumption-fell"))
    };
    let Some(log) = deviation.map(|deviation| deviation.log) else { return };
    let name = if log > 0.0 { names.0 } else { names.1 };
    score.add(weight, Evidence::number(name, shown((100.0 * log.exp()).round())));
}

/// Says how many periods in a row are like this one.
fn lasting(view: &View<'_>, score: &mut Score, weight: impl Fn(usize) -> f64) {
    let periods = view.stretch.len();
    score.add(weight(periods), Evidence::number("periods-in-row", Some(Decimal::from(periods))));
}

/// Says whether what shares something with the item is in the same state.
fn shared(score: &mut Score, (with, of): (usize, usize), names: (&'static str, &'static str), weights: (f64, f64)) {
    if of == 0 {
        return;
    }
    let share = |part: usize| part * 4 >= of * 3;
    if share(with) {
        score.add(weights.0, Evidence::number(names.0, Some(Decimal::from(with))));
    } else if share(of - with) {
        score.add(weights.1, Evidence::number(names.1, Some(Decimal::from(of - with))));
    }
}

const FAMILY: (&str, &str) = ("family-too", "family-not");

fn under_reported(view: &View<'_>, score: &mut Score) -> bool {
    side(view, score, true, 0.0);
    lasting(view, score, |periods| if periods > 1 { HINT / 2.0 } else { -HINT / 2.0 });
    shared(score, view.same_services, ("same-services-too", "same-services-not"), (HINT, -CLEAR));
    true
}

fn over_reported(view: &View<'_>, score: &mut Score) -> bool {
    side(view, score, true, 0.0);
    lasting(view, score, |periods| if periods > 1 { HINT / 2.0 } else { -HINT / 2.0 });
    shared(score, view.same_services, ("same-services-too", "same-services-not"), (HINT, -CLEAR));
    true
}

fn presumptive(view: &View<'_>, score: &mut Score) -> bool {
    side(view, score, false, 0.0);
    lasting(view, score, |periods| match periods {
        1 => -CLEAR,
        2 => 0.0,
        _ => HINT,
    });
    if view.rule.tests.is_empty() {
        score.add(-CLEAR, Evidence::plain("no-test-before"));
    } else {
        score.add(HINT, Evidence::plain("test-before"));
    }
    let untested =
        view.figures.tests.zip(view.figures.consumption).and_then(|(tests, treated)| treated.checked_div(tests));
    if let Some(per_test) = untested.filter(|per_test| *per_test > Rational::from(1)) {
        score.add(CLEAR, Evidence::number("treatments-per-test", exact(per_test)));
    }
    shared(score, view.family, FAMILY, (CLEAR, -CLEAR));
    written_off(view, score, (-CLEAR, HINT / 2.0));
    true
}

fn leakage(view: &View<'_>, score: &mut Score) -> bool {
    side(view, score, false, 0.0);
    lasting(view, score, |periods| if periods > 1 { HINT / 2.0 } else { -CLEAR });
    shared(score, view.family, FAMILY, (-CLEAR, HINT / 2.0));
    written_off(view, score, (STRONG, -CLEAR));
    true
}

fn other_use(view: &View<'_>, score: &mut Score) -> bool {
    side(view, score, false, 0.0);
    lasting(view, score, |periods| match periods {
        1 => -STRONG,
        2 | 3 => -HINT,
        4 | 5 => 0.0,
        _ => CLEAR,
    });
    if view.rule.other_uses.is_empty() {
        score.add(-CLEAR, Evidence::plain("no-other-use"));
    } else {
        score.add(CLEAR, Evidence::plain("other-use-stated"));
    }
    if view.usual > band(view).1 {
        score.add(CLEAR, Evidence::number("usual-ratio", shown(view.usual.exp())));
    }
    shared(score, view.family, FAMILY, (-CLEAR, 0.0));
    written_off(view, score, (-CLEAR, HINT / 2.0));
    true
}

/// Logarithms of the ends of the band.
fn band(view: &View<'_>) -> (f64, f64) {
    let log = |end: Decimal| end.to_f64().unwrap_or(0.0).max(1e-9).ln();
    (log(view.rule.band.low), log(view.rule.band.high))
}

/// What was taken off stock without being lost or handed out, as a part of the excess, in most periods of the stretch.
fn written_off(view: &View<'_>, score: &mut Score, weights: (f64, f64)) {
    let known: Vec<(f64, f64)> = view
        .stretch
        .iter()
        .filter_map(|(_, figures)| {
            let excess = number(figures.consumption?) - number(figures.expected?);
            Some((figures.stock.adjustments?, excess))
        })
        .collect();
    if known.is_empty() {
        return;
    }
    let off = known.iter().filter(|(adjusted, excess)| -adjusted > WRITTEN_OFF * excess.max(0.0)).count();
    let (adjusted, excess) = known.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    if off * 3 > known.len() * 2 && excess > 0.0 {
        score.add(weights.0, Evidence::number("written-off", shown((-100.0 * adjusted / excess).round())));
    } else {
        score.add(weights.1, Evidence::plain("nothing-written-off"));
    }
}

fn stock_out(view: &View<'_>, score: &mut Score) -> bool {
    let days = f64::from(view.period.days());
    let out = view.stockout_days();
    if out <= 0.0 {
        // Nothing on the shelf at the end, and no days told.
        let empty = view.figures.stock.closing.is_some_and(|closing| closing <= 0.0);
        if empty {
            score.add(CLEAR, Evidence::plain("nothing-left"));
        } else if let Some(left) = view.figures.stock.closing {
            score.add(-STRONG, Evidence::number("stock-left", shown(left)));
        } else if view.figures.stockout_days.is_some() {
            score.add(-STRONG, Evidence::number("stockout-days", Some(Decimal::ZERO)));
        }
        return view.verdict == Verdict::Below && (empty || view.figures.stock.closing.is_some());
    }
    let told = Evidence::number("stockout-days", view.figures.stockout_days.and_then(exact));
    let (Some(ratio), Verdict::Below) = (view.log_ratio, view.verdict) else {
        score.add(PROOF, told);
        return true;
    };
    if out >= days {
        score.add(PROOF, told); // whatever the demand was, no more could be consumed
        return true;
    }
    score.add(STRONG, told);
    let without = ratio + (days / (days - out)).ln();
    let (low, high) = band(view);
    let corrected = Evidence::number("corrected-ratio", shown(without.exp()));
    // Days are rounded, and not every day is like the others.
    let fits = without > low - NEAR && without < high + NEAR;
    score.add(if fits { CLEAR } else { -CLEAR }, corrected);
    if view.figures.stock.received.is_some_and(|received| received <= 0.0) {
        score.add(HINT, Evidence::plain("nothing-received"));
    }
    true
}

/// The ratio is what is usual here, or in the band, times or by a pack size.
fn unit_error(view: &View<'_>, score: &mut Score) -> bool {
    let found = view.has_finding(&["unit-factor"]);
    if found {
        score.add(STRONG, Evidence::plain("unit-factor-found"));
    }
    let Some(ratio) = view.log_ratio else { return found };
    let sizes = view.rule.consumption.iter().filter_map(|entry| entry.pack_size?.to_f64());
    let sizes: Vec<f64> = sizes.filter(|size| *size > 1.0).collect();
    let own = sizes.first().filter(|first| sizes.iter().all(|size| size == *first));
    if let Some(held) = view.held {
        // In another unit the balance adds up all the same.
        score.add(-STRONG, Evidence::number("held", shown(held)));
    }
    let far = |factor: f64| {
        let step = if view.verdict == Verdict::Below { -factor.ln() } else { factor.ln() };
        let (low, high) = band(view);
        let left = ratio - step;
        let usual = if view.usual > low && view.usual < high { view.usual } else { 0.0 };
        let in_band = left >= low && left <= high;
        (left, if in_band { (left - usual).abs().min(NEAR) } else { (left - usual).abs() })
    };
    let (left, distance) = own.map_or((0.0, f64::MAX), |size| far(*size));
    if distance <= NEAR {
        let weight = PROOF * alike(view, ratio);
        score.add(weight, Evidence::number("pack-size", own.and_then(|size| shown(*size))));
        score.add(HINT, Evidence::number("corrected-ratio", shown(left.exp())));
    } else {
        let near = PACKS.iter().map(|factor| (far(*factor), factor)).filter(|((_, distance), _)| *distance <= NEAR);
        let Some(((left, _), factor)) = near.min_by(|one, other| one.0.1.total_cmp(&other.0.1)) else { return found };
        score.add(STRONG * alike(view, ratio), Evidence::number("factor", shown(*factor)));
        score.add(HINT, Evidence::number("corrected-ratio", shown(left.exp())));
    }
    opening_jumps(view, score);
    true
}

/// The part of the stretch whose ratio is about the same: a factor is one factor, month after month.
fn alike(view: &View<'_>, ratio: f64) -> f64 {
    let logs = view.stretch.iter().filter_map(|(_, figures)| Some(log(figures.consumption?) - log(figures.expected?)));
    let (mut all, mut same) = (0.0f64, 0.0);
    for one in logs {
        all += 1.0;
        same += if (one - ratio).abs() <= 2.0 * NEAR { 1.0 } else { 0.0 };
    }
    if all > 0.0 { same / all } else { 1.0 }
}

/// In another unit the balance does not go on from the one before; a stray number leaves it alone.
fn opening_jumps(view: &View<'_>, score: &mut Score) {
    let before = view.before.and_then(|before| before.stock.closing).filter(|closing| *closing > 0.0);
    let Some((closing, opening)) = before.zip(view.figures.stock.opening) else { return };
    let jump = opening / closing;
    if jump > 4.0 || jump < 0.25 {
        score.add(CLEAR, Evidence::number("opening-jumps", shown(jump)));
    }
}

fn wrong_mapping(all: &Everything<'_>, view: &View<'_>, score: &mut Score) -> bool {
    let found = view.has_finding(&["org-unit-swap"]);
    if found {
        score.add(STRONG, Evidence::plain("swap-found"));
    }
    let Some(item) = all.swapped_with(view) else { return found };
    score.add(PROOF, Evidence { name: "swapped-with", value: None, item: Some(item.clone()) });
    lasting(view, score, |periods| if periods > 1 { HINT } else { 0.0 });
    true
}

fn late_report(view: &View<'_>, score: &mut Score) -> bool {
    if let Some(days) = view.late {
        let weight = if view.verdict == Verdict::Within { PROOF } else { HINT };
        score.add(weight, Evidence::number("days-late", Some(Decimal::from(days))));
    }
    if view.has_finding(&["late-report"]) {
        score.add(HINT, Evidence::plain("late-found"));
    }
    let (Some(before), Some(expected)) = (view.before, view.figures.expected) else { return view.late.is_some() };
    let (name, both) = match (view.verdict, before.consumption, before.expected) {
        (Verdict::Above, None, Some(more)) => (
            "consumption-missing-before",
            view.figures.consumption.and_then(|c| c.checked_div(expected.checked_add(more)?)),
        ),
        (Verdict::Below, Some(more), None) => (
            "services-missing-before",
            view.figures.consumption.and_then(|c| c.checked_add(more)?.checked_div(expected)),
        ),
        _ => return view.late.is_some(),
    };
    let Some(both) = both else { return view.late.is_some() };
    let (low, high) = band(view);
    score.add(CLEAR, Evidence::plain(name));
    let fits = (low..=high).contains(&log(both));
    score.add(if fits { CLEAR } else { -STRONG }, Evidence::number("corrected-ratio", exact(both)));
    true
}

fn duplicate(view: &View<'_>, score: &mut Score) -> bool {
    if view.has_finding(&["duplicate-report", "copied-report"]) {
        score.add(PROOF, Evidence::plain("duplicate-found"));
        return true;
    }
    let doubled = view.log_ratio.is_some_and(|ratio| (ratio - view.usual - 2f64.ln()).abs() < NEAR / 2.0);
    if !doubled || view.verdict != Verdict::Above {
        return false;
    }
    side(view, score, false, 0.0);
    score.add(HINT, Evidence::plain("doubled"));
    lasting(view, score, |periods| if periods > 1 { -STRONG } else { 0.0 });
    true
}

fn data_entry(view: &View<'_>, score: &mut Score) -> bool {
    if let Some(held) = view.held {
        score.add(PROOF, Evidence::number("held", shown(held)));
        return true;
    }
    if !matches!(view.verdict, Verdict::Above | Verdict::Below) {
        return false;
    }
    side(view, score, false, 0.0);
    lasting(view, score, |periods| match periods {
        1 => HINT,
        2 => -HINT,
        _ => -STRONG,
    });
    let stray = |factor: f64| {
        let step = if view.verdict == Verdict::Below { -factor.ln() } else { factor.ln() };
        view.log_ratio.is_some_and(|ratio| (ratio - step - view.usual).abs() < NEAR)
    };
    if let Some(factor) = [10.0, 100.0].into_iter().find(|factor| stray(*factor)) {
        score.add(CLEAR, Evidence::number("stray-digit", shown(factor)));
    }
    if let [_] = view.rule.consumption.as_slice()
        && let Some(left_over) = balance(view)
    {
        if left_over {
            score.add(STRONG, Evidence::plain("balance-broken"));
        } else {
            score.add(-CLEAR, Evidence::plain("balance-holds"));
        }
    }
    true
}

/// Whether opening + received − consumed − losses + adjustments is not closing. Nothing where a number is missing.
fn balance(view: &View<'_>) -> Option<bool> {
    let stock = view.figures.stock;
    let consumed = number(view.figures.consumption?);
    let flows = stock.received? - consumed + stock.adjustments.unwrap_or(0.0) - stock.losses.unwrap_or(0.0);
    let closing = stock.closing?;
    Some((stock.opening? + flows - closing).abs() > 0.01 * closing.abs().max(1.0))
}

/// Something that is not looked for, on whichever side.
fn cannot_tell(view: &View<'_>, score: &mut Score) -> bool {
    for fact in open_facts(view) {
        score.add(HINT, fact);
    }
    if matches!(view.verdict, Verdict::Above | Verdict::Below) {
        if let Some(moved) = services_moved(view) {
            side(view, score, moved > 0.0, SIDE_OF_UNKNOWN);
        }
        lasting(view, score, |periods| match periods {
            1 => HINT,
            2 => 0.0,
            _ => -HINT,
        });
    }
    true
}

/// Why a ratio is undefined or means little.
fn open_facts(view: &View<'_>) -> Vec<Evidence> {
    let figures = view.figures;
    let mut facts = Vec::new();
    if figures.consumption.is_none() {
        facts.push(Evidence::plain("consumption-missing"));
    }
    match (figures.services, figures.consumption) {
        (None, _) => facts.push(Evidence::plain("services-missing")),
        (Some(services), Some(consumption)) if services.is_zero() && !consumption.is_zero() => {
            facts.push(Evidence::plain("stock-without-service"));
        }
        (Some(services), Some(consumption)) if !services.is_zero() && consumption.is_zero() => {
            // Without any day out of stock this is strange, with some it is not.
            if view.stockout_days() <= 0.0 {
                facts.push(Evidence::plain("service-without-stock"));
            }
        }
        (Some(services), _) if services < view.rule.minimum_services.into() => {
            facts.push(Evidence::number("few-services", exact(services)));
        }
        _ => {}
    }
    facts
}
