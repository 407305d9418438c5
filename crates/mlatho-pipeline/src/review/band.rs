//! Links that are sure enough to be accepted together, once two persons have looked at a sample.

use jiff::Timestamp;
use mlatho_harmonize::{Decision, Kind, Link, Origin, Verdict};
use mlatho_model::SourceName;
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

use super::queue::{Candidate, Case};

/// How many links of a band are looked at before it is accepted (`matching.md` section 5).
pub const SAMPLE: usize = 20;

/// The codes of a source whose best candidate may be accepted unseen. Only org units have such a band: of an item the
/// unit factor is never taken unseen.
#[derive(Clone, Debug)]
pub struct Band<'a> {
    source: &'a SourceName,
    links: Vec<(&'a Case, &'a Candidate)>,
}

impl<'a> Band<'a> {
    /// The band among what waits. A pair that a person rejected is none of it, and neither is a code whose link is in
    /// doubt again.
    #[must_use]
    pub fn of(cases: &'a [Case], source: &'a SourceName) -> Self {
        let own =
            |case: &&Case| case.kind == Kind::OrgUnit.name() && case.source == source.as_str() && case.linked.is_none();
        let sure = |case: &'a Case| {
            let best = case.candidates.first()?;
            (best.decision == "accept" && best.rejected.is_none()).then_some((case, best))
        };
        Self { source, links: cases.iter().filter(own).filter_map(sure).collect() }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.links.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// The codes with the candidate that would be accepted.
    pub fn links(&self) -> impl Iterator<Item = (&'a Case, &'a Candidate)> + '_ {
        self.links.iter().copied()
    }

    /// How many of the links are expected to be wrong.
    #[must_use]
    pub fn expected_wrong(&self) -> f64 {
        self.links.iter().map(|(_, best)| 1.0 - best.probability).sum()
    }

    /// Names the content: another band has another name.
    #[must_use]
    pub fn name(&self) -> String {
        let mut pairs: Vec<_> = self.links.iter().map(|(case, best)| (&case.code, &best.target)).collect();
        pairs.sort_unstable();
        let mut hash = Xxh3Default::new();
        for (code, target) in pairs {
            hash.update(format!("{}\u{1f}{code}\u{1f}{target}\u{1e}", self.source).as_bytes());
        }
        format!("{:016x}", hash.digest())
    }

    /// Links to look at, drawn without regard to how sure they are; the same for the same band.
    #[must_use]
    pub fn sample(&self) -> Vec<(&'a Case, &'a Candidate)> {
        let seed = self.name();
        let mut drawn = self.links.clone();
        drawn
            .sort_by_cached_key(|(case, best)| xxh3_64(format!("{seed}{}\u{1f}{}", case.code, best.target).as_bytes()));
        drawn.truncate(SAMPLE);
        drawn
    }

    /// The decisions that accept all of it.
    #[must_use]
    pub fn accept(&self, by: &str, second: &str, reason: &str, now: Timestamp) -> Vec<Decision> {
        let decision = |(case, best): &(&Case, &Candidate)| Decision {
            decided_at: now,
            decided_by: by.into(),
            seconded_by: second.into(),
            verdict: Verdict::Accept,
            link: Link {
                source_name: case.name.as_str().into(),
                target_name: best.target_name.as_str().into(),
                reason: reason.into(),
                ..Link::equal(Kind::OrgUnit, self.source.clone(), &case.code, &best.target)
            },
            origin: Origin::Person,
        };
        self.links.iter().map(decision).collect()
    }
}
