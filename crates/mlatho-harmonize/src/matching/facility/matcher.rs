//! The whole of it: candidates, rounds of counting and scoring, one-to-one assignment, proposals.

mod directory;

use rustc_hash::FxHashMap;

use super::area::Namesakes;
use super::assign;
use super::association::{Association, Expectation, Side};
use super::calibrate::Curve;
use super::candidates::Sought;
use super::category::{Alike, category_bits};
use super::compare::Comparison;
use super::index::Scores;
use super::lexicon::Lexicon;
use super::model::{Codes, Model, Pair, Said};
use super::name::Name;
use super::place;
use super::record::Facility;
use super::register::{Record, Register, Shared};
use super::review::Taught;
use super::rivals::{Edge, Rivals};
use super::tree::{NodeId, Tree};
use super::weights::{Parts, Weights};
pub use directory::Directory;

/// Two registers, matched.
#[derive(Debug)]
pub struct Matcher {
    pub(super) shared: Shared,
    pub(super) left: Register,
    pub(super) right: Register,
    expected: Expected,
    chance: [f64; place::CLASSES],
    /// The right register, ready to be asked again.
    sought: Sought,
    pub(super) model: Model,
    pub(super) weights: Weights,
    pub(super) curve: Curve,
    /// Sorted by left and right record.
    pub(super) pairs: Vec<Pair>,
    /// log2 odds of each pair by itself.
    pub(super) own: Vec<f64>,
    pub(super) rivals: Rivals,
    /// By pair: whether it is in the one-to-one solution.
    pub(super) assigned: Vec<bool>,
}

/// What is expected of values of both registers, in both directions.
#[derive(Clone, Debug)]
struct Expected {
    areas: (Namesakes, Namesakes),
    categories: (Alike, Alike),
    kinds: (Alike, Alike),
    owners: (Alike, Alike),
}

/// How often the weights are counted anew.
const ROUNDS: usize = 2;
/// How often rivals tell each other how free they are: before counting, and in the end.
const MESSAGES_TO_LEARN: usize = 6;
pub(super) const MESSAGES: usize = 24;
/// Share of the evidence of areas that is left where coordinates say the same.
const AREA_BESIDE_DISTANCE: f64 = 0.5;
/// Pairs below this are not kept, unless an identifier speaks for them.
const LEAST_NAME_BITS: f64 = -6.0;
/// Pairs below this are kept only if they are among the best of a record.
const LEAST_OWN: f64 = -8.0;
/// Pairs less likely than this teach nothing.
const LEAST_COUNTED: f64 = 0.05;

impl Matcher {
    /// Matches two lists on so many threads; the result is the same for any number.
    pub fn new(left: &[Facility], right: &[Facility], threads: usize) -> Self {
        let mut shared = Shared::default();
        let (left, right) = (Register::prepare(left, &mut shared), Register::prepare(right, &mut shared));
        let chance = place::by_chance(&left.records, &right.records);
        let expected = Expected::new(&shared, &left, &right);
        let sought = Sought::new(&right, &shared.words);
        let model = Model::shipped(left.records.len(), right.records.len(), &chance);
        let mut matcher = Self {
            shared,
            left,
            right,
            expected,
            chance,
            sought,
            model,
            weights: Weights::default(),
            curve: Curve::default(),
            pairs: Vec::new(),
            own: Vec::new(),
            rivals: Rivals::default(),
            assigned: Vec::new(),
        };
        matcher.pairs = matcher.find_pairs(threads);
        matcher.score(threads);
        matcher.prune();
        matcher.settle(&Taught::default(), threads);
        matcher
    }

    /// Starts again from what is shipped, with the pairs as they are.
    pub(super) fn restart(&mut self, threads: usize) {
        self.model = Model::shipped(self.lefts(), self.rights(), &self.chance);
        self.weights = Weights::default();
        self.pairs.iter_mut().for_each(|pair| pair.counted = 0.0);
        self.score(threads);
    }

    /// Counts the weights anew, from likely pairs and from what persons decided, and chooses the solution.
    pub(super) fn settle(&mut self, taught: &Taught, threads: usize) {
        for _ in 0..ROUNDS {
            self.weigh_rivals(MESSAGES_TO_LEARN);
            self.learn();
            self.weights = Weights::learned(&self.lessons(taught));
            self.score(threads);
        }
        self.weigh_rivals(MESSAGES);
        self.curve = self.learned_curve(taught);
        // What was decided has no rivals.
        for (index, _) in self.pairs.iter().enumerate().filter(|(_, pair)| pair.said == Said::Same) {
            (self.rivals.left[index], self.rivals.right[index]) = (0.0, 0.0);
        }
        self.assign();
    }

    /// Records of the left list.
    pub fn lefts(&self) -> usize {
        self.left.records.len()
    }

    /// Records of the right list.
    pub fn rights(&self) -> usize {
        self.right.records.len()
    }

    /// Chooses the one-to-one solution.
    fn assign(&mut self) {
        let edges: Vec<Edge> = self.pairs.iter().map(|pair| (pair.left, pair.right)).collect();
        let bits: Vec<f64> = (0..edges.len()).map(|pair| self.bits(pair)).collect();
        let decided: Vec<bool> = self.pairs.iter().map(|pair| pair.said == Said::Same).collect();
        self.assigned = assign::one_to_one(&edges, &bits, &decided);
    }

    /// Puts another record in the place of a left one and matches it anew, with the weights as they are.
    ///
    /// The other records keep their scores; the solution is chosen again.
    pub fn rematch(&mut self, left: usize, facility: &Facility) {
        let Ok(number) = u32::try_from(left) else { return };
        if left >= self.left.records.len() {
            return;
        }
        let areas = self.left.areas.len();
        let record = self.left.record(facility, &mut self.shared);
        if self.left.areas.len() > areas {
            self.expected.areas = Namesakes::both(&self.shared.area_names, &self.left.areas, &self.right.areas);
        }
        self.left.records[left] = record;
        let found = self.sought.candidates(
            &self.left.records[left],
            &self.right,
            &self.expected.areas.0,
            &self.shared.words,
            &mut Scores::default(),
        );
        let pairs: Vec<Pair> = found.into_iter().filter_map(|right| self.pair((number, right))).collect();
        let own: Vec<f64> = pairs.iter().map(|pair| self.own_bits(pair)).collect();
        let old = self.pairs_of(left);
        let free_right: Vec<f64> = pairs.iter().map(|pair| self.free_right(pair.right, number)).collect();
        let weights: Vec<f64> = own.iter().zip(&free_right).map(|(own, free)| (own + free).exp2()).collect();
        let free_left = (0..weights.len()).map(|pair| {
            let others: f64 =
                weights.iter().enumerate().filter(|(other, _)| *other != pair).map(|(_, weight)| weight).sum();
            -(1.0 + others).log2()
        });
        self.rivals.left.splice(old.clone(), free_left);
        self.rivals.right.splice(old.clone(), free_right);
        self.own.splice(old.clone(), own);
        self.pairs.splice(old, pairs);
        self.assign();
    }

    /// The pairs of a left record.
    pub(super) fn pairs_of(&self, left: usize) -> std::ops::Range<usize> {
        let before = |limit: usize| self.pairs.partition_point(|pair| (pair.left as usize) < limit);
        before(left)..before(left + 1)
    }

    /// log2 of the chance that a right record is free for a left one, given its other pairs.
    pub(super) fn free_right(&self, right: u32, left: u32) -> f64 {
        let others = self.pairs.iter().enumerate().filter(|(_, pair)| pair.right == right && pair.left != left);
        -(1.0 + others.map(|(pair, _)| (self.own[pair] + self.rivals.left[pair]).exp2()).sum::<f64>()).log2()
    }

    /// All candidate pairs, sorted. The records of the shorter list ask the longer one; lists of one length ask each
    /// other, so that it does not matter which of them is called left.
    fn find_pairs(&self, threads: usize) -> Vec<Pair> {
        let (lefts, rights) = (self.lefts(), self.rights());
        let mut edges: Vec<Edge> = Vec::new();
        if lefts <= rights {
            edges.extend(self.asked(threads, &self.left, &self.right, &self.sought, &self.expected.areas.0));
        }
        if rights <= lefts {
            let sought = Sought::new(&self.left, &self.shared.words);
            let asked = self.asked(threads, &self.right, &self.left, &sought, &self.expected.areas.1);
            edges.extend(asked.into_iter().map(|(right, left)| (left, right)));
        }
        edges.sort_unstable();
        edges.dedup();
        in_parallel(threads, edges.len(), |range| range.filter_map(|edge| self.pair(edges[edge as usize])).collect())
    }

    /// Every record of the one list with its candidates in the other.
    fn asked(&self, threads: usize, from: &Register, to: &Register, sought: &Sought, related: &Namesakes) -> Vec<Edge> {
        in_parallel(threads, from.records.len(), |range| {
            let mut scores = Scores::default();
            let mut edges = Vec::new();
            for number in range {
                let record = &from.records[number as usize];
                let found = sought.candidates(record, to, related, &self.shared.words, &mut scores);
                edges.extend(found.into_iter().map(|other| (number, other)));
            }
            edges
        })
    }

    /// A pair that is worth keeping.
    fn pair(&self, edge: Edge) -> Option<Pair> {
        self.compared(edge).filter(|pair| pair.name_bits() >= LEAST_NAME_BITS || pair.codes == Codes::Shared)
    }

    /// Compares what does not change between rounds; none where a record has no name.
    pub(super) fn compared(&self, (left, right): Edge) -> Option<Pair> {
        let (a, b) = (&self.left.records[left as usize], &self.right.records[right as usize]);
        let names = Comparison { words: &self.shared.words, left: a, right: b }.best()?;
        let codes = match (a.codes.is_empty(), b.codes.is_empty()) {
            (false, false) if a.codes.iter().any(|code| b.codes.contains(code)) => Codes::Shared,
            (false, false) => Codes::Different,
            _ => Codes::Unknown,
        };
        Some(Pair {
            left,
            right,
            names: [names.same, names.lacking, names.types, names.ordinals].map(|bits| bits as f32),
            agreement: names.agreement,
            distance: place::class(a, b).and_then(|class| u8::try_from(class).ok()),
            codes,
            counted: 0.0,
            said: Said::Nothing,
        })
    }

    fn score(&mut self, threads: usize) {
        self.own = in_parallel(threads, self.pairs.len(), |range| {
            range.map(|pair| &self.pairs[pair as usize]).map(|pair| self.own_bits(pair)).collect()
        });
    }

    fn weigh_rivals(&mut self, messages: usize) {
        self.rivals = self.rivals_of(&self.own, messages);
    }

    pub(super) fn rivals_of(&self, own: &[f64], messages: usize) -> Rivals {
        let edges: Vec<Edge> = self.pairs.iter().map(|pair| (pair.left, pair.right)).collect();
        Rivals::of(&edges, own, (self.lefts(), self.rights()), messages)
    }

    /// Forgets pairs that cannot come to anything: neither likely nor among the best of either record.
    fn prune(&mut self) {
        let mut best_of_right: FxHashMap<u32, Best> = FxHashMap::default();
        let mut best_of_left: FxHashMap<u32, Best> = FxHashMap::default();
        for (pair, own) in self.pairs.iter().zip(&self.own) {
            best_of_left.entry(pair.left).or_default().add(*own);
            best_of_right.entry(pair.right).or_default().add(*own);
        }
        let keep = |pair: &Pair, own: f64| {
            own >= LEAST_OWN
                || best_of_left.get(&pair.left).is_some_and(|best| best.holds(own))
                || best_of_right.get(&pair.right).is_some_and(|best| best.holds(own))
        };
        let kept: Vec<bool> = self.pairs.iter().zip(&self.own).map(|(pair, own)| keep(pair, *own)).collect();
        let mut of_pair = kept.iter();
        self.pairs.retain(|_| of_pair.next() == Some(&true));
        let mut of_own = kept.iter();
        self.own.retain(|_| of_own.next() == Some(&true));
    }

    fn learn(&mut self) {
        let mut model = std::mem::take(&mut self.model);
        for pair in 0..self.pairs.len() {
            let probability = probability(self.bits(pair));
            self.pairs[pair].counted = if probability < LEAST_COUNTED { 0.0 } else { probability as f32 };
        }
        model.learn(&self.pairs, (self.left.records.len(), self.right.records.len()), &self.chance);
        let counted = |values: fn(&Record) -> &[NodeId]| {
            let mut association = Association::default();
            for pair in self.pairs.iter().filter(|pair| pair.counted > 0.0) {
                let (a, b) = (&self.left.records[pair.left as usize], &self.right.records[pair.right as usize]);
                association.count(values(a), values(b), f64::from(pair.counted));
            }
            association
        };
        model.areas = counted(|record| &record.area);
        model.categories = counted(|record| &record.category);
        model.kinds = counted(|record| &record.kind);
        model.owners = counted(|record| &record.owner);
        self.model = model;
    }

    pub(super) fn own_bits(&self, pair: &Pair) -> f64 {
        self.weights.weighed(self.parts(pair), pair.agreement).sum() + pair.said.bits()
    }

    /// What is said for and against a pair, before reviews weigh it.
    pub(super) fn parts(&self, pair: &Pair) -> Parts {
        let (a, b) = (&self.left.records[pair.left as usize], &self.right.records[pair.right as usize]);
        let own = f64::from(pair.counted);
        let bits = |association: &Association,
                    trees: (&Tree, &Tree),
                    paths: (&[NodeId], &[NodeId]),
                    expected: (&dyn Expectation, &dyn Expectation)| {
            if paths.0.is_empty() || paths.1.is_empty() {
                return 0.0;
            }
            let left = Side { tree: trees.0, path: paths.0, expected: expected.0 };
            association.bits(left, Side { tree: trees.1, path: paths.1, expected: expected.1 }, own)
        };
        let (left, right, model, expected) = (&self.left, &self.right, &self.model, &self.expected);
        let area =
            bits(&model.areas, (&left.areas, &right.areas), (&a.area, &b.area), (&expected.areas.0, &expected.areas.1));
        let category = bits(
            &model.categories,
            (&left.categories, &right.categories),
            (&a.category, &b.category),
            (&expected.categories.0, &expected.categories.1),
        );
        let kind =
            bits(&model.kinds, (&left.kinds, &right.kinds), (&a.kind, &b.kind), (&expected.kinds.0, &expected.kinds.1));
        let owner = bits(
            &model.owners,
            (&left.owners, &right.owners),
            (&a.owner, &b.owner),
            (&expected.owners.0, &expected.owners.1),
        );
        let distance = pair.distance.map(|class| self.model.distance[usize::from(class)]);
        let both_kinds = !a.kind.is_empty() && !b.kind.is_empty();
        let [same, lacking, types, ordinals] = pair.names.map(f64::from);
        Parts {
            base: model.base,
            same,
            lacking,
            types,
            ordinals,
            agreement: self.model.agreement[pair.agreement as usize],
            area: area * if distance.is_some() { AREA_BESIDE_DISTANCE } else { 1.0 },
            category: if both_kinds { f64::midpoint(category, kind) } else { category },
            owner,
            distance: distance.unwrap_or(0.0),
            codes: match pair.codes {
                Codes::Unknown => 0.0,
                Codes::Shared => self.model.code_shared,
                Codes::Different => self.model.code_different,
            },
        }
    }

    /// log2 odds of a pair among its rivals.
    pub(super) fn bits(&self, pair: usize) -> f64 {
        self.own[pair] + self.rivals.left[pair] + self.rivals.right[pair]
    }
}

/// The five highest numbers.
#[derive(Clone, Copy, Debug)]
struct Best([f64; 5]);

impl Default for Best {
    fn default() -> Self {
        Self([f64::NEG_INFINITY; 5])
    }
}

impl Best {
    fn add(&mut self, number: f64) {
        let place = self.0.iter().position(|known| *known < number);
        if let Some(place) = place {
            self.0[place..].rotate_right(1);
            self.0[place] = number;
        }
    }

    fn holds(&self, number: f64) -> bool {
        number >= self.0[4]
    }
}

impl Expected {
    fn new(shared: &Shared, left: &Register, right: &Register) -> Self {
        let lexicon = Lexicon::shipped();
        let categories = Alike::both(&left.categories, &right.categories, |one, other| {
            match (shared.categories.value(one), shared.categories.value(other)) {
                (Some(one), Some(other)) => category_bits(lexicon, *one, *other),
                _ => 0.0,
            }
        });
        let kinds = Alike::both(&left.kinds, &right.kinds, |one, other| {
            let category = |id| Name::parse(shared.kinds.value(id)?, lexicon).category;
            match (category(one), category(other)) {
                _ if one == other => 2.0,
                (Some(one), Some(other)) => category_bits(lexicon, one, other),
                _ => 0.0,
            }
        });
        let owners = Alike::both(&left.owners, &right.owners, |one, other| {
            let owner = |id| {
                let words: Vec<String> = shared.owners.value(id)?.split(' ').map(str::to_owned).collect();
                lexicon.owner(&words)
            };
            match (owner(one), owner(other)) {
                _ if one == other => 1.5,
                (Some(one), Some(other)) => {
                    if one == other {
                        0.8
                    } else {
                        -1.0
                    }
                }
                _ => 0.0,
            }
        });
        Self { areas: Namesakes::both(&shared.area_names, &left.areas, &right.areas), categories, kinds, owners }
    }
}

/// Probability of log2 odds.
pub(super) fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}

/// Runs work on ranges of numbers, on so many threads, and puts the results together in their order.
fn in_parallel<T: Send>(threads: usize, count: usize, work: impl Fn(std::ops::Range<u32>) -> Vec<T> + Sync) -> Vec<T> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let threads = u32::try_from(threads.max(1)).unwrap_or(1);
    let size = count.div_ceil(threads).max(1);
    if threads == 1 {
        return work(0..count);
    }
    std::thread::scope(|scope| {
        let starts = (0..threads).map(|thread| thread.saturating_mul(size).min(count));
        let running: Vec<_> = starts
            .map(|start| {
                let work = &work;
                scope.spawn(move || work(start..start.saturating_add(size).min(count)))
            })
            .collect();
        let mut all = Vec::new();
        for thread in running {
            match thread.join() {
                Ok(part) => all.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    })
}
