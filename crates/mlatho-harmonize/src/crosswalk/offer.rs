//! Links that come from elsewhere, set against what the project says already.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use mlatho_model::{Finding, SourceName};

use super::decisions::{Decision, Decisions, Origin, Verdict, divides, without};
use super::{Crosswalk, Kind, Link, Placed, agree};

/// A link that a file offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Where in the file it stands.
    pub row: u64,
    pub verdict: Verdict,
    /// Its reason is the comment of the file.
    pub link: Link,
    /// The file names the source's record by its code, for want of an id.
    pub is_source_code: bool,
}

/// Who takes offers over from which file, when and why.
#[derive(Clone, Copy, Debug)]
pub struct Taking<'a> {
    pub file: &'a str,
    pub by: &'a str,
    pub at: Timestamp,
    pub reason: &'a str,
}

/// What becomes of offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    pub decisions: Vec<Decision>,
    /// Offers that say what holds already.
    pub known: usize,
    /// Offers that are left out, and why.
    pub findings: Vec<Finding>,
}

type Key<'a> = (Kind, &'a SourceName, &'a str);

fn key(link: &Link) -> Key<'_> {
    (link.kind, &link.source, &link.source_id)
}

impl Crosswalk {
    /// The decisions that take offers over, marked as imported. `decisions` are those that stand in the crosswalk.
    ///
    /// What a person decided or wrote stays: an offer that says something else about any of its days is left out, and so
    /// is a pair that a person rejected. What was imported before gives way. Of an offer that holds in part already, the
    /// other days are taken. Offers about a code whose links would not agree are all left out.
    #[must_use]
    pub fn take(&self, decisions: &Decisions, offers: &[Offer], taking: &Taking<'_>) -> Taken {
        let mut decided: HashMap<Key<'_>, Vec<&(u64, Decision)>> = HashMap::new();
        for row in &decisions.all {
            decided.entry(key(&row.1.link)).or_default().push(row);
        }
        let mut places: HashMap<Key<'_>, usize> = HashMap::new();
        let mut codes: Vec<Vec<&Offer>> = Vec::new();
        for offer in offers {
            let place = *places.entry(key(&offer.link)).or_insert_with(|| {
                codes.push(Vec::new());
                codes.len() - 1
            });
            codes[place].push(offer);
        }
        let mut taken = Taken::default();
        for offers in codes {
            let Some(key) = offers.first().map(|offer| key(&offer.link)) else { continue };
            let standing = self.standing(key.0, key.1, key.2);
            let decided = decided.get(&key).map_or(&[][..], Vec::as_slice);
            Known { file: &decisions.file, standing, decided, taking }.take(&offers, &mut taken);
        }
        taken
    }
}

/// What is said about one code.
struct Known<'a> {
    /// The file of decisions.
    file: &'a Arc<str>,
    standing: &'a [Placed],
    decided: &'a [&'a (u64, Decision)],
    taking: &'a Taking<'a>,
}

impl Known<'_> {
    fn take(&self, offers: &[&Offer], taken: &mut Taken) {
        let (mut new, mut rows): (Vec<Decision>, Vec<Placed>) = (Vec::new(), Vec::new());
        for offer in offers {
            let found = match offer.verdict {
                Verdict::Accept => self.accept(offer, &rows),
                Verdict::Reject => self.reject(offer, &rows),
            };
            match found {
                Ok(links) if links.is_empty() => taken.known += 1,
                Ok(links) => {
                    new.extend(links.into_iter().map(|link| self.decision(offer.verdict, link)));
                    rows.push(Placed { file: self.taking.file.into(), row: offer.row, link: offer.link.clone() });
                }
                Err(finding) => taken.findings.push(finding),
            }
        }
        match rows.first() {
            Some(first) if !self.would_agree(&new) => {
                let finding = Finding::error("take-disagrees").in_file(self.taking.file).at(first.row, "");
                taken.findings.push(finding.with("code", &*first.link.source_id));
            }
            _ => taken.decisions.extend(new),
        }
    }

    /// The parts of an offered link that are new; none, where all of it holds already.
    fn accept(&self, offer: &Offer, before: &[Placed]) -> Result<Vec<Link>, Finding> {
        let link = &offer.link;
        if let Some(rejected) = self.rejected(&link.target).filter(|decision| decision.origin == Origin::Person) {
            let finding = Finding::error("take-rejected").in_file(self.taking.file).at(offer.row, "");
            let finding = finding.with("code", &*link.source_id).with("target", &*link.target);
            return Err(finding.with("reason", &*rejected.link.reason));
        }
        let persons = self.standing.iter().filter(|placed| self.is_persons(placed));
        if let Some(other) = persons.chain(before).find(|placed| says_otherwise(&placed.link, link)) {
            return Err(self.differs(offer, other));
        }
        let whole = Placed { file: self.taking.file.into(), row: offer.row, link: link.clone() };
        let same = self.standing.iter().chain(before).filter(|placed| answers_alike(&placed.link, link));
        let left = same
            .fold(vec![whole], |left, placed| left.into_iter().flat_map(|part| without(part, &placed.link)).collect());
        Ok(left.into_iter().map(|part| part.link).collect())
    }

    /// The rejection, where it is news.
    fn reject(&self, offer: &Offer, before: &[Placed]) -> Result<Vec<Link>, Finding> {
        if self.rejected(&offer.link.target).is_some() {
            return Ok(Vec::new());
        }
        let persons = self.standing.iter().filter(|placed| self.is_persons(placed));
        match persons.chain(before).find(|placed| placed.link.target == offer.link.target) {
            Some(other) => Err(self.differs(offer, other)),
            None => Ok(vec![offer.link.clone()]),
        }
    }

    /// The last word about a target, where it is that the code is another thing.
    fn rejected(&self, target: &str) -> Option<&Decision> {
        let mut about = self.decided.iter().map(|(_, decision)| decision).filter(|it| *it.link.target == *target);
        about.next_back().filter(|last| last.verdict == Verdict::Reject)
    }

    /// Whether a person said it, in a file of mappings or by a decision.
    fn is_persons(&self, placed: &Placed) -> bool {
        let is_imported =
            self.decided.iter().any(|(row, decision)| *row == placed.row && decision.origin == Origin::Import);
        placed.file != *self.file || !is_imported
    }

    fn differs(&self, offer: &Offer, other: &Placed) -> Finding {
        let finding = Finding::error("take-differs").in_file(self.taking.file).at(offer.row, "");
        finding.with("code", &*offer.link.source_id).with("other", format!("{}:{}", other.file, other.row))
    }

    fn decision(&self, verdict: Verdict, mut link: Link) -> Decision {
        let reason = self.taking.reason;
        link.reason = if link.reason.is_empty() { reason.into() } else { format!("{reason}: {}", link.reason).into() };
        Decision {
            decided_at: self.taking.at,
            decided_by: self.taking.by.into(),
            seconded_by: "".into(),
            verdict,
            link,
            origin: Origin::Import,
        }
    }

    /// Whether the links of the code hold beside each other once these decisions are added.
    fn would_agree(&self, new: &[Decision]) -> bool {
        let mut all: Vec<(u64, Decision)> = self.decided.iter().map(|row| (*row).clone()).collect();
        all.extend(new.iter().map(|decision| (0, decision.clone())));
        let mut links: Vec<Placed> = self.standing.iter().filter(|placed| placed.file != *self.file).cloned().collect();
        for placed in (Decisions { file: self.file.clone(), all }).standing() {
            if !links.iter().any(|known| known.link.says_the_same(&placed.link)) {
                links.push(placed);
            }
        }
        agree::spans(&links).is_ok()
    }
}

/// Whether two links answer alike on the days that they share. A unit that is not given may be any.
fn answers_alike(known: &Link, offered: &Link) -> bool {
    let answer = |link: &Link| (link.relation, link.share, link.factor);
    let unit = offered.unit.is_none() || offered.unit == known.unit;
    known.target == offered.target && unit && answer(known) == answer(offered)
}

/// Whether a link gives another answer for a day of the offered one; targets of one-to-many stand beside each other.
fn says_otherwise(known: &Link, offered: &Link) -> bool {
    let beside = divides(known) && divides(offered) && known.target != offered.target;
    let overlap = known.first_day() <= offered.last_day() && offered.first_day() <= known.last_day();
    overlap && !beside && !answers_alike(known, offered)
}
