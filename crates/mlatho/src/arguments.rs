//! What may be said on the command line. The words of the help come from the language catalogue.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use mlatho_text::Texts;

#[derive(Debug, Parser)]
#[command(name = "mlatho", version, disable_help_subcommand = true, arg_required_else_help = true)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Args)]
pub struct Common {
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    pub project: PathBuf,
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    #[arg(long, short, global = true)]
    pub quiet: bool,
    #[arg(long, global = true)]
    pub yes: bool,
    #[arg(long, global = true, value_name = "FILE")]
    pub findings: Option<PathBuf>,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
    Csv,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Demo(Demo),
    Init(Init),
    Check,
    Run,
    Convert(Convert),
    Status,
    Publish(Publish),
    Sql(Sql),
    Read(Read),
    Quality(Quality),
    Compare(Compare),
    #[command(subcommand)]
    Periods(Periods),
    Serve(Serve),
    Completions(Completions),
}

#[derive(Debug, Args)]
pub struct Demo {
    #[arg(long)]
    pub no_serve: bool,
    #[arg(long, default_value_t = 600, value_name = "NUMBER")]
    pub facilities: usize,
    #[arg(long, default_value_t = 24, value_name = "NUMBER")]
    pub months: usize,
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    pub seed: u64,
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    #[arg(long, default_value_t = 8080, value_name = "PORT")]
    pub port: u16,
}

#[derive(Debug, Args)]
pub struct Serve {
    #[arg(long, default_value_t = 8080, value_name = "PORT")]
    pub port: u16,
}

#[derive(Debug, Args)]
pub struct Publish {
    #[arg(value_name = "TARGET")]
    pub target: Option<String>,
    #[arg(long, conflicts_with = "confirm")]
    pub dry_run: bool,
    #[arg(long)]
    pub confirm: bool,
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[arg(long = "as", value_enum, default_value_t = Payload::Json, requires = "out")]
    pub payload: Payload,
}

#[derive(Debug, Args)]
pub struct Init {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
}

#[derive(Debug, Args)]
pub struct Convert {
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    #[arg(long, value_name = "DIR", required_unless_present = "post", conflicts_with = "post")]
    pub out: Option<PathBuf>,
    #[arg(long, value_name = "URL")]
    pub post: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub target: Option<String>,
    #[arg(long = "as", value_enum, default_value_t = Payload::Json)]
    pub payload: Payload,
}

/// Form of the DHIS2 import files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Payload {
    Json,
    Csv,
    Adx,
}

#[derive(Debug, Args)]
pub struct Read {
    #[arg(value_name = "FILE", required_unless_present = "list")]
    pub file: Option<PathBuf>,
    #[arg(long = "as", value_name = "FORMAT", required_unless_present = "list")]
    pub read_as: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub layout: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[arg(long)]
    pub list: bool,
}

#[derive(Debug, Args)]
pub struct Sql {
    #[arg(value_name = "SQL")]
    pub query: String,
    #[arg(long, value_name = "TIME|VERSION")]
    pub as_of: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Quality {
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    pub ledger: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Compare {
    #[arg(long, value_name = "FILE")]
    pub consumption: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub services: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub rule: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Periods {
    Parse(PeriodsParse),
    Convert(PeriodsConvert),
}

#[derive(Debug, Args)]
pub struct PeriodsParse {
    #[arg(value_name = "PERIOD")]
    pub period: String,
}

#[derive(Debug, Args)]
pub struct PeriodsConvert {
    #[arg(value_name = "PERIOD")]
    pub period: String,
    #[arg(long, value_name = "TYPE")]
    pub to: String,
}

#[derive(Debug, Args)]
pub struct Completions {
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// The command with its help in the language of the person.
pub fn command(texts: &Texts) -> clap::Command {
    localize(Arguments::command(), "help", texts)
}

/// Reads the command line.
pub fn parse(texts: &Texts) -> Result<Arguments, clap::Error> {
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
