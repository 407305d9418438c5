//! One wrong number in a line: the others, the neighbours and the series say which, and what it should be.

use mlatho_model::{Decimal, Measure};
use rust_decimal::prelude::ToPrimitive;

use super::cause::{Blame, Cause};
use super::chain::{ADJUSTMENTS, CLOSING, CONSUMED, Joint, OPENING, RECEIVED, TERMS};
use super::slip::{FACTORS, Slip, slip};
use crate::series::Fit;

/// How often each term is the wrong one, as logarithms without a common unit.
const PRIOR: [f64; 6] = [-1.5, -1.2, -0.7, -1.5, -2.0, -0.7];
/// What an end that joins, or would join after the correction, speaks for or against.
const END: f64 = 6.0;
/// Against a number that cannot be: below zero.
const IMPOSSIBLE: f64 = 8.0;
/// The most that the series may speak for or against a consumption.
const SERIES: f64 = 3.0;
/// Logarithm of the density that a count has at least which fits its series better than any count would.
const WELL: f64 = -2.5;

/// One number of one line and what it should be.
#[derive(Clone, Debug)]
struct Candidate {
    /// Place in the chain.
    at: usize,
    term: usize,
    right: Decimal,
    slip: Option<Slip>,
    score: f64,
    /// Whether the series or a slip speaks for it, beside the balance.
    told: bool,
}

/// What the series says about the consumption of a line, by the place of the line.
pub(super) type FitOf<'a> = &'a dyn Fn(usize) -> Option<Fit>;

/// Explains lines out of balance, in the order of time, and puts right in the chain what it blames, so that a
/// neighbour's end is not held against a line that is sound.
pub(super) fn unbalanced(joints: &mut [Joint], fits: FitOf<'_>, blame: &mut Blame) {
    for at in 0..joints.len() {
        if let Some(excess) = joints[at].excess.filter(|excess| !excess.is_zero())
            && !blame.is_blamed(joints[at].line)
        {
            explain_excess(joints, at, excess, fits, blame);
        }
    }
}

fn explain_excess(joints: &mut [Joint], at: usize, excess: Decimal, fits: FitOf<'_>, blame: &mut Blame) {
    let joint = &joints[at];
    let mut candidates: Vec<Candidate> = (0..TERMS.len())
        .filter_map(|term| {
            let number = joint.numbers[term]?;
            let right = if TERMS[term].1 > 0 { number - excess } else { number + excess };
            term_score(joints, at, term, right, fits, false)
        })
        .collect();
    // The closing was carried into the next opening, and so the next line is out of balance by as much.
    let next_opens = opening_implied(joints, at + 1).filter(|_| joint.joined.1 && !joint.breaks_after());
    for candidate in &mut candidates {
        if candidate.term == CLOSING && next_opens == Some(candidate.right) {
            candidate.score += 2.0 * END;
        }
    }
    // The flows of the line before are wrong, its closing follows them, and so does this opening.
    let previous = at.checked_sub(1).map(|before| &joints[before]).filter(|previous| {
        joint.joined.0 && !joint.breaks_before() && previous.is_balanced() && !blame.is_blamed(previous.line)
    });
    if previous.is_some() {
        candidates.extend(flows(joints, at - 1, -excess, fits).filter(|candidate| candidate.told));
    }
    let best = candidates.iter().max_by(|a, b| a.score.total_cmp(&b.score)).cloned();
    let Some(best) = best.filter(|best| best.score >= 0.0 || all_flows(joint, excess).is_none()) else {
        if let Some(cause) = all_flows(joint, excess) {
            blame.set(joint.line, cause);
            joints[at].excess = None;
        }
        return;
    };
    let share = probability(&best, &candidates);
    blame.set(joints[best.at].line, cause(&joints[best.at], &best, share, "balance"));
    if best.at == at {
        put_right(joints, at, best.term, best.right);
        if best.term == CLOSING && next_opens == Some(best.right) {
            blame.excuse_balance(joints[at + 1].line);
            put_right(joints, at + 1, OPENING, best.right);
        }
    } else {
        blame.excuse_balance(joints[at].line);
        let opening = joints[at].opening().unwrap_or_default() - excess;
        put_right(joints, best.at, best.term, best.right);
        put_right(joints, best.at, CLOSING, opening);
        put_right(joints, at, OPENING, opening);
    }
    joints[at].excess = Some(Decimal::ZERO);
}

/// Puts a number in the place of a wrong one, and lets the neighbours know.
fn put_right(joints: &mut [Joint], at: usize, term: usize, number: Decimal) {
    joints[at].numbers[term] = Some(number);
    match term {
        OPENING if joints[at].joined.0 => joints[at - 1].after = Some(number),
        CLOSING if joints[at].joined.1 => joints[at + 1].before = Some(number),
        _ => {}
    }
    if joints[at].excess.is_some() {
        joints[at].excess = Some(Decimal::ZERO);
    }
}

/// Explains balanced lines whose closing does not join: a flow may be wrong, and the closing have followed it.
pub(super) fn carried(joints: &mut [Joint], fits: FitOf<'_>, blame: &mut Blame) {
    for at in 0..joints.len() {
        let joint = &joints[at];
        let (Some(closing), Some(after)) = (joint.closing(), joint.after) else { continue };
        let told = blame.is_blamed(joint.line) || blame.opening_excused[joints[at + 1].line];
        if !joint.breaks_after() || told || joint.excess.is_none() || !joint.is_balanced() {
            continue;
        }
        let both = joint.breaks_before();
        let mut candidates: Vec<Candidate> = flows(joints, at, after - closing, fits).collect();
        // Its opening too: where closing and opening are off by the same, the opening is what is wrong.
        let off = joint.before.zip(joint.opening()).map(|(before, opening)| before - opening);
        if both && off == Some(after - closing) {
            let right = joint.before.unwrap_or_default();
            let slip = joint.opening().and_then(|opening| slip(opening, right, joint.grain()));
            let score = END + slip.map_or(0.0, |(_, odds)| odds);
            candidates.push(Candidate {
                at,
                term: OPENING,
                right,
                slip: slip.map(|(slip, _)| slip),
                score,
                told: true,
            });
        }
        let told = candidates.iter().filter(|candidate| candidate.told);
        let best = told.max_by(|a, b| a.score.total_cmp(&b.score)).cloned();
        if let Some(best) = best {
            let share = probability(&best, &candidates).min(0.9);
            blame.set(joint.line, cause(joint, &best, share, "opening"));
            super::whole::excuse(joints, at, blame);
            put_right(joints, at, best.term, best.right);
            put_right(joints, at, CLOSING, after);
        } else if both {
            // Neither end joins: the line is another's, though nobody can be found whose.
            blame.opening_excused[joints[at + 1].line] = true;
        }
    }
}

/// The flows of a line, each as if it alone were wrong and the closing had followed it; `off` is what the closing lacks.
fn flows<'a>(joints: &'a [Joint], at: usize, off: Decimal, fits: FitOf<'a>) -> impl Iterator<Item = Candidate> + 'a {
    [RECEIVED, CONSUMED, ADJUSTMENTS, 4].into_iter().filter_map(move |term| {
        let number = joints[at].numbers[term]?;
        let right = if TERMS[term].1 > 0 { number + off } else { number - off };
        let mut candidate = term_score(joints, at, term, right, fits, true)?;
        candidate.score -= 1.0;
        Some(candidate)
    })
}

/// What speaks for a term being the wrong one; `followed` says that the closing followed it. Nothing, where it cannot be.
fn term_score(
    joints: &[Joint],
    at: usize,
    term: usize,
    right: Decimal,
    fits: FitOf<'_>,
    followed: bool,
) -> Option<Candidate> {
    let joint = &joints[at];
    let number = joint.numbers[term]?;
    if right < Decimal::ZERO && term != ADJUSTMENTS {
        return None;
    }
    let slip = slip(number, right, joint.grain());
    let mut score = PRIOR[term] + slip.map_or(0.0, |(_, odds)| odds);
    let whole = joint.numbers.iter().flatten().all(|number| number.fract().is_zero());
    if whole && !right.fract().is_zero() {
        score -= 3.0;
    }
    let end = match term {
        OPENING => joint.before,
        CLOSING => joint.after,
        _ => None,
    };
    if let Some(end) = end {
        score += if end == right {
            END
        } else if end == number {
            -END
        } else {
            -1.0
        };
    }
    let mut told = slip.is_some_and(|(slip, odds)| slip != Slip::Zero && odds >= 1.0);
    if term == CONSUMED
        && let Some(fit) = fits(joint.line)
    {
        let likelihood = |number: Decimal| log_likelihood(&fit, number.to_f64().unwrap_or(0.0));
        let gain = likelihood(right) - likelihood(number);
        score += gain.clamp(-SERIES, SERIES);
        let fits_well = fit.log_density(right.to_f64().unwrap_or(0.0)) > WELL;
        told |= fits_well && (gain >= 1.0 || (number.is_zero() && fit.zero < 0.5));
    }
    for (other, number) in joint.numbers.iter().enumerate() {
        let impossible = other != ADJUSTMENTS && number.is_some_and(|number| number < Decimal::ZERO);
        let follows = followed && other == CLOSING;
        if impossible && other != term && !follows {
            score -= IMPOSSIBLE;
        }
    }
    Some(Candidate { at, term, right, slip: slip.map(|(slip, _)| slip), score, told })
}

fn log_likelihood(fit: &Fit, count: f64) -> f64 {
    if count > 0.0 { fit.log_density(count) + (1.0 - fit.zero).max(1e-4).ln() } else { fit.zero.ln() }
}

/// What a line opens with by its own other terms.
fn opening_implied(joints: &[Joint], at: usize) -> Option<Decimal> {
    let joint = joints.get(at)?;
    let excess = joint.excess.filter(|excess| !excess.is_zero())?;
    Some(joint.opening()? - excess)
}

/// All flows are in another unit than the two balances.
fn all_flows(joint: &Joint, excess: Decimal) -> Option<Cause> {
    let net = joint.closing()? + excess - joint.opening()?;
    let right = joint.closing()? - joint.opening()?;
    let flows = [RECEIVED, CONSUMED, ADJUSTMENTS, 4].map(|term| joint.numbers[term]);
    let moving = flows.iter().flatten().filter(|number| !number.is_zero()).count();
    let (slip, odds) = slip(net, right, joint.grain())?;
    let factor = slip.factor()?;
    if moving < 2 || odds < 1.5 || !FACTORS.contains(&factor) {
        return None;
    }
    let (term, number) = [CONSUMED, RECEIVED]
        .into_iter()
        .find_map(|term| Some((term, joint.numbers[term].filter(|number| !number.is_zero())?)))?;
    let expected = match slip {
        Slip::Times(factor) => number.checked_div(factor.into())?,
        _ => number.checked_mul(factor.into())?,
    };
    let mut cause = Cause::line("unit-factor", 0.9).with("factor", slip.factor_text()).with("scope", "flows");
    cause.measure = Some(TERMS[term].0.clone());
    (cause.value, cause.expected) = (Some(number), Some(expected.normalize()));
    Some(cause)
}

fn probability(best: &Candidate, all: &[Candidate]) -> f64 {
    let others: f64 = all.iter().map(|other| (other.score - best.score).exp()).sum();
    1.0 / others.max(1.0)
}

fn cause(joint: &Joint, best: &Candidate, probability: f64, rule: &'static str) -> Cause {
    let measure: Measure = TERMS[best.term].0.clone();
    let code = match (best.slip, best.term) {
        (Some(slip), _) => slip.code(),
        (None, OPENING) if joint.before == Some(best.right) => "opening-not-previous-closing",
        (None, _) if rule == "balance" => "stock-balance",
        (None, _) => "outlier",
    };
    let mut cause = Cause::line(code, probability);
    cause.measure = Some(measure);
    (cause.value, cause.expected) = (joint.numbers[best.term], Some(best.right.normalize()));
    cause.rule = rule;
    if let Some(slip) = best.slip.filter(|slip| slip.factor().is_some()) {
        cause = cause.with("factor", slip.factor_text()).with("scope", "number");
    }
    cause
}
