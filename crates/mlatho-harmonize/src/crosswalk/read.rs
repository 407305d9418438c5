//! Mapping files: rows to links.

use std::sync::Arc;

use mlatho_model::{Factor, Finding, ItemId, SourceName, Unit};

use super::decisions::{DECISION_COLUMNS, Decision, ORIGIN, Origin, Verdict};
use super::{Kind, Link, Placed, Relation, TableColumns};
use crate::rows::{Codes, Row, each_row};
use crate::units::{NoConversion, Products, Validity};

pub(super) const CODES: Codes = Codes {
    row: "mapping-row",
    blank: "mapping-blank",
    unreadable: "mapping-unreadable",
    ends_before_start: "mapping-ends-before-start",
};

pub(super) fn relation(row: &Row<'_>) -> Result<Relation, Finding> {
    match row.cell("relation") {
        "" => Ok(Relation::Equal),
        name => Relation::ALL
            .into_iter()
            .find(|known| known.name() == name)
            .ok_or_else(|| row.bad("relation", &Relation::ALL.map(Relation::name).join(", "))),
    }
}

/// Reads a mapping file in the project's own form.
pub(super) fn mapping(
    kind: Kind,
    file: &str,
    bytes: &[u8],
    products: &Products,
    findings: &mut Vec<Finding>,
) -> Vec<Placed> {
    let (target, target_name) = match kind {
        Kind::OrgUnit => ("org_unit", "org_unit_name"),
        Kind::Item => ("item", "item_name"),
    };
    let file: Arc<str> = file.into();
    let mut links = Vec::new();
    each_row(&file, bytes, CODES, &["source", "source_id", target], findings, |row| {
        let link = link(kind, row, LinkColumns { source_id: "source_id", target, target_name })?;
        let by_tables = by_tables(link, row, products)?;
        links.extend(by_tables.into_iter().map(|link| Placed { file: file.clone(), row: row.line, link }));
        Ok(())
    });
    links
}

/// A link whose row names the unit of the source in place of a factor, as one for each factor of the product tables.
fn by_tables(link: Link, row: &Row<'_>, products: &Products) -> Result<Vec<Link>, Finding> {
    let source_unit = Unit::named(row.cell("source_unit"));
    let Some(from) = source_unit.filter(|_| link.kind == Kind::Item && link.relation != Relation::None) else {
        return Ok(vec![link]);
    };
    if !row.cell("factor").is_empty() {
        return Err(row.finding("mapping-factor-and-unit", "factor").with("source_unit", from.as_str()));
    }
    let item: ItemId = link.target.parse().map_err(|_| row.bad("item", "AL-24"))?;
    let to = link.unit.clone().unwrap_or_else(Unit::dispensing);
    let no_factor = |error: NoConversion| {
        let told = |code| {
            let finding = row.finding(code, "source_unit").with("item", item.as_str());
            finding.with("from", from.as_str()).with("to", to.as_str())
        };
        match error {
            NoConversion::Contradiction { one, other, .. } => {
                let finding = told("mapping-factors-contradict");
                finding.with("one", one.to_string()).with("other", other.to_string())
            }
            NoConversion::Unknown { .. } | NoConversion::Version { .. } | NoConversion::TooLarge => {
                told("mapping-no-factor")
            }
        }
    };
    let stretches = products.stretches(&item, &from, &to).map_err(no_factor)?;
    let holds = Validity { from: link.valid_from, to: link.valid_to };
    let dated = stretches.into_iter().filter_map(|(stretch, factor)| {
        let Validity { from: valid_from, to: valid_to } = stretch.within(holds)?;
        Some(Link { factor, unit: Some(to.clone()), valid_from, valid_to, ..link.clone() })
    });
    Ok(dated.collect())
}

/// The columns in which a row names the two sides of its link.
#[derive(Clone, Copy)]
pub(super) struct LinkColumns {
    pub(super) source_id: &'static str,
    pub(super) target: &'static str,
    pub(super) target_name: &'static str,
}

pub(super) fn kind(row: &Row<'_>) -> Result<Kind, Finding> {
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == row.cell("kind"));
    kind.ok_or_else(|| row.bad("kind", &Kind::ALL.map(Kind::name).join(", ")))
}

/// The link of a row.
pub(super) fn link(kind: Kind, row: &Row<'_>, columns: LinkColumns) -> Result<Link, Finding> {
    let LinkColumns { source_id, target, target_name } = columns;
    let source = row.filled("source")?.parse().map_err(|_| row.bad("source", "lmis"))?;
    let source_id = row.filled(source_id)?;
    let relation = relation(row)?;
    if relation != Relation::None {
        row.filled(target)?;
    } else if !row.cell(target).is_empty() {
        return Err(row.finding("mapping-none-with-target", target).with("found", row.cell(target)));
    }
    let (valid_from, valid_to) = row.validity()?;
    Ok(Link {
        kind,
        source,
        source_id: source_id.into(),
        source_name: row.cell("source_name").into(),
        target: row.cell(target).into(),
        target_name: row.cell(target_name).into(),
        relation,
        share: row.factor("share")?,
        factor: if kind == Kind::Item { row.factor("factor")? } else { Factor::ONE },
        unit: Unit::named(row.cell("unit")),
        valid_from,
        valid_to,
        reason: row.cell("reason").into(),
    })
}

/// Reads decisions, in the order of the file.
pub(super) fn decisions(file: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Vec<(u64, Decision)> {
    let file: Arc<str> = file.into();
    let mut found = Vec::new();
    // Files from before imports have no origin.
    let needed: Vec<&str> = DECISION_COLUMNS.into_iter().filter(|column| *column != ORIGIN).collect();
    each_row(&file, bytes, CODES, &needed, findings, |row| {
        let kind = kind(row)?;
        let verdict = Verdict::ALL.into_iter().find(|verdict| verdict.name() == row.cell("verdict"));
        let verdict = verdict.ok_or_else(|| row.bad("verdict", &Verdict::ALL.map(Verdict::name).join(", ")))?;
        let decided_at = row.cell("decided_at").parse().map_err(|_| row.bad("decided_at", "2026-03-01T08:30:00Z"))?;
        let (decided_by, seconded_by) = (row.filled("decided_by")?.into(), row.cell("seconded_by").into());
        let origin = match row.cell(ORIGIN) {
            "" => Origin::Person,
            name => Origin::ALL
                .into_iter()
                .find(|known| known.name() == name)
                .ok_or_else(|| row.bad(ORIGIN, &Origin::ALL.map(Origin::name).join(", ")))?,
        };
        let columns = LinkColumns { source_id: "source_id", target: "target", target_name: "target_name" };
        let link = link(kind, row, columns)?;
        found.push((row.line, Decision { decided_at, decided_by, seconded_by, verdict, link, origin }));
        Ok(())
    });
    found
}

/// Reads an existing table: every row an equal link without end.
pub(super) fn table(
    kind: Kind,
    source: &SourceName,
    columns: &TableColumns,
    file: &str,
    bytes: &[u8],
    findings: &mut Vec<Finding>,
) -> Vec<Placed> {
    let mut needed = vec![columns.source_id.as_str(), columns.target.as_str()];
    needed.extend(columns.factor.as_deref());
    let file: Arc<str> = file.into();
    let mut links = Vec::new();
    each_row(&file, bytes, CODES, &needed, findings, |row| {
        let (source_id, target) = (row.filled(&columns.source_id)?, row.filled(&columns.target)?);
        let mut link = Link::equal(kind, source.clone(), source_id, target);
        link.factor = columns.factor.as_deref().map_or(Ok(Factor::ONE), |column| row.factor(column))?;
        links.push(Placed { file: file.clone(), row: row.line, link });
        Ok(())
    });
    links
}
