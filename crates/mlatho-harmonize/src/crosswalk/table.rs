//! Links as a plain table, with the codes of both sides beside their ids.

use std::sync::Arc;

use jiff::civil::Date;
use mlatho_model::Finding;

use super::read::{CODES, LinkColumns, kind, link, relation};
use super::{Kind, Link, Offer, Relation, Verdict};
use crate::rows::each_row;

/// The columns of a table of links.
pub const LINK_TABLE_COLUMNS: [&str; 15] = [
    "kind",
    "source",
    "source_id",
    "source_code",
    "source_name",
    "target",
    "target_code",
    "target_name",
    "relation",
    "share",
    "factor",
    "unit",
    "valid_from",
    "valid_to",
    "reason",
];

/// A link as a row of [`LINK_TABLE_COLUMNS`], with the codes that the registers have for its two sides.
#[must_use]
pub fn link_table_row(link: &Link, source_code: &str, target_code: &str) -> [String; 15] {
    let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    [
        link.kind.name().into(),
        link.source.to_string(),
        link.source_id.to_string(),
        source_code.into(),
        link.source_name.to_string(),
        link.target.to_string(),
        target_code.into(),
        link.target_name.to_string(),
        link.relation.name().into(),
        link.share.to_string(),
        link.factor.to_string(),
        link.unit.as_ref().map(ToString::to_string).unwrap_or_default(),
        date(link.valid_from),
        date(link.valid_to),
        link.reason.to_string(),
    ]
}

/// Reads a table of links. Each side is named by its id or, where that is blank, by its code; a bad row costs itself and
/// is told.
#[must_use]
pub fn read_link_table(file: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Vec<Offer> {
    let file: Arc<str> = file.into();
    let mut offers = Vec::new();
    each_row(&file, bytes, CODES, &["kind", "source", "relation"], findings, |row| {
        let kind = kind(row)?;
        let first = |id: &'static str, code: &'static str| {
            if row.cell(id).is_empty() && !row.cell(code).is_empty() { code } else { id }
        };
        let source_id = first("source_id", "source_code");
        let target = if relation(row)? == Relation::None { "target" } else { first("target", "target_code") };
        let link = link(kind, row, LinkColumns { source_id, target, target_name: "target_name" })?;
        if kind == Kind::Item && link.relation != Relation::None && row.cell("factor").is_empty() {
            return Err(row.finding("link-factor", "factor").with("code", &*link.source_id));
        }
        let is_source_code = source_id == "source_code";
        offers.push(Offer { row: row.line, verdict: Verdict::Accept, link, is_source_code });
        Ok(())
    });
    offers
}
