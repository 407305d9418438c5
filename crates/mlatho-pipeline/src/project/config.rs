//! What `mlatho.toml` may say. Unknown keys are refused, so that a slip of the pen does not pass for a setting.

use std::path::PathBuf;

use jiff::tz::TimeZone;
use mlatho_connect::{dhis2, elmis, logistimo, openhim, openlmis};
use mlatho_formats::{Format, SmsGateway};
use mlatho_harmonize::{Kind, TableColumns};
use mlatho_model::{Decimal, Finding, Measure, SourceName, Status};
use mlatho_quality::{DaysInMonth, Gate};
use serde::Deserialize;

/// The project file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Version of this file's format: 1.
    pub version: u32,
    /// What the project is called in titles.
    pub name: String,
    /// Language of messages and pages: `en`, `fr`, `pt` or `sw`; a person's `MLATHO_LANGUAGE` goes before it. Default:
    /// that of the environment.
    pub language: Option<String>,
    /// Where the repository lives, relative to the project. Default `data`.
    #[serde(default = "default_data_dir")]
    pub data_dir: PathBuf,
    /// Name of the environment variable that holds the PostgreSQL URL of the catalogue. Default: SQLite in `data_dir`.
    pub catalogue_url_env: Option<String>,
    #[serde(default)]
    pub mappings: Mappings,
    /// Lists of org units and items, in which partners are looked for.
    #[serde(default)]
    pub registers: Vec<Register>,
    #[serde(default)]
    pub sources: Vec<Source>,
    #[serde(default)]
    pub targets: Vec<Target>,
    /// The OpenHIM that `mlatho serve` registers at, and that passes documents on to it.
    pub openhim: Option<OpenHim>,
    /// What happens to lines that the checks find fault with.
    #[serde(default)]
    pub gate: GateSettings,
    /// Between how many months of stock a product is stocked according to plan. Default: nobody says so.
    pub stock: Option<StockBounds>,
    /// How data is put before people.
    #[serde(default)]
    pub review: ReviewSettings,
    /// How long the past of the tables is kept.
    #[serde(default)]
    pub retention: Retention,
    /// Product tables (packs, dosages), relative to the project, as patterns. Default `products/*.csv`.
    #[serde(default = "default_products")]
    pub products: Vec<String>,
    /// Comparison rules and checks, relative to the project, as patterns. Default `rules/*.toml`.
    #[serde(default = "default_rules")]
    pub rules: Vec<String>,
}

fn default_products() -> Vec<String> {
    vec!["products/*.csv".into()]
}

fn default_data_dir() -> PathBuf {
    "data".into()
}

fn default_rules() -> Vec<String> {
    vec!["rules/*.toml".into()]
}

/// Minimum and maximum of months of stock, both included; numbers as texts, such as `"1.5"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StockBounds {
    pub minimum_months: Decimal,
    pub maximum_months: Decimal,
}

/// What a finding means for the values of its line. Information never stops a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GateSettings {
    /// Default `held`.
    pub on_error: Passage,
    /// Default `accepted`: doubts pass, marked by their finding.
    pub on_warning: Passage,
}

/// How data is put before people.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReviewSettings {
    /// The column of the project's register of org units by which batches are made, such as `district`. Default: one
    /// batch for each source and period.
    pub level: Option<String>,
}

/// How long the past of the tables is kept. What arrived is kept for ever.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// Days for which `mlatho tidy` leaves months as they stood readable. Default 730.
    pub keep_days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { keep_days: 730 }
    }
}

/// How the data of a source comes to count and to be published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// Everything counts as it arrives; findings mark it and hold nothing.
    PublishOnArrival,
    /// What the checks find fault with is held, as `[gate]` says.
    #[default]
    HoldOnSeverity,
    /// As `hold-on-severity`; and what passes the checks waits until a person approves its batch.
    ApproveFirst,
}

/// Whether values pass the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Passage {
    Accepted,
    Held,
}

impl Default for GateSettings {
    fn default() -> Self {
        Self { on_error: Passage::Held, on_warning: Passage::Accepted }
    }
}

impl From<GateSettings> for Gate {
    fn from(settings: GateSettings) -> Self {
        let status = |passage| match passage {
            Passage::Accepted => Status::Accepted,
            Passage::Held => Status::Held,
        };
        Self { on_error: status(settings.on_error), on_warning: status(settings.on_warning) }
    }
}

/// Where the reviewed mappings stand, relative to the project.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mappings {
    pub org_units: Vec<PathBuf>,
    pub items: Vec<PathBuf>,
    pub elements: Vec<PathBuf>,
    /// Decisions about links, one after another; `mlatho review` adds to it. It need not be there.
    pub decisions: PathBuf,
    /// States of the mappings that were released; `mlatho review release` adds to it. It need not be there.
    pub releases: PathBuf,
    /// Existing tables that serve as mappings as they are: every row an open-ended equal link.
    pub tables: Vec<Table>,
    /// Existing tables with one row for each item and one column for each measure's data element.
    pub element_tables: Vec<ElementTable>,
}

impl Default for Mappings {
    fn default() -> Self {
        Self {
            org_units: vec!["mappings/org_units.csv".into()],
            items: vec!["mappings/items.csv".into()],
            elements: vec!["mappings/elements.csv".into()],
            decisions: "mappings/decisions.csv".into(),
            releases: "mappings/releases.csv".into(),
            tables: vec![],
            element_tables: vec![],
        }
    }
}

/// A list of org units or items in the form that `mlatho match` takes: `id,name` and whatever else is known.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    pub kind: TableKind,
    /// The source whose codes the ids are. Default: the ids are the project's own.
    pub source: Option<SourceName>,
    pub file: PathBuf,
}

/// A table that links a source's codes to the project's.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub kind: TableKind,
    pub source: SourceName,
    pub file: PathBuf,
    pub columns: TableColumns,
}

/// What a mapping table links.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableKind {
    OrgUnit,
    Item,
}

impl TableKind {
    /// The same in the words of the crosswalk.
    pub(crate) const fn kind(self) -> Kind {
        match self {
            Self::OrgUnit => Kind::OrgUnit,
            Self::Item => Kind::Item,
        }
    }
}

/// A table that names a data element for each item and measure.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElementTable {
    pub target: String,
    pub file: PathBuf,
    /// The column of the project's item.
    pub item: String,
    /// Column of the data element, by measure.
    pub columns: std::collections::BTreeMap<String, String>,
    /// The data set of all of them; empty: none is sent along.
    #[serde(default)]
    pub data_set: String,
}

/// Which half of a country's health data a source belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Lmis,
    Hmis,
}

/// One system or folder that data comes from: files, or a server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub name: SourceName,
    pub side: Side,
    /// How the bytes are read; see `mlatho read --list`.
    #[serde(deserialize_with = "format_by_name")]
    pub format: Format,
    /// Files, relative to the project, as patterns such as `inbox/*.csv`. Files are taken in the order of their names.
    #[serde(default)]
    pub files: Vec<String>,
    /// A DHIS2 server to pull data sets from, in place of files.
    pub dhis2: Option<PullDhis2>,
    /// An OpenLMIS server to pull requisitions and orders from, in place of files.
    pub openlmis: Option<PullOpenlmis>,
    /// An eLMIS server, or one of OpenLMIS version 1 or 2, to pull from in place of files.
    pub elmis: Option<PullElmis>,
    /// A Logistimo server to pull from in place of files: transactions where the format is `logistimo-csv`, inventory
    /// where it is `logistimo-json`.
    pub logistimo: Option<PullLogistimo>,
    /// An SMS gateway that hands messages over to `mlatho serve`, in place of files; the format is that of their log.
    pub gateway: Option<Gateway>,
    /// Who may post documents of this source to `mlatho serve`, in place of files.
    #[serde(default)]
    pub senders: Vec<Sender>,
    /// The layout file of `csv` and `xlsx`, relative to the project.
    pub layout: Option<PathBuf>,
    /// How its data comes to count. Default `hold-on-severity`.
    #[serde(default)]
    pub policy: Policy,
    /// Whether a decision about its data takes two persons. Default `false`.
    #[serde(default)]
    pub two_persons: bool,
    /// Statuses of reports that count. Empty: all do. Lines of other reports are kept in the log and do not count. Orders
    /// have statuses of their own, and no required measures.
    #[serde(default)]
    pub accept_status: Vec<String>,
    /// How the source counts the days of a month, and so the most stockout days there can be. Default `calendar`.
    #[serde(default)]
    pub days_in_month: MonthDays,
    /// Measures without which a line is incomplete: a line that lacks a number in one of them is left out as a whole.
    #[serde(default, deserialize_with = "measures_by_name")]
    pub required_measures: Vec<Measure>,
}

impl Source {
    /// What findings mean for the lines of this source.
    pub(crate) fn gate(&self, settings: GateSettings) -> Gate {
        match self.policy {
            Policy::PublishOnArrival => Gate { on_error: Status::Accepted, on_warning: Status::Accepted },
            Policy::HoldOnSeverity | Policy::ApproveFirst => settings.into(),
        }
    }

    /// Why nothing can come from the inputs of a source: what names persons is kept without them, which is done where
    /// files and messages come in; and only some formats are taken from those who post.
    pub(crate) fn inputs_problem(&self) -> Option<Finding> {
        let of_sms = self.format.names_persons();
        let code = if of_sms && self.files.is_empty() && self.gateway.is_none() {
            Finding::error("source-names-persons")
        } else if self.gateway.is_some() && !of_sms {
            Finding::error("source-gateway-format")
        } else if !self.senders.is_empty() && !POSTED.contains(&self.format) {
            Finding::error("source-posted-format").with("known", POSTED.map(Format::name).join(", "))
        } else {
            return None;
        };
        Some(code.with("source", self.name.as_str()).with("format", self.format.name()))
    }
}

/// What others may post to a running server: formats that hold nothing about persons, or in which it is found.
const POSTED: [Format; 3] = [Format::Adx, Format::FhirMeasureReport, Format::DataElementsJson];

/// An SMS gateway that hands messages over.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gateway {
    /// `kannel`, `telerivet` or `africas-talking`.
    pub kind: SmsGateway,
    /// File that holds the secret which the gateway shows, relative to the project. Pseudonyms of senders are made with
    /// it too: another secret makes everybody somebody else.
    pub secret_file: Option<PathBuf>,
    /// Name of the environment variable that holds the secret.
    pub secret_env: Option<String>,
    /// The time zone whose months count, such as `Africa/Blantyre` or `+02:00`.
    #[serde(deserialize_with = "time_zone_by_name")]
    pub time_zone: TimeZone,
    /// List `number,sender_level,setup` of those who report, relative to the project: what is known of a sender before
    /// the number is dropped. Keep it out of version control.
    pub reporters: Option<PathBuf>,
}

/// Someone who may post documents.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    /// Stands in the origin of what is received.
    pub name: SourceName,
    /// File that holds the sender's token, relative to the project.
    pub token_file: Option<PathBuf>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
}

/// An OpenHIM, and how it finds us.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenHim {
    pub server: openhim::Config,
    /// The name of this mediator there. Default `urn:mediator:mlatho`.
    #[serde(default = "default_urn")]
    pub urn: String,
    /// Where the OpenHIM reaches `mlatho serve`. Example: `http://mlatho.example.org:8080`.
    pub own_url: String,
}

fn default_urn() -> String {
    "urn:mediator:mlatho".into()
}

/// How a source counts the days of a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MonthDays {
    #[default]
    Calendar,
    /// Every month has 30 days.
    Thirty,
}

impl From<MonthDays> for DaysInMonth {
    fn from(days: MonthDays) -> Self {
        match days {
            MonthDays::Calendar => Self::Calendar,
            MonthDays::Thirty => Self::Thirty,
        }
    }
}

/// What is pulled from a DHIS2 server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PullDhis2 {
    pub server: dhis2::Config,
    /// UIDs of the data sets.
    pub data_sets: Vec<String>,
    /// UID of the org unit at the top of what is pulled.
    pub org_unit: String,
    /// First day that is pulled, `YYYY-MM-DD`.
    pub start_date: jiff::civil::Date,
    /// Last day that is pulled.
    pub end_date: jiff::civil::Date,
}

/// What is pulled from an OpenLMIS server: requisitions and orders that changed since the last pull.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PullOpenlmis {
    pub server: openlmis::Config,
    /// Codes of the programs. Default: all.
    #[serde(default)]
    pub programs: Vec<String>,
    /// From this status on a requisition counts, such as `APPROVED`; drafts before it are left. Default `AUTHORIZED`.
    #[serde(default)]
    pub from_status: openlmis::Status,
    /// First day of changes that are pulled, `YYYY-MM-DD` in UTC. Default: everything.
    pub start_date: Option<jiff::civil::Date>,
}

/// What is pulled from an eLMIS server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PullElmis {
    pub server: elmis::Config,
    /// Codes of the programs. Default: all.
    #[serde(default)]
    pub programs: Vec<String>,
    /// Default `requisitions`, which say more.
    #[serde(default)]
    pub read: ElmisData,
    /// From this status on a requisition counts, such as `APPROVED`; drafts before it are left. Default `AUTHORIZED`.
    #[serde(default)]
    pub from_status: elmis::Status,
    /// First day of the periods that are pulled, `YYYY-MM-DD`.
    pub start_date: jiff::civil::Date,
    /// Last day of the periods that are pulled. Default: today in UTC.
    pub end_date: Option<jiff::civil::Date>,
}

/// What an eLMIS server is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ElmisData {
    /// Requisitions that changed since the last pull, with regimens and patients.
    #[default]
    Requisitions,
    /// Stock status of each month, which leaves out zeros and products that are not traced.
    StockStatus,
    /// The same of each quarter.
    QuarterlyStockStatus,
}

/// What is pulled from a Logistimo server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PullLogistimo {
    pub server: logistimo::Config,
    /// A day of the first month of transactions, `YYYY-MM-DD`. Default: the month before this one, in UTC.
    pub start_date: Option<jiff::civil::Date>,
}

/// A place that results are delivered to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub name: String,
    /// Whether only values are sent whose mappings were released. Default `false`.
    #[serde(default)]
    pub released_only: bool,
    /// The server; none for a target that only files are written for.
    pub dhis2: Option<dhis2::Config>,
    /// Draft requisitions of an OpenLMIS server, in place of a DHIS2 server.
    pub openlmis: Option<WriteRequisitions<openlmis::Config>>,
    /// Requisitions that were begun at an eLMIS server, or one of OpenLMIS version 1 or 2, in place of a DHIS2 server.
    pub elmis: Option<WriteRequisitions<elmis::Config>>,
}

impl Target {
    /// Whether numbers go into requisitions.
    #[must_use]
    pub fn is_requisitions(&self) -> bool {
        self.openlmis.is_some() || self.elmis.is_some()
    }

    /// What stands against the servers of a target.
    pub(crate) fn two_servers(&self) -> Option<Finding> {
        let servers = [self.dhis2.is_some(), self.openlmis.is_some(), self.elmis.is_some()];
        let several = servers.into_iter().filter(|given| *given).count() > 1;
        several.then(|| Finding::error("target-two-servers").with("target", self.name.as_str()))
    }
}

/// Requisitions of a server that numbers of patients are written into.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteRequisitions<S> {
    pub server: S,
    /// The source by whose codes the mapping of org units names the facilities.
    pub source: SourceName,
    /// Which number goes into which column of which product, relative to the project. Default
    /// `mappings/requisition_lines.csv`.
    #[serde(default = "requisition_lines")]
    pub lines: PathBuf,
    /// Whether anything may be written. Default `false`: plans are made and shown, and nothing is sent.
    #[serde(default)]
    pub write: bool,
}

fn requisition_lines() -> PathBuf {
    "mappings/requisition_lines.csv".into()
}

fn format_by_name<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Format, D::Error> {
    let name = String::deserialize(deserializer)?;
    name.parse().map_err(serde::de::Error::custom)
}

fn measures_by_name<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Measure>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    names.iter().map(|name| name.parse().map_err(serde::de::Error::custom)).collect()
}

fn time_zone_by_name<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<TimeZone, D::Error> {
    let name = String::deserialize(deserializer)?;
    jiff::fmt::temporal::DateTimeParser::new().parse_time_zone(&name).map_err(serde::de::Error::custom)
}
