//! Decisions about links, and what holds because of them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends where its own input is wrong")]

use jiff::civil::date;
use mlatho_harmonize::{Crosswalk, DECISION_COLUMNS, Decisions, Kind, Lookup};
use mlatho_model::{Finding, SourceName};
use proptest::prelude::*;

fn lmis() -> SourceName {
    "lmis".parse().unwrap()
}

/// A row from `decided_at kind verdict source_id target relation share factor valid_from valid_to reason`, where `-` is
/// an empty cell.
fn row(text: &str) -> String {
    let cells: Vec<&str> = text.split(' ').map(|cell| if cell == "-" { "" } else { cell }).collect();
    let [at, kind, verdict, code, target, relation, share, factor, from, to, reason] = cells[..] else {
        panic!("{text}")
    };
    format!(
        "{at}T08:00:00Z,data manager,,{kind},{verdict},lmis,{code},,{target},,{relation},{share},{factor},,{from},{to},{reason}\n"
    )
}

fn read(rows: &[&str]) -> (Decisions, Vec<Finding>) {
    let rows: String = rows.iter().map(|text| row(text)).collect();
    let mut findings = Vec::new();
    let file = format!("{}\n{rows}", DECISION_COLUMNS.join(","));
    (Decisions::read("decisions.csv", file.as_bytes(), &mut findings), findings)
}

fn crosswalk(decisions: &Decisions) -> Crosswalk {
    let (mut crosswalk, mut findings) = (Crosswalk::default(), Vec::new());
    crosswalk.decide(decisions, &mut findings);
    assert_eq!(findings, []);
    crosswalk
}

/// The targets of the code A in the middle of a year.
fn targets(decisions: &Decisions, year: i16) -> Vec<String> {
    match crosswalk(decisions).look_up(Kind::OrgUnit, &lmis(), "A", date(year, 6, 15)) {
        Lookup::Mapped(shares) => shares.iter().map(|share| share.target.to_owned()).collect(),
        Lookup::NoMatch(reason) => vec![format!("none: {reason}")],
        Lookup::Unmapped => vec![],
    }
}

#[test]
fn the_later_decision_takes_the_place_of_the_earlier() {
    let (decisions, findings) = read(&[
        "2026-01-10 org-unit accept A OU1 equal - - - - looks-right",
        "2026-02-10 org-unit accept A OU2 equal - - - - district-called",
    ]);
    assert_eq!(findings, []);
    assert_eq!(targets(&decisions, 2025), ["OU2"]);
    // What was known in January can still be told.
    let in_january = decisions.as_of("2026-01-31T00:00:00Z".parse().unwrap());
    assert_eq!(targets(&in_january, 2025), ["OU1"]);
}

#[test]
fn a_rename_keeps_the_years_before_it() {
    let (decisions, _) = read(&[
        "2026-01-10 org-unit accept A OLD equal - - - - -",
        "2026-03-10 org-unit accept A NEW equal - - 2026-01-01 - renamed",
    ]);
    assert_eq!([2025, 2026].map(|year| targets(&decisions, year)), [["OLD"], ["NEW"]]);
}

#[test]
fn a_stretch_of_days_is_cut_out_of_what_was_said_before() {
    let (decisions, _) = read(&[
        "2026-01-10 org-unit accept A OU1 equal - - - - -",
        "2026-03-10 org-unit accept A - none - - 2024-01-01 2024-12-31 closed",
    ]);
    assert_eq!(
        [2023, 2024, 2025].map(|year| targets(&decisions, year)),
        [vec!["OU1"], vec!["none: closed"], vec!["OU1"]]
            .map(|year: Vec<&str>| year.into_iter().map(str::to_owned).collect::<Vec<_>>())
    );
}

#[test]
fn a_split_stands_beside_itself() {
    let (decisions, _) = read(&[
        "2026-01-10 org-unit accept A OU1 equal - - - - -",
        "2026-03-10 org-unit accept A OU2 one-to-many 1/3 - 2026-01-01 - split",
        "2026-03-10 org-unit accept A OU3 one-to-many 2/3 - 2026-01-01 - split",
    ]);
    assert_eq!(targets(&decisions, 2025), ["OU1"]);
    assert_eq!(targets(&decisions, 2026), ["OU2", "OU3"]);
}

#[test]
fn a_rejected_pair_leaves_and_is_remembered_until_it_is_accepted_again() {
    let rejected = |decisions: &Decisions| {
        decisions.rejected(Kind::OrgUnit, &lmis(), "A", "OU1").map(|decision| decision.link.reason.to_string())
    };
    let first = "2026-01-10 org-unit accept A OU1 equal - - - - -";
    let second = "2026-02-10 org-unit reject A OU1 equal - - - - other-district";
    let (decisions, _) = read(&[first, second]);
    assert_eq!(targets(&decisions, 2025), [""; 0]);
    assert_eq!(rejected(&decisions).as_deref(), Some("other-district"));
    let (decisions, _) = read(&[first, second, "2026-03-10 org-unit accept A OU1 equal - - - - visited"]);
    assert_eq!((targets(&decisions, 2025), rejected(&decisions)), (vec!["OU1".into()], None));
}

#[test]
fn a_code_is_settled_by_what_holds_on_every_day() {
    let (decisions, findings) = read(&[
        "2026-01-10 org-unit accept A OU1 equal - - - - same",
        "2026-01-10 org-unit accept B OU2 equal - - 2026-01-01 - only-since-this-year",
        "2026-01-10 org-unit accept C - none - - - - a-store",
        "2026-01-10 org-unit reject D OU1 equal - - - - other-district",
        "2026-01-10 org-unit accept E OU3 equal - - - - same",
        "2026-02-10 org-unit reject E OU3 equal - - - - not-the-same-after-all",
    ]);
    assert_eq!(findings, []);
    let settled = decisions.settled();
    let mut codes: Vec<&str> = settled.iter().map(|(_, _, code)| &**code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["A", "C"]);
    assert!(settled.contains(&(Kind::OrgUnit, lmis(), "A".into())));
}

#[test]
fn a_bad_row_costs_itself() {
    let (decisions, findings) = read(&[
        "2026-01-10 org-unit accept A OU1 equal - - - - -",
        "2026-01-10 place accept A OU2 equal - - - - -",
        "2026-01-10 org-unit perhaps A OU2 equal - - - - -",
        "someday org-unit accept A OU2 equal - - - - -",
    ]);
    let rows: Vec<u64> = findings.iter().map(|finding| finding.place.row).collect();
    assert_eq!((rows, targets(&decisions, 2025)), (vec![3, 4, 5], vec!["OU1".into()]));
}

proptest! {
    /// Whatever is decided in whatever order, on every day the last word about a code holds.
    #[test]
    fn on_every_day_the_last_word_holds(
        said in prop::collection::vec((0usize..3, prop::option::of(2020i16..2030), prop::option::of(2020i16..2030)), 1..8),
    ) {
        let ends = |from: Option<i16>, to: Option<i16>| from.is_none_or(|from| to.is_none_or(|to| from <= to));
        let said: Vec<_> = said.into_iter().filter(|(_, from, to)| ends(*from, *to)).collect();
        let rows: Vec<String> = said.iter().map(|(target, from, to)| {
            let day = |year: Option<i16>, rest: &str| year.map_or("-".into(), |year| format!("{year}-{rest}"));
            format!("2026-01-10 org-unit accept A OU{target} equal - - {} {} -", day(*from, "01-01"), day(*to, "12-31"))
        }).collect();
        let (decisions, findings) = read(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        prop_assert_eq!(findings, []);
        for year in 2019..=2031 {
            let last = said.iter().rev().find(|(_, from, to)| {
                from.is_none_or(|from| from <= year) && to.is_none_or(|to| year <= to)
            });
            let expected: Vec<String> = last.map(|(target, ..)| format!("OU{target}")).into_iter().collect();
            prop_assert_eq!(targets(&decisions, year), expected);
        }
    }

    /// What is written is what was read.
    #[test]
    fn decisions_are_written_as_they_are_read(factor in 1u32..100, by in 1u32..100) {
        let (decisions, _) = read(&[&format!("2026-01-10 item accept A P1 many-to-one - {factor}/{by} 2026-01-01 - counted")]);
        let decision = decisions.iter().next().unwrap();
        let file = format!("{}\n{}\n", DECISION_COLUMNS.join(","), decision.cells().join(","));
        let mut findings = Vec::new();
        let again = Decisions::read("decisions.csv", file.as_bytes(), &mut findings);
        prop_assert_eq!(again.iter().next(), Some(decision));
    }
}

#[test]
fn what_stands_about_a_source_in_the_order_of_its_time() {
    let (decisions, findings) = read(&[
        "2026-03-01 org-unit accept B OU5 equal - - - - late",
        "2026-01-10 org-unit accept A OU1 equal - - - - looks-right",
        "2026-02-10 org-unit accept A OU2 equal - - - - district-called",
        "2026-02-10 org-unit reject C OU3 equal - - - - no",
        "2026-02-11 org-unit reject D OU4 equal - - - - no",
        "2026-02-12 org-unit accept D OU4 equal - - - - yes-after-all",
        "2026-02-12 item accept A P1 equal - 1 - - other-kind",
        "2026-02-13 org-unit accept E OU6 equal - - - 2026-01-31 until-it-moved",
        "2026-02-13 org-unit accept E OU7 equal - - 2026-02-01 - after-it-moved",
    ]);
    assert_eq!(findings, []);
    let standing = decisions.about(Kind::OrgUnit, &lmis());
    let told: Vec<(&str, &str)> = standing.iter().map(|one| (&*one.link.source_id, &*one.link.target)).collect();
    assert_eq!(told, [("A", "OU2"), ("C", "OU3"), ("D", "OU4"), ("E", "OU6"), ("E", "OU7"), ("B", "OU5")]);
    assert_eq!(decisions.about(Kind::OrgUnit, &"other".parse().unwrap()), Vec::<&mlatho_harmonize::Decision>::new());
}
