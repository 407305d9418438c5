//! Reviewed, dated links between a source's codes and the project's.

mod read;

use std::collections::HashMap;

use jiff::civil::Date;
use mlatho_model::{Factor, Finding, SourceName, Unit};
use serde::Deserialize;

/// What a link is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    OrgUnit,
    Item,
}

impl Kind {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OrgUnit => "org-unit",
            Self::Item => "item",
        }
    }
}

/// How many of the source stand against how many of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    Equal,
    /// Several of the source's become one: their values are added up.
    ManyToOne,
    /// One of the source's is divided over several by declared shares.
    OneToMany,
    /// Reviewed and found to have no counterpart.
    None,
}

impl Relation {
    const ALL: [Self; 4] = [Self::Equal, Self::ManyToOne, Self::OneToMany, Self::None];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::ManyToOne => "many-to-one",
            Self::OneToMany => "one-to-many",
            Self::None => "none",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

/// One link, as a person decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub kind: Kind,
    pub source: SourceName,
    /// The code that the source uses.
    pub source_id: Box<str>,
    pub source_name: Box<str>,
    /// The project's id; empty for [`Relation::None`].
    pub target: Box<str>,
    pub target_name: Box<str>,
    pub relation: Relation,
    /// The part of each number that goes to this target.
    pub share: Factor,
    /// Target units per source unit; one for org units.
    pub factor: Factor,
    /// The unit of the target.
    pub unit: Option<Unit>,
    /// First and last day on which the link holds; open where there is none.
    pub valid_from: Option<Date>,
    pub valid_to: Option<Date>,
    pub reason: Box<str>,
}

impl Link {
    fn holds_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }
}

/// A target of a number, with the part that it gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share<'a> {
    pub target: &'a str,
    pub share: Factor,
    pub factor: Factor,
    pub unit: Option<&'a Unit>,
}

/// What a crosswalk knows about a code on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// One target, or several with shares that sum to one.
    Mapped(Vec<Share<'a>>),
    /// Reviewed: it has no counterpart, for this reason.
    NoMatch(&'a str),
    /// Nobody has said.
    Unmapped,
}

/// The columns of an existing table that serves as a mapping: every row an open-ended equal link.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableColumns {
    /// Column of the source's code.
    pub source_id: String,
    /// Column of the project's id.
    pub target: String,
    /// Column of the unit factor, where there is one.
    pub factor: Option<String>,
}

/// Every link of a project.
#[derive(Clone, Debug, Default)]
pub struct Crosswalk {
    links: Vec<Link>,
    by_code: HashMap<(Kind, SourceName), HashMap<Box<str>, Vec<usize>>>,
}

impl Crosswalk {
    /// Reads a mapping file of a kind. A bad row costs itself and is told in `findings`.
    pub fn read(&mut self, kind: Kind, file: &str, bytes: &[u8], findings: &mut Vec<Finding>) {
        let links = read::mapping(kind, file, bytes, findings);
        self.add(links, file, findings);
    }

    /// Reads an existing table as a mapping of a source.
    pub fn read_table(
        &mut self,
        kind: Kind,
        source: &SourceName,
        columns: &TableColumns,
        file: &str,
        bytes: &[u8],
        findings: &mut Vec<Finding>,
    ) {
        let links = read::table(kind, source, columns, file, bytes, findings);
        self.add(links, file, findings);
    }

    /// Takes links whose shares and dates agree; the others are told and left out.
    fn add(&mut self, links: Vec<(u64, Link)>, file: &str, findings: &mut Vec<Finding>) {
        let mut groups: Vec<Vec<(u64, Link)>> = Vec::new();
        let mut places: HashMap<(SourceName, Box<str>), usize> = HashMap::new();
        for (row, link) in links {
            let place = *places.entry((link.source.clone(), link.source_id.clone())).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[place].push((row, link));
        }
        for group in groups {
            if let Some((row, code)) = read::disagreement(&group) {
                let finding = Finding::error(code).in_file(file).at(row, "");
                findings.push(finding.with("code", group[0].1.source_id.to_string()));
                continue;
            }
            for (_, link) in group {
                let codes = self.by_code.entry((link.kind, link.source.clone())).or_default();
                codes.entry(link.source_id.clone()).or_default().push(self.links.len());
                self.links.push(link);
            }
        }
    }

    /// The links, in the order of the files.
    #[must_use]
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// What is known about a source's code on a day.
    #[must_use]
    pub fn look_up(&self, kind: Kind, source: &SourceName, code: &str, day: Date) -> Lookup<'_> {
        // A tuple of borrowed parts cannot be looked up in a map of owned ones; the source's name is cheap to clone.
        let known = self.by_code.get(&(kind, source.clone())).and_then(|codes| codes.get(code));
        let mut shares = Vec::new();
        for link in known.into_iter().flatten().map(|at| &self.links[*at]).filter(|link| link.holds_on(day)) {
            if link.relation == Relation::None {
                return Lookup::NoMatch(&link.reason);
            }
            let (share, factor, unit) = (link.share, link.factor, link.unit.as_ref());
            shares.push(Share { target: &link.target, share, factor, unit });
        }
        if shares.is_empty() { Lookup::Unmapped } else { Lookup::Mapped(shares) }
    }
}
