//! Which records of the other list are worth comparing.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

/// Candidates that are compared in full for each record.
const MOST: usize = 60;

/// Records by their keys, rare keys weighing more.
#[derive(Debug, Default)]
pub(in crate::matching) struct Index {
    records: usize,
    postings: BTreeMap<Box<str>, Vec<usize>>,
}

impl Index {
    pub(in crate::matching) fn new(keys: impl IntoIterator<Item = Vec<String>>) -> Self {
        let mut index = Self::default();
        for (record, keys) in keys.into_iter().enumerate() {
            index.records = record + 1;
            for key in keys {
                index.postings.entry(key.into()).or_default().push(record);
            }
        }
        index
    }

    /// How rare a key is, in bits; a key that is in no record is as rare as one in a single record.
    fn weight(&self, key: &str) -> f64 {
        let found = self.postings.get(key).map_or(1, Vec::len).max(1);
        (real(self.records.max(1) + 1) / real(found)).log2()
    }

    /// Whether any record has the key.
    pub(in crate::matching) fn has(&self, key: &str) -> bool {
        self.postings.contains_key(key)
    }

    /// Keys that begin alike.
    pub(in crate::matching) fn beginning<'a>(&'a self, with: &'a str) -> impl Iterator<Item = &'a str> {
        self.postings
            .range::<str, _>((Bound::Included(with), Bound::Unbounded))
            .map(|(key, _)| &**key)
            .take_while(move |key| key.starts_with(with))
    }

    /// The records that share the most, the best first; of equals the earlier.
    pub(in crate::matching) fn candidates(&self, keys: &[String]) -> Vec<usize> {
        let mut shared = vec![0.0; self.records];
        let mut found = Vec::new();
        for key in keys {
            let weight = self.weight(key) * if key.starts_with("g:") { 0.1 } else { 1.0 };
            for &record in self.postings.get(key.as_str()).into_iter().flatten() {
                if shared[record] <= 0.0 {
                    found.push(record);
                }
                shared[record] += weight;
            }
        }
        let better = |a: &usize, b: &usize| shared[*b].total_cmp(&shared[*a]).then(a.cmp(b));
        if found.len() > MOST {
            found.select_nth_unstable_by(MOST, better);
            found.truncate(MOST);
        }
        found.sort_by(better);
        found
    }
}

/// How rare words are in both lists together, so that a pair weighs the same from either side.
#[derive(Debug)]
pub(in crate::matching) struct Rarity<'a> {
    records: usize,
    found: HashMap<&'a str, usize>,
}

impl<'a> Rarity<'a> {
    pub(in crate::matching) fn new(records: impl Iterator<Item = &'a BTreeSet<Box<str>>>) -> Self {
        let mut rarity = Self { records: 0, found: HashMap::new() };
        for words in records {
            rarity.records += 1;
            words.iter().for_each(|word| *rarity.found.entry(word).or_default() += 1);
        }
        rarity
    }

    /// In bits; a word that two records share is never without weight.
    pub(in crate::matching) fn weight(&self, word: &str) -> f64 {
        let found = self.found.get(word).copied().unwrap_or(1);
        (real(self.records + 2) / real(found)).log2()
    }
}

/// Words of one list in the spelling of the other, where a word that is unknown there is one slip from a known one.
pub(in crate::matching) fn respell(words: &BTreeSet<Box<str>>, index: &Index) -> BTreeSet<Box<str>> {
    words.iter().map(|word| nearest(word, index).unwrap_or_else(|| word.clone())).collect()
}

fn nearest(word: &str, index: &Index) -> Option<Box<str>> {
    let length = word.chars().count();
    if length < 5 || index.has(&format!("w:{word}")) {
        return None;
    }
    let most = if length < 8 { 1 } else { 2 };
    let first = format!("w:{}", word.chars().next()?);
    let known = index.beginning(&first).map(|key| &key[2..]);
    let near = known.filter(|known| known.chars().count().abs_diff(length) <= most);
    let (distance, best) = near.map(|known| (strsim::osa_distance(word, known), known)).min()?;
    (distance <= most).then(|| best.into())
}

fn real(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
