//! Areas of the two registers: which of them have one name.

use rustc_hash::{FxHashMap, FxHashSet};

use super::association::Expectation;
use super::fold::pieces;
use super::lexicon::{Lexicon, Meaning};
use super::name::SAINT;
use super::tree::{NodeId, Tree};
use super::words::edits;

/// Share of the facilities of an area that are found in the area of that name in the other register.
const STAY: f64 = 0.9;
/// Edits, as a share of the longer name, up to which two names of areas are one.
const MOST_EDITS: f64 = 0.17;

/// Names of areas, folded, without words such as district.
#[derive(Clone, Debug, Default)]
pub(super) struct AreaNames {
    ids: FxHashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
}

impl AreaNames {
    /// The number of the name that these words are.
    pub(super) fn id(&mut self, words: &[String]) -> u32 {
        let key: Box<str> = words.concat().into();
        *self.ids.entry(key).or_insert_with_key(|key| {
            self.texts.push(key.clone());
            u32::try_from(self.texts.len() - 1).unwrap_or(u32::MAX)
        })
    }

    pub(super) fn text(&self, id: u32) -> &str {
        self.texts.get(id as usize).map_or("", |text| text)
    }

    /// Names that are one but for their spelling, in both orders. A name that stands on both sides has no other spelling.
    fn spellings(&self, left: &FxHashSet<u32>, right: &FxHashSet<u32>) -> FxHashMap<u32, Vec<u32>> {
        let mut by_start: FxHashMap<Option<char>, Vec<u32>> = FxHashMap::default();
        let mut alone: Vec<u32> = right.difference(left).copied().collect();
        alone.sort_unstable();
        for id in alone {
            by_start.entry(sound_of_start(self.text(id))).or_default().push(id);
        }
        let mut found: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        let mut alone: Vec<u32> = left.difference(right).copied().collect();
        alone.sort_unstable();
        for one in alone {
            let letters: Vec<char> = self.text(one).chars().collect();
            for &other in by_start.get(&sound_of_start(self.text(one))).into_iter().flatten() {
                let others: Vec<char> = self.text(other).chars().collect();
                let longest = letters.len().max(others.len());
                if letters.len().abs_diff(others.len()) * 4 <= longest
                    && edits(&letters, &others) <= MOST_EDITS * longest as f64
                {
                    found.entry(one).or_default().push(other);
                    found.entry(other).or_default().push(one);
                }
            }
        }
        found
    }
}

/// First letter, where letters that sound alike are one.
fn sound_of_start(text: &str) -> Option<char> {
    text.chars().next().map(|letter| match letter {
        'q' | 'k' => 'c',
        'z' => 's',
        'r' => 'l',
        'y' => 'i',
        'w' => 'u',
        _ => letter,
    })
}

/// The words of an area's name without those that only say what kind of area it is; all of them, where no other is left.
pub(super) fn area_words(text: &str, lexicon: &Lexicon) -> Vec<String> {
    let all: Vec<String> = pieces(text).into_iter().filter(|piece| !piece.aside).map(|piece| piece.text).collect();
    let mut words = Vec::new();
    let mut index = 0;
    while let Some(word) = all.get(index) {
        let meaning = lexicon.meaning(all.iter().skip(index).map(String::as_str));
        let (plain, length) = match meaning {
            Some((Meaning::Drop, length)) => (None, length),
            Some((Meaning::Saint, length)) => (Some(SAINT.to_owned()), length),
            Some((Meaning::Word(word), length)) => (Some(word.to_string()), length),
            _ => (Some(word.clone()), 1),
        };
        words.extend(plain.filter(|word| !lexicon.is_area_word(word)));
        index += length;
    }
    if words.is_empty() { all } else { words }
}

/// Areas of the other register that have the name of an area of this one.
#[derive(Clone, Debug, Default)]
pub(super) struct Namesakes {
    /// By leaf of this register, sorted: nodes of the other, each with the level of the area of that name, 0 at the top.
    levels: Vec<Vec<(NodeId, usize)>>,
    /// By leaf of this register, sorted: nodes of the other, each with how many right below it are namesakes.
    below: Vec<Vec<(NodeId, u32)>>,
    /// Share of every node of the other register in the node above it.
    shares: Vec<f64>,
    parents: Vec<NodeId>,
}

/// The value of a node in a sorted list.
fn value<T: Copy>(list: &[(NodeId, T)], node: NodeId) -> Option<T> {
    list.binary_search_by_key(&node, |entry| entry.0).ok().map(|place| list[place].1)
}

fn sorted<T: Ord>(values: FxHashMap<NodeId, T>) -> Vec<(NodeId, T)> {
    let mut list: Vec<(NodeId, T)> = values.into_iter().collect();
    list.sort_unstable();
    list
}

impl Namesakes {
    /// Finds the namesakes of all areas of `from` in `to`, and those of `to` in `from`.
    pub(super) fn both(names: &AreaNames, left: &Tree, right: &Tree) -> (Self, Self) {
        let used = |tree: &Tree| (1..tree.len()).map(|node| tree.name(node)).collect::<FxHashSet<u32>>();
        let spellings = names.spellings(&used(left), &used(right));
        (Self::of(left, right, &spellings), Self::of(right, left, &spellings))
    }

    fn of(from: &Tree, to: &Tree, spellings: &FxHashMap<u32, Vec<u32>>) -> Self {
        let mut by_name: FxHashMap<u32, Vec<NodeId>> = FxHashMap::default();
        for node in 1..to.len() {
            by_name.entry(to.name(node)).or_default().push(node);
        }
        let mut found = Self {
            levels: vec![Vec::new()],
            below: vec![Vec::new()],
            shares: (0..to.len()).map(|node| to.share(node)).collect(),
            parents: (0..to.len()).map(|node| to.parent(node)).collect(),
        };
        for leaf in 1..from.len() {
            let mut levels: FxHashMap<NodeId, usize> = FxHashMap::default();
            let mut below: FxHashMap<NodeId, u32> = FxHashMap::default();
            for (level, node) in from.path(leaf).into_iter().enumerate() {
                let name = from.name(node);
                let spelt = spellings.get(&name).into_iter().flatten();
                for &other in [name].iter().chain(spelt).filter_map(|name| by_name.get(name)).flatten() {
                    if levels.insert(other, level).is_none() {
                        *below.entry(to.parent(other)).or_insert(0) += 1;
                    }
                }
            }
            found.levels.push(sorted(levels));
            found.below.push(sorted(below));
        }
        found
    }

    /// Whether an area above or at `to` is a namesake of one above or at `from`.
    pub(super) fn related(&self, from: NodeId, to: &[NodeId]) -> bool {
        self.levels.get(from as usize).is_some_and(|levels| to.iter().any(|node| value(levels, *node).is_some()))
    }
}

impl Expectation for Namesakes {
    fn share(&self, from: NodeId, to: NodeId) -> Option<(f64, usize)> {
        let (everywhere, above) = (*self.shares.get(to as usize)?, *self.parents.get(to as usize)?);
        let count = value(self.below.get(from as usize)?, above)?;
        let chance = (1.0 - STAY) * everywhere;
        Some(match value(self.levels.get(from as usize)?, to) {
            Some(level) => (STAY / f64::from(count) + chance, level),
            None => (chance, 0),
        })
    }
}
