//! Terms of the repository as typed names, each made once.

use mlatho_model::{ItemId, Measure, OrgUnitId};
use mlatho_store::{TermKind, Terms};

/// The names that were asked for so far, by the numbers of their terms.
#[derive(Debug, Default)]
pub(crate) struct Names {
    org_units: Known<Option<OrgUnitId>>,
    items: Known<Option<ItemId>>,
    measures: Known<Measure>,
}

impl Names {
    /// Nothing, where the text of the term is no id.
    pub(crate) fn org_unit(&mut self, term: i32, terms: &Terms) -> Option<OrgUnitId> {
        self.org_units.get(term, || terms.text(TermKind::OrgUnit, term).parse().ok()).clone()
    }

    /// Nothing, where the text of the term is no id.
    pub(crate) fn item(&mut self, term: i32, terms: &Terms) -> Option<ItemId> {
        self.items.get(term, || terms.text(TermKind::Item, term).parse().ok()).clone()
    }

    /// The measure of a term; that of the empty text is an element without a name.
    pub(crate) fn measure(&mut self, term: i32, terms: &Terms) -> &Measure {
        self.measures
            .get(term, || Measure::named(terms.text(TermKind::Measure, term)).unwrap_or(Measure::Element("".into())))
    }
}

/// What terms stand for, by their number: numbers are small, and asked for once a row.
#[derive(Debug)]
pub(crate) struct Known<T>(Vec<Option<T>>);

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Known<T> {
    pub(crate) fn get(&mut self, term: i32, make: impl FnOnce() -> T) -> &T {
        let place = term.unsigned_abs() as usize;
        if place >= self.0.len() {
            self.0.resize_with(place + 1, || None);
        }
        self.0[place].get_or_insert_with(make)
    }
}
