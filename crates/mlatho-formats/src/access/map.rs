//! Which tables and columns of an Access database mean what.

use std::collections::BTreeMap;

use mlatho_model::PeriodType;
use serde::Deserialize;

/// The map of a database; the one of Supply Chain Manager comes with the program.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccessMap {
    /// The type of the periods that end on the dates of the file.
    #[serde(default = "monthly", deserialize_with = "crate::layout::period_type")]
    pub(crate) period: PeriodType,
    pub(crate) facilities: Option<Facilities>,
    pub(crate) products: Option<Products>,
    pub(crate) reports: Option<Reports>,
    pub(crate) lines: Lines,
    pub(crate) adjustments: Option<Adjustments>,
    pub(crate) adjustment_kinds: Option<AdjustmentKinds>,
}

const fn monthly() -> PeriodType {
    PeriodType::Monthly
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Facilities {
    pub(crate) table: String,
    pub(crate) id: String,
    pub(crate) name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Products {
    pub(crate) table: String,
    /// What lines point at.
    pub(crate) id: String,
    /// What people know the product by.
    pub(crate) code: String,
    pub(crate) name: String,
    /// Dose or strength, a part of the name.
    pub(crate) detail: String,
}

/// One row for each facility and period.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reports {
    pub(crate) table: String,
    pub(crate) org_unit: String,
    pub(crate) period_end: String,
    pub(crate) reported_at: String,
    pub(crate) status: String,
    /// Columns with counts of services; each is an element of its own.
    pub(crate) services: Vec<String>,
}

/// One row for each facility, period and product.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lines {
    pub(crate) table: String,
    pub(crate) id: String,
    pub(crate) org_unit: String,
    pub(crate) period_end: String,
    pub(crate) product: String,
    /// Name and detail are the product where it is not in its table.
    pub(crate) name: String,
    pub(crate) detail: String,
    /// Measures by column; a name that is no measure is an element.
    pub(crate) measures: BTreeMap<String, String>,
    pub(crate) services: Vec<String>,
    /// Yes where the product was out of stock: then 0 days are days that nobody counted.
    pub(crate) stocked_out: String,
    /// Columns in which the program marks what it found wrong.
    pub(crate) flags: Vec<String>,
}

/// Adjustments of lines, one row each.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Adjustments {
    pub(crate) table: String,
    pub(crate) line: String,
    pub(crate) kind: String,
    pub(crate) quantity: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdjustmentKinds {
    pub(crate) table: String,
    pub(crate) id: String,
    /// Yes where the quantity is always taken from the stock.
    pub(crate) negative: String,
}

/// The map of Supply Chain Manager.
pub(super) fn supply_chain_manager() -> Result<AccessMap, toml::de::Error> {
    toml::from_str(include_str!("scm.toml"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_map_that_comes_with_the_program_can_be_read() {
        super::supply_chain_manager().unwrap();
    }
}
