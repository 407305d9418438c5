//! Units of products as a project's tables give them.

#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use jiff::civil::{Date, date};
use mlatho_harmonize::units::{At, Band, Group, NoConversion, Products, Suspicion, TOLERANCE, suspect, suspects};
use mlatho_model::{Arg, Decimal, Factor, Finding, ItemId, Rational, Unit};
use proptest::prelude::*;

const DAY: Date = date(2026, 3, 1);

/// Artemether-lumefantrine in packs of 30 blisters of 6 tablets, since 2026 in packs of 24; a vaccine in vials.
const PACKS: &str = "item,version,unit,contains,of,valid_from,valid_to,source\n\
    AL,1,pack,30,blister,,2025-12-31,national catalogue\n\
    AL,2,pack,24,blister,2026-01-01,,national catalogue\n\
    AL,,blister,6,,,,\n\
    BCG,,dispensing-unit,20,dose,,,vial of 20\n";

/// The bands of artemether-lumefantrine by weight: one to four tablets twice a day for three days.
const DOSAGES: &str = "regimen,item,units_per_dose,doses_per_day,days,weight_from,weight_to,source\n\
    AL,AL,1,2,3,5,15,WHO\n\
    AL,AL,2,2,3,15,25,WHO\n\
    AL,AL,3,2,3,25,35,WHO\n\
    AL,AL,4,2,3,35,,WHO\n";

fn tables(files: &[&str]) -> (Products, Vec<Finding>) {
    let (mut products, mut findings) = (Products::default(), Vec::new());
    files.iter().for_each(|file| products.read("products/p.csv", file.as_bytes(), &mut findings));
    (products, findings)
}

fn products() -> Products {
    let (products, findings) = tables(&[PACKS, DOSAGES]);
    assert_eq!(findings, []);
    products
}

fn item(text: &str) -> ItemId {
    text.parse().unwrap()
}

fn unit(text: &str) -> Unit {
    Unit::named(text).unwrap()
}

fn factor(products: &Products, of: &str, [from, to]: [&str; 2], at: At<'_>) -> Result<String, NoConversion> {
    products.factor(&item(of), &unit(from), &unit(to), at).map(|factor| factor.to_string())
}

fn kilograms(from: i64, to: i64) -> Group {
    Group { weight: Band { from: from.into(), to: Some(to.into()) }, ..Group::default() }
}

#[test]
fn packs_are_those_of_the_day() {
    let products = products();
    let tablets = |day| factor(&products, "AL", ["pack", "dispensing-unit"], At::day(day));
    assert_eq!(tablets(date(2025, 12, 31)), Ok("180".into()));
    assert_eq!(tablets(date(2026, 1, 1)), Ok("144".into()));
    assert_eq!(factor(&products, "AL", ["dispensing-unit", "pack"], At::day(DAY)), Ok("1/144".into()));
    assert_eq!(factor(&products, "BCG", ["dose", "dispensing-unit"], At::day(DAY)), Ok("1/20".into()));
    assert_eq!(factor(&products, "BCG", ["vial", "vial"], At::day(DAY)), Ok("1".into()));
}

#[test]
fn a_version_that_the_source_names_counts_whatever_day_it_is() {
    let products = products();
    let tablets = |version| {
        let at = At { version: Some(version), ..At::day(DAY) };
        factor(&products, "AL", ["pack", "dispensing-unit"], at)
    };
    assert_eq!(tablets("1"), Ok("180".into()));
    assert_eq!(tablets("2"), Ok("144".into()));
    assert_eq!(tablets("3"), Err(NoConversion::Version { item: item("AL"), version: "3".into() }));
    let at = At { version: Some("3"), ..At::day(DAY) };
    assert_eq!(factor(&products, "BCG", ["dispensing-unit", "dose"], at), Ok("20".into()));
}

#[test]
fn what_no_table_says_is_not_guessed() {
    let products = products();
    let unknown = |of, pair| matches!(factor(&products, of, pair, At::day(DAY)), Err(NoConversion::Unknown { .. }));
    assert!(unknown("AL", ["pack", "treatment"]));
    assert!(unknown("AL", ["pack", "dose"]));
    assert!(unknown("BCG", ["pack", "dose"]));
    assert!(unknown("OTHER", ["pack", "dispensing-unit"]));
}

#[test]
fn courses_follow_the_weight() {
    let products = products();
    let suitable = products.dosages("AL", &item("AL"), &Unit::treatment(), DAY, kilograms(5, 15));
    let dosage = suitable.only().unwrap();
    let at = At { dosage: Some(dosage), ..At::day(DAY) };
    assert_eq!(factor(&products, "AL", ["treatment", "dispensing-unit"], at), Ok("6".into()));
    assert_eq!(factor(&products, "AL", ["pack", "treatment"], at), Ok("24".into()));
    assert_eq!(factor(&products, "AL", ["dose", "dispensing-unit"], at), Ok("1".into()));
    assert_eq!(factor(&products, "AL", ["treatment", "dose"], at), Ok("6".into()));
    // A dosage of another item ties nothing.
    assert!(factor(&products, "BCG", ["treatment", "dose"], at).is_err());
}

#[test]
fn too_little_detail_gives_a_range_and_no_dosage() {
    let products = products();
    let range = |group| {
        let suitable = products.dosages("AL", &item("AL"), &Unit::treatment(), DAY, group);
        assert_eq!(suitable.only(), None);
        suitable.range().map(|(least, most)| (least.to_string(), most.to_string()))
    };
    assert_eq!(range(Group::default()), Some(("6".into(), "24".into())));
    assert_eq!(range(kilograms(10, 30)), Some(("6".into(), "18".into())));
    // Below 5 kg there is no dose, so a group that begins there is not wholly covered.
    assert_eq!(range(kilograms(0, 15)), Some(("6".into(), "6".into())));
    assert_eq!(range(kilograms(0, 5)), None);
    assert!(products.dosages("AL", &item("AL"), &Unit::patient_month(), DAY, Group::default()).rows.is_empty());
}

#[test]
fn bands_that_touch_cover_a_group_together() {
    let same = "regimen,item,units_per_dose,doses_per_day,days,age_from,age_to,weight_from,weight_to\n\
        R,I,1,1,10,0,12,,10\nR,I,1,1,10,0,12,10,\nR,I,0.5,2,10,12,60,,\n";
    let (products, findings) = tables(&[same]);
    assert_eq!(findings, []);
    let group = |from: i64, to: i64| Group { age: Band { from: from.into(), to: Some(to.into()) }, ..Group::default() };
    let only = |group| products.dosages("R", &item("I"), &Unit::treatment(), DAY, group).only().is_some();
    assert!(only(group(0, 12)), "both weights take the same");
    assert!(!only(group(0, 24)), "doses differ, although courses do not");
    assert!(!only(group(48, 72)), "nobody is told what those of five years take");
}

#[test]
fn a_patient_month_is_what_the_table_says_it_is() {
    let table = "regimen;item;per;units_per_dose;doses_per_day;days;valid_from;valid_to\n\
        TLD;TLD-90;patient-month;1;1;30;;2025-12-31\nTLD;TLD-90;patient-month;1;1;365/12;2026-01-01;\n";
    let packs = "item,unit,contains\nTLD-90,pack,90\n";
    let (products, findings) = tables(&[table, packs]);
    assert_eq!(findings, []);
    let months = |day| {
        let suitable = products.dosages("TLD", &item("TLD-90"), &Unit::patient_month(), day, Group::default());
        let at = At { dosage: suitable.only(), ..At::day(day) };
        factor(&products, "TLD-90", ["pack", "patient-month"], at).unwrap()
    };
    assert_eq!(months(date(2025, 6, 1)), "3");
    assert_eq!(months(DAY), "216/73");
}

#[test]
fn tables_that_contradict_themselves_convert_nothing() {
    let (products, findings) = tables(&["item,unit,contains,of\n\
        A,pack,30,\nA,pack,28,\nA,carton,10,pack\nA,dispensing-unit,2,dose\nA,dispensing-unit,4,dose\n\
        B,pack,10,blister\nB,blister,6,\nB,pack,100,\n"]);
    let codes: Vec<(u64, &str)> = findings.iter().map(|finding| (finding.place.row, finding.code)).collect();
    assert_eq!(codes, [(3, "products-overlap"), (6, "products-overlap")]);
    let contradicts =
        |of, pair| matches!(factor(&products, of, pair, At::day(DAY)), Err(NoConversion::Contradiction { .. }));
    assert!(contradicts("A", ["pack", "dispensing-unit"]));
    assert!(contradicts("A", ["carton", "dispensing-unit"]));
    assert!(contradicts("B", ["pack", "dispensing-unit"]));
    // The doubt about packs and doses does not reach cartons.
    assert_eq!(factor(&products, "A", ["carton", "pack"], At::day(DAY)), Ok("10".into()));
}

#[test]
fn bad_rows_cost_themselves() {
    let (products, findings) = tables(&[
        "item,unit,contains,of,valid_from,valid_to\n\
         A,pack,thirty,,,\nA,pack,,,,\nA,pack,0,,,\n,pack,30,,,\nA,pack,30,pack,,\nA,pack,30,,2026-02-01,2026-01-01\n\
         A,pack,30,,,\n",
        "regimen,item,per,units_per_dose,doses_per_day,days,age_from,age_to\n\
         R,A,year,1,1,1,,\nR,A,,1,1,,,\nR,A,,1,1,3,12,6\nR,A,,1,1,3,-1,\nR,A,,1,1,3,,\n",
        "item,unit\nA,pack\n",
    ]);
    let told: Vec<(u64, &str, &str)> =
        findings.iter().map(|finding| (finding.place.row, &*finding.place.column, finding.code)).collect();
    let expected = [
        (2, "contains", "products-row"),
        (3, "contains", "products-blank"),
        (4, "contains", "products-row"),
        (5, "item", "products-blank"),
        (6, "of", "products-row"),
        (7, "valid_to", "products-ends-before-start"),
        (2, "per", "products-row"),
        (3, "days", "products-blank"),
        (4, "age_to", "products-row"),
        (5, "age_from", "products-row"),
        (1, "contains", "missing-column"),
    ];
    assert_eq!(told, expected);
    assert_eq!(factor(&products, "A", ["pack", "dispensing-unit"], At::day(DAY)), Ok("30".into()));
    assert_eq!(products.dosages("R", &item("A"), &Unit::treatment(), DAY, Group::default()).rows.len(), 1);
}

#[test]
fn overlapping_bands_are_told() {
    let bands =
        "regimen,item,units_per_dose,doses_per_day,days,weight_from,weight_to\nR,A,1,2,3,5,15\nR,A,2,2,3,14,25\n";
    let (_, findings) = tables(&[bands]);
    assert_eq!(
        findings.iter().map(|finding| (finding.place.row, finding.code)).collect::<Vec<_>>(),
        [(3, "dosage-overlap")]
    );
}

fn known(products: &Products, of: &str) -> Vec<String> {
    products.factors(&item(of)).iter().map(Factor::to_string).collect()
}

#[test]
fn factors_by_which_numbers_go_wrong() {
    // Packs old and new, blisters, tablets, and one version's pack for the other's.
    assert_eq!(known(&products(), "AL"), ["5/4", "6", "24", "30", "144", "180"]);
    assert_eq!(known(&products(), "BCG"), ["20"]);
    assert!(known(&products(), "OTHER").is_empty());
}

fn decimals(numbers: &[i64]) -> Vec<Option<Decimal>> {
    numbers.iter().map(|number| Some(Decimal::from(*number))).collect()
}

fn factors(numbers: &[u64]) -> Vec<Factor> {
    numbers.iter().map(|number| Factor::new(*number, 1).unwrap()).collect()
}

#[test]
fn an_opening_balance_in_packs() {
    let found = suspect(12.into(), 360.into(), &factors(&[6, 30]), TOLERANCE).unwrap();
    assert_eq!(found.factor.to_string(), "1/30");
    assert_eq!(found.corrected(), Some(360.into()));
    let finding = found.finding();
    assert_eq!(finding.code, "unit-factor");
    assert!(finding.args.contains(&("factor", Arg::Text("1/30".into()))));
    assert!(finding.args.contains(&("corrected", Arg::Number(360.into()))));
}

#[test]
fn ratios_on_both_sides_of_the_tolerance() {
    let near =
        |reported: i64| suspect(reported.into(), 100.into(), &factors(&[30]), TOLERANCE).map(|found| found.factor);
    let thirty = Factor::new(30, 1);
    assert_eq!([2500, 3600].map(near), [thirty, thirty]);
    assert_eq!([2499, 3601, 100, 0, -3000].map(near), [None; 5]);
    // Of two packs the nearer.
    let found = suspect(2850.into(), 100.into(), &factors(&[30, 28]), TOLERANCE).unwrap();
    assert_eq!(found.factor.to_string(), "28");
    // A pack of 30 for one of 24: five in four may be anything.
    assert_eq!(suspect(125.into(), 100.into(), &[Factor::new(5, 4).unwrap()], TOLERANCE), None);
    assert_eq!(suspect(5.into(), 0.into(), &factors(&[30]), TOLERANCE), None);
}

#[test]
fn a_month_in_tablets_among_packs() {
    let packs = factors(&[30]);
    let found = |numbers: &[Option<Decimal>]| -> Vec<(usize, String)> {
        let all = suspects(numbers, &packs, TOLERANCE);
        all.into_iter().map(|(index, Suspicion { factor, .. })| (index, factor.to_string())).collect()
    };
    assert_eq!(found(&decimals(&[40, 44, 1260, 38, 41])), [(2, "30".into())]);
    assert_eq!(found(&decimals(&[1200, 1320, 42, 1140, 1230])), [(2, "1/30".into())]);
    // Two numbers do not say what is usual; blanks and zeros say nothing.
    assert_eq!(found(&decimals(&[40, 44, 1260])), []);
    let mut blanks = decimals(&[40, 0, 1260, 38]);
    blanks.push(None);
    assert_eq!(found(&blanks), []);
    // A product that comes and goes like this every month is not in doubt.
    assert_eq!(found(&decimals(&[1, 30, 900, 2, 60, 1700, 1, 25])), []);
}

proptest! {
    #[test]
    fn there_and_back_is_the_same_number(
        pack in 1u64..100_000, denominator in 1u64..1000, blister in 1u64..1000,
        mantissa in -1_000_000_000i64..1_000_000_000, scale in 0u32..6,
    ) {
        let table = format!("item,unit,contains,of\nA,pack,{pack}/{denominator},blister\nA,blister,{blister},\n");
        let (products, findings) = tables(&[&table]);
        prop_assert_eq!(findings, []);
        let (a, at) = (item("A"), At::day(DAY));
        let number = Decimal::new(mantissa, scale);
        let mut now = Rational::from(number);
        for _ in 0..20 {
            for (from, to) in [("dispensing-unit", "pack"), ("pack", "blister"), ("blister", "dispensing-unit")] {
                now = products.convert(now, &a, &unit(from), &unit(to), at).unwrap();
            }
        }
        prop_assert_eq!(now.exact(), Some(number.normalize()));
    }

    #[test]
    fn any_text_is_a_table_or_told(text in "(regimen,)?item,unit,contains,units_per_dose,doses_per_day,days\n[-0-9a-z,/.\n]{0,80}") {
        let (products, _) = tables(&[&text]);
        let _ = products.factor(&item("a"), &unit("b"), &Unit::dispensing(), At::day(DAY));
    }

    #[test]
    fn a_planted_factor_is_found(
        usual in prop::collection::vec(90i64..=110, 5..12), at in 0usize..5, pack in 4u64..200, up in any::<bool>(),
    ) {
        let mut numbers: Vec<Decimal> = usual.iter().map(|number| (number * 1000).into()).collect();
        let size = Decimal::from(pack);
        numbers[at] = if up { numbers[at] * size } else { numbers[at] / size };
        let series: Vec<Option<Decimal>> = numbers.into_iter().map(Some).collect();
        let found = suspects(&series, &factors(&[pack]), Factor::new(3, 2).unwrap());
        let expected = if up { Factor::new(pack, 1) } else { Factor::new(1, pack) };
        prop_assert_eq!(found.iter().map(|(index, found)| (*index, Some(found.factor))).collect::<Vec<_>>(), [(at, expected)]);
    }
}
