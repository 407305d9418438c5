//! Checks that are data: a country writes down what must hold between its numbers.

mod apply;

use std::collections::BTreeMap;

use mlatho_model::{Decimal, Measure, Severity};
use serde::{Deserialize, Deserializer, de::Error as _};

pub use apply::{Ran, check_rules};

/// Codes that have a text of their own in the catalogue. Any other code of a rule is told by the rule's own text.
const KNOWN: [&str; 6] = [
    "consumption-without-stock",
    "more-positives-than-tests",
    "more-treatments-than-cases",
    "outlier",
    "reported-through-stock-out",
    "stock-balance",
];

/// The checks of a file: `[[checks]]` tables.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    checks: Vec<Check>,
}

/// One check. Exactly one of `compare`, `range`, `ratio` and `required` says what must hold.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Check {
    /// Kebab-case.
    code: String,
    #[serde(default = "warning", deserialize_with = "severity")]
    severity: Severity,
    /// What a person is told, by language code. Needed, in English at least, for a code that has no text yet.
    #[serde(default)]
    text: BTreeMap<String, String>,
    /// Only where all of this holds.
    #[serde(default)]
    when: Vec<When>,
    compare: Option<Compare>,
    range: Option<Range>,
    ratio: Option<Ratio>,
    required: Option<Term>,
}

/// `left` stands in a relation to `right × factor`, give or take `tolerance` as a share of that.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Compare {
    left: Term,
    relation: Relation,
    right: Term,
    #[serde(default = "one", deserialize_with = "number")]
    factor: Decimal,
    #[serde(default, deserialize_with = "number")]
    tolerance: Decimal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Relation {
    AtMost,
    AtLeast,
    Equal,
}

/// Both ends included.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    of: Term,
    #[serde(default, deserialize_with = "optional")]
    min: Option<Decimal>,
    #[serde(default, deserialize_with = "optional")]
    max: Option<Decimal>,
}

/// `of` divided by `to`; nothing is said where `to` is zero. Both ends included.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ratio {
    of: Term,
    to: Term,
    #[serde(default, deserialize_with = "optional")]
    min: Option<Decimal>,
    #[serde(default, deserialize_with = "optional")]
    max: Option<Decimal>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct When {
    of: Term,
    #[serde(deserialize_with = "number")]
    at_least: Decimal,
}

/// A sum of numbers of one org unit and period: of elements, or of one measure of a ledger.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Term {
    /// Elements by their names or codes. All of them have to be reported.
    #[serde(default)]
    elements: Vec<String>,
    /// Elements whose names contain all words of one of these lists, in any case. Those that are reported count.
    #[serde(default)]
    words: Vec<Vec<String>>,
    #[serde(default, deserialize_with = "measure")]
    measure: Option<Measure>,
    /// The products of the measure. None: each for itself.
    #[serde(default)]
    products: Vec<String>,
    /// Of the period directly before.
    #[serde(default)]
    previous: bool,
}

/// Why a text holds no checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRules {
    /// From 1; 0 where the fault is not on one line.
    pub line: usize,
    pub reason: String,
}

impl Rules {
    /// The checks that come with the program.
    #[must_use]
    pub fn builtin() -> Self {
        Self::parse(include_str!("builtin.toml")).unwrap_or_default()
    }

    /// Whether a rule file holds checks, and no comparison of consumption with services.
    #[must_use]
    pub fn are_in(text: &str) -> bool {
        text.parse::<toml::Table>().is_ok_and(|table| table.contains_key("checks"))
    }

    /// Reads a file of checks. Numbers may be written as `0.8` or `"0.8"`; both are exact.
    ///
    /// # Errors
    /// It is no TOML, has a key that is not known, a check that says nothing or several things at once, a sum of nothing,
    /// or a new code without a text.
    pub fn parse(text: &str) -> Result<Self, BadRules> {
        let rules: Self = toml::from_str(text).map_err(|error| BadRules {
            line: error.span().map_or(0, |span| 1 + text.bytes().take(span.start).filter(|b| *b == b'\n').count()),
            reason: error.message().into(),
        })?;
        for check in &rules.checks {
            check.sound().map_err(|reason| BadRules { line: 0, reason: format!("`{}`: {reason}", check.code) })?;
        }
        Ok(rules)
    }

    /// Adds the checks of another file.
    pub fn extend(&mut self, others: Self) {
        self.checks.extend(others.checks);
    }

    /// How many checks there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.checks.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.checks.is_empty()
    }
}

impl Check {
    fn sound(&self) -> Result<(), String> {
        let kebab = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if self.code.is_empty() || !self.code.bytes().all(kebab) {
            return Err("a code is lower-case words with hyphens between".into());
        }
        let said = [self.compare.is_some(), self.range.is_some(), self.ratio.is_some(), self.required.is_some()];
        if said.iter().filter(|said| **said).count() != 1 {
            return Err("exactly one of compare, range, ratio and required has to be there".into());
        }
        if self.known().is_none() && !self.text.contains_key("en") {
            return Err("a new code needs text.en".into());
        }
        if let Some(language) = self.text.keys().find(|language| !["en", "fr", "pt", "sw"].contains(&language.as_str()))
        {
            return Err(format!("there are no texts in `{language}`, only in en, fr, pt and sw"));
        }
        let ends = |min: Option<Decimal>, max: Option<Decimal>| {
            (min.is_some() || max.is_some()) && !(min > max && max.is_some())
        };
        let ranges = self.range.iter().map(|range| (range.min, range.max));
        if !ranges.chain(self.ratio.iter().map(|ratio| (ratio.min, ratio.max))).all(|(min, max)| ends(min, max)) {
            return Err("min, max or both are needed, and min is not above max".into());
        }
        self.terms().into_iter().try_for_each(Term::sound)
    }

    fn known(&self) -> Option<&'static str> {
        KNOWN.into_iter().find(|known| *known == self.code)
    }

    /// Every sum that it needs; first the one that a finding is about.
    fn terms(&self) -> Vec<&Term> {
        let compare = self.compare.iter().flat_map(|compare| [&compare.left, &compare.right]);
        let ratio = self.ratio.iter().flat_map(|ratio| [&ratio.of, &ratio.to]);
        let range = self.range.iter().map(|range| &range.of);
        let when = self.when.iter().map(|when| &when.of);
        compare.chain(ratio).chain(range).chain(&self.required).chain(when).collect()
    }
}

impl Term {
    fn sound(&self) -> Result<(), String> {
        let said = [!self.elements.is_empty(), !self.words.is_empty(), self.measure.is_some()];
        if said.iter().filter(|said| **said).count() != 1 {
            return Err("a sum is of elements, of words or of one measure".into());
        }
        if !self.products.is_empty() && self.measure.is_none() {
            return Err("products belong to a measure".into());
        }
        if self.words.iter().any(|words| words.iter().all(|word| word.trim().is_empty())) {
            return Err("a list of words is empty".into());
        }
        Ok(())
    }
}

const fn one() -> Decimal {
    Decimal::ONE
}

const fn warning() -> Severity {
    Severity::Warning
}

fn severity<'de, D: Deserializer<'de>>(of: D) -> Result<Severity, D::Error> {
    let name = String::deserialize(of)?;
    let all = [Severity::Info, Severity::Warning, Severity::Error];
    all.into_iter().find(|severity| severity.name() == name).ok_or_else(|| D::Error::custom("info, warning or error"))
}

fn number<'de, D: Deserializer<'de>>(of: D) -> Result<Decimal, D::Error> {
    optional(of)?.ok_or_else(|| D::Error::custom("a number"))
}

fn optional<'de, D: Deserializer<'de>>(of: D) -> Result<Option<Decimal>, D::Error> {
    let value = toml::Value::deserialize(of)?;
    let text = value.as_str().map_or_else(|| value.to_string(), Into::into);
    text.parse().map(Some).map_err(|_| D::Error::custom(format!("`{text}` is no number")))
}

fn measure<'de, D: Deserializer<'de>>(of: D) -> Result<Option<Measure>, D::Error> {
    let name = String::deserialize(of)?;
    let known = if name == "beginning_balance" { "opening_balance" } else { &name };
    known.parse().map(Some).map_err(|_| D::Error::custom(format!("`{name}` is no measure")))
}
