//! One line of a stock ledger.

use jiff::civil::Date;
use mlatho_model::{ItemId, Measure, MissingReason, OrgUnitId, Period, Value};

/// What one counting report says about one item at one org unit in one period. Quantities are in one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerLine {
    pub org_unit: OrgUnitId,
    pub item: ItemId,
    pub period: Period,
    pub opening_balance: Value,
    pub received: Value,
    pub consumed: Value,
    /// Signed: what was added is positive.
    pub adjustments: Value,
    /// Positive numbers: what was lost.
    pub losses: Value,
    pub closing_balance: Value,
    pub stockout_days: Value,
    pub ordered: Value,
    /// The day on which it was reported, where the source gives one.
    pub reported_at: Option<Date>,
    /// Where the line stands in its source.
    pub position: u64,
}

impl LedgerLine {
    /// A line of a source that has none of the columns; fill in those that it has, blank ones as
    /// `Missing(Blank)`. A column that does not exist and one that was left blank are two different things.
    #[must_use]
    pub const fn new(org_unit: OrgUnitId, item: ItemId, period: Period) -> Self {
        Self {
            org_unit,
            item,
            period,
            opening_balance: Value::Missing(MissingReason::NoColumn),
            received: Value::Missing(MissingReason::NoColumn),
            consumed: Value::Missing(MissingReason::NoColumn),
            adjustments: Value::Missing(MissingReason::NoColumn),
            losses: Value::Missing(MissingReason::NoColumn),
            closing_balance: Value::Missing(MissingReason::NoColumn),
            stockout_days: Value::Missing(MissingReason::NoColumn),
            ordered: Value::Missing(MissingReason::NoColumn),
            reported_at: None,
            position: 0,
        }
    }

    /// The value of a measure. Nothing for a measure that no check needs.
    #[must_use]
    pub const fn value(&self, measure: &Measure) -> Option<&Value> {
        Some(match measure {
            Measure::OpeningBalance => &self.opening_balance,
            Measure::Received => &self.received,
            Measure::Consumed => &self.consumed,
            Measure::Adjustments => &self.adjustments,
            Measure::Losses => &self.losses,
            Measure::ClosingBalance => &self.closing_balance,
            Measure::StockoutDays => &self.stockout_days,
            Measure::Ordered => &self.ordered,
            _ => return None,
        })
    }

    /// Whether the report says itself that it counts no stock, as an emergency requisition does beside the regular one.
    #[must_use]
    pub fn counts_no_stock(&self) -> bool {
        let balances = [&self.opening_balance, &self.consumed, &self.closing_balance];
        let suppressed = balances.iter().any(|balance| matches!(balance, Value::Suppressed(_)));
        suppressed && balances.iter().all(|balance| balance.reported().is_none())
    }

    /// The place of a measure in the line. Nothing for a measure that no check needs.
    pub const fn value_mut(&mut self, measure: &Measure) -> Option<&mut Value> {
        Some(match measure {
            Measure::OpeningBalance => &mut self.opening_balance,
            Measure::Received => &mut self.received,
            Measure::Consumed => &mut self.consumed,
            Measure::Adjustments => &mut self.adjustments,
            Measure::Losses => &mut self.losses,
            Measure::ClosingBalance => &mut self.closing_balance,
            Measure::StockoutDays => &mut self.stockout_days,
            Measure::Ordered => &mut self.ordered,
            _ => return None,
        })
    }
}
