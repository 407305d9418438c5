//! What the double pretends to be.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::civil::{DateTime, date};
use mlatho_model::Uid;

use super::Calendar;

/// The implementation of data value import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// 2.42 and older.
    A,
    /// 2.43 and newer.
    B,
}

/// A DHIS2 version such as `2.43.0.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    pub line: u32,
    pub patch: u32,
    pub hotfix: u32,
}

/// A text that is no version of the form `2.line[.patch[.hotfix]]`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a DHIS2 version (2.42.1)")]
pub struct BadVersion {
    pub found: String,
}

impl Version {
    #[must_use]
    pub const fn engine(self) -> Engine {
        if self.line >= 43 { Engine::B } else { Engine::A }
    }

    /// Input periods are read the wrong way round up to 2.43.1 `[C]` (DHIS2-21981).
    pub(super) const fn inverts_input_periods(self) -> bool {
        self.line == 43 && self.patch <= 1
    }

    /// 2.43.0 refuses an export that is limited by `lastUpdated` alone `[C]` (DHIS2-21821).
    pub(super) const fn refuses_last_updated_alone(self) -> bool {
        self.line == 43 && self.patch == 0
    }
}

impl FromStr for Version {
    type Err = BadVersion;

    fn from_str(text: &str) -> Result<Self, BadVersion> {
        let numbers: Option<Vec<u32>> = text.split('.').map(|part| part.parse().ok()).collect();
        match numbers.as_deref() {
            Some([2, line, rest @ ..]) if rest.len() <= 2 => {
                let at = |index: usize| rest.get(index).copied().unwrap_or(0);
                Ok(Self { line: *line, patch: at(0), hotfix: at(1) })
            }
            _ => Err(BadVersion { found: text.into() }),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "2.{}.{}", self.line, self.patch)?;
        if self.hotfix > 0 { write!(f, ".{}", self.hotfix) } else { Ok(()) }
    }
}

/// A personal access token.
#[derive(Clone, Debug)]
pub struct Token {
    /// `d2pat_…`.
    pub secret: String,
    /// From this moment on it is refused.
    pub expires: Option<DateTime>,
}

/// Someone who may sign in.
#[derive(Clone, Debug)]
pub struct User {
    pub id: Uid,
    pub name: String,
    pub password: String,
    pub tokens: Vec<Token>,
    /// `ALL` makes a superuser.
    pub authorities: Vec<String>,
    pub groups: Vec<Uid>,
    /// Capture scope: these org units and everything below them.
    pub org_units: Vec<Uid>,
    pub data_view_org_units: Vec<Uid>,
    /// Whether the user sees what is approved.
    pub has_approval_level: bool,
}

impl User {
    /// Someone with authorities and a capture scope that is also the scope of reading.
    #[must_use]
    pub fn new(id: Uid, name: &str, password: &str, authorities: &[&str], org_units: &[Uid]) -> Self {
        Self {
            id,
            name: name.into(),
            password: password.into(),
            tokens: Vec::new(),
            authorities: authorities.iter().map(|&authority| authority.into()).collect(),
            groups: Vec::new(),
            org_units: org_units.to_vec(),
            data_view_org_units: org_units.to_vec(),
            has_approval_level: true,
        }
    }

    /// Gives the user a token.
    #[must_use]
    pub fn with_token(mut self, secret: &str, expires: Option<DateTime>) -> Self {
        self.tokens.push(Token { secret: secret.into(), expires });
        self
    }

    pub(super) fn is_super(&self) -> bool {
        self.authorities.iter().any(|authority| authority == "ALL")
    }

    pub(super) fn has(&self, authority: &str) -> bool {
        self.is_super() || self.authorities.iter().any(|own| own == authority)
    }
}

/// Everything about the server but its metadata.
#[derive(Clone, Debug)]
pub struct Config {
    pub version: Version,
    /// Empty, or `/hmis`.
    pub context_path: String,
    pub users: Vec<User>,
    pub calendar: Calendar,
    /// The server's time when it starts; see [`super::Server::set_now`]. It moves on by a millisecond with each write.
    pub now: DateTime,
    /// Bodies larger than this get the proxy's 413.
    pub max_body: Option<usize>,
    /// How long 1000 fresh rows take to write; 30 s was reported for 2.43 under emulation `[O]` (W37).
    pub time_per_1000_fresh_rows: Duration,
    /// How long a job waits before it runs.
    pub job_delay: Duration,
    /// How many jobs are remembered; older ones are forgotten `[C]`.
    pub jobs_kept: usize,
    /// Engine B's setting `dataEntryAutoGroup`, off by default `[C]`.
    pub auto_group: bool,
    /// Whether the request log keeps bodies. Turn it off for millions of values.
    pub log_bodies: bool,
}

impl Config {
    /// A server at the root of its host, with the ISO calendar, its clock at 2026-08-01 12:00, fast and without limits.
    #[must_use]
    pub fn new(version: Version, users: Vec<User>) -> Self {
        Self {
            version,
            context_path: String::new(),
            users,
            calendar: Calendar::Iso8601,
            now: date(2026, 8, 1).at(12, 0, 0, 0),
            max_body: None,
            time_per_1000_fresh_rows: Duration::ZERO,
            job_delay: Duration::ZERO,
            jobs_kept: 100,
            auto_group: false,
            log_bodies: true,
        }
    }
}
