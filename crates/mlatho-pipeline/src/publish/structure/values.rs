//! Whether the value and its comment are what the data element takes.

use mlatho_connect::dhis2::{DataElement, Engine};
use mlatho_model::{Decimal, Uid};

use super::Structure;
use crate::publish::plan::Change;
use crate::publish::rules::Rule;

/// Longest comment that a server takes, in characters.
const LONGEST_COMMENT: usize = 5000;

impl Structure {
    /// Engine A looks at the comment before the options of the value, engine B after.
    pub(super) fn bad_value(&self, change: &Change, element: &DataElement) -> Option<Rule> {
        let text = change.new.as_deref()?;
        if !is_of_type(text, &element.value_type) {
            return Some(Rule::ValueType);
        }
        let option = || self.is_no_option(element.option_set, text).then_some(Rule::Option);
        let comment = || self.bad_comment(change.comment.as_deref(), element);
        match self.version.engine() {
            Engine::A => comment().or_else(option),
            Engine::B => option().or_else(comment),
        }
    }

    fn bad_comment(&self, comment: Option<&str>, element: &DataElement) -> Option<Rule> {
        // Where comments have options, engine B takes no value without one.
        let lacks = comment.is_none() && element.comment_option_set.is_some() && self.version.engine() == Engine::B;
        if lacks || comment.is_some_and(|comment| self.is_no_option(element.comment_option_set, comment)) {
            return Some(Rule::CommentOption);
        }
        comment.is_some_and(|comment| comment.chars().count() > LONGEST_COMMENT).then_some(Rule::CommentTooLong)
    }

    fn is_no_option(&self, set: Option<Uid>, text: &str) -> bool {
        set.and_then(|set| self.options.get(&set)).is_some_and(|codes| !codes.contains(text))
    }
}

/// Whether engine A would drop the value, or withdraw the one that it replaces.
pub(super) fn dropped(change: &Change, element: &DataElement) -> Option<Rule> {
    let zero = change.new.as_deref()?.parse::<Decimal>().is_ok_and(|number| number.is_zero());
    (zero && loses_zeros(element)).then_some(Rule::ZeroDropped)
}

/// Whether engine A drops zeros of this data element (DHIS2 `ValidationUtils.dataValueIsZeroAndInsignificant`).
fn loses_zeros(element: &DataElement) -> bool {
    let is_number = element.value_type.starts_with("INTEGER")
        || matches!(element.value_type.as_str(), "NUMBER" | "PERCENTAGE" | "UNIT_INTERVAL");
    let is_averaged = matches!(element.aggregation_type.as_str(), "AVERAGE" | "AVERAGE_SUM_ORG_UNIT");
    is_number && !is_averaged && !element.zero_is_significant
}

/// Whether a text is a value of a DHIS2 value type. Types that hold no number take no number here, except texts.
fn is_of_type(text: &str, value_type: &str) -> bool {
    let Ok(number) = text.parse::<Decimal>() else { return false };
    let whole = number.is_integer() && number <= Decimal::from(i32::MAX) && number >= Decimal::from(i32::MIN);
    match value_type {
        "INTEGER" => whole,
        "INTEGER_POSITIVE" => whole && number > Decimal::ZERO,
        "INTEGER_NEGATIVE" => whole && number < Decimal::ZERO,
        "INTEGER_ZERO_OR_POSITIVE" => whole && number >= Decimal::ZERO,
        "PERCENTAGE" => number >= Decimal::ZERO && number <= Decimal::ONE_HUNDRED,
        "UNIT_INTERVAL" => number >= Decimal::ZERO && number <= Decimal::ONE,
        "BOOLEAN" => number.is_zero() || number == Decimal::ONE,
        "TRUE_ONLY" => number == Decimal::ONE,
        "NUMBER" | "TEXT" | "LONG_TEXT" | "MULTI_TEXT" => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_types_by_hand() {
        for (text, kind, good) in [
            ("12", "INTEGER", true),
            ("12.5", "INTEGER", false),
            ("12.0", "INTEGER", true),
            ("0", "INTEGER_POSITIVE", false),
            ("0", "INTEGER_ZERO_OR_POSITIVE", true),
            ("-1", "INTEGER_ZERO_OR_POSITIVE", false),
            ("-1", "INTEGER_NEGATIVE", true),
            ("2147483648", "INTEGER", false),
            ("-2147483648", "INTEGER", true),
            ("100.1", "PERCENTAGE", false),
            ("1", "UNIT_INTERVAL", true),
            ("2", "BOOLEAN", false),
            ("1", "TRUE_ONLY", true),
            ("0", "TRUE_ONLY", false),
            ("1", "LETTER", false),
            ("12", "DATE", false),
        ] {
            assert_eq!(is_of_type(text, kind), good, "{text} as {kind}");
        }
    }
}
