//! Who reported, on both sides, month by month.

use std::collections::{BTreeMap, BTreeSet};

use mlatho_model::{Period, Status};
use mlatho_store::{Current, Filter, TermKind};

use crate::PipelineError;
use crate::project::{Project, Side};

/// Months that are looked at.
const MONTHS: usize = 12;

/// The last twelve months that hold anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reporting {
    /// Ascending.
    pub months: Vec<Period>,
    /// Org units that reported in any of them, by id; the fewest reports first.
    pub org_units: Vec<OrgUnitReports>,
}

/// One org unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgUnitReports {
    pub org_unit: String,
    /// As persons call it; the id, where nobody said.
    pub name: String,
    /// By month: whether a stock report is there. Empty where the org unit never sent one in these months.
    pub lmis: Vec<bool>,
    /// The same of services.
    pub hmis: Vec<bool>,
}

impl OrgUnitReports {
    /// Reports that are there, and those that are looked for: of a side that never reported, none.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let reports = || self.lmis.iter().chain(&self.hmis);
        (reports().filter(|there| **there).count(), reports().count())
    }

    /// How many of the two sides that report at all are there in a month: `(there, looked for)`.
    #[must_use]
    pub fn in_month(&self, month: usize) -> (usize, usize) {
        let sides = [self.lmis.get(month), self.hmis.get(month)];
        (sides.iter().filter(|side| **side == Some(&true)).count(), sides.iter().flatten().count())
    }
}

impl Reporting {
    /// Org units that report to one side only, `(only LMIS, only HMIS)`: T8 of `indicators.md`.
    #[must_use]
    pub fn one_side(&self) -> (usize, usize) {
        let count = |one: fn(&OrgUnitReports) -> bool| self.org_units.iter().filter(|unit| one(unit)).count();
        (count(|unit| unit.hmis.is_empty()), count(|unit| unit.lmis.is_empty()))
    }

    /// # Errors
    /// A file of the repository cannot be read.
    pub(crate) fn of(project: &Project, current: &Current) -> Result<Self, PipelineError> {
        let terms = current.terms();
        let hmis: BTreeSet<i32> = project
            .config()
            .sources
            .iter()
            .filter(|source| source.side == Side::Hmis)
            .filter_map(|source| terms.find(TermKind::Source, source.name.as_str()))
            .collect();
        let own = current.months()?;
        let months: Vec<Period> = own.iter().rev().take(MONTHS).rev().copied().collect();
        let mut seen: BTreeMap<i32, [BTreeSet<usize>; 2]> = BTreeMap::new();
        // A quarterly report is there for all its months.
        let covered = |period: Period, at: usize| {
            let within = move |month: &Period| month.start() >= period.start() && month.end() <= period.end();
            let whole = months.iter().enumerate().filter(move |(_, month)| within(month)).map(|(place, _)| place);
            whole.chain([at])
        };
        for (at, month) in months.iter().enumerate() {
            let rows = current.rows_without_lineage(*month, &Filter::default())?;
            for row in 0..rows.len() {
                if matches!(rows.status[row], Status::Accepted | Status::Held) {
                    let side = usize::from(hmis.contains(&rows.source[row]));
                    seen.entry(rows.org_unit[row]).or_default()[side].extend(covered(rows.period[row], at));
                }
            }
        }
        let by_month = |there: &BTreeSet<usize>| {
            if there.is_empty() { Vec::new() } else { (0..months.len()).map(|at| there.contains(&at)).collect() }
        };
        let mut org_units: Vec<OrgUnitReports> = seen
            .iter()
            .map(|(unit, [lmis, hmis])| {
                let id = terms.text(TermKind::OrgUnit, *unit).to_owned();
                let name = terms.term(TermKind::OrgUnit, *unit).map(|term| term.name.clone()).unwrap_or_default();
                let name = if name.is_empty() { id.clone() } else { name };
                OrgUnitReports { org_unit: id, name, lmis: by_month(lmis), hmis: by_month(hmis) }
            })
            .collect();
        org_units.sort_by(|one, other| {
            let ((there, of), (other_there, other_of)) = (one.counts(), other.counts());
            (there * other_of).cmp(&(other_there * of)).then_with(|| one.name.cmp(&other.name))
        });
        Ok(Self { months, org_units })
    }
}
