//! What may be said about what waits for a person.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use mlatho_harmonize::Relation;
use mlatho_model::{Decimal, Factor};

#[derive(Debug, Args)]
pub(crate) struct ReviewRoom {
    #[command(subcommand)]
    pub(crate) about: Option<Review>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Review {
    Batches,
    Lines,
    FollowUp,
    Approve(ReviewApprove),
    Accept(ReviewAccept),
    Reject(ReviewReject),
    Correct(ReviewCorrect),
    Ask(ReviewAsk),
    Answer(ReviewAnswer),
    Links(ReviewLinks),
    None(ReviewNone),
    Take(ReviewTake),
    Export(ReviewExport),
    Band(ReviewBand),
    Release(ReviewRelease),
    Drift,
    Restate,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewLinks {
    #[arg(long, value_enum)]
    pub(crate) kind: Option<RowKind>,
    #[arg(long, value_name = "NAME")]
    pub(crate) area: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, conflicts_with = "out")]
    pub(crate) interactive: bool,
    #[arg(long, value_name = "NAME", requires = "interactive")]
    pub(crate) by: Option<String>,
}

/// What a code names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowKind {
    OrgUnit,
    Item,
}

/// Who decides, and why.
#[derive(Debug, Args)]
pub(crate) struct Deciding {
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewApprove {
    #[arg(value_name = "BATCH")]
    pub(crate) batch: String,
    #[command(flatten)]
    pub(crate) deciding: Deciding,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewCorrect {
    #[arg(value_name = "LINE")]
    pub(crate) line: String,
    #[arg(value_name = "MEASURE")]
    pub(crate) measure: String,
    #[arg(value_name = "VALUE", allow_negative_numbers = true)]
    pub(crate) value: Decimal,
    #[command(flatten)]
    pub(crate) deciding: Deciding,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewAsk {
    #[arg(value_name = "LINE")]
    pub(crate) line: String,
    #[arg(value_name = "QUESTION")]
    pub(crate) question: String,
    #[command(flatten)]
    pub(crate) deciding: Deciding,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewAnswer {
    #[arg(value_name = "NUMBER")]
    pub(crate) number: i64,
    #[arg(value_name = "OUTCOME")]
    pub(crate) outcome: String,
    #[command(flatten)]
    pub(crate) deciding: Deciding,
}

/// What is decided about: data by its name alone, or a code with its target.
#[derive(Debug, Args)]
pub(crate) struct Subject {
    #[arg(value_name = "LINE|KIND")]
    pub(crate) what: String,
    #[arg(value_name = "SOURCE", requires = "code")]
    pub(crate) source: Option<String>,
    #[arg(value_name = "CODE", requires = "target")]
    pub(crate) code: Option<String>,
    #[arg(value_name = "TARGET")]
    pub(crate) target: Option<String>,
    #[command(flatten)]
    pub(crate) deciding: Deciding,
    #[arg(long, value_name = "YYYY-MM-DD", requires = "target")]
    pub(crate) from: Option<jiff::civil::Date>,
    #[arg(long, value_name = "YYYY-MM-DD", requires = "target")]
    pub(crate) to: Option<jiff::civil::Date>,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewAccept {
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(long, value_name = "NUMBER", requires = "target")]
    pub(crate) factor: Option<Factor>,
    #[arg(long, value_name = "UNIT", requires = "target")]
    pub(crate) unit: Option<String>,
    #[arg(long, value_parser = relation, requires = "target")]
    pub(crate) relation: Option<Relation>,
    #[arg(long, value_name = "NUMBER", requires = "target")]
    pub(crate) share: Option<Factor>,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewReject {
    #[command(flatten)]
    pub(crate) subject: Subject,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewNone {
    #[arg(value_enum)]
    pub(crate) kind: RowKind,
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,
    #[arg(value_name = "CODE")]
    pub(crate) code: String,
    #[command(flatten)]
    pub(crate) deciding: Deciding,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) from: Option<jiff::civil::Date>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) to: Option<jiff::civil::Date>,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewTake {
    #[arg(value_name = "FILE")]
    pub(crate) sheet: PathBuf,
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[arg(long, value_enum)]
    pub(crate) kind: Option<RowKind>,
    #[arg(long, value_name = "SOURCE")]
    pub(crate) source: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewExport {
    #[arg(long = "as", value_enum)]
    pub(crate) form: LinkForm,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// How links are given to other systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LinkForm {
    ConceptMap,
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewRelease {
    #[arg(value_name = "NAME", requires = "reason")]
    pub(crate) name: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewBand {
    #[arg(value_name = "SOURCE")]
    pub(crate) source: Option<String>,
    #[arg(long, value_name = "NAME", requires_all = ["second", "reason"])]
    pub(crate) accept: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) second: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
}

/// A relation between a code and its target; that there is none is said by `review none`.
fn relation(text: &str) -> Result<Relation, String> {
    let known = Relation::ALL.into_iter().filter(|relation| *relation != Relation::None);
    let names: Vec<&str> = known.clone().map(Relation::name).collect();
    known.clone().find(|relation| relation.name() == text).ok_or_else(|| names.join(", "))
}
