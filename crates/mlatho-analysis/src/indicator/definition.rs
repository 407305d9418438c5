//! Definition files of indicators.

use std::collections::BTreeMap;

use mlatho_model::Decimal;
use serde::{Deserialize, Deserializer, de::Error as _};

use super::expression::Formula;

/// An indicator as written in a definition file (TOML).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Short and stable, such as `S1`.
    pub id: String,
    /// Goes up when the figure would come out different.
    pub version: u32,
    /// What a person calls it, by language.
    pub name: BTreeMap<String, String>,
    pub unit: Unit,
    pub direction: Direction,
    /// What one count is.
    #[serde(default)]
    pub per: Per,
    /// Lines that count; all, where there is none. A line for which it is not true is left out.
    #[serde(default, deserialize_with = "optional_formula")]
    pub(super) filter: Option<Formula>,
    #[serde(deserialize_with = "formula")]
    pub(super) numerator: Formula,
    /// None: the figure is the sum of the numerators.
    #[serde(default, deserialize_with = "optional_formula")]
    pub(super) denominator: Option<Formula>,
    /// Over what figures are given besides each line.
    pub totals: Vec<Total>,
    /// Values from which on something is good or bad, each with its source.
    #[serde(default)]
    pub thresholds: Vec<Threshold>,
    /// Where the formula comes from.
    pub source: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A part of one; people see percent.
    Share,
    Ratio,
    Months,
    /// Dispensing units.
    Units,
    PerMonth,
    PerYear,
    Currency,
    CoupleYears,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    Higher,
    Lower,
    /// Near one, or within the thresholds.
    Middle,
    None,
}

/// What one count is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// A facility, product and period.
    #[default]
    Line,
    /// A facility and period, counted where the numerator is true for any of its lines.
    AnyLine,
    /// A facility and period, counted where the numerator is true for all of its lines.
    AllLines,
}

/// Over what figures are summed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Total {
    /// All facilities, by product and period.
    Facilities,
    /// All products, by facility and period: where their units may be added up.
    Products,
    /// Both, by period.
    All,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    pub name: String,
    #[serde(default, deserialize_with = "optional_number")]
    pub low: Option<Decimal>,
    #[serde(default, deserialize_with = "optional_number")]
    pub high: Option<Decimal>,
    pub source: String,
    /// When the source was published, where that is known.
    #[serde(default)]
    pub date: Option<String>,
}

/// Why a text is no definition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct BadIndicator {
    /// From 1; 0 where the fault is not on one line.
    pub line: usize,
    pub reason: String,
}

impl Indicator {
    /// Reads a definition file.
    ///
    /// # Errors
    /// It is no TOML, has an unknown key, or a formula that cannot be read.
    pub fn parse(text: &str) -> Result<Self, BadIndicator> {
        toml::from_str(text).map_err(|error| BadIndicator {
            line: error.span().map_or(0, |span| 1 + text.bytes().take(span.start).filter(|b| *b == b'\n').count()),
            reason: error.message().into(),
        })
    }

    /// The columns that the formulas ask for.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        let formulas = [Some(&self.numerator), self.denominator.as_ref(), self.filter.as_ref()];
        formulas.into_iter().flatten().flat_map(Formula::names).collect()
    }
}

fn formula<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Formula, D::Error> {
    Formula::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

fn optional_formula<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Formula>, D::Error> {
    formula(deserializer).map(Some)
}

fn optional_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    String::deserialize(deserializer)?.trim().parse().map(Some).map_err(D::Error::custom)
}
