//! Links that were corrected after numbers had been read by them.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use mlatho_harmonize::{Crosswalk, Kind, Lookup};
use mlatho_model::{Factor, Period, SourceName};
use mlatho_store::{Repository, Rows, TermKind, Terms};

use crate::PipelineError;
use crate::project::{ProjectMappings, link_of};

/// A link by which numbers were read, and what holds in its place now.
#[derive(Clone, Debug)]
pub(super) struct Corrected {
    pub(super) kind: Kind,
    pub(super) source: SourceName,
    pub(super) code: String,
    /// Targets with their shares and factors; of the new ones none where the code has no link now.
    pub(super) old: Vec<String>,
    pub(super) new: Vec<String>,
    /// First and last day on which both hold.
    pub(super) days: (Date, Date),
    /// A day among them of which there are numbers.
    pub(super) day: Date,
    /// The crosswalk versions by which it was read.
    pub(super) versions: BTreeSet<String>,
    /// When the last of them was loaded first: what was decided later is the correction.
    pub(super) read_at: Timestamp,
}

/// A code of a source in a period, as a crosswalk version led it: kind and terms.
type Read = (Kind, i32, i32, i32, Period);

/// Compares the links by which rows were read with those that hold now.
pub(super) struct Corrections<'a> {
    mappings: &'a ProjectMappings,
    old: HashMap<i32, Option<(Timestamp, Crosswalk)>>,
    known: HashMap<Read, Option<usize>>,
    pub(super) links: Vec<Corrected>,
}

impl<'a> Corrections<'a> {
    pub(super) fn new(mappings: &'a ProjectMappings) -> Self {
        Self { mappings, old: HashMap::new(), known: HashMap::new(), links: Vec::new() }
    }

    /// Makes sure of the crosswalk versions that rows were read by. Says whether any of them is not the one of now.
    pub(super) async fn load(
        &mut self,
        repository: &Repository,
        rows: &Rows,
        terms: &Terms,
    ) -> Result<bool, PipelineError> {
        let versions: BTreeSet<i32> = rows.crosswalk.iter().collect();
        for term in versions {
            if self.old.contains_key(&term) {
                continue;
            }
            let version = terms.text(TermKind::Crosswalk, term);
            let links = if version == self.mappings.version { None } else { repository.links_of(version).await? };
            let crosswalk = |(at, links): (Timestamp, Vec<mlatho_store::Link>)| {
                (at, Crosswalk::of_links(links.iter().filter_map(link_of)))
            };
            self.old.insert(term, links.map(crosswalk));
        }
        Ok(rows.crosswalk.iter().any(|term| self.old.get(&term).is_some_and(Option::is_some)))
    }

    /// The links of a row that were corrected, by their place in [`Corrections::links`].
    pub(super) fn of_row(&mut self, rows: &Rows, row: usize, terms: &Terms) -> Vec<usize> {
        let version = rows.crosswalk[row];
        if !self.old.get(&version).is_some_and(Option::is_some) {
            return Vec::new();
        }
        let codes = [
            (Kind::OrgUnit, rows.source_org_unit[row], TermKind::SourceOrgUnit),
            (Kind::Item, rows.source_item[row], TermKind::SourceItem),
        ];
        let mut found = Vec::new();
        for (kind, code, code_kind) in codes {
            let read = (kind, version, rows.source[row], code, rows.period[row]);
            if !self.known.contains_key(&read) {
                let source = terms.text(TermKind::Source, rows.source[row]);
                let link = self.compare(kind, version, source, terms.text(code_kind, code), rows.period[row], terms);
                self.known.insert(read, link);
            }
            found.extend(self.known.get(&read).copied().flatten());
        }
        found
    }

    fn compare(
        &mut self,
        kind: Kind,
        version: i32,
        source: &str,
        code: &str,
        period: Period,
        terms: &Terms,
    ) -> Option<usize> {
        let (read_at, before) = self.old.get(&version)?.as_ref()?;
        let (source, day) = (source.parse::<SourceName>().ok()?, period.start());
        let (old, new) =
            (before.look_up(kind, &source, code, day), self.mappings.crosswalk.look_up(kind, &source, code, day));
        if !matches!(old, Lookup::Mapped(_)) || old.leads_as(&new) {
            return None;
        }
        let all = (Date::MIN, Date::MAX);
        let one = before.days(kind, &source, code, day).unwrap_or(all);
        let two = self.mappings.crosswalk.days(kind, &source, code, day).unwrap_or(all);
        let days = (one.0.max(two.0), one.1.min(two.1));
        let (old, new) = (leads(&old), leads(&new));
        let same = |known: &Corrected| {
            known.kind == kind
                && known.source == source
                && known.code == code
                && (&known.old, &known.new, known.days) == (&old, &new, days)
        };
        let version = terms.text(TermKind::Crosswalk, version).to_owned();
        if let Some(at) = self.links.iter().position(same) {
            let known = self.links.get_mut(at)?;
            known.versions.insert(version);
            known.read_at = known.read_at.max(*read_at);
            return Some(at);
        }
        let (code, versions) = (code.to_owned(), BTreeSet::from([version]));
        self.links.push(Corrected { kind, source, code, old, new, days, day, versions, read_at: *read_at });
        Some(self.links.len() - 1)
    }
}

/// Where numbers go: targets with shares and factors other than one.
fn leads(lookup: &Lookup<'_>) -> Vec<String> {
    let Lookup::Mapped(shares) = lookup else { return Vec::new() };
    let target = |share: mlatho_harmonize::Share<'_>| {
        let parts = [share.share, share.factor].into_iter().filter(|part| *part != Factor::ONE);
        parts.fold(share.target.to_owned(), |text, part| format!("{text} × {part}"))
    };
    shares.iter().map(target).collect()
}
