//! From one number to another, step by step: what was consumed, what is added and taken away, what is ordered.

use mlatho_model::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::frame::{FOOT, Frame, HEAD};
use crate::heat::fitting;
use crate::svg::{Anchor, SECONDARY, TEXT, Type};

const ROW: f64 = 32.0;
const LABELS: f64 = 226.0;
const BARS: (f64, f64) = (246.0, 700.0);
const TOTAL: &str = r##"fill="#cfcfcf" stroke="#595959""##;
const MORE: &str = r##"fill="#a2c8ec" stroke="#006ba4""##;
const LESS: &str = r##"fill="#ffbc79" stroke="#c85200""##;

/// Steps from the first number to the last.
pub struct Waterfall<'a> {
    pub frame: Frame<'a>,
    pub steps: &'a [Step],
    pub unit: &'a str,
    pub number: &'a dyn Fn(Decimal) -> String,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Where the sum stands, as it is stated.
    Total { label: String, value: Decimal },
    /// What is added, or taken away.
    Change { label: String, value: Decimal },
}

impl Waterfall<'_> {
    /// The picture, 800 units wide and as high as its steps.
    #[must_use]
    pub fn svg(&self) -> String {
        let top = HEAD + 30.0;
        let bottom = top + ROW * f64::from(u32::try_from(self.steps.len()).unwrap_or(0));
        self.frame.around(bottom + 12.0 + FOOT, |svg| {
            svg.text(BARS.0, top - 12.0, Type::SMALL, self.unit);
            let spans = self.spans();
            let ends = || spans.iter().flat_map(|(from, to)| [*from, *to]);
            let least = ends().min().unwrap_or(Decimal::ZERO).min(Decimal::ZERO);
            let most = ends().max().unwrap_or(Decimal::ONE).max(Decimal::ONE);
            let width = most.saturating_sub(least);
            let x = |number: Decimal| {
                let share = number.saturating_sub(least).checked_div(width).and_then(|share| share.to_f64());
                BARS.0 + share.unwrap_or(0.0) * (BARS.1 - BARS.0)
            };
            svg.plumb(x(Decimal::ZERO), top - 4.0, bottom, &format!(r#"stroke="{SECONDARY}""#));
            let mut y = top;
            for (step, (from, to)) in self.steps.iter().zip(&spans) {
                let (left, right) = (x(*from.min(to)), x(*from.max(to)));
                let (label, looks, text) = match step {
                    Step::Total { label, value } => (label, TOTAL, (self.number)(*value)),
                    Step::Change { label, value } if value.is_sign_negative() => (label, LESS, (self.number)(*value)),
                    Step::Change { label, value } => (label, MORE, format!("+{}", (self.number)(*value))),
                };
                let bold = matches!(step, Step::Total { .. });
                let ink = if bold { Type::SMALL.coloured(TEXT).bold() } else { Type::SMALL.coloured(TEXT) };
                svg.text(16.0, y + 20.0, ink, &fitting(label, LABELS - 8.0));
                svg.rect((left, y + 5.0), (right - left, ROW - 10.0), looks);
                svg.plumb(x(*to), y + ROW - 5.0, y + ROW + 5.0, &format!(r#"stroke="{SECONDARY}""#));
                svg.text(784.0, y + 20.0, ink.anchored(Anchor::End), &text);
                y += ROW;
            }
        })
    }

    /// Where each step begins and ends.
    fn spans(&self) -> Vec<(Decimal, Decimal)> {
        let mut sum = Decimal::ZERO;
        let span = |step: &Step| match step {
            Step::Total { value, .. } => {
                sum = *value;
                (Decimal::ZERO, *value)
            }
            Step::Change { value, .. } => {
                let before = sum;
                sum = sum.saturating_add(*value);
                (before, sum)
            }
        };
        self.steps.iter().map(span).collect()
    }
}
