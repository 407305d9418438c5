//! Which card is shown, and what a key does. No terminal is needed for it.

use std::collections::BTreeMap;

use console::Key;
use jiff::Timestamp;
use mlatho_harmonize::{Decision, Kind, Link, Origin, Relation, Verdict};
use mlatho_model::Factor;
use mlatho_pipeline::review::{Candidate, Case};

/// Candidates that have a key.
const KEYS: usize = 5;
/// Characters that can be typed into a line.
const LONGEST_LINE: usize = 300;

/// What the person is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asking {
    /// What to do with the card.
    Verdict,
    /// Which candidate is rejected.
    Rejected,
    /// Target units per source unit, and then, where a candidate was chosen, the reason for it.
    Factor {
        then: Option<usize>,
        typed: String,
    },
    Reason {
        choice: Choice,
        typed: String,
    },
    /// Nothing: the keys are explained.
    Help,
}

/// What was chosen for a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Accept(usize),
    Reject(usize),
    None,
}

/// A decision that stands until the next key: then it is saved, or it is taken back.
#[derive(Clone, Debug)]
pub(super) struct Unsaved {
    pub(super) card: usize,
    pub(super) choice: Choice,
    pub(super) decision: Decision,
}

/// What is told above a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    Key(&'static str),
    /// Why a decision was refused.
    Refused(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    GoOn,
    Leave,
}

/// One sitting of a person in front of the cards.
pub(super) struct Session<'a> {
    pub(super) cases: &'a [Case],
    by: &'a str,
    /// The card that is shown; after the last one there is none.
    pub(super) at: usize,
    /// The candidate whose record is shown beside that of the source.
    pub(super) beside: usize,
    pub(super) asking: Asking,
    pub(super) unsaved: Option<Unsaved>,
    /// For each card that was accepted or has no counterpart, the chance that this is wrong.
    settled: BTreeMap<usize, f64>,
    /// Reasons of pairs that were rejected in this sitting, by card and candidate.
    rejected: BTreeMap<(usize, usize), String>,
    /// The factor that was typed for this card.
    pub(super) factor: Option<Factor>,
    /// The reason that was given last.
    pub(super) reason: String,
    pub(super) notice: Option<Notice>,
    pub(super) saved: usize,
}

impl<'a> Session<'a> {
    pub(super) fn new(cases: &'a [Case], by: &'a str) -> Self {
        Self {
            cases,
            by,
            at: 0,
            beside: 0,
            asking: Asking::Verdict,
            unsaved: None,
            settled: BTreeMap::new(),
            rejected: BTreeMap::new(),
            factor: None,
            reason: String::new(),
            notice: None,
            saved: 0,
        }
    }

    pub(super) fn case(&self) -> Option<&'a Case> {
        self.cases.get(self.at)
    }

    /// Why a pair was rejected, now or earlier.
    pub(super) fn rejected(&self, candidate: usize) -> Option<&str> {
        let now = self.rejected.get(&(self.at, candidate)).map(String::as_str);
        now.or_else(|| self.case()?.candidates.get(candidate)?.rejected.as_deref())
    }

    /// Cards that are decided, the part of all records that they carry, and how many of them are expected to be wrong.
    pub(super) fn progress(&self) -> (usize, Option<f64>, f64) {
        let of = |case: &Case| u128::from(case.records);
        let all: u128 = self.cases.iter().map(of).sum();
        let done: u128 = self.settled.keys().filter_map(|card| self.cases.get(*card)).map(of).sum();
        #[expect(clippy::cast_precision_loss, reason = "counts of records are far below 2^52")]
        let part = (all > 0).then(|| done as f64 / all as f64);
        (self.settled.len(), part, self.settled.values().sum())
    }

    /// Whether this key takes the last decision back, so that it must not be saved before.
    pub(super) fn takes_back(&self, key: &Key) -> bool {
        self.asking == Asking::Verdict && *key == Key::Char('u')
    }

    /// The last decision is in the file.
    pub(super) fn keep(&mut self) {
        self.saved += usize::from(self.unsaved.take().is_some());
    }

    /// The last decision cannot hold: its card is shown again, with the reason.
    pub(super) fn refuse(&mut self, why: String) {
        self.take_back();
        self.notice = Some(Notice::Refused(why));
    }

    fn take_back(&mut self) {
        let Some(unsaved) = self.unsaved.take() else {
            self.notice = Some(Notice::Key("cards-nothing-to-undo"));
            return;
        };
        self.turn_to(unsaved.card);
        match unsaved.choice {
            Choice::Reject(candidate) => _ = self.rejected.remove(&(unsaved.card, candidate)),
            Choice::Accept(_) | Choice::None => _ = self.settled.remove(&unsaved.card),
        }
    }

    fn turn_to(&mut self, card: usize) {
        (self.at, self.beside, self.factor, self.asking) = (card, 0, None, Asking::Verdict);
    }

    pub(super) fn press(&mut self, key: &Key, now: Timestamp) -> Flow {
        self.notice = None;
        if *key == Key::CtrlC {
            return Flow::Leave;
        }
        match std::mem::replace(&mut self.asking, Asking::Verdict) {
            Asking::Verdict => return self.verdict(key),
            Asking::Rejected => match *key {
                Key::Escape => {}
                Key::Char(digit) => self.choose(digit, Choice::Reject),
                _ => self.asking = Asking::Rejected,
            },
            Asking::Factor { then, typed } => match line(typed, key) {
                Line::Open(typed) => self.asking = Asking::Factor { then, typed },
                Line::Left => {}
                Line::Done(typed) => self.take_factor(then, typed),
            },
            Asking::Reason { choice, typed } => match line(typed, key) {
                Line::Open(typed) => self.asking = Asking::Reason { choice, typed },
                Line::Left => {}
                Line::Done(typed) => self.take_reason(choice, &typed, now),
            },
            Asking::Help => {}
        }
        Flow::GoOn
    }

    fn verdict(&mut self, key: &Key) -> Flow {
        let last = self.case().map_or(0, |case| case.candidates.len().min(KEYS)).saturating_sub(1);
        match key {
            Key::Char('q') => return Flow::Leave,
            Key::Char('u') => self.take_back(),
            Key::Char('?') => self.asking = Asking::Help,
            _ if self.case().is_none() => {}
            Key::ArrowUp => self.beside = self.beside.saturating_sub(1),
            Key::ArrowDown => self.beside = (self.beside + 1).min(last),
            Key::Char('s') => self.turn_to(self.at + 1),
            Key::Char('n') => self.ask_reason(Choice::None),
            Key::Char('r') if last == 0 => self.choose('1', Choice::Reject),
            Key::Char('r') => self.asking = Asking::Rejected,
            Key::Char('f') if self.is_item() => self.asking = Asking::Factor { then: None, typed: String::new() },
            Key::Char('f') => self.notice = Some(Notice::Key("cards-no-factor")),
            Key::Char(digit @ '1'..='5') => self.choose(*digit, Choice::Accept),
            _ => self.notice = Some(Notice::Key("cards-no-such-key")),
        }
        Flow::GoOn
    }

    fn is_item(&self) -> bool {
        self.case().is_some_and(|case| case.kind == Kind::Item.name())
    }

    fn candidate(&self, at: usize) -> Option<&'a Candidate> {
        self.case()?.candidates.get(at)
    }

    /// Takes the candidate of this key, and asks for what is still needed.
    fn choose(&mut self, key: char, choice: fn(usize) -> Choice) {
        let at = key.to_digit(10).and_then(|digit| (digit as usize).checked_sub(1));
        let Some(at) = at.filter(|at| *at < KEYS && self.candidate(*at).is_some()) else {
            self.notice = Some(Notice::Key("cards-no-such-candidate"));
            return;
        };
        self.beside = at;
        match choice(at) {
            Choice::Accept(_) if self.is_item() && self.factor.is_none() => {
                self.asking = Asking::Factor { then: Some(at), typed: String::new() };
            }
            choice => self.ask_reason(choice),
        }
    }

    fn ask_reason(&mut self, choice: Choice) {
        self.asking = Asking::Reason { choice, typed: String::new() };
    }

    /// A factor is never taken unseen: only what the person typed counts.
    fn take_factor(&mut self, then: Option<usize>, typed: String) {
        let Ok(factor) = typed.trim().parse() else {
            self.notice = Some(Notice::Key("cards-bad-factor"));
            self.asking = Asking::Factor { then, typed };
            return;
        };
        self.factor = Some(factor);
        if let Some(candidate) = then {
            self.ask_reason(Choice::Accept(candidate));
        }
    }

    fn take_reason(&mut self, choice: Choice, typed: &str, now: Timestamp) {
        if !typed.trim().is_empty() {
            typed.trim().clone_into(&mut self.reason);
        }
        if self.reason.is_empty() {
            self.notice = Some(Notice::Key("cards-no-reason"));
            return self.ask_reason(choice);
        }
        let Some(decision) = self.decision(choice, now) else { return };
        let card = self.at;
        match choice {
            Choice::Reject(candidate) => _ = self.rejected.insert((card, candidate), self.reason.clone()),
            Choice::Accept(candidate) => {
                let risk = self.candidate(candidate).map_or(0.0, |candidate| 1.0 - candidate.probability);
                self.settled.insert(card, risk);
                self.turn_to(card + 1);
            }
            Choice::None => {
                self.settled.insert(card, 0.0);
                self.turn_to(card + 1);
            }
        }
        self.unsaved = Some(Unsaved { card, choice, decision });
    }

    fn decision(&self, choice: Choice, now: Timestamp) -> Option<Decision> {
        let case = self.case()?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == case.kind)?;
        let target = match choice {
            Choice::Accept(at) | Choice::Reject(at) => Some(self.candidate(at)?),
            Choice::None => None,
        };
        let factor = self.factor.filter(|_| matches!(choice, Choice::Accept(_)));
        let link = Link {
            source_name: case.name.as_str().into(),
            target_name: target.map_or("", |target| &target.target_name).into(),
            relation: if target.is_some() { Relation::Equal } else { Relation::None },
            factor: factor.unwrap_or(Factor::ONE),
            reason: self.reason.as_str().into(),
            ..Link::equal(kind, case.source.parse().ok()?, &case.code, target.map_or("", |target| &target.target))
        };
        let verdict = if matches!(choice, Choice::Reject(_)) { Verdict::Reject } else { Verdict::Accept };
        let (decided_by, seconded_by, origin) = (self.by.into(), "".into(), Origin::Person);
        Some(Decision { decided_at: now, decided_by, seconded_by, verdict, link, origin })
    }
}

/// A line that is being typed.
enum Line {
    Open(String),
    Done(String),
    Left,
}

fn line(mut typed: String, key: &Key) -> Line {
    match key {
        Key::Enter => return Line::Done(typed),
        Key::Escape => return Line::Left,
        Key::Backspace => _ = typed.pop(),
        Key::Char(letter) if !letter.is_control() && typed.chars().count() < LONGEST_LINE => typed.push(*letter),
        _ => {}
    }
    Line::Open(typed)
}

#[cfg(test)]
mod tests;
