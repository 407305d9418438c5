//! The trend of consumption beside services, with the ratio and its expected band below.

mod ratios;
mod volumes;

use mlatho_model::Decimal;

use crate::frame::Frame;
use crate::svg::{Anchor, Svg, Type};

const HEIGHT: f64 = 520.0;
const LEFT: f64 = 72.0;
const RIGHT: f64 = 784.0;
const VOLUMES: (f64, f64) = (112.0, 276.0);
const RATIOS: (f64, f64) = (338.0, 450.0);

/// A trend chart. Every text comes from the caller, in the reader's language.
pub struct TrendChart<'a> {
    /// Starts the ids in the picture, so that several may stand on one page: letters, digits, `-`.
    pub id: &'a str,
    /// The question or the finding.
    pub title: &'a str,
    /// Org unit and periods.
    pub subtitle: &'a str,
    /// One sentence for those who do not see the picture.
    pub description: &'a str,
    /// Source and completeness.
    pub footer: &'a str,
    pub words: TrendWords<'a>,
    pub band: Band,
    /// In order of time.
    pub points: &'a [TrendPoint],
    /// Writes a number as the reader's language does.
    pub number: &'a dyn Fn(Decimal) -> String,
}

/// The words inside the picture.
#[derive(Clone, Copy, Debug)]
pub struct TrendWords<'a> {
    pub consumption: &'a str,
    pub expected: &'a str,
    /// The unit of both, such as "treatments".
    pub unit: &'a str,
    pub ratio: &'a str,
    /// The band and where it comes from.
    pub band: &'a str,
    pub above: &'a str,
    pub below: &'a str,
    pub low_reporting: &'a str,
}

/// The ratios that are expected, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    pub low: Decimal,
    pub high: Decimal,
}

/// One period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendPoint {
    /// The period as the reader writes it.
    pub label: String,
    /// Nothing where it is missing: a gap, never a zero.
    pub consumption: Option<Decimal>,
    /// What services lead to expect, in the same unit.
    pub expected: Option<Decimal>,
    /// Nothing where it is undefined.
    pub ratio: Option<Decimal>,
    /// Few of those who should have reported did: the bar is hatched.
    pub low_reporting: bool,
}

/// How a ratio stands to its band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Within,
    Above,
    Below,
}

impl Band {
    #[must_use]
    pub fn place(self, ratio: Decimal) -> Place {
        if ratio > self.high {
            Place::Above
        } else if ratio < self.low {
            Place::Below
        } else {
            Place::Within
        }
    }
}

impl TrendChart<'_> {
    /// The picture, a whole `<svg>` element, 800 × 520 units and as wide as its place.
    #[must_use]
    pub fn svg(&self) -> String {
        let Self { id, title, subtitle, description, footer, .. } = *self;
        Frame { id, title, subtitle, description, footer }.around(HEIGHT, |svg| {
            volumes::draw(self, svg);
            ratios::draw(self, svg);
            self.period_labels(svg);
        })
    }

    /// The width that each period has.
    fn slot(&self) -> f64 {
        let periods = u32::try_from(self.points.len().max(1)).unwrap_or(u32::MAX);
        (RIGHT - LEFT) / f64::from(periods)
    }

    /// Each point with the middle of its period.
    fn placed(&self) -> impl Iterator<Item = (f64, &TrendPoint)> {
        let slot = self.slot();
        self.points.iter().scan(LEFT + slot / 2.0, move |x, point| {
            let here = *x;
            *x += slot;
            Some((here, point))
        })
    }

    /// As many labels as fit beside each other.
    fn period_labels(&self, svg: &mut Svg) {
        let looks = Type::SMALL.anchored(Anchor::Middle);
        let mut free_from = 0.0;
        for (x, point) in self.placed() {
            let half = looks.width(&point.label) / 2.0;
            if x - half >= free_from {
                svg.text(x, RATIOS.1 + 20.0, looks, &point.label);
                free_from = x + half + 12.0;
            }
        }
    }
}
