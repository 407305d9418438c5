//! What requests that write say of how their numbers came about.

use reqwest::RequestBuilder;
use reqwest::header::HeaderValue;

/// The header in which it stands.
const MAPPINGS: &str = "x-mlatho-mappings";

/// By which version of the mappings numbers came about; nothing where nobody said so.
#[derive(Clone, Debug, Default)]
pub(crate) struct Citation(Option<HeaderValue>);

impl Citation {
    /// Of a text of visible letters; any other is left out.
    pub(crate) fn new(text: &str) -> Self {
        Self(HeaderValue::from_str(text).ok())
    }

    /// What is cited; empty where nothing is.
    pub(crate) fn text(&self) -> &str {
        self.0.as_ref().and_then(|cited| cited.to_str().ok()).unwrap_or_default()
    }

    /// The request with it.
    pub(crate) fn on(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.0 {
            Some(cited) => request.header(MAPPINGS, cited),
            None => request,
        }
    }
}
