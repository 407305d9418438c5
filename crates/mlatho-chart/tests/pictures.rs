//! Snapshots of the pictures beside the trend: each was looked at when it was accepted.

use mlatho_chart::{
    Area, AreaMap, Band, Dot, FanChart, FanPoint, FanWords, Frame, HeatRow, HeatTable, LeagueRow, LeagueTable, Scatter,
    ScatterPoint, Step, StockChart, StockClass, StockRow, Waterfall, breaks_of,
};
use mlatho_model::Decimal;

const BAND: Band = Band { low: Decimal::from_parts(8, 0, 0, false, 1), high: Decimal::from_parts(125, 0, 0, false, 2) };

const fn frame<'a>(id: &'a str, title: &'a str) -> Frame<'a> {
    Frame {
        id,
        title,
        subtitle: "Example country <A & B>, January to June 2026",
        description: "One sentence for those who do not see the picture.",
        footer: "Source: LMIS and HMIS; 11 of 12 facilities reported on both sides",
    }
}

fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

fn percent(share: Decimal) -> String {
    format!("{} %", (share * Decimal::ONE_HUNDRED).round_dp(0).normalize())
}

fn tenths(number: i64) -> Decimal {
    Decimal::new(number, 1)
}

#[test]
fn a_forecast_as_a_fan() {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let numbers = [820, 760, 905, 0, 870, 930, 0, 880, 990];
    let observed: Vec<(String, Option<Decimal>)> = months
        .iter()
        .zip(numbers)
        .enumerate()
        .map(|(at, (month, number))| (format!("{month} 2026"), (at != 6).then(|| number.into())))
        .collect();
    let forecast: Vec<FanPoint> = (0..3)
        .map(|at| {
            let span = |share: i64| (Decimal::from(940 - share * (2 + at)), Decimal::from(940 + share * (2 + at)));
            FanPoint {
                label: format!("{} 2026", months[9 + usize::try_from(at).unwrap()]),
                median: 940.into(),
                ranges: [span(110), span(70), span(35)],
            }
        })
        .collect();
    let words = FanWords {
        unit: "doses",
        observed: "Observed",
        forecast: "Forecast",
        ranges: ["19 of 20 times", "4 of 5 times", "1 of 2 times"],
    };
    let frame = frame("fan", "What will be needed until December?");
    let chart = FanChart {
        frame,
        observed: &observed,
        forecast: &forecast,
        level: Some((1200.into(), "On order: 1200")),
        words,
        number: &plain,
    };
    insta::assert_snapshot!(chart.svg());
    let nothing = FanChart { observed: &[], forecast: &[], level: None, ..chart };
    assert!(nothing.svg().ends_with("</svg>\n") && !nothing.svg().contains("NaN"));
}

#[test]
fn who_reported() {
    let periods: Vec<String> = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"].map(|month| format!("{month} 2026")).into();
    let row = |label: &str, shares: [Option<i64>; 6]| HeatRow {
        label: label.into(),
        shares: shares.map(|share| share.map(|share| Decimal::new(share, 2))).into(),
    };
    let rows = [
        row(
            "A district with a name that is longer than its place",
            [Some(0), Some(12), Some(25), None, Some(31), Some(40)],
        ),
        row("Second district", [Some(55), Some(60), Some(72), Some(79), Some(80), Some(81)]),
        row("Third district", [Some(100), Some(99), Some(100), Some(100), None, Some(100)]),
    ];
    let frame = frame("heat", "Which districts report late or never?");
    let chart = HeatTable { frame, periods: &periods, rows: &rows, unknown: "not expected", number: &percent };
    insta::assert_snapshot!(chart.svg());
}

#[test]
fn who_first() {
    let row = |label: &str, gap: i64, ratio: Option<i64>| LeagueRow {
        label: label.into(),
        gap: gap.into(),
        ratio: ratio.map(|ratio| Decimal::new(ratio, 2)),
    };
    let rows = [
        row("First health centre", 1840, Some(284)),
        row("Second health centre", -920, Some(41)),
        row("A clinic without any case", 310, None),
        row("Third dispensary", 0, Some(100)),
    ];
    let frame = frame("league", "Which facilities to call first?");
    let unit = "treatments more or fewer than expected";
    let (ratio, above, below) = ("Consumption ÷ expected", "more", "fewer");
    let chart = LeagueTable { frame, rows: &rows, unit, ratio, above, below, number: &plain };
    insta::assert_snapshot!(chart.svg());
}

#[test]
fn which_facilities_disagree() {
    let point = |label: &str, x: i64, y: i64| ScatterPoint {
        label: label.into(),
        link: if x > 500 { format!("?ou={x}") } else { String::new() },
        x: x.into(),
        y: y.into(),
    };
    let points = [
        point("within", 100, 105),
        point("above <b>", 20, 400),
        point("below", 5000, 300),
        point("on the edge", 1000, 1250),
        point("small", 2, 2),
        point("left out", 0, 50),
    ];
    let frame = frame("scatter", "Which facilities use more than their cases need?");
    let chart = Scatter {
        frame,
        points: &points,
        band: BAND,
        x: "Expected from cases (treatments)",
        y: "Consumption (treatments)",
        within: "expected band 0.8–1.25",
        above: "above",
        below: "below",
        number: &plain,
    };
    let svg = chart.svg();
    assert!(!svg.contains("left out") && svg.contains("above &lt;b&gt;") && svg.contains(r#"<a href="?ou=1000">"#));
    insta::assert_snapshot!(svg);
}

#[test]
fn stock_against_its_bounds() {
    let row = |label: &str, months: Option<i64>, class, word: &str| StockRow {
        label: label.into(),
        months: months.map(tenths),
        bounds: Some((tenths(20), tenths(40))),
        class,
        word: word.into(),
    };
    let rows = [
        row("Artemether 20 mg + lumefantrine 120 mg, 24 tablets", Some(0), StockClass::StockedOut, "stocked out"),
        row("Malaria rapid test", Some(12), StockClass::Under, "low"),
        row("Amoxicillin 250 mg, dispersible", Some(31), StockClass::Plan, "as planned"),
        row("Zinc 20 mg", Some(214), StockClass::Over, "too much"),
        row("Oxytocin 10 IU", None, StockClass::Unknown, "not known"),
    ];
    let frame = frame("stock", "Is there enough of each product?");
    let chart = StockChart { frame, rows: &rows, unit: "Months of stock", band: "minimum to maximum", number: &plain };
    insta::assert_snapshot!(chart.svg());
}

#[test]
fn from_consumption_to_the_order() {
    let change = |label: &str, value: i64| Step::Change { label: label.into(), value: value.into() };
    let total = |label: &str, value: i64| Step::Total { label: label.into(), value: value.into() };
    let steps = [
        total("Consumption of a year", 12_000),
        change("Stock-outs and missing reports", 1_900),
        change("Growth", 600),
        total("Need", 14_500),
        change("Safety stock", 3_000),
        change("Stock on hand", -5_200),
        change("On order", -2_000),
        total("To order", 10_300),
    ];
    let frame = frame("steps", "How does consumption become the order?");
    insta::assert_snapshot!(Waterfall { frame, steps: &steps, unit: "tablets", number: &plain }.svg());
}

fn map<'a>(areas: &'a [Area], dots: &'a [Dot]) -> AreaMap<'a> {
    AreaMap {
        frame: frame("map", "Where is consumption out of line with cases?"),
        areas,
        dots,
        breaks: breaks_of(BAND),
        legend: "Ratio",
        unknown: "no data",
        without_boundary: &|count| format!("{count} units without boundary"),
        number: &plain,
    }
}

fn area(label: &str, value: Option<i64>, ring: &[(f64, f64)]) -> Area {
    let rings = if ring.is_empty() { Vec::new() } else { vec![ring.to_vec()] };
    Area { label: label.into(), link: format!("?ou={label}"), value: value.map(|value| Decimal::new(value, 2)), rings }
}

#[test]
fn where_it_is() {
    let areas = [
        area("West", Some(30), &[(30.0, 0.0), (31.0, 0.0), (31.1, 0.5), (31.0, 1.0), (30.0, 1.0), (30.0, 0.0)]),
        area("Middle", Some(100), &[(31.0, 0.0), (32.0, 0.0), (32.0, 1.0), (31.0, 1.0), (31.1, 0.5), (31.0, 0.0)]),
        area("East", Some(310), &[(32.0, 0.0), (33.0, 0.2), (32.8, 1.0), (32.0, 1.0), (32.0, 0.0)]),
        area("South", None, &[(30.0, 0.0), (31.0, 0.0), (32.0, 0.0), (31.5, -1.0), (30.2, -0.8), (30.0, 0.0)]),
        area("Nowhere", Some(90), &[]),
    ];
    let dot = |label: &str, longitude, latitude, size| Dot {
        label: label.into(),
        link: String::new(),
        longitude,
        latitude,
        size,
    };
    let dots = [dot("Large", 30.5, 0.5, 1.0), dot("Small", 32.3, 0.6, 0.05)];
    let svg = map(&areas, &dots).svg();
    assert!(svg.contains("1 units without boundary") && svg.contains("South: – (no data)"));
    insta::assert_snapshot!(svg);
}

#[test]
fn without_boundaries_there_are_tiles() {
    let areas: Vec<Area> =
        (0..13).map(|at| area(&format!("District {at}"), (at % 4 != 3).then_some(25 * at), &[])).collect();
    let svg = map(&areas, &[]).svg();
    assert!(svg.contains("13 units without boundary"));
    insta::assert_snapshot!(svg);
    assert!(map(&[], &[]).svg().ends_with("</svg>\n"));
}

#[test]
fn bad_places_draw_nothing_that_is_no_number() {
    let areas = [area("Bad", Some(1), &[(f64::NAN, 0.0), (1.0, f64::INFINITY), (0.0, 1.0), (2.0, 3.0)])];
    let svg = map(&areas, &[]).svg();
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
}
