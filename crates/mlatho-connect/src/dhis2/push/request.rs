//! One import request and its report, at once or in the background.

use std::time::{Duration, Instant};

use bytes::Bytes;
use mlatho_model::Uid;
use serde::{Deserialize, Serialize};

use crate::dhis2::request::Posted;
use crate::dhis2::{Client, DataValue, Dhis2Error, PushOutcome};

const PATH: &str = "api/dataValueSets";
/// A background import that takes longer than this is not waited for.
const LONGEST_JOB: Duration = Duration::from_mins(30);
const LONGEST_POLL: Duration = Duration::from_secs(30);

/// What one request came to.
pub(super) enum Sent {
    Outcome { outcome: PushOutcome, took: Duration },
    TooLarge,
    NoReply { timed_out: bool },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Payload<'a> {
    data_set: Uid,
    data_values: Vec<&'a DataValue>,
}

#[derive(Deserialize)]
struct Started {
    response: Job,
}

#[derive(Deserialize)]
struct Job {
    id: String,
}

#[derive(Deserialize)]
struct Notice {
    #[serde(default)]
    completed: bool,
}

impl Client {
    pub(super) async fn import(
        &self,
        data_set: Uid,
        values: Vec<&DataValue>,
        dry_run: bool,
    ) -> Result<Sent, Dhis2Error> {
        let sent = values.len();
        let payload = serde_json::to_vec(&Payload { data_set, data_values: values });
        let body = payload.map_err(|error| Dhis2Error::Answer { path: PATH.into(), problem: error.to_string() })?;
        let mut query = Vec::new();
        if dry_run {
            query.push(("dryRun", "true"));
        }
        if self.async_import {
            query.push(("async", "true"));
        }
        let started = Instant::now();
        Ok(match self.post(PATH, &query, &Bytes::from(body)).await? {
            Posted::TooLarge => Sent::TooLarge,
            Posted::Unknown { timed_out } => Sent::NoReply { timed_out },
            Posted::Reply { status, body, took } => match serde_json::from_slice::<Started>(&body) {
                Ok(job) if self.async_import => match self.job_summary(&job.response.id).await? {
                    Some(summary) => {
                        let outcome = PushOutcome::read(self.engine(), 200, sent, &summary);
                        Sent::Outcome { outcome, took: started.elapsed() }
                    }
                    None => Sent::NoReply { timed_out: false },
                },
                _ => Sent::Outcome { outcome: PushOutcome::read(self.engine(), status, sent, &body), took },
            },
        })
    }

    /// Waits for a background import. None: it ended without leaving a summary, or takes too long.
    async fn job_summary(&self, id: &str) -> Result<Option<Bytes>, Dhis2Error> {
        let started = Instant::now();
        let mut pause = self.retry_wait.saturating_mul(2);
        while started.elapsed() < LONGEST_JOB {
            tokio::time::sleep(pause).await;
            pause = pause.saturating_mul(2).min(LONGEST_POLL);
            // Newest first. An empty list: the server has forgotten the job, so it is not running any more.
            let notices: Vec<Notice> = self.get_json(&format!("api/system/tasks/DATAVALUE_IMPORT/{id}"), &[]).await?;
            if notices.first().is_none_or(|newest| newest.completed) {
                let reply = self.get(&format!("api/system/taskSummaries/DATAVALUE_IMPORT/{id}"), &[]).await?;
                return Ok(reply.bytes().await.ok().filter(|body| !body.is_empty()));
            }
        }
        Ok(None)
    }
}
