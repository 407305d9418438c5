//! `POST /api/dataValueSets`, at once or in the background.

use std::sync::Arc;
use std::time::Duration;

use axum::response::Response;
use serde_json::json;

use super::call::{self, Call};
use super::faults::Trouble;
use super::import::{self, Refusal};
use super::payload::{self, Unreadable};
use super::report::Summary;
use super::server::Shared;
use super::state::{Job, State};

pub(super) const JOB: &str = "DATAVALUE_IMPORT";

/// The answer, and the time that writing took.
pub(super) fn post(shared: &Arc<Shared>, call: Call) -> (Response, Duration) {
    let now = |reply| (reply, Duration::ZERO);
    if !call.user.has("F_DATAVALUE_ADD") {
        return now(call::forbidden());
    }
    if call.flag("async") {
        return now(in_background(shared, call));
    }
    let mut state = shared.lock();
    match import(&mut state, &call) {
        Ok(summary) => (summary.answer(state.config.version, call.api_version), time(&state, &summary)),
        Err(reply) => now(*reply),
    }
}

/// Reads and imports a body; an error is the answer in place of an import summary.
fn import(state: &mut State, call: &Call) -> Result<Summary, Box<Response>> {
    let read = payload::read(state.config.version.engine(), call.media_type(), &call.body);
    let payload = read.map_err(|unreadable| {
        Box::new(match unreadable {
            Unreadable::MediaType => {
                let message = format!("Content-Type '{}' is not supported", call.content_type);
                call::status(415, "Unsupported Media Type", "ERROR", &message, None)
            }
            // Engine B: 409 "conflict" or 400, both without a summary [I]; here 409 is for bodies of the right form.
            Unreadable::Malformed(problem) => call::bad_request(&problem),
        })
    })?;
    import::import(state, call, &payload).map_err(|Refusal { code, message }| {
        Box::new(match code {
            "500" => call::status(500, "Internal Server Error", "ERROR", &message, None),
            code => call::conflict(code, &message),
        })
    })
}

/// What the model of the server's speed makes of the rows that were not there before.
fn time(state: &State, summary: &Summary) -> Duration {
    let rows = u32::try_from(summary.fresh).unwrap_or(u32::MAX);
    state.config.time_per_1000_fresh_rows.saturating_mul(rows) / 1000
}

fn in_background(shared: &Arc<Shared>, call: Call) -> Response {
    let (id, delay) = {
        let mut state = shared.lock();
        let id = super::metadata::uid(&format!("job {}", state.log.count()));
        if call.trouble != Some(Trouble::JobEvicted) {
            let started = state.now;
            state.add_job(Job { id: id.clone(), kind: JOB, started, completed: false, summary: None });
        }
        (id, state.config.job_delay)
    };
    let reply = started(JOB, &id, &call);
    let shared = shared.clone();
    tokio::spawn(async move {
        tokio::time::sleep(delay).await;
        let (summary, time) = {
            let mut state = shared.lock();
            let summary = import(&mut state, &call).ok();
            let time = summary.as_ref().map_or(Duration::ZERO, |summary| time(&state, summary));
            let engine = state.config.version.engine();
            (summary.map(|summary| summary.to_json(engine)), time)
        };
        tokio::time::sleep(time).await;
        let mut state = shared.lock();
        if let Some(job) = state.jobs.iter_mut().find(|job| job.id == id) {
            job.completed = true; // also where there is no summary [C]
            job.summary = summary.filter(|_| call.trouble != Some(Trouble::JobWithoutSummary));
        }
    });
    reply
}

/// The answer to a request that starts a job `[C]`.
pub(super) fn started(kind: &str, id: &str, call: &Call) -> Response {
    let body = json!({
        "httpStatus": "OK", "httpStatusCode": 200, "status": "OK",
        "message": format!("Initiated {kind}"),
        "response": {"responseType": "JobConfigurationWebMessageResponse", "id": id, "name": kind, "jobType": kind,
            "jobStatus": "SCHEDULED", "relativeNotifierEndpoint": format!("/api/system/tasks/{kind}/{id}"),
            "created": "", "userId": call.user.id},
    });
    call::json(200, &body)
}
