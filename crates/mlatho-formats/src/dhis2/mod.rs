//! DHIS2 data value sets: JSON, CSV, XML and ADX, read as records and written as import files.

pub(crate) mod adx;
pub(crate) mod csv;
pub(crate) mod data_elements;
mod incoming;
pub(crate) mod json;
pub(crate) mod xml;

use mlatho_model::Period;

pub use adx::AdxWriter;
pub use csv::CsvWriter;
pub use json::JsonWriter;

/// One data value on its way to DHIS2. Empty combos are left out: the server takes its default.
#[derive(Clone, Copy, Debug)]
pub struct DataValue<'a> {
    pub data_element: &'a str,
    pub category_option_combo: &'a str,
    pub attribute_option_combo: &'a str,
    pub org_unit: &'a str,
    pub period: Period,
    /// As text, for DHIS2 wants every value as text.
    pub value: &'a str,
    pub comment: &'a str,
    pub follow_up: bool,
    /// Whether the value is to be withdrawn.
    pub deleted: bool,
}
