//! Whether the user may write the value there, and whether its options hold there and then.

use jiff::civil::Date;
use mlatho_connect::dhis2::{CategoryOption, DataSet, Engine, ValueKey};
use mlatho_model::{Period, Uid};

use super::Structure;
use crate::publish::rules::Rule;

impl Structure {
    /// Engine B lets superusers write everywhere, engine A does not.
    pub(super) fn out_of_scope(&self, key: &ValueKey) -> Option<Rule> {
        if self.is_super && self.version.engine() == Engine::B {
            return None;
        }
        let path = &self.org_units.get(&key.org_unit)?.path;
        let outside = !path.is_empty() && !path.iter().any(|step| self.capture.contains(step));
        outside.then_some(Rule::OrgUnitScope)
    }

    pub(super) fn closed_combo(&self, key: &ValueKey) -> Option<Rule> {
        self.is_closed(key.category_option_combo).then_some(Rule::ComboAccess)
    }

    pub(super) fn closed_attribute(&self, key: &ValueKey) -> Option<Rule> {
        self.is_closed(key.attribute_option_combo).then_some(Rule::AttributeAccess)
    }

    fn is_closed(&self, option_combo: Uid) -> bool {
        self.options_of(option_combo).any(|option| !option.writable)
    }

    fn options_of(&self, option_combo: Uid) -> impl Iterator<Item = &CategoryOption> {
        let options = self.option_combos.get(&option_combo).into_iter().flatten();
        options.filter_map(|option| self.category_options.get(option))
    }

    /// Whether an option of the attribute option combo is bound to org units of which none is the value's or above it.
    pub(super) fn misplaced(&self, key: &ValueKey) -> Option<Rule> {
        let path = &self.org_units.get(&key.org_unit)?.path;
        let excludes = |option: &CategoryOption| {
            !option.org_units.is_empty() && !path.iter().any(|step| option.org_units.contains(step))
        };
        let misplaced = !path.is_empty() && self.options_of(key.attribute_option_combo).any(excludes);
        misplaced.then_some(Rule::AttributeOrgUnit)
    }

    /// For engine B the whole period has to lie within the dates of every option, for engine A some of it. The data set
    /// may leave so many periods more after the end; where DHIS2's way of moving dates decides, the server does.
    pub(super) fn out_of_dates(&self, key: &ValueKey, data_set: &DataSet) -> Option<Rule> {
        let first = self.options_of(key.attribute_option_combo).filter_map(|option| option.start).max();
        let last = self.options_of(key.attribute_option_combo).filter_map(|option| option.end).min();
        let (start, end) = (key.period.start(), key.period.end());
        let leave = data_set.open_after_option.clamp(0, 1000);
        let moved = (0..leave).try_fold(key.period, |period, _| Period::previous(period))?.start();
        let begins_after = |day: Date| first.is_some_and(|first| day < first);
        let ended_before = |day: Date| last.is_some_and(|last| last < day);
        let outside = match self.version.engine() {
            Engine::A => begins_after(end) || ended_before(moved),
            Engine::B if leave == 0 => begins_after(start) || ended_before(end),
            Engine::B => (begins_after(start) || ended_before(end)) && (begins_after(moved) || ended_before(moved)),
        };
        outside.then_some(Rule::AttributeDates)
    }

    /// Only the first day of the period counts.
    pub(super) fn closed_org_unit(&self, key: &ValueKey) -> Option<Rule> {
        let unit = self.org_units.get(&key.org_unit)?;
        let start = key.period.start();
        let closed = unit.opening.is_some_and(|opening| start < opening) || unit.closed.is_some_and(|end| start > end);
        closed.then_some(Rule::OrgUnitClosed)
    }
}
