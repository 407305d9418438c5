//! Analytics: answers from the tables of the last run, not from the values of now.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::Response;
use jiff::civil::DateTime;
use mlatho_model::{Decimal, Period, Uid};
use serde_json::{Value as Json, json};

use super::call::{self, Call};
use super::server::Shared;
use super::state::{Job, State};
use super::structure::Element;
use super::values::Values;

const JOB: &str = "ANALYTICS_TABLE";
/// `keyAnalyticsMaxLimit` as it stands in the code `[C]`; the documentation says 50 000.
const MOST_ROWS: usize = 100_000;

/// The values of the last run.
pub(super) struct Snapshot {
    taken: DateTime,
    values: Values,
}

impl Snapshot {
    pub(super) const fn taken(&self) -> DateTime {
        self.taken
    }
}

/// `POST /api/resourceTables/analytics`: a job that copies the values of the moment when it runs.
pub(super) fn rebuild(shared: &Arc<Shared>, call: &Call) -> Response {
    if !call.user.has("F_PERFORM_MAINTENANCE") {
        return call::forbidden();
    }
    let (id, delay) = {
        let mut state = shared.lock();
        let id = super::metadata::uid(&format!("job {}", state.log.count()));
        let started = state.now;
        state.add_job(Job { id: id.clone(), kind: JOB, started, completed: false, summary: None });
        (id, state.config.job_delay)
    };
    let reply = super::data_values::started(JOB, &id, call);
    let shared = shared.clone();
    tokio::spawn(async move {
        tokio::time::sleep(delay).await;
        let mut state = shared.lock();
        state.analytics = Some(Snapshot { taken: state.now, values: state.values.clone() });
        if let Some(job) = state.jobs.iter_mut().find(|job| job.id == id) {
            job.completed = true;
        }
    });
    reply
}

/// `/api/analytics[.json]`; `dataValueSet` and `rawData` need the suffix `[O]` (W1).
pub(super) fn get(state: &State, call: &Call, rest: &[&str]) -> Response {
    if !matches!(rest, [] | ["dataValueSet.json" | "rawData.json"]) {
        return call::not_found(&call.path);
    }
    let Some(snapshot) = &state.analytics else {
        let message = "Query failed because a referenced table does not exist. Please ensure analytics job was run";
        return call::conflict("E7144", message);
    };
    let dimension = |name: &str| {
        let given = call.query.iter().filter(|(own, _)| own == "dimension" || own == "filter");
        let items = given.filter_map(|(_, value)| value.strip_prefix(name)?.strip_prefix(':'));
        items.flat_map(|items| items.split(';')).map(str::to_owned).collect::<Vec<_>>()
    };
    let (elements, periods, units) = (dimension("dx"), dimension("pe"), dimension("ou"));
    if elements.is_empty() {
        return call::conflict("E7200", "At least one dimension must be specified");
    }
    let elements: Vec<Uid> = elements.iter().filter_map(|text| text.parse().ok()).collect();
    let periods: Vec<Period> = periods.iter().filter_map(|text| state.config.calendar.read(text)).collect();
    let units: Vec<Uid> = units.iter().filter_map(|text| text.parse().ok()).collect();
    let rows = totals(state, &snapshot.values, &elements, &periods, &units);
    if rows.len() > MOST_ROWS {
        return call::conflict("E7128", "Query result set exceeded max limit: 100000");
    }
    let texts =
        rows.iter().map(|((dx, pe, ou), total)| [dx.to_string(), pe.to_string(), ou.to_string(), total.to_string()]);
    if rest == ["dataValueSet.json"] {
        let values =
            texts.map(|[dx, pe, ou, value]| json!({"dataElement": dx, "period": pe, "orgUnit": ou, "value": value}));
        return call::json(200, &json!({"dataValues": values.collect::<Vec<_>>()}));
    }
    let headers: Vec<Json> = ["dx", "pe", "ou", "value"].iter().map(|name| json!({"name": name})).collect();
    let rows: Vec<[String; 4]> = texts.collect();
    call::json(200, &json!({"headers": headers, "rows": rows, "metaData": {}, "height": rows.len(), "width": 4}))
}

type Cell = (Uid, Period, Uid);

/// Totals by element, period and org unit, everything below it included.
///
/// `SUM` adds up. `LAST_IN_PERIOD` takes each org unit's last value within the period, `LAST` its last one in the ten
/// years before its end, then both add over org units `[C]`. Other types add up `[U]`.
fn totals(
    state: &State,
    values: &Values,
    elements: &[Uid],
    periods: &[Period],
    units: &[Uid],
) -> BTreeMap<Cell, Decimal> {
    let mut sums: BTreeMap<Cell, Decimal> = BTreeMap::new();
    let mut latest: BTreeMap<(Cell, Uid), (Period, Decimal)> = BTreeMap::new();
    for ((period, org_unit), rows) in values.cells() {
        let above = state.structure.org_units.get(org_unit).map_or(&[][..], |unit| &unit.path);
        for row in rows.iter().filter(|row| !row.content.deleted && elements.contains(&row.series.data_element)) {
            let Some(element) = state.structure.elements.get(&row.series.data_element) else { continue };
            let Ok(number) = row.content.value.parse::<Decimal>() else { continue };
            if number.is_zero() && !element.zero_is_significant {
                continue; // left out of the tables [I]
            }
            for wanted in periods.iter().filter(|wanted| falls_within(element, *period, **wanted)) {
                for unit in units.iter().filter(|unit| above.contains(unit)) {
                    let cell = (row.series.data_element, *wanted, *unit);
                    if element.aggregation.starts_with("LAST") {
                        let last = latest.entry((cell, *org_unit)).or_insert((*period, Decimal::ZERO));
                        if last.0 < *period {
                            *last = (*period, Decimal::ZERO);
                        }
                        last.1 += number;
                    } else {
                        *sums.entry(cell).or_default() += number;
                    }
                }
            }
        }
    }
    for ((cell, _), (_, number)) in latest {
        *sums.entry(cell).or_default() += number;
    }
    sums
}

fn falls_within(element: &Element, period: Period, wanted: Period) -> bool {
    if element.aggregation == "LAST" {
        let years = i32::from(wanted.end().year()) - i32::from(period.end().year());
        return period.end() <= wanted.end() && years <= 10;
    }
    wanted.contains(period)
}
