//! Two tables in, ratios, verdicts and explanations out; every expectation computed by hand.

#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use mlatho_analysis::compare::{
    Cause, Comparison, RULE_PACKS, Rule, Side, Verdict, compare, read_points, total, totals_by_period,
    write_comparisons,
};
use mlatho_model::Decimal;
use proptest::prelude::*;

const RULE: &str = r#"
    name = "Injectables against visits"
    period_type = "monthly"
    minimum_services = 5
    [[consumption]]
    item = "dmpa"
    units_per_case = 1
    pack_size = 25
    [[services]]
    item = "visits"
    [band]
    low = 0.8
    high = 1.25
    source = "test"
"#;

fn rule() -> Rule {
    Rule::parse(RULE).unwrap()
}

fn rows(rule: &Rule, consumption: &str, services: &str) -> Vec<Comparison> {
    let read = |side, rows: &str| {
        let table = format!("org_unit,item,measure,period,value,state\n{rows}");
        let (points, findings) = read_points(side, "t.csv", table.as_bytes());
        assert_eq!(findings, []);
        points
    };
    let (rows, findings) = compare(rule, &read(Side::Consumption, consumption), &read(Side::Services, services));
    assert_eq!(findings, []);
    rows
}

fn one(consumption: &str, services: &str) -> Comparison {
    rows(&rule(), consumption, services).remove(0)
}

fn first(row: &Comparison) -> Cause {
    row.explanations[0].cause
}

fn strength(row: &Comparison, cause: Cause) -> Decimal {
    row.explanations.iter().find(|found| found.cause == cause).map_or(Decimal::ZERO, |found| found.strength)
}

/// What speaks for (true) or against a cause.
fn facts(row: &Comparison, cause: Cause, support: bool) -> Vec<(&str, Option<Decimal>)> {
    let found = row.explanations.iter().find(|found| found.cause == cause).unwrap();
    let facts = if support { &found.support } else { &found.against };
    facts.iter().map(|fact| (fact.name, fact.value)).collect()
}

#[test]
fn verdicts_and_the_ends_of_the_band() {
    let verdict =
        |consumed: u32| one(&format!("D,dmpa,,202601,{consumed},reported\n"), "D,visits,,202601,100,reported\n");
    for (consumed, expected) in
        [(79, Verdict::Below), (80, Verdict::Within), (125, Verdict::Within), (126, Verdict::Above)]
    {
        assert_eq!(verdict(consumed).verdict, expected, "{consumed}");
    }
    assert_eq!(verdict(80).ratio, Some(Decimal::new(8, 1)));
    assert!(verdict(80).explanations.is_empty());
}

#[test]
fn division_by_zero_is_undefined_and_zero_is_a_number() {
    let row = |c: &str, s: &str| one(&format!("D,dmpa,,202601,{c}\n"), &format!("D,visits,,202601,{s}\n"));
    let (nothing, both) = (row("5,reported", "0,reported"), row("0,reported", "0,reported"));
    assert_eq!((nothing.verdict, nothing.ratio), (Verdict::Undefined, None));
    assert_eq!(nothing.explanations[0].support[0].name, "stock-without-service");
    assert_eq!((both.verdict, both.ratio), (Verdict::Undefined, None));
    let unused = row("0,reported", "10,reported");
    assert_eq!((unused.verdict, unused.ratio), (Verdict::Below, Some(Decimal::ZERO)));
    assert_eq!(unused.explanations[0].support[0].name, "service-without-stock");
    let few = row("4,reported", "4,reported");
    assert_eq!((few.verdict, few.ratio, few.services), (Verdict::Undefined, None, Some(4.into())));
    assert_eq!(few.explanations[0].support[0].name, "few-services");
}

#[test]
fn missing_stays_missing() {
    let row = one("D,dmpa,,202601,,missing:blank\n", "D,visits,,202601,10,reported\n");
    assert_eq!((row.consumption, row.ratio, row.verdict), (None, None, Verdict::Undefined));
    assert_eq!(
        (first(&row), row.explanations.len(), row.explanations[0].strength),
        (Cause::CannotTell, 1, Decimal::ONE)
    );
    assert_eq!(facts(&row, Cause::CannotTell, true), [("consumption-missing", None)]);
}

#[test]
fn every_managed_item_is_needed() {
    let rule = Rule::parse(
        &RULE.replace("[[services]]", "[[consumption]]\nitem = \"sayana\"\nunits_per_case = 2\n[[services]]"),
    );
    let stock = "A,dmpa,,202601,10,reported\nA,sayana,,202601,20,reported\nA,dmpa,,202602,10,reported\n\
        B,dmpa,,202601,10,reported\nC,dmpa,,202601,10,reported\nC,sayana,,202601,,not-applicable\n";
    let visits = "A,visits,,202601,20,reported\nA,visits,,202602,20,reported\nB,visits,,202601,20,reported\n\
        C,visits,,202601,20,reported\n";
    let rows = rows(&rule.unwrap(), stock, visits);
    let consumption: Vec<_> = rows.iter().map(|row| row.consumption.map(|n| n.to_string())).collect();
    // A: 10 + 20 ÷ 2, then one of two items is missing; B never manages the second; to C it does not apply.
    assert_eq!(consumption, [Some("20".into()), None, Some("10".into()), Some("10".into())]);
}

#[test]
fn weights_make_expected_out_of_services() {
    let text = RULE.replace("item = \"visits\"", "item = \"dmpa\"\nmeasure = \"women_new\"\nweight = \"1.5\"\n[[services]]\nitem = \"dmpa\"\nmeasure = \"women_old\"");
    let rows = rows(
        &Rule::parse(&text).unwrap(),
        "D,dmpa,,202601,26,reported\n",
        "D,dmpa,women_new,202601,6,reported\nD,dmpa,women_new,202601,4,reported\nD,dmpa,women_old,202601,11,reported\n",
    );
    // 1.5 × (6 + 4) + 11 = 26
    assert_eq!(
        (rows[0].services, rows[0].expected, rows[0].ratio),
        (Some(21.into()), Some(26.into()), Some(Decimal::ONE))
    );
}

#[test]
fn a_stock_out_is_named_by_its_days() {
    let with_days = |consumed: &str, days: &str| {
        let stock = format!("D,dmpa,,202601,{consumed},reported\nD,dmpa,stockout_days,202601,{days},reported\n");
        one(&stock, "D,visits,,202601,100,reported\n")
    };
    // 50 × 31 ÷ 16 = 96.875: as expected
    let row = with_days("50", "15");
    assert_eq!(first(&row), Cause::StockOut);
    let told = facts(&row, Cause::StockOut, true);
    assert_eq!(told, [("stockout-days", Some(15.into())), ("corrected-ratio", Some(Decimal::new(97, 2)))]);
    // 10 × 31 ÷ 30 = 10.3: one day out explains next to nothing of what is lacking
    let row = with_days("10", "1");
    assert_eq!(facts(&row, Cause::StockOut, false), [("corrected-ratio", Some(Decimal::new(10, 2)))]);
    assert!(strength(&row, Cause::StockOut) < strength(&with_days("50", "15"), Cause::StockOut));
    // out of stock all month
    assert_eq!(first(&with_days("0", "31")), Cause::StockOut);
    // no day out: it was something else
    assert!(strength(&with_days("50", "0"), Cause::StockOut) < Decimal::new(5, 2));
    // within the band the days are told all the same
    let row = with_days("100", "2");
    assert_eq!((row.verdict, first(&row)), (Verdict::Within, Cause::StockOut));
}

#[test]
fn a_ratio_near_the_pack_size_is_a_unit_error() {
    let consumed = |number: u32| one(&format!("D,dmpa,,202601,{number},reported\n"), "D,visits,,202601,100,reported\n");
    for number in [2500, 2100, 4] {
        let row = consumed(number);
        assert_eq!(first(&row), Cause::UnitError, "{number}");
        assert_eq!(facts(&row, Cause::UnitError, true)[0], ("pack-size", Some(25.into())));
    }
    // A pack size that the rule does not name, but many products have.
    assert_eq!(facts(&consumed(10_000), Cause::UnitError, true)[0], ("factor", Some(100.into())));
    assert_eq!(first(&consumed(300)), Cause::CannotTell);
    assert_eq!(strength(&consumed(300), Cause::UnitError), Decimal::ZERO);
}

#[test]
fn without_history_nothing_is_claimed() {
    for number in [20, 60, 130, 170, 300] {
        let row = one(&format!("D,dmpa,,202601,{number},reported\n"), "D,visits,,202601,100,reported\n");
        assert_eq!(first(&row), Cause::CannotTell, "{number}");
    }
}

#[test]
fn a_late_report_carries_two_periods() {
    let rows = rows(
        &rule(),
        "D,dmpa,,202601,,missing:no-report\nD,dmpa,,202602,200,reported\n",
        "D,visits,,202601,100,reported\nD,visits,,202602,100,reported\n",
    );
    assert_eq!(rows[1].verdict, Verdict::Above);
    assert_eq!(first(&rows[1]), Cause::LateReport);
    let told = facts(&rows[1], Cause::LateReport, true);
    assert_eq!(told, [("consumption-missing-before", None), ("corrected-ratio", Some(Decimal::ONE))]);
}

#[test]
fn totals_are_recomputed_over_pairs_with_both_sides() {
    let rule = rule();
    let rows = rows(
        &rule,
        "A,dmpa,,202601,10,reported\nB,dmpa,,202601,90,reported\nC,dmpa,,202601,1000,reported\n",
        "A,visits,,202601,50,reported\nB,visits,,202601,50,reported\nD,visits,,202601,70,reported\n",
    );
    let sum = total(&rule, &rows);
    assert_eq!((sum.consumption, sum.expected, sum.ratio), (Some(100.into()), Some(100.into()), Some(Decimal::ONE)));
    assert_eq!((sum.services, sum.used, sum.pairs, sum.verdict), (Some(100.into()), 2, 4, Verdict::Within));
    assert_eq!(totals_by_period(&rule, &rows).into_values().collect::<Vec<_>>(), [sum]);
    let nothing = total(&rule, &[]);
    assert_eq!((nothing.consumption, nothing.services, nothing.ratio), (None, None, None));
    assert_eq!(nothing.verdict, Verdict::Undefined);
}

#[test]
fn what_is_left_out_is_told() {
    let (stock, _) = read_points(Side::Consumption, "c.csv", b"org_unit,item,period,value\nA,dmpa,2026Q1,10\n");
    let (visits, _) = read_points(Side::Services, "s.csv", b"org_unit,item,period,value\nA,visits,202601,10\n");
    let (rows, findings) = compare(&rule(), &stock, &visits);
    assert!(rows.is_empty());
    let codes: Vec<_> = findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["compare-nothing", "compare-other-period-type"]);
}

#[test]
fn a_bad_row_costs_that_row() {
    let table = b"org_unit,item,period,value,state\n,x,202601,1,reported\nA,x,2026,1,?\nA,x,202601,,reported\nA,x,202601,0,reported\nA,x\n";
    let (points, findings) = read_points(Side::Services, "s.csv", table);
    assert_eq!(points.len(), 1);
    let places: Vec<_> = findings.iter().map(|f| (f.place.row, &*f.place.column)).collect();
    assert_eq!(places, [(2, "org_unit"), (3, "state"), (4, "state"), (6, "period")]);
    let (_, findings) = read_points(Side::Services, "s.csv", b"org_unit,item,value\n");
    assert_eq!((findings[0].code, &*findings[0].place.column), ("missing-column", "period"));
}

#[test]
fn rules_that_cannot_be_are_refused() {
    let refused = |from: &str, to: &str| Rule::parse(&RULE.replace(from, to)).unwrap_err();
    assert_eq!(refused("pack_size", "packsize").line, 8);
    assert!(refused("low = 0.8", "low = 2").reason.contains("band"));
    assert!(refused("units_per_case = 1", "units_per_case = 0").reason.contains("dmpa"));
    assert!(refused("monthly", "moonly").reason.contains("moonly"));
    assert!(refused("[[services]]", "[[consumption]]\nitem = \"dmpa\"\n[[services]]").reason.contains("twice"));
}

#[test]
fn rules_that_come_with_the_program_say_where_their_numbers_come_from() {
    let subjects = ["malaria", "hiv", "fp", "maternal", "child", "immunisation", "tb", "nutrition"];
    for subject in subjects {
        assert!(RULE_PACKS.iter().any(|(name, _)| name.starts_with(&format!("{subject}-"))), "{subject}");
    }
    for (name, text) in RULE_PACKS {
        let rule = Rule::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(subjects.iter().any(|subject| name.starts_with(&format!("{subject}-"))), "{name}");
        assert!(rule.band.source.len() > 20 && rule.band.low < rule.band.high, "{name}");
        assert!(rule.band.low <= Decimal::ONE && Decimal::ONE <= rule.band.high, "{name}: as expected is within");
    }
}

#[test]
fn a_rule_of_weight_bands_counts_courses() {
    let (_, text) = RULE_PACKS.iter().find(|(name, _)| *name == "malaria-act").unwrap();
    let stock = "F,al-6x1,,202601,60,reported\nF,al-6x4,,202601,480,reported\n";
    let rows = rows(&Rule::parse(text).unwrap(), stock, "F,malaria-cases-treated,,202601,40,reported\n");
    // 60 ÷ 6 + 480 ÷ 24 = 30 courses for 40 cases
    assert_eq!((rows[0].consumption, rows[0].ratio), (Some(30.into()), Some(Decimal::new(75, 2))));
}

#[test]
fn the_table_by_hand() {
    let rule = rule();
    let rows = rows(
        &rule,
        "A,dmpa,,202601,10,reported\nB,dmpa,,202601,100,reported\n",
        "A,visits,,202601,30,reported\nB,visits,,202601,100,reported\n",
    );
    let mut out = Vec::new();
    write_comparisons(&mut out, &rule, &rows).unwrap();
    let expected = "org_unit,period,consumption,services,expected,ratio,band_low,band_high,verdict,explanations\n\
        A,202601,10,30,30,0.333333,0.8,1.25,below,\"[ONE ROW]\"\n\
        B,202601,100,100,100,1,0.8,1.25,within,[]\n";
    // Priors times weights: cannot tell 0.3 e^0.7 = 0.604, data entry 0.1 e^0.7 = 0.201, cases over-reported
    // 0.13 e^-0.35 = 0.092; of their sum 0.897: 0.67, 0.22, 0.10.
    let lone = |cause: &str, strength: &str, support: bool| {
        let fact = "{\"evidence\":\"periods-in-row\",\"value\":1}";
        let (support, against) = if support { (fact, "") } else { ("", fact) };
        format!("{{\"against\":[{against}],\"cause\":\"{cause}\",\"strength\":{strength},\"support\":[{support}]}}")
    };
    let causes = [
        lone("cannot-tell", "0.67", true),
        lone("data-entry", "0.22", true),
        lone("over-reported-cases", "0.1", false),
    ];
    let expected = expected.replace("[ONE ROW]", &format!("[{}]", causes.join(",")).replace('"', "\"\""));
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

proptest! {
    /// indicators.md section 6: scaling both sides leaves the ratio; the total lies between its facilities.
    #[test]
    fn ratios_keep_their_laws(pairs in proptest::collection::vec((1u32..1000, 5u32..1000), 1..8), scale in 1u32..50) {
        let table = |name: &str, scale: u32, pick: fn(&(u32, u32)) -> u32| -> String {
            let row = |(at, pair)| format!("F{at},{name},,202601,{},reported\n", pick(pair) * scale);
            pairs.iter().enumerate().map(row).collect::<Vec<_>>().concat()
        };
        let plain = rows(&rule(), &table("dmpa", 1, |p| p.0), &table("visits", 1, |p| p.1));
        let scaled = rows(&rule(), &table("dmpa", scale, |p| p.0), &table("visits", scale, |p| p.1));
        let ratios = |rows: &[Comparison]| rows.iter().map(|row| row.ratio).collect::<Vec<_>>();
        prop_assert_eq!(ratios(&plain), ratios(&scaled));
        let all = total(&rule(), &plain).ratio;
        prop_assert!(ratios(&plain).iter().min() <= Some(&all) && Some(&all) <= ratios(&plain).iter().max());
        for row in &plain {
            let sum: Decimal = row.explanations.iter().map(|e| e.strength).sum();
            prop_assert!(sum <= Decimal::new(105, 2));
            let (low, high) = row.interval.unwrap();
            prop_assert!(low <= row.ratio.unwrap() && row.ratio.unwrap() <= high);
        }
    }

    #[test]
    fn no_table_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut table = b"org_unit,item,period,value,state\n".to_vec();
        table.extend(bytes);
        let (points, _) = read_points(Side::Consumption, "x.csv", &table);
        drop(compare(&rule(), &points, &points));
    }
}
