//! Sheets that come back.

use std::collections::HashSet;
use std::io::{self, Read, Seek};

use jiff::Timestamp;
use jiff::civil::Date;
use mlatho_formats::workbook::read_tables;
use mlatho_harmonize::{Decision, Kind, Link, Origin, Relation, Verdict};
use mlatho_model::{Factor, Finding, Unit};

use super::sheet::{PAIR, checksum};

/// The decisions of a sheet that came back, as a workbook or a CSV file: of each row with a verdict, `accept`, `reject`
/// or `none` (the code has no counterpart). A row whose pair was changed, and one that says too little, is told and left
/// out. Sheets of a workbook that have the columns are all read.
///
/// # Errors
/// The input cannot be read.
pub fn read_sheet<R: Read + Seek>(
    file: &str,
    input: R,
    by: &str,
    now: Timestamp,
) -> io::Result<(Vec<Decision>, Vec<Finding>)> {
    let needed = PAIR.into_iter().chain(["checksum", "verdict", "reason"]).collect::<Vec<_>>();
    let (tables, mut findings) = read_tables(file, input, &needed)?;
    let mut decisions = Vec::new();
    let mut settled: HashSet<[&str; 3]> = HashSet::new();
    for table in &tables {
        let file = if tables.len() > 1 { format!("{file}!{}", table.sheet) } else { file.to_owned() };
        for cells in table.rows().filter(|cells| !cells.cell("verdict").is_empty()) {
            let cell = |column: &str| cells.cell(column);
            match row(cell, by, now) {
                Ok(decision) => {
                    let code = ["kind", "source", "source_id"].map(cell);
                    let divides = decision.link.relation == Relation::OneToMany;
                    if decision.verdict == Verdict::Accept && !settled.insert(code) && !divides {
                        let finding = Finding::error("sheet-twice").in_file(&file).at(cells.number, "verdict");
                        findings.push(finding.with("code", cell("source_id")));
                        continue;
                    }
                    decisions.push(decision);
                }
                Err((code, column)) => {
                    let finding = Finding::error(code).in_file(&file).at(cells.number, column);
                    findings.push(finding.with("column", column).with("found", cell(column)));
                }
            }
        }
    }
    Ok((decisions, findings))
}

fn share(text: &str) -> Result<Factor, (&'static str, &'static str)> {
    if text.is_empty() { Ok(Factor::ONE) } else { text.parse().map_err(|_| ("sheet-cell", "share")) }
}

/// What a row says, or what is wrong with it and in which column.
fn row<'a>(cell: impl Fn(&str) -> &'a str, by: &str, now: Timestamp) -> Result<Decision, (&'static str, &'static str)> {
    if checksum(PAIR.map(&cell)) != cell("checksum") {
        return Err(("sheet-changed", "checksum"));
    }
    let bad = |column: &'static str| move || ("sheet-cell", column);
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == cell("kind")).ok_or_else(bad("kind"))?;
    let relation = match cell("relation") {
        "" => Relation::Equal,
        name => Relation::ALL.into_iter().find(|known| known.name() == name).ok_or_else(bad("relation"))?,
    };
    let (verdict, relation) = match cell("verdict") {
        "accept" => (Verdict::Accept, relation),
        "reject" => (Verdict::Reject, relation),
        "none" => (Verdict::Accept, Relation::None),
        _ => return Err(("sheet-cell", "verdict")),
    };
    if cell("reason").is_empty() {
        return Err(("sheet-blank", "reason"));
    }
    let links = verdict == Verdict::Accept && relation != Relation::None;
    if cell("target").is_empty() && relation != Relation::None {
        return Err(("sheet-blank", "target"));
    }
    // A unit factor is never taken unseen: the person writes it.
    let factor = match cell("factor") {
        "" if links && kind == Kind::Item => return Err(("sheet-blank", "factor")),
        "" => Factor::ONE,
        text => text.parse().map_err(|_| ("sheet-cell", "factor"))?,
    };
    let date = |column: &'static str| -> Result<Option<Date>, _> {
        let text = cell(column);
        if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| ("sheet-cell", column)) }
    };
    let none = relation == Relation::None;
    Ok(Decision {
        decided_at: now,
        decided_by: by.into(),
        seconded_by: "".into(),
        verdict,
        link: Link {
            kind,
            source: cell("source").parse().map_err(|_| ("sheet-cell", "source"))?,
            source_id: cell("source_id").into(),
            source_name: cell("source_name").into(),
            target: if none { "" } else { cell("target") }.into(),
            target_name: if none { "" } else { cell("target_name") }.into(),
            relation,
            share: share(cell("share"))?,
            factor,
            unit: Unit::named(cell("unit")),
            valid_from: date("valid_from")?,
            valid_to: date("valid_to")?,
            reason: cell("reason").into(),
        },
        origin: Origin::Person,
    })
}
