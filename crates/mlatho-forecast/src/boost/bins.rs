//! Columns as small numbers: the place of a value among the quantiles of its column.

/// Bins of a column; the first is for what is not known.
pub(super) const BINS: usize = 32;

/// Borders between the bins of each column.
#[derive(Clone, Debug)]
pub(crate) struct Bins {
    borders: Vec<Vec<f32>>,
}

impl Bins {
    /// Borders at the quantiles of each column of rows of equal width; values that are not numbers are left out.
    pub(crate) fn new(rows: &[f32], columns: usize) -> Self {
        let borders = (0..columns).map(|column| {
            let mut values: Vec<f32> =
                rows.iter().skip(column).step_by(columns.max(1)).copied().filter(|value| !value.is_nan()).collect();
            values.sort_unstable_by(f32::total_cmp);
            let mut borders: Vec<f32> =
                (1..BINS - 1).filter_map(|bin| values.get(bin * values.len() / (BINS - 1))).copied().collect();
            borders.dedup();
            borders
        });
        Self { borders: borders.collect() }
    }

    /// The bin of a value of a column.
    pub(crate) fn bin(&self, column: usize, value: f32) -> u8 {
        self.borders.get(column).map_or(0, |borders| bin(value, borders))
    }

    /// Puts a row of values into bins.
    pub(crate) fn put(&self, row: &[f32], into: &mut Vec<u8>) {
        into.extend(row.iter().zip(&self.borders).map(|(value, borders)| bin(*value, borders)));
    }
}

fn bin(value: f32, borders: &[f32]) -> u8 {
    let bin = if value.is_nan() { 0 } else { 1 + borders.partition_point(|border| *border <= value) };
    u8::try_from(bin).unwrap_or(u8::MAX)
}

impl Bins {
    /// Puts rows of so many columns into bins.
    pub(crate) fn table(&self, rows: &[f32], columns: usize) -> Table {
        let mut bins = Vec::with_capacity(rows.len());
        rows.chunks(columns.max(1)).for_each(|row| self.put(row, &mut bins));
        Table { columns, bins }
    }
}

/// Rows of bins, one after the other.
pub(crate) struct Table {
    columns: usize,
    bins: Vec<u8>,
}

impl Table {
    pub(super) const fn columns(&self) -> usize {
        self.columns
    }

    pub(crate) fn row(&self, row: usize) -> &[u8] {
        self.bins.get(row * self.columns..(row + 1) * self.columns).unwrap_or_default()
    }
}
