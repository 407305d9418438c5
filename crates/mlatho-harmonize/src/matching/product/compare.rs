//! How alike two products are: evidence in bits.
//!
//! Weights are base-2 logarithms of likelihood ratios in round numbers: how much oftener a part agrees (or differs) in
//! two names of one product than in names of two products. They are one prior for every country, set from what the
//! parts mean, not fitted to a list.

use std::collections::BTreeSet;

use super::amount::Likeness;
use super::index::Rarity;
use super::lexicon::{ItemKind, LEXICON};
use super::name::ProductName;
use super::record::Record;
use crate::matching::Evidence;

/// What a pair says before anything is compared: one right pair among some sixty.
const PRIOR_BITS: f64 = -6.0;

/// Where no item is known, words must carry the pair; they weigh less where items are known.
const WORDS_ALONE: (f64, f64) = (1.0, 14.0);
const WORDS_BESIDE: (f64, f64) = (0.35, 5.0);
/// The name of a thing says less than that of a substance: there are many bandages and needles.
const WORDS_OF_THINGS: (f64, f64) = (0.6, 5.0);

/// The evidence for and against a pair; it sums to its score. `rarity` says how much words weigh.
pub(in crate::matching) fn compare(left: &Record, right: &Record, rarity: &Rarity<'_>) -> Vec<Evidence> {
    let mut case = Case(Vec::new());
    case.add("prior", "one-of-many", PRIOR_BITS);
    case.codes(left, right);
    case.names(left, right);
    case.items(&left.name.items, &right.name.items, left.name.kind == right.name.kind, left.name.kind);
    case.forms(left, right);
    case.people(left.name.people, right.name.people);
    case.sizes(&left.name, &right.name);
    // How much there is tells nothing where it is not of the same thing.
    if !apart(&left.name.items, &right.name.items) {
        case.strengths(left, right);
        case.contents(left, right);
        case.packs(&left.name, &right.name);
        case.doses(left.name.doses, right.name.doses);
        case.salts(&left.name.salts, &right.name.salts);
    }
    case.words(left, right, rarity);
    case.0
}

/// Evidence as it is gathered.
struct Case(Vec<Evidence>);

impl Case {
    fn add(&mut self, feature: &'static str, finding: impl Into<String>, bits: f64) {
        self.0.push(Evidence { feature, finding: finding.into(), bits });
    }

    /// An unequal code says nothing: each system has codes of its own. The longer an equal one, the less it is chance.
    fn codes(&mut self, left: &Record, right: &Record) {
        if let Some(code) = left.code.as_ref().filter(|code| right.code.as_ref() == Some(code)) {
            self.add("code", code.clone(), (3.0 * count(code.len())).min(16.0));
        }
    }

    /// Equal names, and of two names that mean the same the one that is written alike.
    fn names(&mut self, left: &Record, right: &Record) {
        let alike = |one: &String| right.spellings.iter().map(|two| dice(one, two)).fold(0.0, f64::max);
        let alike = left.spellings.iter().map(alike).fold(0.0, f64::max);
        if left.spellings.iter().any(|spelling| right.spellings.contains(spelling)) {
            self.add("name", "equal", 5.0);
        } else if alike > 0.0 {
            self.add("name", format!("{:.0}%", alike * 100.0), 1.5 * alike);
        }
    }

    fn items(&mut self, one: &[&'static str], two: &[&'static str], same_kind: bool, kind: Option<ItemKind>) {
        let text = || both(&one.join(" + "), &two.join(" + "));
        let shared = one.iter().filter(|name| two.contains(name)).count();
        let things = same_kind && kind == Some(ItemKind::Supply);
        if one.is_empty() && two.is_empty() {
            return;
        }
        if one.is_empty() || two.is_empty() {
            self.add("substance", text(), -1.5);
        } else if one == two {
            self.add("substance", one.join(" + "), if things { 7.5 } else { 10.0 });
        } else if is_class(one, two) || is_class(two, one) {
            self.add("substance", text(), if things { 1.5 } else { 6.5 });
        } else if shared > 0 {
            let alike = substitutes(one, two);
            let all = count(one.len() + two.len() - shared - alike);
            let part = (count(shared) + 0.25 * count(alike)) / all;
            self.add("substance", text(), 10.0 * part - 5.0 * (1.0 - part));
        } else if !groups(one).is_disjoint(&groups(two)) {
            self.add("group", text(), -3.0);
        } else {
            self.add("substance", text(), if things { -5.0 } else { -9.0 });
        }
    }

    fn strengths(&mut self, left: &Record, right: &Record) {
        match (&left.name.strength, &right.name.strength) {
            (Some(one), Some(two)) => match one.likeness(two, [left.name.volume(), right.name.volume()]) {
                Likeness::Equal => self.add("strength", "equal", 4.5),
                Likeness::EqualSum => self.add("strength", "equal-sum", 3.5),
                Likeness::Partly => self.add("strength", "partly", 0.5),
                Likeness::Different(times) => self.add("strength", "different", -1.5 - 0.8 * times.min(3.0)),
                Likeness::Incomparable => {}
            },
            (None, None) => {}
            _ => self.add("strength", "one-side", -0.5),
        }
    }

    fn forms(&mut self, left: &Record, right: &Record) {
        if let (Some(one), Some(two)) = (left.name.form, right.name.form) {
            if one == two {
                return self.add("form", one, 2.0);
            }
            if left.name.used == right.name.used {
                return self.add("form", both(one, two), 0.5);
            }
        }
        let solid = |used: &str| matches!(used, "oral solid" | "implant" | "rectal" | "vaginal" | "transdermal");
        match (left.used(), right.used()) {
            (Some(one), Some(two)) if one == two => self.add("use", one, 1.0),
            // Where only the way of giving the strength tells that it is a liquid, any liquid may be meant.
            (Some(one), Some(two)) if one == "liquid" || two == "liquid" => {
                self.add("use", both(one, two), if solid(one) || solid(two) { -3.0 } else { 0.5 });
            }
            (Some(one), Some(two)) => self.add("use", both(one, two), -4.0),
            // An amount that is not in a volume is rather that of a tablet than that of a liquid.
            (Some("liquid"), None) if right.name.strength.is_some() => self.add("use", "liquid | ", -0.7),
            (None, Some("liquid")) if left.name.strength.is_some() => self.add("use", " | liquid", -0.7),
            _ => {}
        }
    }

    fn contents(&mut self, left: &Record, right: &Record) {
        match (left.name.content, right.name.content) {
            (Some(one), Some(two)) if one == two => self.add("content", one.to_string(), 1.2),
            (Some(one), Some(two)) => self.add("content", both(&one.to_string(), &two.to_string()), -0.8),
            _ => {}
        }
    }

    /// Packs of one item differ; courses of treatment, which are packed as `30x18` or `6x3`, do not.
    fn packs(&mut self, left: &ProductName, right: &ProductName) {
        let (Some(total), Some(other)) = (left.pack_total(), right.pack_total()) else { return };
        let (one, two) = (&left.pack, &right.pack);
        let holds = |whole: &[u32], part: u32| whole.len() > 1 && whole.last() == Some(&part);
        let bits = if total == other {
            1.0
        } else if holds(one, other) || holds(two, total) {
            0.8
        } else if one.len() > 1 && two.len() > 1 {
            -1.5
        } else {
            -0.3
        };
        self.add("pack", both(&left.pack_text(), &right.pack_text()), bits);
    }

    fn doses(&mut self, one: Option<u32>, two: Option<u32>) {
        if let (Some(one), Some(two)) = (one, two) {
            self.add("doses", both(&one.to_string(), &two.to_string()), if one == two { 1.5 } else { -2.0 });
        }
    }

    fn people(&mut self, one: Option<&str>, two: Option<&str>) {
        match (one, two) {
            (Some(one), Some(two)) => self.add("people", both(one, two), if one == two { 1.0 } else { -3.0 }),
            // Adults are meant where nobody is named.
            (Some(one), None) | (None, Some(one)) if one != "adult" => self.add("people", one, -0.7),
            _ => {}
        }
    }

    fn salts(&mut self, one: &[&str], two: &[&str]) {
        if !one.is_empty() && !two.is_empty() {
            let shared = one.iter().any(|salt| two.contains(salt));
            self.add("salt", both(&one.join(" "), &two.join(" ")), if shared { 0.3 } else { -0.7 });
        }
    }

    fn sizes(&mut self, left: &ProductName, right: &ProductName) {
        let (one, two) = (&left.sizes, &right.sizes);
        if one.is_empty() || two.is_empty() {
            return;
        }
        let mut left_over = two.clone();
        let shared = count(one.iter().filter(|size| take(*size, &mut left_over)).count());
        let alone = count(one.len().min(two.len())) - shared;
        // A thing of another size is another thing; beside a substance such numbers are mostly notes.
        let other = if left.kind == Some(ItemKind::Medicine) { -1.0 } else { -4.0 };
        let bits = if shared > 0.0 { (1.5 * shared).min(4.0) - (1.5 * alone).min(3.0) } else { other };
        self.add("size", both(&one.join(" "), &two.join(" ")), bits);
    }

    fn words(&mut self, left: &Record, right: &Record, rarity: &Rarity<'_>) {
        let (one, two) = (&left.words, &right.words);
        if one.is_empty() && two.is_empty() {
            return;
        }
        let sum = |words: &mut dyn Iterator<Item = &Box<str>>| words.map(|word| rarity.weight(word)).sum::<f64>();
        let shared = sum(&mut one.intersection(two));
        let (only_one, only_two) = (sum(&mut one.difference(two)), sum(&mut two.difference(one)));
        let known = !left.name.items.is_empty() && !right.name.items.is_empty();
        let thing = left.name.kind == Some(ItemKind::Supply) && right.name.kind == left.name.kind;
        let (times, most) = match (known, thing) {
            (true, true) => WORDS_OF_THINGS,
            (true, false) => WORDS_BESIDE,
            (false, _) => WORDS_ALONE,
        };
        let apart = 0.3 * only_one.min(only_two) + 0.06 * (only_one + only_two);
        let list: Vec<&str> = one.intersection(two).map(AsRef::as_ref).collect();
        self.add("words", list.join(" "), (times * shared).min(most) - (times * apart).min(most / 2.0));
    }
}

fn both(one: &str, two: &str) -> String {
    if one == two { one.to_owned() } else { format!("{one} | {two}") }
}

/// Whether the first is one name of a class to which one of the others belongs.
fn is_class(one: &[&str], two: &[&str]) -> bool {
    matches!(one, [class] if two.iter().any(|name| LEXICON.is_class_of(class, name)))
}

fn groups(names: &[&str]) -> BTreeSet<&'static str> {
    names.iter().filter_map(|name| LEXICON.group(name)).collect()
}

/// Words in common, as a part of all words: twice the shared ones over the words of both.
fn dice(one: &str, two: &str) -> f64 {
    let (one, mut two): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), two.split(' ').collect());
    let all = count(one.len() + two.len());
    2.0 * count(one.iter().filter(|word| take(*word, &mut two)).count()) / all
}

/// Takes a word out of the list; whether it was there.
fn take<T: PartialEq>(word: &T, list: &mut Vec<T>) -> bool {
    let at = list.iter().position(|other| other == word);
    at.map(|at| list.swap_remove(at)).is_some()
}

/// Whether both name items and share none.
fn apart(one: &[&str], two: &[&str]) -> bool {
    let classes = |name: &str, names: &[&str]| {
        names.iter().any(|other| LEXICON.is_class_of(name, other) || LEXICON.is_class_of(other, name))
    };
    !one.is_empty() && !two.is_empty() && !one.iter().any(|name| two.contains(name) || classes(name, two))
}

/// How many items of one list, which are not in the other, have one of the same group there.
fn substitutes(one: &[&'static str], two: &[&'static str]) -> usize {
    let alone = |names: &[&'static str], other: &[&'static str]| -> Vec<_> {
        names.iter().filter(|name| !other.contains(name)).filter_map(|name| LEXICON.group(name)).collect()
    };
    let mut others = alone(two, one);
    alone(one, two).iter().filter(|group| take(*group, &mut others)).count()
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
