//! How much was used, when the records of use are in doubt: what was done beside what was issued beside what is left.

use mlatho_model::Decimal;

/// Records of one time, such as a year, in base units; nothing where a number is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// Implants inserted, items given, by the service reports.
    pub done: Option<Decimal>,
    /// Share of service reports received, above 0.
    pub done_reported: Option<Decimal>,
    /// Implants removed: no use of stock, but often entered as if it were.
    pub removed: Option<Decimal>,
    /// Consumption by the stock reports.
    pub consumed: Option<Decimal>,
    /// Share of stock reports received, above 0.
    pub consumed_reported: Option<Decimal>,
    pub losses: Option<Decimal>,
    pub opening: Option<Decimal>,
    pub received: Option<Decimal>,
    pub closing: Option<Decimal>,
}

/// A way to know what was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// By service reports: done ÷ share reported.
    Services,
    /// By stock reports: consumed ÷ share reported.
    Consumption,
    /// By stock: (opening + received - losses - closing) ÷ share reported.
    Balance,
}

impl Use {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::Consumption => "consumption",
            Self::Balance => "balance",
        }
    }
}

/// How services and consumption stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// Services ÷ consumption is between 0.9 and 1.1.
    Agree,
    /// They agree when what was removed is taken out of consumption: removals were entered as use.
    WithoutRemovals,
    /// They agree when losses are taken out of consumption: losses were entered as use.
    WithoutLosses,
    Differ,
    /// One of them is missing, or nothing was consumed.
    Undefined,
}

impl Agreement {
    /// The stable name; the text a person reads is the catalogue entry `quantify-<name>`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::WithoutRemovals => "without-removals",
            Self::WithoutLosses => "without-losses",
            Self::Differ => "differ",
            Self::Undefined => "undefined",
        }
    }
}

/// What the records say together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Triangulation {
    pub estimates: Vec<(Use, Decimal)>,
    /// Services ÷ consumption, with six decimals.
    pub ratio: Option<Decimal>,
    pub agreement: Agreement,
    /// The middle of the estimates: of three the one between the others, of two their mean. An estimate, never a record.
    pub best: Option<Decimal>,
}

impl Uses {
    /// Compares the records. Shares of reports count as 1 where they are not known, removals and losses only where they
    /// are. An estimate below zero is none.
    #[must_use]
    pub fn triangulate(&self) -> Triangulation {
        let whole = |units: Decimal, share: Option<Decimal>| units.checked_div(share.unwrap_or(Decimal::ONE));
        let services = self.done.and_then(|done| whole(done, self.done_reported));
        let consumption = self.consumed.and_then(|consumed| whole(consumed, self.consumed_reported));
        let balance = || {
            let all = self.opening?.checked_add(self.received?)?;
            let left = self.closing?.checked_add(self.losses?)?;
            whole(all.checked_sub(left)?, self.consumed_reported)
        };
        let estimates: Vec<(Use, Decimal)> =
            [(Use::Services, services), (Use::Consumption, consumption), (Use::Balance, balance())]
                .into_iter()
                .filter_map(|(name, units)| Some((name, units.filter(|units| *units >= Decimal::ZERO)?.round_dp(6))))
                .collect();
        let mut sorted: Vec<Decimal> = estimates.iter().map(|(_, units)| *units).collect();
        sorted.sort_unstable();
        let best = match sorted[..] {
            [] => None,
            [one] | [_, one, _] => Some(one),
            [low, high, ..] => low.checked_add(high).map(|sum| sum / Decimal::TWO),
        };
        let ratio_to = |used: Option<Decimal>| services?.checked_div(used.filter(|used| *used > Decimal::ZERO)?);
        let without = |taken: Option<Decimal>| whole(self.consumed?.checked_sub(taken?)?, self.consumed_reported);
        let near = |used: Option<Decimal>| {
            ratio_to(used).is_some_and(|ratio| ratio >= Decimal::new(9, 1) && ratio <= Decimal::new(11, 1))
        };
        let agreement = if ratio_to(consumption).is_none() {
            Agreement::Undefined
        } else if near(consumption) {
            Agreement::Agree
        } else if near(without(self.removed)) {
            Agreement::WithoutRemovals
        } else if near(without(self.losses)) {
            Agreement::WithoutLosses
        } else {
            Agreement::Differ
        };
        Triangulation { estimates, ratio: ratio_to(consumption).map(|ratio| ratio.round_dp(6)), agreement, best }
    }
}
