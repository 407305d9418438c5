//! What arrived, so that a test can say what was *not* sent.

use bytes::Bytes;

/// How a request signed in. Secrets are never kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthKind {
    None,
    Basic,
    ApiToken,
    Bearer,
    Other,
}

/// One request in the order of arrival.
#[derive(Clone, Debug)]
pub struct LoggedRequest {
    pub method: String,
    /// Without the context path: `/api/dataValueSets`.
    pub path: String,
    pub query: Vec<(String, String)>,
    pub content_type: String,
    /// By which mappings the numbers came about, as the header `x-mlatho-mappings` says; empty where there is none.
    pub mappings: String,
    /// As it arrived, still compressed. Empty where bodies are not kept.
    pub body: Bytes,
    pub auth: AuthKind,
    /// The status of the answer; 0 while there is none, or where the connection was cut instead.
    pub status: u16,
}

impl LoggedRequest {
    /// The first parameter of that name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// The requests that are remembered, numbered from the start so that an answer finds its own after some are forgotten.
#[derive(Debug, Default)]
pub(crate) struct Log {
    forgotten: usize,
    requests: Vec<LoggedRequest>,
}

impl Log {
    /// The request's number.
    pub(crate) fn push(&mut self, request: LoggedRequest) -> usize {
        self.requests.push(request);
        self.forgotten + self.requests.len() - 1
    }

    pub(crate) fn answered(&mut self, number: usize, status: u16) {
        let entry = number.checked_sub(self.forgotten).and_then(|at| self.requests.get_mut(at));
        if let Some(entry) = entry {
            entry.status = status;
        }
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, LoggedRequest> {
        self.requests.iter()
    }

    /// Requests since the start, the forgotten ones included.
    pub(crate) fn count(&self) -> usize {
        self.forgotten + self.requests.len()
    }

    pub(crate) fn clear(&mut self) {
        self.forgotten += self.requests.len();
        self.requests.clear();
    }
}
