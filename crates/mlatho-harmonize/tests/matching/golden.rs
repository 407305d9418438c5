//! Sixty hard pairs among a few hundred plain ones.

use mlatho_harmonize::matching::facility::{Facility, facilities};
use mlatho_harmonize::matching::{Decision, List};

use crate::world::{country, matched};

const LEFT: &str = include_str!("golden/left.csv");
const RIGHT: &str = include_str!("golden/right.csv");

fn read(text: &str) -> (List, Vec<Facility>) {
    let (list, findings) = List::read("golden.csv", text.as_bytes());
    assert_eq!(findings, []);
    let (facilities, findings) = facilities("golden.csv", &list);
    assert_eq!(findings, []);
    (list, facilities)
}

#[test]
fn hard_pairs() {
    let ((left_list, mut left), (right_list, mut right)) = (read(LEFT), read(RIGHT));
    let plain = country(400, 7);
    left.extend(plain.0);
    right.extend(plain.1);
    let (proposals, partners) = matched(&left, &right);
    let mut wrong = Vec::new();
    for (row, partner) in partners.iter().take(left_list.len()).enumerate() {
        let partner = partner.map_or("none", |right| right_list.named(right, "id"));
        let best = proposals.iter().find(|proposal| proposal.left == row).unwrap();
        let as_expected = match left_list.named(row, "expected") {
            "ask" => best.decision == Decision::Review,
            expected => partner == expected,
        };
        if !as_expected {
            let (name, why) = (left_list.named(row, "name"), left_list.named(row, "why"));
            wrong.push(format!("{name} ({why}): {partner}, {:.2}, {}", best.probability, best.decision));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
