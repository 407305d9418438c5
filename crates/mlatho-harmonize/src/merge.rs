//! Several numbers that become one: lines of one product at one org unit and period.

use mlatho_model::{Decimal, Measure, MissingReason, OverItems, OverTime, Value};

/// Merges values of one measure, pushed in the order of their dates.
///
/// Flows are summed, an opening balance is the first, a closing balance the last, stock-out days the largest
/// (`lmis.md` 0.2). First and last are the value that stands there, missing or not. Elsewhere a missing part makes the
/// whole missing, and a suppressed part makes it suppressed: no sum is invented from what happens to be known
/// ([`Merge::partial`] gives that on request). Parts that are not applicable are left out; a whole of none but such
/// parts is not applicable.
#[derive(Clone, Debug)]
pub struct Merge {
    rule: Rule,
    known: Option<Decimal>,
    missing: Option<MissingReason>,
    suppressed: Option<Box<str>>,
    /// The numbers make no number: a sum grew too large, or ratios met.
    undefined: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    First,
    Last,
    Largest,
    Sum,
    /// Ratios: a single one stays as it is, several cannot be merged.
    Single,
}

impl Merge {
    /// Merges lines of the same org unit, item and period.
    #[must_use]
    pub const fn of(measure: &Measure) -> Self {
        Self::by(match (measure.over_time(), measure.over_items()) {
            (OverTime::First, _) => Rule::First,
            (OverTime::Last | OverTime::Never, _) => Rule::Last,
            (OverTime::Sum, OverItems::Max) => Rule::Largest,
            (OverTime::Sum, _) => Rule::Sum,
        })
    }

    /// Merges values of several periods into those of a longer one.
    #[must_use]
    pub const fn over_time(measure: &Measure) -> Self {
        Self::by(match measure.over_time() {
            OverTime::First => Rule::First,
            OverTime::Last => Rule::Last,
            OverTime::Sum => Rule::Sum,
            OverTime::Never => Rule::Single,
        })
    }

    /// Merges values of several source items, or org units, into those of the one that they stand for.
    #[must_use]
    pub const fn over_items(measure: &Measure) -> Self {
        Self::by(match measure.over_items() {
            OverItems::Sum => Rule::Sum,
            OverItems::Max => Rule::Largest,
            OverItems::Never => Rule::Single,
        })
    }

    const fn by(rule: Rule) -> Self {
        Self { rule, known: None, missing: None, suppressed: None, undefined: false }
    }

    /// Takes the next value.
    pub fn push(&mut self, value: &Value) {
        match value {
            Value::Reported(number) => self.push_number(*number),
            Value::Missing(reason) => self.push_missing(*reason),
            Value::NotApplicable => {}
            Value::Suppressed(rule) => {
                if self.takes_next() {
                    self.suppressed.get_or_insert_with(|| rule.clone());
                }
            }
        }
    }

    /// Takes the next number.
    pub fn push_number(&mut self, number: Decimal) {
        if !self.takes_next() {
            return;
        }
        let known = match (self.rule, self.known) {
            (Rule::Largest, Some(largest)) => Some(largest.max(number)),
            (Rule::Sum, Some(sum)) => sum.checked_add(number),
            (Rule::Single, Some(_)) => None,
            _ => Some(number),
        };
        self.undefined |= known.is_none();
        self.known = known;
    }

    /// Takes note that the next number is missing.
    pub fn push_missing(&mut self, reason: MissingReason) {
        if self.takes_next() {
            self.missing.get_or_insert(reason);
        }
    }

    /// Makes room for the next part, where the rule wants it.
    fn takes_next(&mut self) -> bool {
        match self.rule {
            Rule::First => self.is_empty(),
            Rule::Last => {
                (self.known, self.missing, self.suppressed) = (None, None, None);
                true
            }
            Rule::Largest | Rule::Sum | Rule::Single => true,
        }
    }

    const fn is_empty(&self) -> bool {
        self.known.is_none() && self.missing.is_none() && self.suppressed.is_none()
    }

    /// The merged value. A sum too large for a decimal is missing as no number; several ratios are not applicable.
    #[must_use]
    pub fn value(&self) -> Value {
        match (self.missing, &self.suppressed, self.known) {
            _ if self.undefined && self.rule == Rule::Single => Value::NotApplicable,
            _ if self.undefined => Value::Missing(MissingReason::NotANumber),
            (Some(reason), _, _) => Value::Missing(reason),
            (None, Some(rule), _) => Value::Suppressed(rule.clone()),
            (None, None, Some(number)) => Value::Reported(number),
            (None, None, None) => Value::NotApplicable,
        }
    }

    /// What the known parts make, and whether others are left out; then it has to be shown as partial. Where nothing
    /// is known it is [`Merge::value`].
    #[must_use]
    pub fn partial(&self) -> (Value, bool) {
        match self.known {
            Some(number) if !self.undefined => {
                (Value::Reported(number), self.missing.is_some() || self.suppressed.is_some())
            }
            _ => (self.value(), false),
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
        assert_eq!(merge.partial(), (reported(3), true));
    }

    #[test]
    fn balances_are_what_stands_first_and_last() {
        let (blank, withheld) = (Value::Missing(MissingReason::Blank), Value::Suppressed("status".into()));
        let merged = |measure: &Measure, values: [&Value; 3]| {
            let mut merge = Merge::of(measure);
            values.into_iter().for_each(|value| merge.push(value));
            merge.value()
        };
        let (one, two) = (reported(1), reported(2));
        assert_eq!(merged(&Measure::OpeningBalance, [&one, &blank, &two]), one);
        assert_eq!(merged(&Measure::OpeningBalance, [&blank, &one, &two]), blank);
        assert_eq!(merged(&Measure::ClosingBalance, [&blank, &one, &two]), two);
        assert_eq!(merged(&Measure::ClosingBalance, [&one, &two, &blank]), blank);
        assert_eq!(merged(&Measure::ClosingBalance, [&one, &Value::NotApplicable, &withheld]), withheld);
    }

    #[test]
    fn a_suppressed_part_keeps_its_rule() {
        let mut merge = Merge::of(&Measure::Consumed);
        merge.push(&reported(3));
        merge.push(&Value::Suppressed("fewer-than-five".into()));
        assert_eq!(merge.value(), Value::Suppressed("fewer-than-five".into()));
    }

    #[test]
    fn ratios_are_never_merged() {
        let mut merge = Merge::over_items(&Measure::MosReported);
        merge.push(&reported(2));
        assert_eq!(merge.value(), reported(2));
        merge.push(&reported(2));
        merge.push(&reported(2));
        assert_eq!(merge.value(), Value::NotApplicable);
    }

    #[test]
    fn merged_items_open_with_all_their_stock() {
        let mut merge = Merge::over_items(&Measure::OpeningBalance);
        merge.push(&reported(3));
        merge.push(&reported(7));
        assert_eq!(merge.value(), reported(10));
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
