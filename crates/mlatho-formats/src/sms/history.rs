//! What the messages of one log tell about those that follow. Senders are known by a hash that lives as long as the
//! reading: it is never written anywhere.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::pairs::Item;
use super::setup::{Facts, Repeated};

/// Senders and places beyond this many are not remembered.
const MOST: usize = 200_000;
/// Texts of one sender that are remembered.
const TEXTS: usize = 16;
/// Products and pending lines of one sender that are remembered.
const LINES: usize = 100;

/// When a message came, in minutes; whether the log gives the time of day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) minutes: i64,
    pub(super) exact: bool,
}

#[derive(Debug, Default)]
pub(super) struct History {
    senders: HashMap<u64, Sender>,
    places: HashSet<Box<str>>,
    pending: HashMap<Box<str>, Vec<Item>>,
}

#[derive(Debug, Default)]
struct Sender {
    place: Option<Box<str>>,
    texts: VecDeque<(u64, Moment, bool)>,
    stocked: HashSet<Box<str>>,
    fault: Option<bool>,
}

/// What a message changes.
#[derive(Debug, Default)]
pub(super) struct Change<'a> {
    pub(super) registers: Option<&'a str>,
    pub(super) leaves: bool,
    pub(super) fault: Option<bool>,
    /// Products that now have a stock record.
    pub(super) stocked: &'a [Item],
    /// Goods on the way to a place.
    pub(super) gives: Option<(&'a str, &'a [Item])>,
    /// A place whose goods on the way have come.
    pub(super) confirms: bool,
    /// The message's quantities count.
    pub(super) stored: bool,
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A text whose capitals and spaces do not matter.
fn hash_of_text(text: &str) -> u64 {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    hash(&words)
}

impl History {
    /// The facts that the log gives where the message's own setup says nothing.
    pub(super) fn complete(&self, facts: &mut Facts, sender: &str, text: &str, at: Moment) {
        let Some(known) = self.senders.get(&hash(&sender)).filter(|_| !sender.is_empty()) else { return };
        if facts.place.is_none() {
            facts.place = known.place.as_deref().map(Into::into);
        }
        facts.fault = facts.fault.or(known.fault);
        facts.has_stock_record |= !known.stocked.is_empty();
        if facts.pending_transfer.is_empty()
            && let Some(place) = &facts.place
        {
            facts.pending_transfer = self.pending.get(place.as_str()).cloned().unwrap_or_default();
        }
        if facts.repeated.is_none() {
            let text = hash_of_text(text);
            let earlier = known.texts.iter().filter(|(known, ..)| *known == text);
            // A date alone does not show that an hour has not passed.
            let apart = |(_, then, stored): &(u64, Moment, bool)| Repeated {
                minutes: at.minutes.saturating_sub(then.minutes).saturating_abs()
                    + if *stored || (then.exact && at.exact) { 0 } else { 24 * 60 },
                stored: *stored,
            };
            facts.repeated = earlier.map(apart).min_by_key(|repeated| repeated.minutes);
        }
    }

    /// Whether a message of the log has made the place known.
    pub(super) fn knows(&self, place: &str) -> bool {
        self.places.contains(place)
    }

    /// Remembers what a message changed. `place` is that of the sender.
    pub(super) fn remember(&mut self, sender: &str, place: Option<&str>, text: &str, at: Moment, change: &Change<'_>) {
        for place in [place, change.registers].into_iter().flatten() {
            if self.places.len() < MOST {
                self.places.insert(place.into());
            }
        }
        if let Some((to, items)) = change.gives
            && self.pending.len() < MOST
        {
            let waiting = self.pending.entry(to.into()).or_default();
            waiting.extend(items.iter().take(LINES.saturating_sub(waiting.len())).cloned());
        }
        if let Some(place) = place.filter(|_| change.confirms) {
            self.pending.remove(place);
        }
        let key = hash(&sender);
        if sender.is_empty() || (self.senders.len() >= MOST && !self.senders.contains_key(&key)) {
            return;
        }
        let known = self.senders.entry(key).or_default();
        if change.leaves {
            known.place = None;
        }
        if let Some(place) = change.registers {
            known.place = Some(place.into());
        }
        known.fault = change.fault.or(known.fault);
        for item in change.stocked.iter().take(LINES.saturating_sub(known.stocked.len())) {
            known.stocked.insert(item.code.as_str().into());
        }
        known.texts.push_back((hash_of_text(text), at, change.stored));
        if known.texts.len() > TEXTS {
            known.texts.pop_front();
        }
    }
}
