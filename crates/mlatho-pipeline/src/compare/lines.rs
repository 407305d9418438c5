//! A comparison period by period.

use mlatho_analysis::compare::{Verdict, totals_by_period};
use mlatho_model::{Decimal, OrgUnitId, Period};

use super::RuleComparison;

/// What is known of one period. Nothing stands where a number is missing or undefined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodLine {
    pub period: Period,
    /// In treatments.
    pub consumption: Option<Decimal>,
    /// Service events.
    pub services: Option<Decimal>,
    /// Treatments that the services are expected to take.
    pub expected: Option<Decimal>,
    /// Consumption ÷ expected.
    pub ratio: Option<Decimal>,
    pub verdict: Verdict,
    /// Org units with both sides.
    pub used: usize,
    /// Org units with either side.
    pub pairs: usize,
}

impl PeriodLine {
    fn empty(period: Period) -> Self {
        Self {
            period,
            consumption: None,
            services: None,
            expected: None,
            ratio: None,
            verdict: Verdict::Undefined,
            used: 0,
            pairs: 0,
        }
    }

    /// Whether both sides are known for fewer than four in five of the org units that have either.
    #[must_use]
    pub fn is_low_reporting(&self) -> bool {
        self.used * 5 < self.pairs * 4
    }
}

impl RuleComparison {
    /// One line for each period from the first to the last, those without data among them.
    ///
    /// Of all org units: sums over those that have both sides. Of one: what it has, be it one side only.
    #[must_use]
    pub fn by_period(&self, org_unit: Option<&OrgUnitId>) -> Vec<PeriodLine> {
        let known: Vec<PeriodLine> = if org_unit.is_some() {
            let mut rows: Vec<_> = self.rows_of(org_unit).collect();
            rows.sort_by_key(|row| row.period);
            let line = |row: &&mlatho_analysis::compare::Comparison| PeriodLine {
                period: row.period,
                consumption: row.consumption,
                services: row.services,
                expected: row.expected,
                ratio: row.ratio,
                verdict: row.verdict,
                used: usize::from(row.consumption.is_some() && row.expected.is_some()),
                pairs: 1,
            };
            rows.iter().map(line).collect()
        } else {
            let line = |(period, total): (Period, mlatho_analysis::compare::Total)| PeriodLine {
                period,
                consumption: total.consumption,
                services: total.services,
                expected: total.expected,
                ratio: total.ratio,
                verdict: total.verdict,
                used: total.used,
                pairs: total.pairs,
            };
            totals_by_period(&self.rule, &self.rows).into_iter().map(line).collect()
        };
        let mut lines: Vec<PeriodLine> = Vec::new();
        for line in known {
            while let Some(next) = lines.last().and_then(|last| last.period.next()).filter(|next| *next < line.period) {
                lines.push(PeriodLine::empty(next));
            }
            lines.push(line);
        }
        lines
    }
}
