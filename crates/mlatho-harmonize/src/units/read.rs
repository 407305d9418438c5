//! Product tables: rows to packs and dosages.

use mlatho_model::{Decimal, Finding, ItemId, Unit};

use super::{Band, Dosage, Pack, Validity};
use crate::rows::{Codes, Row};

pub(super) const CODES: Codes = Codes {
    row: "products-row",
    blank: "products-blank",
    unreadable: "products-unreadable",
    ends_before_start: "products-ends-before-start",
};

/// Columns that a table of packs needs.
pub(super) const PACK_COLUMNS: [&str; 3] = ["item", "unit", "contains"];

/// Columns that a table of dosages needs.
pub(super) const DOSAGE_COLUMNS: [&str; 5] = ["regimen", "item", "units_per_dose", "doses_per_day", "days"];

pub(super) fn pack(row: &Row<'_>) -> Result<Pack, Finding> {
    let (from, to) = row.validity()?;
    let unit = row.unit("unit")?;
    let of = Unit::named(row.cell("of")).unwrap_or_else(Unit::dispensing);
    if unit == of {
        return Err(row.bad("of", "dispensing-unit, dose"));
    }
    row.filled("contains")?;
    let version = Some(row.cell("version")).filter(|version| !version.is_empty()).map(Into::into);
    Ok(Pack {
        item: row.item()?,
        version,
        unit,
        contains: row.factor("contains")?,
        of,
        validity: Validity { from, to },
    })
}

pub(super) fn dosage(row: &Row<'_>) -> Result<Dosage, Finding> {
    let (from, to) = row.validity()?;
    let amount = |column| row.filled(column).and_then(|_| row.factor(column));
    let per = row.cell("per");
    if !["", "treatment", "patient-month"].contains(&per) {
        return Err(row.bad("per", "treatment, patient-month"));
    }
    Ok(Dosage {
        regimen: row.filled("regimen")?.into(),
        item: row.item()?,
        per: Unit::named(per).unwrap_or_else(Unit::treatment),
        unit: Unit::named(row.cell("unit")).unwrap_or_else(Unit::dispensing),
        units_per_dose: amount("units_per_dose")?,
        doses_per_day: amount("doses_per_day")?,
        days: amount("days")?,
        age: band(row, "age_from", "age_to")?,
        weight: band(row, "weight_from", "weight_to")?,
        validity: Validity { from, to },
    })
}

fn band(row: &Row<'_>, from: &str, to: &str) -> Result<Band, Finding> {
    let number = |column: &str| match row.cell(column) {
        "" => Ok(None),
        text => text
            .parse()
            .ok()
            .filter(|number| *number >= Decimal::ZERO)
            .map(Some)
            .ok_or_else(|| row.bad(column, "15, 2.5")),
    };
    let band = Band { from: number(from)?.unwrap_or_default(), to: number(to)? };
    match band.to {
        Some(end) if end <= band.from => Err(row.bad(to, &format!("> {}", band.from))),
        _ => Ok(band),
    }
}

impl Row<'_> {
    fn item(&self) -> Result<ItemId, Finding> {
        self.filled("item")?.parse().map_err(|_| self.bad("item", "AL-30"))
    }

    fn unit(&self, column: &str) -> Result<Unit, Finding> {
        Unit::named(self.filled(column)?).ok_or_else(|| self.bad(column, "pack"))
    }
}
