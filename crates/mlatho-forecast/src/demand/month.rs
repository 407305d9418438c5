//! What one month of a ledger says about demand.

/// What a ledger holds for one month of one facility and product, in one base unit; nothing where it is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LedgerMonth {
    /// Days of the period.
    pub days: u32,
    pub opening: Option<f64>,
    pub received: Option<f64>,
    pub issued: Option<f64>,
    /// Signed; losses are negative.
    pub adjustments: Option<f64>,
    pub closing: Option<f64>,
    pub stockout_days: Option<f64>,
}

/// What a month says about demand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Evidence {
    /// Stock was there all the time: demand is what was issued.
    Whole { issued: f64, replayed: bool },
    /// Stock was there for this share of the days, above 0.
    Share { issued: f64, share: f64 },
    /// All that was there was issued, or there was nothing.
    AtLeast(f64),
    /// No report, or none that can be used.
    Silent,
}

impl Evidence {
    /// Whether something could be issued at some time.
    pub(super) fn has_stock(self) -> bool {
        match self {
            Self::Whole { .. } | Self::Share { .. } => true,
            Self::AtLeast(issued) => issued > 0.0,
            Self::Silent => false,
        }
    }
}

/// Reads the months of a series. Blank numbers are filled where the balance
/// `opening + received - issued + adjustments = closing` leaves one answer, an opening also from the closing before.
pub(super) fn evidence(months: &[LedgerMonth], days_credible: bool) -> impl Iterator<Item = Evidence> + '_ {
    let mut carried = None;
    months.iter().map(move |month| {
        let opening = known(month.opening).or(carried);
        let flows = opening.zip(known(month.received)).zip(month.adjustments);
        let before_issue = flows.map(|((opening, received), adjustments)| opening + received + adjustments);
        let reported = known(month.issued);
        let replayed = before_issue.zip(known(month.closing)).map(|(before, closing)| before - closing);
        let issued = reported.or_else(|| known(replayed));
        let closing = known(month.closing).or_else(|| known(before_issue.zip(issued).map(|(all, out)| all - out)));
        carried = closing;
        let Some(issued) = issued else { return Evidence::Silent };
        let usable = opening.zip(known(month.received));
        let available =
            usable.map(|(opening, received)| opening + received + month.adjustments.unwrap_or(0.0).max(0.0));
        let ran_out = closing.is_some_and(|left| left <= 0.0) || available.is_some_and(|all| issued >= all);
        let days = f64::from(month.days);
        let nothing_to_issue = ran_out && available.is_some_and(|all| all <= 0.0);
        match known(month.stockout_days).filter(|out| days_credible && *out <= days && days > 0.0) {
            Some(out) if out > 0.0 && out < days => Evidence::Share { issued, share: 1.0 - out / days },
            Some(out) if out > 0.0 => Evidence::AtLeast(issued),
            Some(_) if !nothing_to_issue => Evidence::Whole { issued, replayed: reported.is_none() },
            _ if ran_out => Evidence::AtLeast(issued),
            _ => Evidence::Whole { issued, replayed: reported.is_none() },
        }
    })
}

/// A number that can be one: finite and not below zero.
fn known(number: Option<f64>) -> Option<f64> {
    number.filter(|number| number.is_finite() && *number >= 0.0)
}

/// How days without stock stand beside shelves that were empty at the end of a month.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct DaysRecord {
    some_days: usize,
    empty_without_days: usize,
}

impl DaysRecord {
    pub(super) fn of(months: &[LedgerMonth]) -> Self {
        let mut record = Self::default();
        for month in months {
            match known(month.stockout_days) {
                Some(days) if days > 0.0 => record.some_days += 1,
                Some(_) if known(month.closing) == Some(0.0) => record.empty_without_days += 1,
                _ => {}
            }
        }
        record
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            some_days: self.some_days + other.some_days,
            empty_without_days: self.empty_without_days + other.empty_without_days,
        }
    }

    /// Whether the days of this series may be believed. Days that are always zero beside three empty shelves are not;
    /// with fewer the series follows its group, in which some day must be recorded or no shelf be empty.
    pub(super) fn credible(self, group: Self) -> bool {
        if self.some_days > 0 {
            return true;
        }
        self.empty_without_days < 3 && (group.some_days > 0 || group.empty_without_days == 0)
    }
}
