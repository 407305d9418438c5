//! Text as words that can be compared: without case, accents and punctuation.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A run of letters or a run of digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// It stood in parentheses.
    pub(super) aside: bool,
}

/// Longer words, and more of them, are no name; they would only cost time.
const LONGEST_WORD: usize = 48;
const MOST_WORDS: usize = 24;

/// The words of a text. Letters lose case and accents, apostrophes vanish (`N'Djili` is `ndjili`, `Mary's` is `mary`),
/// other punctuation parts words, letters and digits are parted, and single letters in a row are one word (`H/C` is `hc`).
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let letters: Vec<char> =
        text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect();
    let mut out: Vec<Piece> = Vec::new();
    let (mut word, mut depth) = (String::new(), 0_usize);
    let mut index = 0;
    while let Some(&letter) = letters.get(index) {
        index += 1;
        match letter {
            _ if is_apostrophe(letter) => {
                let after = |offset: usize| letters.get(index + offset).copied();
                let possessive = after(0) == Some('s') && !after(1).is_some_and(char::is_alphanumeric);
                index += usize::from(possessive && word.len() > 1);
            }
            _ if letter.is_alphanumeric() => {
                let digit_before = word.chars().next_back().map(char::is_numeric);
                if digit_before.is_some_and(|digit| digit != letter.is_numeric()) {
                    finish(&mut word, depth > 0, &mut out);
                }
                push_plain(letter, &mut word);
            }
            _ => {
                finish(&mut word, depth > 0, &mut out);
                match letter {
                    '(' | '[' => depth += 1,
                    ')' | ']' => depth = depth.saturating_sub(1),
                    '&' => out.push(Piece { text: "and".into(), aside: depth > 0 }),
                    _ => {}
                }
            }
        }
    }
    finish(&mut word, depth > 0, &mut out);
    out.truncate(MOST_WORDS);
    if out.iter().all(|piece| piece.aside) {
        out.iter_mut().for_each(|piece| piece.aside = false);
    }
    join_single_letters(&out)
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʻ' | '\u{fffd}' | '\u{2032}')
}

/// Letters that compatibility decomposition leaves alone.
fn push_plain(letter: char, word: &mut String) {
    match letter {
        'œ' => word.push_str("oe"),
        'æ' => word.push_str("ae"),
        'ß' => word.push_str("ss"),
        'ø' | 'ɔ' => word.push('o'),
        'ł' => word.push('l'),
        'đ' | 'ɗ' => word.push('d'),
        'ɓ' => word.push('b'),
        'ŋ' | 'ɲ' => word.push('n'),
        'ɛ' => word.push('e'),
        'ı' => word.push('i'),
        _ => word.push(letter),
    }
}

fn finish(word: &mut String, aside: bool, out: &mut Vec<Piece>) {
    if word.is_empty() {
        return;
    }
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    let digits = if is_number { word.trim_start_matches('0') } else { word.as_str() };
    let text = if digits.is_empty() { "0".to_owned() } else { digits.chars().take(LONGEST_WORD).collect() };
    out.push(Piece { text, aside });
    word.clear();
}

fn join_single_letters(pieces: &[Piece]) -> Vec<Piece> {
    let is_letter = |text: &str| text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut open = false;
    for (index, piece) in pieces.iter().enumerate() {
        let single = is_letter(&piece.text);
        // `J & B` is `jb`.
        let between = open && piece.text == "and" && pieces.get(index + 1).is_some_and(|next| is_letter(&next.text));
        if between {
            continue;
        }
        match out.last_mut() {
            Some(last) if single && open && last.aside == piece.aside => last.text.push_str(&piece.text),
            _ => out.push(piece.clone()),
        }
        open = single;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        pieces(text)
            .into_iter()
            .map(|piece| if piece.aside { format!("({})", piece.text) } else { piece.text })
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn case_accents_and_punctuation_do_not_matter() {
        assert_eq!(words("Pôste de SANTÉ"), "poste de sante");
        assert_eq!(words("St. Mary's H/C III"), "st mary hc iii");
        assert_eq!(words("N’Djili-2"), "ndjili 2");
        assert_eq!(words("P & K Clinic"), "pk clinic");
        assert_eq!(words("Liberté06 (Marché)"), "liberte 6 (marche)");
        assert_eq!(words("(Kampala)"), "kampala");
        assert_eq!(words(" – "), "");
        assert_eq!(words("S.D.A. Church"), "sda church");
    }
}
