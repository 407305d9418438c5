//! `mlatho periods`.

use serde_json::json;

use crate::world::World;

#[test]
fn a_week_that_starts_on_sunday() {
    // The fifth week of 2026 by the rule of four days: Sunday 1 February to Saturday 7 February.
    let parsed = World::new().run(["periods", "parse", "2026SunW5", "--format", "json"]).json();
    let expected = json!({
        "canonical": "2026SunW5", "type": "WeeklySunday", "start": "2026-02-01", "end": "2026-02-07", "calendar": "iso8601",
    });
    assert_eq!(parsed, expected);
}

#[test]
fn a_month_of_an_ethiopian_server() {
    let world = World::new();
    let parse = |period, calendar| world.run(["periods", "parse", period, "--calendar", calendar, "--format", "json"]);
    let meskerem = json!({
        "canonical": "201801", "type": "Monthly", "start": "2025-09-11", "end": "2025-10-10", "calendar": "ethiopian",
    });
    assert_eq!(parse("2018-01", "ethiopian").json(), meskerem);
    let shrawan = parse("208204", "nepali").json();
    assert_eq!((&shrawan["start"], &shrawan["end"]), (&json!("2025-07-17"), &json!("2025-08-16")));
    let pagumen = parse("201813", "ethiopian");
    assert_eq!((pagumen.code, pagumen.out.as_str()), (1, ""));
    assert!(pagumen.messages.contains("month 12"), "{}", pagumen.messages);
    let unknown = parse("201801", "coptic");
    assert_eq!(unknown.code, 1);
    assert!(unknown.messages.starts_with("error [bad-calendar]") && unknown.messages.contains("nepali"));
}

#[test]
fn a_quarter_in_months() {
    let world = World::new();
    assert_eq!(world.run(["periods", "convert", "2026Q1", "--to", "monthly"]).well(), "202601\n202602\n202603\n");
    let shares = world.run(["periods", "convert", "2026Q1", "--to", "monthly", "--format", "csv"]).well();
    assert!(shares.starts_with("period,share\n202601,"), "{shares}");
    assert_eq!(shares.lines().count(), 4);
}

#[test]
fn what_is_no_period_or_type_is_told_with_what_there_is() {
    let world = World::new();
    let ran = world.run(["periods", "parse", "202613"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.messages.starts_with("error [bad-period-given]: “202613” is not a period"), "{}", ran.messages);
    let ran = world.run(["periods", "convert", "2026Q1", "--to", "fortnightly"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.messages.contains("Monthly") && ran.messages.contains("WeeklySunday"), "{}", ran.messages);
}
