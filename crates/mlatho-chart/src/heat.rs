//! Who reported: a table of org units and periods with the number in each cell.

use mlatho_model::Decimal;

use crate::frame::{FOOT, Frame, HEAD, WIDTH};
use crate::svg::{Anchor, SECONDARY, Svg, TEXT, Type, escaped};

const ROW: f64 = 26.0;
/// Rows that one picture holds.
const MOST_ROWS: usize = 60;
const LABELS: f64 = 210.0;
const SIDE: f64 = 16.0;

/// From few to many; the text on each is the second colour.
const SHADES: [(&str, &str); 5] =
    [("#fddbc7", TEXT), ("#f7f7f7", TEXT), ("#d1e5f0", TEXT), ("#92c5de", TEXT), ("#2166ac", "#fff")];

/// Shares of reports by org unit and period.
pub struct HeatTable<'a> {
    pub frame: Frame<'a>,
    /// The periods as the reader writes them.
    pub periods: &'a [String],
    /// In the order in which they are to stand: the worst first. Beyond sixty are left out; the caller says so.
    pub rows: &'a [HeatRow],
    /// What a hatched cell means, such as "not expected".
    pub unknown: &'a str,
    /// Writes a share as the reader does: 0.8 as "80 %".
    pub number: &'a dyn Fn(Decimal) -> String,
}

/// An org unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeatRow {
    pub label: String,
    /// By period, 0 to 1; nothing where no report is expected, or nothing is known.
    pub shares: Vec<Option<Decimal>>,
}

impl HeatTable<'_> {
    /// The picture, 800 units wide and as high as its rows.
    #[must_use]
    pub fn svg(&self) -> String {
        let rows = &self.rows[..self.rows.len().min(MOST_ROWS)];
        let top = HEAD + 24.0;
        let height = top + ROW * f64::from(u32::try_from(rows.len()).unwrap_or(0)) + 34.0 + FOOT;
        self.frame.around(height, |svg| {
            svg.hatch(self.frame.id, "#cfcfcf");
            let columns = u32::try_from(self.periods.len().max(1)).unwrap_or(u32::MAX);
            let width = (WIDTH - SIDE - LABELS - SIDE) / f64::from(columns);
            self.heads(svg, top, width);
            let mut y = top;
            for row in rows {
                self.row(svg, row, y, width);
                y += ROW;
            }
            self.legend(svg, y + 22.0);
        })
    }

    fn heads(&self, svg: &mut Svg, top: f64, width: f64) {
        let looks = Type::SMALL.anchored(Anchor::Middle);
        let (mut x, mut free_from) = (SIDE + LABELS + width / 2.0, 0.0);
        for period in self.periods {
            let half = looks.width(period) / 2.0;
            if x - half >= free_from {
                svg.text(x, top - 8.0, looks, period);
                free_from = x + half + 6.0;
            }
            x += width;
        }
    }

    fn row(&self, svg: &mut Svg, row: &HeatRow, y: f64, width: f64) {
        svg.text(SIDE, y + 17.0, Type::SMALL.coloured(TEXT), &fitting(&row.label, LABELS - 8.0));
        let mut x = SIDE + LABELS;
        for period in 0..self.periods.len() {
            let share = row.shares.get(period).copied().flatten();
            let (fill, ink) = match share {
                Some(share) => shade(share),
                None => (format!("url(#{}-hatch)", escaped(self.frame.id)), SECONDARY),
            };
            svg.rect((x, y), (width, ROW), &format!(r##"fill="{fill}" stroke="#fff" stroke-width="1""##));
            let text = share.map_or_else(|| "–".to_owned(), |share| (self.number)(share));
            let looks = Type::SMALL.coloured(ink).anchored(Anchor::Middle);
            if looks.width(&text) <= width {
                svg.text(x + width / 2.0, y + 17.0, looks, &text);
            }
            x += width;
        }
    }

    fn legend(&self, svg: &mut Svg, y: f64) {
        let mut x = SIDE + LABELS;
        for (number, (fill, _)) in (0..).zip(SHADES) {
            svg.rect((x, y - 10.0), (14.0, 12.0), &format!(r##"fill="{fill}" stroke="#898989""##));
            let text = (self.number)(Decimal::new(number * 2, 1)) + "+";
            svg.text(x + 20.0, y, Type::SMALL, &text);
            x += 20.0 + Type::SMALL.width(&text) + 16.0;
        }
        let fill = format!(r##"fill="url(#{}-hatch)" stroke="#898989""##, escaped(self.frame.id));
        svg.rect((x, y - 10.0), (14.0, 12.0), &fill);
        svg.text(x + 20.0, y, Type::SMALL, &format!("– {}", self.unknown));
    }
}

/// The colours of a share: its cell's and its text's.
fn shade(share: Decimal) -> (String, &'static str) {
    let fifths = (share * Decimal::from(5)).floor().clamp(Decimal::ZERO, Decimal::from(4));
    let at = usize::try_from(fifths.mantissa() / 10_i128.pow(fifths.scale())).unwrap_or(0);
    let (fill, ink) = SHADES[at.min(SHADES.len() - 1)];
    (fill.to_owned(), ink)
}

/// A label cut to a width, with a sign that it was.
pub(crate) fn fitting(label: &str, width: f64) -> String {
    if Type::SMALL.width(label) <= width {
        return label.to_owned();
    }
    let mut short = String::new();
    for letter in label.chars() {
        short.push(letter);
        if Type::SMALL.width(&short) > width - Type::SMALL.width("…") {
            short.pop();
            break;
        }
    }
    short + "…"
}
