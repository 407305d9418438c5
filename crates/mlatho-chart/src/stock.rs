//! Stock now: months of stock of each product or place against its minimum and maximum.

use mlatho_model::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::frame::{FOOT, Frame, HEAD};
use crate::heat::fitting;
use crate::svg::{Anchor, GRID, SECONDARY, Svg, TEXT, Type, escaped};

const ROW: f64 = 30.0;
const MOST_ROWS: usize = 40;
const LABELS: f64 = 216.0;
const BARS: (f64, f64) = (236.0, 660.0);
const WORDS: f64 = 784.0;
const BAND: &str = r##"fill="#d5e8d4" stroke="none""##;
const EDGE: &str = r##"stroke="#2e7d32" stroke-width="2""##;

/// Months of stock with their bounds.
pub struct StockChart<'a> {
    pub frame: Frame<'a>,
    /// In the order in which they are to stand. Beyond forty are left out; the caller says so.
    pub rows: &'a [StockRow],
    /// Such as "months of stock".
    pub unit: &'a str,
    /// Of the band between minimum and maximum.
    pub band: &'a str,
    pub number: &'a dyn Fn(Decimal) -> String,
}

/// One product, or one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockRow {
    pub label: String,
    /// Nothing where it is undefined or not known.
    pub months: Option<Decimal>,
    /// Minimum and maximum; nothing where nobody set them.
    pub bounds: Option<(Decimal, Decimal)>,
    pub class: StockClass,
    /// The class in a word, such as "stocked out".
    pub word: String,
}

/// How stock stands to its bounds (`indicators.md` D1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockClass {
    StockedOut,
    Under,
    Plan,
    Over,
    Unknown,
}

impl StockClass {
    /// Fill and edge of the bar.
    const fn looks(self) -> (&'static str, &'static str) {
        match self {
            Self::StockedOut => ("#d32f2f", "#d32f2f"),
            Self::Under => ("#ffbc79", "#c85200"),
            Self::Plan => ("#a2c8ec", "#006ba4"),
            Self::Over => ("#cfcfcf", "#595959"),
            Self::Unknown => ("#fff", "#898989"),
        }
    }
}

impl StockChart<'_> {
    /// The picture, 800 units wide and as high as its rows.
    #[must_use]
    pub fn svg(&self) -> String {
        let rows = &self.rows[..self.rows.len().min(MOST_ROWS)];
        let top = HEAD + 52.0;
        let bottom = top + ROW * f64::from(u32::try_from(rows.len()).unwrap_or(0));
        self.frame.around(bottom + 16.0 + FOOT, |svg| {
            svg.hatch(self.frame.id, "#cfcfcf");
            let ends = rows.iter().flat_map(|row| [row.bounds.map(|(_, high)| high), row.months]).flatten();
            // A bar far beyond every maximum ends at the edge, with its number.
            let highest = rows.iter().filter_map(|row| row.bounds).map(|(_, high)| high).max();
            let reach = highest.map_or(Decimal::MAX, |highest| highest.saturating_mul(Decimal::TWO));
            let longest = ends.max().unwrap_or(Decimal::ONE).min(reach).max(Decimal::ONE).ceil();
            let x = |months: Decimal| {
                let share = (months / longest).to_f64().unwrap_or(0.0).clamp(0.0, 1.0);
                BARS.0 + share * (BARS.1 - BARS.0)
            };
            self.legend(svg, HEAD + 16.0);
            let step = (longest / Decimal::from(6)).ceil().max(Decimal::ONE);
            let mut tick = Decimal::ZERO;
            while tick <= longest {
                svg.plumb(x(tick), top - 4.0, bottom, &format!(r#"stroke="{GRID}""#));
                let looks = Type::SMALL.anchored(Anchor::Middle);
                svg.text(x(tick), top - 8.0, looks, &(self.number)(tick));
                tick = tick.saturating_add(step);
            }
            let mut y = top;
            for row in rows {
                self.row(svg, row, y, &x);
                y += ROW;
            }
            svg.plumb(BARS.0, top - 4.0, bottom, &format!(r#"stroke="{SECONDARY}""#));
        })
    }

    fn row(&self, svg: &mut Svg, row: &StockRow, y: f64, x: &dyn Fn(Decimal) -> f64) {
        svg.text(16.0, y + 19.0, Type::SMALL.coloured(TEXT), &fitting(&row.label, LABELS - 8.0));
        let bounds = row.bounds.map(|(low, high)| (x(low), x(high)));
        if let Some((low, high)) = bounds {
            svg.rect((low, y + 3.0), (high - low, ROW - 6.0), BAND);
        }
        let (fill, edge) = row.class.looks();
        let text = if let Some(months) = row.months {
            let width = x(months) - BARS.0;
            svg.rect((BARS.0, y + 8.0), (width, ROW - 16.0), &format!(r#"fill="{fill}" stroke="{edge}""#));
            let mut tenths = months.round_dp(1);
            tenths.rescale(1);
            (self.number)(tenths)
        } else {
            let hatched = format!(r#"fill="url(#{}-hatch)" stroke="{edge}""#, escaped(self.frame.id));
            svg.rect((BARS.0, y + 8.0), (24.0, ROW - 16.0), &hatched);
            "–".to_owned()
        };
        for edge in bounds.into_iter().flat_map(|(low, high)| [low, high]) {
            svg.plumb(edge, y + 3.0, y + ROW - 3.0, EDGE);
        }
        let colour = if row.class == StockClass::StockedOut { "#d32f2f" } else { TEXT };
        let looks = Type::SMALL.coloured(colour).anchored(Anchor::End);
        svg.text(WORDS, y + 19.0, looks, &format!("{text} {}", row.word));
    }

    fn legend(&self, svg: &mut Svg, y: f64) {
        svg.text(BARS.0, y, Type::SMALL.coloured(TEXT), self.unit);
        if self.rows.iter().all(|row| row.bounds.is_none()) {
            return;
        }
        let x = BARS.0 + Type::SMALL.width(self.unit) + 24.0;
        svg.rect((x, y - 10.0), (14.0, 11.0), BAND);
        svg.plumb(x, y - 10.0, y + 1.0, EDGE);
        svg.plumb(x + 14.0, y - 10.0, y + 1.0, EDGE);
        svg.text(x + 20.0, y, Type::SMALL.coloured(TEXT), self.band);
    }
}
