//! Two names beside each other: which words go together, and what is left over.

use super::register::{PreparedName, Record, Word};
use super::words::{WordId, Words, edits};

/// How well two names agree, apart from how rare their words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// All words that tell facilities apart are equal.
    SameWords,
    /// All words go together, some in another spelling.
    Spelling,
    /// One name has more words, which only name a place or stand in parentheses.
    Place,
    /// One name has more words.
    More,
    /// Both names have words that the other lacks.
    Other,
}

impl Agreement {
    pub(super) const COUNT: usize = 5;

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::SameWords => "same words",
            Self::Spelling => "other spelling",
            Self::Place => "place added",
            Self::More => "words added",
            Self::Other => "other words",
        }
    }
}

/// What two names say about a pair.
#[derive(Clone, Copy, Debug)]
pub(super) struct NameMatch {
    /// From words that go together.
    pub(super) same: f64,
    /// From words that the other name lacks; never above zero.
    pub(super) lacking: f64,
    /// From all words that say what it is.
    pub(super) types: f64,
    /// From numbers that tell places of one name apart.
    pub(super) ordinals: f64,
    pub(super) agreement: Agreement,
}

/// The words behind a [`NameMatch`], as they are shown: left – right.
#[derive(Clone, Debug)]
pub(super) struct NameWords {
    pub(super) same: String,
    pub(super) lacking: String,
    pub(super) types: String,
    pub(super) ordinals: String,
}

impl NameMatch {
    pub(super) fn bits(&self) -> f64 {
        self.same + self.lacking + self.types + self.ordinals
    }
}

/// Edits, as a share of the longer word, up to which two words can be one.
const MOST_EDITS: f64 = 0.36;
/// How much of a word's information each share of edits takes: all of it where two words can just be one.
const EDIT_SLOPE: f64 = 1.0 / MOST_EDITS;
/// Share of its information that a word counts where both records lie in an area of that name.
const IN_BOTH_AREAS: f64 = 0.7;
/// Share of its information that a lacking word counts against a pair, and how much information counts at most.
const LACKING: f64 = 0.4;
const MOST_LACKING: f64 = 10.0;
/// What is left of that for a word that names an area of either record, and for one in parentheses.
const LACKING_PLACE: f64 = 0.15;
const LACKING_ASIDE: f64 = 0.4;
/// Facilities are renamed: no difference between two names says more against a pair than this.
const RENAMED: f64 = -7.0;
/// Bits where one name says north and the other south.
const CONTRAST: f64 = -5.0;
/// Shares of their information that words for types count; what kind of facility it is counts by itself.
const TYPE_SAME: f64 = 0.25;
const TYPE_LACKING: f64 = 0.07;
const MOST_TYPE: f64 = 6.0;
/// Beyond the surprise at one record of both registers, words that go together say little that is new: this share.
const BEYOND: f64 = 0.3;
const MORE_THAN_ONE_RECORD: f64 = 3.0;
/// Bits for ordinals: equal (at most), on one side only, different.
const ORDINALS_SAME: f64 = 4.0;
const ORDINAL_LACKING: f64 = -3.0;
/// The first of several often bears no number.
const FIRST_LACKING: f64 = -1.5;
const ORDINALS_DIFFER: f64 = -9.0;

/// Two records and the words of both registers.
pub(super) struct Comparison<'a> {
    pub(super) words: &'a Words,
    pub(super) left: &'a Record,
    pub(super) right: &'a Record,
}

/// Which words of two names go together.
struct Alignment {
    /// By word: whether it has a partner.
    left: Vec<bool>,
    right: Vec<bool>,
    bits: f64,
    /// Some partner is spelt in another way.
    respelt: bool,
}

impl Comparison<'_> {
    /// The best of all pairs of names and aliases.
    pub(super) fn best(&self) -> Option<NameMatch> {
        let pairs = self.left.names.iter().flat_map(|a| self.right.names.iter().map(move |b| (a, b)));
        pairs.map(|(a, b)| self.names(a, b)).max_by(|a, b| a.bits().total_cmp(&b.bits()))
    }

    /// The words of the best of all pairs of names and aliases.
    pub(super) fn explained(&self) -> Option<NameWords> {
        let pairs = self.left.names.iter().flat_map(|a| self.right.names.iter().map(move |b| (a, b)));
        let compared = pairs.map(|(a, b)| (self.names(a, b), a, b));
        let (_, a, b) = compared.max_by(|a, b| a.0.bits().total_cmp(&b.0.bits()))?;
        let alignment = self.alignment(a, b);
        let words = |words: &[Word], found: &[bool], wanted: bool| {
            let chosen = words.iter().zip(found).filter(|(_, found)| **found == wanted);
            chosen.map(|(word, _)| self.words.text(word.id)).collect::<Vec<_>>().join(" ")
        };
        let (left, right) = (words(&a.words, &alignment.left, true), words(&b.words, &alignment.right, true));
        let types = |types: &[WordId]| types.iter().map(|word| self.words.text(*word)).collect::<Vec<_>>().join(" ");
        let numbers = |numbers: &[u32]| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
        Some(NameWords {
            same: if left == right { left } else { format!("{left} – {right}") },
            lacking: format!(
                "{} – {}",
                words(&a.words, &alignment.left, false),
                words(&b.words, &alignment.right, false)
            ),
            types: format!("{} – {}", types(&a.types), types(&b.types)),
            ordinals: format!("{} – {}", numbers(&a.ordinals), numbers(&b.ordinals)),
        })
    }

    fn alignment(&self, a: &PreparedName, b: &PreparedName) -> Alignment {
        let mut alignment = self.align(&a.words, &b.words);
        if alignment.left.contains(&false) || alignment.right.contains(&false) {
            self.join(&a.words, &b.words, &mut alignment);
        }
        alignment
    }

    fn names(&self, a: &PreparedName, b: &PreparedName) -> NameMatch {
        let alignment = self.alignment(a, b);
        let lacking = |words: &[Word], found: &[bool]| {
            let lacking = words.iter().zip(found).filter(|(_, found)| !**found).map(|(word, _)| self.lacking(*word));
            lacking.fold((0.0, true), |(sum, place), (bits, is_place)| (sum - bits, place && is_place))
        };
        let (left, left_place) = lacking(&a.words, &alignment.left);
        let (right, right_place) = lacking(&b.words, &alignment.right);
        let agreement = match (left < 0.0, right < 0.0) {
            (false, false) if alignment.respelt => Agreement::Spelling,
            (false, false) => Agreement::SameWords,
            _ if left_place && right_place => Agreement::Place,
            (true, true) => Agreement::Other,
            _ => Agreement::More,
        };
        let most = f64::from(self.words.records().max(2)).log2() + MORE_THAN_ONE_RECORD;
        let contrast = |one: WordId| free(&b.words, &alignment.right).any(|other| self.words.contrast(one, other));
        let excluding = free(&a.words, &alignment.left).any(contrast);
        let same = alignment.bits.min(most + (alignment.bits - most).max(0.0) * BEYOND);
        NameMatch {
            same,
            lacking: (left + right + if excluding { CONTRAST } else { 0.0 }).max(RENAMED - same).min(0.0),
            types: self.types(&a.types, &b.types),
            ordinals: ordinals(&a.ordinals, &b.ordinals),
            agreement,
        }
    }

    /// Puts words together, the most telling first.
    fn align(&self, a: &[Word], b: &[Word]) -> Alignment {
        let mut pairs = Vec::new();
        for (i, one) in a.iter().enumerate() {
            for (j, other) in b.iter().enumerate() {
                if let Some(distance) = self.words.distance(one.id, other.id, MOST_EDITS) {
                    let information = self.information(one.id).min(self.information(other.id));
                    pairs.push((information * (1.0 - EDIT_SLOPE * distance), i, j, distance > 0.0));
                }
            }
        }
        pairs.sort_by(|one, other| other.0.total_cmp(&one.0));
        let mut alignment =
            Alignment { left: vec![false; a.len()], right: vec![false; b.len()], bits: 0.0, respelt: false };
        for (bits, i, j, respelt) in pairs {
            if !alignment.left[i] && !alignment.right[j] {
                alignment.left[i] = true;
                alignment.right[j] = true;
                alignment.bits += bits;
                alignment.respelt |= respelt;
            }
        }
        alignment
    }

    /// Puts words together that are written as one on one side: `kyabi rwa` and `kyabirwa`.
    fn join(&self, a: &[Word], b: &[Word], alignment: &mut Alignment) {
        if a.len() + b.len() < 3 {
            return;
        }
        self.join_two(a, b, &mut alignment.left, &mut alignment.right, &mut alignment.bits);
        self.join_two(b, a, &mut alignment.right, &mut alignment.left, &mut alignment.bits);
        let letters =
            |words: &[Word]| words.iter().flat_map(|word| self.words.letters(word.id)).copied().collect::<Vec<_>>();
        let (one, other) = (letters(a), letters(b));
        let longest = one.len().max(other.len());
        if one.len().abs_diff(other.len()) * 4 > longest {
            return;
        }
        let distance = edits(&one, &other) / longest as f64;
        if distance > MOST_EDITS / 2.0 {
            return;
        }
        let information = |words: &[Word]| words.iter().map(|word| self.information(word.id)).sum::<f64>();
        let bits = information(a).min(information(b)) * (1.0 - EDIT_SLOPE * distance);
        if bits > alignment.bits {
            alignment.bits = bits;
            alignment.respelt = true;
            alignment.left.fill(true);
            alignment.right.fill(true);
        }
    }

    /// Puts two neighbouring words of the one name to a word of the other.
    fn join_two(&self, two: &[Word], one: &[Word], found_two: &mut [bool], found_one: &mut [bool], bits: &mut f64) {
        for j in (0..one.len()).filter(|j| !found_one[*j]).collect::<Vec<_>>() {
            let whole = self.words.letters(one[j].id);
            for i in 1..two.len() {
                let (first, second) = (self.words.letters(two[i - 1].id), self.words.letters(two[i].id));
                if found_two[i - 1] || found_two[i] || whole.len().abs_diff(first.len() + second.len()) > 1 {
                    continue;
                }
                let distance = edits(&[first, second].concat(), whole) / whole.len() as f64;
                if distance <= MOST_EDITS / 2.0 {
                    (found_two[i - 1], found_two[i], found_one[j]) = (true, true, true);
                    *bits += self.information(one[j].id).min(MOST_LACKING) * (1.0 - EDIT_SLOPE * distance);
                    break;
                }
            }
        }
    }

    /// Words for types, in the one name and in both.
    fn types(&self, a: &[WordId], b: &[WordId]) -> f64 {
        let information = |word: &WordId| self.words.information(*word).min(MOST_TYPE);
        let one_sided = |here: &[WordId], there: &[WordId]| {
            here.iter().filter(|word| !there.contains(word)).map(information).sum::<f64>() * TYPE_LACKING
        };
        let both = a.iter().filter(|word| b.contains(word)).map(information).sum::<f64>() * TYPE_SAME;
        if a.is_empty() || b.is_empty() { 0.0 } else { both - one_sided(a, b) - one_sided(b, a) }
    }

    /// How much a word tells, where it does not only say where both facilities are anyway.
    fn information(&self, word: WordId) -> f64 {
        let both =
            self.left.area_words.binary_search(&word).is_ok() && self.right.area_words.binary_search(&word).is_ok();
        self.words.information(word) * if both { IN_BOTH_AREAS } else { 1.0 }
    }

    /// What a word that the other name lacks counts against the pair, and whether it only says where the facility is.
    fn lacking(&self, word: Word) -> (f64, bool) {
        let place = [self.left, self.right].iter().any(|record| record.area_words.binary_search(&word.id).is_ok());
        let share = match (place, word.aside) {
            (true, _) => LACKING_PLACE,
            (false, true) => LACKING_ASIDE,
            (false, false) => 1.0,
        };
        (self.words.information(word.id).min(MOST_LACKING) * LACKING * share, place || word.aside)
    }
}

/// Words that have no partner.
fn free(words: &[Word], found: &[bool]) -> impl Iterator<Item = WordId> {
    words.iter().zip(found).filter(|(_, found)| !**found).map(|(word, _)| word.id)
}

fn ordinals(a: &[u32], b: &[u32]) -> f64 {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => 0.0,
        _ if a == b => ORDINALS_SAME,
        (true, false) | (false, true) if a == [1] || b == [1] => FIRST_LACKING,
        (true, false) | (false, true) => ORDINAL_LACKING,
        _ if a.iter().any(|ordinal| b.contains(ordinal)) => ORDINAL_LACKING,
        _ => ORDINALS_DIFFER,
    }
}
