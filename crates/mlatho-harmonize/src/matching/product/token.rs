//! Product names as tokens: words in one spelling, numbers, symbols.

use std::collections::HashSet;

use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A part of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::matching) enum Token {
    /// A word, spelt as [`spelling`] has it.
    Word(Box<str>),
    Number(Decimal),
    /// A number that is said to be a count: `60's`.
    Count(Decimal),
    Symbol(char),
}

/// Words that look like `3tc` or `b12` and are not to be parted into letters and digits.
pub(in crate::matching) type Runs = HashSet<Box<str>>;

/// The tokens of a text, without case and accents. Numbers are read with either decimal mark: `1,5` and `1.5`,
/// `200,000` and `1.000.000`.
pub(in crate::matching) fn tokens(text: &str, runs: &Runs) -> Vec<Token> {
    let letters = fold(text);
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        if !letter.is_alphanumeric() {
            at += symbol(&letters, at, &mut out);
            continue;
        }
        let run: String = letters.iter().skip(at).take_while(|letter| letter.is_alphanumeric()).collect();
        if runs.contains(run.as_str()) {
            at += run.chars().count();
            out.push(Token::Word(run.into()));
        } else if letter.is_ascii_digit() {
            at += number(&letters, at, &mut out);
        } else {
            at += word(&run, &mut out);
        }
    }
    out
}

/// Lower case letters without accents and marks.
fn fold(text: &str) -> Vec<char> {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '½' => plain.push_str(" 1/2"),
            '¼' => plain.push_str(" 1/4"),
            '¾' => plain.push_str(" 3/4"),
            '™' | '®' | '©' | '\u{ad}' => {}
            'œ' | 'Œ' => plain.push_str("oe"),
            '×' => plain.push('x'),
            'µ' | 'μ' | 'Μ' => plain.push('u'),
            '’' | '‘' | '`' | '´' => plain.push('\''),
            '‐' | '‑' | '–' | '—' => plain.push('-'),
            '\u{fffd}' => plain.push(' '),
            _ => plain.push(letter),
        }
    }
    plain.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect()
}

/// Reads one letter that is neither letter nor digit; answers how many letters are done.
fn symbol(letters: &[char], at: usize, out: &mut Vec<Token>) -> usize {
    let Some(&letter) = letters.get(at) else { return 1 };
    let quotes = letters.iter().skip(at).take_while(|letter| **letter == '\'').count();
    if quotes > 0 {
        // `60's` is a count, the s of `Ringer's` says nothing, and in `d'oxygène` the letter before says nothing.
        let ends = !letters.get(at + quotes + 1).is_some_and(|letter| letter.is_alphanumeric());
        if letters.get(at + quotes) == Some(&'s') && ends {
            if let Some(Token::Number(number)) = out.last().cloned() {
                out.pop();
                out.push(Token::Count(number));
            }
            return quotes + 1;
        }
        if matches!(out.last(), Some(Token::Word(word)) if matches!(&**word, "d" | "l")) {
            out.pop();
        }
        return quotes;
    }
    if !letter.is_whitespace() && letter != '.' {
        out.push(Token::Symbol(letter));
    }
    1
}

/// Reads a number and an s behind it; answers how many letters are done.
fn number(letters: &[char], at: usize, out: &mut Vec<Token>) -> usize {
    let mut text = String::new();
    let mut length = 0;
    while let Some(&letter) = letters.get(at + length) {
        let goes_on = matches!(letter, '.' | ',') && letters.get(at + length + 1).is_some_and(char::is_ascii_digit);
        if letter.is_ascii_digit() || goes_on {
            text.push(letter);
            length += 1;
        } else if thousand_with_spaces(letters, at + length) && text.len() <= 3 {
            text.push_str(",000");
            length += 6;
        } else {
            break;
        }
    }
    let Some(number) = read_number(&text) else { return length.max(1) };
    let counted = letters.get(at + length) == Some(&'s')
        && !letters.get(at + length + 1).is_some_and(|letter| letter.is_alphanumeric());
    out.push(if counted { Token::Count(number) } else { Token::Number(number) });
    length + usize::from(counted)
}

/// ` , 000`, as in `200 , 000 IU`.
fn thousand_with_spaces(letters: &[char], at: usize) -> bool {
    letters.get(at..at + 6).is_some_and(|next| next == [' ', ',', ' ', '0', '0', '0'])
}

fn read_number(text: &str) -> Option<Decimal> {
    let commas = text.matches(',').count();
    let dots = text.matches('.').count();
    let plain = match (commas, dots) {
        (0, 0 | 1) => text.to_owned(),
        (0, _) => text.replace('.', ""),
        (_, 0) => {
            let (whole, part) = text.rsplit_once(',')?;
            let thousands = commas > 1 || (part.len() == 3 && !whole.starts_with('0') && whole.len() <= 3);
            if thousands { text.replace(',', "") } else { text.replace(',', ".") }
        }
        _ if text.rfind(',') > text.rfind('.') => text.replace('.', "").replace(',', "."),
        _ => text.replace(',', ""),
    };
    plain.parse().ok()
}

/// Reads the letters at the beginning of a run; answers how many letters are done.
fn word(run: &str, out: &mut Vec<Token>) -> usize {
    let letters: String = run.chars().take_while(|letter| !letter.is_ascii_digit()).collect();
    let length = letters.chars().count();
    let digits = run.chars().skip(length).take_while(char::is_ascii_digit).count();
    if digits >= 2 && matches!(&*letters, "r" | "h" | "z" | "e") {
        out.push(Token::Word(format!("tb{letters}").into())); // R150/H75: letters of the tuberculosis regimen
    } else if let Some(unit) = letters.strip_suffix('x').filter(|unit| digits > 0 && matches!(*unit, "cm" | "mm" | "m"))
    {
        out.extend([unit, "x"].map(|word| Token::Word(word.into())));
    } else {
        out.push(Token::Word(spelling(&letters).into()));
    }
    length
}

/// One spelling for a word that English, French and Portuguese write alike but for ph/f, th/t, y/i, k/c, doubled
/// letters, the final vowel and the plural s: `amoxycilline`, `amoxicilina` and `amoxicillin` are one. Words of less
/// than five letters lose only the plural s, or `line` and `LLIN` would be one.
pub(in crate::matching) fn spelling(word: &str) -> String {
    if word.chars().any(|letter| letter.is_ascii_digit()) {
        return word.to_owned();
    }
    let word = word.strip_suffix("es").filter(|stem| stem.ends_with('x')).unwrap_or(word);
    let word = word.strip_suffix('s').filter(|stem| !stem.ends_with('s') && stem.len() > 2).unwrap_or(word);
    if word.chars().count() < 5 {
        return word.to_owned();
    }
    let word = word.replace("ph", "f").replace("th", "t").replace("ch", "c").replace("ae", "e").replace("oe", "e");
    let word = word.replace("rh", "r").replace('y', "i").replace('k', "c").replace("cc", "c");
    let mut out = String::with_capacity(word.len());
    for letter in word.chars() {
        if !out.ends_with(letter) {
            out.push(letter);
        }
    }
    if let Some(stem) = out.strip_suffix("ique") {
        return format!("{stem}ic");
    }
    while out.len() > 3 && out.ends_with(['a', 'e', 'o']) {
        out.pop();
    }
    out
}
