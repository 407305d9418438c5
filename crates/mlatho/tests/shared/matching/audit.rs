//! A crosswalk with wrong links that were found by hand.

use std::collections::{BTreeMap, BTreeSet};

use mlatho_harmonize::matching::facility::{Matcher, facilities};

use super::sets;

/// Links that are wrong, by the id of their left record, each with the reason. Links that could be right stand in no
/// list; of those that look right at once not all were looked up.
const WRONG: &str = include_str!("ug_eid_wrong.csv");

#[test]
fn wrong_links_of_the_infant_diagnosis_crosswalk_come_first() {
    let Some(set) = sets::pair("ug_eid") else { return };
    let wrong: BTreeSet<&str> = WRONG.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let lefts: BTreeMap<&str, usize> = set.left.ids().enumerate().map(|(row, id)| (id, row)).collect();
    let rights: BTreeMap<&str, usize> = set.right.ids().enumerate().map(|(row, id)| (id, row)).collect();
    let links: Vec<(usize, usize)> =
        set.links.iter().map(|(left, right)| (lefts[left.as_str()], rights[right.as_str()])).collect();
    let matcher = Matcher::new(&facilities("", &set.left).0, &facilities("", &set.right).0, 2);
    let ranked = matcher.audit(&links);
    let wrong_among = |first: usize| {
        let rows = ranked.iter().take(first).map(|suspicion| set.links[suspicion.link].0.as_str());
        rows.filter(|left| wrong.contains(left)).count()
    };
    let (tenth, as_many) = (links.len() / 10, wrong.len());
    eprintln!(
        "{} wrong of {}; {} in the first {tenth}, {} in the first {as_many}, {} in the first {}",
        as_many,
        links.len(),
        wrong_among(tenth),
        wrong_among(as_many),
        wrong_among(2 * tenth),
        2 * tenth
    );
    // More links are wrong than a tenth of all.
    assert!(wrong_among(tenth) * 10 >= tenth * 8);
    assert!(wrong_among(as_many) * 10 >= as_many * 8);
}
