//! Telephone numbers in the text of a message.

/// Fewest digits of a telephone number that is written in one piece, and in several.
const IN_ONE: usize = 8;
const IN_SEVERAL: usize = 9;
/// No telephone number has more.
const MOST: usize = 15;
/// No quantity has more, and no telephone number with the code of its country has so few.
const OF_QUANTITY: usize = 9;

/// The text with `#…0` in the place of telephone numbers: as long as they were, and no quantity.
///
/// A number of eight digits and more is one, unless it is the quantity of a listed product: up to nine digits, of which
/// the first is no zero.
/// One that begins with `+` or `0` may stand in pieces, set apart by a space, a hyphen or a point.
pub(super) fn masked(text: &str, is_product: &dyn Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = number_at(rest, &out, is_product);
        if length > 0 {
            out.extend(std::iter::repeat_n('#', length - 1));
            out.push('0');
            rest = &rest[length..];
            continue;
        }
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if digits > 0 {
            out.push_str(&rest[..digits]);
            rest = &rest[digits..];
        } else {
            // Digits of other scripts are read by no grammar.
            out.push(if first.is_numeric() { '#' } else { first });
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// The length of the telephone number that a text begins with; 0: it begins with none. `before` stands before it.
fn number_at(text: &str, before: &str, is_product: &dyn Fn(&str) -> bool) -> usize {
    let (plus, body) = text.strip_prefix('+').map_or((0, text), |body| (1, body));
    let in_one = body.find(|c: char| !c.is_ascii_digit()).unwrap_or(body.len());
    if in_one == 0 {
        return 0;
    }
    let marked = plus == 1 || body.starts_with('0');
    if marked && let Some(length) = in_several(body) {
        return plus + length;
    }
    let word = before.trim_end().rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    let is_quantity = !marked && in_one <= OF_QUANTITY && is_product(&word.to_lowercase());
    if in_one >= IN_ONE && !is_quantity { plus + in_one } else { 0 }
}

/// The length of groups of digits that together are a telephone number.
fn in_several(text: &str) -> Option<usize> {
    let (mut length, mut digits, mut groups) = (0, 0, 0);
    loop {
        let rest = &text[length..];
        let gap = usize::from(groups > 0 && rest.starts_with([' ', '-', '.']));
        let group = rest[gap..].bytes().take_while(u8::is_ascii_digit).count();
        if group == 0 || (groups > 0 && gap == 0) {
            break;
        }
        length += gap + group;
        digits += group;
        groups += 1;
    }
    (groups > 1 && (IN_SEVERAL..=MOST).contains(&digits)).then_some(length)
}

#[cfg(test)]
mod tests {
    fn masked(text: &str) -> String {
        super::masked(text, &|code| code == "zi")
    }

    #[test]
    fn telephone_numbers_go_and_quantities_stay() {
        for (text, left) in [
            ("call 0991234567", "call #########0"),
            ("call +265991234567 now", "call ############0 now"),
            ("call +265 99 123 4567", "call ###############0"),
            ("0991-234-567", "###########0"),
            ("pil 99123456", "pil #######0"),
            ("zi 0991234567", "zi #########0"),
            ("zi 265991234567", "zi ###########0"),
            // Quantities: of a listed product of any size, others up to seven digits, zero and its neighbours.
            ("zi 100000000 la 15", "zi 100000000 la 15"),
            ("pil 1234567", "pil 1234567"),
            ("zi 0 10 20 30", "zi 0 10 20 30"),
            ("inj -3 pil +12", "inj -3 pil +12"),
            ("2.5", "2.5"),
            ("٠٩٩", "###"),
            ("", ""),
        ] {
            assert_eq!(masked(text), left, "{text}");
        }
    }
}
