//! What is checked of a group as a whole, in the server's order; the first check that fails refuses it `[C]`.

use std::collections::HashSet;

use jiff::civil::DateTime;
use mlatho_model::{Period, Uid};

use super::{Fault, Group, Options, distinct, fault, listed};
use crate::dhis2::call::Call;
use crate::dhis2::config::{Engine, Version};
use crate::dhis2::import::timeliness;
use crate::dhis2::state::State;
use crate::dhis2::structure::DataSet;
use crate::dhis2::values::Stamp;

/// All offenders of a check, or nothing where it has none.
fn none_of<T: std::fmt::Display>(
    offenders: impl IntoIterator<Item = T>,
    code: &'static str,
    say: impl FnOnce(&str) -> String,
) -> Result<(), Fault> {
    let named = listed(offenders);
    if named.is_empty() { Ok(()) } else { Err(fault(code, named.as_str(), say(&named))) }
}

pub(super) fn group(
    state: &State,
    call: &Call,
    id: Uid,
    group: &Group<'_>,
    options: &Options,
    stamp: &Stamp,
) -> Result<(), Fault> {
    let set = state.structure.data_sets.get(&id);
    let set = set.ok_or_else(|| fault("E8004", id.to_string(), format!("Data set {id} does not exist")))?;
    if !set.sharing.lets_write(&call.user) {
        return Err(fault("E8010", id.to_string(), format!("User has no data write access to data set {id}")));
    }
    if !call.user.is_super() {
        access(state, call, group)?; // a superuser may write everywhere [C]
    }
    membership(state, id, set, group)?;
    open_org_units(state, group)?;
    if !options.force {
        timely(state, call, id, set, group, stamp)?;
        approval(state, set, group)?;
        dates_of_options(state, set, group)?;
    }
    let mut keys = HashSet::with_capacity(group.rows.len());
    let repeated = group.rows.iter().filter(|row| !keys.insert(row.key));
    none_of(repeated.map(|row| row.key.data_element), "E8128", |named| {
        format!("Several values for the same key, of data elements {named}")
    })
}

fn access(state: &State, call: &Call, group: &Group<'_>) -> Result<(), Fault> {
    let structure = &state.structure;
    let outside = distinct(&group.rows, |row| row.key.org_unit)
        .into_iter()
        .filter(|unit| structure.org_units.contains_key(unit) && !structure.is_within(*unit, &call.user.org_units));
    none_of(outside, "E8011", |named| format!("Organisation units {named} are not in the user's hierarchy"))?;
    let combos = distinct(&group.rows, |row| row.key.attribute_combo)
        .into_iter()
        .chain(distinct(&group.rows, |row| row.key.option_combo));
    let closed = combos.filter(|combo| !structure.may_write(*combo, &call.user));
    none_of(closed, "E8012", |named| format!("Options of {named} are not accessible to the user"))
}

/// Data element, org unit, period type and option combos: all have to belong to the data set, always `[C]`.
fn membership(state: &State, id: Uid, set: &DataSet, group: &Group<'_>) -> Result<(), Fault> {
    let (structure, rows) = (&state.structure, &group.rows);
    let elements = distinct(rows, |row| row.key.data_element);
    none_of(elements.into_iter().filter(|element| !set.elements.contains_key(element)), "E8020", |named| {
        format!("Data elements {named} are not in data set {id}")
    })?;
    let units = distinct(rows, |row| row.key.org_unit);
    none_of(units.into_iter().filter(|unit| !set.org_units.contains(unit)), "E8022", |named| {
        format!("Organisation units {named} are not assigned to data set {id}")
    })?;
    let periods = distinct(rows, |row| row.key.period);
    none_of(periods.into_iter().filter(|period| set.period_type != Some(period.period_type())), "E8021", |named| {
        format!("Periods {named} are not of the type of data set {id}")
    })?;
    let attributes = distinct(rows, |row| row.key.attribute_combo);
    none_of(attributes.into_iter().filter(|combo| structure.combo_of(*combo) != set.combo), "E8023", |named| {
        format!("Attribute option combos {named} are not of the category combo of data set {id}")
    })?;
    let combos = distinct(rows, |row| (row.key.data_element, row.key.option_combo));
    let strange = combos
        .into_iter()
        .filter(|(element, combo)| structure.combo_of(*combo) != set.elements.get(element).copied().flatten());
    // One message for each data element; the first is what the group is refused with [I].
    let mut strange = strange.peekable();
    if let Some(&(element, _)) = strange.peek() {
        let named = listed(strange.filter(|(own, _)| *own == element).map(|(_, combo)| combo));
        let message = format!("Category option combos {named} are not of the category combo of data element {element}");
        return Err(fault("E8024", format!("{element}, {named}"), message));
    }
    let pairs = distinct(rows, |row| (row.key.attribute_combo, row.key.org_unit));
    let invalid = pairs.into_iter().filter(|(combo, unit)| !structure.is_valid_at(*combo, *unit));
    none_of(invalid.map(|(_, unit)| unit), "E8025", |named| {
        format!("Organisation units {named} are not valid for the attribute option combo")
    })
}

/// The first thing that has offending periods, with all of them: no more is named `[C]`.
fn first_with_periods<T: PartialEq + Copy>(offenders: impl IntoIterator<Item = (T, Period)>) -> Option<(T, String)> {
    let mut offenders = offenders.into_iter().peekable();
    let first = offenders.peek()?.0;
    Some((first, listed(offenders.filter(|(thing, _)| *thing == first).map(|(_, period)| period))))
}

/// Only the first day of the period counts, and only the first org unit is named `[C]`.
fn open_org_units(state: &State, group: &Group<'_>) -> Result<(), Fault> {
    let calendar = state.config.calendar;
    let closed =
        distinct(&group.rows, |row| (row.key.org_unit, row.key.period)).into_iter().filter(|(unit, period)| {
            let start = calendar.start(*period);
            state.structure.org_units.get(unit).is_some_and(|known| {
                known.opening.is_some_and(|day| start < day) || known.closed.is_some_and(|day| day < start)
            })
        });
    let Some((unit, periods)) = first_with_periods(closed) else { return Ok(()) };
    let message = format!("Organisation unit {unit} is not open for periods {periods}");
    Err(fault("E8031", format!("{unit}, {periods}"), message))
}

/// Where there are input periods, they alone decide; else expiry, but for lock exceptions, then how far ahead is open
/// `[C]`.
fn timely(state: &State, call: &Call, id: Uid, set: &DataSet, group: &Group<'_>, stamp: &Stamp) -> Result<(), Fault> {
    let (calendar, now) = (state.config.calendar, stamp.now);
    let shut = |is_shut: &dyn Fn(Period, Uid) -> bool| {
        let pairs = distinct(&group.rows, |row| (row.key.period, row.key.org_unit)).into_iter();
        let mut seen = HashSet::new();
        let shut = pairs.filter(|&(period, unit)| is_shut(period, unit));
        let named = shut.map(|(period, _)| period).filter(|period| seen.insert(*period));
        none_of(named, "E8030", |named| format!("Data set {id} is not open for periods {named}"))
    };
    if !set.input_periods.is_empty() {
        return shut(&|period, _| !input_open(state.config.version, set, period, now));
    }
    if call.user.has(timeliness::EDIT_EXPIRED) {
        return Ok(());
    }
    shut(&|period, unit| {
        timeliness::is_expired(set, Engine::B, calendar, period, now)
            && !state.lock_exceptions.contains(&(id, period, unit))
    })?;
    shut(&|period, _| timeliness::is_future(set.open_future_periods, calendar, period, now))
}

/// A period that is not listed is shut. The inversion up to 2.43.1 concerns those that are listed: open outside of their
/// dates, shut within `[C]`.
fn input_open(version: Version, set: &DataSet, period: Period, now: DateTime) -> bool {
    let mut listed = set.input_periods.iter().filter(|input| input.period == period).peekable();
    listed.peek().is_some() && listed.any(|input| input.is_open(now)) != version.inverts_input_periods()
}

/// Asked only where the attribute option combo is written out, of the org unit itself only, and only the first offender
/// is named `[C]`.
fn approval(state: &State, set: &DataSet, group: &Group<'_>) -> Result<(), Fault> {
    let Some(flow) = set.workflow else { return Ok(()) };
    let rows = group.rows.iter().filter(|row| row.gives_attribute_combo);
    let mut seen = HashSet::new();
    let slices = rows.map(|row| (row.key.attribute_combo, row.key.org_unit, row.key.period));
    let approved = slices.filter(|&(combo, unit, period)| {
        state.is_approved((flow, period, unit, combo)) && seen.insert((combo, unit, period))
    });
    let approved = approved.map(|(combo, unit, period)| ((combo, unit), period));
    let Some(((combo, unit), periods)) = first_with_periods(approved) else { return Ok(()) };
    let message = format!(
        "Data of organisation unit {unit} and attribute option combo {combo} is approved for periods {periods}"
    );
    Err(fault("E8033", format!("{combo}, {unit}, {periods}"), message))
}

/// Only the first attribute option combo is named `[C]`.
fn dates_of_options(state: &State, set: &DataSet, group: &Group<'_>) -> Result<(), Fault> {
    let calendar = state.config.calendar;
    let pairs = distinct(&group.rows, |row| (row.key.attribute_combo, row.key.period)).into_iter();
    let outside = pairs
        .filter(|(combo, period)| !state.structure.is_valid_between(*combo, *period, set.open_after_option, calendar));
    let Some((combo, periods)) = first_with_periods(outside) else { return Ok(()) };
    let message = format!("Periods {periods} are outside of the dates of attribute option combo {combo}");
    Err(fault("E8032", format!("{combo}, {periods}"), message))
}
