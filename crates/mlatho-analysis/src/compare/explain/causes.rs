//! What speaks for and against each cause.

use mlatho_model::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::super::figures::Figures;
use super::super::{Rule, Verdict};
use super::score::{Cause, Evidence, Explanation, Score};
use super::view::{View, number};
use super::weights::{
    ABOVE, BELOW, CLEAR, HINT, NEAR, NOTICED, PROOF, SIDE_EACH, SIDE_MOST, SIDE_OF_UNKNOWN, STRONG, WRITTEN_OFF,
};
use super::{Everything, exact, faults, shown};
use crate::Rational;

/// All causes that the verdict allows, strongest first. Where there is no ratio, the reason is told.
pub(super) fn explain(all: &Everything<'_>, view: &View<'_>) -> Vec<Explanation> {
    let causes: &[(Cause, f64)] = match view.verdict {
        Verdict::Above => &ABOVE,
        Verdict::Below => &BELOW,
        _ => &NOTICED,
    };
    let scores = causes.iter().filter_map(|(cause, prior)| {
        let mut score = Score::new(*cause, *prior);
        let possible = match cause {
            Cause::UnderReportedCases => under_reported(view, &mut score),
            Cause::OverReportedCases => over_reported(view, &mut score),
            Cause::PresumptiveTreatment => presumptive(view, &mut score),
            Cause::StockOut => stock_out(view, &mut score),
            Cause::Leakage => leakage(view, &mut score),
            Cause::UnitError => faults::unit_error(view, &mut score),
            Cause::WrongMapping => faults::wrong_mapping(all, view, &mut score),
            Cause::OtherUse => other_use(view, &mut score),
            Cause::LateReport => faults::late_report(view, &mut score),
            Cause::DuplicateReport => faults::duplicate(view, &mut score),
            Cause::DataEntry => faults::data_entry(view, &mut score),
            Cause::CannotTell => cannot_tell(view, &mut score),
        };
        possible.then_some(score)
    });
    Score::explanations(scores.collect())
}

/// Of a point without a ratio: nothing can be told, and why.
pub(super) fn open(rule: &Rule, figures: &Figures) -> Vec<Explanation> {
    let support = open_facts(rule, figures);
    vec![Explanation { cause: Cause::CannotTell, support, against: Vec::new(), strength: Decimal::ONE }]
}

/// How clearly the services moved and the consumption did not: weight above zero, else the other way round. Nothing
/// where what is usual is not known.
fn services_moved(view: &View<'_>) -> Option<f64> {
    let (services, consumption) = (view.services?, view.consumption?);
    let noise = services.noise.hypot(consumption.noise);
    Some((SIDE_EACH * (services.log.abs() - consumption.log.abs()) / noise).clamp(-SIDE_MOST, SIDE_MOST))
}

/// Says which side moved: percent of the usual number.
pub(super) fn side(view: &View<'_>, score: &mut Score, services: bool, less: f64) {
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
pub(super) fn lasting(view: &View<'_>, score: &mut Score, weight: impl Fn(usize) -> f64) {
    let periods = view.stretch.len();
    score.add(weight(periods), Evidence::number("periods-in-row", Some(Decimal::from(periods))));
}

/// Says that most org units are in the same state in this period: no facility does that alone.
pub(super) fn everywhere(view: &View<'_>, score: &mut Score, weight: f64) {
    if let Some(percent) = view.everywhere {
        score.add(weight, Evidence::number("everywhere", shown(percent.round())));
    }
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
    everywhere(view, score, -HINT);
    lasting(view, score, |periods| if periods > 1 { HINT / 2.0 } else { -HINT / 2.0 });
    shared(score, view.same_services, ("same-services-too", "same-services-not"), (HINT, -CLEAR));
    true
}

fn over_reported(view: &View<'_>, score: &mut Score) -> bool {
    side(view, score, true, 0.0);
    everywhere(view, score, -HINT);
    lasting(view, score, |periods| if periods > 1 { HINT / 2.0 } else { -HINT / 2.0 });
    shared(score, view.same_services, ("same-services-too", "same-services-not"), (HINT, -CLEAR));
    true
}

fn presumptive(view: &View<'_>, score: &mut Score) -> bool {
    side(view, score, false, 0.0);
    everywhere(view, score, -HINT);
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
    everywhere(view, score, -CLEAR);
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
    if view.usual() > band(view).1 {
        score.add(CLEAR, Evidence::number("usual-ratio", shown(view.usual().exp())));
    }
    shared(score, view.family, FAMILY, (-CLEAR, 0.0));
    written_off(view, score, (-CLEAR, HINT / 2.0));
    true
}

/// Logarithms of the ends of the band.
pub(super) fn band(view: &View<'_>) -> (f64, f64) {
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
    let out = view.facts.stockout_days;
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

/// Something that is not looked for, on whichever side.
fn cannot_tell(view: &View<'_>, score: &mut Score) -> bool {
    for fact in open_facts(view.rule, view.figures) {
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
        for needed in &view.rule.needs {
            score.note(Evidence { name: "would-need", value: None, about: Some(needed.clone()) });
        }
    }
    true
}

/// Why a ratio is undefined or means little.
fn open_facts(rule: &Rule, figures: &Figures) -> Vec<Evidence> {
    let mut facts = Vec::new();
    if figures.consumption.is_none() {
        facts.push(Evidence::plain("consumption-missing"));
    }
    match (figures.services, figures.consumption) {
        (None, _) => facts.push(Evidence::plain("services-missing")),
        (Some(services), Some(consumption)) if services.is_zero() && !consumption.is_zero() => {
            facts.push(Evidence::plain("stock-without-service"));
        }
        // With days out of stock it is no wonder.
        (Some(services), Some(consumption))
            if !services.is_zero() && consumption.is_zero() && figures.stockout_days.is_none_or(Rational::is_zero) =>
        {
            facts.push(Evidence::plain("service-without-stock"));
        }
        (Some(services), _) if services < rule.minimum_services.into() => {
            facts.push(Evidence::number("few-services", exact(services)));
        }
        _ => {}
    }
    facts
}
