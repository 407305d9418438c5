//! Which faults go where.

use std::collections::{HashMap, HashSet};

use mlatho_model::{Decimal, Period};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::ledger::{self, Series};
use super::lines::{Column, Line};

/// The kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    UnitFactor,
    ShiftedPeriod,
    DigitSwap,
    Duplicate,
    CopiedReport,
    ZeroedPeriod,
    OrgUnitSwap,
    Sign,
    Balance,
    Inflation,
    /// A tenth to a third more consumed, month after month.
    Leakage,
    /// A third to two thirds of what was consumed, month after month.
    UnderReporting,
}

impl Fault {
    pub const ALL: [Self; 12] = [
        Self::UnitFactor,
        Self::ShiftedPeriod,
        Self::DigitSwap,
        Self::Duplicate,
        Self::CopiedReport,
        Self::ZeroedPeriod,
        Self::OrgUnitSwap,
        Self::Sign,
        Self::Balance,
        Self::Inflation,
        Self::Leakage,
        Self::UnderReporting,
    ];

    /// Whether it happens to reports rather than to numbers.
    const fn is_of_reports(self) -> bool {
        matches!(self, Self::CopiedReport | Self::OrgUnitSwap | Self::ShiftedPeriod | Self::ZeroedPeriod)
    }
}

/// How far a wrong number goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carried {
    /// It stays alone.
    Nowhere,
    /// The closing balance follows it, so that the line adds up.
    Line,
    /// The next opening follows too.
    NextOpening,
}

/// What to plant.
#[derive(Clone, Copy, Debug)]
pub struct Planting {
    pub seed: u64,
    /// Faults of each kind.
    pub of_each: usize,
    pub carried: Carried,
    /// Copies, exchanges and zeros take in every item of the facility's report.
    pub whole_reports: bool,
    /// Only in periods that begin in a month for which the seed's parity fits: other months for another seed.
    pub parity: Option<i16>,
}

/// A fault that was planted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    pub fault: Fault,
    pub facility: String,
    pub item: String,
    pub period: Period,
    pub column: Option<Column>,
    pub right: Option<Decimal>,
}

/// Plants faults so that no line, and none of the two on each side of it, gets a second one.
#[must_use]
pub fn plant(lines: &[Line], planting: Planting) -> (Vec<Line>, Vec<Planted>) {
    let mut lines = lines.to_vec();
    lines.sort_by(|a, b| (&a.facility, &a.item, a.period).cmp(&(&b.facility, &b.item, b.period)));
    let series = Series::of(&lines);
    let (same_item, same_report) = (index(&lines, |line| &line.item), index(&lines, |line| &line.facility));
    let mut dice = ChaCha8Rng::seed_from_u64(planting.seed);
    let mut taken: HashSet<usize> = HashSet::new();
    let mut planted = Vec::new();
    let mut added = Vec::new();
    for fault in Fault::ALL {
        let (mut done, mut tries) = (0, 0);
        while done < planting.of_each && tries < planting.of_each * 400 {
            tries += 1;
            let at = dice.random_range(0..lines.len());
            let month = lines[at].period.start();
            let months = month.year() * 12 + i16::from(month.month());
            if planting.parity.is_some_and(|parity| months.rem_euclid(2) != parity) {
                continue;
            }
            let others = &same_item[&(lines[at].item.clone(), lines[at].period)];
            let other = others[dice.random_range(0..others.len())];
            let pairs: Vec<(usize, usize)> = if planting.whole_reports && fault.is_of_reports() {
                let report = |at: usize| &same_report[&(lines[at].facility.clone(), lines[at].period)];
                let partner = |at: usize| report(other).iter().find(|other| lines[**other].item == lines[at].item);
                report(at).iter().filter_map(|at| Some((*at, *partner(*at)?))).collect()
            } else {
                vec![(at, other)]
            };
            let near = |at: usize| at.saturating_sub(2)..=at + 2;
            if pairs.iter().any(|(at, other)| near(*at).chain(near(*other)).any(|near| taken.contains(&near))) {
                continue;
            }
            let mut labels = Vec::new();
            for pair in &pairs {
                let of_line = ledger::apply(fault, &mut lines, &series, *pair, planting.carried, &mut dice, &mut added);
                labels.extend(of_line.into_iter().flatten());
            }
            for (line, column, right) in labels {
                taken.insert(line);
                done += usize::from(pairs.len() > 1);
                let of = &lines[line];
                let (facility, item, period) = (of.facility.clone(), of.item.clone(), of.period);
                planted.push(Planted { fault, facility, item, period, column, right });
            }
            if planted.last().is_some_and(|last| last.fault == fault && taken.contains(&at)) {
                taken.extend(pairs.into_iter().flat_map(|(at, other)| [at, other]));
                done += 1;
            }
        }
    }
    lines.extend(added);
    (lines, planted)
}

type Index = HashMap<(String, Period), Vec<usize>>;

/// Places of lines by a name and the period.
fn index(lines: &[Line], name: fn(&Line) -> &String) -> Index {
    let mut index = Index::new();
    for (at, line) in lines.iter().enumerate() {
        index.entry((name(line).clone(), line.period)).or_default().push(at);
    }
    index
}
