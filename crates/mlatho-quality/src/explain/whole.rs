//! Lines that are wrong as a whole: filed under another month, copied from the month before, counted in another unit, or
//! all zero. Such a line adds up; what gives it away are its ends, which do not join.

use mlatho_model::Decimal;

use crate::LedgerLine;

use super::cause::{Blame, Cause};
use super::chain::{CLOSING, CONSUMED, Joint, OPENING};
use super::slip::{Slip, slip};

/// Logarithm of the odds against chance from which on two numbers in the same proportion are no accident.
const ENOUGH: f64 = 1.5;

/// Explains breaks between the joints of one chain by whole lines.
pub(super) fn explain(lines: &[LedgerLine], joints: &[Joint], blame: &mut Blame) {
    for at in 0..joints.len() {
        let joint = &joints[at];
        if !joint.breaks_before() && !joint.breaks_after() || blame.is_blamed(joint.line) {
            continue;
        }
        let next = joints.get(at + 1).filter(|_| joint.joined.1);
        if let Some(next) = next {
            if is_exchanged(joint, next) {
                for (one, other) in [(joint, next), (next, joint)] {
                    let cause =
                        Cause::line("shifted-period", 0.95).with("other_period", lines[other.line].period.to_string());
                    blame.set(one.line, cause.with("change", "exchanged"));
                }
                excuse(joints, at, blame);
                excuse(joints, at + 1, blame);
                continue;
            }
            if is_copy(joint, next) {
                copied(lines, joints, at, blame);
                continue;
            }
        }
        if let Some(cause) = other_unit(joint) {
            blame.set(joint.line, cause);
            excuse(joints, at, blame);
        }
    }
}

/// Explains what is left by lines in which every number was left at zero.
pub(super) fn zeros(joints: &[Joint], blame: &mut Blame) {
    for (at, joint) in joints.iter().enumerate() {
        let ends = u8::from(joint.breaks_before()) + u8::from(joint.breaks_after());
        if ends > 0 && is_zero(joint) && !blame.is_blamed(joint.line) && !blame.opening_excused[joint.line] {
            blame.set(joint.line, zeroed(joint, ends));
            excuse(joints, at, blame);
        }
    }
}

/// Neither the line nor the one after it is blamed for ends that do not join a blamed line.
pub(super) fn excuse(joints: &[Joint], at: usize, blame: &mut Blame) {
    blame.opening_excused[joints[at].line] = true;
    if let Some(next) = joints.get(at + 1).filter(|_| joints[at].joined.1) {
        blame.opening_excused[next.line] = true;
    }
}

/// Both ends of both lines join when the two change places, and do not as they stand.
fn is_exchanged(one: &Joint, two: &Joint) -> bool {
    let broken = u8::from(one.breaks_before()) + u8::from(one.breaks_after()) + u8::from(two.breaks_after());
    let pairs = [(one.before, two.opening()), (two.closing(), one.opening()), (one.closing(), two.after)];
    let known = || pairs.iter().filter_map(|(left, right)| left.zip(*right));
    let (equal, all) = (known().filter(|(left, right)| left == right).count(), known().count());
    let telling = known().filter(|(left, _)| !left.is_zero()).count();
    broken >= 2 && all >= 2 && equal == all && telling >= 1 && one.numbers != two.numbers
}

fn is_copy(one: &Joint, two: &Joint) -> bool {
    let moved = one.opening() != one.closing();
    one.numbers == two.numbers && moved && one.numbers.iter().flatten().any(|number| !number.is_zero())
}

/// Two months with the same numbers: the one is wrong whose other end does not join.
fn copied(lines: &[LedgerLine], joints: &[Joint], at: usize, blame: &mut Blame) {
    let (one, two) = (&joints[at], &joints[at + 1]);
    let first_is_wrong = one.breaks_before() && !two.breaks_after();
    if first_is_wrong {
        let cause = Cause::line("shifted-period", 0.9)
            .with("other_period", lines[two.line].period.to_string())
            .with("change", "next");
        blame.set(one.line, cause);
        excuse(joints, at, blame);
    } else {
        let cause = Cause::line("copied-report", 0.95).with("other_period", lines[one.line].period.to_string());
        blame.set(two.line, cause);
        excuse(joints, at + 1, blame);
    }
}

fn is_zero(joint: &Joint) -> bool {
    joint.numbers.iter().flatten().all(Decimal::is_zero)
}

fn zeroed(joint: &Joint, ends: u8) -> Cause {
    let mut cause = Cause::line("zeroed-period", if ends == 2 { 0.95 } else { 0.5 });
    cause.value = joint.numbers[CONSUMED].or(joint.closing());
    cause
}

/// The ends are in one proportion to what they should join.
fn other_unit(joint: &Joint) -> Option<Cause> {
    let ends = [(joint.opening(), joint.before), (joint.closing(), joint.after)];
    let mut found: Option<Slip> = None;
    let (mut odds, mut joined) = (0.0, false);
    for (number, neighbour) in ends.into_iter().filter_map(|(number, neighbour)| number.zip(neighbour)) {
        if number == neighbour {
            joined |= !number.is_zero();
            continue;
        }
        let (one, against_chance) = slip(number, neighbour, joint.grain())?;
        one.factor()?;
        if found.is_some_and(|found| found != one) {
            return None;
        }
        found = Some(one);
        odds += against_chance;
    }
    let slip = found?;
    let factor = slip.factor()?;
    // One end joins and the other does not: from here on (or up to here) another unit counts. Only a factor that no
    // delivery makes will do.
    let needed = if joined { ENOUGH * 2.0 } else { ENOUGH };
    if odds < needed || (joined && factor < 6) {
        return None;
    }
    let mut cause = Cause::line("unit-factor", 1.0 - (-odds).exp() / 2.0).with("factor", slip.factor_text());
    let told = [CONSUMED, CLOSING, OPENING].into_iter().find(|at| joint.numbers[*at].is_some_and(|n| !n.is_zero()))?;
    let number = joint.numbers[told]?;
    let expected = match slip {
        Slip::Times(factor) => number.checked_div(factor.into())?,
        _ => number.checked_mul(factor.into())?,
    };
    cause.measure = Some(super::chain::TERMS[told].0.clone());
    (cause.value, cause.expected) = (Some(number), Some(expected.normalize()));
    Some(cause.with("scope", if joined { "from-here-on" } else { "line" }))
}
