//! The data-quality scorecard of WHO: completeness, timeliness, internal and external consistency of each org unit's
//! report about a period.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;

use mlatho_model::{Decimal, ItemId, OrgUnitId, Period, Severity};
use rust_decimal::prelude::ToPrimitive;

use crate::check::DEADLINE;
use crate::rules::Ran;
use crate::series::median;
use crate::{LedgerLine, QualityFinding, ServiceLine};

/// Periods before that a number is compared with, and how many of them are needed.
const HISTORY: usize = 12;
const FEWEST: usize = 3;

/// The card of one org unit and period. A share is nothing where there was nothing to take it of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    /// Numbers that the org unit reports in any period, and those of them that it reported in this one.
    pub expected: usize,
    pub reported: usize,
    /// Numbers with a day of reporting, and those of them up to the deadline.
    pub dated: usize,
    pub on_time: usize,
    /// Numbers with a warning or an error.
    pub doubted: usize,
    /// Number over the mean of the up to twelve periods before, in the middle of all items; three periods are needed.
    pub over_time: Option<f64>,
    /// Rules between numbers that could be looked at, and those of them that hold.
    pub rules: usize,
    pub rules_held: usize,
}

type Cards<'a> = BTreeMap<(&'a OrgUnitId, Period), Card>;

/// Cards of all reports, in the order of org units and periods. `found` is what the checks found in the same lines, `ran`
/// what became of the rules.
#[must_use]
pub fn scorecard<'a>(
    ledger: &'a [LedgerLine],
    services: &'a [ServiceLine],
    found: &'a [QualityFinding],
    ran: &'a [Ran],
) -> Cards<'a> {
    let mut cards = Cards::new();
    let mut series: BTreeMap<(&OrgUnitId, &ItemId), BTreeMap<Period, Option<f64>>> = BTreeMap::new();
    let of_ledger = ledger.iter().map(|line| (&line.org_unit, &line.item, line.period, &line.consumed));
    let of_services = services.iter().map(|line| (&line.org_unit, &line.item, line.period, &line.value));
    for (org_unit, item, period, value) in of_ledger.chain(of_services) {
        cards.entry((org_unit, period)).or_default();
        let number = value.reported().and_then(|number| number.to_f64());
        series.entry((org_unit, item)).or_default().entry(period).or_insert(number);
    }
    let mut ratios: HashMap<(&OrgUnitId, Period), Vec<f64>> = HashMap::new();
    let mut reporting: HashMap<&OrgUnitId, usize> = HashMap::new();
    for ((org_unit, _), numbers) in &series {
        *reporting.entry(org_unit).or_default() += usize::from(numbers.values().any(Option::is_some));
        let known: Vec<(Period, f64)> =
            numbers.iter().filter_map(|(period, number)| Some((*period, (*number)?))).collect();
        for (at, (period, number)) in known.iter().enumerate() {
            if let Some(card) = cards.get_mut(&(*org_unit, *period)) {
                card.reported += 1;
            }
            let before = &known[at.saturating_sub(HISTORY)..at];
            #[expect(clippy::cast_precision_loss, reason = "twelve at most")]
            let mean = before.iter().map(|(_, number)| number).sum::<f64>() / before.len() as f64;
            if before.len() >= FEWEST && mean > 0.0 {
                ratios.entry((org_unit, *period)).or_default().push(number / mean);
            }
        }
    }
    for line in ledger {
        if let (Some(day), Some(card)) = (line.reported_at, cards.get_mut(&(&line.org_unit, line.period))) {
            card.dated += 1;
            card.on_time += usize::from(line.period.end().checked_add(DEADLINE).is_ok_and(|last| day <= last));
        }
    }
    let doubted: HashSet<(&OrgUnitId, Period, &ItemId)> = found
        .iter()
        .filter(|finding| finding.severity >= Severity::Warning)
        .map(|finding| (&finding.org_unit, finding.period, &finding.item))
        .collect();
    for (org_unit, period, _) in doubted {
        if let Some(card) = cards.get_mut(&(org_unit, period)) {
            card.doubted += 1;
        }
    }
    for ran in ran {
        if let Some(card) = cards.get_mut(&(&ran.org_unit, ran.period)) {
            card.rules += 1;
            card.rules_held += usize::from(ran.holds);
        }
    }
    for ((org_unit, period), card) in &mut cards {
        card.expected = reporting.get(org_unit).copied().unwrap_or(0);
        card.over_time = ratios.get_mut(&(*org_unit, *period)).and_then(|ratios| median(ratios));
    }
    cards
}

/// Writes `org_unit,period,expected,reported,completeness,timeliness,doubted,internal_consistency,
/// consistency_over_time,external_consistency`; shares with four decimals, blank where there is nothing to take one of.
///
/// # Errors
/// The output cannot be written.
pub fn write_scorecard(out: impl io::Write, cards: &Cards<'_>) -> csv::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record([
        "org_unit",
        "period",
        "expected",
        "reported",
        "completeness",
        "timeliness",
        "doubted",
        "internal_consistency",
        "consistency_over_time",
        "external_consistency",
    ])?;
    let share = |part: usize, whole: usize| {
        let share = Decimal::from(part).checked_div(Decimal::from(whole));
        share.map_or_else(String::new, |share| share.round_dp(4).normalize().to_string())
    };
    for ((org_unit, period), card) in cards {
        rows.write_record([
            org_unit.as_str(),
            &period.to_string(),
            &card.expected.to_string(),
            &card.reported.to_string(),
            &share(card.reported, card.expected),
            &share(card.on_time, card.dated),
            &card.doubted.to_string(),
            &share(card.reported.saturating_sub(card.doubted), card.reported),
            &card.over_time.map_or_else(String::new, |ratio| format!("{ratio:.4}")),
            &share(card.rules_held, card.rules),
        ])?;
    }
    rows.flush()?;
    Ok(())
}
