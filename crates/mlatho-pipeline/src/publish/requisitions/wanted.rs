//! What the repository holds for requisitions, in the words of the LMIS.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use mlatho_connect::openlmis::write::{Cell, Wanted};
use mlatho_harmonize::{Crosswalk, Kind, Link, Relation};
use mlatho_model::{Decimal, Finding, Period, SourceName};
use mlatho_store::{Current, Filter, StoreError, TermKind, Terms};
use serde::Serialize;

use super::lines::{Lines, Part, Place};
use crate::figures::figures;
use crate::names::Names;

/// What became of the sums of the mapping on the way to the requisitions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct WantedCounts {
    /// Numbers that should stand in a requisition.
    pub wanted: u64,
    /// Sums of which a part is missing, withheld or held by the checks; what is left of them would be another number.
    pub incomplete: u64,
    /// Numbers of org units that no single facility of the LMIS stands for.
    pub without_facility: u64,
}

/// An ideal stock amount in dispensing units.
pub(super) struct Amount {
    pub(super) facility: String,
    pub(super) schedule: String,
    pub(super) system: String,
    pub(super) commodity: String,
    pub(super) period: Period,
    pub(super) value: Decimal,
}

/// What the repository holds for a target.
#[derive(Default)]
pub(super) struct Numbers {
    pub(super) wanted: Vec<Wanted>,
    pub(super) ideal_stock: Vec<Amount>,
    pub(super) counts: WantedCounts,
}

/// The parts of a sum that were found, by their place among the parts of the mapping; nothing, where a number of a part
/// is missing, withheld or held.
type Found = BTreeMap<usize, Option<Decimal>>;

/// A part of the mapping as figures know it.
struct Known<'a> {
    place: &'a Place,
    /// Which of the parts of the place it is.
    at: usize,
    /// The only split that counts; without one all do.
    split: Option<i32>,
}

/// The parts by item and measure. What nothing was ever received for is left out.
fn of_figures<'a>(lines: &'a Lines, terms: &Terms) -> HashMap<(i32, i32), Vec<Known<'a>>> {
    let mut parts: HashMap<(i32, i32), Vec<Known<'_>>> = HashMap::new();
    for (place, of_place) in lines {
        for (at, part) in of_place.iter().enumerate() {
            let item = terms.find(TermKind::Item, &part.item);
            let Some(key) = item.zip(terms.find(TermKind::Measure, part.measure.name())) else { continue };
            let split = terms.find(TermKind::Disaggregation, &part.disaggregation);
            if split.is_some() || part.disaggregation.is_empty() {
                let split = split.filter(|_| !part.disaggregation.is_empty());
                parts.entry(key).or_default().push(Known { place, at, split });
            }
        }
    }
    parts
}

/// Reads the numbers and adds them up by facility, period and place.
///
/// # Errors
/// A month of the repository cannot be read.
pub(super) fn wanted(
    current: &Current,
    lines: &Lines,
    crosswalk: &Crosswalk,
    source: &SourceName,
    findings: &mut Vec<Finding>,
) -> Result<Numbers, StoreError> {
    let terms = current.terms();
    let parts = of_figures(lines, terms);
    let measures: BTreeSet<i32> = parts.keys().map(|(_, measure)| *measure).collect();
    // An empty list of measures would ask for all.
    let months = if measures.is_empty() { Vec::new() } else { current.months()? };
    let filter = Filter { measures: measures.into_iter().collect(), ..Filter::default() };
    let mut names = Names::default();
    let mut sums: BTreeMap<(i32, Period, &Place), Found> = BTreeMap::new();
    for month in months {
        let rows = current.rows_without_lineage(month, &filter)?;
        figures(&rows, terms, &mut names, |figure| {
            let of_figure = parts.get(&(figure.item, figure.measure)).into_iter().flatten();
            for part in of_figure.filter(|part| part.split.is_none_or(|split| split == figure.disaggregation)) {
                let found = sums.entry((figure.org_unit, figure.period, part.place)).or_default();
                let sum = found.entry(part.at).or_insert(Some(Decimal::ZERO));
                *sum = sum.zip(figure.value.reported()).and_then(|(sum, number)| sum.checked_add(number));
            }
        });
    }
    let facilities = Facilities::of(crosswalk, source);
    let (mut numbers, mut unknown) = (Numbers::default(), None);
    let counts = &mut numbers.counts;
    for ((org_unit, period, place), found) in sums {
        let of_place = lines.get(place).map_or(&[][..], Vec::as_slice);
        if !of_place.iter().any(|part| part.holds_on(period.start())) {
            continue;
        }
        let Some(value) = sum(of_place, &found, period) else {
            counts.incomplete += 1;
            continue;
        };
        let org_unit = terms.text(TermKind::OrgUnit, org_unit);
        let Some(facility) = facilities.code(org_unit, period) else {
            counts.without_facility += 1;
            unknown.get_or_insert_with(|| org_unit.to_owned());
            continue;
        };
        let facility = facility.to_owned();
        match place.clone() {
            Place::Requisition { program, product, column } => {
                let cell = Cell { program, period, facility, product, column };
                numbers.wanted.push(Wanted { cell, value });
            }
            Place::IdealStock { schedule, system, commodity } => {
                numbers.ideal_stock.push(Amount { facility, schedule, system, commodity, period, value });
            }
        }
    }
    counts.wanted = numbers.wanted.len() as u64;
    if counts.incomplete > 0 {
        findings.push(Finding::warning("requisition-incomplete").with("count", counts.incomplete));
    }
    if let Some(first) = unknown {
        let finding = Finding::warning("requisition-without-facility").with("count", counts.without_facility);
        findings.push(finding.with("source", source.as_str()).with("first", first));
    }
    Ok(numbers)
}

/// The sum of the parts that hold in a period; nothing where one of them is not there.
fn sum(parts: &[Part], found: &Found, period: Period) -> Option<Decimal> {
    let mut holding = parts.iter().enumerate().filter(|(_, part)| part.holds_on(period.start()));
    holding.try_fold(Decimal::ZERO, |sum, (at, part)| sum.checked_add(part.factor.apply((*found.get(&at)?)?)?))
}

/// The equal links of the LMIS's facilities by the project's org unit.
struct Facilities<'a>(HashMap<&'a str, Vec<&'a Link>>);

impl<'a> Facilities<'a> {
    fn of(crosswalk: &'a Crosswalk, source: &SourceName) -> Self {
        let mut links: HashMap<&str, Vec<&Link>> = HashMap::new();
        let equal = |link: &&Link| link.kind == Kind::OrgUnit && link.relation == Relation::Equal;
        for link in crosswalk.links().filter(equal).filter(|link| link.source == *source) {
            links.entry(&link.target).or_default().push(link);
        }
        Self(links)
    }

    /// The one code that is equal to an org unit on the first day of a period; nothing where there is none, or several.
    fn code(&self, org_unit: &str, period: Period) -> Option<&'a str> {
        let day = period.start();
        let holds =
            |link: &&&Link| link.valid_from.is_none_or(|from| from <= day) && link.valid_to.is_none_or(|to| day <= to);
        let mut holding = self.0.get(org_unit)?.iter().filter(holds);
        let only = holding.next()?;
        holding.next().is_none().then_some(&*only.source_id)
    }
}
