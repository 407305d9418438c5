//! Names of data elements, taken apart: a product, a measure, category options.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use mlatho_model::Measure;

use crate::matching::product::{LEXICON, ProductName, Runs, Token, parse_tokens, tokens};

const MEASURES: &str = include_str!("lexicon/measures.txt");
const OPTIONS: &str = include_str!("lexicon/options.txt");
/// Words that phrases may hold or lack.
const LINKS: [&str; 11] = ["of", "the", "at", "de", "du", "la", "do", "da", "e", "et", "and"];

/// What the name of a data element says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ElementName {
    /// What is counted.
    pub product: ProductName,
    /// The logistics measure; nothing where the name does not say.
    pub measure: Option<Measure>,
    /// Category options by which it is divided: `under 5`, `female`. The default option is none.
    pub options: BTreeSet<Box<str>>,
}

/// A phrase of a list: what it means, and its words.
#[derive(Debug)]
struct Phrase<T> {
    meaning: T,
    words: Vec<Token>,
}

static MEASURE_PHRASES: LazyLock<Vec<Phrase<Measure>>> =
    LazyLock::new(|| phrases(MEASURES, |name, _| name.parse().ok()));

static OPTION_PHRASES: LazyLock<Vec<Phrase<(&'static str, bool)>>> =
    LazyLock::new(|| phrases(OPTIONS, |name, section| Some((name, section == "anywhere"))));

fn phrases<T: Clone>(text: &'static str, read: impl Fn(&'static str, &str) -> Option<T>) -> Vec<Phrase<T>> {
    let mut section = "";
    let mut all = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if let Some((name, aliases)) = line.split_once(':')
            && let Some(meaning) = read(name.trim(), section)
        {
            let words = aliases.split(" | ").chain([name]).map(|alias| significant(&tokens(alias, &Runs::new())));
            all.extend(words.map(|words| Phrase { meaning: meaning.clone(), words }));
        }
    }
    all
}

fn significant(tokens: &[Token]) -> Vec<Token> {
    tokens.iter().filter(|token| !is_link(token)).cloned().collect()
}

fn is_link(token: &Token) -> bool {
    match token {
        Token::Word(word) => LINKS.contains(&&**word),
        Token::Symbol(symbol) => !matches!(symbol, '<' | '>' | '≥' | '+' | '='),
        Token::Number(_) | Token::Count(_) => false,
    }
}

/// Takes the name of a data element apart; `options` are its category options, where they have a column of their own.
///
/// The measure may stand anywhere in the name or among the options. A name without a measure is that of the product.
pub fn parse_element(name: &str, measure: &str, options: &str) -> ElementName {
    read(name, measure, options).0
}

/// The name taken apart, and the words of the product.
pub(super) fn read(name: &str, measure: &str, options: &str) -> (ElementName, Vec<Token>) {
    let mut rest = tokens(name, &LEXICON.runs);
    let mut apart = tokens(options, &LEXICON.runs);
    let mut found = BTreeSet::new();
    while let Some(((option, _), from, to)) = longest(&apart, OPTION_PHRASES.iter(), 0) {
        found.insert((*option).into());
        apart.drain(from..to);
    }
    let anywhere = || OPTION_PHRASES.iter().filter(|phrase| phrase.meaning.1);
    while let Some(((option, _), from, to)) = longest(&rest, anywhere(), 0) {
        found.insert((*option).into());
        rest.drain(from..to);
    }
    let given = measure.trim().parse().ok().or_else(|| take_measure(&mut tokens(measure, &LEXICON.runs)));
    let in_options = take_measure(&mut apart);
    let in_name = take_measure(&mut rest);
    let words = apart.iter().filter_map(|token| match token {
        Token::Word(word) if !matches!(&**word, "default" | "defaut") && !is_link(token) => Some(word.clone()),
        Token::Number(number) => Some(number.to_string().into()),
        _ => None,
    });
    found.extend(words);
    let measure = given.or(in_options).or(in_name);
    (ElementName { product: parse_tokens(&rest), measure, options: found }, rest)
}

/// The measure that the words name; its words are taken out. A typing error in a word of a phrase is forgiven.
fn take_measure(words: &mut Vec<Token>) -> Option<Measure> {
    let (measure, from, to) =
        longest(words, MEASURE_PHRASES.iter(), 0).or_else(|| longest(words, MEASURE_PHRASES.iter(), 1))?;
    let measure = measure.clone();
    words.drain(from..to);
    Some(measure)
}

/// The longest phrase in the words, of equals the last, and where it stands.
fn longest<'a, T>(
    words: &[Token],
    phrases: impl Iterator<Item = &'a Phrase<T>>,
    slips: usize,
) -> Option<(&'a T, usize, usize)> {
    let places: Vec<usize> = (0..words.len()).filter(|at| !is_link(&words[*at])).collect();
    let mut best: Option<(usize, usize, usize, &T)> = None;
    for phrase in phrases.filter(|phrase| !phrase.words.is_empty()) {
        for window in places.windows(phrase.words.len()) {
            let (from, to) = (window[0], window[window.len() - 1] + 1);
            let longer = best.is_none_or(|(length, at, _, _)| (window.len(), from) > (length, at));
            if longer && says(words, window, &phrase.words, slips) {
                best = Some((window.len(), from, to, &phrase.meaning));
            }
        }
    }
    best.map(|(_, from, to, meaning)| (meaning, from, to))
}

/// Whether the words at these places are the phrase. `slips` typing errors are allowed in phrases of several words.
fn says(words: &[Token], places: &[usize], phrase: &[Token], slips: usize) -> bool {
    let mut left = if phrase.len() > 1 { slips } else { 0 };
    places.iter().zip(phrase).all(|(at, expected)| {
        let found = &words[*at];
        if found == expected {
            return true;
        }
        let (Token::Word(found), Token::Word(expected)) = (found, expected) else { return false };
        let slip = left > 0 && expected.len() >= 4 && strsim::osa_distance(found, expected) == 1;
        left -= usize::from(slip);
        slip
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_logistics_measure_has_words() {
        for measure in Measure::LOGISTICS {
            assert!(MEASURE_PHRASES.iter().any(|phrase| phrase.meaning == measure), "{measure}");
        }
    }
}
