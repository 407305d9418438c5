//! Terms of the repository as typed names, each made once.

use std::collections::HashMap;

use mlatho_model::{ItemId, Measure, OrgUnitId};
use mlatho_store::{TermKind, Terms};

/// The names that were asked for so far, by the numbers of their terms.
#[derive(Debug, Default)]
pub(crate) struct Names {
    org_units: HashMap<i32, Option<OrgUnitId>>,
    items: HashMap<i32, Option<ItemId>>,
    measures: HashMap<i32, Measure>,
}

impl Names {
    /// Nothing, where the text of the term is no id.
    pub(crate) fn org_unit(&mut self, term: i32, terms: &Terms) -> Option<OrgUnitId> {
        self.org_units.entry(term).or_insert_with(|| terms.text(TermKind::OrgUnit, term).parse().ok()).clone()
    }

    /// Nothing, where the text of the term is no id.
    pub(crate) fn item(&mut self, term: i32, terms: &Terms) -> Option<ItemId> {
        self.items.entry(term).or_insert_with(|| terms.text(TermKind::Item, term).parse().ok()).clone()
    }

    /// The measure of a term; that of the empty text is an element without a name.
    pub(crate) fn measure(&mut self, term: i32, terms: &Terms) -> &Measure {
        self.measures.entry(term).or_insert_with(|| {
            Measure::named(terms.text(TermKind::Measure, term)).unwrap_or(Measure::Element("".into()))
        })
    }
}
