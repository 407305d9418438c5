//! The comparison of a project over a repository, with numbers computed by hand.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends where its own input is wrong")]

mod common;

use common::{at, fill, project};
use mlatho_model::Decimal;
use mlatho_pipeline::{PipelineError, RuleComparison, compare_project, trend, worklist, write_worklist};
use mlatho_store::{AsOf, StoreError};
use mlatho_text::{Language, Texts};

/// A treatment takes 24 tablets.
const ACT: &str = r#"
name = "ACT <against> cases"
period_type = "monthly"
minimum_services = 5
[[consumption]]
item = "ACT"
units_per_case = 24
[[services]]
item = "cases"
measure = "fbfJHSPpUQD"
[band]
low = 0.8
high = 1.25
source = "default & tolerance"
"#;

const DMPA: &str = r#"
name = "Injectables against visits"
period_type = "quarterly"
[[consumption]]
item = "DMPA"
measure = "issued"
[[services]]
item = "visits"
[band]
low = 0.8
high = 1.25
source = "default tolerance"
"#;

const LINES: &str = "\
A,ACT,consumed,,202601,4800,
A,cases,fbfJHSPpUQD,under 5,202601,60,
A,cases,fbfJHSPpUQD,5 and over,202601,40,
A,ACT,consumed,,202602,,
A,cases,fbfJHSPpUQD,,202602,100,
A,ACT,consumed,,202604,0,
A,ACT,stockout_days,,202604,30,
A,cases,fbfJHSPpUQD,,202604,100,
B,ACT,consumed,,202601,2400,
B,ACT,consumed,,202601,100000,held
B,cases,fbfJHSPpUQD,,202601,100,
B,ACT,consumed,,202602,2400,held
B,cases,fbfJHSPpUQD,,202602,100,
C,ACT,consumed,,202601,1200,
C,ACT,consumed,,202601,1200,
C,ACT,ordered,,202601,77777,
C,cases,fbfJHSPpUQD,,202601,100,
C,cases,otherElemnt,,202601,100,
old code,ACT,consumed,,202601,5000,unmapped";

/// `org unit, period, consumption, services, ratio, verdict`, one a line; `–` where nothing is known.
fn rows(comparison: &RuleComparison) -> Vec<String> {
    let shown =
        |number: Option<Decimal>| number.map_or_else(|| "–".to_owned(), |number| number.normalize().to_string());
    let rows = comparison.rows.iter().map(|row| {
        let numbers = [row.consumption, row.services, row.ratio].map(shown).join(" ");
        format!("{} {} {numbers} {}", row.org_unit, row.period, row.verdict.name())
    });
    rows.collect()
}

#[tokio::test]
async fn only_what_was_accepted_counts_and_missing_stays_missing() {
    let (_folder, project) = project(&[("rules/act.toml", ACT)]);
    let repository = fill(&project, LINES).await;
    let (comparisons, findings) = compare_project(&project, &repository, None).await.unwrap();
    assert_eq!((comparisons.len(), findings), (1, vec![]));
    assert_eq!((comparisons[0].name.as_str(), &comparisons[0].findings), ("act", &vec![]));
    assert_eq!(
        rows(&comparisons[0]),
        [
            "A 202601 200 100 2 above",
            "A 202602 – 100 – undefined",
            "A 202604 0 100 0 below",
            "B 202601 100 100 1 within",
            "B 202602 – 100 – undefined",
            "C 202601 100 100 1 within",
        ]
    );

    let mut out = Vec::new();
    write_worklist(&mut out, &worklist(&comparisons)).unwrap();
    // Both lie 100 treatments away. In April A had nothing to hand out on any of its 30 days, and it is the later month.
    let list = String::from_utf8(out).unwrap();
    let lines: Vec<&str> = list.lines().collect();
    assert_eq!(lines[0], "rank,org_unit,item,period,verdict,causes");
    assert!(lines[1].starts_with("1,A,ACT,202604,below,\"[{\"\"cause\"\":\"\"stock-out\"\","), "{list}");
    assert!(lines[2].starts_with("2,A,ACT,202601,above,\"[{\"\"cause\"\":\"\"cannot-tell\"\","), "{list}");
    assert_eq!(lines.len(), 3);

    let before = compare_project(&project, &repository, Some(AsOf::Time(at(-1)))).await;
    assert!(matches!(before, Err(PipelineError::Store(StoreError::BeforeFirstRun))));
}

#[tokio::test]
async fn periods_follow_each_other_with_their_gaps() {
    let (_folder, project) = project(&[("rules/act.toml", ACT)]);
    let repository = fill(&project, LINES).await;
    let (comparisons, _) = compare_project(&project, &repository, None).await.unwrap();
    let lines = |org_unit: Option<&str>| -> Vec<String> {
        let lines = comparisons[0].by_period(org_unit.map(|id| id.parse().unwrap()).as_ref()).into_iter();
        let line = lines.map(|line| {
            let shown = |number: Option<Decimal>| {
                number.map_or_else(|| "–".to_owned(), |number| number.normalize().to_string())
            };
            let numbers = [line.consumption, line.services, line.expected, line.ratio].map(shown).join(" ");
            format!("{} {numbers} {} {}/{}", line.period, line.verdict.name(), line.used, line.pairs)
        });
        line.collect()
    };
    assert_eq!(
        lines(None),
        [
            "202601 400 300 300 1.333333 above 3/3",
            "202602 – – – – undefined 0/2",
            "202603 – – – – undefined 0/0",
            "202604 0 100 100 0 below 1/1",
        ]
    );
    // Of one org unit the side that it has is shown.
    assert_eq!(lines(Some("B")), ["202601 100 100 100 1 within 1/1", "202602 – 100 100 – undefined 0/1"]);
}

#[tokio::test]
async fn the_trend_speaks_the_language_of_the_reader() {
    let (_folder, project) = project(&[("rules/act.toml", ACT)]);
    let repository = fill(&project, LINES).await;
    let (comparisons, _) = compare_project(&project, &repository, None).await.unwrap();
    let svg = trend(&comparisons[0], None, &Texts::new(Language::En));
    for text in [
        "ACT &lt;against&gt; cases",
        "3 organisation units, Jan 2026 to Apr 2026",
        "In Apr 2026 consumption was 0 times what services lead to expect, below the expected band 0.8–1.25.",
        "Both sides known for 4 of 6 organisation units and periods. Band: default &amp; tolerance.",
        ">–<",
    ] {
        assert!(svg.contains(text), "{text} is not in {svg}");
    }
    let svg = trend(&comparisons[0], Some(&"B".parse().unwrap()), &Texts::new(Language::Fr));
    assert!(svg.contains("B, de janv. 2026 à févr. 2026") && svg.contains("0,8–1,25"), "{svg}");
    let nothing = trend(&comparisons[0], Some(&"Z".parse().unwrap()), &Texts::new(Language::Sw));
    assert!(nothing.contains("Hakuna kipindi"), "{nothing}");
}

#[tokio::test]
async fn months_join_to_quarters_and_quarters_are_not_divided() {
    let monthly = DMPA.replace("quarterly", "monthly");
    let (_folder, project) = project(&[("rules/dmpa.toml", DMPA), ("rules/dmpa-monthly.toml", &monthly)]);
    let lines = "\
A,DMPA,issued,,2026Q1,100,
A,visits,visits,,202601,30,
A,visits,visits,,202602,30,
A,visits,visits,,202603,40,
B,DMPA,issued,,2026Q1,100,
B,visits,visits,,202601,60,
B,visits,visits,,202603,40,
C,DMPA,issued,,202601,10,
C,DMPA,issued,,202602,20,
C,DMPA,issued,,202603,30,
C,visits,visits,,202601,20,
C,visits,visits,,202602,10,
C,visits,visits,,202603,,";
    let repository = fill(&project, lines).await;
    let (comparisons, _) = compare_project(&project, &repository, None).await.unwrap();
    let [months, quarters] = &comparisons[..] else { panic!("two rules") };
    assert_eq!((months.name.as_str(), quarters.name.as_str()), ("dmpa-monthly", "dmpa"));
    assert_eq!(
        rows(quarters),
        ["A 2026Q1 100 100 1 within", "B 2026Q1 100 – – undefined", "C 2026Q1 60 – – undefined"]
    );
    assert!(quarters.findings.is_empty());
    // Without a report of February the number of the quarter says nothing about any of its months.
    assert_eq!(
        rows(months),
        [
            "A 202601 – 30 – undefined",
            "A 202602 – 30 – undefined",
            "A 202603 – 40 – undefined",
            "B 202601 – 60 – undefined",
            "B 202603 – 40 – undefined",
            "C 202601 10 20 0.5 below",
            "C 202602 20 10 2 above",
            "C 202603 30 – – undefined",
        ]
    );
    let [left_out] = &months.findings[..] else { panic!("{:?}", months.findings) };
    assert_eq!((left_out.code, left_out.args[0].1.clone()), ("compare-other-period-type", 2usize.into()));
    assert!(left_out.place.file.ends_with("dmpa-monthly.toml"));
}

#[tokio::test]
async fn a_bad_rule_costs_itself() {
    let bad = "name = \"x\"\nperiod_type = \"sometimes\"\n";
    let rules = [("rules/act.toml", ACT), ("rules/bad.toml", bad), ("rules/other.toml", DMPA)];
    let (_folder, project) = project(&rules);
    let repository = fill(&project, LINES).await;
    let (comparisons, findings) = compare_project(&project, &repository, None).await.unwrap();
    let names: Vec<&str> = comparisons.iter().map(|comparison| comparison.name.as_str()).collect();
    assert_eq!(names, ["act", "other"]);
    let [finding] = &findings[..] else { panic!("{findings:?}") };
    assert_eq!((finding.code, finding.place.row), ("rule-invalid", 2));
    assert!(finding.place.file.ends_with("rules/bad.toml"));
    // A rule about items that the repository has never heard of finds nothing, and says so.
    assert!(comparisons[1].rows.is_empty());
    assert_eq!(comparisons[1].findings[0].code, "compare-nothing");
    assert!(worklist(&comparisons[1..]).is_empty());
}
