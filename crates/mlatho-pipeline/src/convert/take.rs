//! Takes lines in, drops older versions, and resolves what is left to the project's org units and items.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;

use mlatho_formats::Layout;
use mlatho_model::{Finding, Measure, ORDERS, Period, RawRecord, RecordSink};

use super::line::{Line, Number};
use super::partitions::Partitions;
use super::{ConvertCounts, MEMORY_LIMIT};
use crate::PipelineError;
use crate::identity::identity;
use crate::intern::Interner;
use crate::project::{Source, shown};

/// Findings that are kept one by one; beyond, only the first of each code and column is.
const MOST_FINDINGS: usize = 10_000;

/// Lines spread by identity, with the names that their indexes point to.
pub(super) struct Taken {
    pub(super) lines: Partitions,
    pub(super) names: Names,
}

/// What the indexes of lines point to.
#[derive(Default)]
pub(super) struct Names {
    pub(super) org_units: Interner,
    pub(super) items: Interner,
    pub(super) disaggregations: Interner,
    pub(super) measures: Vec<Measure>,
    pub(super) periods: Vec<Period>,
    period_numbers: HashMap<Period, u32>,
}

impl Names {
    fn period(&mut self, period: Period) -> u32 {
        let next = u32::try_from(self.periods.len()).unwrap_or(u32::MAX);
        if self.periods.last() == Some(&period) {
            return next - 1;
        }
        let periods = &mut self.periods;
        *self.period_numbers.entry(period).or_insert_with(|| {
            periods.push(period);
            next
        })
    }

    /// The number of a measure. Lines name theirs in the same order, so the guess is mostly right.
    fn measure(&mut self, guess: usize, measure: &Measure) -> u16 {
        let at = match self.measures.get(guess) {
            Some(known) if known == measure => Some(guess),
            _ => self.measures.iter().position(|known| known == measure),
        };
        let at = at.unwrap_or_else(|| {
            self.measures.push(measure.clone());
            self.measures.len() - 1
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    }
}

/// Reads the files of a source.
pub(super) fn take(
    source: &Source,
    layout: Option<&Layout>,
    files: &[PathBuf],
    counts: &mut ConvertCounts,
    findings: &mut Vec<Finding>,
) -> Result<Taken, PipelineError> {
    let mut sink = Sink {
        accept: &source.accept_status,
        taken: Taken { lines: Partitions::new(MEMORY_LIMIT), names: Names::default() },
        counts,
        findings,
        failure: None,
    };
    for path in files {
        let input = File::open(path).map_err(PipelineError::io("opening", path))?;
        mlatho_formats::read(source.format, layout, &shown(path), input, &mut sink);
        if let Some(error) = sink.failure.take() {
            return Err(PipelineError::io("spilling lines of", path)(error));
        }
    }
    Ok(sink.taken)
}

struct Sink<'a> {
    accept: &'a [String],
    taken: Taken,
    counts: &'a mut ConvertCounts,
    findings: &'a mut Vec<Finding>,
    failure: Option<io::Error>,
}

impl RecordSink for Sink<'_> {
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        self.counts.lines += 1;
        let accepted = |accept: &[String]| accept.is_empty() || accept.iter().any(|status| status == record.status);
        let counts = record.disaggregation == ORDERS || accepted(self.accept); // an order has statuses of its own
        let key = identity(record);
        let names = &mut self.taken.names;
        let mut line = Line::new(key, record.version, counts, record.date, record.report);
        line.org_unit = names.org_units.number(record.org_unit);
        line.item = names.items.number(record.item);
        line.disaggregation = names.disaggregations.number(record.disaggregation);
        line.period = names.period(record.period);
        let numbers = record
            .values
            .iter()
            .enumerate()
            .map(|(at, raw)| (names.measure(at, raw.measure), Number::from(&raw.value)));
        let hash = (key >> 64) as u64;
        match self.taken.lines.push(hash, |out| line.encode(numbers, out)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.failure = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    fn finding(&mut self, finding: Finding) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding);
        }
    }
}
