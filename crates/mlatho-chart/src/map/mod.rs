//! Where: areas coloured by a ratio, in five classes around one, and facilities as dots.

mod simplify;

use std::fmt::Write;

use mlatho_model::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::frame::{FOOT, Frame, HEAD, WIDTH};
use crate::svg::{Svg, TEXT, Type, escaped};
use simplify::{Point, simplified};

/// Space for the areas.
const SIDE: f64 = 16.0;
const LEGEND: f64 = 170.0;
const MOST_HEIGHT: f64 = 620.0;
/// Below one to above one: blue to orange, which the colour-blind tell apart.
const CLASSES: [&str; 5] = ["#006ba4", "#a2c8ec", "#f3f5f7", "#ffbc79", "#c85200"];
const HUNDREDTHS: f64 = 100.0;
/// A tile, where no area has a boundary, and how many stand beside each other.
const TILE: (f64, f64) = (100.0, 46.0);
const ACROSS: usize = 6;

/// Ratios of areas.
pub struct AreaMap<'a> {
    pub frame: Frame<'a>,
    pub areas: &'a [Area],
    pub dots: &'a [Dot],
    /// The four ends between the five classes, ascending.
    pub breaks: [Decimal; 4],
    /// What the colours count, such as "consumption ÷ expected".
    pub legend: &'a str,
    /// What hatching means, such as "no data".
    pub unknown: &'a str,
    /// Stands where areas have no boundary, with their number: "2 units without boundary".
    pub without_boundary: &'a dyn Fn(usize) -> String,
    pub number: &'a dyn Fn(Decimal) -> String,
}

/// An area.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    pub label: String,
    /// Where it leads; empty: nowhere.
    pub link: String,
    /// Nothing where there is no number: hatched.
    pub value: Option<Decimal>,
    /// Closed rings of longitude and latitude, holes among them; none where the boundary is not known.
    pub rings: Vec<Vec<(f64, f64)>>,
}

/// A facility.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    pub label: String,
    pub link: String,
    pub longitude: f64,
    pub latitude: f64,
    /// 0 to 1: the share of the largest.
    pub size: f64,
}

/// Degrees to units of the picture: equirectangular, true to scale in the middle.
struct Projection {
    west: f64,
    north: f64,
    stretch: f64,
    scale: f64,
    height: f64,
}

impl Projection {
    /// Nothing where there is no extent.
    fn of(points: &(impl Iterator<Item = (f64, f64)> + Clone)) -> Option<Self> {
        let edge = |pick: fn((f64, f64)) -> f64, better: fn(f64, f64) -> f64| points.clone().map(pick).reduce(better);
        let (west, east) = (edge(|point| point.0, f64::min)?, edge(|point| point.0, f64::max)?);
        let (south, north) = (edge(|point| point.1, f64::min)?, edge(|point| point.1, f64::max)?);
        let stretch = f64::midpoint(south, north).to_radians().cos();
        let (width, height) = ((east - west) * stretch, north - south);
        let sane = [width, height].into_iter().all(|side| side.is_finite() && side > 0.0);
        let scale = ((WIDTH - 2.0 * SIDE - LEGEND) / width).min(MOST_HEIGHT / height);
        sane.then_some(Self { west, north, stretch, scale, height: height * scale })
    }

    fn at(&self, (longitude, latitude): (f64, f64)) -> (f64, f64) {
        let x = SIDE + (longitude - self.west) * self.stretch * self.scale;
        (x, HEAD + 8.0 + (self.north - latitude) * self.scale)
    }

    #[expect(clippy::cast_possible_truncation, reason = "a place on the picture")]
    fn hundredths(&self, place: (f64, f64)) -> Point {
        let (x, y) = self.at(place);
        ((x * HUNDREDTHS).round() as i32, (y * HUNDREDTHS).round() as i32)
    }
}

impl AreaMap<'_> {
    /// The picture, 800 units wide and as high as the country. Where no area has a boundary, a grid of tiles.
    #[must_use]
    pub fn svg(&self) -> String {
        let points = self.areas.iter().flat_map(|area| area.rings.iter().flatten().copied());
        let dots = self.dots.iter().map(|dot| (dot.longitude, dot.latitude));
        let finite = |(x, y): &(f64, f64)| x.is_finite() && y.is_finite();
        match Projection::of(&points.chain(dots).filter(finite)) {
            Some(projection) => self.drawn(&projection),
            None => self.tiles(),
        }
    }

    fn drawn(&self, projection: &Projection) -> String {
        let height = HEAD + 16.0 + projection.height.max(220.0) + 24.0 + FOOT;
        self.frame.around(height, |svg| {
            svg.hatch(self.frame.id, "#cfcfcf");
            let rings = self.areas.iter().flat_map(|area| &area.rings);
            let placed = rings.map(|ring| ring.iter().map(|place| projection.hundredths(*place)).collect()).collect();
            let mut simple = simplified(placed).into_iter();
            for area in self.areas {
                let shape = path(simple.by_ref().take(area.rings.len()));
                if !shape.is_empty() {
                    let looks = format!(r##"fill="{}" stroke="#4a5768" stroke-width="0.7""##, self.fill(area.value));
                    svg.linked(&area.link, &self.title(area), |svg| {
                        svg.raw(format_args!(r#"<path d="{shape}" fill-rule="evenodd" {looks}/>"#));
                    });
                }
            }
            for dot in self.dots {
                let (x, y) = projection.at((dot.longitude, dot.latitude));
                let radius = 2.0 + 6.0 * dot.size.clamp(0.0, 1.0).sqrt();
                svg.linked(&dot.link, &escaped(&dot.label), |svg| {
                    svg.raw(format_args!(
                        r##"<circle cx="{x:.1}" cy="{y:.1}" r="{radius:.1}" fill="#212934" fill-opacity="0.55" stroke="#fff"/>"##
                    ));
                });
            }
            self.legend(svg, HEAD + 20.0);
            let without = self.areas.iter().filter(|area| area.rings.is_empty()).count();
            if without > 0 {
                svg.text(16.0, height - FOOT, Type::SMALL, &(self.without_boundary)(without));
            }
        })
    }

    fn tiles(&self) -> String {
        let rows = self.areas.len().div_ceil(ACROSS);
        let height = HEAD + 16.0 + (TILE.1 * f64::from(u32::try_from(rows).unwrap_or(0))).max(220.0) + 24.0 + FOOT;
        self.frame.around(height, |svg| {
            svg.hatch(self.frame.id, "#cfcfcf");
            for (at, area) in self.areas.iter().enumerate() {
                let times = |number: usize, side: f64| f64::from(u32::try_from(number).unwrap_or(0)) * side;
                let (x, y) = (SIDE + times(at % ACROSS, TILE.0), HEAD + 8.0 + times(at / ACROSS, TILE.1));
                let looks = format!(r##"fill="{}" stroke="#4a5768" stroke-width="0.7""##, self.fill(area.value));
                svg.linked(&area.link, &self.title(area), |svg| {
                    svg.rect((x, y), (TILE.0 - 4.0, TILE.1 - 4.0), &looks);
                    let label = crate::heat::fitting(&area.label, TILE.0 - 12.0);
                    svg.text(x + 6.0, y + 26.0, Type::SMALL.coloured(TEXT).with_halo(), &label);
                });
            }
            self.legend(svg, HEAD + 20.0);
            svg.text(16.0, height - FOOT, Type::SMALL, &(self.without_boundary)(self.areas.len()));
        })
    }

    fn title(&self, area: &Area) -> String {
        let number = area.value.map_or_else(|| format!("– ({})", self.unknown), |value| (self.number)(value));
        escaped(&format!("{}: {number}", area.label))
    }

    fn fill(&self, value: Option<Decimal>) -> String {
        match value {
            Some(value) => CLASSES[self.breaks.iter().filter(|end| value >= **end).count()].to_owned(),
            None => format!("url(#{}-hatch)", escaped(self.frame.id)),
        }
    }

    fn legend(&self, svg: &mut Svg, top: f64) {
        let x = WIDTH - LEGEND;
        svg.text(x, top, Type::SMALL.coloured(TEXT).bold(), self.legend);
        let number = |at: usize| self.breaks.get(at).map(|end| (self.number)(*end)).unwrap_or_default();
        let mut y = top + 10.0;
        for class in (0..CLASSES.len()).rev() {
            svg.rect((x, y), (18.0, 14.0), &format!(r##"fill="{}" stroke="#4a5768""##, CLASSES[class]));
            let text = match class {
                0 => format!("< {}", number(0)),
                4 => format!("≥ {}", number(3)),
                class => format!("{} – {}", number(class - 1), number(class)),
            };
            svg.text(x + 26.0, y + 12.0, Type::SMALL.coloured(TEXT), &text);
            y += 22.0;
        }
        svg.rect((x, y), (18.0, 14.0), &format!(r##"fill="{}" stroke="#4a5768""##, self.fill(None)));
        svg.text(x + 26.0, y + 12.0, Type::SMALL.coloured(TEXT), self.unknown);
    }
}

/// Rings as a path, in steps of a tenth of a unit, each from where the one before ended.
fn path(rings: impl Iterator<Item = Vec<Point>>) -> String {
    let mut path = String::new();
    for ring in rings.filter(|ring| !ring.is_empty()) {
        let tenths = |point: Point| (point.0.div_euclid(10), point.1.div_euclid(10));
        let mut here = (0, 0);
        for (at, point) in ring.into_iter().map(tenths).enumerate() {
            let command = if at == 0 { 'M' } else { 'l' };
            let (x, y) = (f64::from(point.0 - here.0) / 10.0, f64::from(point.1 - here.1) / 10.0);
            // Writing into a string does not fail.
            let _ = write!(path, "{command}{x} {y}");
            here = point;
        }
        path.push('Z');
    }
    path
}

/// The five classes around one, for a band: its ends, and half as far and twice as far from one.
#[must_use]
pub fn breaks_of(band: crate::Band) -> [Decimal; 4] {
    let low = band.low.to_f64().unwrap_or(0.8);
    let below = Decimal::try_from(low / 2.0).unwrap_or(band.low).round_dp(2);
    [below, band.low, band.high, band.high.saturating_mul(Decimal::TWO).normalize()]
}
