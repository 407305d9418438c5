//! What persons decided about pairs: it holds, and it teaches.

use std::collections::BTreeSet;

use super::calibrate::Curve;
use super::matcher::{MESSAGES, Matcher};
use super::model::Said;
use super::weights::Lesson;
use crate::Verdict;

/// A decision of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Review {
    /// Index of the record in the left list.
    pub left: usize,
    /// Index of the record in the right list. None with [`Verdict::Accept`]: the left record has no partner.
    pub right: Option<usize>,
    pub verdict: Verdict,
    /// Whether the person looked at this pair. What was accepted with its band holds, but teaches nothing.
    pub looked_at: bool,
}

/// Which pairs the decisions teach about.
#[derive(Debug, Default)]
pub(super) struct Taught {
    /// Sorted.
    pairs: Vec<usize>,
    /// Left records that were answered.
    answered: usize,
}

/// From so many answered records on their register pair has its own calibration.
const LEAST_ANSWERED: usize = 100;

impl Matcher {
    /// Takes what was decided, and matches anew: accepted pairs hold, rejected ones do not, and both teach how much the
    /// evidence is worth in these registers. The result depends on the decisions, not on their order or on what was
    /// reviewed before; only of two that say the contrary of one pair the last holds. Decisions about records that are not
    /// in the lists are left out.
    pub fn review(&mut self, reviews: &[Review], threads: usize) {
        let known = |review: &&Review| review.left < self.lefts() && review.right.is_none_or(|row| row < self.rights());
        let reviews: Vec<Review> = reviews.iter().filter(known).copied().collect();
        self.add_decided(&reviews);
        self.say(&reviews);
        let taught = self.taught(&reviews);
        self.restart(threads);
        self.settle(&taught, threads);
    }

    /// Accepted pairs that nobody had proposed.
    fn add_decided(&mut self, reviews: &[Review]) {
        let accepted = reviews.iter().filter(|review| review.verdict == Verdict::Accept);
        let edges =
            accepted.filter_map(|review| Some((u32::try_from(review.left).ok()?, u32::try_from(review.right?).ok()?)));
        let new: BTreeSet<(u32, u32)> = edges.filter(|edge| self.find(*edge).is_none()).collect();
        let new: Vec<_> = new.into_iter().filter_map(|edge| self.compared(edge)).collect();
        self.pairs.extend(new);
        self.pairs.sort_by_key(|pair| (pair.left, pair.right));
    }

    fn find(&self, edge: (u32, u32)) -> Option<usize> {
        self.pairs.binary_search_by_key(&edge, |pair| (pair.left, pair.right)).ok()
    }

    fn pair_of(&self, review: &Review) -> Option<usize> {
        self.find((u32::try_from(review.left).ok()?, u32::try_from(review.right?).ok()?))
    }

    /// Writes on each pair what was said. The other pairs of accepted records lose by their rival.
    fn say(&mut self, reviews: &[Review]) {
        self.pairs.iter_mut().for_each(|pair| pair.said = Said::Nothing);
        for review in reviews {
            let pair = self.pair_of(review);
            match (review.verdict, review.right) {
                (Verdict::Accept, None) => {
                    let all = self.pairs_of(review.left);
                    self.pairs[all].iter_mut().for_each(|pair| pair.said = Said::Other);
                }
                (verdict, _) => {
                    let said = if verdict == Verdict::Accept { Said::Same } else { Said::Other };
                    pair.into_iter().for_each(|pair| self.pairs[pair].said = said);
                }
            }
        }
    }

    /// All pairs of each answered record, and each rejected pair. The other pairs of an accepted partner teach nothing: that
    /// it was asked about follows from the answer, and would only ever speak against them.
    fn taught(&self, reviews: &[Review]) -> Taught {
        let (mut pairs, mut answered) = (BTreeSet::new(), BTreeSet::new());
        for review in reviews.iter().filter(|review| review.looked_at) {
            match review.verdict {
                Verdict::Accept => {
                    answered.insert(review.left);
                    pairs.extend(self.pairs_of(review.left));
                }
                Verdict::Reject => pairs.extend(self.pair_of(review)),
            }
        }
        Taught { pairs: pairs.into_iter().collect(), answered: answered.len() }
    }

    /// What each pair teaches, among the rivals that it has where nobody decided anything.
    pub(super) fn lessons(&self, taught: &Taught) -> Vec<Lesson> {
        if taught.pairs.is_empty() {
            return Vec::new();
        }
        let own: Vec<f64> = self.own.iter().zip(&self.pairs).map(|(own, pair)| own - pair.said.bits()).collect();
        let rivals = self.rivals_of(&own, MESSAGES);
        let lesson = |index: &usize| {
            let pair = &self.pairs[*index];
            Lesson {
                parts: self.parts(pair),
                agreement: pair.agreement,
                rivals: rivals.left[*index] + rivals.right[*index],
                right: pair.said == Said::Same,
            }
        };
        taught.pairs.iter().map(lesson).collect()
    }

    /// The calibration that the answers give reason to; the shipped one, while there are few.
    pub(super) fn learned_curve(&self, taught: &Taught) -> Curve {
        if taught.answered < LEAST_ANSWERED {
            return Curve::default();
        }
        let told = |lesson: Lesson| {
            let own = self.weights.weighed(lesson.parts, lesson.agreement).sum();
            (own + lesson.rivals, lesson.right)
        };
        Curve::learned(&self.lessons(taught).into_iter().map(told).collect::<Vec<_>>())
    }
}
