//! Which facilities disagree: one side against the other, both on a scale of powers of ten.

use mlatho_model::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::Band;
use crate::frame::{FOOT, Frame, HEAD};
use crate::svg::{Anchor, GRID, SECONDARY, Svg, TEXT, Type, escaped};
use crate::trend::Place;

const LEFT: f64 = 84.0;
const RIGHT: f64 = 760.0;
const HEIGHT: f64 = 560.0;
const BOTTOM: f64 = HEIGHT - FOOT - 44.0;
const TOP: f64 = HEAD + 34.0;
const WITHIN: &str = "#595959";
const OUTSIDE: &str = "#d32f2f";
const CIRCLE: &str = "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z";
const UP: &str = "m0 -6l6 10h-12z";
const DOWN: &str = "m0 6l6 -10h-12z";

/// Pairs of numbers in one unit.
pub struct Scatter<'a> {
    pub frame: Frame<'a>,
    /// Pairs of which both are above zero are drawn; of others the caller says how many there are.
    pub points: &'a [ScatterPoint],
    /// Of `y ÷ x`.
    pub band: Band,
    pub x: &'a str,
    pub y: &'a str,
    /// The band and where it comes from.
    pub within: &'a str,
    pub above: &'a str,
    pub below: &'a str,
    pub number: &'a dyn Fn(Decimal) -> String,
}

/// A facility.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScatterPoint {
    /// Shown as the title of the point.
    pub label: String,
    /// Where it leads; empty: nowhere.
    pub link: String,
    pub x: Decimal,
    pub y: Decimal,
}

/// A scale of powers of ten between two ends.
struct Powers {
    low: i32,
    high: i32,
    from: f64,
    to: f64,
}

impl Powers {
    fn at(&self, number: f64) -> f64 {
        let share = (number.log10() - f64::from(self.low)) / f64::from(self.high - self.low);
        self.from + share.clamp(0.0, 1.0) * (self.to - self.from)
    }

    fn powers(&self) -> impl Iterator<Item = (f64, Decimal)> + use<'_> {
        (self.low..=self.high).filter_map(|power| {
            let size = power.unsigned_abs();
            let number = match power {
                ..0 => Decimal::try_new(1, size).ok()?,
                _ => Decimal::try_from_i128_with_scale(10_i128.checked_pow(size)?, 0).ok()?,
            };
            Some((self.at(10_f64.powi(power)), number))
        })
    }
}

impl Scatter<'_> {
    /// The picture, 800 × 560 units.
    #[must_use]
    pub fn svg(&self) -> String {
        self.frame.around(HEIGHT, |svg| {
            let positive = |point: &&ScatterPoint| point.x > Decimal::ZERO && point.y > Decimal::ZERO;
            let points: Vec<(&ScatterPoint, f64, f64)> = self
                .points
                .iter()
                .filter(positive)
                .filter_map(|point| Some((point, point.x.to_f64()?, point.y.to_f64()?)))
                .collect();
            let numbers = || points.iter().flat_map(|(_, x, y)| [*x, *y]);
            let (least, most) = (numbers().fold(f64::INFINITY, f64::min), numbers().fold(1.0, f64::max));
            #[expect(clippy::cast_possible_truncation, reason = "powers of ten of decimals are within ±29")]
            let (low, high) = (least.min(1.0).log10().floor() as i32, most.log10().ceil() as i32);
            let high = high.max(low + 1);
            let across = Powers { low, high, from: LEFT, to: RIGHT };
            let up = Powers { low, high, from: BOTTOM, to: TOP };
            self.ground(svg, &across, &up);
            for (point, x, y) in points {
                self.point(svg, point, (across.at(x), up.at(y)));
            }
        })
    }

    fn ground(&self, svg: &mut Svg, across: &Powers, up: &Powers) {
        for (x, number) in across.powers() {
            svg.plumb(x, TOP, BOTTOM, &format!(r#"stroke="{GRID}""#));
            svg.text(x, BOTTOM + 18.0, Type::SMALL.anchored(Anchor::Middle), &(self.number)(number.normalize()));
        }
        for (y, number) in up.powers() {
            svg.level(LEFT, RIGHT, y, GRID);
            svg.text(LEFT - 8.0, y + 4.0, Type::SMALL.anchored(Anchor::End), &(self.number)(number.normalize()));
        }
        let ends = [across.low, across.high].map(|power| 10_f64.powi(power));
        let factor = |ratio: Decimal| ratio.to_f64().unwrap_or(1.0);
        let edge = |ratio: f64| {
            // Both scales have the same powers, so an edge is a line of one slope, cut at the frame.
            let from = ends[0].max(ends[0] / ratio);
            let to = ends[1].min(ends[1] / ratio);
            [from, to].map(|x| (across.at(x), up.at(x * ratio)))
        };
        let (low, high) = (edge(factor(self.band.low)), edge(factor(self.band.high)));
        let corners = [(LEFT, BOTTOM), low[0], low[1], (RIGHT, TOP), high[1], high[0]];
        svg.area(corners, r##"fill="#d5e8d4" stroke="none""##);
        for line in [low, high] {
            svg.line(line.map(Some), "#2e7d32");
        }
        svg.level(LEFT, RIGHT, BOTTOM, SECONDARY);
        svg.plumb(LEFT, TOP, BOTTOM, &format!(r#"stroke="{SECONDARY}""#));
        svg.text(RIGHT, BOTTOM + 36.0, Type::SMALL.anchored(Anchor::End).coloured(TEXT), self.x);
        let y = TOP - 14.0;
        svg.text(16.0, y, Type::SMALL.coloured(TEXT), self.y);
        let mut x = 16.0 + Type::SMALL.width(self.y) + 28.0;
        for (shape, colour, word) in
            [(CIRCLE, WITHIN, self.within), (UP, OUTSIDE, self.above), (DOWN, OUTSIDE, self.below)]
        {
            svg.mark(x, y - 4.0, shape, colour);
            svg.text(x + 12.0, y, Type::SMALL.coloured(TEXT), word);
            x += 12.0 + Type::SMALL.width(word) + 20.0;
        }
    }

    fn point(&self, svg: &mut Svg, point: &ScatterPoint, (x, y): (f64, f64)) {
        let place = point.y.checked_div(point.x).map_or(Place::Within, |ratio| self.band.place(ratio));
        let (shape, colour) = match place {
            Place::Within => (CIRCLE, WITHIN),
            Place::Above => (UP, OUTSIDE),
            Place::Below => (DOWN, OUTSIDE),
        };
        svg.linked(&point.link, &escaped(&point.label), |svg| svg.mark(x, y, shape, colour));
    }
}
