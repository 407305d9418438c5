//! Stock-out days beside balances.

use mlatho_model::Decimal;

use crate::{LedgerLine, QualityFinding};

/// Lines without any stock that a source has to have, before it can be told whether it counts stock-out days.
const FEWEST: usize = 20;

/// Adds lines without stock all through the period that report no stock-out day. Only where the source counts such days:
/// most of its lines without stock have some.
pub(super) fn uncounted(lines: &[LedgerLine], found: &mut Vec<QualityFinding>) {
    let none = |value: &mlatho_model::Value| value.reported().is_some_and(|number| number.is_zero());
    let empty = |line: &&LedgerLine| {
        none(&line.opening_balance) && none(&line.received) && none(&line.consumed) && none(&line.closing_balance)
    };
    let (mut counted, mut all) = (0, 0);
    for line in lines.iter().filter(empty) {
        if let Some(days) = line.stockout_days.reported() {
            all += 1;
            counted += usize::from(days > Decimal::ZERO);
        }
    }
    if all < FEWEST || counted * 10 < all * 9 {
        return;
    }
    for line in lines.iter().filter(empty).filter(|line| none(&line.stockout_days)) {
        let about = (&line.org_unit, &line.item, line.period);
        let days = Decimal::from(line.period.days());
        found
            .push(QualityFinding::info("stock-out-not-counted", about).value(Some(Decimal::ZERO)).expected(Some(days)));
    }
}
