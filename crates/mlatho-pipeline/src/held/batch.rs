//! Batches: what a source reports for a period, district by district.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;

use mlatho_model::Period;
use mlatho_store::{Rows, TermKind, Terms};

use super::areas::Areas;
use super::line::{digest, takes_part};

/// The name of a batch: `source:period`, or `source:period:area` where batches are made by area.
pub(crate) fn name(source: &str, period: Period, area: Option<&str>) -> String {
    match area {
        Some(area) => format!("{source}:{period}:{}", if area.is_empty() { "?" } else { area }),
        None => format!("{source}:{period}"),
    }
}

/// The source and the period in the name of a batch.
pub(crate) fn parse(name: &str) -> Option<(&str, Period)> {
    let mut parts = name.splitn(3, ':');
    let (source, period) = (parts.next()?, parts.next()?);
    Some((source, period.parse().ok()?))
}

/// The rows of a month, by batch, of those sources whose data must be approved.
#[derive(Debug, Default)]
pub(crate) struct Batches {
    names: Vec<String>,
    values: Vec<u64>,
    /// Lines, each with its batch and the sum of the hashes of its rows.
    lines: Vec<(usize, u64)>,
    /// The line of a row.
    by_row: HashMap<usize, usize>,
}

impl Batches {
    /// Rows must say what the source said.
    pub(crate) fn of(rows: &Rows, terms: &Terms, approved_first: &HashSet<i32>, areas: &Areas) -> Self {
        let mut batches = Self::default();
        if approved_first.is_empty() {
            return batches;
        }
        let mut known: BTreeMap<(i32, Period, Option<&str>), usize> = BTreeMap::new();
        let mut area_of: HashMap<i32, Option<&str>> = HashMap::new();
        let mut line_of: HashMap<(usize, i64), usize> = HashMap::new();
        for row in 0..rows.len() {
            if !takes_part(rows.status[row]) || !approved_first.contains(&rows.source[row]) {
                continue;
            }
            let unit = rows.org_unit[row];
            let area = *area_of.entry(unit).or_insert_with(|| areas.area(terms.text(TermKind::OrgUnit, unit)));
            let (source, period) = (rows.source[row], rows.period[row]);
            let batch = *known.entry((source, period, area)).or_insert_with(|| {
                batches.names.push(name(terms.text(TermKind::Source, source), period, area));
                batches.values.push(0);
                batches.names.len() - 1
            });
            batches.values[batch] += 1;
            let line = *line_of.entry((batch, rows.record_key[row])).or_insert_with(|| {
                batches.lines.push((batch, 0));
                batches.lines.len() - 1
            });
            // In whatever order the rows stand.
            batches.lines[line].1 = batches.lines[line].1.wrapping_add(digest(rows, row, terms));
            batches.by_row.insert(row, line);
        }
        batches
    }

    /// The batch of a row, and a hash of what its line says.
    pub(crate) fn of_row(&self, row: usize) -> Option<(&str, u64)> {
        let (batch, says) = *self.lines.get(*self.by_row.get(&row)?)?;
        Some((self.names.get(batch)?, says))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// How many values a batch has, and what its lines say, as it is written into decisions.
    pub(crate) fn content(&self, name: &str) -> Option<(u64, String)> {
        let batch = self.names.iter().position(|known| known == name)?;
        let mut lines: Vec<u64> = self.lines.iter().filter(|line| line.0 == batch).map(|line| line.1).collect();
        lines.sort_unstable();
        let text = lines.iter().fold(String::new(), |mut text, says| {
            // Writing to a text does not fail.
            let _ = write!(text, "{says:016x}");
            text
        });
        Some((self.values[batch], text))
    }
}

/// What the lines say that a decision was about.
pub(crate) fn said(lines: &str) -> HashSet<u64> {
    let parts = lines.as_bytes().chunks(16).filter_map(|part| std::str::from_utf8(part).ok());
    parts.filter_map(|part| u64::from_str_radix(part, 16).ok()).collect()
}
