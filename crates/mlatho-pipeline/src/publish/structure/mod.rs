//! What the target's data sets accept, and from whom: read once for a publication.

mod access;
mod locks;
mod timely;
mod values;

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use mlatho_connect::dhis2::{CategoryOption, Client, DataElement, DataSet, Dhis2Error, Engine, OrgUnit, Version};
use mlatho_model::Uid;

use super::plan::Change;
use super::rules::Rule;
use locks::Locks;

/// The data sets of a target with everything that decides about a value.
#[derive(Clone, Debug)]
pub struct Structure {
    pub version: Version,
    /// Whether the user may do everything (`ALL`).
    pub is_super: bool,
    /// Whether the user may write to expired periods (`F_EDIT_EXPIRED`).
    pub edits_expired: bool,
    /// The user may write to these org units and to all below them.
    pub capture: BTreeSet<Uid>,
    pub data_sets: HashMap<Uid, DataSet>,
    /// Data sets that the user may not read, and so not write to.
    pub closed_sets: BTreeSet<Uid>,
    /// Option combos of each category combo.
    pub combos: HashMap<Uid, BTreeSet<Uid>>,
    /// Category options of each option combo.
    pub option_combos: HashMap<Uid, Vec<Uid>>,
    /// The category options that the user may read.
    pub category_options: HashMap<Uid, CategoryOption>,
    /// Codes of each option set.
    pub options: HashMap<Uid, HashSet<String>>,
    pub org_units: HashMap<Uid, OrgUnit>,
    locks: Locks,
}

impl Structure {
    /// Reads the structure of the data sets; org units and locks are added later. A data set that the server does not
    /// know is left out, so that its values are blocked as such.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn of_data_sets(client: &Client, data_sets: &BTreeSet<Uid>) -> Result<Self, Dhis2Error> {
        let mut structure = Self {
            version: client.version(),
            is_super: client.is_super(),
            edits_expired: client.has_authority("F_EDIT_EXPIRED"),
            capture: client.me().organisation_units.iter().map(|unit| unit.id).collect(),
            data_sets: HashMap::new(),
            closed_sets: BTreeSet::new(),
            combos: HashMap::new(),
            option_combos: HashMap::new(),
            category_options: HashMap::new(),
            options: HashMap::new(),
            org_units: HashMap::new(),
            locks: Locks::default(),
        };
        for &id in data_sets {
            match client.data_set(id).await {
                Ok(data_set) => drop(structure.data_sets.insert(id, data_set)),
                Err(Dhis2Error::Status { status: 404, .. }) => {}
                Err(Dhis2Error::Forbidden { .. }) => drop(structure.closed_sets.insert(id)),
                Err(error) => return Err(error),
            }
        }
        let elements = || structure.data_sets.values().flat_map(|set| set.elements.values());
        let combos = elements().map(|element| element.category_combo);
        let combos = combos.chain(structure.data_sets.values().map(|set| set.category_combo)).collect();
        let option_sets: BTreeSet<Uid> =
            elements().flat_map(|element| [element.option_set, element.comment_option_set]).flatten().collect();
        for combo in client.category_combos(&combos).await? {
            structure.combos.insert(combo.id, combo.option_combos.keys().copied().collect());
            structure.option_combos.extend(combo.option_combos);
        }
        let options = structure.option_combos.values().flatten().copied().collect();
        let options = client.category_options(&options).await?;
        structure.category_options.extend(options.into_iter().map(|option| (option.id, option)));
        for id in option_sets {
            structure.options.insert(id, client.option_codes(id).await?);
        }
        Ok(structure)
    }

    /// Reads where org units are and between which dates they are open.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn add_org_units(&mut self, client: &Client, org_units: &BTreeSet<Uid>) -> Result<(), Dhis2Error> {
        let units = client.org_units(org_units).await?;
        self.org_units.extend(units.into_iter().map(|unit| (unit.id, unit)));
        Ok(())
    }

    /// The first rule, in the order of the server's engine, by which the server would refuse the value, or lose it. What
    /// could not be read is left to the server. `today` is the server's.
    #[must_use]
    pub fn refuses(&self, change: &Change, today: Date) -> Option<Rule> {
        let Some(data_set) = self.data_sets.get(&change.data_set) else {
            let closed = self.closed_sets.contains(&change.data_set);
            return Some(if closed { Rule::DataSetAccess } else { Rule::DataSetUnknown });
        };
        if !data_set.writable {
            return Some(Rule::DataSetAccess);
        }
        match self.version.engine() {
            Engine::A => self.refuses_row(change, data_set, today),
            Engine::B => self.refuses_group(change, data_set, today),
        }
    }

    /// Engine A takes values that do not belong to their data set, except that a data element outside of it could never be
    /// read back.
    fn refuses_row(&self, change: &Change, data_set: &DataSet, today: Date) -> Option<Rule> {
        let key = &change.key;
        let Some(element) = data_set.elements.get(&key.data_element) else { return Some(Rule::ElementNotInDataSet) };
        self.closed_combo(key)
            .or_else(|| self.closed_attribute(key))
            .or_else(|| self.out_of_scope(key))
            .or_else(|| self.bad_value(change, element))
            .or_else(|| self.out_of_dates(key, data_set))
            .or_else(|| self.misplaced(key))
            .or_else(|| self.too_late(key, data_set, today))
            .or_else(|| timely::too_early(key.period, data_set, today))
            .or_else(|| self.approved(key, data_set))
            .or_else(|| timely::no_input(key.period, data_set, today))
            .or_else(|| values::dropped(change, element))
    }

    fn refuses_group(&self, change: &Change, data_set: &DataSet, today: Date) -> Option<Rule> {
        let key = &change.key;
        if let Some(rule) =
            self.out_of_scope(key).or_else(|| self.closed_attribute(key)).or_else(|| self.closed_combo(key))
        {
            return Some(rule);
        }
        let Some(element) = data_set.elements.get(&key.data_element) else { return Some(Rule::ElementNotInDataSet) };
        self.outside(change, data_set, element)
            .or_else(|| self.misplaced(key))
            .or_else(|| self.closed_org_unit(key))
            .or_else(|| self.untimely(key, data_set, today))
            .or_else(|| self.approved(key, data_set))
            .or_else(|| self.out_of_dates(key, data_set))
            .or_else(|| self.bad_value(change, element))
    }

    /// What does not belong to the data set, in the order of engine B.
    fn outside(&self, change: &Change, data_set: &DataSet, element: &DataElement) -> Option<Rule> {
        let key = change.key;
        let has = |combo: Uid, option: Uid| self.combos.get(&combo).is_none_or(|options| options.contains(&option));
        if !data_set.org_units.contains(&key.org_unit) {
            return Some(Rule::OrgUnitNotInDataSet);
        }
        if data_set.period_type.is_some_and(|kind| kind != key.period.period_type()) {
            return Some(Rule::PeriodType);
        }
        if !has(data_set.category_combo, key.attribute_option_combo) {
            return Some(Rule::AttributeCombo);
        }
        (!has(element.category_combo, key.category_option_combo)).then_some(Rule::Combo)
    }
}
