//! Words of both registers: how often each occurs, and how far two of them are apart.

use rustc_hash::FxHashMap;

use super::lexicon::Lexicon;

/// Number of a word in [`Words`].
pub(super) type WordId = u32;

/// The words that names in the two registers use.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    ids: FxHashMap<Box<str>, WordId>,
    entries: Vec<Entry>,
    /// Records of both registers.
    records: u32,
}

#[derive(Clone, Debug)]
struct Entry {
    letters: Box<[char]>,
    /// One bit for each letter that occurs.
    letter_set: u64,
    /// Records whose name has the word.
    records: u32,
    /// Group of words of which a place has one of several.
    contrast: Option<u16>,
}

/// How often a word counts as met that was met nowhere else.
const UNMET: f64 = 0.75;

/// What one edit costs, as a share of a full one: letters that registers confuse by sound.
const SOUND: f64 = 0.4;
/// A doubled letter, or an `h` more or less.
const DOUBLING: f64 = 0.3;
/// A word that is cut off after its beginning, as a share of the whole; and the shortest beginning that counts.
const CUT: f64 = 0.27;
const SHORTEST_CUT: usize = 6;
/// Two neighbouring letters change places.
const SWAP: f64 = 0.7;

impl Words {
    pub(super) fn id(&mut self, text: &str) -> WordId {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = WordId::try_from(self.entries.len()).unwrap_or(WordId::MAX);
        let letters: Box<[char]> = text.chars().collect();
        let letter_set = letters.iter().fold(0, |set, letter| set | 1 << (u32::from(*letter) % 64));
        self.entries.push(Entry { letters, letter_set, records: 0, contrast: Lexicon::shipped().contrast(text) });
        self.ids.insert(text.into(), id);
        id
    }

    /// Counts one record with these words.
    pub(super) fn count(&mut self, words: &[WordId]) {
        self.records += 1;
        let mut distinct = words.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        for word in distinct {
            if let Some(entry) = self.entries.get_mut(word as usize) {
                entry.records += 1;
            }
        }
    }

    /// Records of both registers.
    pub(super) fn records(&self) -> u32 {
        self.records
    }

    /// Surprise, in bits, at meeting this word by chance in a name of the other register: the two records that are
    /// compared do not count, and what was never met elsewhere is rarer than once in all records.
    pub(super) fn information(&self, word: WordId) -> f64 {
        let records = self.entries.get(word as usize).map_or(0, |entry| entry.records.saturating_sub(2));
        (f64::from(self.records.max(2)) / (f64::from(records) + UNMET)).log2().max(0.0)
    }

    /// Whether two words exclude each other, such as north and south.
    pub(super) fn contrast(&self, one: WordId, other: WordId) -> bool {
        let group = |word: WordId| self.entries.get(word as usize).and_then(|entry| entry.contrast);
        one != other && group(one).is_some() && group(one) == group(other)
    }

    pub(super) fn letters(&self, word: WordId) -> &[char] {
        self.entries.get(word as usize).map_or(&[], |entry| &entry.letters)
    }

    pub(super) fn text(&self, word: WordId) -> String {
        self.letters(word).iter().collect()
    }

    /// Edits between two words as a share of the longer one, or none where it is beyond `most`.
    pub(super) fn distance(&self, one: WordId, other: WordId, most: f64) -> Option<f64> {
        if one == other {
            return Some(0.0);
        }
        let (a, b) = (self.entries.get(one as usize)?, self.entries.get(other as usize)?);
        if a.contrast.is_some() && a.contrast == b.contrast {
            return None;
        }
        let (short, long) = if a.letters.len() < b.letters.len() { (a, b) } else { (b, a) };
        if short.letters.len() >= SHORTEST_CUT && long.letters.starts_with(&short.letters) {
            let share = CUT.min(edits(&a.letters, &b.letters) / long.letters.len() as f64);
            return Some(share).filter(|share| *share <= most);
        }
        let longest = long.letters.len() as f64;
        let alone = (a.letter_set & !b.letter_set).count_ones().max((b.letter_set & !a.letter_set).count_ones());
        if f64::from(alone) * DOUBLING > most * longest {
            return None;
        }
        let cost = edits_up_to(&a.letters, &b.letters, most * longest)?;
        Some(cost / longest)
    }
}

/// Weighted edits between two words (Damerau–Levenshtein, where what is confused by ear or in writing costs less).
pub(super) fn edits(a: &[char], b: &[char]) -> f64 {
    edits_up_to(a, b, f64::INFINITY).unwrap_or(f64::INFINITY)
}

/// The same, or none where it is more than `most`.
fn edits_up_to(a: &[char], b: &[char], most: f64) -> Option<f64> {
    const USUAL: usize = 24;
    let width = b.len() + 1;
    let (mut on_stack, mut on_heap) = ([0.0; 3 * USUAL], Vec::new());
    let rows = if width <= USUAL {
        &mut on_stack[..3 * width]
    } else {
        on_heap.resize(3 * width, 0.0);
        &mut on_heap[..]
    };
    let (mut before, rest) = rows.split_at_mut(width);
    let (mut last, mut current) = rest.split_at_mut(width);
    for j in 1..width {
        last[j] = last[j - 1] + gap(b, j - 1);
    }
    for i in 1..=a.len() {
        current[0] = last[0] + gap(a, i - 1);
        let mut smallest = current[0];
        for j in 1..width {
            let same = a[i - 1] == b[j - 1];
            let mut cost = last[j - 1] + if same { 0.0 } else { substitution(a[i - 1], b[j - 1]) };
            cost = cost.min(last[j] + gap(a, i - 1)).min(current[j - 1] + gap(b, j - 1));
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(before[j - 2] + SWAP);
            }
            current[j] = cost;
            smallest = smallest.min(cost);
        }
        // A swap skips one row and costs less than a letter.
        if smallest - SWAP > most {
            return None;
        }
        (before, last, current) = (last, current, before);
    }
    Some(last[b.len()]).filter(|cost| *cost <= most)
}

/// What a letter more on one side costs.
fn gap(word: &[char], index: usize) -> f64 {
    let letter = word[index];
    let doubled = index > 0 && word[index - 1] == letter || word.get(index + 1) == Some(&letter);
    let silent = letter == 'h' || (index + 1 == word.len() && matches!(letter, 'e' | 's'));
    let prenasal = index == 0 && matches!(letter, 'n' | 'm');
    if doubled || silent {
        DOUBLING
    } else if prenasal {
        SOUND
    } else {
        1.0
    }
}

/// Letters that are confused by ear or in writing.
const ALIKE: [&[u8]; 9] = [b"lr", b"ckq", b"sz", b"iye", b"uow", b"bvp", b"gj", b"fv", b"mn"];

/// By letter: one bit for each group of [`ALIKE`] that it is in.
static GROUPS: [u16; 128] = {
    let mut groups = [0; 128];
    let mut group = 0;
    while group < ALIKE.len() {
        let mut index = 0;
        while index < ALIKE[group].len() {
            groups[ALIKE[group][index] as usize] |= 1 << group;
            index += 1;
        }
        group += 1;
    }
    groups
};

fn groups(letter: char) -> u16 {
    GROUPS.get(letter as usize).copied().unwrap_or(0)
}

fn substitution(a: char, b: char) -> f64 {
    if groups(a) & groups(b) == 0 { 1.0 } else { SOUND }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(a: &str, b: &str) -> f64 {
        let letters = |word: &str| word.chars().collect::<Vec<_>>();
        edits(&letters(a), &letters(b))
    }

    #[test]
    fn confusions_cost_less_than_other_letters() {
        assert!((between("kapiri", "kapili") - SOUND).abs() < 1e-9);
        assert!((between("lebou", "lebbou") - DOUBLING).abs() < 1e-9);
        assert!((between("mbale", "mbalt") - 1.0).abs() < 1e-9);
        assert!((between("abc", "bac") - SWAP).abs() < 1e-9);
        assert!((between("", "xy") - 2.0).abs() < 1e-9);
        assert!((between("ndiaye", "diaye") - between("diaye", "ndiaye")).abs() < 1e-9);
    }
}
