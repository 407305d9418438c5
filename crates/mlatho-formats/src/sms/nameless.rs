//! Logs and messages as they may be kept: without telephone numbers and names, and judged as before.

use std::collections::HashMap;
use std::io::{self, Read, Seek, Write};
use std::ops::ControlFlow;

use mlatho_model::{Finding, RawRecord, RecordSink};

use super::gateway::SmsMessage;
use super::grammar::{self, Action, Grammar, Pairs};
use super::setup::Facts;
use super::{numbers, system_of};
use crate::csv_file::Headed;
use crate::layout::Layout;
use crate::{Format, input, unreadable};

/// The columns of a log that are kept, in the order in which they are written.
const COLUMNS: [&str; 7] = ["id", "received_at", "sender", "sender_level", "system", "setup", "text"];

/// Letters that stand for those of words, in the order in which they are taken.
const LETTERS: &str = "xyzwvutsrqpnmkjhgfdcba";

/// Takes persons out of SMS before they are kept.
///
/// Every word of a message that its grammar does not know becomes letters without a meaning, as many as it had; in a
/// registration every word. Telephone numbers become `#…0`. What is left is judged as the whole was: a word that made a
/// message doubtful still does. Words of two letters stay, and what is written as a code before a quantity.
pub struct NamelessSms {
    grammars: Vec<Grammar>,
    /// The grammar of messages whose row does not name one.
    system: String,
}

impl NamelessSms {
    /// For logs of a format, with the grammar of the project's own layout where it has one. Nothing, where the format is
    /// none of SMS.
    #[must_use]
    pub fn new(format: Format, layout: Option<&Layout>) -> Option<Self> {
        let own = layout.and_then(|layout| layout.sms.as_ref());
        let system = own.map_or(system_of(format)?, |grammar| grammar.name.as_str()).to_owned();
        Some(Self { grammars: grammar::all(own), system })
    }

    /// Copies a log (also a packed one) as CSV: every row in its line, so that places in findings are those of the
    /// original. Senders become numbers in the order in which they come. Columns that are not those of a log are left
    /// out. Gives what kept the input from being read; a log that breaks off is copied up to there.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn copy<R: Read + Seek>(&self, file: &str, mut input: R, out: impl Write) -> io::Result<Vec<Finding>> {
        let mut told = Told(Vec::new());
        let mut text = match input.rewind().and_then(|()| input::open(&mut input, None)) {
            Ok(text) => text,
            Err(error) => return Ok(vec![unreadable(file, 0, &error)]),
        };
        let Some(mut table) = Headed::open(file, &mut text, &mut told) else { return Ok(told.of_reading()) };
        let at = |name: &str| table.header.iter().position(|cell| cell == name);
        let places = COLUMNS.map(|name| at(name).or_else(|| at("message").filter(|_| name == "text")));
        let mut copy = Copy { out, line: 0, senders: HashMap::new(), failure: None };
        let header = COLUMNS.iter().zip(places).filter(|(_, place)| place.is_some()).map(|(name, _)| *name);
        copy.row(1, &header.collect::<Vec<_>>())?;
        // A break says that the output failed, which is told below.
        let _ = table.rows(file, &mut told, &mut |line, cells, _| {
            let mut row: [&str; 7] = places.map(|at| at.and_then(|at| cells.get(at)).unwrap_or_default().trim());
            let [.., system, setup, text] = row;
            let (sender, text) = (copy.sender(row[2]), self.text(system, setup, text));
            (row[2], row[6]) = (&sender, &text);
            let kept: Vec<&str> = row.into_iter().zip(places).filter_map(|(cell, at)| at.map(|_| cell)).collect();
            match copy.row(line, &kept) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    copy.failure = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        match copy.failure.map_or_else(|| copy.out.flush(), Err) {
            Ok(()) => Ok(told.of_reading()),
            Err(error) => Err(error),
        }
    }

    /// The header of a log of messages that a gateway hands over.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write_header(&self, out: impl Write) -> io::Result<()> {
        write_cells(out, &COLUMNS)
    }

    /// A message as the row of such a log, in one line. Its sender is whatever stands for the number already.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write_message(&self, out: impl Write, message: &SmsMessage) -> io::Result<()> {
        let SmsMessage { id, received_at, sender, sender_level, setup, text } = message;
        let received_at = received_at.strftime("%Y-%m-%d %H:%M").to_string();
        let cells = [id, &received_at, sender, sender_level, "", setup, &self.text("", setup, text)];
        write_cells(out, &cells.map(|cell| cell.replace(char::is_control, " ")))
    }

    /// A text without what names persons.
    fn text(&self, system: &str, setup: &str, text: &str) -> String {
        let system = if system.is_empty() { &self.system } else { system };
        let known = self.grammars.iter().find(|grammar| grammar.name.eq_ignore_ascii_case(system));
        let facts = Facts::parse(setup);
        let managed = facts.manages.unwrap_or_default();
        let is_product = |code: &str| {
            managed.iter().any(|own| own == code) || known.is_some_and(|grammar| grammar.product(code).is_some())
        };
        let text = numbers::masked(text, &is_product);
        let first = text.split_whitespace().next().unwrap_or_default();
        let said = known.and_then(|grammar| Some((grammar, grammar.keyword(first)?.0.action)));
        let Some((grammar, action)) = said else { return mask(&text, None, &|_, _| false) };
        if matches!(action, Action::Register | Action::RegisterManager) {
            let end = text.find(first).unwrap_or_default() + first.len();
            let (keyword, rest) = text.split_at(end);
            return format!("{keyword}{}", mask(rest, None, &|_, _| false));
        }
        mask(&text, Some(&grammar.pairs), &|word, rest| {
            let small = word.to_lowercase();
            action == Action::Stockout
                || is_product(&small)
                || is_word(grammar, &small)
                || is_code(&grammar.pairs, word, rest)
        })
    }
}

/// Whether a word in small letters belongs to the grammar.
fn is_word(grammar: &Grammar, small: &str) -> bool {
    let of_keyword = |keyword: &grammar::Keyword| {
        keyword.words.iter().any(|word| word.eq_ignore_ascii_case(small))
            || keyword.negated.keys().any(|beginning| small.starts_with(beginning.as_str()))
    };
    small == "from" || grammar.keywords.iter().any(of_keyword)
}

/// Whether a word is written as a code: a list of products may come to know it later. What follows it is a quantity.
fn is_code(rules: &Pairs, word: &str, rest: &str) -> bool {
    let [least, most] = rules.code_letters;
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || rules.between.contains(c));
    let quantity = rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '?'));
    quantity && word.is_ascii() && (least..=most).contains(&word.len())
}

/// Puts letters without a meaning in the place of words, the same for the same word, but for those to be kept, which
/// `keeps` tells by the word and what follows it. Letters that may stand for digits stay what they are, and letters
/// beyond ASCII stay beyond it, so that a text falls apart as before.
fn mask(text: &str, rules: Option<&Pairs>, keeps: &dyn Fn(&str, &str) -> bool) -> String {
    let as_digit = |c: char| rules.is_some_and(|rules| rules.letters_as_digits.contains_key(&c));
    let of_code = |c: char| rules.is_some_and(|rules| rules.code_characters.contains(c));
    let of_word = |c: char| c.is_alphabetic() || of_code(c);
    let mut seen: Vec<String> = Vec::new();
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(first) = rest.chars().next() {
        if !of_word(first) {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (word, after) = rest.split_at(rest.find(|c| !of_word(c)).unwrap_or(rest.len()));
        rest = after;
        if keeps(word, after) || (rules.is_some() && word.len() <= 2) {
            out.push_str(word);
            continue;
        }
        let small = word.to_lowercase();
        let at = seen.iter().position(|known| *known == small).unwrap_or(seen.len());
        let letter = LETTERS.chars().filter(|letter| !as_digit(*letter)).cycle().nth(at).unwrap_or('x');
        if at == seen.len() {
            seen.push(small);
        }
        for part in word.split_inclusive(|c: char| !c.is_ascii()) {
            // Letters beyond ASCII cut words apart: a part may be a code.
            let ascii = part.trim_end_matches(|c: char| !c.is_ascii());
            let (is_part, is_last) = (ascii.len() < word.len() && !ascii.is_empty(), ascii.len() == part.len());
            if is_part && keeps(ascii, if is_last { after } else { "" }) {
                out.push_str(ascii);
            } else {
                out.extend(ascii.chars().map(|c| if as_digit(c) || of_code(c) { c } else { letter }));
            }
            if !is_last {
                out.push('é');
            }
        }
    }
    out
}

/// Writes rows into their lines.
struct Copy<W> {
    out: W,
    /// Lines that are written.
    line: u64,
    senders: HashMap<String, usize>,
    failure: Option<io::Error>,
}

impl<W: Write> Copy<W> {
    fn row(&mut self, line: u64, cells: &[&str]) -> io::Result<()> {
        while self.line + 1 < line {
            self.out.write_all(b"\n")?;
            self.line += 1;
        }
        write_cells(&mut self.out, cells)?;
        self.line += 1 + cells.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        Ok(())
    }

    /// What stands for a sender.
    fn sender(&mut self, sender: &str) -> String {
        if sender.is_empty() {
            return String::new();
        }
        let next = self.senders.len() + 1;
        self.senders.entry(sender.to_owned()).or_insert(next).to_string()
    }
}

fn write_cells(mut out: impl Write, cells: &[impl AsRef<str>]) -> io::Result<()> {
    let mut row = String::new();
    for (at, cell) in cells.iter().map(AsRef::as_ref).enumerate() {
        if at > 0 {
            row.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) || (cells.len() == 1 && cell.is_empty()) {
            row.push('"');
            row.extend(cell.chars().filter(|c| *c != '\r').flat_map(|c| [Some(c), (c == '"').then_some(c)]).flatten());
            row.push('"');
        } else {
            row.push_str(cell);
        }
    }
    row.push('\n');
    out.write_all(row.as_bytes())
}

/// Findings without records.
struct Told(Vec<Finding>);

impl Told {
    /// Those that a reader of the copy would not make as well.
    fn of_reading(self) -> Vec<Finding> {
        self.0.into_iter().filter(|finding| finding.code != "empty-file").collect()
    }
}

impl RecordSink for Told {
    fn record(&mut self, _: &RawRecord<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn finding(&mut self, finding: Finding) {
        self.0.push(finding);
    }
}
