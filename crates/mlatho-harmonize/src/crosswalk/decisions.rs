//! Decisions about links, one after another as they were made. What holds follows from them: nothing is written over.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use mlatho_model::{Finding, SourceName};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Kind, Link, Placed, Relation, read};

/// The columns of a file of decisions.
pub const DECISION_COLUMNS: [&str; 18] = [
    "decided_at",
    "decided_by",
    "seconded_by",
    "kind",
    "verdict",
    "source",
    "source_id",
    "source_name",
    "target",
    "target_name",
    "relation",
    "share",
    "factor",
    "unit",
    "valid_from",
    "valid_to",
    "reason",
    ORIGIN,
];

/// The column that says where a decision comes from; files of earlier versions lack it.
pub(super) const ORIGIN: &str = "origin";

/// What was decided about a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The link holds, or, with the relation none, the code has no counterpart.
    Accept,
    /// The two are not the same, whatever was thought before.
    Reject,
}

impl Verdict {
    pub const ALL: [Self; 2] = [Self::Accept, Self::Reject];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
        }
    }
}

/// Where a decision comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A person looked at the pair.
    Person,
    /// A person took it over from a file, together with others.
    Import,
}

impl Origin {
    pub const ALL: [Self; 2] = [Self::Person, Self::Import];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Import => "import",
        }
    }
}

/// One decision: who said what, when and why.
///
/// The days of the link are those of the world on which it holds; `decided_at` is when it became known. The two are
/// independent: a link may be decided today that holds since last year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub decided_at: Timestamp,
    pub decided_by: Box<str>,
    /// The second person, where it takes two; else empty.
    pub seconded_by: Box<str>,
    pub verdict: Verdict,
    /// The pair, with the reason. Of a rejected one, only the codes and the days count.
    pub link: Link,
    pub origin: Origin,
}

impl Decision {
    /// The decision as a row of [`DECISION_COLUMNS`].
    #[must_use]
    pub fn cells(&self) -> [String; 18] {
        let link = &self.link;
        let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        [
            self.decided_at.to_string(),
            self.decided_by.to_string(),
            self.seconded_by.to_string(),
            link.kind.name().into(),
            self.verdict.name().into(),
            link.source.to_string(),
            link.source_id.to_string(),
            link.source_name.to_string(),
            link.target.to_string(),
            link.target_name.to_string(),
            link.relation.name().into(),
            link.share.to_string(),
            link.factor.to_string(),
            link.unit.as_ref().map(ToString::to_string).unwrap_or_default(),
            date(link.valid_from),
            date(link.valid_to),
            link.reason.to_string(),
            self.origin.name().into(),
        ]
    }

    fn is_about(&self, kind: Kind, source: &SourceName, code: &str) -> bool {
        self.link.kind == kind && self.link.source == *source && *self.link.source_id == *code
    }
}

/// Decisions in the order of their file. A file is only ever added to, so that what was known at any time can be told.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    pub(super) file: Arc<str>,
    /// Each with its row in the file.
    pub(super) all: Vec<(u64, Decision)>,
}

impl Decisions {
    /// Reads a file of decisions. A bad row costs itself and is told.
    #[must_use]
    pub fn read(file: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Self {
        Self { file: file.into(), all: read::decisions(file, bytes, findings) }
    }

    /// What was known at a time.
    #[must_use]
    pub fn as_of(mut self, time: Timestamp) -> Self {
        self.all.retain(|(_, decision)| decision.decided_at <= time);
        self
    }

    pub fn iter(&self) -> impl Iterator<Item = &Decision> {
        self.all.iter().map(|(_, decision)| decision)
    }

    /// The last decision that a code is not this target, unless the pair was accepted after it.
    #[must_use]
    pub fn rejected(&self, kind: Kind, source: &SourceName, code: &str, target: &str) -> Option<&Decision> {
        let about = |decision: &&Decision| decision.is_about(kind, source, code) && *decision.link.target == *target;
        self.iter().filter(about).last().filter(|last| last.verdict == Verdict::Reject)
    }

    /// What still stands about the codes of a source: accepted links that hold on some day, and pairs that were rejected
    /// last. In the order of their time, then of code and target.
    #[must_use]
    pub fn about(&self, kind: Kind, source: &SourceName) -> Vec<&Decision> {
        let rows: FxHashSet<u64> = self.standing().into_iter().map(|placed| placed.row).collect();
        let mut last: FxHashMap<(&str, &str), u64> = FxHashMap::default();
        let own = |decision: &Decision| decision.link.kind == kind && decision.link.source == *source;
        for (row, decision) in self.all.iter().filter(|(_, decision)| own(decision)) {
            last.insert((&decision.link.source_id, &decision.link.target), *row);
        }
        let stands = |row: u64, decision: &Decision| match decision.verdict {
            Verdict::Accept => rows.contains(&row),
            Verdict::Reject => last.get(&(&decision.link.source_id, &decision.link.target)) == Some(&row),
        };
        let own = self.all.iter().filter(|(row, decision)| own(decision) && stands(*row, decision));
        let mut found: Vec<&Decision> = own.map(|(_, decision)| decision).collect();
        found.sort_by_key(|decision| (decision.decided_at, &decision.link.source_id, &decision.link.target));
        found
    }

    /// The codes for which a decision holds on every day.
    #[must_use]
    pub fn settled(&self) -> HashSet<(Kind, SourceName, Box<str>)> {
        let links = self.standing().into_iter().map(|placed| placed.link);
        let always = links.filter(|link| link.valid_from.is_none() && link.valid_to.is_none());
        always.map(|link| (link.kind, link.source, link.source_id)).collect()
    }

    /// The links that follow, code by code. What is said for a stretch of days takes the place of what was said for them before,
    /// except that the targets of a one-to-many link stand beside each other; a rejected pair leaves its days open.
    pub(super) fn standing(&self) -> Vec<Placed> {
        let mut places: FxHashMap<(Kind, &SourceName, &str), usize> = FxHashMap::default();
        let mut codes: Vec<Vec<Placed>> = Vec::new();
        for (row, decision) in &self.all {
            let link = &decision.link;
            let place = *places.entry((link.kind, &link.source, &link.source_id)).or_insert_with(|| {
                codes.push(Vec::new());
                codes.len() - 1
            });
            let Some(standing) = codes.get_mut(place) else { continue };
            let gives_way = |other: &Link| match decision.verdict {
                Verdict::Reject => other.target == link.target,
                Verdict::Accept => !(divides(link) && divides(other)) || other.target == link.target,
            };
            *standing = std::mem::take(standing)
                .into_iter()
                .flat_map(|placed| if gives_way(&placed.link) { without(placed, link) } else { vec![placed] })
                .collect();
            if decision.verdict == Verdict::Accept {
                standing.push(Placed { file: self.file.clone(), row: *row, link: link.clone() });
            }
        }
        codes.into_iter().flatten().collect()
    }
}

pub(super) fn divides(link: &Link) -> bool {
    link.relation == Relation::OneToMany
}

/// What is left of a link outside the days of another one.
pub(super) fn without(placed: Placed, days: &Link) -> Vec<Placed> {
    if placed.link.last_day() < days.first_day() || days.last_day() < placed.link.first_day() {
        return vec![placed];
    }
    let mut left = Vec::new();
    if placed.link.first_day() < days.first_day() {
        let mut before = placed.clone();
        before.link.valid_to = days.first_day().yesterday().ok();
        left.push(before);
    }
    if days.last_day() < placed.link.last_day() {
        let mut after = placed;
        after.link.valid_from = days.last_day().tomorrow().ok();
        left.push(after);
    }
    left
}
