//! Small numbers for the identifiers and texts of a plan, so that millions of values fit into memory.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use mlatho_connect::dhis2::{ValueKey, canonical};
use mlatho_model::{Period, Uid};

/// Stands for a text that is not there.
pub(super) const NONE: u32 = u32::MAX;

/// What goes into one stream of requests: data set, attribute option combo, and period.
pub(super) type Slice = (Uid, Uid, Period);

/// Numbers for things, from 0 in the order of arrival.
#[derive(Debug)]
struct Numbers<T> {
    numbers: HashMap<T, u32>,
    things: Vec<T>,
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self { numbers: HashMap::new(), things: Vec::new() }
    }
}

impl<T: Hash + Eq + Ord + Clone> Numbers<T> {
    fn number(&mut self, thing: &T) -> u32 {
        if let Some(number) = self.numbers.get(thing) {
            return *number;
        }
        let number = u32::try_from(self.things.len()).unwrap_or(NONE);
        self.numbers.insert(thing.clone(), number);
        self.things.push(thing.clone());
        number
    }

    fn thing(&self, number: u32) -> Option<&T> {
        self.things.get(number as usize)
    }

    /// Renumbers in the order of the things. Returns the new number of each old one.
    fn sort(&mut self) -> Vec<u32> {
        let mut order: Vec<usize> = (0..self.things.len()).collect();
        order.sort_unstable_by(|&one, &other| self.things.get(one).cmp(&self.things.get(other)));
        let mut new = vec![NONE; self.things.len()];
        for (rank, old) in order.into_iter().enumerate() {
            if let Some(slot) = new.get_mut(old) {
                *slot = u32::try_from(rank).unwrap_or(NONE);
            }
        }
        self.things.sort_unstable();
        self.numbers.clear(); // nothing is added after sorting
        new
    }
}

/// A key of twelve bytes. After [`Names::sort`] the order of keys is that of what they stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    slice: u32,
    org_unit: u32,
    element: u32,
}

/// A key without its data set: attribute option combo, period, org unit, data element and category option combo.
pub(super) type Place = (Option<(Uid, Period)>, u32, u32);

/// Data elements that stand in more than one data set of a plan, by their numbers.
pub(super) struct Shared(HashSet<u32>);

impl Shared {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn contains(&self, key: Key) -> bool {
        self.0.contains(&key.element)
    }
}

/// What the numbers of one plan stand for.
#[derive(Debug, Default)]
pub(super) struct Names {
    slices: Numbers<Slice>,
    /// The data set in which a data element was seen first, by the element's number.
    homes: Vec<Uid>,
    shared: HashSet<u32>,
    org_units: Numbers<Uid>,
    /// Data element and category option combo.
    elements: Numbers<(Uid, Uid)>,
    texts: Numbers<Box<str>>,
}

impl Names {
    pub(super) fn key(&mut self, data_set: Uid, key: &ValueKey) -> Key {
        let element = self.elements.number(&(key.data_element, key.category_option_combo));
        match self.homes.get(element as usize) {
            None => self.homes.push(data_set), // a new number is the next one
            Some(home) if *home == data_set => {}
            Some(_) => {
                self.shared.insert(element);
            }
        }
        Key {
            slice: self.slices.number(&(data_set, key.attribute_option_combo, key.period)),
            org_unit: self.org_units.number(&key.org_unit),
            element,
        }
    }

    /// Before [`Names::sort`]: data elements that were seen in more than one data set.
    pub(super) fn shared_elements(&mut self) -> Shared {
        Shared(std::mem::take(&mut self.shared))
    }

    pub(super) fn place(&self, key: Key) -> Place {
        let slice = self.slice(key).map(|(_, attribute_option_combo, period)| (*attribute_option_combo, *period));
        (slice, key.org_unit, key.element)
    }

    pub(super) fn text(&mut self, text: Option<&str>) -> u32 {
        text.map_or(NONE, |text| self.texts.number(&text.into()))
    }

    /// Values get one text whichever way they are written, so that equal values have equal numbers.
    pub(super) fn value(&mut self, text: Option<&str>) -> u32 {
        self.text(text.map(canonical).as_deref())
    }

    pub(super) fn sort(&mut self) -> impl Fn(Key) -> Key + use<> {
        let (slices, org_units, elements) = (self.slices.sort(), self.org_units.sort(), self.elements.sort());
        let new = |numbers: &[u32], old: u32| numbers.get(old as usize).copied().unwrap_or(NONE);
        move |key| Key {
            slice: new(&slices, key.slice),
            org_unit: new(&org_units, key.org_unit),
            element: new(&elements, key.element),
        }
    }

    pub(super) fn slice(&self, key: Key) -> Option<&Slice> {
        self.slices.thing(key.slice)
    }

    /// The data set and the key in full.
    pub(super) fn full(&self, key: Key) -> Option<(Uid, ValueKey)> {
        let (data_set, attribute_option_combo, period) = *self.slice(key)?;
        let (data_element, category_option_combo) = *self.elements.thing(key.element)?;
        let org_unit = *self.org_units.thing(key.org_unit)?;
        Some((data_set, ValueKey { data_element, period, org_unit, category_option_combo, attribute_option_combo }))
    }

    pub(super) fn read(&self, text: u32) -> Option<&str> {
        self.texts.thing(text).map(|text| &**text)
    }
}
