//! Ideal stock amounts as the CSV file that OpenLMIS v3 takes.

use std::io;

use mlatho_model::Decimal;
use rust_decimal::prelude::ToPrimitive;

const HEADER: [&str; 4] = ["Facility Code", "Commodity Type", "Period", "Ideal Stock Amount"];

/// Largest amount: the server keeps a signed number of 32 bits.
const MOST: i32 = i32::MAX;

/// Why a row is not written. The file is taken or refused as a whole, so no bad row may stand in it.
#[derive(Debug, thiserror::Error)]
pub enum BadAmount {
    /// A code or name is empty.
    #[error("the {0} is empty")]
    Empty(&'static str),
    /// The server parts two words of a cell by a bar.
    #[error("`{0}` holds a vertical bar, which parts the words of a cell")]
    Bar(String),
    #[error("{0} is no whole number from 0 to 2147483647")]
    NotWhole(Decimal),
    #[error("writing the file")]
    Io(#[from] csv::Error),
}

/// Writes ideal stock amounts, one for each facility, commodity type and period, in dispensing units.
pub struct IdealStockWriter<W: io::Write>(csv::Writer<W>);

impl<W: io::Write> IdealStockWriter<W> {
    /// Starts the file with its header.
    ///
    /// # Errors
    /// The header cannot be written.
    pub fn new(out: W) -> Result<Self, BadAmount> {
        let mut writer = csv::WriterBuilder::new().from_writer(out);
        writer.write_record(HEADER)?;
        Ok(Self(writer))
    }

    /// Adds an amount. A commodity type is named by its classification system and its id there, a period by the code of
    /// its schedule and its own name, for names repeat across schedules.
    ///
    /// # Errors
    /// The row is not one that the server would take; it is left out. Or it cannot be written.
    pub fn push(
        &mut self,
        facility: &str,
        (system, commodity): (&str, &str),
        (schedule, period): (&str, &str),
        amount: Decimal,
    ) -> Result<(), BadAmount> {
        let words = [("classification system", system), ("commodity type", commodity), ("schedule", schedule)];
        for (what, word) in words.into_iter().chain([("period", period), ("facility", facility)]) {
            if word.trim().is_empty() {
                return Err(BadAmount::Empty(what));
            }
            if what != "facility" && word.contains('|') {
                return Err(BadAmount::Bar(word.into()));
            }
        }
        let whole = amount.is_integer().then(|| amount.to_i32()).flatten().filter(|amount| (0..=MOST).contains(amount));
        let whole = whole.ok_or(BadAmount::NotWhole(amount))?;
        let cells = [facility, &format!("{system}|{commodity}"), &format!("{schedule}|{period}"), &whole.to_string()];
        Ok(self.0.write_record(cells)?)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// What is left cannot be written.
    pub fn finish(self) -> io::Result<W> {
        self.0.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_the_vendors_to_the_letter() {
        let mut writer = IdealStockWriter::new(Vec::new()).unwrap();
        writer.push("N003", ("UNSPSC", "51201647"), ("SCH001", "Jan2017"), 9400.into()).unwrap();
        writer.push("N,1", ("UNSPSC", "5"), ("SCH001", "Feb2017"), Decimal::ZERO).unwrap();
        let text = String::from_utf8(writer.finish().unwrap()).unwrap();
        let expected = "Facility Code,Commodity Type,Period,Ideal Stock Amount\n\
                        N003,UNSPSC|51201647,SCH001|Jan2017,9400\n\"N,1\",UNSPSC|5,SCH001|Feb2017,0\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_row_that_the_server_would_refuse_is_left_out() {
        let mut writer = IdealStockWriter::new(Vec::new()).unwrap();
        let mut push = |facility, system, amount: &str| {
            let amount = amount.parse().unwrap();
            writer.push(facility, (system, "5"), ("SCH001", "Jan2017"), amount)
        };
        assert!(matches!(push("", "UNSPSC", "1"), Err(BadAmount::Empty("facility"))));
        assert!(matches!(push("N1", "A|B", "1"), Err(BadAmount::Bar(_))));
        for amount in ["-1", "0.5", "2147483648"] {
            assert!(matches!(push("N1", "UNSPSC", amount), Err(BadAmount::NotWhole(_))), "{amount}");
        }
        let text = String::from_utf8(writer.finish().unwrap()).unwrap();
        assert_eq!(text.lines().count(), 1); // the header
    }
}
