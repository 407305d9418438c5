//! Data elements: a product, a measure, category options.

use mlatho_harmonize::matching::Decision;
use mlatho_harmonize::matching::element::{ElementRow, parse_element, propose};
use mlatho_model::Measure;

#[test]
fn measures_in_three_languages() {
    for (name, measure) in [
        ("ACT 1x6 – quantity dispensed", Measure::Consumed),
        ("AL 6x1 Stock balance at end of month", Measure::ClosingBalance),
        ("Amoxicilline 250 mg – quantité distribuée", Measure::Consumed),
        ("SRO nombre de jours de rupture de stock", Measure::StockoutDays),
        ("Paracetamol quantidade recebida", Measure::Received),
        ("Stock inicial - Amoxicilina", Measure::OpeningBalance),
        ("TDR perdas", Measure::Losses),
        ("Condoms ordered", Measure::Ordered),
        ("ORS AMC", Measure::AmcReported),
        // A slip of the pen in a phrase
        ("Zinc 20mg stock on hard", Measure::ClosingBalance),
    ] {
        assert_eq!(parse_element(name, "", "").measure, Some(measure), "{name}");
    }
    assert_eq!(parse_element("Zinc 20mg", "", "").measure, None);
    assert_eq!(parse_element("Zinc 20mg", "closing_balance", "").measure, Some(Measure::ClosingBalance));
    assert_eq!(parse_element("Zinc 20mg", "", "Quantity received").measure, Some(Measure::Received));
}

#[test]
fn the_product_is_what_is_left() {
    let element = parse_element("ACT 1x6 – quantity dispensed, <5 years", "", "default");
    assert_eq!(element.product.to_string(), "artemisinin combination; pack 1x6");
    assert_eq!(element.options.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["under 5"]);
    assert!(parse_element("Male condom used", "", "default").options.is_empty());
}

fn row(id: &str, name: &str, measure: &str, options: &str) -> ElementRow {
    let [id, name, measure, options] = [id, name, measure, options].map(str::to_owned);
    ElementRow { id, name, measure, options, ..ElementRow::default() }
}

/// The best element for each left row, by id.
fn best<'a>(left: &[ElementRow], right: &'a [ElementRow]) -> Vec<&'a str> {
    let proposals = propose(left, right);
    let first = |at: usize| proposals.iter().find(|proposal| proposal.left == at && proposal.rank == 1);
    (0..left.len()).map(|at| first(at).and_then(|found| found.right).map_or("", |found| &*right[found].id)).collect()
}

#[test]
fn product_and_measure_lead_to_the_element() {
    let right = [
        row("a", "Programme ESS Amoxicillin 250mg capsules Stock on hand", "", ""),
        row("b", "Programme ESS Amoxicillin 250mg capsules Quantity used", "", ""),
        row("c", "Programme ESS Amoxicillin 125mg/5ml suspension Quantity used", "", ""),
        row("d", "Programme MAL AL 20/120mg 6x1 Stock out days", "", ""),
        row("e", "Programme MAL AL 20/120mg 6x4 Stock out days", "", ""),
    ];
    let left = [
        row("1", "Amoxicilline gélule 250 mg", "closing_balance", ""),
        row("2", "Amoxicilline gélule 250 mg – quantité consommée", "", ""),
        row("3", "Amoxicillin suspension 25mg/ml", "consumed", ""),
        row("4", "Artemether+lumefantrine 30x6", "stockout_days", ""),
        row("5", "Artemether+lumefantrine 30x24", "stockout_days", ""),
    ];
    assert_eq!(best(&left, &right), ["a", "b", "c", "d", "e"]);
    for proposal in propose(&left, &right) {
        let sum: f64 = proposal.evidence.iter().map(|evidence| evidence.bits).sum();
        assert!((sum - proposal.score_bits).abs() < 1e-9);
    }
}

#[test]
fn category_options_tell_the_measure_and_the_age() {
    let right = [
        row("o1", "ACT 1x6", "", "Closing balance"),
        row("o2", "ACT 1x6", "", "Quantity dispensed"),
        row("y", "ACT treatments dispensed", "", "<5 years"),
        row("z", "ACT treatments dispensed", "", "5 years and over"),
    ];
    let left = [
        row("1", "ACT 1x6", "closing_balance", ""),
        row("2", "ACT 1x6", "consumed", ""),
        row("3", "ACT treatments", "consumed", "moins de 5 ans"),
        row("4", "ACT treatments", "consumed", "≥5 ans"),
    ];
    assert_eq!(best(&left, &right), ["o1", "o2", "y", "z"]);
}

#[test]
fn an_element_is_never_accepted_unseen() {
    let mut same = row("a", "Zinc 20mg dispersible tablet, pack of 100", "consumed", "");
    same.code = "ZN20-b".into();
    let proposals = propose(&[same.clone()], &[same]);
    assert_eq!(proposals[0].decision, Decision::Review);
    assert!(proposals[0].probability > 0.99);
}

#[test]
fn a_product_code_begins_the_codes_of_its_elements() {
    let coded = |name: &str, code: &str| ElementRow { code: code.into(), ..row(code, name, "", "") };
    let right = [
        coded("Fixer Stock on hand", "FD1-a"),
        coded("Fixer Stock on hand", "NN2-a"),
        coded("Fixer received", "NN2-d"),
    ];
    let left = [ElementRow { measure: "closing_balance".into(), ..coded("Fixer", "NN2") }];
    assert_eq!(best(&left, &right), ["NN2-a"]);
}
