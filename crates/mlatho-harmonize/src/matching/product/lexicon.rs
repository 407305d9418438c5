//! What words and phrases in product names mean, read from data files.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use super::token::{Runs, Token, spelling, tokens};

/// Revision of the word lists; it rises whenever a list changes.
pub const LEXICON_REVISION: u32 = 1;

const ITEMS: [&str; 2] = [include_str!("lexicon/medicines.txt"), include_str!("lexicon/supplies.txt")];
const FORMS: &str = include_str!("lexicon/forms.txt");
const MOST_WORDS: usize = 9;
/// Words that phrases may hold or lack: `test de grossesse`, `test grossesse`.
const LINKS: [&str; 7] = ["de", "du", "da", "do", "of", "des", "and"];

/// What a product is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ItemKind {
    Medicine,
    Vaccine,
    Test,
    Food,
    Supply,
}

/// A substance, vaccine, test or supply.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) name: &'static str,
    pub(super) kind: ItemKind,
}

/// What a phrase in a name means.
#[derive(Clone, Debug)]
pub(super) enum Meaning {
    Items {
        items: Vec<Item>,
        form: Option<&'static str>,
    },
    Form(&'static str),
    Route(&'static str),
    Container(&'static str),
    /// A box, tin, kit, pair: what is counted in packs.
    Pack,
    People(&'static str),
    Salt(&'static str),
    /// Carries nothing.
    Drop,
}

#[derive(Debug, Default)]
pub(in crate::matching) struct Lexicon {
    pub(in crate::matching) runs: Runs,
    meanings: HashMap<Box<str>, Meaning>,
    units: HashMap<Box<str>, &'static str>,
    /// Words with which a phrase begins.
    first: HashSet<Box<str>>,
    /// Names of substances in one word, by first letter and length: what a misspelt word may have meant.
    single: HashMap<(Option<char>, usize), Vec<Box<str>>>,
    groups: HashMap<&'static str, &'static str>,
    form_groups: HashMap<&'static str, &'static str>,
    narrower: BTreeMap<&'static str, BTreeSet<&'static str>>,
}

/// The word lists of all languages together.
pub(in crate::matching) static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::read);

/// One line of a list.
struct Line {
    section: &'static str,
    names: &'static str,
    group: Option<&'static str>,
    form: Option<&'static str>,
    aliases: &'static str,
}

/// `[section]` and `name @group =form: alias | alias`; `#` begins a comment.
fn lines(text: &'static str) -> impl Iterator<Item = Line> {
    let mut section = "medicine";
    text.lines().filter_map(move |line| {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
            return None;
        }
        let (head, aliases) = line.split_once(':')?;
        let (head, form) = head.split_once(" =").map_or((head, None), |(head, form)| (head, Some(form.trim())));
        let (names, group) = head.split_once(" @").map_or((head, None), |(names, group)| (names, Some(group.trim())));
        Some(Line { section, names: names.trim(), group, form, aliases })
    })
}

impl Line {
    fn aliases(&self) -> impl Iterator<Item = &'static str> {
        self.aliases.split(" | ").map(str::trim).filter(|alias| !alias.is_empty())
    }
}

impl Lexicon {
    fn read() -> Self {
        let mut lexicon = Self::default();
        let all = || ITEMS.into_iter().chain([FORMS]).flat_map(lines);
        for alias in all().flat_map(|line| line.aliases().chain([line.names]).collect::<Vec<_>>()) {
            let runs = alias.split(|letter: char| !letter.is_alphanumeric()).filter(|run| is_run(run));
            lexicon.runs.extend(runs.map(|run| run.to_lowercase().into_boxed_str()));
        }
        let kinds: HashMap<&str, ItemKind> = all()
            .filter_map(|line| Some((line.names, item_kind(line.section)?)))
            .filter(|(names, _)| !names.contains(" + "))
            .collect();
        for line in all() {
            lexicon.add(&line, &kinds);
        }
        lexicon
    }

    fn add(&mut self, line: &Line, kinds: &HashMap<&str, ItemKind>) {
        let meaning = match line.section {
            "class" => {
                self.narrower.entry(line.names).or_default().extend(line.aliases());
                return;
            }
            "unit" => {
                let keys: Vec<_> = line.aliases().filter_map(|alias| self.keys(alias).into_iter().next()).collect();
                self.units.extend(keys.into_iter().map(|key| (key, line.names)));
                return;
            }
            "form" => {
                self.form_groups.extend(line.group.map(|group| (line.names, group)));
                Meaning::Form(line.names)
            }
            "route" => Meaning::Route(line.names),
            "container" => Meaning::Container(line.names),
            "pack" => Meaning::Pack,
            "people" => Meaning::People(line.names),
            "salt" => Meaning::Salt(line.names),
            "drop" => Meaning::Drop,
            _ => {
                self.groups.extend(line.group.map(|group| (line.names, group)));
                let names = line.names.split(" + ");
                let item = |name| Item { name, kind: kinds.get(name).copied().unwrap_or(ItemKind::Medicine) };
                Meaning::Items { items: names.map(item).collect(), form: line.form }
            }
        };
        // Names that imply a form are trade names; the plain name has a line of its own.
        let plain = (line.form.is_none() && line.section != "drop").then_some(line.names);
        for alias in line.aliases().chain(plain) {
            for key in self.keys(alias) {
                let first = key.split(' ').next().unwrap_or_default();
                self.first.insert(first.into());
                let is_thing = matches!(item_kind(line.section), Some(ItemKind::Supply | ItemKind::Test));
                if matches!(meaning, Meaning::Items { .. }) && !is_thing && !key.contains(' ') {
                    self.single.entry((key.chars().next(), key.chars().count())).or_default().push(key.clone());
                }
                self.meanings.entry(key).or_insert_with(|| meaning.clone());
            }
        }
    }

    /// The phrase as it is looked up; of two words also in the other order.
    fn keys(&self, alias: &str) -> Vec<Box<str>> {
        let found = tokens(alias, &self.runs);
        let pieces: Vec<String> = found.iter().filter_map(piece).collect();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        let pieces = without_links(&pieces);
        let mut keys = vec![pieces.join(" ").into_boxed_str()];
        if let [first, second] = pieces[..] {
            keys.push(format!("{second} {first}").into());
        }
        keys
    }

    /// The longest phrase that begins here, and how many tokens it takes.
    pub(super) fn phrase(&self, tokens: &[Token]) -> Option<(usize, &Meaning)> {
        let first = tokens.first().and_then(piece)?;
        self.first.contains(first.as_str()).then(|| longest(tokens, |key| self.meanings.get(key)))?
    }

    /// The unit that stands here.
    pub(super) fn unit(&self, tokens: &[Token]) -> Option<(usize, &'static str)> {
        let (length, unit) = longest(tokens, |key| self.units.get(key))?;
        Some((length, unit))
    }

    /// The one substance that a misspelt word of at least six letters is nearest to.
    pub(super) fn nearest(&self, word: &str) -> Option<&Meaning> {
        let length = word.chars().count();
        let most = match length {
            0..=5 => return None,
            6..=9 => 1,
            _ => 2,
        };
        let mut best: Option<(usize, &str)> = None;
        let mut tied = false;
        let first = word.chars().next();
        let lengths = length.saturating_sub(most)..=length + most;
        for known in lengths.filter_map(|length| self.single.get(&(first, length))).flatten() {
            let distance = strsim::osa_distance(word, known);
            if distance > most || distance > 1 && !same_end(word, known) {
                continue;
            }
            match best {
                Some((least, other)) if distance == least => tied |= !self.same(other, known),
                Some((least, _)) if distance > least => {}
                _ => (best, tied) = (Some((distance, &**known)), false),
            }
        }
        let (_, known) = best.filter(|_| !tied)?;
        self.meanings.get(known)
    }

    fn same(&self, one: &str, other: &str) -> bool {
        let names = |key: &str| match self.meanings.get(key) {
            Some(Meaning::Items { items, .. }) => items.iter().map(|item| item.name).collect(),
            _ => Vec::new(),
        };
        names(one) == names(other)
    }

    /// Pharmacological group of a substance.
    pub(super) fn group(&self, name: &str) -> Option<&'static str> {
        self.groups.get(name).copied()
    }

    /// Where a form is used: `oral solid`, `injectable`, `eye`.
    pub(super) fn form_group(&self, form: &str) -> Option<&'static str> {
        self.form_groups.get(form).copied()
    }

    /// Names of the classes to which an item belongs.
    pub(super) fn classes_of(&self, name: &str) -> impl Iterator<Item = &'static str> {
        self.narrower.iter().filter(move |(_, names)| names.contains(name)).map(|(class, _)| *class)
    }

    /// Whether the first is the name of a class to which the second belongs.
    pub(super) fn is_class_of(&self, class: &str, name: &str) -> bool {
        self.narrower.get(class).is_some_and(|names| names.contains(name))
    }
}

/// The longest phrase at the beginning that is found, and how many tokens it takes.
fn longest<'a, T>(tokens: &[Token], find: impl Fn(&str) -> Option<&'a T>) -> Option<(usize, &'a T)> {
    let (mut pieces, mut ends): (Vec<String>, Vec<usize>) = (Vec::new(), Vec::new());
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Symbol('-' | ',' | '.') if index > 0 => continue,
            _ => {}
        }
        let Some(piece) = piece(token) else { break };
        if index > 0 && LINKS.contains(&piece.as_str()) {
            continue;
        }
        pieces.push(piece);
        ends.push(index + 1);
        if pieces.len() == MOST_WORDS {
            break;
        }
    }
    (1..=pieces.len()).rev().find_map(|length| {
        let meaning = find(&pieces[..length].join(" "))?;
        Some((ends[length - 1], meaning))
    })
}

fn item_kind(section: &str) -> Option<ItemKind> {
    match section {
        "medicine" => Some(ItemKind::Medicine),
        "vaccine" => Some(ItemKind::Vaccine),
        "test" => Some(ItemKind::Test),
        "food" => Some(ItemKind::Food),
        "supply" => Some(ItemKind::Supply),
        _ => None,
    }
}

/// Whether the last three letters are the same: the stem that tells the group of a substance stands there.
fn same_end(one: &str, other: &str) -> bool {
    one.chars().rev().take(3).eq(other.chars().rev().take(3))
}

/// Letters and digits in one, such as `3tc`, which must not be parted; `500mg` is none of these.
fn is_run(run: &str) -> bool {
    run.chars().any(char::is_alphabetic) && run.chars().any(|letter| letter.is_ascii_digit())
}

/// A token as a piece of a phrase.
fn piece(token: &Token) -> Option<String> {
    match token {
        Token::Word(word) => Some(word.to_string()),
        Token::Number(number) => Some(number.normalize().to_string()),
        Token::Symbol(symbol @ ('+' | '/')) => Some(symbol.to_string()),
        Token::Symbol('&') => Some("+".into()),
        Token::Count(_) | Token::Symbol(_) => None,
    }
}

/// Pieces without link words inside.
fn without_links<'a>(pieces: &[&'a str]) -> Vec<&'a str> {
    let links: HashSet<String> = LINKS.iter().map(|link| spelling(link)).collect();
    let keep = |(index, piece): &(usize, &&str)| *index == 0 || !links.contains(**piece);
    pieces.iter().enumerate().filter(keep).map(|(_, piece)| *piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&'static str> {
        match LEXICON.phrase(&tokens(text, &LEXICON.runs)) {
            Some((_, Meaning::Items { items, .. })) => items.iter().map(|item| item.name).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn one_substance_has_many_names() {
        for name in ["Paracétamol", "ACETAMINOPHEN", "paracetamolo"] {
            assert_eq!(names(name), ["paracetamol"], "{name}");
        }
        assert_eq!(names("Amoxycilline"), ["amoxicillin"]);
        assert_eq!(names("acide folique"), ["folic acid"]);
        assert_eq!(names("co-trimoxazole"), ["sulfamethoxazole", "trimethoprim"]);
        assert_eq!(names("3TC"), ["lamivudine"]);
    }

    #[test]
    fn a_slip_of_the_pen_is_forgiven_where_one_name_is_nearest() {
        let near = |word: &str| match LEXICON.nearest(&spelling(word)) {
            Some(Meaning::Items { items, .. }) => items.first().map(|item| item.name),
            _ => None,
        };
        assert_eq!(near("amoxicilin"), Some("amoxicillin"));
        assert_eq!(near("cotrimoxasole"), Some("sulfamethoxazole"));
        assert_eq!(near("detergent"), None);
        assert_eq!(near("iron"), None);
    }

    #[test]
    fn names_of_combinations_are_made_of_names_with_a_line_of_their_own() {
        let known: HashSet<&str> =
            ITEMS.into_iter().flat_map(lines).filter(|line| line.section != "class").map(|line| line.names).collect();
        for line in ITEMS.into_iter().flat_map(lines) {
            let parts: Vec<&str> = match line.section {
                "class" => line.aliases().chain([line.names]).collect(),
                _ => line.names.split(" + ").collect(),
            };
            for part in parts {
                assert!(known.contains(part), "{part} in {}", line.names);
            }
        }
    }
}
