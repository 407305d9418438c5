//! Tables that the server writes in the background.

use jiff::civil::Date;
use tokio::time::Instant;

use super::map::{Job, Jobs, records};
use super::{Client, LogistimoError, LogistimoOwn};
use crate::http::{Expect, answer};

const JOBS: &str = "s2/api/export/exportjoblist";
const SCHEDULE: &str = "s2/api/export/schedule/batch";
const DOWNLOAD: &str = "s2/api/export/download";

/// Times that a table which is not whole is fetched before it is given up.
const FETCHES: u32 = 6;

/// Transactions as a CSV table, as the server wrote it, with its headers in the language of the account.
#[derive(Clone, Debug)]
pub struct Export {
    pub bytes: Vec<u8>,
    pub records: usize,
    /// What was asked for: the same for each export of the same days.
    pub name: String,
}

impl Client {
    /// The transactions that were entered from the first to the last day, both counted. What happened on a day may be
    /// entered later: the table says when, and stands under the day of entering.
    ///
    /// # Errors
    /// The server does not answer, refuses, answers with something else, or the export fails or takes too long.
    pub async fn transactions(&self, first: Date, last: Date) -> Result<Export, LogistimoError> {
        let moment = |day: Date, time: &str| format!("{} {time}", day.strftime("%d/%m/%Y"));
        let (from, to) = (moment(first, "00:00:00"), moment(last, "23:59:59"));
        let query = [("type", "transactions"), ("from", from.as_str()), ("to", to.as_str())];
        // Asking twice begins two exports, of which one is followed: nothing is changed by that.
        let reply = self.get(SCHEDULE, &query, Expect::Text).await?;
        let text = String::from_utf8_lossy(&reply.body);
        let id = text.trim().trim_matches('"').parse();
        let id = id.map_err(|_| answer(SCHEDULE, "there is no number of an export in it"))?;
        let job = self.finished(id).await?;
        let bytes = self.fetch(&job).await?;
        let name = format!("s2/api/export?type=transactions&from={first}&to={last}");
        Ok(Export { records: records(&bytes), bytes, name })
    }

    /// Waits until an export is ready. One that waits in the queue is not in the list of the server: absent is not
    /// failed.
    async fn finished(&self, id: u64) -> Result<Job, LogistimoError> {
        let query = [("type", "export"), ("allExports", "false"), ("offset", "0"), ("size", "100")];
        let end = Instant::now() + self.export_wait;
        for tries in 1u32.. {
            let reply = self.get(JOBS, &query, Expect::Json).await?;
            let jobs: Jobs = serde_json::from_slice(&reply.body).map_err(|error| answer(JOBS, &error.to_string()))?;
            match jobs.results.unwrap_or_default().into_iter().find(|job| job.id == id) {
                Some(job) if job.status == 1 => return Ok(job),
                Some(job) if job.status == 2 => {
                    let reason = job.reason.unwrap_or_default();
                    return Err(LogistimoError::Own(LogistimoOwn::ExportFailed { job: id, reason }));
                }
                _ => {}
            }
            if Instant::now() >= end {
                break;
            }
            self.requests.wait(tries, None).await;
        }
        Err(LogistimoError::Own(LogistimoOwn::ExportLate { job: id, seconds: self.export_wait.as_secs() }))
    }

    /// Fetches the table of an export. Nothing in a table says where it ends, but the server says how many records it
    /// wrote: one with fewer was cut, and is fetched again.
    async fn fetch(&self, job: &Job) -> Result<Vec<u8>, LogistimoError> {
        let key = job.file.as_deref().ok_or_else(|| answer(JOBS, "a finished export has no file"))?;
        for tries in 1..=FETCHES {
            let reply = self.get(DOWNLOAD, &[("key", key)], Expect::Text).await?;
            if reply.body.trim_ascii_start().first() == Some(&b'{') {
                return Err(answer(DOWNLOAD, "it is no table"));
            }
            if records(&reply.body) >= job.records {
                return Ok(reply.body.to_vec());
            }
            if tries < FETCHES {
                self.requests.wait(tries, None).await;
            }
        }
        Err(answer(DOWNLOAD, "it breaks off"))
    }
}
