//! What reviews that the program asks for are worth: a reviewer who knows the links answers.
//!
//! A left record is wrong while its answer (the partner assigned to it, or none) is not what the known links say. Of pairs
//! where nobody knows which records have no partner, only linked records are asked about and counted. An answered record
//! is right from then on, and counts among those that the reviews put right.

use std::collections::{BTreeMap, BTreeSet};

use mlatho_harmonize::Verdict;
use mlatho_harmonize::matching::doubt;
use mlatho_harmonize::matching::facility::{Matcher, Review, facilities};

use super::sets::{self, Set, Without};

const REVIEWS: usize = 200;
/// After so many answers the queue is made anew.
const AT_ONCE: usize = 20;

struct Reviewer {
    /// Left records whose answer is known, with their partners.
    known: BTreeMap<usize, BTreeSet<usize>>,
}

impl Reviewer {
    fn new(set: &Set) -> Self {
        let rights: BTreeMap<&str, usize> = set.right.ids().enumerate().map(|(row, id)| (id, row)).collect();
        let mut partners: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (left, right) in &set.links {
            partners.entry(left).or_default().insert(rights[right.as_str()]);
        }
        let all = set.left.ids().enumerate().map(|(row, id)| (row, partners.remove(id).unwrap_or_default()));
        let is_known = |partners: &BTreeSet<usize>| matches!(set.without, Without::Rest) || !partners.is_empty();
        Self { known: all.filter(|(_, partners)| is_known(partners)).collect() }
    }

    /// The records whose answer is wrong.
    fn wrong(&self, matcher: &Matcher) -> BTreeSet<usize> {
        let is_wrong = |(left, partners): &(&usize, &BTreeSet<usize>)| {
            let answer = matcher.proposals(**left).into_iter().find(|one| one.assigned).and_then(|one| one.right);
            answer.map_or(!partners.is_empty(), |right| !partners.contains(&right))
        };
        self.known.iter().filter(is_wrong).map(|(left, _)| *left).collect()
    }

    /// The records that are asked about next, the one whose answer is likeliest wrong first.
    fn queue(&self, matcher: &Matcher, answered: &BTreeSet<usize>) -> Vec<usize> {
        let open = self.known.keys().copied().filter(|left| !answered.contains(left));
        let mut queue: Vec<(f64, usize)> = open
            .map(|left| {
                let candidates = matcher.proposals(left).into_iter().filter(|one| one.right.is_some());
                (doubt(&candidates.map(|one| one.probability).collect::<Vec<_>>()), left)
            })
            .collect();
        queue.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        queue.into_iter().take(AT_ONCE).map(|(_, left)| left).collect()
    }

    fn answers(&self, left: usize) -> Vec<Review> {
        let answer = |right| Review { left, right, verdict: Verdict::Accept, looked_at: true };
        match &self.known[&left] {
            none if none.is_empty() => vec![answer(None)],
            partners => partners.iter().map(|right| answer(Some(*right))).collect(),
        }
    }
}

/// The share of the wrong answers that is left after the reviews.
fn left_over(name: &'static str) -> Option<f64> {
    let set = sets::pair(name)?;
    let reviewer = Reviewer::new(&set);
    let mut matcher = Matcher::new(&facilities("", &set.left).0, &facilities("", &set.right).0, 2);
    let before = reviewer.wrong(&matcher);
    let (mut answered, mut reviews) = (BTreeSet::new(), Vec::new());
    while answered.len() < REVIEWS {
        for left in reviewer.queue(&matcher, &answered) {
            answered.insert(left);
            reviews.extend(reviewer.answers(left));
        }
        matcher.review(&reviews, 2);
    }
    let after = reviewer.wrong(&matcher);
    let unasked = |wrong: &BTreeSet<usize>| wrong.difference(&answered).count();
    eprintln!(
        "{name}: of {} records {} are wrong; after {} answers {}; of those not asked about {}, then {}",
        reviewer.known.len(),
        before.len(),
        answered.len(),
        after.len(),
        unasked(&before),
        unasked(&after)
    );
    assert!(after.iter().all(|left| !answered.contains(left)));
    #[expect(clippy::cast_precision_loss, reason = "counts of records are far below 2^52")]
    Some(after.len() as f64 / before.len() as f64)
}

#[test]
fn reviews_of_uganda_remove_half() {
    if let Some(left_over) = left_over("ug_datim") {
        assert!(left_over <= 0.5);
    }
}

#[test]
fn reviews_of_kenya() {
    if let Some(left_over) = left_over("ke_mfl") {
        assert!(left_over <= 0.56);
    }
}

#[test]
fn reviews_of_senegal_remove_half() {
    if let Some(left_over) = left_over("sn_maina_moh") {
        assert!(left_over <= 0.5);
    }
}
