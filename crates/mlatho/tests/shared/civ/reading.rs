//! Both sides are read whole, and the file route loses nothing on the way to DHIS2.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::raw::{self, Line, METHODS};
use super::world::{LEDGER, MONTHLY, ReadRow, World, table};

/// What a column of the ledger holds; nothing where it is blank.
type Number = fn(&Line) -> Option<i64>;

#[test]
fn the_ledger_is_read_whole() {
    let Some(world) = World::new() else { return };
    let rows = world.read(&format!("inbox/lmis/{LEDGER}"), "layouts/lmis.toml");
    let raw = raw::ledger(&world.data);
    assert_eq!(raw.len(), 35_753);
    assert_eq!(rows.iter().map(|row| row.position).collect::<BTreeSet<_>>().len(), 35_753);

    let columns: [(&str, Number); 8] = [
        ("opening_balance", |line| Some(line.stock_initial)),
        ("received", |line| Some(line.stock_received)),
        ("consumed", |line| Some(line.stock_distributed)),
        ("adjustments", |line| Some(line.stock_adjustment)),
        ("closing_balance", |line| Some(line.stock_end)),
        ("amc_reported", |line| Some(line.average_monthly_consumption)),
        ("stockout_days", |line| Some(line.stock_stockout_days.into())),
        ("ordered", |line| line.stock_ordered),
    ];
    for (measure, number) in columns {
        let read: Vec<(u64, &str, &str, &str, Option<i64>)> = rows
            .iter()
            .filter(|row| row.measure == measure)
            .map(|row| (row.position, &*row.org_unit, &*row.item, &*row.period, whole(row)))
            .collect();
        let periods: Vec<String> = raw.iter().map(Line::period).collect();
        let lines = raw.iter().zip(&periods).zip(2..); // the header is line 1
        let expected: Vec<(u64, &str, &str, &str, Option<i64>)> = lines
            .map(|((line, period), at)| (at, &*line.site_code, &*line.product_code, &**period, number(line)))
            .collect();
        assert!(read == expected, "{measure}");
    }

    let missing = rows.iter().filter(|row| row.state == "missing:blank");
    assert_eq!(missing.map(|row| &*row.measure).collect::<Vec<_>>(), ["ordered"; 763]);
    let zeros = rows.iter().filter(|row| row.measure == "consumed" && row.state == "reported");
    let zeros = zeros.filter(|row| row.value == Some(0.0)).count();
    assert_eq!((zeros, zeros * 100 / raw.len()), (17_738, 49), "zeros are numbers");
}

#[test]
fn the_service_reports_are_read_whole() {
    let Some(world) = World::new() else { return };
    let rows = world.read(&format!("inbox/hmis/{MONTHLY}"), "layouts/hmis.toml");
    let raw = raw::monthly_reports(&world.data);
    let months: BTreeSet<(&str, &str)> = rows.iter().map(|row| (&*row.org_unit, &*row.period)).collect();
    let districts: BTreeSet<&str> = months.iter().map(|(district, _)| *district).collect();
    assert_eq!((raw.len(), months.len(), districts.len()), (678, 678, 113));
    assert_eq!(rows.len(), 678 * METHODS.len() * 5);

    let read: BTreeMap<(&str, &str, &str, &str, &str), Option<i64>> = rows
        .iter()
        .map(|row| ((&*row.org_unit, &*row.period, &*row.item, &*row.measure, &*row.disaggregation), whole(row)))
        .collect();
    let columns = [
        ("women_old", "women", "old"),
        ("women_new", "women", "new"),
        ("number_dispensed", "consumed", ""),
        ("number_received", "received", ""),
        ("stock_end", "closing_balance", ""),
    ];
    for report in &raw {
        let period = format!("{}{:02}", report.year, report.month);
        for method in METHODS {
            for (column, measure, split) in columns {
                let found = read[&(&*report.district, &*period, method, measure, split)];
                assert_eq!(found, report.cell(method, column), "{} {period} {method} {column}", report.district);
            }
        }
    }
    let blank = raw.iter().filter(|report| report.cell("iud", "number_dispensed").is_none()).count();
    assert_eq!(blank * 100 / raw.len(), 63, "blank cells are missing and not zero");
}

#[expect(clippy::cast_possible_truncation, reason = "the tables hold whole numbers")]
fn whole(row: &ReadRow) -> Option<i64> {
    assert!(row.value.is_none_or(|value| value.fract() == 0.0), "{row:?}");
    row.value.map(|value| value as i64)
}

/// One value of a DHIS2 import file.
#[derive(serde::Deserialize)]
struct Imported {
    dataelement: String,
    period: String,
    orgunit: String,
    value: i64,
}

#[test]
fn the_file_route_conserves_totals() {
    let Some(world) = World::new() else { return };
    let ledger = format!("inbox/lmis/{LEDGER}");
    let output =
        world.mlatho(&["convert", &ledger, "--source", "lmis", "--as", "csv", "--out", "out", "--format", "json"]);
    let counts: BTreeMap<String, serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let raw = raw::ledger(&world.data);
    let without = raw.iter().filter(|line| line.method().is_none()).count();
    for (count, number) in
        [("lines", raw.len()), ("kept", raw.len()), ("unmapped_item", without), ("unmapped_org_unit", 0)]
    {
        assert_eq!(counts[count], number, "{count}");
    }

    let elements: BTreeMap<String, (String, String)> = world
        .mapping::<super::mapping::ElementRow>("elements.csv")
        .into_iter()
        .map(|row| (row.data_element, (row.item, row.measure)))
        .collect();
    let mut delivered = BTreeMap::new();
    let (mut totals, mut parts) = (BTreeMap::new(), 0);
    for entry in fs::read_dir(world.path("out")).unwrap() {
        for value in table::<Imported>(&entry.unwrap().path()) {
            let (item, measure) = elements[&value.dataelement].clone();
            *totals.entry((item.clone(), measure.clone(), value.period.clone())).or_default() += value.value;
            let key = (value.orgunit, item, measure, value.period);
            assert_eq!(delivered.insert(key, value.value), None, "no value comes twice");
            parts += 1;
        }
    }
    assert_eq!(counts["values"], parts);

    let mut expected: BTreeMap<(String, String, String), i64> = BTreeMap::new();
    for line in &raw {
        for (measure, number) in line.published() {
            let Some(method) = line.method() else { continue };
            *expected.entry((method.into(), measure.into(), line.period())).or_default() += number;
        }
    }
    assert!(totals == expected, "what the sites report is what the districts get");

    let by_hand = raw::cells(&world, &raw).into_iter();
    let by_hand: BTreeMap<(String, String, String, String), i64> = by_hand
        .map(|((org_unit, item, measure, period), number)| ((org_unit, item.into(), measure.into(), period), number))
        .collect();
    assert!(delivered == by_hand, "each district gets its part");
}
