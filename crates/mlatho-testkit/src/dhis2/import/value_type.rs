//! Whether a text is a value of a type.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime, Time};

use crate::dhis2::config::Engine;

/// The value as it is stored, or nothing where it is none of that type.
///
/// Engine B turns `12.0` into `12` and every way of saying yes or no into `true` or `false`; `12.50` is no integer
/// `[C]`. Engine A stores what it gets.
pub(super) fn normalised<'a>(engine: Engine, value_type: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let plain = match (engine, value_type) {
        (Engine::B, kind) if kind.starts_with("INTEGER") => Cow::Borrowed(without_zero_fraction(value)),
        (Engine::B, "BOOLEAN" | "TRUE_ONLY") => Cow::Borrowed(truth(value)?),
        _ => Cow::Borrowed(value),
    };
    let text = plain.as_ref();
    let fits = match value_type {
        "INTEGER" => is_integer(text),
        "INTEGER_POSITIVE" => is_integer(text) && !text.starts_with('-') && text != "0",
        "INTEGER_NEGATIVE" => is_integer(text) && text.starts_with('-'),
        "INTEGER_ZERO_OR_POSITIVE" => is_integer(text) && !text.starts_with('-'),
        "NUMBER" => is_number(text) && text.len() <= 250,
        "UNIT_INTERVAL" => is_number(text) && text.parse().is_ok_and(|number: f64| (0.0..=1.0).contains(&number)),
        "PERCENTAGE" => is_number(text) && text.parse().is_ok_and(|number: f64| (0.0..=100.0).contains(&number)),
        "BOOLEAN" => matches!(text, "true" | "false" | "True" | "False" | "TRUE" | "FALSE" | "t" | "f" | "1" | "0"),
        "TRUE_ONLY" => matches!(text, "true" | "True" | "TRUE" | "t" | "1"),
        "DATE" => text.parse::<Date>().is_ok(),
        "DATETIME" => text.parse::<DateTime>().is_ok(),
        "TIME" => text.parse::<Time>().is_ok(),
        "LETTER" => text.chars().count() == 1 && text.chars().all(char::is_alphabetic),
        _ => text.len() <= 50_000,
    };
    fits.then_some(plain)
}

fn without_zero_fraction(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() && fraction.bytes().all(|digit| digit == b'0') => whole,
        _ => text,
    }
}

fn truth(text: &str) -> Option<&'static str> {
    Some(match text.to_ascii_lowercase().as_str() {
        "t" | "y" | "1" | "yes" | "true" => "true",
        "f" | "n" | "0" | "no" | "false" => "false",
        _ => return None,
    })
}

/// DHIS2's pattern `^(0|-?[1-9]\d*)$`, in the range of an `int` `[C]`.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let shape = text == "0" || (digits.starts_with(|first: char| ('1'..='9').contains(&first)));
    shape && digits.bytes().all(|digit| digit.is_ascii_digit()) && text.parse::<i32>().is_ok()
}

/// Digits with at most one point, perhaps a minus before and an exponent behind.
fn is_number(text: &str) -> bool {
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(m, e)| (m, Some(e)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let mantissa_fits = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole.is_empty() || digits(whole)) && digits(fraction),
        None => digits(mantissa),
    };
    mantissa_fits && exponent.is_none_or(|e| digits(e.strip_prefix(['-', '+']).unwrap_or(e)))
}

/// Whether the value is a zero, as it matters for data elements whose zeros are not significant.
pub(super) fn is_zero(text: &str) -> bool {
    is_number(text) && text.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_by_hand() {
        let read = |engine, kind, text| normalised(engine, kind, text).map(Cow::into_owned);
        assert_eq!(read(Engine::B, "INTEGER", "12.0").as_deref(), Some("12"));
        assert_eq!(read(Engine::A, "INTEGER", "12.0"), None);
        assert_eq!(read(Engine::B, "INTEGER", "12.50"), None);
        assert_eq!(read(Engine::B, "INTEGER_ZERO_OR_POSITIVE", "-1"), None);
        assert_eq!(read(Engine::B, "BOOLEAN", "yes").as_deref(), Some("true"));
        assert_eq!(read(Engine::A, "BOOLEAN", "yes"), None);
        assert_eq!(read(Engine::A, "NUMBER", "-.5e3").as_deref(), Some("-.5e3"));
        assert_eq!(read(Engine::A, "NUMBER", "1,5"), None);
        assert_eq!(read(Engine::A, "PERCENTAGE", "100.5"), None);
        assert!(is_zero("0.0") && !is_zero("10") && !is_zero(""));
    }
}
