//! The order in which findings are looked at.

use std::collections::HashMap;

use mlatho_model::{Decimal, ItemId};
use rust_decimal::prelude::ToPrimitive;

use crate::QualityFinding;

/// Puts first what changes decisions most: how far the number is off, as a share of the item's whole volume, times how
/// probable it is that it is wrong. Severity goes before that, the order of org unit, item and period decides ties.
pub(crate) fn rank(found: &mut [QualityFinding], volumes: &HashMap<&ItemId, f64>) {
    let effect = |finding: &QualityFinding| {
        let number = |number: Option<Decimal>| number.and_then(|number| number.to_f64());
        let off = match (number(finding.value), number(finding.expected)) {
            (Some(value), Some(expected)) if finding.code != "duplicate-report" => (value - expected).abs(),
            // Counted a second time, or a report that is wrong as a whole.
            (value, expected) => value.or(expected).unwrap_or(0.0).abs(),
        };
        let volume = volumes.get(&finding.item).copied().unwrap_or(0.0).max(1.0);
        off / volume * number(finding.probability).unwrap_or(0.5)
    };
    found.sort_by_cached_key(|finding| {
        // Positive numbers order by their bits.
        (std::cmp::Reverse(finding.severity), std::cmp::Reverse(effect(finding).to_bits()))
    });
}
