//! Sends ready payloads to a URL, one after the other, on a thread of its own, so that making the next one and
//! sending the last go on side by side.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde::Deserialize;
use url::Url;

/// Payloads that may wait while one is being sent.
const WAITING: usize = 2;

/// Why payloads could not be sent.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    #[error("`{0}` is not an http or https URL")]
    Url(String),
    #[error("starting to send to {host}")]
    Start {
        host: String,
        #[source]
        source: std::io::Error,
    },
    #[error("payload {payload} could not be sent to {host}: {reason}")]
    Send { host: String, payload: usize, reason: String },
    #[error("{host} answered payload {payload} with HTTP {status} and no import summary: {body}")]
    Answer { host: String, payload: usize, status: u16, body: String },
}

/// A payload that the receiver did not take whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The payload, from 1.
    pub payload: usize,
    /// Values that the receiver says it ignored.
    pub ignored: u64,
    /// What it says of the first of them.
    pub reason: String,
}

/// Sends payloads.
pub struct Poster {
    payloads: SyncSender<Vec<u8>>,
    worker: JoinHandle<Result<Vec<Refusal>, PostError>>,
}

impl Poster {
    /// Gets ready to send to a URL; nothing is sent yet.
    ///
    /// # Errors
    /// The URL is none, or no thread can be started.
    pub fn start(url: &str) -> Result<Self, PostError> {
        let bad = || PostError::Url(url.split('@').next_back().unwrap_or_default().into());
        let url = Url::parse(url).map_err(|_| bad())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(bad());
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        let started = |source| PostError::Start { host: host.clone(), source };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(started)?;
        let (payloads, waiting) = sync_channel(WAITING);
        let work = {
            let host = host.clone();
            move || runtime.block_on(send_all(&url, &host, &waiting))
        };
        let worker = std::thread::Builder::new().name("post".into()).spawn(work).map_err(started)?;
        Ok(Self { payloads, worker })
    }

    /// Hands a payload over; waits while others are before it.
    ///
    /// # Errors
    /// An earlier payload could not be sent; [`Poster::finish`] says why.
    pub fn send(&self, payload: Vec<u8>) -> Result<(), PostError> {
        let gone = |_| PostError::Send { host: String::new(), payload: 0, reason: "sending ended early".into() };
        self.payloads.send(payload).map_err(gone)
    }

    /// Waits until everything is sent, and says what was not taken.
    ///
    /// # Errors
    /// A payload could not be sent.
    pub fn finish(self) -> Result<Vec<Refusal>, PostError> {
        drop(self.payloads);
        let panicked = |_| PostError::Send { host: String::new(), payload: 0, reason: "the sender panicked".into() };
        self.worker.join().map_err(panicked)?
    }
}

async fn send_all(url: &Url, host: &str, waiting: &Receiver<Vec<u8>>) -> Result<Vec<Refusal>, PostError> {
    let mut refusals = Vec::new();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
    for (index, body) in waiting.iter().enumerate() {
        let payload = index + 1;
        let failed = |error: &reqwest::Error| PostError::Send {
            host: host.into(),
            payload,
            reason: if error.is_connect() { "no connection".into() } else { error.to_string() },
        };
        let client = client.as_ref().map_err(failed)?;
        let request =
            client.post(url.clone()).header(CONTENT_TYPE, "application/json").header(ACCEPT, "application/json");
        let answer = request.body(body).send().await.map_err(|error| failed(&error.without_url()))?;
        let status = answer.status().as_u16();
        let text = answer.text().await.map_err(|error| failed(&error.without_url()))?;
        let Some(summary) = serde_json::from_str::<Answer>(&text).ok().and_then(Answer::summary) else {
            return Err(PostError::Answer {
                host: host.into(),
                payload,
                status,
                body: text.chars().take(200).collect(),
            });
        };
        refusals.extend(summary.refusal(payload));
    }
    Ok(refusals)
}

/// An import report, as the summary itself or inside an envelope; judged by its counts, not by the HTTP status.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    response: Option<Summary>,
    #[serde(flatten)]
    root: Summary,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    import_count: Option<Count>,
    #[serde(default)]
    conflicts: Vec<Conflict>,
}

#[derive(Deserialize)]
struct Count {
    #[serde(default)]
    ignored: u64,
}

#[derive(Deserialize)]
struct Conflict {
    value: Option<String>,
}

impl Answer {
    fn summary(self) -> Option<Summary> {
        [self.response, Some(self.root)].into_iter().flatten().find(|summary| summary.import_count.is_some())
    }
}

impl Summary {
    fn refusal(self, payload: usize) -> Option<Refusal> {
        let ignored = self.import_count.map_or(0, |count| count.ignored);
        let reason = self.conflicts.into_iter().find_map(|conflict| conflict.value).unwrap_or_default();
        (ignored > 0 || !reason.is_empty()).then_some(Refusal { payload, ignored, reason })
    }
}
