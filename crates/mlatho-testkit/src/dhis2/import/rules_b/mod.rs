//! Engine B (2.43 and newer): group by group. What is wrong with the group costs all of it, what is wrong with a value
//! costs the value `[C]`.

mod checks;
mod decode;

use std::collections::HashSet;
use std::sync::Arc;

use mlatho_model::Uid;

use super::value_type::normalised;
use super::{Options, Refusal, Strategy, register_complete};
use crate::dhis2::call::Call;
use crate::dhis2::config::Engine;
use crate::dhis2::payload::Payload;
use crate::dhis2::report::{Conflict, Status, Summary};
use crate::dhis2::state::{Slice, State};
use crate::dhis2::structure::Element;
use crate::dhis2::values::{Content, Key, Stamp};
use decode::Undecoded;

/// Values of one data set.
struct Group<'a> {
    /// Or why it cannot be told.
    data_set: Result<Uid, Fault>,
    rows: Vec<Row<'a>>,
    /// What is to be registered as complete, and the date.
    complete: Option<(Slice, &'a str)>,
    /// What is removed before the values are written.
    deletion: Vec<(Key, Wild)>,
}

/// Which parts of a key in a deletion scope stand for all.
#[derive(Clone, Copy)]
struct Wild {
    option_combo: bool,
    attribute_combo: bool,
}

/// One value with its identifiers looked up.
struct Row<'a> {
    /// Position in the request.
    index: usize,
    key: Key,
    /// Without it approval is not asked about `[C]`.
    gives_attribute_combo: bool,
    value: &'a str,
    comment: Option<&'a str>,
    follow_up: bool,
    deleted: bool,
}

/// What a group or a value is refused for.
struct Fault {
    code: &'static str,
    args: String,
    message: String,
}

fn fault(code: &'static str, args: impl Into<String>, message: impl Into<String>) -> Fault {
    Fault { code, args: args.into(), message: message.into() }
}

impl Fault {
    fn conflict(self, indexes: Vec<i64>) -> Conflict {
        let objects = std::collections::BTreeMap::from([("args", self.args)]);
        Conflict { code: self.code, message: self.message, property: None, objects, indexes }
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
    let groups = match decode::decode(state, call, payload) {
        Ok(groups) => groups,
        Err(Undecoded::Plain(refusal)) => return Err(refusal),
        Err(Undecoded::Whole(fault)) => {
            summary.status = Status::Error;
            summary.conflicts.push(fault.conflict(vec![-1]));
            return Ok(summary);
        }
    };
    for group in groups {
        if let Err(fault) = write(state, call, &group, options, stamp, &mut summary) {
            summary.status = Status::Error;
            summary.rejected.extend(group.rows.iter().map(|row| row.index));
            let indexes = group.rows.iter().filter_map(|row| i64::try_from(row.index).ok()).collect();
            summary.conflicts.push(fault.conflict(indexes));
        }
    }
    if summary.status == Status::Success && !summary.conflicts.is_empty() {
        summary.status = Status::Warning;
    }
    Ok(summary)
}

/// Checks a group, then writes what is right in it: one transaction `[C]`.
fn write(
    state: &mut State,
    call: &Call,
    group: &Group<'_>,
    options: &Options,
    stamp: &Arc<Stamp>,
    summary: &mut Summary,
) -> Result<(), Fault> {
    let id = match &group.data_set {
        Ok(id) => *id,
        Err(found) => return Err(fault(found.code, found.args.clone(), found.message.clone())),
    };
    checks::group(state, call, id, group, options, stamp)?;
    let mut writes = Vec::with_capacity(group.rows.len());
    let mut refused = Vec::new();
    // Values that are all to be deleted are not looked at [C].
    let only_deletes = group.rows.iter().all(|row| row.deleted || options.strategy == Strategy::Delete);
    for row in &group.rows {
        let read = if only_deletes { Ok(emptied()) } else { content(state, id, row, options) };
        match read {
            Ok(content) => writes.push((row.key, content)),
            Err(fault) => refused.push((row.index, fault)),
        }
    }
    if options.atomic && !refused.is_empty() {
        return Err(fault("E8000", id.to_string(), format!("Import aborted, {} values are not valid", refused.len())));
    }
    let ignored = refused.len();
    summary.ignored += ignored;
    for (index, fault) in refused {
        summary.rejected.insert(index);
        summary.conflicts.push(fault.conflict(i64::try_from(index).into_iter().collect()));
    }
    summary.deleted += delete_scope(state, group, options, stamp);
    for (key, content) in writes {
        summary.fresh += usize::from(state.values.get(&key).is_none());
        if content.deleted {
            summary.deleted += 1; // also where there was nothing [U]
            if !options.dry_run {
                state.values.soft_delete(&key, stamp);
            }
        } else {
            summary.updated += 1; // also where nothing changed, and lastUpdated moves [C]
            if !options.dry_run {
                state.values.put(key, content, stamp);
            }
        }
    }
    if let Some((slice, date)) = group.complete.filter(|_| ignored == 0) {
        summary.complete = Some(date.into());
        if !options.dry_run {
            register_complete(state, slice, date, stamp);
        }
    }
    Ok(())
}

fn delete_scope(state: &mut State, group: &Group<'_>, options: &Options, stamp: &Arc<Stamp>) -> usize {
    let mut found = Vec::new();
    for (scope, wild) in &group.deletion {
        let rows = state.values.cell(scope.period, scope.org_unit).iter().filter(|row| {
            !row.content.deleted
                && row.series.data_element == scope.data_element
                && (wild.option_combo || row.series.option_combo == scope.option_combo)
                && (wild.attribute_combo || row.series.attribute_combo == scope.attribute_combo)
        });
        found.extend(rows.map(|row| Key {
            option_combo: row.series.option_combo,
            attribute_combo: row.series.attribute_combo,
            ..*scope
        }));
    }
    if !options.dry_run {
        found.iter().for_each(|key| {
            state.values.soft_delete(key, stamp);
        });
    }
    found.len()
}

/// What a deletion says: nothing but that; the stored value and comment stay as they are.
fn emptied() -> Content {
    Content { value: "".into(), comment: None, follow_up: false, deleted: true }
}

/// What is stored for a row, or what is wrong with it.
fn content(state: &State, data_set: Uid, row: &Row<'_>, options: &Options) -> Result<Content, Fault> {
    let key = &row.key;
    let name = key.data_element.as_str();
    let args = |what: &str| format!("{name}, {what}");
    let structure = &state.structure;
    let element = structure.elements.get(&key.data_element);
    let deleted = row.deleted || options.strategy == Strategy::Delete;
    let value = match (row.value.trim(), element) {
        ("", _) if deleted => "".into(),
        ("", _) => {
            // Which of the two it is looks inverted in the source, so an empty value is refused in any case [C].
            let alone = structure.data_sets.get(&data_set).is_some_and(|set| set.no_value_requires_comment);
            let code = if alone { "E8121" } else { "E8120" };
            return Err(fault(code, name, format!("Value is missing for data element {name}")));
        }
        (text, Some(Element { value_type, .. })) => normalised(Engine::B, value_type, text).ok_or_else(|| {
            fault("E8122", args(text), format!("Value {text} of data element {name} is not a valid {value_type}"))
        })?,
        (text, None) => text.into(),
    };
    let is_option = |set: Option<Uid>, text: &str| {
        set.and_then(|set| structure.option_sets.get(&set)).is_none_or(|codes| codes.contains(text))
    };
    if !value.is_empty() && !is_option(element.and_then(|element| element.option_set), &value) {
        return Err(fault("E8123", args(&value), format!("Value {value} is not an option of data element {name}")));
    }
    // Where comments have options, no comment is none of them [C].
    let comment_options = element.and_then(|element| element.comment_option_set);
    if comment_options.is_some() && row.comment.is_none_or(|comment| !is_option(comment_options, comment)) {
        return Err(fault("E8124", name, format!("Comment of data element {name} is not an option")));
    }
    if row.comment.is_some_and(|comment| comment.chars().count() > 5000) {
        return Err(fault("E8125", name, format!("Comment of data element {name} is longer than 5000")));
    }
    // A comment that is not sent is erased [C].
    let comment = row.comment.map(Into::into);
    Ok(Content { value: value.as_ref().into(), comment, follow_up: row.follow_up, deleted })
}

/// Identifiers as a list for people.
fn listed<T: std::fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

/// The distinct values of a part of the rows, in the order in which they come.
fn distinct<'a, T: Copy + Eq + std::hash::Hash>(rows: &'a [Row<'_>], part: impl Fn(&'a Row<'_>) -> T) -> Vec<T> {
    let mut seen = HashSet::new();
    rows.iter().map(part).filter(|item| seen.insert(*item)).collect()
}
