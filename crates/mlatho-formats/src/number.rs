//! Numbers as people and systems write them.

use mlatho_model::Decimal;

/// Reads a number exactly. Thousands may be set apart by spaces, or by commas where nothing else can be meant
/// (`1,234,567`, `1,234.5`); `1,234` and `1,2` are refused because their comma may stand for either.
pub(crate) fn parse(text: &str) -> Option<Decimal> {
    integer(text.as_bytes()).map(Decimal::from).or_else(|| general(text))
}

/// Up to 18 digits with an optional minus: nearly all cells there are.
fn integer(bytes: &[u8]) -> Option<i64> {
    let (negative, digits) = match bytes {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut number = 0i64;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + i64::from(digit);
    }
    Some(if negative { -number } else { number })
}

fn general(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').map_or((unsigned, None), |(whole, rest)| (whole, Some(rest)));
    let digits_only = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if fraction.is_some_and(|fraction| fraction.is_empty() || !digits_only(fraction)) {
        return None;
    }
    let groups = |separators: &[char]| -> Option<(usize, String)> {
        let mut parts = whole.split(separators);
        let first = parts.next().filter(|first| (1..=3).contains(&first.len()) && digits_only(first))?;
        let mut joined = first.to_owned();
        let mut count = 0;
        for part in parts {
            if part.len() != 3 || !digits_only(part) {
                return None;
            }
            joined.push_str(part);
            count += 1;
        }
        Some((count, joined))
    };
    let whole = if digits_only(whole) && !(whole.is_empty() && fraction.is_none()) {
        whole.to_owned()
    } else if whole.contains(',') {
        groups(&[',']).filter(|(count, _)| *count > 1 || fraction.is_some())?.1
    } else {
        groups(&[' ', '\u{a0}', '\u{202f}'])?.1
    };
    let sign = if text.starts_with('-') { "-" } else { "" };
    Decimal::from_str_exact(&format!("{sign}{whole}.{}", fraction.unwrap_or("0")))
        .ok()
        .map(|number| if fraction.is_none() { number.trunc() } else { number })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_by_hand() {
        let good = [
            ("0", "0"),
            ("-7", "-7"),
            ("+7", "7"),
            ("007", "7"),
            ("12.50", "12.50"),
            (".5", "0.5"),
            ("1,234,567", "1234567"),
            ("1,234.5", "1234.5"),
            ("1 234", "1234"),
            ("1\u{202f}234\u{a0}567", "1234567"),
            ("1234567890123456789012", "1234567890123456789012"),
            (" 5 ", "5"),
        ];
        for (text, number) in good {
            assert_eq!(parse(text).map(|number| number.to_string()).as_deref(), Some(number), "{text}");
        }
    }

    #[test]
    fn what_may_mean_two_things_is_no_number() {
        let bad = [
            "",
            "-",
            "1,2",
            "1,234",
            "1.2.3",
            "4O",
            "N/A",
            "1e3",
            "1.",
            "12 34",
            "--1",
            "½",
            "1,23,456",
            "1 234,5",
            "99999999999999999999999999999999",
        ];
        for text in bad {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn decimals_read_back(mantissa in any::<i64>(), scale in 0u32..10) {
            let number = Decimal::new(mantissa, scale);
            prop_assert_eq!(parse(&number.to_string()), Some(number));
        }

        #[test]
        fn nothing_panics(text in ".*") {
            parse(&text);
        }
    }
}
