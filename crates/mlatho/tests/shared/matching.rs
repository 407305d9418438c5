//! Matching of real registers whose links are known. Floors lie a little below what is reached; run with `--nocapture`
//! to see the figures.

mod audit;
mod learning;
mod measure;
pub(crate) mod sets;

use measure::{Measured, measure};
use mlatho_harmonize::matching::facility::{Matcher, areas};
use sets::Set;

fn holds(set: Option<Set>, check: impl Fn(&Measured)) {
    let Some(set) = set else { return };
    let measured = measure(&set);
    eprintln!("{}: {measured:.4?}", set.name);
    check(&measured);
}

#[test]
fn uganda_datim_with_dhis2() {
    holds(sets::pair("ug_datim"), |figures| {
        assert!(figures.hit_at_1 >= 0.970 && figures.recall_at_5 >= 0.984 && figures.f1 >= 0.970);
        assert!(figures.accepted_precision >= 0.995 && figures.accepted_recall >= 0.85);
    });
}

#[test]
fn kenya_register_of_2014_with_2020() {
    holds(sets::pair("ke_mfl"), |figures| {
        assert!(figures.hit_at_1 >= 0.984 && figures.recall_at_5 >= 0.987 && figures.f1 >= 0.981);
        assert!(figures.accepted_precision >= 0.995 && figures.accepted_recall >= 0.95);
    });
}

#[test]
fn senegal_survey_with_ministry() {
    // The published links hold 37 that are not one-to-one, and lack some that are plain.
    holds(sets::pair("sn_maina_moh"), |figures| {
        assert!(figures.hit_at_1 >= 0.987 && figures.precision >= 0.97 && figures.f1 >= 0.966);
    });
}

#[test]
fn kenya_dhis2_with_register() {
    holds(sets::kenya_lists(), |figures| {
        assert!(figures.accepted_precision >= 0.995 && figures.accepted_recall >= 0.94);
        assert!(figures.calibration_error <= 0.02);
        let wrong = figures.accepted_wrong;
        assert!(wrong <= 2.0 * figures.expected_wrong && figures.expected_wrong <= 2.0 * wrong);
    });
}

#[test]
fn malawi_dhis2_with_openlmis() {
    holds(sets::malawi(), |figures| {
        assert!(figures.best_precision >= 0.95 && figures.best_recall >= 0.85);
        assert!(figures.linked_without_partner <= 0.05);
    });
}

#[test]
fn cote_d_ivoire_districts() {
    let Some((left, right)) = sets::ivory_coast_districts() else { return };
    let matcher = Matcher::new(&areas("", &left).0, &areas("", &right).0, 1);
    let proposed = |name: &str| -> Vec<String> {
        let row = (0..left.len()).find(|row| left.named(*row, "name") == name).unwrap();
        let found = matcher.proposals(row).into_iter().filter_map(|proposal| proposal.right);
        found.map(|row| right.named(row, "name").to_owned()).collect()
    };
    let other_names = [
        ("YOPOUGON-OUEST-SONGON", "YOPOUGON-OUEST SONGON"),
        ("ABOBO-EST", "ABOBO EST"),
        ("COCODY-BINGERVILLE", "COCODY BINGERVILLE"),
        ("KOUMASSI-PORT BOUET-VRIDI", "PORT-BOUET-VRIDI"),
        ("TOULEPLEU", "TOULEUPLEU"),
        ("SAN PEDRO", "SAN-PEDRO"),
        ("M'BAHIAKRO", "MBAHIAKRO"),
        ("OUANGOLO", "OUANGOLODOUGOU"),
    ];
    for (one, other) in other_names {
        assert_eq!(proposed(one).first().map(String::as_str), Some(other));
    }
    let several = [("GAGNOA", ["GAGNOA 1", "GAGNOA 2"]), ("KORHOGO", ["KORHOGO 1", "KORHOGO 2"])];
    for (one, others) in several {
        assert_eq!(proposed(one).get(..2), Some(others.map(str::to_owned).as_slice()));
    }
    assert!(proposed("KOUMASSI-PORT BOUET-VRIDI").contains(&"KOUMASSI".to_owned()));
}
