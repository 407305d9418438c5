//! Snapshots of whole pictures: each was looked at when it was accepted.

use mlatho_chart::{Band, Place, TrendChart, TrendPoint, TrendWords};
use mlatho_model::Decimal;

const WORDS: TrendWords<'static> = TrendWords {
    consumption: "Consumption",
    expected: "Expected from visits",
    unit: "doses",
    ratio: "Consumption ÷ expected",
    band: "Expected band 0.8–1.25 (default tolerance)",
    above: "above",
    below: "below",
    low_reporting: "Low reporting",
};

fn point(label: &str, consumption: Option<i64>, expected: Option<i64>) -> TrendPoint {
    let (consumption, expected) = (consumption.map(Decimal::from), expected.map(Decimal::from));
    let ratio = consumption.zip(expected).and_then(|(c, e)| c.checked_div(e));
    TrendPoint { label: label.into(), consumption, expected, ratio, low_reporting: false }
}

fn drawn(points: &[TrendPoint]) -> String {
    let chart = TrendChart {
        id: "trend",
        title: "Is consumption of 3-month injectables in line with visits?",
        subtitle: "Example district <A & B>, monthly",
        description: "In June consumption was 1.8 times visits, above 0.8–1.25.",
        footer: "Source: LMIS and HMIS; 11 of 12 facilities reported on both sides",
        words: WORDS,
        band: Band { low: Decimal::new(8, 1), high: Decimal::new(125, 2) },
        points,
        number: &|number| number.to_string(),
    };
    chart.svg()
}

#[test]
fn a_year_with_everything_in_it() {
    let mut points = vec![
        point("Jan 2026", Some(1020), Some(1000)),
        point("Feb 2026", Some(880), Some(940)),
        point("Mar 2026", None, Some(1010)),
        point("Apr 2026", Some(0), Some(990)),
        point("May 2026", Some(1350), Some(1040)),
        point("Jun 2026", Some(1870), Some(1040)),
        point("Jul 2026", Some(1100), Some(1050)),
        point("Aug 2026", Some(1130), None),
        point("Sep 2026", Some(1140), Some(1090)),
        point("Oct 2026", Some(700), Some(1100)),
        point("Nov 2026", Some(1210), Some(1120)),
        point("Dec 2026", Some(1290), Some(1150)),
    ];
    points[9].low_reporting = true;
    insta::assert_snapshot!(drawn(&points));
}

#[test]
fn two_years_with_a_ratio_beyond_the_axis() {
    let points: Vec<_> = (0..24)
        .map(|month| {
            let label = format!("{:02}/{}", month % 12 + 1, 2025 + month / 12);
            let consumption = if month == 20 { 57_000 } else { 900 + 10 * month };
            point(&label, Some(consumption), Some(1000))
        })
        .collect();
    insta::assert_snapshot!(drawn(&points));
}

#[test]
fn nothing_known_draws_axes_and_gaps() {
    let svg = drawn(&[point("Jan 2026", None, None)]);
    assert!(svg.contains(">–<") && !svg.contains("NaN"));
    assert!(drawn(&[]).ends_with("</svg>\n"));
}

#[test]
fn the_picture_is_named_and_described() {
    let svg = drawn(&[point("Jan 2026", Some(1), Some(1))]);
    assert!(svg.contains(r#"role="img" aria-labelledby="trend-title trend-description""#));
    assert!(svg.contains("Example district &lt;A &amp; B&gt;"));
    assert!(svg.contains(r#"<desc id="trend-description">In June"#));
}

#[test]
fn the_ends_of_the_band_are_within() {
    let band = Band { low: Decimal::new(8, 1), high: Decimal::new(125, 2) };
    let place = |text: &str| band.place(text.parse().unwrap());
    assert_eq!(
        [place("0.79"), place("0.8"), place("1.25"), place("1.26")],
        [Place::Below, Place::Within, Place::Within, Place::Above]
    );
}
