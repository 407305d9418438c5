//! Periods of rows and of headers.

use mlatho_model::{Period, PeriodType};

use super::{Cells, Plan};
use crate::layout::{DateFormat, PeriodRule};

/// Reads the period of each row; the last one is remembered, for rows mostly come in runs of one period.
pub(super) struct PeriodReader<'p> {
    rule: &'p PeriodRule,
    plan: &'p Plan,
    format: Option<DateFormat>,
    last: (String, Option<Period>),
}

impl<'p> PeriodReader<'p> {
    pub(super) fn new(rule: &'p PeriodRule, plan: &'p Plan) -> Self {
        Self { rule, plan, format: date_format(rule), last: (String::new(), None) }
    }

    /// The period that the row itself states; none, where the columns do.
    ///
    /// # Errors
    /// The column and text that are no period.
    pub(super) fn of_row(&mut self, cells: &impl Cells) -> Result<Option<Period>, (&'p str, String)> {
        if let Some(fixed) = self.rule.fixed {
            return Ok(Some(fixed));
        }
        if let Some([year_at, month_at]) = self.plan.year_month {
            let (year, month) = (cells.cell(year_at), cells.cell(month_at));
            let kind = self.rule.kind.unwrap_or(PeriodType::Monthly);
            let number = month.parse().ok().or_else(|| month_by_name(month));
            let start = year.parse().ok().zip(number).and_then(|(year, month)| Period::month(year, month));
            let found = start.and_then(|month| Period::containing(kind, month.start()));
            return found.map(Some).ok_or_else(|| (self.plan.name_of(Some(month_at)), format!("{year} {month}")));
        }
        let Some(at) = self.plan.period else { return Ok(None) };
        let text = cells.cell(at);
        if self.last.0 != text {
            let found = read(text, self.rule.kind, self.format.as_ref());
            self.last.0.clear();
            self.last.0.push_str(text);
            self.last.1 = found;
        }
        self.last.1.map(Some).ok_or_else(|| (self.plan.name_of(Some(at)), text.to_owned()))
    }
}

fn month_by_name(text: &str) -> Option<i8> {
    DateFormat::parse("MMM yyyy")?.date(&format!("{text} 2000")).map(jiff::civil::Date::month)
}

fn date_format(rule: &PeriodRule) -> Option<DateFormat> {
    DateFormat::parse(rule.format.as_deref()?)
}

/// The period that a header names.
pub(super) fn period_of_header(rule: &PeriodRule, text: &str) -> Option<Period> {
    read(text, rule.kind, date_format(rule).as_ref())
}

/// By the layout's pattern where there is one, else as a DHIS2 period or an ISO date in a period of the type.
fn read(text: &str, kind: Option<PeriodType>, format: Option<&DateFormat>) -> Option<Period> {
    let by_date = |date| Period::containing(kind?, date);
    if let Some(date) = format.and_then(|format| format.date(text)) {
        return by_date(date);
    }
    let period: Option<Period> = text.parse().ok();
    match (period, kind) {
        (Some(period), Some(kind)) if period.period_type() == PeriodType::Daily => {
            Period::containing(kind, period.start())
        }
        (Some(period), Some(kind)) => (period.period_type() == kind).then_some(period),
        (period, None) => period,
        (None, Some(_)) => by_date(text.get(..10)?.parse().ok()?),
    }
}
