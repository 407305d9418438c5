//! What keeps data from being written, or opens it: `/api/lockExceptions` and `/api/dataApprovals`, for reading.

use axum::response::Response;
use mlatho_model::{Period, Uid};
use serde_json::{Map, Value as Json, json};

use super::call::{self, Call};
use super::query;
use super::state::{LockException, State};
use super::structure::{id_of, text};

/// Lock exceptions that pass the filters on `organisationUnit.id`, `dataSet.id` and `period`. Anybody may read them. A
/// filtered list has another order with each request, so that its pages do not fit together `[C]` (a hash set of objects
/// without a hash of their own).
pub(super) fn exceptions(state: &State, call: &Call) -> Response {
    let mut found: Vec<&LockException> = state.lock_exceptions.iter().collect();
    let mut filters = call.query.iter().filter(|(name, _)| name == "filter").map(|(_, text)| text).peekable();
    if filters.peek().is_some() {
        let turns = state.log.count().checked_rem(found.len()).unwrap_or(0);
        found.rotate_right(turns);
    }
    for filter in filters {
        let [property, operator, value] = filter.split(':').collect::<Vec<_>>()[..] else {
            return call::bad_request(&format!("Invalid filter: {filter}"));
        };
        let listed = value.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
        let wanted: Vec<&str> = match (operator, listed) {
            ("eq", _) => vec![value],
            ("in", Some(list)) => list.split(',').collect(),
            ("in", None) => return call::bad_request(&format!("Invalid query: {value}")),
            _ => Vec::new(), // finds nothing [C]
        };
        found.retain(|(set, period, unit)| match property {
            "dataSet.id" => wanted.contains(&set.as_str()),
            "organisationUnit.id" => wanted.contains(&unit.as_str()),
            "period" => wanted.contains(&period.to_string().as_str()),
            _ => true,
        });
    }
    let mut body = Map::new();
    if call.parameter("paging") != Some("false") {
        let (pager, on_page) = query::page(call, found);
        body.insert("pager".into(), pager);
        found = on_page;
    }
    let exception = |(set, period, unit): &LockException| {
        let whole = json!({"period": {"id": period}, "organisationUnit": {"id": unit}, "dataSet": {"id": set}});
        query::fields_of(&call.user, &whole, call.parameter("fields"))
    };
    body.insert("lockExceptions".into(), found.into_iter().map(exception).collect());
    call::json(200, &Json::Object(body))
}

/// The state of approval of every combination of workflow, period, org unit and attribute option combo `[C]`, `[D]`.
/// Periods that are not of the workflow's type are left out `[C]`. Who does not see the org unit, or has
/// no level of approval, gets no state `[C]`. No state tells of acceptance or of what is
/// still waited for `[U]`.
pub(super) fn approvals(state: &State, call: &Call) -> Response {
    let mut workflows = Vec::new();
    for name in call.parameters("wf") {
        let known =
            state.metadata.object(name).filter(|_| state.metadata.kind_of(name) == Some("dataApprovalWorkflows"));
        let Some((id, object)) = known.and_then(|object| Some((id_of(object)?, object))) else {
            return call::conflict("E1100", &format!("Data approval workflow does not exist: {name}"));
        };
        workflows.push((id, text(object, "periodType")));
    }
    let mut periods: Vec<Period> = Vec::new();
    for name in call.parameters("pe") {
        let Some(period) = state.config.calendar.read(name) else {
            return call::conflict("E1101", &format!("Illegal period identifier: {name}"));
        };
        periods.push(period);
    }
    let mut units: Vec<Uid> = Vec::new();
    for name in call.parameters("ou") {
        let Some(unit) = name.parse().ok().filter(|unit| state.structure.org_units.contains_key(unit)) else {
            return call::conflict("E1102", &format!("Organisation unit does not exist: {name}"));
        };
        units.push(unit);
    }
    let mut combos: Vec<Uid> = Vec::new();
    for name in call.parameters("aoc") {
        let Some(combo) = name.parse().ok().filter(|combo| state.structure.option_combos.contains_key(combo)) else {
            return call::conflict("E1103", &format!("Attribute option combo does not exist: {name}"));
        };
        combos.push(combo);
    }
    if combos.is_empty() {
        combos.extend(state.structure.default_option_combo);
    }
    if workflows.is_empty() || periods.is_empty() || units.is_empty() {
        return call::bad_request("Workflow, period and organisation unit must be specified");
    }
    let mut statuses = Vec::new();
    for (workflow, kind) in workflows {
        for &period in periods.iter().filter(|period| Some(period.period_type().name()) == kind) {
            for &unit in &units {
                let sees = call.user.is_super()
                    || call.user.has_approval_level && state.structure.is_within(unit, &call.user.data_view_org_units);
                statuses.extend(combos.iter().map(|&combo| {
                    let slice = (workflow, period, unit, combo);
                    let name = match () {
                        () if state.is_approved_above(slice) => "APPROVED_ABOVE",
                        () if state.is_approved(slice) => "APPROVED_HERE",
                        () => "UNAPPROVED_READY",
                    };
                    let mut status = json!({"wf": workflow, "pe": period, "ou": unit, "aoc": combo});
                    if let Some(fields) = status.as_object_mut().filter(|_| sees) {
                        fields.insert("state".into(), name.into());
                    }
                    status
                }));
            }
        }
    }
    call::json(200, &Json::Array(statuses))
}
