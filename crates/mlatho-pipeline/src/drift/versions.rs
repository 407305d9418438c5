//! The versions of a register that runs have seen, kept like any other bytes that arrive.

use std::io::Read;

use jiff::Timestamp;
use mlatho_harmonize::matching::List;
use mlatho_model::{Finding, SourceName};
use mlatho_store::{Receipt, Repository};

use crate::PipelineError;
use crate::project::{Project, Register, shown};
use crate::review::{only, version};

/// A register as it is, and as it was before it last changed.
pub(super) struct Versions<'a> {
    pub(super) register: &'a Register,
    pub(super) file: String,
    pub(super) now: List,
    pub(super) before: Option<Before>,
    /// Whether the last run saw another version.
    pub(super) is_new: bool,
    bytes: Vec<u8>,
    /// Number of the receipt that was the newest version up to now.
    latest: Option<i32>,
}

/// An earlier version.
pub(super) struct Before {
    pub(super) list: List,
    /// When a run first saw it.
    pub(super) since: Timestamp,
}

/// The registers of a project that can be read. What is wrong with another one is told, and costs itself.
pub(super) async fn all<'a>(
    project: &'a Project,
    repository: &Repository,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Versions<'a>>, PipelineError> {
    let receipts = repository.receipts().await?;
    let mut found = Vec::new();
    for register in &project.config().registers {
        let read = only(project, register.kind.kind(), register.source.as_ref())
            .and_then(|_| Versions::read(project, repository, &receipts, register));
        match read {
            Ok(versions) => found.push(versions),
            Err(error) => {
                let finding = error.finding().ok_or(error)?;
                if !findings.contains(&finding) {
                    findings.push(finding);
                }
            }
        }
    }
    Ok(found)
}

/// The name under which the versions of a register arrive. No source is called so.
#[expect(clippy::expect_used, reason = "names without control characters make one")]
fn arrives_as(register: &Register) -> SourceName {
    let source = register.source.as_ref().map_or("", SourceName::as_str);
    let name = format!("[[registers]] {} {source}", register.kind.kind().name());
    name.parse().expect("neither a kind nor a source has control characters")
}

/// Since when this version is in force: since it was seen after another one.
fn since(receipt: &Receipt) -> Timestamp {
    receipt.watermark.as_deref().and_then(|text| text.parse().ok()).unwrap_or(receipt.received_at)
}

impl<'a> Versions<'a> {
    /// The version that the last run saw.
    pub(super) fn old(&self) -> &List {
        self.before.as_ref().filter(|_| self.is_new).map_or(&self.now, |before| &before.list)
    }

    fn read(
        project: &Project,
        repository: &Repository,
        receipts: &[Receipt],
        register: &'a Register,
    ) -> Result<Self, PipelineError> {
        let path = project.path(&register.file);
        let bytes = std::fs::read(&path).map_err(PipelineError::io("reading the register", &path))?;
        let name = arrives_as(register);
        let mut seen: Vec<&Receipt> = receipts.iter().filter(|receipt| receipt.source == name).collect();
        seen.sort_by_key(|receipt| (since(receipt), receipt.number));
        let (mut before, mut is_new) = (None, false);
        for (back, receipt) in seen.iter().rev().enumerate() {
            let mut old = Vec::new();
            let mut kept = repository.received(&receipt.id)?;
            kept.read_to_end(&mut old).map_err(PipelineError::io("unpacking the register", &*receipt.origin))?;
            if old != bytes {
                is_new = back == 0;
                before = Some(Before { list: version(project, register, &old)?, since: since(receipt) });
                break;
            }
        }
        Ok(Self {
            register,
            file: shown(&path),
            now: version(project, register, &bytes)?,
            before,
            is_new,
            bytes,
            latest: seen.last().map(|receipt| receipt.number),
        })
    }

    /// Keeps the register as it is.
    pub(super) async fn land(
        &self,
        project: &Project,
        repository: &Repository,
        now: Timestamp,
    ) -> Result<(), PipelineError> {
        let origin = project.relative(&project.path(&self.register.file));
        let receipt = repository.land(&arrives_as(self.register), &origin, self.bytes.as_slice(), now).await?;
        if self.latest != Some(receipt.number) {
            repository.set_watermark(receipt.number, &now.to_string()).await?;
        }
        Ok(())
    }
}
