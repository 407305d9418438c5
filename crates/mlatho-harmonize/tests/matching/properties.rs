//! What must hold for any two lists.

use std::collections::BTreeSet;

use mlatho_harmonize::matching::Decision;
use mlatho_harmonize::matching::facility::{Directory, Facility, Matcher};

use crate::world::{Numbers, accepted, country, matched};

/// Two registers of a country: some facilities only here, some only there, some with a letter lost.
fn registers() -> (Vec<Facility>, Vec<Facility>) {
    let (mut left, mut right) = country(300, 11);
    let mut numbers = Numbers::new(3);
    for facility in right.iter_mut().step_by(5) {
        facility.name.remove(1 + numbers.below(3));
    }
    left.truncate(270);
    right.drain(..30);
    (left, right)
}

#[test]
fn swapped_lists_give_the_same_links_and_scores() {
    let (left, right) = registers();
    let ((there, partners), (back, _)) = (matched(&left, &right), matched(&right, &left));
    assert!(partners.iter().flatten().count() > 200);
    for proposal in there.iter().filter(|proposal| proposal.assigned && proposal.right.is_some()) {
        let same = back.iter().find(|other| {
            other.left == proposal.right.unwrap() && other.right == Some(proposal.left) && other.assigned
        });
        let same = same.unwrap();
        assert!((same.score_bits - proposal.score_bits).abs() < 0.01, "{proposal:#?} {same:#?}");
    }
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let (left, right) = registers();
    let (proposals, _) = matched(&left, &right);
    let (left_back, right_back): (Vec<_>, Vec<_>) =
        (left.iter().rev().cloned().collect(), right.iter().rev().cloned().collect());
    let (reversed, _) = matched(&left_back, &right_back);
    let turned: BTreeSet<(usize, usize)> =
        accepted(&reversed).into_iter().map(|(a, b)| (left.len() - 1 - a, right.len() - 1 - b)).collect();
    assert_eq!(accepted(&proposals).into_iter().collect::<BTreeSet<_>>(), turned);
}

#[test]
fn case_and_accents_do_not_matter() {
    let (left, right) = registers();
    let accented = |text: &str| text.to_uppercase().replace('A', "Â").replace('O', "Ó").replace('E', "É");
    let changed: Vec<Facility> = left
        .iter()
        .map(|facility| Facility {
            name: accented(&facility.name),
            areas: facility.areas.iter().map(|area| accented(area)).collect(),
            ..facility.clone()
        })
        .collect();
    assert_eq!(matched(&left, &right).0, matched(&changed, &right).0);
}

#[test]
fn evidence_sums_to_the_score_and_links_are_one_to_one() {
    let (left, right) = registers();
    let (proposals, _) = matched(&left, &right);
    let (mut lefts, mut rights) = (BTreeSet::new(), BTreeSet::new());
    for proposal in &proposals {
        let sum: f64 = proposal.evidence.iter().map(|part| part.bits).sum();
        assert!((sum - proposal.score_bits).abs() < 1e-6, "{proposal:#?}");
        assert!((0.0..=1.0).contains(&proposal.probability));
        if proposal.assigned {
            assert!(lefts.insert(proposal.left));
            assert!(proposal.right.is_none_or(|right| rights.insert(right)));
        }
    }
    for left in 0..left.len() {
        let of_left: Vec<_> = proposals.iter().filter(|proposal| proposal.left == left).collect();
        let ranks: Vec<u32> = of_left.iter().map(|proposal| proposal.rank).collect();
        assert_eq!(ranks, (1..=u32::try_from(of_left.len()).unwrap()).collect::<Vec<_>>());
        let none = of_left.iter().any(|proposal| proposal.right.is_none());
        assert_eq!(none, of_left.iter().all(|proposal| proposal.decision == Decision::None));
    }
}

#[test]
fn threads_do_not_matter() {
    let (left, right) = registers();
    let all = |threads| {
        let matcher = Matcher::new(&left, &right, threads);
        (0..left.len()).flat_map(|row| matcher.proposals(row)).collect::<Vec<_>>()
    };
    let one = all(1);
    assert_eq!(one, all(2));
    assert_eq!(one, all(7));
}

#[test]
fn a_row_that_concerns_nobody_changes_no_link() {
    let (left, mut right) = registers();
    let (_, before) = matched(&left, &right);
    right.push(Facility {
        name: "Xyloquartz Fjordheim".into(),
        areas: vec!["Elsewhere".into()],
        ..Facility::default()
    });
    assert_eq!(matched(&left, &right).1, before);
}

#[test]
fn empty_lists_and_names_give_nothing_and_do_not_fail() {
    assert_eq!(matched(&[], &[]).0, []);
    let nameless = Facility { name: " – ".into(), ..Facility::default() };
    let named = Facility { name: "Kasolwe".into(), ..Facility::default() };
    let (proposals, partners) = matched(&[nameless.clone(), named.clone()], &[nameless]);
    assert_eq!(partners, [None, None]);
    assert_eq!(proposals.len(), 2);
    assert_eq!(matched(&[named], &[]).0[0].decision, Decision::None);
}

#[test]
fn a_name_of_a_megabyte_costs_no_time() {
    let long = |letter: &str| Facility { name: letter.repeat(1 << 20), ..Facility::default() };
    let words = |word: &str| Facility { name: word.repeat(1 << 17), ..Facility::default() };
    let (_, partners) = matched(&[long("ka"), words("ka lu ")], &[long("ku"), words("la ku ")]);
    assert_eq!(partners.len(), 2);
}

#[test]
fn typing_errors_cost_a_little_at_a_time() {
    let (left, mut right) = country(300, 5);
    let mut last = left.len();
    for round in 0..3 {
        let (_, partners) = matched(&left, &right);
        let found = partners.iter().enumerate().filter(|(row, partner)| **partner == Some(*row)).count();
        assert!(found <= last + 3 && found * 100 >= left.len() * (95 - 12 * round), "{found} after {round} rounds");
        last = found;
        for facility in right.iter_mut().skip(round).step_by(3) {
            facility.name.remove(2);
        }
    }
}

#[test]
fn a_changed_row_is_matched_again() {
    let (left, right) = country(200, 9);
    let mut matcher = Matcher::new(&left, &right, 1);
    let moved = Facility { name: "Somewhere Else Entirely".into(), ..left[20].clone() };
    matcher.rematch(20, &moved);
    let nothing = matcher.proposals(20);
    assert!(nothing.last().unwrap().right.is_none(), "{nothing:#?}");
    matcher.rematch(20, &left[20]);
    let again = matcher.proposals(20);
    let before = Matcher::new(&left, &right, 1).proposals(20);
    assert_eq!((again[0].right, again[0].assigned), (before[0].right, before[0].assigned));
    assert!((again[0].score_bits - before[0].score_bits).abs() < 0.5);
}

#[test]
fn a_wrong_link_is_the_most_suspicious() {
    let (left, right) = country(200, 13);
    let mut links: Vec<(usize, usize)> = (0..200).map(|row| (row, row)).collect();
    // Row 50 should lead to 50, which no link uses, and leads to where 120 leads.
    links[50].1 = 120;
    let found = Matcher::new(&left, &right, 1).audit(&links);
    assert_eq!(found.len(), 200);
    assert_eq!((found[0].link, found[0].better), (50, Some(50)));
    assert!(found[0].suspicion > 0.9 && found[5].suspicion < 0.5, "{found:#?}");
}

#[test]
fn a_directory_answers_each_question_by_itself() {
    let (left, right) = country(300, 21);
    let mut directory = Directory::new(&right);
    let first: Vec<_> = left.iter().map(|facility| directory.proposals(facility)).collect();
    let found = first.iter().enumerate().filter(|(row, found)| found[0].right == Some(*row)).count();
    assert!(found * 100 >= left.len() * 95, "{found}");
    // In another order, twice over, beside a question about what is not there.
    let stranger =
        Facility { name: "Somewhere Else Entirely".into(), areas: vec!["Nowhere".into()], ..left[0].clone() };
    for (row, facility) in left.iter().enumerate().rev() {
        if row % 50 == 0 {
            let nothing = directory.proposals(&stranger);
            assert!(nothing.last().unwrap().right.is_none(), "{nothing:#?}");
        }
        assert_eq!(directory.proposals(facility), first[row]);
        assert_eq!(directory.proposals(facility), first[row]);
    }
    let sums = first
        .iter()
        .flatten()
        .all(|found| (found.evidence.iter().map(|part| part.bits).sum::<f64>() - found.score_bits).abs() < 1e-6);
    assert!(sums);
}
