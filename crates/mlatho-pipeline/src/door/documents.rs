//! Documents that other systems post.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use mlatho_formats::{Format, resource_about_persons};
use mlatho_model::{Finding, SourceName};
use mlatho_store::Receipt;

use super::{Door, Refused};
use crate::PipelineError;
use crate::project::{Sender, Source};

/// Bytes of a document as it comes.
pub const LARGEST_BODY: usize = 32 << 20;
/// Bytes of a document, unpacked.
const LARGEST_UNPACKED: u64 = 128 << 20;

/// A sender whose token was right, and the source that it may post to.
#[derive(Clone, Debug)]
pub struct Admitted {
    source: SourceName,
    format: Format,
    sender: SourceName,
}

impl Door {
    /// Lets a sender in, by source and token.
    ///
    /// # Errors
    /// There is no such source, or it has no sender with that token.
    pub fn admit(&self, source: &str, token: &str) -> Result<Admitted, Refused> {
        let found = super::source(&self.project, source).and_then(|source| self.sender(source, token));
        found.ok_or(Refused::Secret)
    }

    /// Lets a sender of data elements in, whose address names no source: the token finds it.
    ///
    /// # Errors
    /// No source of that format has a sender with that token.
    pub fn admit_data_elements(&self, token: &str) -> Result<Admitted, Refused> {
        let mut sources = self.project.config().sources.iter();
        let found =
            sources.find_map(|source| self.sender(source, token).filter(|own| own.format == Format::DataElementsJson));
        found.ok_or(Refused::Secret)
    }

    fn sender(&self, source: &Source, token: &str) -> Option<Admitted> {
        if source.inputs_problem().is_some() {
            return None;
        }
        let own =
            |sender: &&Sender| self.secret(token, sender.token_file.as_ref(), sender.token_env.as_deref()).is_some();
        let sender = source.senders.iter().find(own)?;
        Some(Admitted { source: source.name.clone(), format: source.format, sender: sender.name.clone() })
    }

    /// Keeps a document as it came, unpacked. The same again gives the same receipt. Writes on the calling thread.
    ///
    /// # Errors
    /// It is too large, cannot be unpacked, may be about single persons, or cannot be kept.
    pub async fn document(
        &self,
        admitted: &Admitted,
        body: &[u8],
        packed: bool,
        now: Timestamp,
    ) -> Result<Receipt, Refused> {
        if body.len() > LARGEST_BODY {
            return Err(Refused::TooLarge);
        }
        let unpacked = if packed || body.starts_with(&[0x1f, 0x8b]) { Some(unpacked(body)?) } else { None };
        let document = unpacked.as_deref().unwrap_or(body);
        if document.trim_ascii().is_empty() {
            return Err(Refused::Bad(Finding::error("door-empty")));
        }
        if admitted.format == Format::FhirMeasureReport {
            let broken = |error: serde_json::Error| {
                Refused::Bad(Finding::error("door-broken").with("reason", error.to_string()))
            };
            if let Some(resource) = resource_about_persons(document).map_err(broken)? {
                return Err(Refused::Bad(Finding::error("door-persons").with("resource", resource)));
            }
        }
        let repository = self.repository().await?;
        let origin = format!("received/{}", admitted.sender);
        let landed = repository.land_beside(&admitted.source, &origin, document, now).await;
        Ok(landed.map_err(PipelineError::from)?)
    }
}

/// What is packed, up to the largest size.
fn unpacked(body: &[u8]) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    let mut reader = MultiGzDecoder::new(body).take(LARGEST_UNPACKED + 1);
    let broken = |error: std::io::Error| Finding::error("door-broken").with("reason", error.to_string());
    reader.read_to_end(&mut bytes).map_err(|error| Refused::Bad(broken(error)))?;
    if bytes.len() as u64 > LARGEST_UNPACKED { Err(Refused::TooLarge) } else { Ok(bytes) }
}
