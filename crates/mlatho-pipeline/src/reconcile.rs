//! The project's registers, asked for the record that somebody means.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use mlatho_harmonize::Kind;
use mlatho_harmonize::matching::facility::{Directory, facilities};
use mlatho_harmonize::matching::product::{Catalogue, products};
use mlatho_harmonize::matching::{Decision, List, Proposal};

use crate::PipelineError;
use crate::project::Project;
use crate::review::{register, register_path};

/// What may be known of an org unit beside its id and name: columns of its register.
const OF_ORG_UNITS: [&str; 14] = [
    "type",
    "owner",
    "region",
    "district",
    "subdistrict",
    "level1",
    "level2",
    "level3",
    "level4",
    "level5",
    "lat",
    "lon",
    "code",
    "aliases",
];
/// The same of an item.
const OF_ITEMS: [&str; 5] = ["strength", "form", "pack", "code", "aliases"];

/// A register of the project, ready to be asked.
#[derive(Debug)]
pub struct Reconciler {
    kind: Kind,
    seen: Seen,
    list: List,
    matching: Matching,
}

#[derive(Debug)]
enum Matching {
    OrgUnits(Box<Mutex<Directory>>),
    Items(Box<Catalogue>),
}

/// The file as it was read.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    path: PathBuf,
    changed: Option<SystemTime>,
    length: u64,
}

/// What is known of the record that is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub name: String,
    /// Values by property; those that the kind does not have are passed over.
    pub properties: Vec<(String, String)>,
    /// Types of which a candidate must have one; all, where there is none.
    pub types: Vec<String>,
}

/// A record that may be meant.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    pub record: Record<'a>,
    /// Probability that it is the one, in percent.
    pub score: f64,
    /// Sure enough to be taken without a look.
    pub is_sure: bool,
    /// What speaks for it and against it, in bits.
    pub features: Vec<(&'static str, f64)>,
}

/// A record of the register.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    reconciler: &'a Reconciler,
    row: usize,
}

impl Reconciler {
    /// The project's own register of a kind (`org-unit` or `item`). `before` is given back where its file has not changed.
    /// Nothing, where there is no such kind or no such register.
    ///
    /// # Errors
    /// There are two such registers, or the file cannot be read.
    pub fn open(project: &Project, kind: &str, before: Option<Arc<Self>>) -> Result<Option<Arc<Self>>, PipelineError> {
        let Some(kind) = Kind::ALL.into_iter().find(|known| known.name() == kind) else { return Ok(None) };
        let Some(path) = register_path(project, kind, None)? else { return Ok(None) };
        let about = std::fs::metadata(&path).map_err(PipelineError::io("looking at the register", &path))?;
        let seen = Seen { path, changed: about.modified().ok(), length: about.len() };
        if let Some(known) = before.filter(|known| known.kind == kind && known.seen == seen) {
            return Ok(Some(known));
        }
        // `check` and `review links` tell what is wrong with a register.
        let Some((file, list)) = register(project, kind, None, &mut Vec::new())? else { return Ok(None) };
        let matching = match kind {
            Kind::OrgUnit => Matching::OrgUnits(Box::new(Mutex::new(Directory::new(&facilities(&file, &list).0)))),
            Kind::Item => Matching::Items(Box::new(Catalogue::new(&products(&list)))),
        };
        Ok(Some(Arc::new(Self { kind, seen, list, matching })))
    }

    /// `org-unit` or `item`: the type that every record has.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind.name()
    }

    /// The properties that the register has columns for.
    pub fn properties(&self) -> impl Iterator<Item = &'static str> {
        self.of_kind().iter().copied().filter(|property| self.column(property).is_some())
    }

    fn of_kind(&self) -> &'static [&'static str] {
        match self.kind {
            Kind::OrgUnit => &OF_ORG_UNITS,
            Kind::Item => &OF_ITEMS,
        }
    }

    fn column(&self, property: &str) -> Option<usize> {
        let other = match property {
            "lat" => "latitude",
            "lon" => "longitude",
            _ => property,
        };
        self.list.column(property).or_else(|| self.list.column(other))
    }

    /// The record of this id.
    #[must_use]
    pub fn record(&self, id: &str) -> Option<Record<'_>> {
        let row = self.list.ids().position(|known| known == id)?;
        Some(Record { reconciler: self, row })
    }

    /// The candidates for a record, the best first, at most five. The answer does not depend on other questions. A name
    /// that is an id of the register means that record.
    #[must_use]
    pub fn candidates(&self, query: &Query) -> Vec<Candidate<'_>> {
        let mut found: Vec<Candidate<'_>> =
            self.proposals(query).into_iter().filter_map(|proposal| self.candidate(&proposal)).collect();
        if let Some(record) = self.record(query.name.trim()) {
            found.retain(|candidate| candidate.record.row != record.row);
            found.iter_mut().for_each(|candidate| candidate.is_sure = false);
            found.insert(0, Candidate { record, score: 100.0, is_sure: true, features: vec![("equal-id", 1.0)] });
        }
        if !query.types.is_empty() {
            let wanted =
                |record: Record<'_>| record.types().any(|kind| query.types.iter().any(|wanted| wanted == kind));
            found.retain(|candidate| wanted(candidate.record));
        }
        found
    }

    fn proposals(&self, query: &Query) -> Vec<Proposal> {
        let asked = self.question(query);
        match &self.matching {
            Matching::OrgUnits(directory) => {
                let Some(facility) = facilities("", &asked).0.into_iter().next() else { return Vec::new() };
                directory.lock().unwrap_or_else(PoisonError::into_inner).proposals(&facility)
            }
            Matching::Items(catalogue) => catalogue.propose(&products(&asked)),
        }
    }

    /// The query as a list of one record; of none, where it has no name.
    fn question(&self, query: &Query) -> List {
        let known = query.properties.iter().filter(|(property, _)| self.of_kind().contains(&property.as_str()));
        let (mut columns, mut cells) = (vec!["id", "name"], vec!["1", query.name.as_str()]);
        for (property, value) in known {
            columns.push(property);
            cells.push(value);
        }
        let mut rows = csv::Writer::from_writer(Vec::new());
        // Writing to memory does not fail.
        let _ = rows.write_record(columns).and_then(|()| rows.write_record(cells));
        List::read("", &rows.into_inner().unwrap_or_default()).0
    }

    fn candidate(&self, proposal: &Proposal) -> Option<Candidate<'_>> {
        let mut features: Vec<(&'static str, f64)> = Vec::new();
        for part in &proposal.evidence {
            match features.iter_mut().find(|(feature, _)| *feature == part.feature) {
                Some((_, bits)) => *bits += part.bits,
                None => features.push((part.feature, part.bits)),
            }
        }
        Some(Candidate {
            record: Record { reconciler: self, row: proposal.right? },
            score: (proposal.probability * 10_000.0).round() / 100.0,
            is_sure: proposal.decision == Decision::Accept,
            features,
        })
    }

    /// Records whose id, name or a word of it begins so, in any case: equal ids first, then names, then words.
    #[must_use]
    pub fn beginning(&self, with: &str) -> Vec<Record<'_>> {
        let wanted = with.trim().to_lowercase();
        let rank = |record: &Record<'_>| {
            let (id, name) = (record.id().to_lowercase(), record.name().to_lowercase());
            if id == wanted {
                Some(0)
            } else if name.starts_with(&wanted) {
                Some(1)
            } else {
                let begins = id.starts_with(&wanted) || name.split(' ').any(|word| word.starts_with(&wanted));
                begins.then_some(2)
            }
        };
        let records = (0..self.list.len()).map(|row| Record { reconciler: self, row });
        let mut found: Vec<(u8, Record<'_>)> =
            records.filter_map(|record| rank(&record).map(|rank| (rank, record))).collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, record)| record).collect()
    }
}

impl<'a> Record<'a> {
    #[must_use]
    pub fn id(&self) -> &'a str {
        self.reconciler.list.named(self.row, "id")
    }

    #[must_use]
    pub fn name(&self) -> &'a str {
        self.reconciler.list.named(self.row, "name")
    }

    /// The value of a property; blank, where it is not known.
    #[must_use]
    pub fn value(&self, property: &str) -> &'a str {
        self.reconciler.column(property).map_or("", |column| self.reconciler.list.cell(self.row, column))
    }

    /// The kind, and the type that the register gives the record.
    pub fn types(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let own = if self.reconciler.kind == Kind::OrgUnit { self.value("type") } else { "" };
        [self.reconciler.kind(), own].into_iter().filter(|kind| !kind.is_empty())
    }

    /// What tells namesakes apart: where it lies, the nearest area first, or in what strength, form and pack it comes.
    #[must_use]
    pub fn description(&self) -> String {
        let parts: &[&str] = match self.reconciler.kind {
            Kind::OrgUnit => &["subdistrict", "district", "region", "level5", "level4", "level3", "level2", "level1"],
            Kind::Item => &["strength", "form", "pack"],
        };
        let known: Vec<&str> = parts.iter().map(|part| self.value(part)).filter(|part| !part.is_empty()).collect();
        known.join(", ")
    }
}
