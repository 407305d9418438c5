//! The names of the formats.

use std::fmt;
use std::str::FromStr;

/// A form that data arrives in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Csv,
    Xlsx,
    Dhis2Json,
    Dhis2Csv,
    Dhis2Xml,
    Adx,
    CstockSms,
    IlsgatewaySms,
    MtracSms,
    OpenlmisRequisitions,
    ElmisJson,
    LogistimoJson,
    LogistimoCsv,
    FhirMeasureReport,
    DataElementsJson,
    ScmAccess,
}

impl Format {
    pub const ALL: [Self; 16] = [
        Self::Csv,
        Self::Xlsx,
        Self::Dhis2Json,
        Self::Dhis2Csv,
        Self::Dhis2Xml,
        Self::Adx,
        Self::CstockSms,
        Self::IlsgatewaySms,
        Self::MtracSms,
        Self::OpenlmisRequisitions,
        Self::ElmisJson,
        Self::LogistimoJson,
        Self::LogistimoCsv,
        Self::FhirMeasureReport,
        Self::DataElementsJson,
        Self::ScmAccess,
    ];

    /// The name on the command line and in the project file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Dhis2Json => "dhis2-json",
            Self::Dhis2Csv => "dhis2-csv",
            Self::Dhis2Xml => "dhis2-xml",
            Self::Adx => "adx",
            Self::CstockSms => "cstock-sms",
            Self::IlsgatewaySms => "ilsgateway-sms",
            Self::MtracSms => "mtrac-sms",
            Self::OpenlmisRequisitions => "openlmis-requisitions",
            Self::ElmisJson => "elmis-json",
            Self::LogistimoJson => "logistimo-json",
            Self::LogistimoCsv => "logistimo-csv",
            Self::FhirMeasureReport => "fhir-measure-report",
            Self::DataElementsJson => "data-elements-json",
            Self::ScmAccess => "scm-access",
        }
    }

    /// Whether its files name persons, such as by telephone numbers: they are kept only as
    /// [`NamelessSms`](crate::NamelessSms) copies them.
    #[must_use]
    pub const fn names_persons(self) -> bool {
        crate::sms::system_of(self).is_some()
    }

    /// Whether files of the format are read in a process of their own, with limits: their form is that of a memory
    /// image, and damage in one can make any reader run wild.
    #[must_use]
    pub const fn is_confined(self) -> bool {
        matches!(self, Self::ScmAccess)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a format that can be read ({})", Format::ALL.map(Format::name).join(", "))]
pub struct BadFormat {
    pub found: String,
}

impl FromStr for Format {
    type Err = BadFormat;

    fn from_str(text: &str) -> Result<Self, BadFormat> {
        Self::ALL.into_iter().find(|format| format.name() == text).ok_or_else(|| BadFormat { found: text.into() })
    }
}
