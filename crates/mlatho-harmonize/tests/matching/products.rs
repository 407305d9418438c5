//! Proposals for two lists of products.

use std::collections::BTreeMap;
use std::slice::from_ref;

use mlatho_harmonize::matching::product::{FactorReason, ProductRow, propose, propose_factors};
use mlatho_harmonize::matching::{Decision, Proposal};
use proptest::prelude::*;

fn rows(names: &[&str]) -> Vec<ProductRow> {
    let row =
        |(at, name): (usize, &&str)| ProductRow { id: at.to_string(), name: (*name).into(), ..ProductRow::default() };
    names.iter().enumerate().map(row).collect()
}

/// The best candidate of each left row.
fn best(left: &[&str], right: &[&str]) -> Vec<Option<usize>> {
    let proposals = propose(&rows(left), &rows(right));
    let first = |at: usize| proposals.iter().find(|proposal| proposal.left == at && proposal.rank == 1);
    (0..left.len()).map(|at| first(at).and_then(|proposal| proposal.right)).collect()
}

const RIGHT: [&str; 12] = [
    "Paracetamol 500mg tablets",
    "Paracetamol syrup 120mg/5ml",
    "Amoxicillin 250mg capsules",
    "Amoxicillin 125mg/5ml suspension",
    "Artemether/lumefantrine 20/120mg 6x4",
    "Artemether/lumefantrine 20/120mg 6x1",
    "Co-trimoxazole 960mg",
    "Magnesium sulphate 50% 10ml",
    "Surgical gloves size 7.5",
    "Surgical gloves size 8",
    "Male condom",
    "Zinc 20mg dispersible",
];

#[test]
fn parts_decide_not_spelling() {
    let left = [
        "Acetaminophen tab 0.5 g",
        "Paracétamol sirop 24 mg/ml",
        "Amoxicilline gélule 250 mg",
        "Amoxicilina 25 mg/ml suspensão oral",
        "AL 30x24",
        "Coartem 20/120 30x6",
        "Sulfaméthoxazole/triméthoprime 800/160 mg",
        "Magnesium sulfate 500mg/ml inj 10 ml",
        "Gants chirurgicaux taille 7 ½",
        "Gloves, surgeon's, 8",
        "Préservatif masculin",
        "Sulfate de zinc 20 mg",
    ];
    assert_eq!(best(&left, &RIGHT), (0..12).map(Some).collect::<Vec<_>>());
}

#[test]
fn what_fits_nowhere_is_said_to() {
    let proposals = propose(&rows(&["Hand-held stapler"]), &rows(&RIGHT));
    let last = proposals.last().unwrap();
    assert_eq!((last.right, last.decision, last.assigned), (None, Decision::None, true));
    assert!(proposals.iter().all(|proposal| proposal.decision != Decision::Accept));
}

#[test]
fn nothing_matches_an_empty_list() {
    let proposals = propose(&rows(&["Zinc 20mg"]), &[]);
    assert_eq!(proposals.len(), 1);
    assert_eq!(proposals[0].right, None);
    assert!(propose(&[], &rows(&RIGHT)).is_empty());
}

fn decision(left: &ProductRow, right: &ProductRow) -> Decision {
    propose(from_ref(left), from_ref(right))[0].decision
}

#[test]
fn only_proven_equality_is_accepted() {
    let [full, same, other_pack, no_pack, no_form] = [
        "Amoxicillin 250 mg capsule, pack of 1000",
        "AMOXICILLINE 250MG GÉLULE B/1000",
        "Amoxicillin 250 mg capsule, pack of 100",
        "Amoxicillin 250 mg capsule",
        "Amoxicillin 250 mg, pack of 1000",
    ]
    .map(|name| rows(&[name]).remove(0));
    assert_eq!(decision(&full, &same), Decision::Accept);
    for other in [other_pack, no_pack.clone(), no_form] {
        assert_eq!(decision(&full, &other), Decision::Review, "{}", other.name);
    }
    // Without a pack nobody knows what is counted.
    assert_eq!(decision(&no_pack, &no_pack), Decision::Review);
}

#[test]
fn an_equal_code_is_accepted_unless_the_name_contradicts() {
    let coded = |name: &str, code: &str| ProductRow { name: name.into(), code: code.into(), ..ProductRow::default() };
    let salt = coded("ORS sachet", "4006381333931");
    assert_eq!(decision(&salt, &coded("Oral rehydration salts", "04006381333931")), Decision::Accept);
    assert_eq!(decision(&salt, &coded("Oral rehydration salts, box of 100", "4006381333931")), Decision::Review);
    assert_eq!(decision(&salt, &coded("Oxytocin 10 IU", "4006381333931")), Decision::Review);
    assert_eq!(decision(&salt, &coded("Oral rehydration salts", "")), Decision::Review);
    // A short code of unknown things is a row number.
    assert_eq!(decision(&coded("Stapler", "17"), &coded("Desk", "17")), Decision::Review);
}

#[test]
fn columns_beside_the_name_are_heard() {
    let left = ProductRow {
        name: "Amoxicillin".into(),
        strength: "125 mg/5 ml".into(),
        form: "suspension".into(),
        ..ProductRow::default()
    };
    let proposals = propose(&[left], &rows(&RIGHT));
    assert_eq!(proposals[0].right, Some(3));
    let other = ProductRow { name: "X-17".into(), aliases: "??|MILDA".into(), ..ProductRow::default() };
    assert_eq!(propose(&[other], &rows(&["Gloves", "Long lasting insecticidal net"]))[0].right, Some(1));
}

#[test]
fn packs_of_one_item_may_share_a_partner_and_others_may_not() {
    let assigned = |left: &[&str], right: &[&str]| -> Vec<_> {
        let proposals = propose(&rows(left), &rows(right));
        proposals
            .into_iter()
            .filter(|proposal| proposal.assigned)
            .map(|proposal| (proposal.left, proposal.right))
            .collect()
    };
    let packs = ["Ibuprofen 200mg tablets, tin of 1000", "Ibuprofen 200mg tablets, pack of 100"];
    assert_eq!(assigned(&packs, &["Ibuprofen 200mg tablets"]), [(0, Some(0)), (1, Some(0))]);
    let twins = ["Ibuprofen 200mg tablets", "Ibuprofen 200mg tablet"];
    assert_eq!(assigned(&twins, &["Ibuprofen 200mg tablets"]), [(0, Some(0))]);
}

#[test]
fn factors_come_with_their_reason() {
    let of = |left: &str, right: &str| -> Vec<_> {
        let found = propose_factors(&rows(&[left])[0], &rows(&[right])[0]);
        found.into_iter().map(|proposal| (proposal.factor.to_string(), proposal.reason)).collect()
    };
    let single = ("1".to_owned(), FactorReason::SingleUnits);
    let packs = ("10".to_owned(), FactorReason::Packs { left: 1000, right: 100 });
    assert_eq!(of("Ibuprofen 200mg, tin of 1000", "Ibuprofen 200mg BTE/100"), [packs, single.clone()]);
    let courses = ("1/30".to_owned(), FactorReason::Packs { left: 18, right: 540 });
    assert_eq!(of("AL 20/120mg 6x3", "AL 20/120mg 30x18"), [courses, single.clone()]);
    let one_side = ("1/100".to_owned(), FactorReason::RightPack(100));
    assert_eq!(of("Ibuprofen 200mg", "Ibuprofen 200mg BTE/100"), [one_side, single.clone()]);
    let doses = ("1/2".to_owned(), FactorReason::Doses { left: 10, right: 20 });
    assert_eq!(of("BCG vaccine 10 doses", "BCG vaccine 20 doses"), [doses, single.clone()]);
    assert_eq!(of("ORS", "SRO"), [single]);
    let equal = ("1".to_owned(), FactorReason::Packs { left: 100, right: 100 });
    assert_eq!(of("ORS box of 100", "SRO 10x10"), [equal]);
}

#[test]
fn twins_are_asked_about() {
    let name = "Amoxicillin 250 mg capsule, pack of 1000";
    for (left, right) in [([name].as_slice(), [name, name].as_slice()), (&[name, name], &[name])] {
        let proposals = propose(&rows(left), &rows(right));
        assert!(proposals.iter().all(|proposal| proposal.decision != Decision::Accept));
        assert_eq!(proposals.iter().filter(|proposal| proposal.assigned).count(), 1);
    }
}

fn summed(proposals: &[Proposal]) -> bool {
    let sum = |proposal: &Proposal| proposal.evidence.iter().map(|evidence| evidence.bits).sum::<f64>();
    proposals.iter().all(|proposal| (sum(proposal) - proposal.score_bits).abs() < 1e-9)
}

fn list() -> impl Strategy<Value = Vec<&'static str>> {
    const MORE: [&str; 8] = [
        "Amoxicilline 250 mg gélule B/1000",
        "AL 6x4",
        "Vaccin rougeole 10 doses",
        "Oxytocin 10 IU/ml",
        "stapler",
        "Préservatif masculin BTE/144",
        "Ibuprofen",
        "Bandage 10cm x 4m",
    ];
    prop::sample::subsequence(RIGHT.into_iter().chain(MORE).collect::<Vec<_>>(), 1..12).prop_shuffle()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn evidence_adds_up_ranks_run_and_probabilities_are_probabilities(left in list(), right in list()) {
        let proposals = propose(&rows(&left), &rows(&right));
        prop_assert!(summed(&proposals));
        for at in 0..left.len() {
            let own: Vec<_> = proposals.iter().filter(|proposal| proposal.left == at).collect();
            prop_assert!(!own.is_empty() && own.len() <= 6);
            prop_assert!(own.iter().enumerate().all(|(place, proposal)| proposal.rank as usize == place + 1));
            let found: Vec<_> = own.iter().filter(|proposal| proposal.right.is_some()).collect();
            prop_assert!(found.windows(2).all(|pair| pair[0].score_bits >= pair[1].score_bits));
            prop_assert!(own.iter().all(|proposal| (0.0..=1.0).contains(&proposal.probability)));
            prop_assert!(own.iter().filter(|proposal| proposal.assigned).count() <= 1);
        }
    }

    #[test]
    fn a_pair_weighs_the_same_from_either_side(left in list(), right in list()) {
        let weights = |one: &[&str], two: &[&str], turned: bool| -> BTreeMap<(usize, usize), f64> {
            let pairs = propose(&rows(one), &rows(two)).into_iter().filter_map(|proposal| {
                let other = proposal.right?;
                let own = proposal.evidence.iter().filter(|evidence| evidence.feature != "twins");
                let pair = if turned { (other, proposal.left) } else { (proposal.left, other) };
                Some((pair, own.map(|evidence| evidence.bits).sum()))
            });
            pairs.collect()
        };
        let back = weights(&right, &left, true);
        for (pair, bits) in weights(&left, &right, false) {
            prop_assert!(back.get(&pair).is_none_or(|other| (bits - other).abs() < 1e-9), "{pair:?}");
        }
    }

    #[test]
    fn an_equal_name_is_on_top(list in list()) {
        let found = best(&list, &list);
        prop_assert_eq!(found, (0..list.len()).map(Some).collect::<Vec<_>>());
    }

    #[test]
    fn case_and_order_of_the_list_do_not_matter(left in list(), right in list()) {
        let named = |found: Vec<Option<usize>>, list: &[&'static str]| -> Vec<_> {
            found.into_iter().map(|at| at.map(|at| list[at])).collect()
        };
        let upper: Vec<String> = left.iter().map(|name| name.to_uppercase()).collect();
        let upper: Vec<&str> = upper.iter().map(String::as_str).collect();
        prop_assert_eq!(best(&left, &right), best(&upper, &right));
        let mut sorted = right.clone();
        sorted.sort_unstable();
        let scores = |right: &[&str]| -> Vec<_> {
            let proposals = propose(&rows(&left), &rows(right));
            proposals.iter().filter(|proposal| proposal.rank == 1).map(|proposal| (proposal.score_bits * 1e6).round()).collect()
        };
        prop_assert_eq!(scores(&right), scores(&sorted));
        prop_assert_eq!(named(best(&right, &right), &right), named(best(&right, &sorted), &sorted));
    }
}
