//! Codes with their quantities in the text of a message. Nothing is guessed: what is left over is told.

use mlatho_model::Decimal;

use super::grammar::Pairs;
use super::problem::Problem;

/// A code and its quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) code: String,
    pub(super) quantity: Decimal,
}

/// What was found in a text.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// In the order of the message, each code once.
    pub(super) items: Vec<Item>,
    /// The worst thing that is wrong.
    pub(super) problem: Option<Problem>,
}

impl Found {
    fn worsen(&mut self, problem: Problem) {
        if self.problem.is_none_or(|known| problem.weight() > known.weight()) {
            self.problem = Some(problem);
        }
    }
}

/// What follows a code.
enum Next {
    /// No quantity.
    Nothing,
    /// One that cannot be read; why is told.
    Unreadable,
    Number(Decimal),
}

/// A stretch of text of one nature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run<'a> {
    Letters(&'a str),
    Digits(&'a str),
    Space,
    Mark(char),
}

fn runs<'a>(text: &'a str, rules: &Pairs) -> Vec<Run<'a>> {
    let letter = |c: char| c.is_ascii_alphabetic() || rules.code_characters.contains(c);
    let mut runs = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length_of = |fits: &dyn Fn(char) -> bool| rest.find(|c| !fits(c)).unwrap_or(rest.len());
        let (run, length) = if first.is_ascii_digit() {
            let length = length_of(&|c| c.is_ascii_digit());
            (Run::Digits(&rest[..length]), length)
        } else if letter(first) {
            let length = length_of(&letter);
            (Run::Letters(&rest[..length]), length)
        } else if first.is_whitespace() {
            (Run::Space, length_of(&char::is_whitespace))
        } else {
            (Run::Mark(first), first.len_utf8())
        };
        runs.push(run);
        rest = &rest[length..];
    }
    runs
}

/// Finds the pairs of a text. `known` tells which codes are products: such a word without a quantity is left over.
pub(super) fn find(text: &str, rules: &Pairs, known: &dyn Fn(&str) -> bool) -> Found {
    let runs = runs(text, rules);
    let mut scan = Scan { rules, runs: &runs, at: 0, found: Found::default() };
    let mut codes: Vec<String> = Vec::new();
    let mut left_over = false;
    while let Some(run) = scan.run(0) {
        scan.at += 1;
        match run {
            Run::Space => {}
            Run::Mark(_) => left_over |= matches!(scan.run(0), Some(Run::Digits(_))),
            Run::Digits(_) => left_over = true,
            Run::Letters(word) => match scan.quantity() {
                quantity @ (Next::Unreadable | Next::Number(_)) => {
                    let code = word.to_ascii_lowercase();
                    let [least, most] = rules.code_letters;
                    if !(least..=most).contains(&word.len()) {
                        left_over = true;
                    } else if codes.contains(&code) {
                        scan.found.worsen(Problem::RepeatedProduct);
                        scan.found.items.retain(|item| item.code != code);
                    } else {
                        codes.push(code.clone());
                        if let Next::Number(quantity) = quantity {
                            scan.found.items.push(Item { code, quantity });
                        }
                    }
                }
                Next::Nothing => left_over |= known(&word.to_ascii_lowercase()) || rules.mapped(word),
            },
        }
    }
    let mut found = scan.found;
    if codes.is_empty() && found.problem.is_none() {
        found.problem = Some(nothing(&runs));
    } else if left_over {
        found.worsen(Problem::UnparsedText);
    }
    found
}

/// Why there is no pair at all.
fn nothing(runs: &[Run<'_>]) -> Problem {
    let has = |fits: fn(&Run<'_>) -> bool| runs.iter().any(fits);
    match (has(|run| matches!(run, Run::Letters(_))), has(|run| matches!(run, Run::Digits(_)))) {
        (false, false) => Problem::EmptyReport,
        (false, true) => Problem::NoProduct,
        (true, false) => Problem::NoQuantity,
        (true, true) => Problem::NoPairs,
    }
}

impl Pairs {
    /// Whether a letter of the word may stand for a digit.
    fn mapped(&self, word: &str) -> bool {
        word.chars().any(|c| self.letters_as_digits.contains_key(&c))
    }

    /// The word as digits, where each of its letters stands for one.
    fn as_digits(&self, word: &str) -> Option<String> {
        word.chars().map(|c| self.letters_as_digits.get(&c)).collect()
    }
}

struct Scan<'a> {
    rules: &'a Pairs,
    runs: &'a [Run<'a>],
    at: usize,
    found: Found,
}

impl<'a> Scan<'a> {
    fn run(&self, ahead: usize) -> Option<Run<'a>> {
        self.runs.get(self.at + ahead).copied()
    }

    /// The quantity that follows a code.
    fn quantity(&mut self) -> Next {
        let start = self.at;
        while let Some(run) = self.run(0) {
            match run {
                Run::Space => self.at += 1,
                Run::Mark(c) if self.rules.between.contains(c) => self.at += 1,
                _ => break,
            }
        }
        let spaced = self.at > start;
        let begins = match self.run(0) {
            Some(Run::Digits(_) | Run::Mark('-' | '+' | '?')) => true,
            Some(Run::Letters(word)) if spaced && self.rules.as_digits(word).is_some() => {
                if !matches!(self.run(1), Some(Run::Digits(_))) {
                    // A letter that stands for a digit, alone.
                    self.at += 1;
                    self.found.worsen(Problem::AmbiguousLetterDigit);
                    return Next::Unreadable;
                }
                true
            }
            _ => false,
        };
        if !begins {
            self.at = start;
            return Next::Nothing;
        }
        self.number()
    }

    /// Reads on to the end of the quantity.
    fn number(&mut self) -> Next {
        let (mut digits, mut marks, mut problem) = (String::new(), String::new(), None);
        while let Some(run) = self.run(0) {
            match run {
                Run::Space => break,
                Run::Digits(text) => digits.push_str(text),
                Run::Letters(word) => match self.rules.as_digits(word) {
                    Some(mapped) => digits.push_str(&mapped),
                    None if word.chars().next().is_some_and(|c| self.rules.letters_as_digits.contains_key(&c)) => {
                        problem = Some(Problem::AmbiguousLetterDigit);
                    }
                    None if self.quantity_after_word() => break,
                    None => problem = Some(Problem::UnparsedText),
                },
                Run::Mark(c @ ('-' | '+' | '?')) => {
                    if !digits.is_empty() {
                        problem = Some(Problem::BadQuantity);
                    }
                    marks.push(c);
                }
                Run::Mark(mark) => match (mark, self.run(1)) {
                    ('.', Some(Run::Digits(_))) => problem = Some(Problem::NotInteger),
                    (_, Some(Run::Digits(_))) => problem = Some(Problem::UnparsedText),
                    _ => {
                        self.at += 1;
                        break;
                    }
                },
            }
            self.at += 1;
        }
        let sign = match (marks.as_str(), self.rules.signed) {
            ("", _) | ("+", true) => Ok(1),
            ("-", true) => Ok(-1),
            ("-", false) if !digits.is_empty() => Err(Problem::NegativeQuantity),
            _ => Err(Problem::BadQuantity),
        };
        let number = digits.parse::<u64>().map_err(|_| Problem::BadQuantity);
        match (problem, sign, number) {
            (None, Ok(sign), Ok(number)) => Next::Number(Decimal::from(number) * Decimal::from(sign)),
            (Some(problem), ..) | (None, Err(problem), _) | (None, _, Err(problem)) => {
                self.found.worsen(problem);
                Next::Unreadable
            }
        }
    }

    /// Whether the word at hand is the code of a further pair, glued to the quantity before it.
    fn quantity_after_word(&self) -> bool {
        let next = self.runs.iter().skip(self.at + 1).find(|run| **run != Run::Space);
        matches!(next, Some(Run::Digits(_) | Run::Mark('-' | '+' | '?')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sms::grammar;

    fn found(text: &str) -> (String, Option<Problem>) {
        let grammar = &grammar::all(None)[0];
        let found = find(text, &grammar.pairs, &|code| grammar.product(code).is_some());
        let items: Vec<String> = found.items.iter().map(|item| format!("{}:{}", item.code, item.quantity)).collect();
        (items.join(";"), found.problem)
    }

    #[test]
    fn pairs_by_hand() {
        for (text, items) in [
            ("zi 10 la 20", "zi:10;la:20"),
            ("zi 10, la 20.", "zi:10;la:20"),
            ("zi 10,la 20", "zi:10;la:20"),
            ("zi1O0", "zi:100"),
            ("ZI 0", "zi:0"),
        ] {
            assert_eq!(found(text), (items.into(), None), "{text}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        for (text, items, problem) in [
            ("zi l", "", Problem::AmbiguousLetterDigit),
            ("zi: 10 co 20", "co:20", Problem::UnparsedText),
            ("about 20 zi 10", "zi:10", Problem::UnparsedText),
            ("zi 10/20", "", Problem::UnparsedText),
            ("zi 10 zi 20 co 5", "co:5", Problem::RepeatedProduct),
            ("zi 99999999999999999999999", "", Problem::BadQuantity),
            ("zi +5", "", Problem::BadQuantity),
            ("zi 10 co 5-", "zi:10", Problem::BadQuantity),
        ] {
            assert_eq!(found(text), (items.into(), Some(problem)), "{text}");
        }
    }
}
