//! One column of rows in memory.

use std::ops::Index;

/// Values that know when all of them are alike, as most columns of lineage are within a month: these cost neither
/// memory nor time for each row.
#[derive(Clone, Debug)]
pub struct Column<T>(Values<T>);

#[derive(Clone, Debug)]
enum Values<T> {
    Alike(T, usize),
    Each(Vec<T>),
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self(Values::Each(Vec::new()))
    }
}

impl<T: Copy + PartialEq> Column<T> {
    #[must_use]
    pub const fn len(&self) -> usize {
        match &self.0 {
            Values::Alike(_, len) => *len,
            Values::Each(each) => each.len(),
        }
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[must_use]
    pub fn get(&self, row: usize) -> Option<T> {
        match &self.0 {
            Values::Alike(value, len) => (row < *len).then_some(*value),
            Values::Each(each) => each.get(row).copied(),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = T> {
        let (alike, each) = match &self.0 {
            Values::Alike(value, len) => (Some(std::iter::repeat_n(*value, *len)), [].as_slice()),
            Values::Each(each) => (None, each.as_slice()),
        };
        alike.into_iter().flatten().chain(each.iter().copied())
    }

    /// Puts a value in the place of another.
    ///
    /// # Panics
    /// There is no such row.
    pub fn set(&mut self, row: usize, value: T) {
        if self[row] != value {
            self.each()[row] = value;
        }
    }

    pub(crate) fn push(&mut self, value: T) {
        match &mut self.0 {
            Values::Each(each) if !each.is_empty() => each.push(value),
            _ => self.push_times(value, 1),
        }
    }

    pub(crate) fn push_times(&mut self, value: T, times: usize) {
        match &mut self.0 {
            Values::Alike(alike, len) if *alike == value => *len += times,
            Values::Each(each) if each.is_empty() => self.0 = Values::Alike(value, times),
            _ => self.each().extend(std::iter::repeat_n(value, times)),
        }
    }

    pub(crate) fn extend_from_slice(&mut self, values: &[T]) {
        let Some(first) = values.first() else { return };
        let goes_on = match &self.0 {
            Values::Alike(alike, _) => alike == first,
            Values::Each(each) => each.is_empty(),
        };
        if goes_on && values.iter().all(|value| value == first) {
            self.push_times(*first, values.len());
        } else {
            self.each().extend_from_slice(values);
        }
    }

    /// The value of all rows, if they are alike. Of no rows there is none.
    pub(crate) fn alike(&self) -> Option<T> {
        match &self.0 {
            Values::Alike(value, len) => (*len > 0).then_some(*value),
            Values::Each(each) => each.first().copied().filter(|first| each.iter().all(|other| other == first)),
        }
    }

    /// Puts the rows in this order, which names each of them once.
    pub(crate) fn reorder(&mut self, order: &[u32]) {
        if let Values::Each(each) = &mut self.0 {
            *each = order.iter().map(|row| each[*row as usize]).collect();
        }
    }

    /// The values, one by one from now on.
    fn each(&mut self) -> &mut Vec<T> {
        if let Values::Alike(value, len) = self.0 {
            self.0 = Values::Each(vec![value; len]);
        }
        match &mut self.0 {
            Values::Each(each) => each,
            Values::Alike(..) => unreachable!("made one by one above"),
        }
    }
}

impl<T: Copy + PartialEq> Index<usize> for Column<T> {
    type Output = T;

    fn index(&self, row: usize) -> &T {
        match &self.0 {
            Values::Alike(value, len) => {
                assert!(row < *len, "row {row} of {len}");
                value
            }
            Values::Each(each) => &each[row],
        }
    }
}

impl<T: Copy + PartialEq> PartialEq for Column<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<T: Copy + PartialEq> Extend<T> for Column<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.push(value));
    }
}

impl<T: Copy + PartialEq> FromIterator<T> for Column<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut column = Self::default();
        column.extend(values);
        column
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Few different numbers, so that all-alike columns come often.
        #[test]
        fn it_holds_what_a_vector_holds(
            batches in prop::collection::vec(prop::collection::vec(0u8..2, 0..4), 0..5),
            changes in prop::collection::vec((0usize..12, 0u8..3), 0..4),
        ) {
            let mut plain = batches.concat();
            let mut column = Column::default();
            for (turn, batch) in batches.iter().enumerate() {
                if turn % 2 == 0 { column.extend_from_slice(batch) } else { column.extend(batch.iter().copied()) }
            }
            for (row, value) in changes {
                if row < plain.len() {
                    plain[row] = value;
                    column.set(row, value);
                }
            }
            prop_assert_eq!(column.len(), plain.len());
            prop_assert_eq!(column.iter().collect::<Vec<_>>(), plain.clone());
            prop_assert_eq!((0..=plain.len()).map(|row| column.get(row)).collect::<Vec<_>>(),
                (0..=plain.len()).map(|row| plain.get(row).copied()).collect::<Vec<_>>());
            let first = plain.first().copied().filter(|first| plain.iter().all(|other| other == first));
            prop_assert_eq!(column.alike(), first);
            prop_assert_eq!(&column, &plain.iter().copied().collect());
            let reversed: Vec<u32> = (0..u32::try_from(plain.len()).unwrap()).rev().collect();
            column.reorder(&reversed);
            plain.reverse();
            prop_assert_eq!(column.iter().collect::<Vec<_>>(), plain);
        }
    }
}
