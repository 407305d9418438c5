//! Mapping files: rows to links, and what makes links disagree.

use jiff::civil::Date;
use mlatho_model::{Decimal, Factor, Finding, SourceName, Unit};

use super::{Kind, Link, Relation, TableColumns};

/// A record with its header, so that cells are asked for by name.
struct Row<'a> {
    file: &'a str,
    line: u64,
    header: &'a csv::StringRecord,
    cells: &'a csv::StringRecord,
}

impl Row<'_> {
    fn cell(&self, column: &str) -> &str {
        let at = self.header.iter().position(|name| name == column);
        at.and_then(|at| self.cells.get(at)).unwrap_or_default()
    }

    fn bad(&self, column: &str, expected: &str) -> Finding {
        let finding = Finding::error("mapping-row").in_file(self.file).at(self.line, column);
        finding.with("column", column).with("found", self.cell(column)).with("expected", expected)
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
}

/// Goes through the rows of a CSV file; a row that cannot be read, and a needed column that is absent, are told.
fn each_row(
    file: &str,
    bytes: &[u8],
    needed: &[&str],
    findings: &mut Vec<Finding>,
    mut take: impl FnMut(&Row<'_>) -> Result<(), Finding>,
) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(bytes);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            findings
                .push(Finding::error("mapping-unreadable").in_file(file).at(1, "").with("reason", error.to_string()));
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
        let line = reader.position().line();
        match reader.read_record(&mut cells) {
            Ok(false) => return,
            Ok(true) => {
                let line = cells.position().map_or(line, csv::Position::line);
                let row = Row { file, line, header: &header, cells: &cells };
                findings.extend(take(&row).err());
            }
            Err(error) => findings.push(
                Finding::error("mapping-unreadable").in_file(file).at(line, "").with("reason", error.to_string()),
            ),
        }
    }
}

/// Reads a mapping file in the project's own form.
pub(super) fn mapping(kind: Kind, file: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Vec<(u64, Link)> {
    let target_column = match kind {
        Kind::OrgUnit => "org_unit",
        Kind::Item => "item",
    };
    let mut links = Vec::new();
    each_row(file, bytes, &["source", "source_id", target_column], findings, |row| {
        let source = row.cell("source").parse().map_err(|_| row.bad("source", "lmis"))?;
        let relation = match row.cell("relation") {
            "" => Relation::Equal,
            name => {
                Relation::named(name).ok_or_else(|| row.bad("relation", "equal, many-to-one, one-to-many, none"))?
            }
        };
        if row.cell("source_id").is_empty() {
            return Err(row.bad("source_id", "…"));
        }
        if row.cell(target_column).is_empty() != (relation == Relation::None) {
            return Err(row.bad(target_column, if relation == Relation::None { "" } else { "…" }));
        }
        let (valid_from, valid_to) = (row.date("valid_from")?, row.date("valid_to")?);
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && to < from
        {
            return Err(row.bad("valid_to", "≥ valid_from"));
        }
        let link = Link {
            kind,
            source,
            source_id: row.cell("source_id").into(),
            source_name: row.cell("source_name").into(),
            target: row.cell(target_column).into(),
            target_name: row.cell(&format!("{target_column}_name")).into(),
            relation,
            share: row.factor("share")?,
            factor: if kind == Kind::Item { row.factor("factor")? } else { Factor::ONE },
            unit: Unit::named(row.cell("unit")),
            valid_from,
            valid_to,
            reason: row.cell("reason").into(),
        };
        links.push((row.line, link));
        Ok(())
    });
    links
}

/// Reads an existing table: every row an equal link without end.
pub(super) fn table(
    kind: Kind,
    source: &SourceName,
    columns: &TableColumns,
    file: &str,
    bytes: &[u8],
    findings: &mut Vec<Finding>,
) -> Vec<(u64, Link)> {
    let mut needed = vec![columns.source_id.as_str(), columns.target.as_str()];
    needed.extend(columns.factor.as_deref());
    let mut links = Vec::new();
    each_row(file, bytes, &needed, findings, |row| {
        for column in [&columns.source_id, &columns.target] {
            if row.cell(column).is_empty() {
                return Err(row.bad(column, "…"));
            }
        }
        let link = Link {
            kind,
            source: source.clone(),
            source_id: row.cell(&columns.source_id).into(),
            source_name: "".into(),
            target: row.cell(&columns.target).into(),
            target_name: "".into(),
            relation: Relation::Equal,
            share: Factor::ONE,
            factor: columns.factor.as_deref().map_or(Ok(Factor::ONE), |column| row.factor(column))?,
            unit: None,
            valid_from: None,
            valid_to: None,
            reason: "".into(),
        };
        links.push((row.line, link));
        Ok(())
    });
    links
}

/// Why the links of one source code cannot all hold: the row and the code of the finding.
///
/// On every day there is either one link, or links of one-to-many whose shares sum to one.
pub(super) fn disagreement(links: &[(u64, Link)]) -> Option<(u64, &'static str)> {
    for (row, link) in links {
        let day = link.valid_from.unwrap_or(Date::MIN);
        let mut days = vec![day];
        days.extend(link.valid_to);
        for day in days {
            let holding: Vec<&Link> = links.iter().map(|(_, link)| link).filter(|link| link.holds_on(day)).collect();
            let divided = holding.iter().all(|link| link.relation == Relation::OneToMany);
            if holding.len() > 1 && !divided {
                return Some((*row, "mapping-overlap"));
            }
            let mut targets: Vec<&str> = holding.iter().map(|link| &*link.target).collect();
            targets.sort_unstable();
            targets.dedup();
            if targets.len() < holding.len() {
                return Some((*row, "mapping-overlap"));
            }
            let whole =
                if divided { sums_to_one(&holding) } else { holding.iter().all(|link| link.share == Factor::ONE) };
            if !whole {
                return Some((*row, "mapping-shares"));
            }
        }
    }
    None
}

/// Exact: the shares over their common denominator.
fn sums_to_one(links: &[&Link]) -> bool {
    let common = links.iter().try_fold(1u64, |common, link| {
        let other = link.share.denominator();
        common.checked_mul(other / gcd(common, other))
    });
    let sum = |common: u64| {
        links.iter().try_fold(Decimal::ZERO, |sum, link| {
            sum.checked_add(Decimal::from(link.share.numerator()) * Decimal::from(common / link.share.denominator()))
        })
    };
    common.is_some_and(|common| sum(common) == Some(common.into()))
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
