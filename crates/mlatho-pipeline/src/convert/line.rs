//! One line of a source in compact form: fixed fields, then date and report, then the numbers.

use mlatho_model::{Decimal, MissingReason, Value};

/// Length, key, version, series, four indexes and the flag.
const FIXED: usize = 4 + 16 + 8 + 8 + 4 * 4 + 1;

/// A line as it waits in a partition. Indexes point into the names met so far.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// Hash of report and line: equal for the versions of one line.
    pub(super) key: u128,
    pub(super) version: u64,
    /// The source's own org unit and item, once the indexes are those of the project; 0 before.
    pub(super) series: u64,
    pub(super) org_unit: u32,
    pub(super) item: u32,
    pub(super) disaggregation: u32,
    pub(super) period: u32,
    /// Whether the status of the report counts.
    pub(super) counts: bool,
    /// The date within the period and the report's id, as the source wrote them; they order the lines of a group.
    pub(super) date: &'a [u8],
    pub(super) report: &'a [u8],
    pub(super) numbers: &'a [u8],
}

/// A number that a line holds, or why it holds none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Reported(Decimal),
    Missing(MissingReason),
    /// Not applicable or withheld: never sent, never added up.
    Absent,
}

impl From<&Value> for Number {
    fn from(value: &Value) -> Self {
        match value {
            Value::Reported(number) => Self::Reported(*number),
            Value::Missing(reason) => Self::Missing(*reason),
            Value::NotApplicable | Value::Suppressed(_) => Self::Absent,
        }
    }
}

impl<'a> Line<'a> {
    pub(super) fn new(key: u128, version: u64, counts: bool, date: &'a str, report: &'a str) -> Self {
        Self {
            key,
            version,
            series: 0,
            org_unit: 0,
            item: 0,
            disaggregation: 0,
            period: 0,
            counts,
            date: date.as_bytes(),
            report: report.as_bytes(),
            numbers: &[],
        }
    }

    /// Appends the line with its numbers, each with the index of its measure.
    pub(super) fn encode(&self, numbers: impl Iterator<Item = (u16, Number)>, out: &mut Vec<u8>) {
        let start = self.encode_head(out);
        for (measure, number) in numbers {
            out.extend_from_slice(&measure.to_le_bytes());
            encode_number(number, out);
        }
        close(start, out);
    }

    /// Appends the line with the numbers it was decoded with.
    pub(super) fn encode_again(&self, out: &mut Vec<u8>) {
        let start = self.encode_head(out);
        out.extend_from_slice(self.numbers);
        close(start, out);
    }

    fn encode_head(&self, out: &mut Vec<u8>) -> usize {
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&self.key.to_le_bytes());
        out.extend_from_slice(&self.version.to_le_bytes());
        out.extend_from_slice(&self.series.to_le_bytes());
        for index in [self.org_unit, self.item, self.disaggregation, self.period] {
            out.extend_from_slice(&index.to_le_bytes());
        }
        out.push(u8::from(self.counts));
        for text in [self.date, self.report] {
            // What lies beyond 255 bytes only loses its say in the order of lines of one date.
            let text = &text[..text.len().min(255)];
            out.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
            out.extend_from_slice(text);
        }
        start
    }

    /// The lines of a partition, in order.
    pub(super) fn decode_all(mut bytes: &'a [u8]) -> impl Iterator<Item = Self> {
        std::iter::from_fn(move || {
            let length = u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
            let (line, rest) = bytes.split_at_checked(length)?;
            bytes = rest;
            Self::decode(line)
        })
    }

    fn decode(bytes: &'a [u8]) -> Option<Self> {
        let (fixed, rest) = bytes.split_at_checked(FIXED)?;
        let index = |at: usize| Some(u32::from_le_bytes(fixed.get(at..at + 4)?.try_into().ok()?));
        let (date, rest) = text(rest)?;
        let (report, numbers) = text(rest)?;
        Some(Self {
            key: u128::from_le_bytes(fixed.get(4..20)?.try_into().ok()?),
            version: u64::from_le_bytes(fixed.get(20..28)?.try_into().ok()?),
            series: u64::from_le_bytes(fixed.get(28..36)?.try_into().ok()?),
            org_unit: index(36)?,
            item: index(40)?,
            disaggregation: index(44)?,
            period: index(48)?,
            counts: fixed.get(52) == Some(&1),
            date,
            report,
            numbers,
        })
    }

    /// The numbers with the indexes of their measures.
    pub(super) fn numbers(&self) -> impl Iterator<Item = (u16, Number)> + 'a {
        let mut bytes = self.numbers;
        std::iter::from_fn(move || {
            let measure = u16::from_le_bytes(bytes.get(..2)?.try_into().ok()?);
            let (number, rest) = decode_number(bytes.get(2..)?)?;
            bytes = rest;
            Some((measure, number))
        })
    }
}

fn close(start: usize, out: &mut [u8]) {
    let length = u32::try_from(out.len() - start).unwrap_or(u32::MAX);
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
}

fn text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first()?;
    rest.split_at_checked(usize::from(*length))
}

const INTEGER: u8 = 0;
const DECIMAL: u8 = 1;
const ABSENT: u8 = 2;
const MISSING: u8 = 3;
const REASONS: [MissingReason; 5] = [
    MissingReason::Blank,
    MissingReason::NotANumber,
    MissingReason::NoColumn,
    MissingReason::NoReport,
    MissingReason::Withdrawn,
];

fn encode_number(number: Number, out: &mut Vec<u8>) {
    match number {
        Number::Reported(number) => {
            if let (0, Ok(integer)) = (number.scale(), i64::try_from(number.mantissa())) {
                out.push(INTEGER);
                out.extend_from_slice(&integer.to_le_bytes());
            } else {
                out.push(DECIMAL);
                out.extend_from_slice(&number.serialize());
            }
        }
        Number::Absent => out.push(ABSENT),
        Number::Missing(reason) => {
            let index = REASONS.iter().position(|known| *known == reason).unwrap_or(0);
            out.push(MISSING + u8::try_from(index).unwrap_or(0));
        }
    }
}

fn decode_number(bytes: &[u8]) -> Option<(Number, &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    match *tag {
        INTEGER => {
            let (integer, rest) = rest.split_first_chunk()?;
            Some((Number::Reported(i64::from_le_bytes(*integer).into()), rest))
        }
        DECIMAL => {
            let (decimal, rest) = rest.split_first_chunk()?;
            Some((Number::Reported(Decimal::deserialize(*decimal)), rest))
        }
        ABSENT => Some((Number::Absent, rest)),
        reason => {
            let reason = REASONS.get(usize::from(reason - MISSING))?;
            Some((Number::Missing(*reason), rest))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_read_back() {
        let numbers = vec![
            (0, Number::Reported(Decimal::from(-7))),
            (3, Number::Reported("1234567890123456789.25".parse().unwrap())),
            (65535, Number::Missing(MissingReason::Withdrawn)),
            (2, Number::Absent),
        ];
        let mut line = Line::new(u128::MAX - 1, 2, true, "2026-03-31", "R000001");
        (line.org_unit, line.item, line.period) = (7, 8, 9);
        let mut once = Vec::new();
        line.encode(numbers.iter().copied(), &mut once);
        line.encode(std::iter::empty(), &mut once);
        let mut again = Vec::new();
        Line::decode_all(&once).for_each(|line| line.encode_again(&mut again));
        assert_eq!(once, again);
        let back: Vec<Line<'_>> = Line::decode_all(&again).collect();
        assert_eq!(back.len(), 2);
        assert_eq!((back[0].key, back[0].version, back[0].org_unit, back[0].item), (u128::MAX - 1, 2, 7, 8));
        assert_eq!(
            (back[0].period, back[0].counts, back[0].date, back[0].report),
            (9, true, &b"2026-03-31"[..], &b"R000001"[..])
        );
        assert_eq!(back[0].numbers().collect::<Vec<_>>(), numbers);
        assert_eq!(back[1].numbers().count(), 0);
    }

    #[test]
    fn cut_bytes_end_the_reading() {
        let mut bytes = Vec::new();
        Line::new(1, 1, true, "", "").encode([(1, Number::Absent)].into_iter(), &mut bytes);
        for end in 0..bytes.len() {
            assert_eq!(Line::decode_all(&bytes[..end]).count(), 0);
        }
    }
}
