//! Forecasts as CSV.

use std::io;

use mlatho_model::Period;

use crate::forecast::{AtOrigin, LEVELS, Prediction};

/// Writes `origin,series_id,horizon,period,point`, the quantiles, `kind,method`.
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
        let columns = ["origin", "series_id", "horizon", "period", "point"];
        rows.write_record(columns.iter().chain(&LEVELS).chain(&["kind", "method"]))?;
        Ok(Self { rows })
    }

    /// Writes a block of forecasts of an origin.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write(&mut self, at: &AtOrigin<'_>, block: &[Prediction]) -> csv::Result<()> {
        let Some(origin) = at.panel.grid.get(at.origin).copied() else { return Ok(()) };
        let origin_text = origin.to_string();
        // The text of each step and each method is the same for many rows.
        let mut periods: Vec<String> = Vec::new();
        let mut next: Option<Period> = Some(origin);
        let mut methods: Vec<(usize, &'static str, String)> = Vec::new();
        let mut text = String::new();
        for one in block {
            while periods.len() < one.ahead {
                next = next.and_then(Period::next);
                periods.push(next.map(|period| period.to_string()).unwrap_or_default());
            }
            let known = methods.iter().position(|(class, kind, _)| *class == one.class && *kind == one.kind.name());
            let method = known.unwrap_or_else(|| {
                methods.push((one.class, one.kind.name(), at.method(one)));
                methods.len() - 1
            });
            self.rows.write_field(&origin_text)?;
            self.rows.write_field(&*at.panel.series[one.series].id)?;
            self.rows.write_field(one.ahead.to_string())?;
            self.rows.write_field(&periods[one.ahead - 1])?;
            for number in std::iter::once(&one.point).chain(&one.quantiles) {
                text.clear();
                decimal(*number, &mut text);
                self.rows.write_field(&text)?;
            }
            self.rows.write_field(one.kind.name())?;
            self.rows.write_field(&methods[method].2)?;
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

/// A number to four decimals, without zeros at the end.
fn decimal(number: f64, text: &mut String) {
    use std::fmt::Write as _;
    // Writing to a string cannot fail.
    if number.fract() == 0.0 {
        let _ = write!(text, "{number:.0}");
        return;
    }
    let _ = write!(text, "{number:.4}");
    let kept = text.trim_end_matches('0').trim_end_matches('.').len();
    text.truncate(kept);
}
