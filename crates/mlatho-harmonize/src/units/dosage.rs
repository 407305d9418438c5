//! How many units a course or a month of a regimen takes, by age and weight.

use mlatho_model::{Decimal, Factor, ItemId, Unit};

use super::Validity;

/// From a number on and up to, but not with, another; without end where there is none. Ages are in months, weights in
/// kilograms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    pub from: Decimal,
    pub to: Option<Decimal>,
}

impl Band {
    /// Every age, every weight.
    pub const ALL: Self = Self { from: Decimal::ZERO, to: None };

    /// Whether the band has a number in common with another.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.to.is_none_or(|to| other.from < to) && other.to.is_none_or(|to| self.from < to)
    }

    /// Whether every number of the other band belongs to this one.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.from <= other.from && self.to.is_none_or(|to| other.to.is_some_and(|end| end <= to))
    }

    /// This band cut where the others begin and end.
    fn cut(self, others: impl Iterator<Item = Self>) -> Vec<Self> {
        let within = |at: &Decimal| self.from < *at && self.to.is_none_or(|to| *at < to);
        let mut cuts: Vec<Decimal> =
            others.flat_map(|other| [Some(other.from), other.to]).flatten().filter(within).collect();
        cuts.push(self.from);
        cuts.sort_unstable();
        cuts.dedup();
        let ends = cuts.iter().skip(1).copied().map(Some).chain([self.to]);
        cuts.iter().zip(ends).map(|(from, to)| Self { from: *from, to }).collect()
    }
}

/// One row of a dosage table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dosage {
    pub regimen: Box<str>,
    pub item: ItemId,
    /// What the row is about: a `treatment` or a `patient-month`.
    pub per: Unit,
    /// What a dose is counted in.
    pub unit: Unit,
    pub units_per_dose: Factor,
    pub doses_per_day: Factor,
    /// How many days a course or a month has.
    pub days: Factor,
    pub age: Band,
    pub weight: Band,
    pub validity: Validity,
}

impl Dosage {
    /// Units of a whole course or month. Nothing, where the number is too large to write down.
    #[must_use]
    pub fn units(&self) -> Option<Factor> {
        self.units_per_dose.times(self.doses_per_day)?.times(self.days)
    }

    /// Whether the two are about some of the same patients on the same day.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        let about = |row: &Self| (row.regimen.clone(), row.item.clone(), row.per.clone());
        let patients = self.age.overlaps(other.age) && self.weight.overlaps(other.weight);
        about(self) == about(other) && patients && self.validity.meets(other.validity)
    }
}

/// The patients that a number is about, as far as the data says: all ages and weights where it says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    pub age: Band,
    pub weight: Band,
}

impl Default for Group {
    fn default() -> Self {
        Self { age: Band::ALL, weight: Band::ALL }
    }
}

/// The rows of a dosage table that may apply to a group of patients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suitable<'a> {
    pub rows: Vec<&'a Dosage>,
    /// Whether there is a row for every patient of the group.
    pub complete: bool,
}

impl<'a> Suitable<'a> {
    /// The rows that overlap a group.
    pub(super) fn among(rows: impl Iterator<Item = &'a Dosage>, group: Group) -> Self {
        let applies = |row: &&Dosage| row.age.overlaps(group.age) && row.weight.overlaps(group.weight);
        let rows: Vec<&Dosage> = rows.filter(applies).collect();
        let ages = group.age.cut(rows.iter().map(|row| row.age));
        let weights = group.weight.cut(rows.iter().map(|row| row.weight));
        let treated =
            |age: &Band, weight: &Band| rows.iter().any(|row| row.age.contains(*age) && row.weight.contains(*weight));
        let complete = ages.iter().all(|age| weights.iter().all(|weight| treated(age, weight)));
        Self { rows, complete }
    }

    /// The dosage of the whole group. Nothing, where some of its patients take another or none: then the data is not
    /// detailed enough to convert, and [`Suitable::range`] says between what the truth lies.
    #[must_use]
    pub fn only(&self) -> Option<&'a Dosage> {
        let first = *self.rows.first()?;
        let takes = |row: &Dosage| (row.units_per_dose, row.units(), row.unit.clone());
        (self.complete && self.rows.iter().all(|row| takes(row) == takes(first))).then_some(first)
    }

    /// The least and the most units that a course or month takes for patients of the group. Nothing, where there is no
    /// row, or rows count in different units.
    #[must_use]
    pub fn range(&self) -> Option<(Factor, Factor)> {
        let unit = &self.rows.first()?.unit;
        let units: Option<Vec<Factor>> =
            self.rows.iter().map(|row| row.units().filter(|_| row.unit == *unit)).collect();
        let units = units?;
        Some((*units.iter().min()?, *units.iter().max()?))
    }
}
