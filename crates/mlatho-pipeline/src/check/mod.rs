//! Looks at everything that a project says, and changes nothing.

mod folder;
mod servers;

use mlatho_model::{Arg, Finding, Severity};

use crate::project::Project;

/// What a line of the report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The project file as a whole.
    Project,
    Source,
    Mapping,
    Rule,
    Target,
    /// The server of a source or target.
    Server,
}

impl Part {
    /// The stable name; the text for people is the catalogue key `check-part-<name>`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Source => "source",
            Self::Mapping => "mapping",
            Self::Rule => "rule",
            Self::Target => "target",
            Self::Server => "server",
        }
    }
}

/// A catalogue key with its arguments.
pub type Detail = (&'static str, Vec<(&'static str, Arg)>);

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    pub part: Part,
    pub name: String,
    /// The worst that was found; none: it is sound.
    pub worst: Option<Severity>,
    /// What there is, where it could be read.
    pub detail: Option<Detail>,
}

/// What was looked at, in the order of the project file, and what was found.
#[derive(Clone, Debug, Default)]
pub struct CheckReport {
    pub checked: Vec<Checked>,
    pub findings: Vec<Finding>,
}

impl CheckReport {
    fn add(&mut self, part: Part, name: impl Into<String>, detail: Option<Detail>, found: Vec<Finding>) {
        let worst = found.iter().map(|finding| finding.severity).max();
        self.checked.push(Checked { part, name: name.into(), worst, detail });
        self.findings.extend(found);
    }

    /// Whether the project would not work as it is.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// Reads the project's files, compares what they say with each other, and signs in to every server.
///
/// What a new project does not have yet (input files, data elements, rules, a server) is a note and no error.
pub async fn check(project: &Project) -> CheckReport {
    let mut report = CheckReport::default();
    folder::check(project, &mut report);
    servers::check(project, &mut report).await;
    report
}
