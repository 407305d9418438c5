//! Engine A (2.42 and older): row by row; what is wrong costs its row `[C]`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use mlatho_model::Uid;

use super::value_type::{is_zero, normalised};
use super::{Options, Refusal, Strategy, register_complete, timeliness};
use crate::dhis2::call::Call;
use crate::dhis2::config::{Engine, User};
use crate::dhis2::payload::{Combo, Group, Incoming, Payload, Text};
use crate::dhis2::report::{Conflict, Status, Summary};
use crate::dhis2::resolve::{Finder, Finders, Found};
use crate::dhis2::state::State;
use crate::dhis2::structure::{DataSet, Element};
use crate::dhis2::values::{Content, Key, Stamp};

/// What a row is refused for.
struct Fault {
    code: &'static str,
    property: &'static str,
    objects: BTreeMap<&'static str, String>,
    message: String,
}

fn fault(code: &'static str, property: &'static str, object: &str, message: String) -> Fault {
    Fault { code, property, objects: BTreeMap::from([(property, object.to_owned())]), message }
}

/// Conflicts, de-duplicated by code and objects; their indexes are gathered `[C]`.
#[derive(Default)]
struct Conflicts {
    list: Vec<Conflict>,
    known: HashMap<(&'static str, BTreeMap<&'static str, String>), usize>,
}

impl Conflicts {
    fn add(&mut self, index: usize, fault: Fault) {
        let index = i64::try_from(index).unwrap_or(i64::MAX);
        let at = *self.known.entry((fault.code, fault.objects.clone())).or_insert(self.list.len());
        if let Some(known) = self.list.get_mut(at) {
            known.indexes.push(index);
            return;
        }
        self.list.push(Conflict {
            code: fault.code,
            message: fault.message,
            property: Some(fault.property),
            objects: fault.objects,
            indexes: vec![index],
        });
    }
}

pub(super) fn import(
    state: &mut State,
    call: &Call,
    payload: &Payload<'_>,
    options: &Options,
    stamp: &Arc<Stamp>,
) -> Result<Summary, Refusal> {
    let mut summary = Summary::default();
    let mut conflicts = Conflicts::default();
    let mut fresh = HashSet::new();
    let mut index = 0;
    for group in &payload.groups {
        let finders = Finders::new(&state.metadata, call, group, payload.defaults_to_code);
        let envelope = match envelope(state, call, options, group, &finders) {
            Ok(envelope) => envelope,
            Err(fault) => {
                // The import stops before the first value [C]; that all counts are 0 then is [I].
                let conflict = Conflict {
                    code: fault.code,
                    message: fault.message,
                    property: Some(fault.property),
                    objects: fault.objects,
                    indexes: vec![],
                };
                return Ok(Summary { status: Status::Error, conflicts: vec![conflict], ..Summary::default() });
            }
        };
        complete(state, options, stamp, group, &envelope, &mut summary);
        for row in &group.data_values {
            // ADX with an object that is not known answers 500 [O] (dhis2-core PR 8420).
            if payload.defaults_to_code {
                adx_objects(row, &finders)?;
            }
            match check(state, call, options, stamp, group, &envelope, &finders, row) {
                Ok((key, content)) => {
                    let stamp = stamp_of(row, stamp);
                    save(state, options, &stamp, index, key, content, &mut fresh, &mut summary);
                }
                Err(fault) => {
                    conflicts.add(index, fault);
                    summary.rejected.insert(index);
                    summary.ignored += 1;
                }
            }
            index += 1;
        }
    }
    summary.conflicts = conflicts.list;
    summary.status = if summary.conflicts.is_empty() { Status::Success } else { Status::Warning };
    summary.fresh = fresh.len();
    Ok(summary)
}

/// What the envelope says, looked up.
struct Envelope {
    data_set: Option<Uid>,
    org_unit: Option<Uid>,
    attribute_combo: Option<Uid>,
}

fn envelope(
    state: &State,
    call: &Call,
    options: &Options,
    group: &Group<'_>,
    finders: &Finders,
) -> Result<Envelope, Fault> {
    let structure = &state.structure;
    let mut envelope = Envelope { data_set: None, org_unit: None, attribute_combo: None };
    if let Some(text) = call.parameter("dataSet").or(group.data_set.as_ref().map(Text::as_str)) {
        let unknown = || fault("E7600", "dataSet", text, format!("Data set not found or not accessible: `{text}`"));
        let Found::Is(id) = finders.data_set.find(text) else { return Err(unknown()) };
        let set = structure.data_sets.get(&id).ok_or_else(unknown)?;
        if !set.sharing.lets_write(&call.user) {
            return Err(fault(
                "E7601",
                "dataSet",
                text,
                format!("User does not have write access for DataSet: `{text}`"),
            ));
        }
        envelope.data_set = Some(id);
    } else if options.strict.data_elements {
        return Err(fault("E7602", "dataSet", "", "A valid dataset is required".into()));
    }
    if let Some(text) = &group.org_unit {
        let text = text.as_str();
        match finders.org_unit.find(text) {
            Found::Is(id) if structure.org_units.contains_key(&id) => envelope.org_unit = Some(id),
            _ => {
                return Err(fault("E7603", "orgUnit", text, format!("Org unit not found or not accessible: `{text}`")));
            }
        }
    }
    if let Some(combo) = &group.attribute_option_combo {
        let found = option_combo(state, finders, &finders.attribute_combo, combo, envelope.data_set);
        envelope.attribute_combo = Some(found.map_err(|text| {
            let message = format!("Attribute option combo not found or not accessible: `{text}`");
            fault("E7604", "attributeOptionCombo", &text, message)
        })?);
    }
    Ok(envelope)
}

/// An option combo that exists, or the text that names none. By options it is found only through ADX.
fn option_combo(
    state: &State,
    finders: &Finders,
    finder: &Finder,
    combo: &Combo<'_>,
    data_set: Option<Uid>,
) -> Result<Uid, String> {
    match combo {
        Combo::Id(text) => match finder.find(text) {
            Found::Is(id) if state.structure.option_combos.contains_key(&id) => Ok(id),
            _ => Err(text.to_string()),
        },
        Combo::Options(options) => {
            let set = data_set.and_then(|id| state.structure.data_sets.get(&id));
            let found = finders.by_options(&state.metadata, set.and_then(|set| set.combo), options);
            found.ok_or_else(|| format!("{options:?}"))
        }
    }
}

/// `completeDate` counts before the values, whatever happens to them `[C]`.
fn complete(
    state: &mut State,
    options: &Options,
    stamp: &Stamp,
    group: &Group<'_>,
    envelope: &Envelope,
    summary: &mut Summary,
) {
    let (Some(date), Some(data_set), Some(org_unit)) = (&group.complete_date, envelope.data_set, envelope.org_unit)
    else {
        return;
    };
    let period = group.period.as_ref().and_then(|text| state.config.calendar.read(text.as_str()));
    let attribute_combo = envelope.attribute_combo.or(state.structure.default_option_combo);
    if let (Some(period), Some(attribute_combo)) = (period, attribute_combo) {
        summary.complete = Some(date.as_str().to_owned());
        if !options.dry_run {
            register_complete(state, (data_set, period, org_unit, attribute_combo), date.as_str(), stamp);
        }
    }
}

fn adx_objects(row: &Incoming<'_>, finders: &Finders) -> Result<(), Refusal> {
    let text = row.data_element.as_ref().map_or("", |text| text.as_str());
    match finders.data_element.find(text) {
        Found::Is(_) => Ok(()),
        _ => Err(Refusal { code: "500", message: format!("No data element with identifier: {text}") }),
    }
}

/// Every check of a row in the order of `DataValueSetImportValidator`; the first that fails counts.
#[expect(clippy::too_many_arguments, reason = "a check of one row reads all of the request")]
#[expect(clippy::too_many_lines, reason = "one list of checks in the server's order")]
fn check(
    state: &State,
    call: &Call,
    options: &Options,
    stamp: &Stamp,
    group: &Group<'_>,
    envelope: &Envelope,
    finders: &Finders,
    row: &Incoming<'_>,
) -> Result<(Key, Content), Fault> {
    let (structure, calendar, strict) = (&state.structure, state.config.calendar, &options.strict);
    let de_text = row.data_element.as_ref().map_or("", |text| text.as_str());
    let unknown = || {
        let message = format!("Data element not found or not accessible: `{de_text}`");
        fault("E7610", "dataElement", de_text, message)
    };
    let Found::Is(data_element) = finders.data_element.find(de_text) else { return Err(unknown()) };
    let element = structure.elements.get(&data_element).ok_or_else(unknown)?;

    let pe_text = row.period.as_ref().or(group.period.as_ref()).map_or("", |text| text.as_str());
    let period = calendar
        .read(pe_text)
        .ok_or_else(|| fault("E7611", "period", pe_text, format!("Period not valid: `{pe_text}`")))?;

    let ou_text = row.org_unit.as_ref().or(group.org_unit.as_ref()).map_or("", |text| text.as_str());
    let org_unit = match finders.org_unit.find(ou_text) {
        Found::Is(id) if structure.org_units.contains_key(&id) => id,
        _ => {
            let message = format!("Organisation unit not found or not accessible: `{ou_text}`");
            return Err(fault("E7612", "orgUnit", ou_text, message));
        }
    };

    let default = structure.default_option_combo;
    let data_set = envelope.data_set;
    let given_option_combo = row.category_option_combo.as_ref().map(|combo| match combo {
        Combo::Options(options) => {
            let own = effective_combo(structure.data_sets.get(&data_set?), element, data_element);
            finders.by_options(&state.metadata, own, options)
        }
        Combo::Id(_) => option_combo(state, finders, &finders.option_combo, combo, data_set).ok(),
    });
    let coc_missing = || {
        let text = row.category_option_combo.as_ref().map_or(String::new(), combo_text);
        let message = format!("Category option combo not found or not accessible for writing data: `{text}`");
        fault("E7613", "categoryOptionCombo", &text, message)
    };
    let option_combo_id = given_option_combo.map_or(default, |given| given).ok_or_else(coc_missing)?;
    if !structure.may_write(option_combo_id, &call.user) {
        let message = format!("Category option combo: `{option_combo_id}` option not accessible to current user");
        return Err(fault("E7614", "categoryOptionCombo", option_combo_id.as_str(), message));
    }
    let given_attribute_combo = match &row.attribute_option_combo {
        Some(combo) => {
            Some(option_combo(state, finders, &finders.attribute_combo, combo, data_set).map_err(|text| {
                let message = format!("Attribute option combo not found or not accessible for writing data: `{text}`");
                fault("E7615", "attributeOptionCombo", &text, message)
            })?)
        }
        None => envelope.attribute_combo,
    };
    let attribute_combo = given_attribute_combo.or(default).ok_or_else(coc_missing)?;
    if !structure.may_write(attribute_combo, &call.user) {
        let message = format!("Attribute option combo: `{attribute_combo}` option not accessible to current user");
        return Err(fault("E7616", "attributeOptionCombo", attribute_combo.as_str(), message));
    }
    if !structure.is_within(org_unit, &call.user.org_units) {
        let message = format!("Organisation unit: `{ou_text}` not in hierarchy of current user: `{}`", call.user.name);
        return Err(fault("E7617", "orgUnit", ou_text, message));
    }

    let value = row.value.as_ref().map_or("", |text| text.as_str()).trim();
    let comment = row.comment.as_ref().map(Text::as_str);
    let deletes = row.deleted == Some(true) || options.strategy == Strategy::Delete;
    if value.is_empty() && comment.is_none() && !deletes {
        let message = format!("Data value or comment not specified for data element: `{de_text}`");
        return Err(fault("E7618", "value", de_text, message));
    }
    if !value.is_empty() && normalised(Engine::A, &element.value_type, value).is_none() {
        let message =
            format!("Value must match data element's `{de_text}` type constraints: not {}", element.value_type);
        return Err(fault("E7619", "value", &format!("{de_text} {value}"), message));
    }
    let is_option = |set: Uid, text: &str| structure.option_sets.get(&set).is_none_or(|codes| codes.contains(text));
    if let Some(comment) = comment
        && (comment.chars().count() > 5000 || element.comment_option_set.is_some_and(|set| !is_option(set, comment)))
    {
        return Err(fault("E7620", "comment", de_text, "Invalid comment".into()));
    }
    if let Some(set) = element.option_set
        && !value.is_empty()
        && !is_option(set, value)
    {
        let message = format!("Data value is not a valid option of the data element option set: `{de_text}`");
        return Err(fault("E7621", "value", &format!("{de_text} {value}"), message));
    }

    if strict.require_option_combo && given_option_combo.is_none() {
        let message = "Category option combo is required but is not specified";
        return Err(fault("E7630", "categoryOptionCombo", "", message.into()));
    }
    if strict.require_attribute_combo && given_attribute_combo.is_none() {
        let message = "Attribute option combo is required but is not specified";
        return Err(fault("E7631", "attributeOptionCombo", "", message.into()));
    }
    let sets: Vec<&DataSet> = element.data_sets.iter().filter_map(|id| structure.data_sets.get(id)).collect();
    if strict.periods && !sets.iter().any(|set| set.period_type == Some(period.period_type())) {
        let message = format!("Period type of period: `{pe_text}` not valid for data element: `{de_text}`");
        return Err(fault("E7632", "period", pe_text, message));
    }
    let envelope_set = data_set.and_then(|id| structure.data_sets.get(&id));
    if strict.data_elements && envelope_set.is_some_and(|set| !set.elements.contains_key(&data_element)) {
        let set = data_set.map_or(String::new(), |id| id.to_string());
        let message = format!("Data element: `{de_text}` is not part of dataset: `{set}`");
        return Err(fault("E7633", "dataElement", de_text, message));
    }
    if strict.option_combos && structure.combo_of(option_combo_id) != element.combo {
        let message = format!(
            "Category option combo: `{option_combo_id}` must be part of category combo of data element: `{de_text}`"
        );
        return Err(fault("E7634", "categoryOptionCombo", option_combo_id.as_str(), message));
    }
    if strict.attribute_combos && !sets.iter().any(|set| set.combo == structure.combo_of(attribute_combo)) {
        let message = format!(
            "Attribute option combo: `{attribute_combo}` must be part of category combo of data sets of data element: `{de_text}`"
        );
        return Err(fault("E7635", "attributeOptionCombo", attribute_combo.as_str(), message));
    }
    if strict.org_units && !sets.iter().any(|set| set.org_units.contains(&org_unit)) {
        let message =
            format!("Data element: `{de_text}` must be assigned through data sets to organisation unit: `{ou_text}`");
        return Err(fault("E7636", "orgUnit", ou_text, message));
    }
    if let Some(name) = &row.stored_by
        && name.as_str().chars().count() > 255
    {
        return Err(fault("E7637", "storedBy", name.as_str(), "Invalid storedBy".into()));
    }
    let open_after = envelope_set.map_or(0, |set| set.open_after_option);
    if !structure.is_valid_in_part(attribute_combo, period, open_after, calendar) {
        let message =
            format!("Period: `{pe_text}` is not within date range of attribute option combo: `{attribute_combo}`");
        return Err(fault("E7638", "period", pe_text, message));
    }
    if !structure.is_valid_at(attribute_combo, org_unit) {
        let message =
            format!("Organisation unit: `{ou_text}` is not valid for attribute option combo: `{attribute_combo}`");
        return Err(fault("E7639", "orgUnit", ou_text, message));
    }
    if !options.force {
        // Which data set judges a row without one in the envelope: the first of the data element [I].
        let first = element.data_sets.first().copied();
        let judge = envelope_set.map_or(first, |_| data_set).zip(envelope_set.or(sets.first().copied()));
        locks(
            state,
            call.user.has(timeliness::EDIT_EXPIRED),
            stamp,
            judge,
            &sets,
            envelope_set.is_some(),
            (pe_text, ou_text, de_text),
            period,
            org_unit,
            attribute_combo,
        )?;
    }
    let key = Key { data_element, org_unit, period, option_combo: option_combo_id, attribute_combo };
    let content = Content {
        value: value.into(),
        comment: comment.map(Into::into),
        follow_up: row.follow_up == Some(true),
        deleted: deletes,
    };
    Ok((key, content))
}

/// The checks that a superuser's `force` skips.
#[expect(clippy::too_many_arguments, reason = "they are one part of the list of checks")]
fn locks(
    state: &State,
    edits_expired: bool,
    stamp: &Stamp,
    judge: Option<(Uid, &DataSet)>,
    sets: &[&DataSet],
    has_context: bool,
    (pe_text, ou_text, de_text): (&str, &str, &str),
    period: mlatho_model::Period,
    org_unit: Uid,
    attribute_combo: Uid,
) -> Result<(), Fault> {
    let calendar = state.config.calendar;
    let Some((id, set)) = judge else { return Ok(()) };
    let may_expire = set.period_type == Some(period.period_type())
        && !edits_expired
        && !state.lock_exceptions.contains(&(id, period, org_unit));
    if may_expire && timeliness::is_expired(set, Engine::A, calendar, period, stamp.now) {
        let message = format!("Current date is past expiry days for period: `{pe_text}` and data element: `{de_text}`");
        return Err(fault("E7640", "period", pe_text, message));
    }
    let furthest = sets.iter().map(|set| set.open_future_periods).max();
    if furthest.is_some_and(|open| timeliness::is_future(open, calendar, period, stamp.now)) {
        let message = format!("Period: `{pe_text}` is after latest open future period for data element: `{de_text}`");
        return Err(fault("E7641", "period", pe_text, message));
    }
    let is_approved = |flow| {
        let slice = (flow, period, org_unit, attribute_combo);
        state.is_approved(slice) || state.is_approved_above(slice)
    };
    if set.workflow.is_some_and(is_approved) {
        let message = format!(
            "Data is already approved for period: `{pe_text}`, organisation unit: `{ou_text}` and attribute option combo: `{attribute_combo}`"
        );
        return Err(fault("E7642", "orgUnit", ou_text, message));
    }
    if has_context && !timeliness::is_input_open(set, period, stamp.now) {
        let message = format!("Period: `{pe_text}` is not open for this data set at this time");
        return Err(fault("E7643", "period", pe_text, message));
    }
    if !sets.is_empty() && !sets.iter().any(|set| timeliness::is_input_open(set, period, stamp.now)) {
        let message = format!("Period: `{pe_text}` does not conform to the open periods of associated data sets");
        return Err(fault("E7644", "period", pe_text, message));
    }
    Ok(())
}

fn effective_combo(set: Option<&DataSet>, element: &Element, id: Uid) -> Option<Uid> {
    set.and_then(|set| set.elements.get(&id)).copied().flatten().or(element.combo)
}

fn combo_text(combo: &Combo<'_>) -> String {
    match combo {
        Combo::Id(text) => text.to_string(),
        Combo::Options(options) => format!("{options:?}"),
    }
}

/// The user who is written down: the payload's `storedBy`, if it has one `[C]`. Its `created` and `lastUpdated` are used
/// by the server too `[C]`, and not here.
fn stamp_of(row: &Incoming<'_>, stamp: &Arc<Stamp>) -> Arc<Stamp> {
    let Some(name) = row.stored_by.as_ref().map(|text| text.as_str().trim()).filter(|name| !name.is_empty()) else {
        return stamp.clone();
    };
    let by = User { name: name.into(), ..(*stamp.by).clone() };
    Arc::new(Stamp { now: stamp.now, by: Arc::new(by) })
}

/// A zero of a number that is not averaged, of a data element whose zeros are not significant. A comment does not save
/// it `[C]` (`ValidationUtils.dataValueIsZeroAndInsignificant`).
fn is_insignificant(element: &Element, value: &str) -> bool {
    let is_number = element.value_type.starts_with("INTEGER")
        || matches!(element.value_type.as_str(), "NUMBER" | "PERCENTAGE" | "UNIT_INTERVAL");
    let is_averaged = matches!(element.aggregation.as_str(), "AVERAGE" | "AVERAGE_SUM_ORG_UNIT");
    is_zero(value) && is_number && !element.zero_is_significant && !is_averaged
}

/// Writes one row and counts it.
#[expect(clippy::too_many_arguments, reason = "what is written, how, and where it is counted")]
fn save(
    state: &mut State,
    options: &Options,
    stamp: &Arc<Stamp>,
    index: usize,
    key: Key,
    content: Content,
    fresh: &mut HashSet<Key>,
    summary: &mut Summary,
) {
    if fresh.contains(&key) {
        return; // the same new key again: dropped, and counted nowhere [I]
    }
    let mut ignore = |is_rejected: bool| {
        summary.ignored += 1;
        if is_rejected {
            summary.rejected.insert(index);
        }
    };
    let insignificant = state
        .structure
        .elements
        .get(&key.data_element)
        .is_some_and(|element| is_insignificant(element, &content.value));
    let stored = state.values.get(&key).map(|row| &row.content);
    let Some(stored) = stored.filter(|stored| !stored.deleted) else {
        match options.strategy {
            _ if insignificant && stored.is_none() => {} // dropped, and counted nowhere [C]
            Strategy::Update | Strategy::Delete => ignore(true), // [C]
            _ if content.deleted => ignore(false),       // nothing to delete [C]
            _ => {
                summary.imported += 1; // also where a deleted value comes back [C]
                fresh.extend(stored.is_none().then_some(key));
                if !options.dry_run {
                    state.values.put(key, content, stamp);
                }
            }
        }
        return;
    };
    match options.strategy {
        Strategy::Create => ignore(true), // [C]
        _ if content.deleted || insignificant => {
            summary.deleted += 1; // a zero deletes what was there [C]
            if !options.dry_run {
                state.values.soft_delete(&key, stamp);
            }
        }
        _ if *stored == content => ignore(false), // unchanged, without a conflict [C]
        _ => {
            summary.updated += 1;
            if !options.dry_run {
                state.values.put(key, content, stamp);
            }
        }
    }
}
