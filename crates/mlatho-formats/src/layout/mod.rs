//! Layout files: what the columns of a table mean.

mod dates;

use encoding_rs::Encoding;
use mlatho_model::{Measure, Period, PeriodType, Unit};
use serde::Deserialize;

use crate::access::AccessMap;
use crate::elements::{self, ElementRule};
use crate::logistimo::Logistimo;
use crate::openlmis::Requisitions;
use crate::sms::Grammar;
pub(crate) use dates::DateFormat;

/// The meaning of a table's columns, as written in a layout file (TOML).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    #[serde(default)]
    pub(crate) shape: Shape,
    /// Lines above the data: 0, 1 or 2. Of two, a cell of the upper one stands for the blank cells to its right.
    #[serde(default = "one")]
    pub(crate) header_rows: u8,
    /// The row that the table begins in, its header included, counted from 1; what stands above is no part of it.
    #[serde(default = "one_row")]
    pub(crate) first_row: u64,
    pub(crate) delimiter: Option<char>,
    encoding: Option<String>,
    /// Cells that mean that nothing was entered; a blank cell and `-` always do.
    #[serde(default)]
    pub(crate) missing: Vec<String>,
    pub(crate) sheet: Option<String>,
    /// What becomes of rows and columns that are totals of others.
    #[serde(default)]
    pub(crate) totals: Totals,
    #[serde(default)]
    pub(crate) columns: Columns,
    /// What stands once, in a cell above the table such as `B2`, for all its rows.
    #[serde(default)]
    pub(crate) cells: OneCells,
    #[serde(default)]
    pub(crate) period: PeriodRule,
    #[serde(default)]
    pub(crate) measures: Vec<MeasureRule>,
    /// What data elements and category option combos stand for.
    #[serde(default)]
    pub(crate) elements: Vec<ElementRule>,
    /// The grammar of an SMS log, in place of the one that comes with the program.
    pub(crate) sms: Option<Grammar>,
    /// Settings of `openlmis-requisitions` and `elmis-json`.
    pub(crate) requisitions: Option<Requisitions>,
    /// Settings of `logistimo-csv`.
    pub(crate) logistimo: Option<Logistimo>,
    /// Tables and columns of `scm-access`, in place of the map that comes with the program.
    pub(crate) access: Option<AccessMap>,
}

const fn one() -> u8 {
    1
}

const fn one_row() -> u64 {
    1
}

/// What becomes of totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Totals {
    #[default]
    LeaveOut,
    Keep,
}

/// Cells that hold for the whole table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct OneCells {
    pub(crate) org_unit: Option<CellRef>,
    pub(crate) org_unit_name: Option<CellRef>,
    pub(crate) item: Option<CellRef>,
    pub(crate) period: Option<CellRef>,
    pub(crate) status: Option<CellRef>,
    pub(crate) reported_at: Option<CellRef>,
}

/// One cell, row from 1 and column from 0; written as `B2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct CellRef {
    pub(crate) row: u64,
    pub(crate) column: usize,
}

impl TryFrom<String> for CellRef {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let bad = || format!("`{text}` is no cell; write it like B2");
        let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (column, row) = text.split_at(letters);
        if !(1..=3).contains(&letters) {
            return Err(bad());
        }
        let number = column.bytes().fold(0, |sum, b| sum * 26 + usize::from(b.to_ascii_uppercase() - b'A') + 1);
        let row = row.parse().ok().filter(|row| *row > 0).ok_or_else(bad)?;
        Ok(Self { row, column: number - 1 })
    }
}

/// What a row is, and what its further columns are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Shape {
    #[default]
    Long,
    WideByMeasure,
    WideByItem,
    WideByPeriod,
    WideByOrgUnit,
}

/// A column by the text of its header, or by its number from 1.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum ColumnRef {
    Number(usize),
    Header(String),
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Columns {
    pub(crate) org_unit: Option<ColumnRef>,
    pub(crate) org_unit_name: Option<ColumnRef>,
    pub(crate) item: Option<ColumnRef>,
    pub(crate) item_name: Option<ColumnRef>,
    pub(crate) period: Option<ColumnRef>,
    pub(crate) value: Option<ColumnRef>,
    pub(crate) status: Option<ColumnRef>,
    pub(crate) reported_at: Option<ColumnRef>,
    pub(crate) disaggregation: Option<ColumnRef>,
    pub(crate) report: Option<ColumnRef>,
    pub(crate) line: Option<ColumnRef>,
    pub(crate) version: Option<ColumnRef>,
    pub(crate) date: Option<ColumnRef>,
    pub(crate) comment: Option<ColumnRef>,
    /// Number of the first column that holds values, in wide shapes.
    pub(crate) first_value: Option<usize>,
    /// Names the columns that hold values, in wide shapes, by their headers: a regular expression with the groups
    /// `item`, `measure`, `period`, `org_unit`, `disaggregation`.
    pub(crate) pattern: Option<String>,
    /// Takes the text of an item apart: a regular expression with the groups `item`, `measure`, `disaggregation`. The
    /// text that `measure` finds is looked up among the measures as a header would be.
    pub(crate) item_pattern: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PeriodRule {
    #[serde(rename = "type", deserialize_with = "some_period_type")]
    pub(crate) kind: Option<PeriodType>,
    /// `iso` for DHIS2 periods, or a date such as `yyyyMM`, `dd/MM/yyyy`, `MMM yyyy`.
    pub(crate) format: Option<String>,
    /// Columns of year and month.
    pub(crate) from: Option<[ColumnRef; 2]>,
    /// The same period for the whole file.
    pub(crate) fixed: Option<Period>,
}

fn some_period_type<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<PeriodType>, D::Error> {
    period_type(deserializer).map(Some)
}

pub(crate) fn period_type<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<PeriodType, D::Error> {
    let name = String::deserialize(deserializer)?;
    name.parse().map_err(serde::de::Error::custom)
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeasureRule {
    pub(crate) column: Option<ColumnRef>,
    #[serde(deserialize_with = "measure")]
    pub(crate) measure: Measure,
    #[serde(default, deserialize_with = "unit")]
    pub(crate) unit: Option<Unit>,
}

pub(crate) fn measure<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Measure, D::Error> {
    let name = String::deserialize(deserializer)?;
    Measure::named(&name).map_err(serde::de::Error::custom)
}

pub(crate) fn unit<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Unit>, D::Error> {
    Ok(Unit::named(&String::deserialize(deserializer)?))
}

/// Why a text is no layout file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct BadLayout {
    /// From 1; 0 where the fault is not on one line.
    pub line: usize,
    pub reason: String,
}

impl Layout {
    /// Reads a layout file.
    ///
    /// # Errors
    /// It is no TOML, has a key that is not known, or says two things that exclude each other.
    pub fn parse(text: &str) -> Result<Self, BadLayout> {
        let layout: Self = toml::from_str(text).map_err(|error| BadLayout {
            line: error.span().map_or(0, |span| 1 + text[..span.start].matches('\n').count()),
            reason: error.message().into(),
        })?;
        layout.checked().map_err(|reason| BadLayout { line: 0, reason })
    }

    fn checked(self) -> Result<Self, String> {
        if self.header_rows > 2 {
            return Err("header_rows is 0, 1 or 2".into());
        }
        if let Some(label) = &self.encoding
            && Encoding::for_label(label.as_bytes()).is_none()
        {
            return Err(format!("encoding `{label}` is not known; write utf-8, windows-1252 or iso-8859-1"));
        }
        if self.delimiter.is_some_and(|delimiter| !delimiter.is_ascii()) {
            return Err("delimiter is one ASCII character".into());
        }
        for (name, pattern) in [("pattern", &self.columns.pattern), ("item_pattern", &self.columns.item_pattern)] {
            if let Some(pattern) = pattern {
                regex::Regex::new(pattern).map_err(|error| format!("columns.{name}: {error}"))?;
            }
        }
        if let Some(problem) = elements::problem(&self.elements) {
            return Err(problem);
        }
        let period = &self.period;
        if let Some(format) = period.format.as_deref().filter(|format| *format != "iso") {
            DateFormat::parse(format).ok_or_else(|| {
                format!("period.format `{format}` is not known; write iso, yyyyMM, yyyy-MM-dd, dd/MM/yyyy or MMM yyyy")
            })?;
            if period.kind.is_none() {
                return Err("period.type is needed beside period.format, such as type = \"monthly\"".into());
            }
        }
        if self.shape != Shape::Long && self.columns.first_value.is_none() && self.columns.pattern.is_none() {
            return Err("a wide shape needs columns.first_value or columns.pattern".into());
        }
        Ok(self)
    }

    /// Whether the headers of value columns name org units.
    pub(crate) fn has_org_units_in_columns(&self) -> bool {
        match &self.columns.pattern {
            Some(pattern) => pattern.contains("<org_unit>"),
            None => self.shape == Shape::WideByOrgUnit,
        }
    }

    /// The declared encoding.
    pub(crate) fn encoding(&self) -> Option<&'static Encoding> {
        Encoding::for_label(self.encoding.as_deref()?.as_bytes())
    }
}
