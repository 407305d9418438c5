//! Crosswalks as people write them.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use jiff::civil::date;
use mlatho_harmonize::{Crosswalk, Kind, Lookup, TableColumns};
use mlatho_model::{Finding, SourceName};

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
         lmis,E,,OU1,,one-to-many,0.4,,,\n\
         lmis,E,,OU2,,one-to-many,0.5,,,\n\
         lmis,F,,OU1,,equal,,,,\n\
         lmis,F,,OU2,,equal,,,,\n\
         lmis,G,,OU1,,equal,,2026-02-01,2026-01-01,\n",
    );
    assert_eq!(targets(&crosswalk, "A", 2026), [("OU1".into(), "1".into())]);
    for code in ["B", "D", "E", "F", "G"] {
        assert_eq!(targets(&crosswalk, code, 2026), [], "{code}");
    }
    assert_eq!(
        codes(&findings),
        [
            (3, "mapping-row"),
            (4, "mapping-row"),
            (5, "mapping-row"),
            (10, "mapping-row"),
            (6, "mapping-shares"),
            (8, "mapping-overlap")
        ]
    );
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
    assert_eq!((shares[0].target, shares[0].factor.to_string()), ("X1", "30".into()));
    assert_eq!(codes(&findings), [(3, "mapping-row")]);
}

#[test]
fn a_missing_column_is_told_with_what_is_there() {
    let (mut crosswalk, mut findings) = (Crosswalk::default(), Vec::new());
    crosswalk.read(Kind::OrgUnit, "f.csv", b"a,b\n1,2\n", &mut findings);
    assert_eq!(codes(&findings), [(1, "missing-column")]);
    assert!(crosswalk.links().is_empty());
}
