//! Series of counts side by side.

use std::ops::Range;

use mlatho_model::{Period, PeriodType};

/// One count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    /// Which period it is, counted in periods of its type.
    pub(crate) time: i32,
    /// The count; not a number where it is missing.
    pub(crate) count: f64,
}

/// Counts, series by series in the order of time.
#[derive(Debug, Default)]
pub(crate) struct Panel {
    pub(crate) cells: Vec<Cell>,
    pub(crate) series: Vec<Series>,
}

#[derive(Clone, Debug)]
pub(crate) struct Series {
    pub(crate) org_unit: usize,
    pub(crate) item: usize,
    pub(crate) cells: Range<usize>,
    /// Periods of its type in a year.
    pub(crate) season: i32,
}

impl Cell {
    pub(crate) fn new(period: Period, count: Option<f64>) -> Self {
        Self { time: time(period), count: count.unwrap_or(f64::NAN) }
    }

    /// Whether the very same number was reported.
    #[expect(clippy::float_cmp, reason = "numbers as they were reported, nothing was computed")]
    pub(crate) fn repeats(self, other: Self) -> bool {
        self.count == other.count
    }
}

impl Panel {
    /// Begins a series; the cells pushed from now on are its own.
    pub(crate) fn begin(&mut self, org_unit: usize, item: usize, kind: PeriodType) {
        let at = self.cells.len();
        self.series.push(Series { org_unit, item, cells: at..at, season: season(kind) });
    }

    pub(crate) fn push(&mut self, cell: Cell) {
        self.cells.push(cell);
        if let Some(series) = self.series.last_mut() {
            series.cells.end = self.cells.len();
        }
    }
}

/// Periods of a type in a year.
const fn season(kind: PeriodType) -> i32 {
    match kind {
        PeriodType::Monthly => 12,
        PeriodType::BiMonthly => 6,
        PeriodType::Quarterly => 4,
        PeriodType::Weekly => 52,
        PeriodType::Daily => 365,
        _ => 1,
    }
}

/// Months since year 0 for periods that begin with a month, else days since the epoch over the days of the period.
fn time(period: Period) -> i32 {
    let start = period.start();
    let months = i32::from(start.year()) * 12 + i32::from(start.month()) - 1;
    match period.period_type() {
        PeriodType::Monthly => months,
        PeriodType::BiMonthly => months / 2,
        PeriodType::Quarterly => months / 3,
        kind if season(kind) == 1 => months / 12,
        _ => {
            let days = start.since(jiff::civil::date(2000, 1, 3)).map_or(0, |span| span.get_days());
            days.div_euclid(i32::try_from(period.days()).unwrap_or(1).max(1))
        }
    }
}
