//! Crosswalks as people write them.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use jiff::civil::date;
use mlatho_harmonize::{Crosswalk, Kind, Lookup, TableColumns};
use mlatho_model::{Decimal, Finding, SourceName, Unit};
use proptest::prelude::*;

const HEADER: &str = "source,source_id,source_name,org_unit,org_unit_name,relation,share,valid_from,valid_to,reason\n";

fn lmis() -> SourceName {
    "lmis".parse().unwrap()
}

fn org_units(rows: &str) -> (Crosswalk, Vec<Finding>) {
    let (mut crosswalk, mut findings) = (Crosswalk::default(), Vec::new());
    crosswalk.read(Kind::OrgUnit, "org_units.csv", format!("{HEADER}{rows}").as_bytes(), &mut findings);
    (crosswalk, findings)
}

fn targets(crosswalk: &Crosswalk, code: &str, year: i16) -> Vec<(String, String)> {
    match crosswalk.look_up(Kind::OrgUnit, &lmis(), code, date(year, 6, 1)) {
        Lookup::Mapped(shares) => {
            shares.iter().map(|share| (share.target.to_owned(), share.share.to_string())).collect()
        }
        Lookup::NoMatch(reason) => vec![("none".into(), reason.into())],
        Lookup::Unmapped => vec![],
    }
}

fn codes(findings: &[Finding]) -> Vec<(u64, &str)> {
    findings.iter().map(|finding| (finding.place.row, finding.code)).collect()
}

#[test]
fn every_relation_is_found() {
    let (crosswalk, findings) = org_units(
        "lmis,A,,OU1,,equal,,,,\n\
         lmis,B,,OU2,,many-to-one,,,,\n\
         lmis,C,,OU2,,many-to-one,,,,\n\
         lmis,D,,OU3,,one-to-many,1/3,,,split in two\n\
         lmis,D,,OU4,,one-to-many,2/3,,,split in two\n\
         lmis,E,,,,none,,,,closed\n",
    );
    assert_eq!(codes(&findings), []);
    assert_eq!(targets(&crosswalk, "A", 2026), [("OU1".into(), "1".into())]);
    assert_eq!(targets(&crosswalk, "B", 2026), targets(&crosswalk, "C", 2026));
    assert_eq!(targets(&crosswalk, "D", 2026), [("OU3".into(), "1/3".into()), ("OU4".into(), "2/3".into())]);
    assert_eq!(targets(&crosswalk, "E", 2026), [("none".into(), "closed".into())]);
    assert_eq!(targets(&crosswalk, "F", 2026), []);
}

#[test]
fn links_hold_between_their_dates() {
    let (crosswalk, findings) =
        org_units("lmis,A,,OLD,,equal,,,2025-12-31,renamed\nlmis,A,,NEW,,equal,,2026-01-01,,renamed\n");
    assert_eq!(codes(&findings), []);
    assert_eq!(targets(&crosswalk, "A", 2025), [("OLD".into(), "1".into())]);
    assert_eq!(targets(&crosswalk, "A", 2026), [("NEW".into(), "1".into())]);
}

#[test]
fn bad_rows_cost_themselves() {
    let (crosswalk, findings) = org_units(
        "lmis,A,,OU1,,equal,,,,\n\
         lmis,B,,OU1,,sort-of,,,,\n\
         lmis,,,OU1,,equal,,,,\n\
         lmis,D,,OU1,,equal,,01/02/2026,,\n\
         lmis,E,,OU1,,equal,-1,,,\n\
         lmis,F,,OU1,,none,,,,\n\
         lmis,G,,OU1,,equal,,2026-02-01,2026-01-01,\n\
         lmis,H,,,,equal,,,,\n\
         lmis,I,Area 3, Lilongwe,OU1,,equal,,,,\n\
         ,,,,,,,,,\n\
         lmis,J,,OU2,,equal,,,,\n",
    );
    assert_eq!(targets(&crosswalk, "A", 2026), [("OU1".into(), "1".into())]);
    assert_eq!(targets(&crosswalk, "J", 2026), [("OU2".into(), "1".into())]);
    assert_eq!(crosswalk.links().count(), 2);
    let told: Vec<_> = findings.iter().map(|found| (found.place.row, &*found.place.column, found.code)).collect();
    let expected = [
        (3, "relation", "mapping-row"),
        (4, "source_id", "mapping-blank"),
        (5, "valid_from", "mapping-row"),
        (6, "share", "mapping-row"),
        (7, "org_unit", "mapping-none-with-target"),
        (8, "valid_to", "mapping-ends-before-start"),
        (9, "org_unit", "mapping-blank"),
        (10, "", "too-many-cells"),
    ];
    assert_eq!(told, expected);
    assert!(findings.iter().all(|found| &*found.place.file == "org_units.csv"));
}

#[test]
fn shares_sum_to_one_on_every_day() {
    let (crosswalk, findings) = org_units(
        "lmis,A,,OU1,,one-to-many,0.4,,,\n\
         lmis,A,,OU2,,one-to-many,0.5,,,\n\
         lmis,B,,OU1,,one-to-many,1/2,,,\n\
         lmis,B,,OU2,,one-to-many,1/2,,2025-12-31,\n\
         lmis,C,,OU1,,one-to-many,1/2,,,\n\
         lmis,C,,OU2,,one-to-many,1/2,,2025-12-31,\n\
         lmis,C,,OU3,,one-to-many,1/6,2026-01-01,,\n\
         lmis,C,,OU4,,one-to-many,1/3,2026-01-01,,\n\
         lmis,D,,OU1,,equal,1/2,,,\n",
    );
    assert_eq!(codes(&findings), [(2, "mapping-shares"), (4, "mapping-shares"), (10, "mapping-shares")]);
    let args = [("code", "B"), ("sum", "1/2"), ("from", "2026-01-01"), ("to", "…")];
    assert_eq!(findings[1].args, args.map(|(name, text)| (name, text.into())));
    // B is half told from 2026 on, and nobody knows whether the first row or the second has the wrong date.
    assert_eq!(targets(&crosswalk, "B", 2025), []);
    let c = |year| targets(&crosswalk, "C", year).into_iter().map(|(target, _)| target).collect::<Vec<_>>();
    assert_eq!((c(2025), c(2026)), (vec!["OU1".into(), "OU2".into()], vec!["OU1".into(), "OU3".into(), "OU4".into()]));
}

#[test]
fn one_code_has_one_meaning_on_a_day() {
    let (crosswalk, findings) = org_units(
        "lmis,A,,OU1,,equal,,,,\n\
         lmis,A,,OU2,,equal,,2026-01-01,,\n\
         lmis,B,,OU3,,one-to-many,1/2,,,\n\
         lmis,B,,OU3,,one-to-many,1/2,,2030-12-31,\n\
         lmis,C,,OU4,,equal,,,,\n\
         lmis,C,,OU4,,equal,,,,again\n\
         lmis,D,,OU4,,equal,,,,\n\
         hmis,D,,OU4,,equal,,,,\n",
    );
    let expected =
        [(8, "mapping-shared-target"), (7, "mapping-duplicate"), (3, "mapping-overlap"), (5, "mapping-overlap")];
    assert_eq!(codes(&findings), expected);
    assert!(findings[2].args.contains(&("other", "org_units.csv:2".into())));
    assert_eq!((targets(&crosswalk, "A", 2025), targets(&crosswalk, "B", 2026)), (vec![], vec![]));
    assert_eq!(targets(&crosswalk, "C", 2026), [("OU4".into(), "1".into())]);
    assert_eq!(targets(&crosswalk, "D", 2026), [("OU4".into(), "1".into())]);
}

#[test]
fn files_are_read_together() {
    let (mut crosswalk, mut findings) = org_units("lmis,A,,OU1,,equal,,,,\nlmis,B,,OU2,,equal,,,2025-12-31,\n");
    let more = format!("{HEADER}lmis,A,,OU9,,equal,,,,\nlmis,B,,OU3,,equal,,2026-01-01,,\n");
    crosswalk.read(Kind::OrgUnit, "more.csv", more.as_bytes(), &mut findings);
    assert_eq!(codes(&findings), [(2, "mapping-overlap")]);
    assert_eq!(&*findings[0].place.file, "more.csv");
    assert_eq!(targets(&crosswalk, "A", 2026), []);
    assert_eq!(targets(&crosswalk, "B", 2025), [("OU2".into(), "1".into())]);
    assert_eq!(targets(&crosswalk, "B", 2026), [("OU3".into(), "1".into())]);
}

#[test]
fn items_have_factors_and_units() {
    let (mut crosswalk, mut findings) = (Crosswalk::default(), Vec::new());
    let file = "source;source_id;item;factor;unit;relation;valid_from\nlmis;P1;ACT;1/3;treatment;;2026-01-01\n";
    crosswalk.read(Kind::Item, "items.csv", file.as_bytes(), &mut findings);
    assert_eq!(codes(&findings), []);
    let on = |day| crosswalk.look_up(Kind::Item, &lmis(), "P1", day);
    assert_eq!(on(date(2025, 12, 31)), Lookup::Unmapped);
    let Lookup::Mapped(shares) = on(date(2026, 1, 1)) else { panic!("P1 is mapped") };
    let found: Vec<_> =
        shares.iter().map(|share| (share.target, share.factor.to_string(), share.unit.map(Unit::as_str))).collect();
    assert_eq!(found, [("ACT", "1/3".into(), Some("treatment"))]);
    assert_eq!(crosswalk.look_up(Kind::OrgUnit, &lmis(), "P1", date(2026, 1, 1)), Lookup::Unmapped);
}

#[test]
fn an_existing_table_serves_as_it_is() {
    let (mut crosswalk, mut findings) = (Crosswalk::default(), Vec::new());
    let columns = TableColumns { source_id: "lmis_code".into(), target: "code".into(), factor: Some("pack".into()) };
    let table = b"\xef\xbb\xbflmis_code,code,pack\nP1,X1,30\nP2,X2,zero\n";
    crosswalk.read_table(Kind::Item, &lmis(), &columns, "products.csv", table, &mut findings);
    let Lookup::Mapped(shares) = crosswalk.look_up(Kind::Item, &lmis(), "P1", date(2026, 1, 1)) else {
        panic!("P1 is mapped")
    };
    let found: Vec<_> = shares.iter().map(|share| (share.target, share.factor.to_string())).collect();
    assert_eq!(found, [("X1", "30".into())]);
    assert_eq!(codes(&findings), [(3, "mapping-row")]);
}

#[test]
fn a_missing_column_is_told_with_what_is_there() {
    let (mut crosswalk, mut findings) = (Crosswalk::default(), Vec::new());
    crosswalk.read(Kind::OrgUnit, "f.csv", b"a,b\n1,2\n", &mut findings);
    assert_eq!(codes(&findings), [(1, "missing-column")]);
    assert_eq!(crosswalk.links().count(), 0);
}

fn row() -> impl Strategy<Value = String> {
    let relation = prop::sample::select(vec!["equal", "many-to-one", "one-to-many", "none", "other"]);
    let share = prop::sample::select(vec!["", "1/2", "1/3", "2/3", "0", "18446744073709551615"]);
    let day = || prop::sample::select(vec!["", "2024-12-31", "2025-01-01", "2026-06-01", "9999-12-31", "-9999-01-01"]);
    ("[ABC]?", "(OU[1-3])?", relation, share, day(), day()).prop_map(|(code, target, relation, share, from, to)| {
        format!("lmis,{code},,{target},,{relation},{share},{from},{to},\n")
    })
}

proptest! {
    #[test]
    fn whatever_is_mapped_keeps_the_whole(rows in prop::collection::vec(row(), 0..12)) {
        let (crosswalk, _) = org_units(&rows.concat());
        for code in ["A", "B", "C"] {
            for year in 2023..2028 {
                if let Lookup::Mapped(shares) = crosswalk.look_up(Kind::OrgUnit, &lmis(), code, date(year, 6, 1)) {
                    let sixths = shares.iter().filter_map(|share| share.share.apply(Decimal::from(6)));
                    prop_assert_eq!(sixths.sum::<Decimal>(), Decimal::from(6));
                }
            }
        }
    }

    #[test]
    fn any_bytes_are_links_or_findings(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let (mut crosswalk, mut findings) = (Crosswalk::default(), Vec::new());
        let file = [HEADER.as_bytes(), &bytes].concat();
        crosswalk.read(Kind::OrgUnit, "f.csv", &file, &mut findings);
        crosswalk.read(Kind::OrgUnit, "g.csv", &bytes, &mut findings);
        prop_assert!(findings.iter().all(|finding| finding.code != "missing-column" || &*finding.place.file == "g.csv"));
    }
}

#[test]
fn links_that_are_kept_lead_where_they_led() {
    let rows = "lmis,A,,OLD,,equal,,,2025-12-31,renamed\n\
                lmis,A,,NEW,,equal,,2026-01-01,,renamed\n\
                lmis,D,,OU3,,one-to-many,1/3,,,\n\
                lmis,D,,OU4,,one-to-many,2/3,,,\n\
                lmis,E,,,,none,,,,closed\n";
    let (crosswalk, _) = org_units(rows);
    let kept = Crosswalk::of_links(crosswalk.links().cloned());
    let day = date(2026, 6, 1);
    for code in ["A", "D", "E", "F"] {
        let there = crosswalk.look_up(Kind::OrgUnit, &lmis(), code, day);
        assert!(there.leads_as(&kept.look_up(Kind::OrgUnit, &lmis(), code, day)), "{code}");
    }
    let ends = |code, day| crosswalk.days(Kind::OrgUnit, &lmis(), code, day);
    assert_eq!(ends("A", day), Some((date(2026, 1, 1), jiff::civil::Date::MAX)));
    assert_eq!(ends("A", date(2025, 12, 31)), Some((jiff::civil::Date::MIN, date(2025, 12, 31))));
    assert_eq!(ends("F", day), None);
    let places: Vec<(String, u64)> = crosswalk.placed().map(|(_, file, row)| (file.to_owned(), row)).collect();
    assert_eq!(places.first(), Some(&("org_units.csv".into(), 2)));
}

#[test]
fn another_target_share_or_factor_leads_elsewhere() {
    let (crosswalk, findings) = org_units(
        "lmis,A,,OU1,,equal,,,,\nlmis,B,,OU1,,many-to-one,,,,\nlmis,C,,OU2,,equal,,,,\n\
         lmis,D,,OU1,,one-to-many,1/2,,,\nlmis,D,,OU2,,one-to-many,1/2,,,\n\
         lmis,E,,OU2,,one-to-many,1/2,,,\nlmis,E,,OU1,,one-to-many,1/2,,,\n\
         lmis,F,,OU1,,one-to-many,1/3,,,\nlmis,F,,OU2,,one-to-many,2/3,,,\nlmis,G,,,,none,,,,closed\n",
    );
    assert_eq!(codes(&findings), []);
    let find = |code| crosswalk.look_up(Kind::OrgUnit, &lmis(), code, date(2026, 6, 1));
    for (one, other, same) in [
        ("A", "B", true),
        ("D", "E", true), // whatever order they are written in
        ("A", "C", false),
        ("A", "D", false),
        ("D", "F", false),
        ("A", "G", false),
        ("G", "unknown", false),
    ] {
        assert_eq!(find(one).leads_as(&find(other)), same, "{one} {other}");
        assert_eq!(find(other).leads_as(&find(one)), same, "{other} {one}");
    }
}
