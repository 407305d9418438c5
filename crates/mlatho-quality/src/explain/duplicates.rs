//! Several lines for one period.

use std::ops::Range;

use super::cause::{Blame, Cause};
use crate::LedgerLine;

/// The places of the lines that stand for their periods, in the order of time. Of several lines for one period it is the
/// one whose ends join its neighbours best, the first of equals. Another one with other numbers that joins the ends of a
/// period without a report is blamed to be that period's.
pub(super) fn one_for_each_period(lines: &[LedgerLine], range: Range<usize>, blame: &mut Blame) -> Vec<usize> {
    let series = &lines[range.clone()];
    let groups: Vec<Range<usize>> = series
        .chunk_by(|a, b| a.period == b.period)
        .scan(range.start, |from, group| {
            let start = *from;
            *from += group.len();
            Some(start..*from)
        })
        .collect();
    let mut places = Vec::with_capacity(groups.len());
    for (at, group) in groups.iter().enumerate() {
        if group.len() == 1 {
            places.push(group.start);
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| groups.get(at)).map(|group| &lines[group.start]);
        let after = groups.get(at + 1).map(|group| &lines[group.start]);
        let joins = |place: usize| {
            let line = &lines[place];
            let start = before.filter(|before| before.period.next() == Some(line.period));
            let end = after.filter(|after| line.period.next() == Some(after.period));
            ends_join(line, start, end)
        };
        let best = group.clone().rev().max_by_key(|place| joins(*place)).unwrap_or(group.start);
        places.push(best);
        for other in group.clone().filter(|other| *other != best && differ(&lines[*other], &lines[best])) {
            belongs_elsewhere(&lines[other], &lines[best], before, after).into_iter().for_each(|period| {
                blame.set(
                    other,
                    Cause::line("shifted-period", 0.9).with("other_period", period).with("change", "moved"),
                );
            });
        }
    }
    places
}

/// Known ends that join minus those that do not.
fn ends_join(line: &LedgerLine, before: Option<&LedgerLine>, after: Option<&LedgerLine>) -> i32 {
    let ends = [
        before.and_then(|before| before.closing_balance.reported()).zip(line.opening_balance.reported()),
        after.and_then(|after| after.opening_balance.reported()).zip(line.closing_balance.reported()),
    ];
    ends.into_iter().flatten().map(|(left, right)| if left == right { 1 } else { -1 }).sum()
}

fn differ(one: &LedgerLine, two: &LedgerLine) -> bool {
    one.opening_balance != two.opening_balance
        || one.consumed != two.consumed
        || one.closing_balance != two.closing_balance
}

/// The period without a report, directly before or after, whose ends the line joins.
fn belongs_elsewhere(
    line: &LedgerLine,
    kept: &LedgerLine,
    before: Option<&LedgerLine>,
    after: Option<&LedgerLine>,
) -> Option<String> {
    let (earlier, later) = (line.period.previous()?, line.period.next()?);
    if before.is_none_or(|before| before.period < earlier) {
        let start = before.filter(|before| before.period.next() == Some(earlier));
        if ends_join(line, start, Some(kept)) > 0 {
            return Some(earlier.to_string());
        }
    }
    if after.is_none_or(|after| after.period > later) {
        let end = after.filter(|after| later.next() == Some(after.period));
        if ends_join(line, Some(kept), end) > 0 {
            return Some(later.to_string());
        }
    }
    None
}
