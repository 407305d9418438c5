//! Decisions about data, as the audit log tells them.

use std::collections::{BTreeSet, HashMap, HashSet};

use mlatho_model::Period;
use mlatho_store::AuditEntry;
use serde::{Deserialize, Serialize};

use super::batch::{self, said};
use super::line;
use crate::project::Project;

/// The kinds of entries, by what they say.
pub(crate) const APPROVE: &str = "data-approve";
pub(crate) const ACCEPT: &str = "data-accept";
pub(crate) const REJECT: &str = "data-reject";
pub(crate) const CORRECT: &str = "data-correct";
pub(crate) const ASK: &str = "data-ask";
pub(crate) const ANSWER: &str = "data-answer";

/// The subject of an entry about a line.
pub(crate) const LINE: &str = "line ";
/// The subject of an entry about a batch.
pub(crate) const BATCH: &str = "batch ";

/// What is said about a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LineContent {
    pub(crate) reason: String,
    pub(crate) source: String,
    pub(crate) org_unit: String,
    pub(crate) item: String,
    pub(crate) period: Period,
    /// Hash of what the line said.
    pub(crate) seen: String,
    /// Whether a check held it.
    pub(crate) held: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) correction: Option<Correction>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) question: Option<String>,
}

/// A number that a person puts in the place of what was reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Correction {
    pub(crate) measure: String,
    /// What was reported: a number or a state.
    pub(crate) was: String,
    pub(crate) value: String,
}

/// What is said about a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BatchContent {
    pub(crate) reason: String,
    /// Values that the batch held.
    pub(crate) values: u64,
    /// What each of its lines said: hashes of 16 digits, ascending.
    pub(crate) lines: String,
}

/// How a line or batch is to be treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Pass,
    Reject,
}

/// Something that holds, and something that waits for a second person.
#[derive(Debug)]
pub(crate) struct Stand<T> {
    pub(crate) holds: Option<T>,
    pub(crate) proposed: Option<(String, T)>,
}

impl<T> Default for Stand<T> {
    fn default() -> Self {
        Self { holds: None, proposed: None }
    }
}

impl<T> Stand<T> {
    /// Takes note of what a person says. Where two persons are needed, the second must be another and say the same.
    /// Whether it holds now.
    fn say(&mut self, person: &str, said: T, two: bool, same: impl Fn(&T, &T) -> bool) -> bool {
        let seconded = self.proposed.as_ref().is_some_and(|(first, other)| first != person && same(other, &said));
        let holds = !two || seconded;
        if holds {
            self.holds = Some(said);
            self.proposed = None;
        } else {
            self.proposed = Some((person.to_owned(), said));
        }
        holds
    }
}

/// All decisions about data.
#[derive(Debug, Default)]
pub(crate) struct Decisions {
    pub(crate) lines: HashMap<i64, Stand<(Verdict, LineContent)>>,
    pub(crate) corrections: HashMap<(i64, String), Stand<LineContent>>,
    pub(crate) batches: HashMap<String, Stand<(Verdict, HashSet<u64>)>>,
    /// Every correction that ever held, so that what was reported can be put back.
    made: HashMap<(i64, String), Vec<Correction>>,
    /// The month of each entry that changes what holds, with its number.
    months: Vec<(i64, Period)>,
}

impl Decisions {
    /// Reads the audit log. An entry that is none of these is passed over: `mlatho verify` tells of what was tampered with.
    pub(crate) fn read(log: &[AuditEntry], project: &Project) -> Self {
        let sources = project.config().sources.iter().filter(|source| source.two_persons);
        let two: HashSet<&str> = sources.map(|source| source.name.as_str()).collect();
        let mut decisions = Self::default();
        for entry in log {
            decisions.take(entry, &two);
        }
        decisions
    }

    fn take(&mut self, entry: &AuditEntry, two: &HashSet<&str>) -> Option<()> {
        if let Some(name) = entry.subject.strip_prefix(BATCH) {
            let verdict = match entry.kind.as_str() {
                APPROVE => Verdict::Pass,
                REJECT => Verdict::Reject,
                _ => return None,
            };
            let content: BatchContent = serde_json::from_value(entry.content.clone()).ok()?;
            let (source, period) = batch::parse(name)?;
            let stand = self.batches.entry(name.to_owned()).or_default();
            if stand.say(&entry.person, (verdict, said(&content.lines)), two.contains(source), PartialEq::eq) {
                self.months.push((entry.number, month_of(period)?));
            }
            return Some(());
        }
        let key = line::parse(entry.subject.strip_prefix(LINE)?)?;
        let verdict = match entry.kind.as_str() {
            ACCEPT => Some(Verdict::Pass),
            REJECT => Some(Verdict::Reject),
            CORRECT => None,
            _ => return None,
        };
        let content: LineContent = serde_json::from_value(entry.content.clone()).ok()?;
        let (two, month) = (two.contains(content.source.as_str()), month_of(content.period)?);
        let held = match (verdict, &content.correction) {
            (Some(verdict), _) => {
                let same = |a: &(Verdict, LineContent), b: &(Verdict, LineContent)| a.0 == b.0 && a.1.seen == b.1.seen;
                self.lines.entry(key).or_default().say(&entry.person, (verdict, content), two, same)
            }
            (None, Some(correction)) => {
                let (place, correction) = ((key, correction.measure.clone()), correction.clone());
                let same = |a: &LineContent, b: &LineContent| a.correction == b.correction && a.seen == b.seen;
                let holds = self.corrections.entry(place.clone()).or_default().say(&entry.person, content, two, same);
                if holds {
                    self.made.entry(place).or_default().push(correction);
                    // Who corrects a line wants it.
                    let stand = self.lines.entry(key).or_default();
                    stand.holds.take_if(|(verdict, _)| *verdict == Verdict::Reject);
                }
                holds
            }
            (None, None) => return None,
        };
        if held {
            self.months.push((entry.number, month));
        }
        Some(())
    }

    /// Months with decisions after the entry of this number.
    pub(crate) fn months_after(&self, number: i64) -> Vec<Period> {
        let months = self.months.iter().filter(|(of, _)| *of > number).map(|(_, month)| *month);
        months.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Whether there is anything about this line.
    pub(crate) fn about(&self, key: i64) -> bool {
        self.lines.contains_key(&key)
    }

    /// What holds about a line that says this.
    pub(crate) fn verdict(&self, key: i64, seen: &str) -> Option<Verdict> {
        let (verdict, content) = self.lines.get(&key)?.holds.as_ref()?;
        (content.seen == seen).then_some(*verdict)
    }

    /// Whether a check held the line when it was decided about.
    pub(crate) fn was_held(&self, key: i64) -> bool {
        let stand = self.lines.get(&key).and_then(|stand| stand.holds.as_ref());
        stand.is_some_and(|(_, content)| content.held)
    }

    /// The correction of a measure of a line that says this.
    pub(crate) fn correction(&self, key: i64, measure: &str, seen: &str) -> Option<&Correction> {
        let content = self.corrections.get(&(key, measure.to_owned()))?.holds.as_ref()?;
        content.correction.as_ref().filter(|_| content.seen == seen)
    }

    /// What was reported where a correction put this value.
    pub(crate) fn original(&self, key: i64, measure: &str, corrected: &str) -> Option<&str> {
        let made = self.made.get(&(key, measure.to_owned()))?;
        made.iter().rev().find(|made| made.value == corrected).map(|made| made.was.as_str())
    }

    /// What holds about a line of a batch that says this.
    pub(crate) fn of_batch(&self, name: &str, says: u64) -> Option<Verdict> {
        let (verdict, said) = self.batches.get(name)?.holds.as_ref()?;
        said.contains(&says).then_some(*verdict)
    }
}

/// The month in which a period starts.
pub(crate) fn month_of(period: Period) -> Option<Period> {
    let start = period.start();
    Period::month(start.year(), start.month())
}
