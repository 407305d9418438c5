//! Finds the rows that went by corrected links, and the values at targets that they made.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use mlatho_connect::dhis2::canonical;
use mlatho_harmonize::{Kind, Lookup};
use mlatho_model::{Decimal, Measure, Period, SourceName, Status, Value};
use mlatho_store::{AsOf, Current, Filter, Repository, Rows, StoreError, TermKind, Terms};

use super::RestateCell;
use super::links::{Corrected, Corrections};
use crate::PipelineError;
use crate::figures::figures;
use crate::names::Names;
use crate::project::{Project, ProjectMappings};
use crate::publish::{Cell, DeliveredValues, Kind as Action, targets};

/// A value at a target: the place of the target among those of the project, and the cell.
type Spot = (usize, Cell);

/// A row: source, record, measure, split, org unit and item.
type Identity = (i32, i64, i32, i32, i32, i32);

/// What was found of a corrected link.
#[derive(Default)]
struct Found {
    /// Rows of the repository that still went by the old link.
    stale: HashSet<Identity>,
    /// Rows that were delivered by the old link, each with where.
    delivered: HashMap<Identity, Vec<Spot>>,
    periods: BTreeMap<Identity, Period>,
    /// Where delivered rows stood, and where they go now.
    spots: BTreeSet<Spot>,
}

/// What is left to do about a corrected link.
pub(super) struct Outstanding {
    pub(super) follows: bool,
    pub(super) observations: u64,
    pub(super) periods: BTreeSet<Period>,
    pub(super) cells: Vec<RestateCell>,
}

pub(super) struct Work<'a> {
    repository: &'a Repository,
    mappings: &'a ProjectMappings,
    current: Current,
    targets: Vec<(&'a str, DeliveredValues)>,
    corrections: Corrections<'a>,
    found: Vec<Found>,
    /// Where rows that do not follow yet will go.
    arriving: HashSet<Spot>,
    names: Names,
}

impl<'a> Work<'a> {
    pub(super) async fn begin(
        project: &'a Project,
        repository: &'a Repository,
        mappings: &'a ProjectMappings,
    ) -> Result<Self, PipelineError> {
        let mut all = Vec::new();
        for target in targets(project) {
            all.push((target.name.as_str(), DeliveredValues::load(repository, &target.name).await?));
        }
        Ok(Self {
            repository,
            mappings,
            current: repository.current(None).await?,
            targets: all,
            corrections: Corrections::new(mappings),
            found: Vec::new(),
            arriving: HashSet::new(),
            names: Names::default(),
        })
    }

    /// Takes note of the rows of the repository that do not follow the links of now.
    pub(super) async fn read_current(&mut self) -> Result<(), PipelineError> {
        let filter = Filter { statuses: vec![Status::Accepted, Status::Held], ..Filter::default() };
        let terms = self.current.terms().clone();
        for month in self.current.months()? {
            let rows = self.current.rows(month, &filter)?;
            if !self.corrections.load(self.repository, &rows, &terms).await? {
                continue;
            }
            for row in 0..rows.len() {
                let links = self.corrections.of_row(&rows, row, &terms);
                if links.is_empty() {
                    continue;
                }
                let identity = identity(&rows, row);
                for &link in &links {
                    let found = self.of_link(link);
                    found.stale.insert(identity);
                    found.periods.insert(identity, rows.period[row]);
                }
                self.take_spots(&rows, row, &terms, &links, None);
            }
        }
        Ok(())
    }

    /// Takes note of the rows that were delivered by other links than those of now, and whose values still stand there:
    /// of each delivery the rows of the repository as it was then.
    pub(super) async fn read_delivered(&mut self) -> Result<(), PipelineError> {
        let filter = Filter { statuses: vec![Status::Accepted], ..Filter::default() };
        let mut times: BTreeMap<Timestamp, BTreeSet<Period>> = BTreeMap::new();
        for (period, value) in self.targets.iter().flat_map(|(_, values)| values.iter()) {
            times.entry(value.at).or_default().extend(month_of(period));
        }
        for (at, months) in times {
            let then = match self.repository.current(Some(AsOf::Time(at))).await {
                Err(StoreError::BeforeFirstRun) => continue,
                then => then?,
            };
            for month in months {
                let rows = then.rows(month, &filter)?;
                if !self.corrections.load(self.repository, &rows, then.terms()).await? {
                    continue;
                }
                for row in 0..rows.len() {
                    let links = self.corrections.of_row(&rows, row, then.terms());
                    if !links.is_empty() {
                        self.take_spots(&rows, row, then.terms(), &links, Some(at));
                    }
                }
            }
        }
        Ok(())
    }

    fn of_link(&mut self, link: usize) -> &mut Found {
        if self.found.len() <= link {
            self.found.resize_with(link + 1, Found::default);
        }
        &mut self.found[link]
    }

    /// Notes where the number of a row stands at targets, and where it goes now. Of a row of the past only what the
    /// delivery of that time brought.
    fn take_spots(&mut self, rows: &Rows, row: usize, terms: &Terms, links: &[usize], at: Option<Timestamp>) {
        if rows.status[row] != Status::Accepted || rows.number(row).is_none() {
            return;
        }
        let (unit, item) =
            (terms.text(TermKind::OrgUnit, rows.org_unit[row]), terms.text(TermKind::Item, rows.item[row]));
        let measure = self.names.measure(rows.measure[row], terms).clone();
        let split = terms.text(TermKind::Disaggregation, rows.disaggregation[row]);
        let period = rows.period[row];
        let now = self.leads_now(rows, row, terms);
        for target in 0..self.targets.len() {
            let Some((name, delivered)) = self.targets.get(target) else { continue };
            let of = |place: (&str, &str)| Cell::of(&self.mappings.elements, name, place, (&measure, split), period);
            let Some(old) = of((unit, item)) else { continue };
            if delivered.find(&old).is_none_or(|held| at.is_some_and(|at| held.at != at)) {
                continue;
            }
            let new: Vec<Cell> = now.iter().filter_map(|(unit, item)| of((unit, item))).collect();
            if at.is_none() {
                self.arriving.extend(new.iter().map(|cell| (target, *cell)));
            }
            let identity = identity(rows, row);
            for &link in links {
                let found = self.of_link(link);
                found.delivered.entry(identity).or_default().push((target, old));
                found.periods.insert(identity, period);
                found.spots.insert((target, old));
                found.spots.extend(new.iter().map(|cell| (target, *cell)));
            }
        }
    }

    /// The org units and items that a row goes to by the links of now.
    fn leads_now(&self, rows: &Rows, row: usize, terms: &Terms) -> Vec<(String, String)> {
        let Ok(source) = terms.text(TermKind::Source, rows.source[row]).parse::<SourceName>() else {
            return Vec::new();
        };
        let day = rows.period[row].start();
        let targets = |kind: Kind, code: &str| -> Vec<String> {
            match self.mappings.crosswalk.look_up(kind, &source, code, day) {
                Lookup::Mapped(shares) => shares.iter().map(|share| share.target.to_owned()).collect(),
                Lookup::NoMatch(_) | Lookup::Unmapped => Vec::new(),
            }
        };
        let units = targets(Kind::OrgUnit, terms.text(TermKind::SourceOrgUnit, rows.source_org_unit[row]));
        let items = targets(Kind::Item, terms.text(TermKind::SourceItem, rows.source_item[row]));
        units.iter().flat_map(|unit| items.iter().map(|item| (unit.clone(), item.clone()))).collect()
    }

    /// The corrected links, and what is left to do about each.
    pub(super) fn finish(mut self) -> Result<(Vec<Corrected>, Vec<Outstanding>), PipelineError> {
        self.found.resize_with(self.corrections.links.len(), Found::default);
        let asked: HashSet<Spot> = self.found.iter().flat_map(|found| found.spots.iter().copied()).collect();
        let (wanted, steady) = self.standing(&asked)?;
        let mut outstanding = Vec::with_capacity(self.found.len());
        for found in &self.found {
            let follows = found.stale.is_empty();
            let changes = |spot: &Spot| {
                let held = self.targets.get(spot.0)?.1.find(&spot.1).map(|held| canonical(&held.value).into_owned());
                let wanted = wanted.get(spot).map(|number| number.normalize().to_string());
                if follows {
                    return match (held, wanted) {
                        (Some(held), Some(wanted)) => (*canonical(&wanted) != *held).then_some(Action::Changed),
                        (Some(_), None) => Some(Action::Withdraw),
                        (None, Some(_)) => Some(Action::New),
                        (None, None) => None,
                    };
                }
                let arrives = self.arriving.contains(spot);
                match held {
                    Some(_) if arrives || steady.contains(spot) => Some(Action::Changed),
                    Some(_) => Some(Action::Withdraw),
                    None => arrives.then_some(Action::New),
                }
            };
            let open: BTreeMap<Spot, Action> =
                found.spots.iter().filter_map(|spot| Some((*spot, changes(spot)?))).collect();
            let is_open = |identity: &&Identity| {
                found.stale.contains(*identity)
                    || found
                        .delivered
                        .get(*identity)
                        .is_some_and(|spots| spots.iter().any(|spot| open.contains_key(spot)))
            };
            let rows: Vec<&Identity> = found.periods.keys().filter(is_open).collect();
            let cells = open.iter().filter_map(|(spot, action)| self.cell(*spot, *action, follows, wanted.get(spot)));
            outstanding.push(Outstanding {
                follows,
                observations: rows.len() as u64,
                periods: rows.iter().filter_map(|row| found.periods.get(row)).copied().collect(),
                cells: cells.collect(),
            });
        }
        Ok((self.corrections.links, outstanding))
    }

    fn cell(
        &self,
        (target, cell): Spot,
        action: Action,
        follows: bool,
        wanted: Option<&Decimal>,
    ) -> Option<RestateCell> {
        let (name, delivered) = self.targets.get(target)?;
        let held = delivered.find(&cell);
        Some(RestateCell {
            action: action.name(),
            target: (*name).to_owned(),
            data_set: held.map(|held| held.data_set.to_string()),
            data_element: cell.data_element.to_string(),
            org_unit: cell.org_unit.to_string(),
            period: cell.period.to_string(),
            delivered: held.map(|held| held.value.to_string()),
            wanted: wanted.filter(|_| follows).map(|number| number.normalize().to_string()),
        })
    }

    /// Of these places: what the repository wants there, and where rows stand that stay.
    fn standing(&mut self, asked: &HashSet<Spot>) -> Result<(HashMap<Spot, Decimal>, HashSet<Spot>), PipelineError> {
        let months: BTreeSet<Period> = asked.iter().filter_map(|(_, cell)| month_of(cell.period)).collect();
        let stale: HashSet<Identity> = self.found.iter().flat_map(|found| found.stale.iter().copied()).collect();
        let (mut wanted, mut steady) = (HashMap::new(), HashSet::new());
        let terms = self.current.terms();
        let (mut names, mut of_figures) = (std::mem::take(&mut self.names), Names::default());
        for month in months {
            let rows = self.current.rows(month, &Filter::default())?;
            let spots = |place: (i32, i32), measure: &Measure, split: i32, period: Period| -> Vec<Spot> {
                let split = terms.text(TermKind::Disaggregation, split);
                let place = (terms.text(TermKind::OrgUnit, place.0), terms.text(TermKind::Item, place.1));
                let cell = |target: &str| Cell::of(&self.mappings.elements, target, place, (measure, split), period);
                let all = self.targets.iter().enumerate();
                all.filter_map(|(at, (name, _))| Some((at, cell(name)?))).filter(|spot| asked.contains(spot)).collect()
            };
            figures(&rows, terms, &mut of_figures, |figure| {
                let Value::Reported(number) = figure.value else { return };
                let measure = names.measure(figure.measure, terms);
                let place = (figure.org_unit, figure.item);
                for spot in spots(place, measure, figure.disaggregation, figure.period) {
                    wanted.insert(spot, number);
                }
            });
            if stale.is_empty() {
                continue;
            }
            for row in (0..rows.len()).filter(|row| rows.status[*row] == Status::Accepted) {
                if rows.number(row).is_some() && !stale.contains(&identity(&rows, row)) {
                    let measure = names.measure(rows.measure[row], terms);
                    let place = (rows.org_unit[row], rows.item[row]);
                    steady.extend(spots(place, measure, rows.disaggregation[row], rows.period[row]));
                }
            }
        }
        Ok((wanted, steady))
    }
}

fn identity(rows: &Rows, row: usize) -> Identity {
    let record = (rows.source[row], rows.record_key[row], rows.measure[row]);
    (record.0, record.1, record.2, rows.disaggregation[row], rows.org_unit[row], rows.item[row])
}

/// The month in which a period starts: the part of the repository in which its numbers stand.
fn month_of(period: Period) -> Option<Period> {
    let start = period.start();
    Period::month(start.year(), start.month())
}
