//! What the repository holds for a target, in the target's words.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use mlatho_connect::dhis2::{Client, ValueKey};
use mlatho_model::{Finding, Measure, Period, Uid, Value};
use mlatho_store::{Current, Filter, StoreError, TermKind};
use serde::Serialize;

use super::PublishError;
use super::plan::WantedValue;
use crate::figures::{Figure, HELD, figures};
use crate::names::Names;
use crate::project::{Element, ElementMap};

/// What became of the numbers of the repository on the way to the target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct WantedCounts {
    /// Values that should be at the target.
    pub wanted: u64,
    /// Numbers withheld because a part of them is held by the checks.
    pub held: u64,
    /// Numbers that are missing at the source; nothing is sent for them.
    pub missing: u64,
    /// Stock numbers that no data element of the target is mapped to.
    pub without_element: u64,
    /// Numbers of org units whose id is none of DHIS2.
    pub bad_org_unit: u64,
}

/// Where a number goes: the UIDs of an element.
#[derive(Clone, Copy, Debug)]
struct Place {
    data_set: Uid,
    data_element: Uid,
    category_option_combo: Uid,
    attribute_option_combo: Uid,
}

/// The elements of a target by UID, with blanks filled as the server says.
#[derive(Debug, Default)]
pub(super) struct Places {
    known: HashMap<Element, Place>,
    pub(super) findings: Vec<Finding>,
}

impl Places {
    /// Resolves every element that is mapped for a target: a blank combo is the server's default, a blank data set the
    /// only one that the data element is in. What cannot be resolved is told and left out.
    ///
    /// # Errors
    /// The server does not answer.
    pub(super) async fn resolve(client: &Client, elements: &ElementMap, target: &str) -> Result<Self, PublishError> {
        let mut places = Self::default();
        let all: Vec<&Element> = elements.of_target(target).collect();
        let default = client.default_option_combo().await.map_err(PublishError::target(target))?;
        let without_set = all.iter().filter(|element| element.data_set.is_empty());
        let without_set: BTreeSet<Uid> = without_set.filter_map(|element| element.data_element.parse().ok()).collect();
        let sets = if without_set.is_empty() {
            BTreeMap::new()
        } else {
            client.data_sets_of(&without_set).await.map_err(PublishError::target(target))?
        };
        let mut told = BTreeSet::new();
        for element in all {
            let place = place(element, default, &sets)
                .map_err(|id| Finding::error("publish-bad-element").with("target", target).with("id", id));
            match place {
                Ok(place) => drop(places.known.insert(element.clone(), place)),
                Err(finding) => {
                    if told.insert(format!("{:?}", finding.args)) {
                        places.findings.push(finding);
                    }
                }
            }
        }
        Ok(places)
    }

    /// The data sets of all elements.
    pub(super) fn data_sets(&self) -> BTreeSet<Uid> {
        self.known.values().map(|place| place.data_set).collect()
    }
}

/// The UIDs of an element, or what is none.
fn place(element: &Element, default: Uid, sets: &BTreeMap<Uid, Vec<Uid>>) -> Result<Place, String> {
    let uid = |text: &str| text.parse::<Uid>().map_err(|_| text.to_owned());
    let combo = |text: &str| if text.is_empty() { Ok(default) } else { uid(text) };
    let data_element = uid(&element.data_element)?;
    let data_set = match (&*element.data_set, sets.get(&data_element).map(Vec::as_slice)) {
        ("", Some([only])) => *only,
        ("", _) => return Err(element.data_element.clone()),
        (text, _) => uid(text)?,
    };
    Ok(Place {
        data_set,
        data_element,
        category_option_combo: combo(&element.category_option_combo)?,
        attribute_option_combo: combo(&element.attribute_option_combo)?,
    })
}

/// Gives the wanted values month by month, so that one month at a time is in memory.
///
/// A month that cannot be read ends the values early; [`WantedValues::finish`] then says so, and a plan made from them
/// must not be used.
pub(super) struct WantedValues<'a> {
    current: &'a Current,
    elements: &'a ElementMap,
    places: &'a Places,
    target: &'a str,
    filter: Filter,
    months: std::vec::IntoIter<Period>,
    ready: Vec<WantedValue>,
    names: Names,
    /// The place of an item, measure and split in a period; nothing, where the target has none.
    known: HashMap<(i32, i32, i32, Period), Option<Place>>,
    org_units: HashMap<i32, Option<Uid>>,
    bad_org_units: BTreeMap<i32, u64>,
    /// What would be wanted, if no check held it.
    held: HashSet<ValueKey>,
    counts: WantedCounts,
    failure: Option<StoreError>,
}

impl<'a> WantedValues<'a> {
    /// # Errors
    /// The months of the repository cannot be read.
    pub(super) fn new(
        current: &'a Current,
        elements: &'a ElementMap,
        places: &'a Places,
        target: &'a str,
    ) -> Result<Self, StoreError> {
        // Service counts have no place in a target of stock data, unless a mapping says so.
        let mapped: BTreeSet<&Measure> = elements.measures_of(target).collect();
        let stock = Measure::LOGISTICS.iter();
        let terms = current.terms();
        let measures = mapped.into_iter().chain(stock).filter_map(|m| terms.find(TermKind::Measure, m.name()));
        let mut measures: Vec<i32> = measures.collect();
        measures.sort_unstable();
        measures.dedup();
        let months = if measures.is_empty() { Vec::new() } else { current.months()? };
        Ok(Self {
            current,
            elements,
            places,
            target,
            filter: Filter { measures, ..Filter::default() },
            months: months.into_iter(),
            ready: Vec::new(),
            names: Names::default(),
            known: HashMap::new(),
            org_units: HashMap::new(),
            bad_org_units: BTreeMap::new(),
            held: HashSet::new(),
            counts: WantedCounts::default(),
            failure: None,
        })
    }

    /// Where numbers stand that wait for a decision.
    pub(super) fn held(&mut self) -> HashSet<ValueKey> {
        std::mem::take(&mut self.held)
    }

    /// What became of the numbers, and what is wrong with some of them.
    ///
    /// # Errors
    /// A month could not be read.
    pub(super) fn finish(self) -> Result<(WantedCounts, Vec<Finding>), StoreError> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let finding = |(term, count): (&i32, &u64)| {
            let id = self.current.terms().text(TermKind::OrgUnit, *term);
            Finding::error("publish-bad-org-unit").with("id", id).with("count", *count)
        };
        Ok((self.counts, self.bad_org_units.iter().map(finding).collect()))
    }

    fn read(&mut self, month: Period) -> Result<(), StoreError> {
        let rows = self.current.rows_without_lineage(month, &self.filter)?;
        let mut names = std::mem::take(&mut self.names);
        figures(&rows, self.current.terms(), &mut names, |figure| self.take(figure));
        self.names = names;
        self.ready.reverse(); // taken from the end
        Ok(())
    }

    fn take(&mut self, figure: Figure) {
        let number = match figure.value {
            Value::Reported(number) => Some(number),
            Value::Suppressed(rule) if *rule == *HELD => None,
            Value::Missing(_) => return self.counts.missing += 1,
            Value::NotApplicable | Value::Suppressed(_) => return,
        };
        let terms = self.current.terms();
        let key = (figure.item, figure.measure, figure.disaggregation, figure.period);
        let (elements, places, target) = (self.elements, self.places, self.target);
        let place = *self.known.entry(key).or_insert_with(|| {
            let measure = Measure::named(terms.text(TermKind::Measure, figure.measure)).ok()?;
            let split = terms.text(TermKind::Disaggregation, figure.disaggregation);
            let item = terms.text(TermKind::Item, figure.item);
            let element: &Arc<Element> = elements.find(target, item, &measure, split, figure.period.start())?;
            places.known.get(element.as_ref()).copied()
        });
        if number.is_none() {
            self.counts.held += 1;
        }
        let Some(place) = place else { return self.counts.without_element += u64::from(number.is_some()) };
        let org_unit = self.org_units.entry(figure.org_unit);
        let org_unit = *org_unit.or_insert_with(|| terms.text(TermKind::OrgUnit, figure.org_unit).parse().ok());
        let Some(org_unit) = org_unit else {
            if number.is_none() {
                return;
            }
            self.counts.bad_org_unit += 1;
            return *self.bad_org_units.entry(figure.org_unit).or_default() += 1;
        };
        let Place { data_set, data_element, category_option_combo, attribute_option_combo } = place;
        let period = figure.period;
        let key = ValueKey { data_element, period, org_unit, category_option_combo, attribute_option_combo };
        let Some(value) = number else {
            self.held.insert(key);
            return;
        };
        self.counts.wanted += 1;
        self.ready.push(WantedValue { data_set, key, value, comment: None });
    }
}

impl Iterator for WantedValues<'_> {
    type Item = WantedValue;

    fn next(&mut self) -> Option<WantedValue> {
        loop {
            if let Some(value) = self.ready.pop() {
                return Some(value);
            }
            if self.failure.is_some() {
                return None;
            }
            let month = self.months.next()?;
            if let Err(error) = self.read(month) {
                self.failure = Some(error);
                self.ready.clear();
            }
        }
    }
}
