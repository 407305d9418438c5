//! Which names share rare runs of three letters: an index from such runs to records.

use rustc_hash::FxHashMap;

use super::register::{PreparedName, Record};
use super::words::Words;

/// Index over the names of one register.
#[derive(Clone, Debug, Default)]
pub(super) struct GramIndex {
    grams: FxHashMap<u64, u32>,
    /// By gram: where its postings begin; one more at the end.
    starts: Vec<u32>,
    postings: Vec<u32>,
    /// By gram: weight, the squared information of meeting it.
    weights: Vec<f32>,
    /// By record: one by the length of its vector.
    inverse_lengths: Vec<f32>,
    /// The largest of them.
    most_inverse: f32,
}

/// Scores of one question; kept between questions so that nothing is allocated anew.
#[derive(Debug, Default)]
pub(super) struct Scores {
    by_record: Vec<f32>,
    touched: Vec<u32>,
}

/// How many postings one question reads at most, the rarest grams first.
const MOST_POSTINGS: usize = 2500;

impl GramIndex {
    pub(super) fn new(records: &[Record], words: &Words) -> Self {
        let mut index = Self::default();
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (number, record) in (0_u32..).zip(records) {
            for gram in grams_of(record, words) {
                let next = u32::try_from(index.grams.len()).unwrap_or(u32::MAX);
                pairs.push((*index.grams.entry(gram).or_insert(next), number));
            }
        }
        pairs.sort_unstable();
        let records_count = records.len().max(1) as f64;
        index.starts = vec![0; index.grams.len() + 1];
        for (gram, _) in &pairs {
            index.starts[*gram as usize + 1] += 1;
        }
        for gram in 0..index.grams.len() {
            let information = (1.0 + records_count / f64::from(index.starts[gram + 1].max(1))).ln();
            index.weights.push((information * information) as f32);
            index.starts[gram + 1] += index.starts[gram];
        }
        index.inverse_lengths = vec![0.0; records.len()];
        for (gram, number) in &pairs {
            index.inverse_lengths[*number as usize] += index.weights[*gram as usize];
        }
        index.inverse_lengths.iter_mut().for_each(|length| *length = 1.0 / length.sqrt());
        index.most_inverse =
            index.inverse_lengths.iter().copied().filter(|inverse| inverse.is_finite()).fold(0.0, f32::max);
        index.postings = pairs.into_iter().map(|(_, number)| number).collect();
        index
    }

    /// Records whose names share grams with this one's and the cosine of the two: the `most` best from `least` on.
    pub(super) fn similar(
        &self,
        record: &Record,
        words: &Words,
        most: usize,
        least: f32,
        scores: &mut Scores,
    ) -> Vec<(u32, f32)> {
        let unknown = (1.0 + self.inverse_lengths.len().max(1) as f32).ln().powi(2);
        let all = grams_of(record, words);
        let mut known: Vec<u32> = all.iter().filter_map(|gram| self.grams.get(gram).copied()).collect();
        let weight = |gram: &u32| self.weights[*gram as usize];
        let length = (known.iter().map(weight).sum::<f32>() + unknown * (all.len() - known.len()) as f32).sqrt();
        known.sort_unstable_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.cmp(b)));
        scores.by_record.resize(self.inverse_lengths.len(), 0.0);
        let mut read = 0;
        for gram in known {
            let postings = &self.postings[self.starts[gram as usize] as usize..self.starts[gram as usize + 1] as usize];
            if read > 0 && read + postings.len() > MOST_POSTINGS {
                break;
            }
            read += postings.len();
            let weight = self.weights[gram as usize];
            for &number in postings {
                let score = &mut scores.by_record[number as usize];
                if *score == 0.0 {
                    scores.touched.push(number);
                }
                *score += weight;
            }
        }
        let by_record = &mut scores.by_record;
        // Below this no length of a name makes a score similar.
        let least_score = least * length / self.most_inverse;
        let mut found: Vec<(u32, f32)> = Vec::new();
        for number in scores.touched.drain(..) {
            let score = std::mem::take(&mut by_record[number as usize]);
            if score < least_score {
                continue;
            }
            let cosine = score * self.inverse_lengths[number as usize] / length;
            if cosine >= least {
                found.push((number, cosine));
            }
        }
        let better = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if found.len() > most {
            found.select_nth_unstable_by(most, better);
            found.truncate(most);
        }
        found.sort_unstable_by(better);
        found
    }
}

/// The distinct grams of all names of a record.
fn grams_of(record: &Record, words: &Words) -> Vec<u64> {
    let mut grams = Vec::new();
    record.names.iter().for_each(|name| add_grams(name, words, &mut grams));
    grams.sort_unstable();
    grams.dedup();
    grams
}

/// Runs of three letters of each word, with its beginning and end as letters.
fn add_grams(name: &PreparedName, words: &Words, grams: &mut Vec<u64>) {
    const EDGE: u64 = 1;
    const BITS: u32 = 21;
    for word in &name.words {
        let mut run = EDGE;
        let letters = words.letters(word.id);
        for (index, code) in letters.iter().map(|letter| u64::from(u32::from(*letter))).chain([EDGE]).enumerate() {
            run = (run << BITS | code) & ((1 << (3 * BITS)) - 1);
            if index > 0 || letters.len() == 1 {
                grams.push(run);
            }
        }
    }
}
