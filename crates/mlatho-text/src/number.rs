//! Numbers as each language writes them.

use mlatho_model::Decimal;

use crate::Language;

/// A number for people: 1,234.5 in English and Swahili, 1 234,5 (narrow no-break space) in French, 1.234,5 in
/// Portuguese.
#[must_use]
pub fn shown(number: Decimal, language: Language) -> String {
    let (thousands, point) = match language {
        Language::En | Language::Sw => (",", "."),
        Language::Fr => ("\u{202f}", ","),
        Language::Pt => (".", ","),
    };
    let plain = number.abs().to_string();
    let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), None), |(w, f)| (w, Some(f)));
    let mut text = String::from(if number.is_sign_negative() && !number.is_zero() { "−" } else { "" });
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            text.push_str(thousands);
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push_str(point);
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_by_its_custom() {
        let number = Decimal::new(-12_345_678, 1);
        assert_eq!(shown(number, Language::En), "−1,234,567.8");
        assert_eq!(shown(number, Language::Fr), "−1\u{202f}234\u{202f}567,8");
        assert_eq!(shown(number, Language::Pt), "−1.234.567,8");
        assert_eq!(shown(Decimal::from(123), Language::Sw), "123");
        assert_eq!(shown(Decimal::from(1000), Language::En), "1,000");
    }
}
