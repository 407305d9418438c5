//! Whether the links of a code, and of a target, can hold beside each other.

use std::collections::HashMap;

use jiff::civil::Date;
use mlatho_model::{Factor, Finding};

use super::{Placed, Relation};

/// Days, both ends included, on which the same links hold.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub(super) from: Date,
    pub(super) until: Date,
    /// Places among the links of the code; never empty.
    pub(super) holding: Vec<usize>,
}

/// What holds when. The links of one code agree if on every day there is one, or links of one-to-many to different
/// targets, and the shares sum to one; otherwise the first disagreement is told.
pub(super) fn spans(links: &[Placed]) -> Result<Vec<Span>, Finding> {
    let mut changes: Vec<Date> = links.iter().map(|placed| placed.link.first_day()).collect();
    changes.extend(links.iter().filter_map(|placed| placed.link.last_day().tomorrow().ok()));
    changes.sort_unstable();
    changes.dedup();
    let mut spans = Vec::new();
    for (index, from) in changes.iter().copied().enumerate() {
        let until = changes.get(index + 1).and_then(|next| next.yesterday().ok()).unwrap_or(Date::MAX);
        let (holding, held): (Vec<usize>, Vec<&Placed>) = links
            .iter()
            .enumerate()
            .filter(|(_, Placed { link, .. })| link.first_day() <= from && from <= link.last_day())
            .unzip();
        let Some(first) = held.first() else { continue };
        for (index, later) in held.iter().enumerate() {
            if let Some(earlier) = held.iter().take(index).find(|earlier| clash(earlier, later)) {
                return Err(beside(Finding::error("mapping-overlap"), later, earlier));
            }
        }
        let sum = sum(held.iter().map(|placed| placed.link.share));
        if sum != Some(Factor::ONE) {
            let open = |day: Date, end| if day == end { "…".to_owned() } else { day.to_string() };
            let finding = Finding::error("mapping-shares").in_file(&first.file).at(first.row, "share");
            return Err(finding
                .with("code", &*first.link.source_id)
                .with("sum", sum.map_or_else(|| "…".into(), |sum| sum.to_string()))
                .with("from", open(from, Date::MIN))
                .with("to", open(until, Date::MAX)));
        }
        spans.push(Span { from, until, holding });
    }
    Ok(spans)
}

/// Whether two links that hold on the same day are one too many.
fn clash(one: &Placed, other: &Placed) -> bool {
    let divides = |placed: &Placed| placed.link.relation == Relation::OneToMany;
    !divides(one) || !divides(other) || one.link.target == other.link.target
}

/// The exact sum of shares. Nothing, where its parts are too large to write down.
fn sum(shares: impl Iterator<Item = Factor>) -> Option<Factor> {
    let (mut numerator, mut denominator) = (0u128, 1u128);
    for share in shares {
        let (top, bottom) = (u128::from(share.numerator()), u128::from(share.denominator()));
        let common = denominator.checked_mul(bottom / gcd(denominator, bottom))?;
        numerator = numerator.checked_mul(common / denominator)?.checked_add(top.checked_mul(common / bottom)?)?;
        denominator = common;
    }
    let divisor = gcd(numerator, denominator);
    Factor::new(u64::try_from(numerator / divisor).ok()?, u64::try_from(denominator / divisor).ok()?)
}

fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Tells of codes that are each called equal to the same target at the same time: their values would be added up
/// although nobody has declared it.
pub(super) fn shared_targets(links: &[Placed], findings: &mut Vec<Finding>) {
    let mut by_target: HashMap<_, Vec<&Placed>> = HashMap::new();
    for placed in links.iter().filter(|placed| placed.link.relation == Relation::Equal) {
        let earlier = by_target.entry((&placed.link.source, &placed.link.target)).or_default();
        let other = earlier.iter().find(|other| {
            other.link.source_id != placed.link.source_id
                && other.link.first_day() <= placed.link.last_day()
                && placed.link.first_day() <= other.link.last_day()
        });
        match other {
            Some(other) => {
                let finding = beside(Finding::warning("mapping-shared-target"), placed, other);
                findings.push(finding.with("target", &*placed.link.target));
            }
            // What overlaps an earlier link needs no place of its own: the earlier one stands for it.
            None => earlier.push(placed),
        }
    }
}

/// A finding about a link because of an earlier one.
pub(super) fn beside(finding: Finding, placed: &Placed, earlier: &Placed) -> Finding {
    let finding = finding.in_file(&placed.file).at(placed.row, "source_id");
    finding.with("code", &*placed.link.source_id).with("other", format!("{}:{}", earlier.file, earlier.row))
}
