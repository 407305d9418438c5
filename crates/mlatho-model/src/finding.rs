//! What is wrong with data, where, and how much it matters.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

/// A stable kebab-case name of a kind of finding, such as `stock-balance`.
///
/// The text a person reads is the catalogue entry `finding-<code>`, filled with the arguments.
pub type Code = &'static str;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is held back.
    Info,
    /// Doubtful; the data passes and is marked.
    Warning,
    /// Wrong or unreadable; what it touches is held or left out.
    Error,
}

impl Severity {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [Self::Info, Self::Warning, Self::Error];
        all.into_iter().find(|severity| severity.name() == text).ok_or_else(|| text.into())
    }
}

/// Where in what arrived a finding stands. Rows count from 1 as a person's editor does; 0 means the whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    pub file: Box<str>,
    pub row: u64,
    pub column: Box<str>,
}

/// A value inside a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Arg {
    Text(Box<str>),
    Number(Decimal),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Cow<'_, str>> for Arg {
    fn from(text: Cow<'_, str>) -> Self {
        Self::Text(text.into())
    }
}

impl From<Decimal> for Arg {
    fn from(number: Decimal) -> Self {
        Self::Number(number)
    }
}

impl From<u64> for Arg {
    fn from(number: u64) -> Self {
        Self::Number(number.into())
    }
}

impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Self::Number(number.into())
    }
}

/// One thing that is wrong or doubtful, with its place and the arguments of its message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Finding {
    pub place: Place,
    pub code: Code,
    pub severity: Severity,
    pub args: Vec<(&'static str, Arg)>,
}

/// Findings in the order they were made.
pub type Findings = Vec<Finding>;

impl Finding {
    /// A finding about a whole input; add the place and arguments with the methods below.
    #[must_use]
    pub fn new(code: Code, severity: Severity) -> Self {
        Self { place: Place::default(), code, severity, args: Vec::new() }
    }

    #[must_use]
    pub fn error(code: Code) -> Self {
        Self::new(code, Severity::Error)
    }

    #[must_use]
    pub fn warning(code: Code) -> Self {
        Self::new(code, Severity::Warning)
    }

    #[must_use]
    pub fn info(code: Code) -> Self {
        Self::new(code, Severity::Info)
    }

    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        self.place.file = file.into();
        self
    }

    /// Rows count from 1; 0 means the whole file.
    #[must_use]
    pub fn at(mut self, row: u64, column: &str) -> Self {
        self.place.row = row;
        self.place.column = column.into();
        self
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}
