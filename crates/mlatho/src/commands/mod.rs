//! One file for each command.

mod completions;
mod convert;
mod init;
mod periods;
mod read;

use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::process::ExitCode;

use mlatho_model::Finding;
use mlatho_pipeline::{PipelineError, Project};
use mlatho_text::Texts;

use crate::arguments::{Arguments, Command, Common};
use crate::output::{Output, write_file};

/// The input or the data needs a person.
const NEEDS_A_PERSON: u8 = 1;
/// Something failed that should not have.
const UNEXPECTED: u8 = 2;

/// What every command is given.
pub struct Context {
    pub common: Common,
    pub out: Output,
}

/// How a command ended when nothing failed unexpectedly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    Well,
    /// The data needs a person; the command has said what and how.
    NeedsAPerson,
}

/// Why a command could not go on.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    #[error("writing the results")]
    Output(#[from] io::Error),
    #[error("{doing} `{}`", path.display())]
    File {
        doing: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl From<Finding> for Failure {
    fn from(finding: Finding) -> Self {
        Self::Pipeline(finding.into())
    }
}

/// Runs the command and says how it ended.
pub fn run(arguments: Arguments, texts: Texts) -> ExitCode {
    let out = Output::new(texts, &arguments.common);
    let context = Context { common: arguments.common, out };
    let result = match arguments.command {
        Command::Completions(args) => completions::completions(&context, &args),
        Command::Convert(args) => convert::convert(&context, args),
        Command::Init(args) => init::init(&context, &args),
        Command::Periods(args) => periods::periods(&context, &args),
        Command::Read(args) => read::read(&context, &args),
    };
    match result {
        Ok(Done::Well) => ExitCode::SUCCESS,
        Ok(Done::NeedsAPerson) => ExitCode::from(NEEDS_A_PERSON),
        Err(failure) => ending(&context.out, &failure),
    }
}

fn ending(out: &Output, failure: &Failure) -> ExitCode {
    if let Failure::Output(error) = failure
        && error.kind() == ErrorKind::BrokenPipe
    {
        return ExitCode::SUCCESS; // whoever read our output has seen enough
    }
    if let Failure::Pipeline(PipelineError::Person(finding)) = failure {
        out.show(finding);
        return ExitCode::from(NEEDS_A_PERSON);
    }
    let mut text = failure.to_string();
    let mut cause = std::error::Error::source(failure);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    out.warn("cli-failed", &[("reason", text.into())]);
    ExitCode::from(UNEXPECTED)
}

impl Context {
    /// The project that the command works on.
    pub fn project(&self) -> Result<Project, Failure> {
        Ok(Project::load(&self.common.project)?)
    }

    /// Shows findings, and writes all of them to the file that was asked for.
    pub fn report(&self, findings: &[Finding]) -> Result<(), Failure> {
        self.out.show_all(findings);
        let Some(path) = &self.common.findings else { return Ok(()) };
        let message = |finding: &Finding| self.out.texts.finding(finding);
        write_file(path, |out| mlatho_formats::findings::write(out, findings, message))
            .map_err(|source| Failure::File { doing: "writing", path: path.clone(), source })
    }
}
