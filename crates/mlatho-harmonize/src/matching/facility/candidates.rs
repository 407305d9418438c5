//! Which pairs are worth a look: the union of several sources, none of which is a gate.

use rustc_hash::FxHashMap;

use super::area::Namesakes;
use super::index::{GramIndex, Scores};
use super::place::kilometres;
use super::register::{PreparedName, Record, Register};
use super::words::Words;

/// Candidates with the most similar names in the whole country, and among those in an area of the same name.
const SIMILAR: usize = 8;
const SIMILAR_NEAR: usize = 9;
/// Names that are looked at for these.
const LOOKED_AT: usize = 60;
/// How much similarity the area of the same name is worth.
const AREA_BONUS: f32 = 0.3;
/// Below this a name is not similar at all.
const LEAST_SIMILAR: f32 = 0.2;
/// Records of one skeleton that are taken: all of few, of more only those in an area of the same name.
const FEW_SKELETONS: usize = 4;
const MOST_SKELETONS: usize = 64;
/// Nearest records within this many kilometres.
const NEAR: f64 = 2.0;
const MOST_NEAR: usize = 8;
/// An identifier that more records have is no identifier.
const MOST_SHARING: usize = 5;
/// Cells of a grid by degrees; at the equator one is about two kilometres wide.
const CELLS_PER_DEGREE: f64 = 50.0;

/// One register in a form that can be asked for the partners of a record of the other.
#[derive(Clone, Debug)]
pub(super) struct Sought {
    grams: GramIndex,
    by_code: FxHashMap<u32, Vec<u32>>,
    by_cell: FxHashMap<(i32, i32), Vec<u32>>,
    by_skeleton: FxHashMap<Box<str>, Vec<u32>>,
}

impl Sought {
    pub(super) fn new(register: &Register, words: &Words) -> Self {
        let mut by_code: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        let mut by_cell: FxHashMap<(i32, i32), Vec<u32>> = FxHashMap::default();
        let mut by_skeleton: FxHashMap<Box<str>, Vec<u32>> = FxHashMap::default();
        for (number, record) in (0_u32..).zip(&register.records) {
            skeletons(record, words).for_each(|key| by_skeleton.entry(key).or_default().push(number));
            record.codes.iter().for_each(|code| by_code.entry(*code).or_default().push(number));
            if let Some(position) = record.position {
                by_cell.entry(cell(position)).or_default().push(number);
            }
        }
        Self { grams: GramIndex::new(&register.records, words), by_code, by_cell, by_skeleton }
    }

    /// Candidates for a record of the other register, in the order of their numbers. `related` are the namesakes of its areas here.
    pub(super) fn candidates(
        &self,
        record: &Record,
        register: &Register,
        related: &Namesakes,
        words: &Words,
        scores: &mut Scores,
    ) -> Vec<u32> {
        let similar = self.grams.similar(record, words, LOOKED_AT, LEAST_SIMILAR, scores);
        let mut found: Vec<u32> = similar.iter().take(SIMILAR).map(|(number, _)| *number).collect();
        let leaf = record.area_leaf();
        let mut near: Vec<(u32, f32)> = similar
            .into_iter()
            .skip(SIMILAR)
            .map(|(number, score)| {
                let bonus =
                    if related.related(leaf, &register.records[number as usize].area) { AREA_BONUS } else { 0.0 };
                (number, score + bonus)
            })
            .collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.extend(near.into_iter().take(SIMILAR_NEAR).map(|(number, _)| number));
        for skeleton in skeletons(record, words) {
            let alike = self.by_skeleton.get(&skeleton).map_or(&[][..], Vec::as_slice);
            let near = |number: &&u32| {
                alike.len() <= FEW_SKELETONS || related.related(leaf, &register.records[**number as usize].area)
            };
            found.extend(alike.iter().filter(|_| alike.len() <= MOST_SKELETONS).filter(near));
        }
        for code in &record.codes {
            let sharing = self.by_code.get(code).map_or(&[][..], Vec::as_slice);
            found.extend(sharing.iter().filter(|_| sharing.len() <= MOST_SHARING));
        }
        if let Some(position) = record.position {
            found.extend(self.near(position, register));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn near(&self, position: (f64, f64), register: &Register) -> impl Iterator<Item = u32> + use<> {
        let (row, column) = cell(position);
        let cells = (row - 1..=row + 1).flat_map(|row| (column - 1..=column + 1).map(move |column| (row, column)));
        let there = cells.filter_map(|cell| self.by_cell.get(&cell)).flatten();
        let mut near: Vec<(f64, u32)> = there
            .filter_map(|number| {
                let distance = kilometres(position, register.records[*number as usize].position?);
                (distance <= NEAR).then_some((distance, *number))
            })
            .collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        near.into_iter().take(MOST_NEAR).map(|(_, number)| number)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "degrees are within ±180")]
fn cell((latitude, longitude): (f64, f64)) -> (i32, i32) {
    ((latitude * CELLS_PER_DEGREE).floor() as i32, (longitude * CELLS_PER_DEGREE).floor() as i32)
}

/// The consonants of each name, where those that sound alike are one and doubled ones count once.
fn skeletons<'a>(record: &'a Record, words: &'a Words) -> impl Iterator<Item = Box<str>> + 'a {
    let skeleton = |name: &'a PreparedName| {
        let mut key = String::new();
        for letter in name.words.iter().flat_map(|word| words.letters(word.id)) {
            let sound = match letter {
                'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'w' | 'h' => continue,
                'c' | 'q' => 'k',
                'r' => 'l',
                'z' => 's',
                'v' | 'p' | 'f' => 'b',
                'j' => 'g',
                other => *other,
            };
            if !key.ends_with(sound) {
                key.push(sound);
            }
        }
        key.into_boxed_str()
    };
    record.names.iter().map(skeleton).filter(|key| !key.is_empty())
}
