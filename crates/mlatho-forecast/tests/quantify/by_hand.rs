//! Each method with numbers worked out on paper.

use mlatho_forecast::quantify::{
    Agreement, Band, CaseBand, Cohort, Contraceptive, Curve, Demographic, Morbidity, Need, Newcomer, Row, Services,
    Transfer, Use, Uses,
};
use mlatho_model::Decimal;

use crate::{number, numbers};

fn parts(need: &Need) -> Vec<(&'static str, Decimal)> {
    need.parts.iter().map(|part| (part.name, part.units.normalize())).collect()
}

#[test]
fn morbidity() {
    let band = |share, units| CaseBand { share: number(share), units: number(units) };
    let method = Morbidity {
        cases: numbers(&["1000", "0"]),
        treated: number("0.8"),
        confirmed: number("0.9"),
        regimen: number("1"),
        bands: vec![band("0.4", "6"), band("0.6", "12")],
        wastage: number("0.05"),
    };
    // 0.4 × 6 + 0.6 × 12 = 9.6 a case; 9,600, of which 7,680 are treated here, 6,912 confirmed; 5 % more.
    let need = method.need().unwrap();
    assert_eq!(need.monthly, numbers(&["7257.6", "0"]));
    let wanted = [("all-cases", "9600"), ("treated-here", "-1920"), ("confirmed", "-768"), ("wastage", "345.6")];
    assert_eq!(parts(&need), wanted.map(|(name, units)| (name, number(units))));
    let too_many = Morbidity { cases: vec![Decimal::MAX], ..method };
    assert_eq!(too_many.need(), None);
}

#[test]
fn services_and_people() {
    let visits = Services {
        visits: numbers(&["500"]),
        items_per_visit: number("1.2"),
        reported: number("0.8"),
        wastage: Decimal::ZERO,
    };
    assert_eq!(visits.need().unwrap().monthly, numbers(&["750"]));
    let people = Demographic {
        population: number("120000"),
        growth: Decimal::ZERO,
        coverage: number("0.5"),
        product_share: number("0.3"),
        units_per_year: number("2"),
        public_share: number("0.6"),
        wastage: Decimal::ZERO,
    };
    // 240,000 a year, 20,000 a month, × 0.5 × 0.3 × 0.6.
    assert_eq!(people.need(2).unwrap().monthly, numbers(&["1800", "1800"]));
    let growing = Demographic { growth: number("0.21"), ..people };
    assert_eq!(growing.need(13).unwrap().monthly[12], number("2178")); // a year later 21 % more
}

/// 300,000 women × 0.3 × 0.2 × 0.8 are 14,400 couple-years, × 15 cycles ÷ 12 months = 18,000.
#[test]
fn couple_years() {
    let pills = Contraceptive {
        women: number("300000"),
        growth: Decimal::ZERO,
        prevalence: number("0.3"),
        method_share: number("0.2"),
        units_per_cyp: number("15"),
        source_share: number("0.8"),
        wastage: Decimal::ZERO,
    };
    assert_eq!(pills.need(1).unwrap().monthly, numbers(&["18000"]));
}

fn cohort(patients: &str, loss: &str, new: &[&str], refill_months: u32) -> Cohort {
    let bands = vec![
        Band { name: "small".into(), share: number("0.25") },
        Band { name: "large".into(), share: number("0.75") },
    ];
    Cohort { patients: number(patients), loss: number(loss), new: numbers(new), bands, refill_months }
}

#[test]
fn patients_by_band() {
    let children = cohort("1000", "0.1", &["100", "100"], 1);
    // 900 + 100; again 900 + 100. A day 0.25 × 2 + 0.75 × 4 = 3.5 units, a month 106.4.
    assert_eq!(children.dispensed().unwrap(), numbers(&["1000", "1000"]));
    let all = numbers(&["1", "0.5"]);
    let need = children.need(&numbers(&["2", "4"]), &all, Decimal::ONE, Decimal::ZERO).unwrap();
    assert_eq!(need.monthly, numbers(&["106400", "53200"]));
}

#[test]
fn refills_for_three_months_move_demand_to_where_patients_come() {
    // 300 on treatment come spread evenly: 100 a month take three months each.
    assert_eq!(cohort("300", "0", &["0"; 4], 3).dispensed().unwrap(), numbers(&["300"; 4]));
    // 10 new a month: in month 3 the first come again.
    assert_eq!(cohort("0", "0", &["10"; 4], 3).dispensed().unwrap(), numbers(&["30", "30", "30", "60"]));
}

#[test]
fn a_switch_follows_its_curve_and_moves_everyone_once() {
    let curve = Curve::half_after(6.0);
    assert_eq!(
        [-1, 0, 6, 12].map(|month| curve.share(month)),
        [number("0"), number("0.02"), number("0.5"), number("0.98")]
    );
    let seen: Vec<f64> = (0..4).map(|month| f64::try_from(curve.share(month)).unwrap()).collect();
    let fitted = Curve::fitted(&seen).unwrap();
    assert!((fitted.half - 6.0).abs() < 1e-3 && (fitted.pace - curve.pace).abs() < 1e-3, "{fitted:?}");
    assert!(Curve::fitted(&[0.1]).is_err() && Curve::fitted(&[0.2, 0.1]).is_err());

    let to = |name: &str, share| vec![(name.to_owned(), number(share))];
    let transfer = Transfer {
        rows: vec![
            Row { regimen: "LPV/r".into(), share: number("0.7"), to: to("DTG", "0.9") },
            Row { regimen: "NVP".into(), share: number("0.3"), to: to("DTG", "1") },
        ],
    };
    // Half way: 0.7 × 0.9 + 0.3 = 0.93 will go, so 0.465 have; LPV/r keeps 0.7 × (1 - 0.45), NVP half of 0.3.
    let half = number("0.5");
    let shares = ["DTG", "LPV/r", "NVP"].map(|name| transfer.share(name, half));
    assert_eq!(shares, [number("0.465"), number("0.385"), number("0.15")]);
    assert_eq!(shares.iter().sum::<Decimal>(), Decimal::ONE);
}

#[test]
fn a_newcomer_learns_from_what_is_issued() {
    let mut new = Newcomer {
        computed: number("1000"),
        ratio: number("0.9"),
        usual_error: number("1"),
        units_per_issue: number("90"),
        issued: Vec::new(),
    };
    assert_eq!(new.monthly().unwrap(), number("900"));
    // 10 issues a month expected, a = 1, b = 0.1; 20 issues in a month: 21 ÷ 1.1 issues of 90.
    new.issued = vec![(number("1800"), number("1"))];
    assert_eq!(new.monthly().unwrap(), number("1718.181818"));
    let need = new.need(2).unwrap();
    assert_eq!(parts(&need)[2], ("issued-since", number("1636.363636")));
    new.computed = Decimal::ZERO;
    assert_eq!(new.monthly(), None);
}

/// Story F2: 10,200 insertions in 85 % of the reports are 12,000; consumption says 15,600, which counts 3,400 removals
/// too; the balance says 4,000 + 11,000 - 200 - 2,600 = 12,200.
#[test]
fn implants_inserted_beside_implants_consumed() {
    let year = Uses {
        done: Some(number("10200")),
        done_reported: Some(number("0.85")),
        removed: Some(number("3400")),
        consumed: Some(number("15600")),
        losses: Some(number("200")),
        opening: Some(number("4000")),
        received: Some(number("11000")),
        closing: Some(number("2600")),
        ..Uses::default()
    };
    let found = year.triangulate();
    let estimates =
        [(Use::Services, number("12000")), (Use::Consumption, number("15600")), (Use::Balance, number("12200"))];
    assert_eq!(found.estimates, estimates);
    assert_eq!((found.ratio, found.agreement), (Some(number("0.769231")), Agreement::WithoutRemovals));
    assert_eq!(found.best, Some(number("12200")));
    let agreement = |uses: Uses| uses.triangulate().agreement;
    assert_eq!(agreement(Uses { consumed: Some(number("13200")), ..year }), Agreement::Agree);
    assert_eq!(agreement(Uses { consumed: Some(number("13400")), removed: None, ..year }), Agreement::WithoutLosses);
    assert_eq!(agreement(Uses { consumed: Some(number("40000")), ..year }), Agreement::Differ);
    assert_eq!(agreement(Uses { consumed: Some(number("0")), ..year }), Agreement::Undefined);
    let nothing = Uses::default().triangulate();
    assert_eq!((nothing.best, nothing.agreement), (None, Agreement::Undefined));
}
