//! Who first: org units ranked by the gap in units, with the ratio beside it.

use mlatho_model::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::frame::{FOOT, Frame, HEAD};
use crate::heat::fitting;
use crate::svg::{Anchor, SECONDARY, Svg, TEXT, Type};

const ROW: f64 = 28.0;
const MOST_ROWS: usize = 40;
const LABELS: f64 = 216.0;
const BARS: (f64, f64) = (236.0, 640.0);
const RATIOS: f64 = 784.0;
const ABOVE: &str = r##"fill="#ffbc79" stroke="#c85200""##;
const BELOW: &str = r##"fill="#a2c8ec" stroke="#006ba4""##;

/// Gaps between two sides, largest first.
pub struct LeagueTable<'a> {
    pub frame: Frame<'a>,
    /// In the order in which they are to stand. Beyond forty are left out; the caller says so.
    pub rows: &'a [LeagueRow],
    /// What the bars count, such as "treatments more or less than expected".
    pub unit: &'a str,
    pub ratio: &'a str,
    pub above: &'a str,
    pub below: &'a str,
    pub number: &'a dyn Fn(Decimal) -> String,
}

/// An org unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeagueRow {
    pub label: String,
    /// Signed: above what is expected is positive.
    pub gap: Decimal,
    /// Nothing where it is undefined.
    pub ratio: Option<Decimal>,
}

impl LeagueTable<'_> {
    /// The picture, 800 units wide and as high as its rows.
    #[must_use]
    pub fn svg(&self) -> String {
        let rows = &self.rows[..self.rows.len().min(MOST_ROWS)];
        let top = HEAD + 40.0;
        let height = top + ROW * f64::from(u32::try_from(rows.len()).unwrap_or(0)) + 16.0 + FOOT;
        self.frame.around(height, |svg| {
            self.legend(svg, HEAD + 16.0);
            let largest = rows.iter().map(|row| row.gap.abs()).max().and_then(|gap| gap.to_f64());
            let scale = largest.filter(|largest| *largest > 0.0).map_or(0.0, |largest| (BARS.1 - BARS.0) / largest);
            svg.text(RATIOS, top - 6.0, Type::SMALL.anchored(Anchor::End), self.ratio);
            let mut y = top;
            for row in rows {
                self.row(svg, row, y, scale);
                y += ROW;
            }
            svg.plumb(BARS.0, top - 2.0, y, &format!(r#"stroke="{SECONDARY}""#));
        })
    }

    fn row(&self, svg: &mut Svg, row: &LeagueRow, y: f64, scale: f64) {
        svg.text(16.0, y + 18.0, Type::SMALL.coloured(TEXT), &fitting(&row.label, LABELS - 8.0));
        let width = row.gap.abs().to_f64().unwrap_or(0.0) * scale;
        let looks = if row.gap.is_sign_negative() { BELOW } else { ABOVE };
        svg.rect((BARS.0, y + 4.0), (width, ROW - 8.0), looks);
        let sign = if row.gap > Decimal::ZERO { "+" } else { "" };
        svg.text(
            BARS.0 + width + 6.0,
            y + 18.0,
            Type::SMALL.coloured(TEXT),
            &format!("{sign}{}", (self.number)(row.gap)),
        );
        let ratio = row.ratio.map_or_else(|| "–".to_owned(), |ratio| (self.number)(ratio.round_dp(2)));
        svg.text(RATIOS, y + 18.0, Type::SMALL.coloured(TEXT).anchored(Anchor::End), &ratio);
    }

    fn legend(&self, svg: &mut Svg, y: f64) {
        let mut x = BARS.0;
        for (looks, word) in [(ABOVE, self.above), (BELOW, self.below)] {
            svg.rect((x, y - 10.0), (14.0, 11.0), looks);
            svg.text(x + 20.0, y, Type::SMALL.coloured(TEXT), word);
            x += 20.0 + Type::SMALL.width(word) + 20.0;
        }
        svg.text(x, y, Type::SMALL, self.unit);
    }
}
