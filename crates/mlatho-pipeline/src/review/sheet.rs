//! The queue as a sheet that is filled in elsewhere and brought back.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::civil::Date;
use mlatho_harmonize::{Decision, Kind, Link, Origin, Relation, Verdict};
use mlatho_model::{Factor, Finding, Unit};
use xxhash_rust::xxh3::xxh3_64;

use super::queue::Case;

/// The columns of a sheet; the last eight are for the person who decides.
pub const SHEET_COLUMNS: [&str; 22] = [
    "kind",
    "source",
    "source_id",
    "source_name",
    "records",
    "quantity",
    "rank",
    "target",
    "target_name",
    "probability",
    "proposed_factor",
    "rejected",
    "linked",
    "checksum",
    "verdict",
    "relation",
    "share",
    "factor",
    "unit",
    "valid_from",
    "valid_to",
    "reason",
];

/// The columns that say what the row is about: the checksum is over these.
const PAIR: [&str; 4] = ["kind", "source", "source_id", "target"];

fn checksum(pair: [&str; 4]) -> String {
    format!("{:016x}", xxh3_64(pair.join("\u{1f}").as_bytes()))
}

/// A row for each candidate, and one without a target for each code that has none.
#[must_use]
pub fn sheet_rows(cases: &[Case]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for case in cases {
        let row = |rank: usize, told: [&str; 4], rejected: &str| {
            let [target, target_name, probability, factor] = told;
            let mut cells: Vec<String> = [case.kind, &case.source, &case.code, &case.name].map(str::to_owned).into();
            cells.extend([case.records.to_string(), case.quantity.to_string(), rank.to_string()]);
            cells.extend([target, target_name, probability, factor, rejected].map(str::to_owned));
            cells.push(case.linked.clone().unwrap_or_default());
            cells.push(checksum([case.kind, &case.source, &case.code, target]));
            cells.resize(SHEET_COLUMNS.len(), String::new());
            cells
        };
        for (at, candidate) in case.candidates.iter().enumerate() {
            let probability = format!("{:.4}", candidate.probability);
            let factor = candidate.proposed_factor.as_deref().unwrap_or_default();
            let told = [candidate.target.as_str(), &candidate.target_name, &probability, factor];
            rows.push(row(at + 1, told, candidate.rejected.as_deref().unwrap_or_default()));
        }
        if case.candidates.is_empty() {
            rows.push(row(1, [""; 4], ""));
        }
    }
    rows
}

/// The decisions of a sheet that came back: of each row with a verdict, `accept`, `reject` or `none` (the code has no
/// counterpart). A row whose pair was changed, and one that says too little, is told and left out.
#[must_use]
pub fn read_sheet(file: &str, bytes: &[u8], by: &str, now: Timestamp) -> (Vec<Decision>, Vec<Finding>) {
    let (mut decisions, mut findings) = (Vec::new(), Vec::new());
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let header = reader.headers().cloned().unwrap_or_default();
    for column in PAIR.into_iter().chain(["checksum", "verdict", "reason"]) {
        if !header.iter().any(|name| name == column) {
            let finding = Finding::error("missing-column").in_file(file).at(1, column);
            let found = header.iter().collect::<Vec<_>>().join(", ");
            return (decisions, vec![finding.with("column", column).with("found", found)]);
        }
    }
    let mut settled: HashSet<[String; 3]> = HashSet::new();
    for cells in reader.records() {
        let cells = match cells {
            Ok(cells) => cells,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                findings.push(Finding::error("bad-row").in_file(file).at(line, "").with("reason", error.to_string()));
                continue;
            }
        };
        let line = cells.position().map_or(0, csv::Position::line);
        let cell = |column: &str| {
            header.iter().position(|name| name == column).and_then(|at| cells.get(at)).unwrap_or_default()
        };
        if cell("verdict").is_empty() {
            continue;
        }
        match row(&cell, by, now) {
            Ok(decision) => {
                let code = ["kind", "source", "source_id"].map(|column| cell(column).to_owned());
                let divides = decision.link.relation == Relation::OneToMany;
                if decision.verdict == Verdict::Accept && !settled.insert(code) && !divides {
                    let finding = Finding::error("sheet-twice").in_file(file).at(line, "verdict");
                    findings.push(finding.with("code", cell("source_id")));
                    continue;
                }
                decisions.push(decision);
            }
            Err((code, column)) => {
                let finding = Finding::error(code).in_file(file).at(line, column);
                findings.push(finding.with("column", column).with("found", cell(column)));
            }
        }
    }
    (decisions, findings)
}

fn share(text: &str) -> Result<Factor, (&'static str, &'static str)> {
    if text.is_empty() { Ok(Factor::ONE) } else { text.parse().map_err(|_| ("sheet-cell", "share")) }
}

/// What a row says, or what is wrong with it and in which column.
fn row<'a>(
    cell: &impl Fn(&str) -> &'a str,
    by: &str,
    now: Timestamp,
) -> Result<Decision, (&'static str, &'static str)> {
    if checksum(PAIR.map(cell)) != cell("checksum") {
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
