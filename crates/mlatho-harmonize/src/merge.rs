//! Several numbers that become one: lines of one product at one org unit and period.

use mlatho_model::{Decimal, Measure, MissingReason, OverItems, OverTime, Value};

/// Adds up values of one measure in the order of their dates.
///
/// Flows are summed, an opening balance is the first, a closing balance the last, stock-out days the largest
/// (`lmis.md` 0.2). A missing part makes the whole missing: no sum is invented from what happens to be known.
/// Parts that are not applicable are left out; a whole of none but such parts is not applicable.
#[derive(Clone, Debug)]
pub struct Merge {
    rule: Rule,
    known: Option<Decimal>,
    missing: Option<MissingReason>,
    withheld: bool,
    overflow: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    First,
    Last,
    Largest,
    Sum,
}

impl Merge {
    /// Merges lines of the same org unit, item and period.
    #[must_use]
    pub const fn of(measure: &Measure) -> Self {
        let rule = match (measure.over_time(), measure.over_items()) {
            (OverTime::First, _) => Rule::First,
            (OverTime::Last | OverTime::Never, _) => Rule::Last,
            (OverTime::Sum, OverItems::Max) => Rule::Largest,
            (OverTime::Sum, _) => Rule::Sum,
        };
        Self { rule, known: None, missing: None, withheld: false, overflow: false }
    }

    /// Merges values of several periods into those of a longer one.
    #[must_use]
    pub const fn over_time(measure: &Measure) -> Self {
        let mut merge = Self::of(measure);
        if matches!(measure.over_time(), OverTime::Sum) {
            merge.rule = Rule::Sum;
        }
        merge
    }

    /// Merges values of several source items, or org units, into those of the one that they stand for.
    #[must_use]
    pub const fn over_items(measure: &Measure) -> Self {
        let mut merge = Self::of(measure);
        merge.rule = match measure.over_items() {
            OverItems::Sum => Rule::Sum,
            OverItems::Max | OverItems::Never => Rule::Largest,
        };
        merge
    }

    /// Takes the next value. For first and last, values come in the order of their dates.
    pub fn push(&mut self, value: &Value) {
        match value {
            Value::Reported(number) => self.push_number(*number),
            Value::Missing(reason) => self.push_missing(*reason),
            Value::NotApplicable => {}
            Value::Suppressed(_) => self.withheld = true,
        }
    }

    /// Takes the next number.
    pub fn push_number(&mut self, number: Decimal) {
        self.known = match (self.rule, self.known) {
            (Rule::First, Some(first)) => Some(first),
            (_, None) | (Rule::Last, _) => Some(number),
            (Rule::Largest, Some(largest)) => Some(largest.max(number)),
            (Rule::Sum, Some(sum)) => {
                let sum = sum.checked_add(number);
                self.overflow |= sum.is_none();
                sum
            }
        };
    }

    /// Takes note that the next number is missing.
    pub fn push_missing(&mut self, reason: MissingReason) {
        self.missing.get_or_insert(reason);
    }

    /// The merged value. A sum too large for a decimal is missing as no number.
    #[must_use]
    pub fn value(&self) -> Value {
        match (self.missing, self.known) {
            _ if self.overflow => Value::Missing(MissingReason::NotANumber),
            (Some(reason), _) => Value::Missing(reason),
            _ if self.withheld => Value::Suppressed("part".into()),
            (None, Some(number)) => Value::Reported(number),
            (None, None) => Value::NotApplicable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(measure: &Measure, numbers: &[i64]) -> Value {
        let mut merge = Merge::of(measure);
        numbers.iter().for_each(|number| merge.push(&Value::Reported((*number).into())));
        merge.value()
    }

    fn reported(number: i64) -> Value {
        Value::Reported(number.into())
    }

    #[test]
    fn each_measure_by_its_rule() {
        assert_eq!(merged(&Measure::OpeningBalance, &[5, 9, 2]), reported(5));
        assert_eq!(merged(&Measure::ClosingBalance, &[5, 9, 2]), reported(2));
        assert_eq!(merged(&Measure::StockoutDays, &[5, 9, 2]), reported(9));
        assert_eq!(merged(&Measure::Consumed, &[5, 9, 2]), reported(16));
        assert_eq!(merged(&Measure::Adjustments, &[-5, 5]), reported(0));
    }

    #[test]
    fn a_missing_part_makes_the_whole_missing() {
        let mut merge = Merge::of(&Measure::Consumed);
        merge.push(&reported(3));
        merge.push(&Value::Missing(MissingReason::Blank));
        assert_eq!(merge.value(), Value::Missing(MissingReason::Blank));
    }

    #[test]
    fn not_applicable_parts_are_left_out() {
        let mut merge = Merge::of(&Measure::Consumed);
        assert_eq!(merge.value(), Value::NotApplicable);
        merge.push(&Value::NotApplicable);
        merge.push(&reported(3));
        assert_eq!(merge.value(), reported(3));
    }

    #[test]
    fn merged_items_are_out_of_stock_as_long_as_the_longest() {
        let mut merge = Merge::over_items(&Measure::StockoutDays);
        merge.push(&reported(3));
        merge.push(&reported(7));
        assert_eq!(merge.value(), reported(7));
    }

    #[test]
    fn longer_periods_add_up_stock_out_days() {
        let mut merge = Merge::over_time(&Measure::StockoutDays);
        merge.push(&reported(3));
        merge.push(&reported(7));
        assert_eq!(merge.value(), reported(10));
    }

    #[test]
    fn too_large_a_sum_is_no_number() {
        let mut merge = Merge::of(&Measure::Consumed);
        merge.push_number(Decimal::MAX);
        merge.push_number(Decimal::MAX);
        assert_eq!(merge.value(), Value::Missing(MissingReason::NotANumber));
    }
}
