//! Batches: what a source reports for a period, district by district.

use std::collections::{BTreeMap, HashMap, HashSet};

use mlatho_model::Period;
use mlatho_store::{Rows, TermKind, Terms};

use super::areas::Areas;
use super::line::{digest, takes_part};

/// What a batch holds, whatever the order of its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Digest {
    sum: u64,
    pub(crate) rows: u64,
    /// The last receipt among its rows.
    pub(crate) last_receipt: i32,
}

impl Digest {
    fn add(&mut self, hash: u64, receipt: i32) {
        self.sum = self.sum.wrapping_add(hash);
        self.rows += 1;
        self.last_receipt = self.last_receipt.max(receipt);
    }

    pub(crate) fn text(self) -> String {
        format!("{:016x}-{}", self.sum, self.rows)
    }
}

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
    digests: Vec<Digest>,
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
        for row in 0..rows.len() {
            if !takes_part(rows.status[row]) || !approved_first.contains(&rows.source[row]) {
                continue;
            }
            let unit = rows.org_unit[row];
            let area = *area_of.entry(unit).or_insert_with(|| areas.area(terms.text(TermKind::OrgUnit, unit)));
            let (source, period) = (rows.source[row], rows.period[row]);
            let place = *known.entry((source, period, area)).or_insert_with(|| {
                batches.names.push(name(terms.text(TermKind::Source, source), period, area));
                batches.digests.push(Digest::default());
                batches.names.len() - 1
            });
            batches.digests[place].add(digest(rows, row, terms), rows.receipt[row]);
            batches.by_row.insert(row, place);
        }
        batches
    }

    /// The batch of a row, with what it holds.
    pub(crate) fn of_row(&self, row: usize) -> Option<(&str, Digest)> {
        let place = *self.by_row.get(&row)?;
        Some((self.names.get(place)?, *self.digests.get(place)?))
    }

    /// All batches with what they hold.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, Digest)> {
        self.names.iter().map(String::as_str).zip(self.digests.iter().copied())
    }
}
