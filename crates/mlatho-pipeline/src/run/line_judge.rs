//! The checks of a single line as the source has it, for lines that are divided over several targets.

use jiff::civil::Date;
use mlatho_model::RawRecord;
use mlatho_quality::{Context, DaysInMonth, Gate, LedgerLine, QualityFinding, check_line};

/// Checks lines by themselves, under the source's own codes.
#[derive(Clone, Copy, Debug)]
pub(super) struct LineJudge {
    pub(super) gate: Gate,
    context: Context,
}

impl LineJudge {
    pub(super) const fn new(gate: Gate, today: Date, days_in_month: DaysInMonth) -> Self {
        Self { gate, context: Context { today, days_in_month } }
    }

    /// What is wrong with the numbers of a line. Nothing is found in a line without codes, or without stock measures.
    pub(super) fn line(self, record: &RawRecord<'_>) -> Vec<QualityFinding> {
        let mut found = Vec::new();
        if let (Ok(org_unit), Ok(item)) = (record.org_unit.parse(), record.item.parse()) {
            let mut line = LedgerLine::new(org_unit, item, record.period);
            line.position = record.position;
            line.reported_at = reported_day(record.reported_at);
            let mut stock = false;
            for raw in record.values {
                if let Some(place) = line.value_mut(raw.measure) {
                    place.clone_from(&raw.value);
                    stock = true;
                }
            }
            if stock {
                check_line(&line, self.context, &mut found);
            }
        }
        found
    }
}

/// The day of a time stamp as sources write it; nothing where it is none.
pub(super) fn reported_day(text: &str) -> Option<Date> {
    const DAY: usize = "2026-01-31".len();
    text.get(..DAY).unwrap_or(text).parse().ok()
}
