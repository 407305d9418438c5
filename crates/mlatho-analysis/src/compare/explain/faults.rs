//! What speaks for and against causes that lie in how numbers were written down, counted and handed on.

use mlatho_model::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::super::Verdict;
use super::causes::{band, everywhere, lasting, side};
use super::score::{Evidence, Score};
use super::view::{View, log, number};
use super::weights::{CLEAR, HINT, NEAR, PACKS, PACKS_TRIED, PROOF, STRONG};
use super::{Everything, exact, shown};

/// The ratio is a pack size away from what it should be: from what is usual here, or from one.
pub(super) fn unit_error(view: &View<'_>, score: &mut Score) -> bool {
    let used = view.figures.consumption.is_none_or(|consumption| !consumption.is_zero());
    let Some(ratio) = view.log_ratio.filter(|_| used) else { return false };
    let sizes = view.rule.consumption.iter().filter_map(|entry| entry.pack_size?.to_f64());
    let sizes: Vec<f64> = sizes.filter(|size| *size > 1.0).collect();
    let own = sizes.first().filter(|first| sizes.iter().all(|size| size.total_cmp(first).is_eq()));
    let common = PACKS.iter().map(|size| ("factor", *size, -PACKS_TRIED));
    let tried = common.chain(own.map(|size| ("pack-size", *size, 0.0))); // of equals the last is taken
    let weighed = tried
        .map(|(name, size, less)| (name, size, (factor(view, ratio, size) + less).min(PROOF), whole_packs(view, size)));
    let total = |one: &(&str, f64, f64, f64)| one.2 + one.3;
    let left = |size: f64| (ratio - step(view, size)).abs();
    let best =
        weighed.max_by(|one, other| total(one).total_cmp(&total(other)).then(left(other.1).total_cmp(&left(one.1))));
    let Some((name, size, weight, whole)) = best.filter(|best| total(best) > 0.0) else { return false };
    score.add(weight * alike(view, ratio), Evidence::number(name, shown(size)));
    if name == "pack-size" {
        score.add(CLEAR, Evidence::plain("pack-size-stated"));
    }
    score.add(whole, Evidence::number(if whole > 0.0 { "whole-packs" } else { "broken-packs" }, shown(size)));
    score.add(HINT, Evidence::number("corrected-ratio", shown((ratio - step(view, size)).exp())));
    everywhere(view, score, CLEAR);
    if let Some(held) = view.facts.held {
        // In another unit the balance adds up all the same.
        score.add(-STRONG, Evidence::number("held", shown(held)));
    }
    side(view, score, false, 0.0);
    opening_jumps(view, score);
    true
}

/// The step that a factor makes, as a logarithm.
fn step(view: &View<'_>, size: f64) -> f64 {
    if view.verdict == Verdict::Below { -size.ln() } else { size.ln() }
}

/// Logarithm of how much more likely the ratio is with the factor than without. With it, ratio ÷ factor lies around
/// what is usual here by the noise of the ratio, or around one by three quarters where nothing in the band is usual; without,
/// ratios lie around one by one, all as natural logarithms.
fn factor(view: &View<'_>, ratio: f64, size: f64) -> f64 {
    let left = ratio - step(view, size);
    let around = |middle: f64, noise: f64| -noise.ln() - ((left - middle) / noise).powi(2) / 2.0;
    let usual = view.usual_ratio.map(|usual| around(usual.log, usual.noise.max(NEAR / 2.0)));
    let (low, high) = band(view);
    let is_in_band = view.usual_ratio.is_some_and(|usual| usual.log >= low && usual.log <= high);
    let unknown = (!is_in_band).then(|| around(0.0, 0.75));
    let with = [usual, unknown].into_iter().flatten().fold(f64::NEG_INFINITY, f64::max);
    with + ratio.powi(2) / 2.0
}

/// What was multiplied by a pack size can be divided by it, all through the stretch. Nothing can be told of one item
/// among several, of treatments that are whole packs anyway, and of what is too low.
fn whole_packs(view: &View<'_>, size: f64) -> f64 {
    let [entry] = view.rule.consumption.as_slice() else { return 0.0 };
    let per_case = entry.units_per_case.to_f64().unwrap_or(1.0);
    let divides = |number: f64| (number / size - (number / size).round()).abs() < 1e-6;
    if view.verdict != Verdict::Above || divides(per_case) {
        return 0.0;
    }
    let consumed = view.stretch.iter().filter_map(|(_, figures)| figures.consumption).map(|one| number(one) * per_case);
    let consumed: Vec<f64> = consumed.filter(|units| *units > 0.0).collect();
    if !consumed.iter().all(|units| divides(*units)) {
        return -CLEAR;
    }
    match consumed.len() {
        0..3 => HINT,
        3..6 => STRONG,
        _ => PROOF,
    }
}

/// The part of the stretch whose ratio is about the same: a factor is one factor, month after month.
fn alike(view: &View<'_>, ratio: f64) -> f64 {
    let near = 2.0 * view.usual_ratio.map_or(NEAR, |usual| usual.noise.max(NEAR));
    let logs = view.stretch.iter().filter_map(|(_, figures)| Some(log(figures.consumption?) - log(figures.expected?)));
    let (mut all, mut same) = (0.0f64, 0.0);
    for one in logs {
        all += 1.0;
        same += if (one - ratio).abs() <= near { 1.0 } else { 0.0 };
    }
    if all > 0.0 { same / all } else { 1.0 }
}

/// In another unit the balance does not go on from the one before; a stray number leaves it alone.
fn opening_jumps(view: &View<'_>, score: &mut Score) {
    let before = view.before.and_then(|before| before.stock.closing).filter(|closing| *closing > 0.0);
    let Some((closing, opening)) = before.zip(view.figures.stock.opening) else { return };
    let jump = opening / closing;
    if !(0.25..=4.0).contains(&jump) {
        score.add(CLEAR, Evidence::number("opening-jumps", shown(jump)));
    }
}

pub(super) fn wrong_mapping(all: &Everything<'_>, view: &View<'_>, score: &mut Score) -> bool {
    let found = view.facts.has_finding(&["org-unit-swap"]);
    if found {
        score.add(STRONG, Evidence::plain("swap-found"));
    }
    let Some(item) = all.swapped_with(view) else { return found };
    score.add(PROOF, Evidence { name: "swapped-with", value: None, about: Some(item.to_string()) });
    side(view, score, false, 0.0);
    everywhere(view, score, HINT);
    lasting(view, score, |periods| if periods > 1 { HINT } else { 0.0 });
    true
}

pub(super) fn late_report(view: &View<'_>, score: &mut Score) -> bool {
    if let Some(days) = view.facts.late {
        let weight = if view.verdict == Verdict::Within { PROOF } else { HINT };
        score.add(weight, Evidence::number("days-late", Some(Decimal::from(days))));
    }
    if view.facts.has_finding(&["late-report"]) {
        score.add(HINT, Evidence::plain("late-found"));
    }
    let (Some(before), Some(expected)) = (view.before, view.figures.expected) else { return view.facts.late.is_some() };
    let (name, both) = match (view.verdict, before.consumption, before.expected) {
        (Verdict::Above, None, Some(more)) => (
            "consumption-missing-before",
            view.figures.consumption.and_then(|c| c.checked_div(expected.checked_add(more)?)),
        ),
        (Verdict::Below, Some(more), None) => (
            "services-missing-before",
            view.figures.consumption.and_then(|c| c.checked_add(more)?.checked_div(expected)),
        ),
        _ => return view.facts.late.is_some(),
    };
    let Some(both) = both else { return view.facts.late.is_some() };
    let (low, high) = band(view);
    score.add(CLEAR, Evidence::plain(name));
    let fits = (low..=high).contains(&log(both));
    score.add(if fits { STRONG } else { -STRONG }, Evidence::number("corrected-ratio", exact(both)));
    true
}

pub(super) fn duplicate(view: &View<'_>, score: &mut Score) -> bool {
    if view.facts.has_finding(&["duplicate-report", "copied-report"]) {
        score.add(PROOF, Evidence::plain("duplicate-found"));
        return true;
    }
    let doubled = view.log_ratio.is_some_and(|ratio| (ratio - view.usual() - 2f64.ln()).abs() < NEAR / 2.0);
    if !doubled || view.verdict != Verdict::Above {
        return false;
    }
    side(view, score, false, 0.0);
    score.add(HINT, Evidence::plain("doubled"));
    lasting(view, score, |periods| if periods > 1 { -STRONG } else { 0.0 });
    true
}

pub(super) fn data_entry(view: &View<'_>, score: &mut Score) -> bool {
    if let Some(held) = view.facts.held {
        // Held for a number that cannot be, or for another reason.
        let is_wrong = view.facts.has_finding(&["stock-balance", "consumption-without-stock", "sign", "digit-swap"]);
        score.add(if is_wrong { PROOF } else { HINT }, Evidence::number("held", shown(held)));
        return true;
    }
    if !matches!(view.verdict, Verdict::Above | Verdict::Below) {
        return false;
    }
    side(view, score, false, 0.0);
    everywhere(view, score, -CLEAR);
    lasting(view, score, |periods| match periods {
        1 => HINT,
        2 => -HINT,
        _ => -STRONG,
    });
    let stray =
        |factor: f64| view.log_ratio.is_some_and(|ratio| (ratio - step(view, factor) - view.usual()).abs() < NEAR);
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
