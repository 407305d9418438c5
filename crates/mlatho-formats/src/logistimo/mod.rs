//! Logistimo: inventory in JSON, and exports of inventory and transactions in CSV.

pub(crate) mod csv;
pub(crate) mod json;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

/// Settings of `logistimo-csv` in a layout.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Logistimo {
    /// Columns by their header in the language of the export, where it differs from the English one.
    pub(crate) headers: std::collections::BTreeMap<String, String>,
    /// What an issue is: `issued` to the level below, or `consumed` where the entities dispense to people.
    pub(crate) issues: Issues,
}

/// What an issue of stock is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Issues {
    #[default]
    Issued,
    Consumed,
}

/// A day as milliseconds since 1970, or as a date at the beginning of a text.
fn day(text: &str) -> Option<Date> {
    if let Ok(milliseconds) = text.parse::<i64>() {
        let days = milliseconds.div_euclid(24 * 60 * 60 * 1000);
        return (-1_000_000..1_000_000)
            .contains(&days)
            .then(|| Date::constant(1970, 1, 1).checked_add(days.days()).ok())?;
    }
    text.get(..10)?.parse().ok()
}
