//! The difference between what should be at the target, what is there, and what we put there.

use std::collections::HashMap;
use std::fmt::Write;

use mlatho_connect::dhis2::{DataValue, ValueKey};
use mlatho_model::{Decimal, Uid};
use xxhash_rust::xxh3::Xxh3;

use super::log::SentValue;
use super::names::{Key, NONE, Names};

/// A value that should be at the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedValue {
    pub data_set: Uid,
    pub key: ValueKey,
    pub value: Decimal,
    /// None: the comment at the target, if there is one, stays.
    pub comment: Option<Box<str>>,
}

/// What is to happen with one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// The target does not hold it.
    New,
    /// The target holds another value or comment.
    Changed,
    /// We sent it before, it is still there, and it is no longer wanted.
    Withdraw,
    /// Somebody else changed or removed it since we sent it. A person decides.
    Conflict,
    /// It is wanted twice with two values. A person decides.
    Contradiction,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::New, Self::Changed, Self::Withdraw, Self::Conflict, Self::Contradiction];

    /// The stable name; the text for people is the catalogue key `publish-kind-<name>`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Withdraw => "withdraw",
            Self::Conflict => "conflict",
            Self::Contradiction => "contradiction",
        }
    }

    const fn is_sent(self) -> bool {
        matches!(self, Self::New | Self::Changed | Self::Withdraw)
    }
}

/// What happens with values that somebody else changed since we sent them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConflictRule {
    /// They stay as they are, and are listed.
    #[default]
    Keep,
    /// Ours replace them.
    Replace,
}

/// One value of a plan, in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub kind: Kind,
    pub data_set: Uid,
    pub key: ValueKey,
    /// What is wanted; none where it is no longer wanted.
    pub new: Option<Box<str>>,
    /// What the target holds; none where it holds nothing.
    pub old: Option<Box<str>>,
    /// The comment that is sent along, that of the target included.
    pub comment: Option<Box<str>>,
    pub follow_up: bool,
    /// Whether the target's value was never ours.
    pub foreign: bool,
}

impl Change {
    /// The value as it is sent.
    #[must_use]
    pub fn data_value(&self) -> DataValue {
        let deleted = self.new.is_none();
        DataValue {
            key: self.key,
            value: self.new.clone(),
            comment: self.comment.clone().filter(|_| !deleted),
            follow_up: self.follow_up && !deleted,
            deleted,
        }
    }
}

/// Who says something about a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Voice {
    Wanted,
    Held,
    /// We intended to send it and do not know whether it arrived.
    Intended,
    /// We sent it and read it back.
    Confirmed,
}

/// 28 bytes that first hold what one voice says about a value, and then what is to happen with it.
#[derive(Clone, Copy, Debug)]
struct Entry {
    key: Key,
    value: u32,
    old: u32,
    comment: u32,
    voice: Voice,
    kind: Kind,
    follow_up: bool,
    foreign: bool,
}

/// Collects the three sides in any order, then compares them.
#[derive(Debug, Default)]
pub struct Planner {
    names: Names,
    entries: Vec<Entry>,
}

impl Planner {
    /// A value that should be at the target.
    pub fn wants(&mut self, wanted: &WantedValue) {
        let text = wanted.value.normalize().to_string();
        self.add(Voice::Wanted, wanted.data_set, &wanted.key, Some(&text), wanted.comment.as_deref(), false);
    }

    /// A value that the target holds. Deleted ones are not held.
    pub fn holds(&mut self, data_set: Uid, held: &DataValue) {
        if !held.deleted {
            let (value, comment) = (held.value.as_deref(), held.comment.as_deref());
            self.add(Voice::Held, data_set, &held.key, value, comment, held.follow_up);
        }
    }

    /// A value that we sent earlier.
    pub fn sent(&mut self, sent: &SentValue) {
        let voice = if sent.confirmed { Voice::Confirmed } else { Voice::Intended };
        self.add(voice, sent.data_set, &sent.key, sent.value.as_deref(), None, false);
    }

    fn add(
        &mut self,
        voice: Voice,
        set: Uid,
        key: &ValueKey,
        value: Option<&str>,
        comment: Option<&str>,
        follow: bool,
    ) {
        let key = self.names.key(set, key);
        let value = self.names.value(value);
        let comment = self.names.text(comment.filter(|comment| !comment.is_empty()));
        let kind = Kind::New;
        self.entries.push(Entry { key, value, old: NONE, comment, voice, kind, follow_up: follow, foreign: false });
    }

    /// A value is one value whichever data set it is reported in. What is held, or was sent, in a data set that shares a
    /// data element with the one in which the value is wanted now, is compared there: otherwise a data element that
    /// moved from one to the other would be withdrawn from the one and missing in the other.
    fn follow_wanted(&mut self) {
        let shared = self.names.shared_elements();
        if shared.is_empty() {
            return;
        }
        let (names, mut wanted) = (&self.names, HashMap::<_, Vec<Key>>::new());
        for entry in self.entries.iter().filter(|entry| entry.voice == Voice::Wanted && shared.contains(entry.key)) {
            let keys = wanted.entry(names.place(entry.key)).or_default();
            if !keys.contains(&entry.key) {
                keys.push(entry.key);
            }
        }
        for entry in self.entries.iter_mut().filter(|entry| shared.contains(entry.key)) {
            if let Some([only]) = wanted.get(&names.place(entry.key)).map(Vec::as_slice) {
                entry.key = *only;
            }
        }
    }

    /// Compares. The order of the plan is that of data set, attribute option combo, period, org unit, data element and
    /// category option combo, whatever order the sides arrived in.
    #[must_use]
    pub fn finish(mut self) -> Plan {
        self.follow_wanted();
        let renumber = self.names.sort();
        for entry in &mut self.entries {
            entry.key = renumber(entry.key);
        }
        let names = &self.names;
        // Among equal voices by text, so that even contradictions come out the same each time.
        self.entries.sort_unstable_by(|a, b| {
            (a.key, a.voice).cmp(&(b.key, b.voice)).then_with(|| names.read(a.value).cmp(&names.read(b.value)))
        });
        let (mut read, mut write, mut unchanged, mut adopted) = (0, 0, 0, Vec::new());
        while let Some(first) = self.entries.get(read).copied() {
            let rest = self.entries.get(read..).unwrap_or_default();
            let length = rest.iter().take_while(|entry| entry.key == first.key).count();
            let decided = decide(rest.get(..length).unwrap_or_default());
            read += length;
            match decided {
                Decided::Change(entry) => {
                    if let Some(slot) = self.entries.get_mut(write) {
                        *slot = entry; // each value fills at least one place, so this one has been read
                    }
                    write += 1;
                }
                Decided::Unchanged { adopt } => {
                    unchanged += 1;
                    if adopt {
                        adopted.push((first.key, first.value));
                    }
                }
                Decided::Nothing { adopt } => adopted.extend(adopt.then_some((first.key, NONE))),
            }
        }
        self.entries.truncate(write);
        self.entries.shrink_to_fit();
        Plan { names: self.names, entries: self.entries, unchanged, adopted }
    }
}

enum Decided {
    Change(Entry),
    /// `adopt`: it is there because we sent it, and that was never confirmed.
    Unchanged {
        adopt: bool,
    },
    /// Not ours and not wanted, or gone already. `adopt`: gone because we withdrew it, and that was never confirmed.
    Nothing {
        adopt: bool,
    },
}

/// Decides about one value. The entries are of one key, in the order of voices.
fn decide(entries: &[Entry]) -> Decided {
    let of = |voice: Voice| entries.iter().filter(move |entry| entry.voice == voice);
    let (wanted, held) = (of(Voice::Wanted).next(), of(Voice::Held).next());
    let contradicted = of(Voice::Wanted).any(|entry| Some(entry.value) != wanted.map(|wanted| wanted.value));
    let confirmed = of(Voice::Confirmed).next();
    let ours =
        |value: u32| entries.iter().any(|e| matches!(e.voice, Voice::Intended | Voice::Confirmed) && e.value == value);
    let Some(any) = wanted.or(held) else {
        return Decided::Nothing { adopt: ours(NONE) && confirmed.is_some_and(|sent| sent.value != NONE) };
    };
    let mut change = Entry {
        old: held.map_or(NONE, |held| held.value),
        comment: held.map_or(NONE, |held| held.comment),
        follow_up: held.is_some_and(|held| held.follow_up),
        ..*any
    };
    match (wanted, held) {
        (Some(_), _) if contradicted => change.kind = Kind::Contradiction,
        (Some(wanted), Some(held)) => {
            let keeps_comment = wanted.comment == NONE || wanted.comment == held.comment;
            if wanted.value == held.value && keeps_comment {
                let is_confirmed = confirmed.is_some_and(|sent| sent.value == held.value);
                return Decided::Unchanged { adopt: ours(held.value) && !is_confirmed };
            }
            if !keeps_comment {
                change.comment = wanted.comment;
            }
            change.foreign = !ours(held.value);
            let theirs = confirmed.is_some() && change.foreign && wanted.value != held.value;
            change.kind = if theirs { Kind::Conflict } else { Kind::Changed };
        }
        (Some(wanted), None) => {
            change.comment = wanted.comment;
            let removed = confirmed.is_some_and(|sent| sent.value != NONE) && !ours(NONE);
            change.kind = if removed { Kind::Conflict } else { Kind::New };
        }
        (None, Some(held)) => {
            change.value = NONE;
            change.kind = match confirmed {
                _ if held.value != NONE && ours(held.value) => Kind::Withdraw,
                Some(sent) if sent.value != NONE => Kind::Conflict,
                _ => return Decided::Nothing { adopt: false },
            };
        }
        (None, None) => return Decided::Nothing { adopt: false },
    }
    Decided::Change(change)
}

/// What is to be done at a target, value by value, in a stable order.
#[derive(Debug)]
pub struct Plan {
    names: Names,
    entries: Vec<Entry>,
    unchanged: u64,
    adopted: Vec<(Key, u32)>,
}

/// How many values of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub new: u64,
    pub changed: u64,
    /// Those among the changed whose value at the target was never ours.
    pub foreign: u64,
    pub withdraw: u64,
    pub conflicts: u64,
    pub contradictions: u64,
    pub unchanged: u64,
}

impl Plan {
    /// Every value with something to do or to decide.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        self.entries.iter().filter_map(|entry| self.change(entry))
    }

    /// Those that are sent: new, changed, and to be withdrawn.
    pub fn to_send(&self) -> impl Iterator<Item = Change> {
        self.entries.iter().filter(|entry| entry.kind.is_sent()).filter_map(|entry| self.change(entry))
    }

    /// Values that are at the target because we sent them, which an interrupted run did not get to confirm.
    pub(super) fn adopted(&self) -> impl Iterator<Item = SentValue> {
        self.adopted.iter().filter_map(|&(key, value)| {
            let (data_set, key) = self.names.full(key)?;
            Some(SentValue { data_set, key, value: self.names.read(value).map(Into::into), confirmed: true })
        })
    }

    fn change(&self, entry: &Entry) -> Option<Change> {
        let text = |number| self.names.read(number).map(Into::into);
        let (data_set, key) = self.names.full(entry.key)?;
        Some(Change {
            kind: entry.kind,
            data_set,
            key,
            new: text(entry.value),
            old: text(entry.old),
            comment: text(entry.comment),
            follow_up: entry.follow_up,
            foreign: entry.foreign,
        })
    }

    /// How many of each kind, over all data sets.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { unchanged: self.unchanged, ..Counts::default() };
        self.entries.iter().for_each(|entry| counts.add(entry));
        counts
    }

    /// How many of each kind for each data set with changes; unchanged values are counted over all only.
    #[must_use]
    pub fn counts_by_data_set(&self) -> Vec<(Uid, Counts)> {
        let mut sets: Vec<(Uid, Counts)> = Vec::new();
        for entry in &self.entries {
            let Some((data_set, ..)) = self.names.slice(entry.key) else { continue };
            if sets.last().is_none_or(|(last, _)| last != data_set) {
                sets.push((*data_set, Counts::default()));
            }
            if let Some((_, counts)) = sets.last_mut() {
                counts.add(entry);
            }
        }
        sets
    }

    /// Whether there is nothing to send.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.entries.iter().any(|entry| entry.kind.is_sent())
    }

    /// Applies the rule to values that somebody else changed.
    pub fn resolve(&mut self, rule: ConflictRule) {
        if rule == ConflictRule::Keep {
            return;
        }
        for entry in self.entries.iter_mut().filter(|entry| entry.kind == Kind::Conflict) {
            entry.kind = match (entry.value, entry.old) {
                (NONE, _) => Kind::Withdraw,
                (_, NONE) => Kind::New,
                _ => Kind::Changed,
            };
        }
    }

    /// Takes out what `refuses` refuses among the values to send, and returns it with the reason.
    pub(super) fn take_out<R>(&mut self, mut refuses: impl FnMut(&Change) -> Option<R>) -> Vec<(Change, R)> {
        let mut taken = Vec::new();
        let mut entries = std::mem::take(&mut self.entries);
        entries.retain(|entry| {
            let Some(change) = self.change(entry).filter(|change| change.kind.is_sent()) else { return true };
            match refuses(&change) {
                Some(reason) => {
                    taken.push((change, reason));
                    false
                }
                None => true,
            }
        });
        self.entries = entries;
        taken
    }

    /// Names the plan: equal for equal plans, on every machine and in every run. 32 hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        let (mut hasher, mut line) = (Xxh3::new(), String::new());
        for change in self.changes() {
            line.clear();
            let Change { kind, data_set, key, new, old, comment, .. } = change;
            let ValueKey { data_element, period, org_unit, category_option_combo, attribute_option_combo } = key;
            // Writing into a string does not fail.
            let _ = writeln!(
                line,
                "{} {data_set} {data_element} {period} {org_unit} {category_option_combo} {attribute_option_combo} \
                 {new:?} {old:?} {comment:?}",
                kind.name()
            );
            hasher.update(line.as_bytes());
        }
        format!("{:032x}", hasher.digest128())
    }
}

impl Counts {
    fn add(&mut self, entry: &Entry) {
        match entry.kind {
            Kind::New => self.new += 1,
            Kind::Changed => {
                self.changed += 1;
                self.foreign += u64::from(entry.foreign);
            }
            Kind::Withdraw => self.withdraw += 1,
            Kind::Conflict => self.conflicts += 1,
            Kind::Contradiction => self.contradictions += 1,
        }
    }
}

/// Compares what should be at the target with what it holds and what we sent; see [`Planner`] for streams.
#[must_use]
pub fn plan(
    wanted: impl IntoIterator<Item = WantedValue>,
    held: impl IntoIterator<Item = (Uid, DataValue)>,
    ours: impl IntoIterator<Item = SentValue>,
) -> Plan {
    let mut planner = Planner::default();
    wanted.into_iter().for_each(|wanted| planner.wants(&wanted));
    held.into_iter().for_each(|(data_set, held)| planner.holds(data_set, &held));
    ours.into_iter().for_each(|sent| planner.sent(&sent));
    planner.finish()
}
