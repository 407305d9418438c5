//! The order of rows in the warehouse.

use std::cmp::Ordering;

use super::column::Column;
use super::rows::Rows;

/// Item, org unit and start of the period of a row, as one number that sorts as they do.
type Head = u128;

impl Rows {
    /// Puts the rows in the order of the warehouse: item, org unit, start of the period, measure, disaggregation,
    /// period, source, day, then whatever tells two rows apart, so that the same rows always stand in the same order.
    pub(crate) fn sort(&mut self) {
        // The rows of a record stand together and agree in the first three, so that these are sorted by record.
        let mut groups: Vec<(Head, u32, u32)> = Vec::new();
        for row in 0..u32::try_from(self.len()).unwrap_or(u32::MAX) {
            let head = self.head(row);
            match groups.last_mut() {
                Some((last, _, to)) if *last == head => *to = row + 1,
                _ => groups.push((head, row, row + 1)),
            }
        }
        groups.sort_unstable();
        let mut order: Vec<u32> = Vec::with_capacity(self.len());
        for same in groups.chunk_by(|a, b| a.0 == b.0) {
            let from = order.len();
            order.extend(same.iter().flat_map(|(_, from, to)| *from..*to));
            order[from..].sort_unstable_by(|a, b| self.tail(*a as usize, *b as usize));
        }
        if order.iter().enumerate().all(|(place, row)| place == *row as usize) {
            return;
        }
        self.integers_mut().into_iter().for_each(|column| column.reorder(&order));
        self.status.reorder(&order);
        self.period.reorder(&order);
        self.day.reorder(&order);
        self.reported_at.reorder(&order);
        self.value = order.iter().map(|row| self.value[*row as usize]).collect();
        for column in [&mut self.record_key, &mut self.version, &mut self.position, &mut self.run] {
            column.reorder(&order);
        }
    }

    fn head(&self, row: u32) -> Head {
        let row = row as usize;
        let part = |number: i32| u128::from(number.cast_unsigned());
        let start = self.period[row].start();
        let day = (i32::from(start.year()) * 16 + i32::from(start.month())) * 32 + i32::from(start.day());
        part(self.item[row]) << 64 | part(self.org_unit[row]) << 32 | part(day)
    }

    fn tail(&self, a: usize, b: usize) -> Ordering {
        let by = |column: &Column<i64>| column[a].cmp(&column[b]);
        self.measure[a]
            .cmp(&self.measure[b])
            .then_with(|| self.disaggregation[a].cmp(&self.disaggregation[b]))
            .then_with(|| self.period[a].cmp(&self.period[b]))
            .then_with(|| self.source[a].cmp(&self.source[b]))
            .then_with(|| self.day[a].cmp(&self.day[b]))
            .then_with(|| by(&self.record_key))
            .then_with(|| self.receipt[a].cmp(&self.receipt[b]))
            .then_with(|| by(&self.position))
            .then_with(|| self.column[a].cmp(&self.column[b]))
            .then_with(|| self.value[a].cmp(&self.value[b]))
    }
}
