//! What persons decided holds, and teaches.

use mlatho_harmonize::Verdict;
use mlatho_harmonize::matching::facility::{Facility, Matcher, Review};
use mlatho_harmonize::matching::{Decision, Proposal};

use crate::world::{Numbers, country};

fn accept(left: usize, right: impl Into<Option<usize>>) -> Review {
    Review { left, right: right.into(), verdict: Verdict::Accept, looked_at: true }
}

fn reject(left: usize, right: usize) -> Review {
    Review { left, right: Some(right), verdict: Verdict::Reject, looked_at: true }
}

fn reviewed(left: &[Facility], right: &[Facility], reviews: &[Review], threads: usize) -> Vec<Proposal> {
    let mut matcher = Matcher::new(left, right, threads);
    matcher.review(reviews, threads);
    (0..left.len()).flat_map(|row| matcher.proposals(row)).collect()
}

fn assigned(proposals: &[Proposal], left: usize) -> Vec<Option<usize>> {
    proposals.iter().filter(|one| one.left == left && one.assigned).map(|one| one.right).collect()
}

/// Two registers in one order; each writes numbers behind its names, for reasons of its own.
fn numbered() -> (Vec<Facility>, Vec<Facility>) {
    let (mut left, mut right) = country(300, 21);
    let mut numbers = Numbers::new(4);
    for facility in left.iter_mut().chain(&mut right) {
        facility.name = format!("{} Ward {}", facility.name.replace(" III", ""), 2 + numbers.below(40));
    }
    (left, right)
}

#[test]
fn what_was_decided_holds() {
    let (left, right) = country(200, 17);
    let reviews = [accept(3, 77), accept(5, None), reject(9, 9), accept(12, 12), accept(12, 90)];
    let proposals = reviewed(&left, &right, &reviews, 1);
    assert_eq!(assigned(&proposals, 3), [Some(77)]);
    assert_eq!(assigned(&proposals, 5), [None]);
    assert!(!assigned(&proposals, 9).contains(&Some(9)));
    let mut several = assigned(&proposals, 12);
    several.sort_unstable();
    assert_eq!(several, [Some(12), Some(90)]);
    // Record 77 had its partner in 77 of the right list, which is taken.
    assert!(!assigned(&proposals, 77).contains(&Some(77)));
    let first = proposals.iter().find(|one| one.left == 3).unwrap();
    assert_eq!((first.right, first.decision), (Some(77), Decision::Accept));
    for proposal in &proposals {
        let sum: f64 = proposal.evidence.iter().map(|part| part.bits).sum();
        assert!((sum - proposal.score_bits).abs() < 1e-6, "{proposal:#?}");
    }
}

#[test]
fn the_same_decisions_give_the_same_weights() {
    let (left, right) = numbered();
    let reviews: Vec<Review> = (0..60).map(|row| accept(row * 4, row * 4)).chain([accept(1, None)]).collect();
    let turned: Vec<Review> = reviews.iter().rev().copied().collect();
    let once = reviewed(&left, &right, &reviews, 1);
    assert_eq!(once, reviewed(&left, &right, &turned, 2));
    // Neither does it matter what was decided before on the way there.
    let mut matcher = Matcher::new(&left, &right, 3);
    matcher.review(&reviews[..20], 3);
    matcher.review(&reviews, 3);
    assert_eq!(once, (0..left.len()).flat_map(|row| matcher.proposals(row)).collect::<Vec<_>>());
}

#[test]
fn numbers_that_are_no_part_of_the_name_come_to_count_less() {
    let (left, right) = numbered();
    let reviews: Vec<Review> = (0..100).map(|row| accept(row, row)).collect();
    // Of the records that nobody looked at, what another number takes from the true pair.
    let taken = |proposals: &[Proposal]| -> f64 {
        let pairs = proposals.iter().filter(|one| one.left >= 100 && one.right == Some(one.left));
        let parts = pairs.flat_map(|one| &one.evidence).filter(|part| part.feature == "name-number");
        parts.map(|part| part.bits).sum()
    };
    let (before, after) = (taken(&reviewed(&left, &right, &[], 1)), taken(&reviewed(&left, &right, &reviews, 1)));
    assert!(before < -900.0 && after > before * 0.98, "{before} {after}");
}

#[test]
fn what_was_accepted_unseen_teaches_nothing() {
    let (left, right) = numbered();
    let unseen: Vec<Review> = (0..100).map(|row| Review { looked_at: false, ..accept(row, row) }).collect();
    let taken = |proposals: &[Proposal]| -> Vec<f64> {
        let pairs = proposals.iter().filter(|one| one.left >= 100 && one.right == Some(one.left));
        let parts = pairs.flat_map(|one| &one.evidence).filter(|part| part.feature == "name-number");
        parts.map(|part| part.bits).collect()
    };
    assert_eq!(taken(&reviewed(&left, &right, &[], 1)), taken(&reviewed(&left, &right, &unseen, 1)));
}

#[test]
fn decisions_about_records_that_are_gone_are_left_out() {
    let (left, right) = country(40, 2);
    let gone = [accept(400, 1), accept(1, 400), reject(400, 400)];
    assert_eq!(reviewed(&left, &right, &gone, 1), reviewed(&left, &right, &[], 1));
}
