//! What a source said about one number.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

/// A number, or the exact way in which there is none.
///
/// Zero is a reported number. Nothing turns `Missing` into zero (`lmis.md` 0.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// The source holds this number for a report that exists.
    Reported(Decimal),
    /// Nothing was entered, or what was entered is no number.
    Missing(MissingReason),
    /// The product is not managed here, the column is not in the form, the line was skipped.
    NotApplicable,
    /// A number exists and a rule withholds it; the rule is named.
    Suppressed(Box<str>),
}

/// Why a number is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MissingReason {
    /// The cell was empty or held a declared missing mark.
    Blank,
    /// The cell held something that is not a number; the text is kept in the finding.
    NotANumber,
    /// The source has no such column.
    NoColumn,
    /// The report does not exist.
    NoReport,
    /// The source withdrew the value.
    Withdrawn,
}

impl MissingReason {
    const ALL: [Self; 5] = [Self::Blank, Self::NotANumber, Self::NoColumn, Self::NoReport, Self::Withdrawn];

    /// The stable name, as after `missing:` in the `state` column.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::NotANumber => "not-a-number",
            Self::NoColumn => "no-column",
            Self::NoReport => "no-report",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Value {
    /// The number, if one was reported.
    #[must_use]
    pub const fn reported(&self) -> Option<Decimal> {
        match self {
            Self::Reported(number) => Some(*number),
            _ => None,
        }
    }

    /// The `state` column: `reported`, `missing:<reason>`, `not-applicable` or `suppressed:<rule>`.
    #[must_use]
    pub fn state(&self) -> State<'_> {
        State(self)
    }

    /// Reads a number and its `state` column back. `number` is looked at only where the state is `reported`.
    ///
    /// # Errors
    /// The state is none of the four, or it is `reported` and there is no number.
    pub fn from_state(state: &str, number: Option<Decimal>) -> Result<Self, BadState> {
        let bad = || BadState { found: state.into() };
        match state.split_once(':') {
            None if state == "reported" => number.map(Self::Reported).ok_or_else(bad),
            None if state == "not-applicable" => Ok(Self::NotApplicable),
            Some(("missing", reason)) => {
                let known = MissingReason::ALL.into_iter().find(|known| known.name() == reason);
                known.map(Self::Missing).ok_or_else(bad)
            }
            Some(("suppressed", rule)) if !rule.is_empty() => Ok(Self::Suppressed(rule.into())),
            _ => Err(bad()),
        }
    }
}

/// Shows the state of a value; see [`Value::state`].
#[derive(Clone, Copy, Debug)]
pub struct State<'a>(&'a Value);

impl fmt::Display for State<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Reported(_) => f.write_str("reported"),
            Value::Missing(reason) => write!(f, "missing:{}", reason.name()),
            Value::NotApplicable => f.write_str("not-applicable"),
            Value::Suppressed(rule) => write!(f, "suppressed:{rule}"),
        }
    }
}

/// A text that is no value state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{found}` is not a value state with its number (reported, missing:<reason>, not-applicable, suppressed:<rule>)"
)]
pub struct BadState {
    pub found: String,
}

impl FromStr for MissingReason {
    type Err = BadState;

    fn from_str(text: &str) -> Result<Self, BadState> {
        let known = Self::ALL.into_iter().find(|known| known.name() == text);
        known.ok_or_else(|| BadState { found: text.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_reads_back() {
        let mut values: Vec<Value> = MissingReason::ALL.into_iter().map(Value::Missing).collect();
        values.extend([Value::Reported(Decimal::ZERO), Value::NotApplicable, Value::Suppressed("status".into())]);
        for value in values {
            let state = value.state().to_string();
            assert_eq!(Value::from_state(&state, value.reported()), Ok(value));
        }
    }

    #[test]
    fn missing_is_not_zero() {
        assert_eq!(Value::from_state("missing:blank", Some(Decimal::ZERO)), Ok(Value::Missing(MissingReason::Blank)));
        assert!(Value::from_state("reported", None).is_err());
        assert!(Value::from_state("", None).is_err());
    }
}
