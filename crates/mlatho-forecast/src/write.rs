//! Forecasts as rows of text.

use std::fmt::Write as _;
use std::io;

use crate::forecast::{AtOrigin, Kind, Prediction};

/// The columns of a table of forecasts.
pub const COLUMNS: [&str; 14] = [
    "origin",
    "series_id",
    "horizon",
    "period",
    "point",
    "q0.025",
    "q0.1",
    "q0.25",
    "q0.5",
    "q0.75",
    "q0.9",
    "q0.975",
    "kind",
    "method",
];

/// Writes forecasts as CSV.
pub struct Writer<W: io::Write> {
    rows: csv::Writer<W>,
}

impl<W: io::Write> Writer<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn new(out: W) -> csv::Result<Self> {
        let mut rows = csv::Writer::from_writer(out);
        rows.write_record(COLUMNS)?;
        Ok(Self { rows })
    }

    /// Writes a block of forecasts of an origin.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write(&mut self, at: &AtOrigin<'_>, block: &[Prediction]) -> csv::Result<()> {
        let origin = at.origin().to_string();
        // The texts of steps and methods are the same in many rows.
        let mut steps: Vec<(String, String)> = Vec::new();
        let mut methods: Vec<((usize, Kind), String)> = Vec::new();
        let mut text = String::new();
        for one in block {
            while steps.len() < one.ahead {
                let ahead = steps.len() + 1;
                steps.push((ahead.to_string(), at.period(ahead)));
            }
            let key = (one.class, one.kind);
            let known = methods.iter().position(|(known, _)| *known == key);
            let method = known.unwrap_or_else(|| {
                methods.push((key, at.method(one)));
                methods.len() - 1
            });
            let (ahead, period) = &steps[one.ahead - 1];
            for field in [&origin, at.series_id(one), ahead, period] {
                self.rows.write_field(field)?;
            }
            for number in std::iter::once(one.point).chain(one.quantiles) {
                text.clear();
                decimal(number, &mut text);
                self.rows.write_field(&text)?;
            }
            self.rows.write_field(one.kind.name())?;
            self.rows.write_field(&methods[method].1)?;
            self.rows.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    /// # Errors
    /// The output cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.rows.flush()
    }
}

impl AtOrigin<'_> {
    /// A forecast by [`COLUMNS`].
    #[must_use]
    pub fn row(&self, one: &Prediction) -> Vec<String> {
        let mut row =
            vec![self.origin().to_string(), self.series_id(one).into(), one.ahead.to_string(), self.period(one.ahead)];
        row.extend(std::iter::once(one.point).chain(one.quantiles).map(|number| {
            let mut text = String::new();
            decimal(number, &mut text);
            text
        }));
        row.extend([one.kind.name().into(), self.method(one)]);
        row
    }
}

/// A number, not below zero, to four decimals, without zeros at the end.
fn decimal(number: f64, text: &mut String) {
    const TEN_THOUSANDTHS: f64 = 10_000.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "quantities are below 1e15")]
    let all = (number * TEN_THOUSANDTHS).round() as u64;
    let (whole, mut part) = (all / 10_000, all % 10_000);
    // Writing to a string cannot fail.
    let _ = write!(text, "{whole}");
    if part > 0 {
        let mut digits = 4;
        while part % 10 == 0 {
            part /= 10;
            digits -= 1;
        }
        let _ = write!(text, ".{part:0digits$}");
    }
}
