//! One file for each command.

mod check;
mod compare;
mod completions;
mod confined;
mod convert;
mod demo;
mod drift;
mod explain;
mod forecast;
mod indicators;
mod init;
mod keeping;
mod man;
mod matching;
mod periods;
mod publish;
mod pull;
mod quality;
mod quantify;
mod read;
mod requisitions;
mod restate;
mod results;
mod review;
mod run;
mod serve;
mod sql;
mod status;
mod testkit;

use std::fs::File;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use mlatho_model::{Finding, Severity};
use mlatho_pipeline::repository::StoreError;
use mlatho_pipeline::{PipelineError, Project};
use mlatho_server::ServerError;
use mlatho_text::Texts;

use crate::arguments::{Arguments, Command, Common};
use crate::output::{Output, write_file};

/// The input or the data needs a person.
const NEEDS_A_PERSON: u8 = 1;
/// Something failed that should not have.
const UNEXPECTED: u8 = 2;

/// What every command is given.
pub(crate) struct Context {
    pub(crate) common: Common,
    pub(crate) out: Output,
}

/// How a command ended when nothing failed unexpectedly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    Well,
    /// The data needs a person; the command has said what and how.
    NeedsAPerson,
}

/// Why a command could not go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    #[error("writing the results")]
    Output(#[from] io::Error),
    #[error("starting to work")]
    Runtime(#[source] io::Error),
}

impl From<Finding> for Failure {
    fn from(finding: Finding) -> Self {
        Self::Pipeline(finding.into())
    }
}

impl From<ServerError> for Failure {
    fn from(error: ServerError) -> Self {
        match error {
            ServerError::Serve(error) => Self::Output(error),
            ServerError::Project(error) => Self::Pipeline(error),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Pipeline(error.into())
    }
}

/// Runs the command and says how it ended.
pub(crate) fn run(arguments: Arguments, texts: Texts) -> ExitCode {
    let out = Output::new(texts, &arguments.common);
    let context = Context { common: arguments.common, out };
    let result = match arguments.command {
        Command::Check => check::check(&context),
        Command::Compare(args) => compare::compare(&context, &args),
        Command::Indicators(args) => indicators::indicators(&context, &args),
        Command::Completions(args) => completions::completions(&context, &args),
        Command::Convert(args) => convert::convert(&context, args),
        Command::Demo(args) => demo::demo(&context, &args),
        Command::Backup(args) => keeping::backup(&context, &args),
        Command::Explain(args) => explain::explain(&context, &args),
        Command::Forecast(args) => forecast::forecast(&context, &args),
        Command::Init(args) => init::init(&context, &args),
        Command::Man => man::man(&context),
        Command::Match(args) => matching::matching(&context, &args),
        Command::Periods(args) => periods::periods(&context, &args),
        Command::Publish(args) => publish::publish(&context, &args),
        Command::Pull(args) => pull::pull(&context, &args),
        Command::Quality(args) => quality::quality(&context, &args),
        Command::Quantify(args) => quantify::quantify(&context, &args),
        Command::Read(args) => read::read(&context, &args),
        Command::ReadConfined(args) => confined::read_here(&args),
        Command::Restore(args) => keeping::restore(&context, &args),
        Command::Review(args) => review::review(&context, &args),
        Command::Run => run::run(&context),
        Command::Serve(args) => serve::serve(&context, &args),
        Command::Status => status::status(&context),
        Command::Testkit(args) => testkit::testkit(&context, &args),
        Command::Sql(args) => sql::sql(&context, &args),
        Command::Tidy(args) => keeping::tidy(&context, &args),
        Command::Verify => keeping::verify(&context),
    };
    match result {
        Ok(Done::Well) => ExitCode::SUCCESS,
        Ok(Done::NeedsAPerson) => ExitCode::from(NEEDS_A_PERSON),
        Err(failure) => ending(&context.out, &failure),
    }
}

fn ending(out: &Output, failure: &Failure) -> ExitCode {
    if out.reader_left() {
        return ExitCode::SUCCESS;
    }
    if let Failure::Pipeline(error) = failure
        && let Some(finding) = error.finding()
    {
        out.show(&finding);
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
    pub(crate) fn project(&self) -> Result<Project, Failure> {
        Ok(Project::load(&self.common.project)?)
    }

    /// Shows findings, and writes all of them to the file that was asked for.
    pub(crate) fn report(&self, findings: &[Finding]) -> Result<(), Failure> {
        self.out.show_all(findings);
        self.write_findings(findings)
    }

    /// Writes findings to the file that was asked for.
    pub(crate) fn write_findings(&self, findings: &[Finding]) -> Result<(), Failure> {
        let Some(path) = &self.common.findings else { return Ok(()) };
        let message = |finding: &Finding| self.out.texts.finding(finding);
        Ok(write_file(path, |out| mlatho_formats::findings::write(out, findings, message))?)
    }
}

/// Opens a file that was named on the command line.
fn open(path: &Path) -> Result<File, Failure> {
    Ok(File::open(path).map_err(PipelineError::io("opening", path))?)
}

/// A text file that was named on the command line.
fn text(path: &Path) -> Result<String, Failure> {
    Ok(std::fs::read_to_string(path).map_err(PipelineError::io("reading", path))?)
}

/// The bytes of a table that was named on the command line, as UTF-8 with commas.
fn table(path: &Path) -> Result<Vec<u8>, Failure> {
    Ok(mlatho_formats::comma_separated(open(path)?).map_err(PipelineError::io("reading", path))?)
}

/// Bad rows cost only themselves; a person is needed where a file is of no use as a whole.
fn outcome(findings: &[Finding]) -> Done {
    let of_no_use = |finding: &Finding| finding.severity == Severity::Error && finding.place.row <= 1;
    if findings.iter().any(of_no_use) { Done::NeedsAPerson } else { Done::Well }
}

/// Whether the name of a file asks for Parquet; every other name is CSV.
fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet"))
}

/// Runs what waits for disk, database or network.
fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Runtime)?;
    runtime.block_on(work)
}
