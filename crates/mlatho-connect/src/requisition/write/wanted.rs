//! A number that should stand in a cell of a requisition.

use std::fmt;
use std::str::FromStr;

use mlatho_model::{Decimal, Period};

/// A column that may be written. All are typed by persons as a rule, before a requisition is authorized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// New patients of the period. It moves no order by itself in version 3.
    NewPatients,
    /// Quantity beyond what consumption says, in dispensing units: it moves N, P, H and I.
    AdditionalQuantity,
    /// Versions 1 and 2: new patients of the period on a product. It enters N, and so the order.
    NewPatientCount,
    /// Versions 1 and 2: patients on a regimen, whose code stands in place of the product's. It orders nothing.
    PatientsOnTreatment,
}

impl Column {
    pub const ALL: [Self; 4] =
        [Self::NewPatients, Self::AdditionalQuantity, Self::NewPatientCount, Self::PatientsOnTreatment];
    /// Those of version 3.
    pub const OPENLMIS: [Self; 2] = [Self::NewPatients, Self::AdditionalQuantity];
    /// Those of versions 1 and 2.
    pub const ELMIS: [Self; 2] = [Self::NewPatientCount, Self::PatientsOnTreatment];

    /// The name of the column and of the field of a line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NewPatients => "numberOfNewPatientsAdded",
            Self::AdditionalQuantity => "additionalQuantityRequired",
            Self::NewPatientCount => "newPatientCount",
            Self::PatientsOnTreatment => "patientsOnTreatment",
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A column that is not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is none of {}", Column::ALL.map(Column::name).join(", "))]
pub struct BadColumn {
    found: String,
}

impl FromStr for Column {
    type Err = BadColumn;

    fn from_str(text: &str) -> Result<Self, BadColumn> {
        Self::ALL.into_iter().find(|column| column.name() == text).ok_or_else(|| BadColumn { found: text.into() })
    }
}

/// A cell of the regular requisition of a facility, program and period. Codes are compared without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell {
    /// Code of the program.
    pub program: String,
    pub period: Period,
    /// Code of the facility.
    pub facility: String,
    /// Code of the product, or of the regimen.
    pub product: String,
    pub column: Column,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { program, period, facility, product, column } = self;
        write!(f, "{facility} {program} {period} {product} {column}")
    }
}

/// What should stand in a cell: patients, or dispensing units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub cell: Cell,
    pub value: Decimal,
}

/// Codes are compared without regard to case and spaces around them.
pub(crate) fn same(code: &str) -> String {
    code.trim().to_lowercase()
}
