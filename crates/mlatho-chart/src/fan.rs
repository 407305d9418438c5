//! What next: what was observed, and the forecast as a fan of 50, 80 and 95 %.

use mlatho_model::Decimal;

use crate::axis::Axis;
use crate::frame::{FOOT, Frame, HEAD};
use crate::svg::{Anchor, GRID, SECONDARY, Svg, TEXT, Type};

const LEFT: f64 = 72.0;
const RIGHT: f64 = 784.0;
const HEIGHT: f64 = 420.0;
const TOP: f64 = HEAD + 34.0;
const BOTTOM: f64 = HEIGHT - FOOT - 34.0;
const OBSERVED: &str = "#595959";
const FORECAST: &str = "#006ba4";
const LEVEL: &str = "#c85200";
/// From the widest to the narrowest.
const FILLS: [&str; 3] = ["#e3effa", "#c3dbf1", "#a2c8ec"];
const CIRCLE: &str = "m-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z";

/// A series and its forecast.
pub struct FanChart<'a> {
    pub frame: Frame<'a>,
    /// In order of time; nothing where it is missing: a gap, never a zero.
    pub observed: &'a [(String, Option<Decimal>)],
    /// The periods that follow.
    pub forecast: &'a [FanPoint],
    /// A height to compare with, such as the quantity that is on order, with its word.
    pub level: Option<(Decimal, &'a str)>,
    pub words: FanWords<'a>,
    pub number: &'a dyn Fn(Decimal) -> String,
}

/// The words inside the picture.
#[derive(Clone, Copy, Debug)]
pub struct FanWords<'a> {
    pub unit: &'a str,
    pub observed: &'a str,
    pub forecast: &'a str,
    /// Of the three ranges, the widest first, such as "19 of 20 times".
    pub ranges: [&'a str; 3],
}

/// A period of the forecast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FanPoint {
    pub label: String,
    pub median: Decimal,
    /// Lower and upper ends of 95, 80 and 50 %.
    pub ranges: [(Decimal, Decimal); 3],
}

impl FanChart<'_> {
    /// The picture, 800 × 420 units.
    #[must_use]
    pub fn svg(&self) -> String {
        self.frame.around(HEIGHT, |svg| {
            let observed = self.observed.iter().filter_map(|(_, number)| *number);
            let ends = self.forecast.iter().map(|point| point.ranges[0].1);
            let level = self.level.map(|(number, _)| number);
            let axis = Axis::new(observed.chain(ends).chain(level).max().unwrap_or(Decimal::ZERO), TOP, BOTTOM);
            for tick in &axis.ticks {
                svg.level(LEFT, RIGHT, axis.at(*tick), GRID);
                let looks = Type::SMALL.anchored(Anchor::End);
                svg.text(LEFT - 8.0, axis.at(*tick) + 4.0, looks, &(self.number)(*tick));
            }
            self.fan(svg, &axis);
            self.series(svg, &axis);
            if let Some((number, word)) = self.level {
                let y = axis.at(number);
                svg.raw(format_args!(
                    r#"<path d="M{LEFT} {y:.1}H{RIGHT}" stroke="{LEVEL}" stroke-width="2" stroke-dasharray="6 4"/>"#
                ));
                let looks = Type::SMALL.coloured(LEVEL).bold().with_halo();
                svg.text(LEFT + 6.0, y - 6.0, looks, word);
            }
            svg.level(LEFT, RIGHT, axis.bottom(), SECONDARY);
            self.labels(svg);
            self.legend(svg);
        })
    }

    fn slot(&self) -> f64 {
        let periods = u32::try_from((self.observed.len() + self.forecast.len()).max(1)).unwrap_or(u32::MAX);
        (RIGHT - LEFT) / f64::from(periods)
    }

    /// The middle of a period, counted from the first observed one.
    fn x(&self, period: usize) -> f64 {
        LEFT + self.slot() * (f64::from(u32::try_from(period).unwrap_or(u32::MAX)) + 0.5)
    }

    fn fan(&self, svg: &mut Svg, axis: &Axis) {
        let first = self.observed.len();
        for (range, fill) in FILLS.into_iter().enumerate() {
            let place = |(at, point): (usize, &FanPoint), upper: bool| {
                let (low, high) = point.ranges[range];
                (self.x(first + at), axis.at(if upper { high } else { low }))
            };
            let points = || self.forecast.iter().enumerate();
            let upper = points().map(|point| place(point, true));
            svg.area(upper.chain(points().rev().map(|point| place(point, false))), &format!(r#"fill="{fill}""#));
        }
        if let Some(last) = first.checked_sub(1).filter(|_| !self.forecast.is_empty()) {
            let x = f64::midpoint(self.x(last), self.x(first));
            svg.plumb(x, TOP, BOTTOM, &format!(r#"stroke="{SECONDARY}" stroke-dasharray="2 3""#));
        }
        let median = self.forecast.iter().enumerate();
        let median: Vec<_> = median.map(|(at, point)| (self.x(first + at), axis.at(point.median))).collect();
        svg.line(median.iter().copied().map(Some), FORECAST);
        median.into_iter().for_each(|(x, y)| svg.mark(x, y, CIRCLE, FORECAST));
    }

    fn series(&self, svg: &mut Svg, axis: &Axis) {
        let placed = self.observed.iter().enumerate();
        let placed: Vec<_> =
            placed.map(|(at, (_, number))| (self.x(at), number.map(|number| axis.at(number)))).collect();
        svg.line(placed.iter().map(|(x, y)| y.map(|y| (*x, y))), OBSERVED);
        for (x, y) in placed {
            match y {
                Some(y) => svg.mark(x, y, CIRCLE, OBSERVED),
                None => svg.text(x, axis.bottom() - 5.0, Type::SMALL.anchored(Anchor::Middle), "–"),
            }
        }
    }

    fn labels(&self, svg: &mut Svg) {
        let looks = Type::SMALL.anchored(Anchor::Middle);
        let mut free_from = 0.0;
        let observed = self.observed.iter().map(|(label, _)| label);
        for (at, label) in observed.chain(self.forecast.iter().map(|point| &point.label)).enumerate() {
            let half = looks.width(label) / 2.0;
            let x = self.x(at);
            if x - half >= free_from {
                svg.text(x, BOTTOM + 20.0, looks, label);
                free_from = x + half + 12.0;
            }
        }
    }

    fn legend(&self, svg: &mut Svg) {
        let (y, looks) = (TOP - 16.0, Type::SMALL.coloured(TEXT));
        svg.text(16.0, y, Type::SMALL, self.words.unit);
        let mut x = (16.0 + Type::SMALL.width(self.words.unit) + 16.0).max(LEFT);
        for (colour, word) in [(OBSERVED, self.words.observed), (FORECAST, self.words.forecast)] {
            svg.line([Some((x, y - 4.0)), Some((x + 26.0, y - 4.0))], colour);
            svg.mark(x + 13.0, y - 4.0, CIRCLE, colour);
            svg.text(x + 32.0, y, looks, word);
            x += 32.0 + looks.width(word) + 18.0;
        }
        for (fill, word) in FILLS.into_iter().zip(self.words.ranges) {
            svg.rect((x, y - 10.0), (14.0, 11.0), &format!(r#"fill="{fill}" stroke="{FORECAST}""#));
            svg.text(x + 20.0, y, looks, word);
            x += 20.0 + looks.width(word) + 18.0;
        }
    }
}
