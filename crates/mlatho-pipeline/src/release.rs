//! Releases of the mappings: a name that persons give to a state of the files, so that what goes out can say by which links
//! it came about.

use std::path::PathBuf;

use jiff::Timestamp;
use mlatho_model::{Finding, Severity};
use mlatho_store::Repository;
use serde::{Deserialize, Serialize};

use crate::PipelineError;
use crate::project::{Project, ProjectMappings, shown};
use crate::review::append;
use crate::run::behind;

/// A state of the mappings that was looked at and named. Its fields are the columns of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    pub name: String,
    /// [`ProjectMappings::version`].
    pub version: String,
    pub released_at: Timestamp,
    pub released_by: String,
    pub reason: String,
}

/// The mappings by which values came about, as messages cite them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cited {
    /// [`ProjectMappings::version`].
    pub version: String,
    /// Its release; none where nobody released it.
    pub release: Option<String>,
    /// Whether the mappings changed since the last run: the values still follow older ones.
    pub behind: bool,
}

impl Cited {
    /// The mappings of a project, and whether its repository follows them.
    ///
    /// # Errors
    /// The releases or the repository cannot be read.
    pub async fn of(
        project: &Project,
        repository: &Repository,
        mappings: &ProjectMappings,
    ) -> Result<Self, PipelineError> {
        let version = mappings.version.clone();
        let named = releases(project)?.into_iter().rfind(|release| release.version == version);
        let behind = behind(project, repository, &version).await?;
        Ok(Self { release: named.map(|release| release.name), behind, version })
    }

    /// What the header of a message says: the version, behind it the release, whose letters beyond ASCII are left out.
    #[must_use]
    pub fn header(&self) -> String {
        let plain = |text: &str| text.chars().filter(|letter| matches!(letter, ' '..='~')).collect::<String>();
        self.release.as_deref().map_or_else(|| self.version.clone(), |name| format!("{} {}", self.version, plain(name)))
    }

    /// What a person should know of it.
    #[must_use]
    pub fn finding(&self) -> Option<Finding> {
        self.behind.then(|| Finding::warning("mapping-behind").with("version", self.version.as_str()))
    }

    /// What stands against sending to a target that takes released mappings only.
    pub(crate) fn refusal(&self, target: &str) -> Option<Finding> {
        let code = match (&self.release, self.behind) {
            (None, _) => "mapping-unreleased",
            (Some(_), true) => "mapping-behind-refused",
            (Some(_), false) => return None,
        };
        Some(Finding::error(code).with("target", target).with("version", self.version.as_str()))
    }
}

/// All releases, the oldest first.
///
/// # Errors
/// The file cannot be read, or a row says what no release says.
pub fn releases(project: &Project) -> Result<Vec<Release>, PipelineError> {
    let path = file(project);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(PipelineError::io("reading the releases", &path)(error)),
    };
    let mut rows = csv::Reader::from_reader(bytes.as_slice());
    let read = rows.deserialize().collect::<Result<_, csv::Error>>().map_err(|error| {
        let line = error.position().map_or(0, csv::Position::line);
        Finding::error("release-row").in_file(&shown(&path)).at(line, "").with("reason", error.to_string())
    })?;
    Ok(read)
}

/// Names the mappings as they are.
///
/// # Errors
/// They have errors, they or the name are released already, or the file cannot be written.
pub fn release(
    project: &Project,
    name: &str,
    by: &str,
    reason: &str,
    now: Timestamp,
) -> Result<Release, PipelineError> {
    let mappings = project.mappings()?;
    if let Some(error) = mappings.findings.iter().find(|finding| finding.severity == Severity::Error) {
        return Err(error.clone().into());
    }
    let known = releases(project)?;
    if let Some(taken) = known.iter().find(|release| release.name == name) {
        let finding = Finding::error("release-name").with("name", name);
        return Err(finding.with("at", taken.released_at.to_string()).into());
    }
    if let Some(same) = known.last().filter(|release| release.version == mappings.version) {
        return Err(Finding::error("release-same").with("name", same.name.as_str()).into());
    }
    let (name, by, reason) = (name.to_owned(), by.to_owned(), reason.to_owned());
    let release = Release { name, version: mappings.version, released_at: now, released_by: by, reason };
    let path = file(project);
    append(project, &path, |before| {
        let mut rows = csv::WriterBuilder::new().has_headers(before.is_empty()).from_writer(before.to_vec());
        let written = rows.serialize(&release).map_err(std::io::Error::from);
        let bytes = written.and_then(|()| rows.into_inner().map_err(csv::IntoInnerError::into_error));
        bytes.map_err(PipelineError::io("writing the release", &path))
    })?;
    Ok(release)
}

fn file(project: &Project) -> PathBuf {
    project.path(&project.config().mappings.releases)
}
