//! What may be said on the command line. The words of the help come from the language catalogue.

mod review;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use mlatho_text::Texts;

pub(crate) use review::*;

#[derive(Debug, Parser)]
#[command(name = "mlatho", version, disable_help_subcommand = true, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Args)]
pub(crate) struct Common {
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    pub(crate) project: PathBuf,
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    #[arg(long, global = true)]
    pub(crate) yes: bool,
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) findings: Option<PathBuf>,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
    Csv,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(Demo),
    Init(Init),
    Check,
    Pull(Pull),
    Run,
    Convert(Convert),
    Status,
    Review(ReviewRoom),
    Publish(Publish),
    Explain(Explain),
    Sql(Sql),
    Verify,
    Backup(Backup),
    Restore(Restore),
    Tidy(Tidy),
    Read(Read),
    Match(Match),
    #[command(hide = true)]
    ReadConfined(ReadConfined),
    Quality(Quality),
    Compare(Compare),
    Indicators(Indicators),
    Quantify(Quantify),
    Forecast(Forecast),
    #[command(subcommand)]
    Periods(Periods),
    Serve(Serve),
    #[command(subcommand)]
    Testkit(Testkit),
    Completions(Completions),
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[arg(long)]
    pub(crate) no_serve: bool,
    #[arg(long, value_enum, default_value_t = DemoSources::Both, value_name = "WAY")]
    pub(crate) sources: DemoSources,
    #[arg(long, default_value_t = 600, value_name = "NUMBER")]
    pub(crate) facilities: usize,
    #[arg(long, default_value_t = 24, value_name = "NUMBER")]
    pub(crate) months: usize,
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    pub(crate) seed: u64,
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    #[arg(long, default_value_t = 8080, value_name = "PORT")]
    pub(crate) port: u16,
}

/// How the demo's data comes in; what each means is told by the text of the option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DemoSources {
    Both,
    Api,
    Files,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[arg(long, default_value_t = 8080, value_name = "PORT")]
    pub(crate) port: u16,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Testkit {
    Serve(TestkitServe),
}

#[derive(Debug, Args)]
pub(crate) struct TestkitServe {
    #[arg(value_enum, value_name = "SYSTEM")]
    pub(crate) system: System,
    #[arg(long, default_value_t = 60, value_name = "NUMBER")]
    pub(crate) facilities: usize,
    #[arg(long, default_value_t = 12, value_name = "NUMBER")]
    pub(crate) months: usize,
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    pub(crate) seed: u64,
}

/// A system that there is a double of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum System {
    Dhis2,
    Openlmis,
    Elmis,
    Logistimo,
    Openhim,
}

impl System {
    /// Its own name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Dhis2 => "DHIS2",
            Self::Openlmis => "OpenLMIS",
            Self::Elmis => "eLMIS",
            Self::Logistimo => "Logistimo",
            Self::Openhim => "OpenHIM",
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Publish {
    #[arg(value_name = "TARGET")]
    pub(crate) target: Option<String>,
    #[arg(long, conflicts_with = "confirm")]
    pub(crate) dry_run: bool,
    #[arg(long)]
    pub(crate) confirm: bool,
    #[arg(long, value_name = "NAME", requires = "confirm")]
    pub(crate) plan: Option<String>,
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long = "as", value_enum, default_value_t = Payload::Json, requires = "out")]
    pub(crate) payload: Payload,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Pull {
    #[arg(value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Convert {
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[arg(long, value_name = "DIR", required_unless_present = "post", conflicts_with = "post")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, value_name = "URL")]
    pub(crate) post: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) target: Option<String>,
    #[arg(long = "as", value_enum, default_value_t = Payload::Json)]
    pub(crate) payload: Payload,
}

/// Form of the DHIS2 import files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Payload {
    Json,
    Csv,
    Adx,
}

#[derive(Debug, Args)]
pub(crate) struct Read {
    #[arg(value_name = "FILE", required_unless_present = "list")]
    pub(crate) file: Option<PathBuf>,
    #[arg(long = "as", value_name = "FORMAT", required_unless_present_any = ["list", "suggest_layout"])]
    pub(crate) form: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) layout: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, conflicts_with_all = ["layout", "list"])]
    pub(crate) suggest_layout: bool,
    #[arg(long)]
    pub(crate) list: bool,
}

/// What the program asks of itself, to read a file in a process of its own.
#[derive(Debug, Args)]
pub(crate) struct ReadConfined {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[arg(long = "as", value_name = "FORMAT")]
    pub(crate) form: String,
    #[arg(long, value_name = "FILE")]
    pub(crate) layout: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Sql {
    #[arg(value_name = "SQL")]
    pub(crate) query: String,
    #[arg(long, value_name = "TIME|VERSION")]
    pub(crate) as_of: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    #[arg(value_names = ["ORG_UNIT", "ITEM|DATA_ELEMENT", "MEASURE", "PERIOD"], num_args = 3..=4, required = true)]
    pub(crate) number: Vec<String>,
    #[arg(long, value_name = "TARGET")]
    pub(crate) target: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Backup {
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Tidy {
    #[arg(long, value_name = "DAYS")]
    pub(crate) keep_days: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct Match {
    #[arg(long, value_enum, default_value_t = MatchKind::Facility)]
    pub(crate) kind: MatchKind,
    #[arg(long, value_name = "FILE")]
    pub(crate) left: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) right: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) audit: Option<PathBuf>,
    #[arg(long, value_name = "FILE", conflicts_with = "audit")]
    pub(crate) reviewed: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// What the records of two lists are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MatchKind {
    Facility,
    Area,
    Product,
    Element,
}

#[derive(Debug, Args)]
pub(crate) struct Quality {
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    pub(crate) ledger: Vec<PathBuf>,
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) rules: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) scorecard: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Compare {
    #[arg(long, value_name = "FILE")]
    pub(crate) consumption: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) services: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) rule: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Indicators {
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) services: Option<PathBuf>,
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) definitions: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Quantify {
    #[arg(value_name = "SCENARIO", required = true)]
    pub(crate) scenarios: Vec<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Forecast {
    #[arg(long, value_name = "FILE")]
    pub(crate) panel: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) covariates: Option<PathBuf>,
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=400))]
    pub(crate) horizon: u16,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, value_name = "PERIODS", value_delimiter = ',')]
    pub(crate) origins: Vec<String>,
    #[arg(long, value_name = "NUMBER", conflicts_with = "origins", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) backtest: Option<u16>,
    #[arg(long)]
    pub(crate) most_accurate: bool,
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    pub(crate) seed: u64,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Periods {
    Parse(PeriodsParse),
    Convert(PeriodsConvert),
}

#[derive(Debug, Args)]
pub(crate) struct PeriodsParse {
    #[arg(value_name = "PERIOD")]
    pub(crate) period: String,
    #[arg(long, default_value = "iso8601", value_name = "CALENDAR")]
    pub(crate) calendar: String,
}

#[derive(Debug, Args)]
pub(crate) struct PeriodsConvert {
    #[arg(value_name = "PERIOD")]
    pub(crate) period: String,
    #[arg(long, value_name = "TYPE")]
    pub(crate) to: String,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// The command with its help in the language of the person.
pub(crate) fn command(texts: &Texts) -> clap::Command {
    localize(Arguments::command(), "help", texts)
}

/// Reads the command line.
pub(crate) fn parse(texts: &Texts) -> Result<Arguments, clap::Error> {
    let mut command = command(texts);
    let matches = command.try_get_matches_from_mut(std::env::args_os().collect::<Vec<OsString>>())?;
    Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// Gives the command, its arguments and its subcommands the texts `help-…` of their path.
fn localize(command: clap::Command, path: &str, texts: &Texts) -> clap::Command {
    let subcommands: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let mut command = command.about(texts.say(path, &[]));
    command = command.mut_args(|arg| {
        let shared = ["project", "format", "quiet", "yes", "findings", "help", "version"];
        let name = arg.get_id().as_str();
        let key = if shared.contains(&name) { format!("help-all-{name}") } else { format!("{path}-{name}") };
        arg.help(texts.say(&key.replace('_', "-"), &[]))
    });
    for name in subcommands {
        let below = format!("{path}-{name}");
        command = command.mut_subcommand(name, |sub| localize(sub, &below, texts));
    }
    command
}
