//! Two org units that changed places: the line of each joins the ends of the other.

use std::collections::HashMap;

use mlatho_model::{Decimal, ItemId, Period};

use super::cause::{Blame, Cause};
use super::chain::Joint;
use super::whole::excuse;
use crate::LedgerLine;

/// A joint: its chain, and its place in that.
type At = (usize, usize);

/// Explains breaks by lines of other org units about the same item and period.
pub(super) fn explain(lines: &[LedgerLine], chains: &[Vec<Joint>], blame: &mut Blame) {
    let mut by_opening: HashMap<(&ItemId, Period, Decimal), Vec<At>> = HashMap::new();
    let mut by_closing: HashMap<(&ItemId, Period, Decimal), Vec<At>> = HashMap::new();
    let broken = |joint: &Joint| joint.breaks_before() || joint.breaks_after();
    let mut doubtful: Vec<At> = Vec::new();
    for (chain, joints) in chains.iter().enumerate() {
        for (at, joint) in joints.iter().enumerate().filter(|(_, joint)| broken(joint) && !blame.is_blamed(joint.line))
        {
            let line = &lines[joint.line];
            doubtful.push((chain, at));
            if let Some(opening) = joint.opening() {
                by_opening.entry((&line.item, line.period, opening)).or_default().push((chain, at));
            }
            if let Some(closing) = joint.closing() {
                by_closing.entry((&line.item, line.period, closing)).or_default().push((chain, at));
            }
        }
    }
    for (chain, at) in doubtful {
        let joint = &chains[chain][at];
        let line = &lines[joint.line];
        if blame.is_blamed(joint.line) {
            continue;
        }
        let key = |number: Decimal| (&line.item, line.period, number);
        let by_start = joint.before.and_then(|before| by_opening.get(&key(before)));
        let by_end = joint.after.and_then(|after| by_closing.get(&key(after)));
        let candidates = by_start.into_iter().chain(by_end).flatten().take(50);
        let partner = candidates.filter(|(other, _)| *other != chain).find(|(other, place)| {
            let partner = &chains[*other][*place];
            !blame.is_blamed(partner.line) && is_swapped(joint, partner)
        });
        if let Some((other, place)) = partner.copied() {
            let partner = &chains[other][place];
            for (one, two) in [(joint, partner), (partner, joint)] {
                let cause = Cause::line("org-unit-swap", 0.95);
                blame.set(one.line, cause.with("other_org_unit", lines[two.line].org_unit.as_str()));
            }
            excuse(&chains[chain], at, blame);
            excuse(&chains[other], place, blame);
        }
    }
}

/// Explains lines neither end of which joins by the line of another org unit with the same numbers, which joins its own.
pub(super) fn copies(lines: &[LedgerLine], chains: &[Vec<Joint>], blame: &mut Blame) {
    let mut sound: HashMap<(&ItemId, Period, Decimal), Vec<&Joint>> = HashMap::new();
    for joint in chains.iter().flatten().filter(|joint| joint.is_sound()) {
        let line = &lines[joint.line];
        if let Some(opening) = joint.opening().filter(|opening| !opening.is_zero()) {
            sound.entry((&line.item, line.period, opening)).or_default().push(joint);
        }
    }
    for joints in chains {
        for (at, joint) in joints.iter().enumerate() {
            if !joint.breaks_before() || !joint.breaks_after() || blame.is_blamed(joint.line) {
                continue;
            }
            let line = &lines[joint.line];
            let twins = joint.opening().and_then(|opening| sound.get(&(&line.item, line.period, opening)));
            let twin = twins.into_iter().flatten().find(|twin| twin.numbers == joint.numbers);
            if let Some(twin) = twin.filter(|_| joint.opening() != joint.closing()) {
                let cause = Cause::line("copied-neighbour", 0.9);
                blame.set(joint.line, cause.with("other_org_unit", lines[twin.line].org_unit.as_str()));
                excuse(joints, at, blame);
            }
        }
    }
}

/// All known ends join crosswise, at least two of them with a number above zero.
fn is_swapped(one: &Joint, two: &Joint) -> bool {
    let pairs = [
        (one.before, two.opening()),
        (one.after, two.closing()),
        (two.before, one.opening()),
        (two.after, one.closing()),
    ];
    let known = || pairs.iter().filter_map(|(left, right)| left.zip(*right));
    let telling = known().filter(|(left, _)| !left.is_zero()).count();
    one.numbers != two.numbers && telling >= 2 && known().all(|(left, right)| left == right)
}
