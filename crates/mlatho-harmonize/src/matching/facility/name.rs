//! A name taken apart: what tells facilities apart, and what only says what kind of facility it is.

use super::fold::{Piece, pieces};
use super::lexicon::{Category, Lexicon, Meaning};

/// A word that is part of the name itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NameWord {
    pub(super) text: String,
    /// It stood in parentheses.
    pub(super) aside: bool,
}

/// The parts of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) words: Vec<NameWord>,
    /// Numbers that tell places of one name apart, sorted; letters as 1001 and up.
    pub(super) ordinals: Vec<u32>,
    /// What the words say that it is, the part that tells most.
    pub(super) category: Option<Category>,
    /// All that the words say that it is.
    pub(super) types: Vec<Category>,
    /// The words that say so, as they are written.
    pub(super) type_words: Vec<String>,
}

/// What the ordinal letter `a` counts as.
const LETTER_ORDINALS: u32 = 1001;
/// Long type words to which the next word is sometimes glued.
const GLUED: [&str; 5] = ["dispensary", "hospital", "centre", "center", "clinic"];
/// How long the word glued to it must be: `hospitalier` is a word of its own.
const SHORTEST_GLUED: usize = 5;
/// The one spelling of St, Ste, São …; they stand before a name.
pub(super) const SAINT: &str = "saint";
/// Words before the level of a facility.
const LEVEL_WORDS: [&str; 6] = ["level", "niveau", "nivel", "type", "tipo", "grade"];
const HIGHEST_LEVEL: u8 = 6;

impl Name {
    /// Takes a name apart. Where nothing but a kind of facility is named, its words are the name.
    pub(super) fn parse(text: &str, lexicon: &Lexicon) -> Self {
        let pieces = unglued(pieces(text));
        let mut name = Self::default();
        let (mut index, mut after_type) = (0, false);
        while let Some(piece) = pieces.get(index) {
            let next = pieces.get(index + 1).and_then(|next| numeral(&next.text, true));
            if let Some(level) = next.and_then(level).filter(|_| LEVEL_WORDS.contains(&&*piece.text)) {
                add_level(&mut name.types, level);
                (index, after_type) = (index + 2, false);
            } else if let Some(number) = ordinal(&pieces, index) {
                let of_type = name.types.last().is_some_and(|last| last.level == 0 && lexicon.has_levels(*last));
                match level(number).filter(|_| after_type && of_type) {
                    Some(level) => add_level(&mut name.types, level),
                    None => name.ordinals.push(number),
                }
                (index, after_type) = (index + 1, false);
            } else {
                let found = lexicon.meaning(pieces.iter().skip(index).map(|piece| piece.text.as_str()));
                let (meaning, length) = found.map_or((None, 1), |(meaning, length)| (Some(meaning), length));
                let mut keep = |text: &str| name.words.push(NameWord { text: text.to_owned(), aside: piece.aside });
                match meaning {
                    Some(Meaning::Type(category)) => {
                        name.types.push(*category);
                        let written = pieces.iter().skip(index).take(length);
                        name.type_words.extend(written.map(|piece| piece.text.clone()));
                    }
                    Some(Meaning::Drop) => {}
                    Some(Meaning::Saint) if is_name(&pieces, index + length, lexicon) => keep(SAINT),
                    Some(Meaning::Word(word)) => keep(word),
                    Some(Meaning::Saint) | None => keep(&piece.text),
                }
                (index, after_type) = (index + length, matches!(meaning, Some(Meaning::Type(_))));
            }
        }
        if name.words.iter().all(|word| word.aside) {
            name.words.iter_mut().for_each(|word| word.aside = false);
        }
        name.category = name.types.iter().find(|category| category.level > 0).or(name.types.last()).copied();
        if name.words.is_empty() {
            let other = name.types.iter().filter(|category| name.types.len() == 1 || Some(**category) != name.category);
            name.words = other.map(|category| NameWord { text: lexicon.kind_word(*category), aside: false }).collect();
        }
        name.ordinals.sort_unstable();
        name.ordinals.dedup();
        name
    }
}

/// Whether a word of the name itself stands here, not one for a type: `Santa` before `Clinic` is a place.
fn is_name(pieces: &[Piece], index: usize, lexicon: &Lexicon) -> bool {
    let meaning = lexicon.meaning(pieces.iter().skip(index).map(|piece| piece.text.as_str()));
    index < pieces.len() && !matches!(meaning, Some((Meaning::Type(_), _)))
}

fn level(number: u32) -> Option<u8> {
    u8::try_from(number).ok().filter(|level| (1..=HIGHEST_LEVEL).contains(level))
}

/// Gives the level to what was named before it, or to nothing in particular.
fn add_level(categories: &mut Vec<Category>, level: u8) {
    match categories.last_mut() {
        Some(last) if last.level == 0 => last.level = level,
        _ => categories.push(Category { class: Category::UNKNOWN_CLASS, variant: 0, level }),
    }
}

/// Parts a type word from the word that is glued to it: `centrelukono`, `centreiii`, `palamhealth centre`.
fn unglued(pieces: Vec<Piece>) -> Vec<Piece> {
    const HEALTH: &str = "health";
    let before_centre: Vec<bool> =
        pieces.iter().skip(1).map(|next| next.text.starts_with("cent")).chain([false]).collect();
    let part = |(piece, before_centre): (Piece, bool)| {
        if let Some(name) = piece.text.strip_suffix(HEALTH).filter(|name| before_centre && !name.is_empty()) {
            return [name, HEALTH].map(|text| Piece { text: text.to_owned(), aside: piece.aside }).into();
        }
        let text = piece.text.as_str();
        let is_own = |rest: &str| rest.len() >= SHORTEST_GLUED || numeral(rest, false).is_some();
        let parts = GLUED.iter().find_map(|word| text.strip_prefix(word).map(|rest| (*word, rest)));
        let Some((word, rest)) = parts.filter(|(_, rest)| is_own(rest)) else { return vec![piece] };
        [word, rest].map(|text| Piece { text: text.to_owned(), aside: piece.aside }).into()
    };
    pieces.into_iter().zip(before_centre).flat_map(part).collect()
}

/// The number that a piece writes in digits or Roman numerals; `i`, `v` and `x` only where `short` allows them.
fn numeral(text: &str, short: bool) -> Option<u32> {
    const ROMAN: [&str; 12] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let place = ROMAN.iter().position(|roman| *roman == text)?;
    if text.len() == 1 && !short { None } else { u32::try_from(place + 1).ok() }
}

/// The number at a place of a name. A single letter counts only at the end.
fn ordinal(pieces: &[Piece], index: usize) -> Option<u32> {
    let piece = pieces.get(index)?;
    let is_end = index > 0 && pieces.get(index + 1).is_none_or(|next| next.aside != piece.aside);
    let letter = || piece.text.bytes().next().filter(|letter| piece.text.len() == 1 && (b'a'..=b'd').contains(letter));
    numeral(&piece.text, is_end).or_else(|| Some(LETTER_ORDINALS + u32::from(letter().filter(|_| is_end)? - b'a')))
}
