//! Mapping files: rows to links.

use std::sync::Arc;

use jiff::civil::Date;
use mlatho_model::{Factor, Finding, SourceName, Unit};

use super::decisions::{DECISION_COLUMNS, Decision, Verdict};
use super::{Kind, Link, Placed, Relation, TableColumns};

/// A record with its header, so that cells are asked for by name.
struct Row<'a> {
    file: &'a Arc<str>,
    line: u64,
    header: &'a csv::StringRecord,
    cells: &'a csv::StringRecord,
}

impl Row<'_> {
    /// The cell, trimmed; empty where the file has no such column.
    fn cell(&self, column: &str) -> &str {
        let at = self.header.iter().position(|name| name == column);
        at.and_then(|at| self.cells.get(at)).unwrap_or_default()
    }

    fn finding(&self, code: &'static str, column: &str) -> Finding {
        Finding::error(code).in_file(self.file).at(self.line, column).with("column", column)
    }

    /// A cell that cannot be read; `expected` shows what could be.
    fn bad(&self, column: &str, expected: &str) -> Finding {
        self.finding("mapping-row", column).with("found", self.cell(column)).with("expected", expected)
    }

    fn filled(&self, column: &str) -> Result<&str, Finding> {
        match self.cell(column) {
            "" => Err(self.finding("mapping-blank", column)),
            text => Ok(text),
        }
    }

    fn date(&self, column: &str) -> Result<Option<Date>, Finding> {
        match self.cell(column) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| self.bad(column, "YYYY-MM-DD")),
        }
    }

    fn factor(&self, column: &str) -> Result<Factor, Finding> {
        match self.cell(column) {
            "" => Ok(Factor::ONE),
            text => text.parse().map_err(|_| self.bad(column, "30, 0.5, 1/3")),
        }
    }

    fn relation(&self) -> Result<Relation, Finding> {
        match self.cell("relation") {
            "" => Ok(Relation::Equal),
            name => Relation::ALL
                .into_iter()
                .find(|known| known.name() == name)
                .ok_or_else(|| self.bad("relation", &Relation::ALL.map(Relation::name).join(", "))),
        }
    }
}

/// Goes through the rows of a CSV file that are not blank; a row that cannot be read, and a needed column that is
/// absent, are told.
fn each_row(
    file: &Arc<str>,
    bytes: &[u8],
    needed: &[&str],
    findings: &mut Vec<Finding>,
    mut take: impl FnMut(&Row<'_>) -> Result<(), Finding>,
) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter(bytes)).trim(csv::Trim::All).flexible(true).from_reader(bytes);
    let unreadable = |line, error: &csv::Error| {
        Finding::error("mapping-unreadable").in_file(file).at(line, "").with("reason", error.to_string())
    };
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            findings.push(unreadable(1, &error));
            return;
        }
    };
    if let Some(column) = needed.iter().find(|column| !header.iter().any(|name| name == **column)) {
        let found = header.iter().collect::<Vec<_>>().join(", ");
        let finding = Finding::error("missing-column").in_file(file).at(1, column);
        findings.push(finding.with("column", *column).with("found", found));
        return;
    }
    let mut cells = csv::StringRecord::new();
    loop {
        let before = reader.position().line();
        match reader.read_record(&mut cells) {
            Ok(false) => return,
            Ok(true) if cells.iter().all(str::is_empty) => {}
            Ok(true) => {
                let line = cells.position().map_or(before, csv::Position::line);
                if cells.len() > header.len() {
                    let finding = Finding::error("too-many-cells").in_file(file).at(line, "");
                    findings.push(finding.with("found", cells.len()).with("expected", header.len()));
                    continue;
                }
                findings.extend(take(&Row { file, line, header: &header, cells: &cells }).err());
            }
            Err(error) => findings.push(unreadable(error.position().map_or(before, csv::Position::line), &error)),
        }
    }
}

/// Comma, semicolon or tab: whichever the header has most of.
fn delimiter(bytes: &[u8]) -> u8 {
    let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: &u8| header.split(|byte| byte == delimiter).count();
    b"\t;,".iter().copied().max_by_key(count).unwrap_or(b',')
}

/// Reads a mapping file in the project's own form.
pub(super) fn mapping(kind: Kind, file: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Vec<Placed> {
    let (target, target_name) = match kind {
        Kind::OrgUnit => ("org_unit", "org_unit_name"),
        Kind::Item => ("item", "item_name"),
    };
    let file: Arc<str> = file.into();
    let mut links = Vec::new();
    each_row(&file, bytes, &["source", "source_id", target], findings, |row| {
        let link = link(kind, row, target, target_name)?;
        links.push(Placed { file: file.clone(), row: row.line, link });
        Ok(())
    });
    links
}

/// The link of a row, whose target stands in the columns of these names.
fn link(kind: Kind, row: &Row<'_>, target: &str, target_name: &str) -> Result<Link, Finding> {
    let source = row.filled("source")?.parse().map_err(|_| row.bad("source", "lmis"))?;
    let source_id = row.filled("source_id")?;
    let relation = row.relation()?;
    if relation != Relation::None {
        row.filled(target)?;
    } else if !row.cell(target).is_empty() {
        return Err(row.finding("mapping-none-with-target", target).with("found", row.cell(target)));
    }
    let (valid_from, valid_to) = (row.date("valid_from")?, row.date("valid_to")?);
    if let (Some(from), Some(to)) = (valid_from, valid_to)
        && to < from
    {
        let finding = row.finding("mapping-ends-before-start", "valid_to");
        return Err(finding.with("from", from.to_string()).with("to", to.to_string()));
    }
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
    each_row(&file, bytes, &DECISION_COLUMNS, findings, |row| {
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == row.cell("kind"));
        let kind = kind.ok_or_else(|| row.bad("kind", &Kind::ALL.map(Kind::name).join(", ")))?;
        let verdict = Verdict::ALL.into_iter().find(|verdict| verdict.name() == row.cell("verdict"));
        let verdict = verdict.ok_or_else(|| row.bad("verdict", &Verdict::ALL.map(Verdict::name).join(", ")))?;
        let decided_at = row.cell("decided_at").parse().map_err(|_| row.bad("decided_at", "2026-03-01T08:30:00Z"))?;
        let (decided_by, seconded_by) = (row.filled("decided_by")?.into(), row.cell("seconded_by").into());
        let link = link(kind, row, "target", "target_name")?;
        found.push((row.line, Decision { decided_at, decided_by, seconded_by, verdict, link }));
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
    each_row(&file, bytes, &needed, findings, |row| {
        let link = Link {
            kind,
            source: source.clone(),
            source_id: row.filled(&columns.source_id)?.into(),
            source_name: "".into(),
            target: row.filled(&columns.target)?.into(),
            target_name: "".into(),
            relation: Relation::Equal,
            share: Factor::ONE,
            factor: columns.factor.as_deref().map_or(Ok(Factor::ONE), |column| row.factor(column))?,
            unit: None,
            valid_from: None,
            valid_to: None,
            reason: "".into(),
        };
        links.push(Placed { file: file.clone(), row: row.line, link });
        Ok(())
    });
    links
}
