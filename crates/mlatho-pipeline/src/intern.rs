//! Small numbers for names that come again and again.

use std::collections::HashMap;

/// A map that is asked for every row: its hash is quick, and keyed anew in every process.
pub(crate) type QuickMap<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// Gives each text a number, from 0 in the order of arrival.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    numbers: QuickMap<Box<str>, u32>,
    names: Vec<Box<str>>,
}

impl Interner {
    pub(crate) fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.numbers.insert(name.into(), number);
        self.names.push(name.into());
        number
    }

    /// The name of a number that this interner gave; empty for any other.
    pub(crate) fn name(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", |name| name)
    }
}
