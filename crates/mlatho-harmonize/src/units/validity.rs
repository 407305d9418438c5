//! The days on which a row of a table holds.

use jiff::civil::Date;

/// First and last day on which something holds; open where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    pub from: Option<Date>,
    pub to: Option<Date>,
}

impl Validity {
    #[must_use]
    pub fn holds_on(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// The days on which both hold. Nothing, where there are none.
    #[must_use]
    pub fn within(self, other: Self) -> Option<Self> {
        let to = [self.to, other.to].into_iter().flatten().min();
        self.meets(other).then(|| Self { from: self.from.max(other.from), to })
    }

    /// Whether there is a day on which both hold.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        let before = |to: Option<Date>, from: Option<Date>| to.zip(from).is_some_and(|(to, from)| to < from);
        !before(self.to, other.from) && !before(other.to, self.from)
    }
}
