//! What facilities of a district could give each other.

use mlatho_model::Decimal;

/// Stock of one facility, in base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    pub on_hand: Decimal,
    /// Expected demand of a month.
    pub monthly: Decimal,
    pub min: Decimal,
}

/// A suggestion; facilities by their place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    pub from: usize,
    pub to: usize,
    /// Whole base units.
    pub quantity: Decimal,
}

/// Suggests transfers from the facilities with most months of stock to those with least, until nobody is below Min or
/// nobody above it. No stock comes or goes, no donor falls below its Min and no receiver rises above it. A facility
/// without demand gives all above its Min, first of all.
#[must_use]
pub fn redistribute(holdings: &[Holding]) -> Vec<Transfer> {
    let months = |at: &usize| {
        let holding = &holdings[*at];
        holding.on_hand.checked_div(holding.monthly).unwrap_or(Decimal::MAX)
    };
    let mut receivers: Vec<usize> = (0..holdings.len()).filter(|&at| holdings[at].on_hand < holdings[at].min).collect();
    receivers.sort_by_key(months);
    let mut donors: Vec<usize> = (0..holdings.len()).filter(|&at| holdings[at].on_hand > holdings[at].min).collect();
    donors.sort_by_key(|at| std::cmp::Reverse(months(at)));
    let mut spare: Vec<Decimal> = holdings.iter().map(|holding| (holding.on_hand - holding.min).floor()).collect();
    let mut transfers = Vec::new();
    for to in receivers {
        let mut lacking = (holdings[to].min - holdings[to].on_hand).floor();
        for &from in &donors {
            let quantity = lacking.min(spare[from]);
            if quantity > Decimal::ZERO {
                lacking -= quantity;
                spare[from] -= quantity;
                transfers.push(Transfer { from, to, quantity });
            }
        }
    }
    transfers
}
