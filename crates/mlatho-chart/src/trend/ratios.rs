//! The lower part: the ratio with its expected band.

use mlatho_model::Decimal;

use super::{LEFT, Place, RATIOS, RIGHT, TrendChart};
use crate::axis::Axis;
use crate::svg::{Anchor, GRID, SECONDARY, Svg, TEXT, Type};

const LINE: &str = "#595959";
const OUTSIDE: &str = "#d32f2f";
const BAND: &str = r##"fill="#d5e8d4" stroke="none""##;
const BAND_EDGE: &str = "#2e7d32";
const CIRCLE: &str = "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z";
const UP: &str = "m0 -7l7 12h-14z";
const DOWN: &str = "m0 7l7 -12h-14z";

/// Ratios beyond so many times the upper end of the band stand at the edge, with their number.
const REACH: Decimal = Decimal::from_parts(3, 0, 0, false, 0);

pub(super) fn draw(chart: &TrendChart<'_>, svg: &mut Svg) {
    let reach = chart.band.high.saturating_mul(REACH);
    let largest = chart.points.iter().filter_map(|point| point.ratio).max().unwrap_or(Decimal::ZERO);
    let axis = Axis::new(largest.min(reach).max(chart.band.high), RATIOS.0, RATIOS.1);
    let (low, high) = (axis.at(chart.band.low), axis.at(chart.band.high));
    legend(chart, svg);
    svg.rect((LEFT, high), (RIGHT - LEFT, low - high), BAND);
    for tick in &axis.ticks {
        svg.level(LEFT, RIGHT, axis.at(*tick), GRID);
        svg.text(LEFT - 8.0, axis.at(*tick) + 4.0, Type::SMALL.anchored(Anchor::End), &(chart.number)(*tick));
    }
    svg.level(LEFT, RIGHT, low, BAND_EDGE);
    svg.level(LEFT, RIGHT, high, BAND_EDGE);
    svg.level(LEFT, RIGHT, axis.bottom(), SECONDARY);
    svg.line(chart.placed().map(|(x, point)| point.ratio.map(|ratio| (x, axis.at(ratio)))), LINE);
    let mut before = None;
    for (x, point) in chart.placed() {
        let place = point.ratio.map(|ratio| chart.band.place(ratio));
        match point.ratio {
            None => {
                let looks = Type::SMALL.anchored(Anchor::Middle);
                svg.text(x, axis.bottom() - 5.0, looks, "–");
            }
            Some(ratio) => mark(chart, svg, &axis, x, ratio, place != before),
        }
        before = place;
    }
}

/// One ratio. The first of a run outside the band is told in a word; one beyond the axis in its number too.
fn mark(chart: &TrendChart<'_>, svg: &mut Svg, axis: &Axis, x: f64, ratio: Decimal, first: bool) {
    let y = axis.at(ratio);
    let (shape, colour, word) = match chart.band.place(ratio) {
        Place::Within => return svg.mark(x, y, CIRCLE, LINE),
        Place::Above => (UP, OUTSIDE, chart.words.above),
        Place::Below => (DOWN, OUTSIDE, chart.words.below),
    };
    svg.mark(x, y, shape, colour);
    let beyond = axis.ticks.last().is_some_and(|end| ratio > *end);
    let number = if beyond { (chart.number)(ratio.round_dp(1)) } else { String::new() };
    let label = match (first, beyond) {
        (true, true) => format!("{word} ({number})"),
        (true, false) => word.to_owned(),
        (false, _) => number,
    };
    if !label.is_empty() {
        let looks = Type::SMALL.coloured(OUTSIDE).bold().with_halo();
        let crowded = if shape == UP { y < axis.top() + 18.0 } else { y > axis.bottom() - 24.0 };
        let beside = if shape == UP { 3.0 } else { -4.0 };
        if !crowded {
            let half = looks.width(&label) / 2.0;
            let dy = if shape == UP { -12.0 } else { 20.0 };
            svg.text(x.clamp(LEFT + half, RIGHT - half), y + dy, looks.anchored(Anchor::Middle), &label);
        } else if x + 12.0 + looks.width(&label) < RIGHT {
            svg.text(x + 12.0, y + beside, looks, &label);
        } else {
            svg.text(x - 12.0, y + beside, looks.anchored(Anchor::End), &label);
        }
    }
}

fn legend(chart: &TrendChart<'_>, svg: &mut Svg) {
    let y = RATIOS.0 - 22.0;
    let looks = Type::SMALL.coloured(TEXT);
    let mut x = LEFT;
    svg.line([Some((x, y - 4.0)), Some((x + 26.0, y - 4.0))], LINE);
    svg.mark(x + 13.0, y - 4.0, CIRCLE, LINE);
    svg.text(x + 32.0, y, looks, chart.words.ratio);
    x += 32.0 + looks.width(chart.words.ratio) + 20.0;
    svg.rect((x, y - 10.0), (14.0, 11.0), BAND);
    svg.level(x, x + 14.0, y - 10.0, BAND_EDGE);
    svg.level(x, x + 14.0, y + 1.0, BAND_EDGE);
    svg.text(x + 20.0, y, looks, chart.words.band);
    x += 20.0 + looks.width(chart.words.band) + 20.0;
    for (shape, word) in [(UP, chart.words.above), (DOWN, chart.words.below)] {
        svg.mark(x + 6.0, y - 4.0, shape, OUTSIDE);
        svg.text(x + 18.0, y, looks, word);
        x += 18.0 + looks.width(word) + 16.0;
    }
}
