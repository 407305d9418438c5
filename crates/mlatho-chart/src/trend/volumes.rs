//! The upper part: bars of consumption and the line of what is expected, in one unit on one axis.

use mlatho_model::Decimal;

use super::{LEFT, RIGHT, TrendChart, VOLUMES};
use crate::axis::Axis;
use crate::svg::{Anchor, GRID, SECONDARY, Svg, TEXT, Type};

const BAR: &str = r##"fill="#a2c8ec" stroke="#006ba4" stroke-width="1""##;
const EXPECTED: &str = "#c85200";
const DIAMOND: &str = "m0 -5l5 5l-5 5l-5 -5z";

pub(super) fn draw(chart: &TrendChart<'_>, svg: &mut Svg) {
    let numbers = chart.points.iter().flat_map(|point| [point.consumption, point.expected]).flatten();
    let axis = Axis::new(numbers.max().unwrap_or(Decimal::ZERO), VOLUMES.0, VOLUMES.1);
    let hatched =
        format!(r##"fill="url(#{}-hatch)" stroke="#006ba4" stroke-width="1""##, crate::svg::escaped(chart.id));
    if chart.points.iter().any(|point| point.low_reporting) {
        svg.hatch(chart.id, "#006ba4");
    }
    legend(chart, svg, &hatched);
    for tick in &axis.ticks {
        svg.level(LEFT, RIGHT, axis.at(*tick), GRID);
        let looks = Type::SMALL.anchored(Anchor::End);
        svg.text(LEFT - 8.0, axis.at(*tick) + 4.0, looks, &(chart.number)(*tick));
    }
    let width = (chart.slot() * 0.62).min(56.0);
    let small = Type::SMALL.anchored(Anchor::Middle);
    for (x, point) in chart.placed() {
        match point.consumption {
            None => svg.text(x, axis.bottom() - 5.0, small, "–"),
            Some(number) if number.is_zero() => svg.text(x, axis.bottom() - 5.0, small.coloured(TEXT), "0"),
            Some(number) => {
                let looks = if point.low_reporting { &hatched } else { BAR };
                svg.rect((x - width / 2.0, axis.at(number)), (width, axis.bottom() - axis.at(number)), looks);
            }
        }
    }
    svg.level(LEFT, RIGHT, axis.bottom(), SECONDARY);
    let expected: Vec<_> = chart.placed().map(|(x, point)| point.expected.map(|number| (x, axis.at(number)))).collect();
    svg.line(expected.iter().copied(), EXPECTED);
    for (x, y) in expected.into_iter().flatten() {
        svg.mark(x, y, DIAMOND, EXPECTED);
    }
}

fn legend(chart: &TrendChart<'_>, svg: &mut Svg, hatched: &str) {
    let y = VOLUMES.0 - 22.0;
    let looks = Type::SMALL.coloured(TEXT);
    let mut x = LEFT;
    let unit_width = Type::SMALL.width(chart.words.unit);
    if unit_width < LEFT - 12.0 {
        svg.text(LEFT - 8.0, y, Type::SMALL.anchored(Anchor::End), chart.words.unit);
    } else {
        // A long unit begins at the edge and pushes the legend on.
        svg.text(4.0, y, Type::SMALL, chart.words.unit);
        x = x.max(4.0 + unit_width + 16.0);
    }
    svg.rect((x, y - 10.0), (14.0, 11.0), BAR);
    svg.text(x + 20.0, y, looks, chart.words.consumption);
    x += 20.0 + looks.width(chart.words.consumption) + 20.0;
    svg.line([Some((x, y - 4.0)), Some((x + 26.0, y - 4.0))], EXPECTED);
    svg.mark(x + 13.0, y - 4.0, DIAMOND, EXPECTED);
    svg.text(x + 32.0, y, looks, chart.words.expected);
    x += 32.0 + looks.width(chart.words.expected) + 20.0;
    if chart.points.iter().any(|point| point.low_reporting) {
        svg.rect((x, y - 10.0), (14.0, 11.0), hatched);
        svg.text(x + 20.0, y, looks, chart.words.low_reporting);
    }
}
