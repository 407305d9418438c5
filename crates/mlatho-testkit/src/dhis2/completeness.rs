//! `/api/completeDataSetRegistrations`.

use axum::response::Response;
use jiff::civil::Date;
use mlatho_model::{Period, Uid};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::call::{self, Call};
use super::state::{Completion, Slice, State, moment};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Registrations {
    #[serde(default)]
    complete_data_set_registrations: Vec<Registration>,
}

/// Note `organisationUnit`, not `orgUnit` `[C]`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Registration {
    data_set: Option<String>,
    period: Option<String>,
    organisation_unit: Option<String>,
    attribute_option_combo: Option<String>,
    date: Option<String>,
    completed: Option<bool>,
}

pub(super) fn answer(state: &mut State, call: &Call) -> Response {
    match call.method.as_str() {
        "GET" => get(state, call),
        "POST" => post(state, call),
        "DELETE" => delete(state, call),
        _ => call::status(405, "Method Not Allowed", "ERROR", "Method is not supported", None),
    }
}

fn post(state: &mut State, call: &Call) -> Response {
    let registrations: Registrations = match serde_json::from_slice(&call.body) {
        Ok(registrations) => registrations,
        Err(error) => return call::bad_request(&error.to_string()),
    };
    let stamp = state.tick(&call.user);
    let (mut imported, mut updated, mut deleted, mut conflicts) = (0, 0, 0, Vec::new());
    for registration in &registrations.complete_data_set_registrations {
        let slice = match slice(state, call, registration) {
            Ok(slice) => slice,
            Err((object, value)) => {
                conflicts.push(json!({"object": object, "value": value}));
                continue;
            }
        };
        let known = state.completions.contains_key(&slice);
        let undoes = matches!(call.parameter("importStrategy"), Some("DELETE" | "DELETES"));
        match (undoes, known) {
            (true, true) => deleted += 1,
            (true, false) => {
                conflicts.push(json!({"object": slice.0, "value": "There is no such registration"}));
                continue;
            }
            (false, true) => updated += 1,
            (false, false) => imported += 1,
        }
        if call.flag("dryRun") {
            continue;
        }
        if undoes {
            state.completions.remove(&slice);
        } else {
            let completion = Completion {
                date: registration.date.clone().unwrap_or_else(|| moment(stamp.now)),
                stored_by: stamp.by.name.clone(),
                created: stamp.now,
                completed: registration.completed != Some(false),
            };
            state.completions.insert(slice, completion);
        }
    }
    let (code, name, status) = if conflicts.is_empty() { (200, "OK", "SUCCESS") } else { (409, "Conflict", "WARNING") };
    let body = json!({"httpStatus": name, "httpStatusCode": code, "status": status, "message": "Import was done",
        "response": {"responseType": "ImportSummary", "status": status,
            "importCount": {"imported": imported, "updated": updated, "ignored": conflicts.len(), "deleted": deleted},
            "conflicts": conflicts}});
    call::json(code, &body)
}

/// What a registration is about, or what is wrong with it and why.
fn slice(state: &State, call: &Call, registration: &Registration) -> Result<Slice, (String, &'static str)> {
    let structure = &state.structure;
    let named = |text: &Option<String>, problem| text.clone().ok_or((String::new(), problem));
    let set = named(&registration.data_set, "Data set is missing")?;
    let unit = named(&registration.organisation_unit, "Organisation unit is missing")?;
    let period = named(&registration.period, "Period is missing")?;
    let id = |text: &str| text.parse::<Uid>().ok();
    let set = id(&set).filter(|id| structure.data_sets.contains_key(id)).ok_or((set, "Data set does not exist"))?;
    let known = id(&unit).filter(|id| structure.org_units.contains_key(id));
    let unit = known.ok_or((unit, "Organisation unit does not exist"))?;
    let period = state.config.calendar.read(&period).ok_or((period, "Period is not valid"))?;
    if !structure.is_within(unit, &call.user.org_units) {
        return Err((unit.to_string(), "Organisation unit is not in the user's hierarchy"));
    }
    let assigned = structure.data_sets.get(&set).is_some_and(|known| known.org_units.contains(&unit));
    if !assigned {
        return Err((unit.to_string(), "Organisation unit is not assigned to the data set"));
    }
    let combo = match &registration.attribute_option_combo {
        Some(text) => id(text).filter(|id| structure.option_combos.contains_key(id)),
        None => structure.default_option_combo,
    };
    let combo = combo.ok_or_else(|| {
        (registration.attribute_option_combo.clone().unwrap_or_default(), "Attribute option combo does not exist")
    })?;
    Ok((set, period, unit, combo))
}

fn get(state: &State, call: &Call) -> Response {
    let ids = |name: &str| call.parameters(name).iter().filter_map(|text| text.parse().ok()).collect::<Vec<Uid>>();
    let (sets, units) = (ids("dataSet"), ids("orgUnit"));
    let calendar = state.config.calendar;
    let periods: Vec<Period> = call.parameters("period").iter().filter_map(|text| calendar.read(text)).collect();
    let day = |name: &str| call.parameter(name).and_then(|text| text.parse::<Date>().ok());
    let between = day("startDate").zip(day("endDate"));
    let created = call.parameter("created").and_then(|text| text.parse().ok());
    if sets.is_empty() || units.is_empty() || (periods.is_empty() && between.is_none() && created.is_none()) {
        return call::conflict("E2001", "Data set, organisation unit and period must be specified");
    }
    let at = |unit: Uid| units.contains(&unit) || (call.flag("children") && state.structure.is_within(unit, &units));
    let fits = |(set, period, unit, _): &Slice, completion: &Completion| {
        sets.contains(set)
            && at(*unit)
            && (periods.is_empty() || periods.contains(period))
            && between.is_none_or(|(start, end)| start <= calendar.start(*period) && calendar.end(*period) <= end)
            && created.is_none_or(|since| completion.created >= since)
    };
    let limit = call.parameter("limit").and_then(|text| text.parse().ok()).unwrap_or(usize::MAX);
    let found = state.completions.iter().filter(|(slice, completion)| fits(slice, completion)).take(limit);
    let found: Vec<Json> = found
        .map(|((set, period, unit, combo), completion)| {
            json!({"dataSet": set, "period": period, "organisationUnit": unit, "attributeOptionCombo": combo,
                "date": completion.date, "storedBy": completion.stored_by, "completed": completion.completed})
        })
        .collect();
    call::json(200, &json!({"completeDataSetRegistrations": found}))
}

/// `?ds&pe&ou[&multiOu]`: undoes; with `multiOu` also for the children that are assigned to the data set `[D]`.
fn delete(state: &mut State, call: &Call) -> Response {
    let ids = |name: &str| call.parameters(name).iter().filter_map(|text| text.parse().ok()).collect::<Vec<Uid>>();
    let (sets, units) = (ids("ds"), ids("ou"));
    let calendar = state.config.calendar;
    let periods: Vec<Period> = call.parameters("pe").iter().filter_map(|text| calendar.read(text)).collect();
    if sets.is_empty() || units.is_empty() || periods.is_empty() {
        return call::conflict("E2001", "Data set, organisation unit and period must be specified");
    }
    let structure = &state.structure;
    let children = call.flag("multiOu");
    state.completions.retain(|(set, period, unit, _), _| {
        let at = units.contains(unit) || (children && structure.is_within(*unit, &units));
        !(sets.contains(set) && periods.contains(period) && at)
    });
    call::with_type(204, "application/json", String::new())
}
