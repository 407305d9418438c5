//! Reading the current truth, month by month.

use mlatho_model::{Period, Status};

use super::columns::Columns;
use super::files::OpenFile;
use super::months::{month_number, month_period};
use super::rows::Rows;
use super::table::DataFile;
use crate::catalogue::Terms;
use crate::error::Result;

/// Which rows to read. An empty list asks for all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub sources: Vec<i32>,
    pub measures: Vec<i32>,
    pub statuses: Vec<Status>,
    pub record_keys: Vec<i64>,
}

/// The observations at one version of the repository; later runs do not disturb it.
#[derive(Debug)]
pub struct Current {
    pub(crate) files: Vec<DataFile>,
    pub(crate) terms: Terms,
}

impl Current {
    /// The texts behind the numbers in the rows.
    #[must_use]
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The months that hold observations (by the start of their period), ascending.
    ///
    /// # Errors
    /// A folder of the warehouse is named by no month.
    pub fn months(&self) -> Result<Vec<Period>> {
        months_of(&self.files)
    }

    /// The rows of a month, sorted by item, org unit, start of the period, measure, disaggregation, period,
    /// source, day.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn rows(&self, month: Period, filter: &Filter) -> Result<Rows> {
        read_month(&self.files, month, Columns::All, filter)
    }

    /// The same rows for who asks only what they say, not where it comes from, in half the time: unit, receipt,
    /// column, crosswalk, rules, reason, record key, version, run and day of the report stand as zero or nothing.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn rows_without_lineage(&self, month: Period, filter: &Filter) -> Result<Rows> {
        read_month(&self.files, month, Columns::WithoutLineage, filter)
    }
}

pub(crate) fn months_of(files: &[DataFile]) -> Result<Vec<Period>> {
    let mut months: Vec<i32> = files.iter().map(|file| file.partition).collect();
    months.sort_unstable();
    months.dedup();
    months.into_iter().map(month_period).collect()
}

pub(crate) fn read_month(files: &[DataFile], month: Period, columns: Columns, filter: &Filter) -> Result<Rows> {
    fn admits<T: PartialEq>(list: &[T], one: &T) -> bool {
        list.is_empty() || list.contains(one)
    }
    let mut rows = Rows::default();
    for file in files.iter().filter(|file| file.partition == month_number(month)) {
        OpenFile::open(&file.path)?.read(None, columns, &mut rows, |row| {
            admits(&filter.sources, &row.source)
                && admits(&filter.measures, &row.measure)
                && admits(&filter.statuses, &row.status)
                && admits(&filter.record_keys, &row.record.key)
        })?;
    }
    Ok(rows)
}
