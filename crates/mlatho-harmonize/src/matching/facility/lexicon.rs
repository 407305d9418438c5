//! Words that names of facilities and areas are made of, in several languages, from data files.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::fold::pieces;

/// Revision of the word lists; it rises whenever a list changes.
pub const LEXICON_REVISION: u32 = 2;

const FILES: [&str; 4] = [
    include_str!("lexicon/en.txt"),
    include_str!("lexicon/fr.txt"),
    include_str!("lexicon/pt.txt"),
    include_str!("lexicon/sw.txt"),
];

/// What a facility is, as far as words tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Category {
    /// Hospital, health centre, clinic …; a number of the lexicon.
    pub(super) class: u16,
    /// District, rural, medical …; 0 where the words do not say.
    pub(super) variant: u16,
    /// 1 to 6; 0 where the words do not say.
    pub(super) level: u8,
}

impl Category {
    /// Class of what names only a level.
    pub(super) const UNKNOWN_CLASS: u16 = u16::MAX;
}

/// What a phrase in a name means.
#[derive(Clone, Debug)]
pub(super) enum Meaning {
    Type(Category),
    /// The word in its one spelling.
    Word(Box<str>),
    /// Saint in any form; a name follows.
    Saint,
    Drop,
}

/// Phrases of all languages together; where two languages disagree, the first file holds.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    names: Phrases<Meaning>,
    owners: Phrases<u16>,
    areas: FxHashSet<Box<str>>,
    /// Words of which a place has one of several, each with its group.
    contrasts: FxHashMap<Box<str>, u16>,
    classes: Vec<Box<str>>,
    variants: Vec<Box<str>>,
}

#[derive(Debug)]
struct Phrases<T> {
    meanings: FxHashMap<Box<str>, T>,
    /// Words with which a phrase of several words begins, and how many words the longest of these has.
    longest: FxHashMap<Box<str>, usize>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self { meanings: FxHashMap::default(), longest: FxHashMap::default() }
    }
}

impl<T> Phrases<T> {
    fn add(&mut self, phrase: &str, meaning: T) {
        let words: Vec<String> = pieces(phrase).into_iter().map(|piece| piece.text).collect();
        let Some(first) = words.first() else { return };
        let longest = self.longest.entry(first.as_str().into()).or_insert(0);
        *longest = words.len().max(*longest);
        self.meanings.entry(words.join(" ").into()).or_insert(meaning);
    }

    /// The longest phrase with which these words begin, and how many words it has.
    fn at<'a>(&self, words: impl Iterator<Item = &'a str> + Clone) -> Option<(&T, usize)> {
        let longest = *self.longest.get(words.clone().next()?)?;
        let mut text = String::new();
        let mut best = None;
        for (index, word) in words.take(longest).enumerate() {
            if index > 0 {
                text.push(' ');
            }
            text.push_str(word);
            best = self.meanings.get(text.as_str()).map(|meaning| (meaning, index + 1)).or(best);
        }
        best
    }
}

impl Lexicon {
    /// The lexicon that is shipped.
    pub(super) fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Lexicon> = LazyLock::new(|| {
            let mut lexicon = Lexicon::default();
            FILES.into_iter().flat_map(str::lines).for_each(|line| lexicon.read(line));
            lexicon
        });
        &SHIPPED
    }

    /// Reads one line; a comment or an unknown kind adds nothing.
    fn read(&mut self, line: &str) {
        let Some((head, phrases)) = line.split_once(':') else { return };
        let (kind, value) = head.split_once(' ').unwrap_or((head, ""));
        for phrase in phrases.split(',').map(str::trim) {
            match kind {
                "type" => {
                    let category = self.category(value);
                    self.names.add(phrase, Meaning::Type(category));
                }
                "saint" => self.names.add(phrase, Meaning::Saint),
                "word" => self.names.add(phrase, Meaning::Word(value.replace('-', "").into())),
                "drop" => self.names.add(phrase, Meaning::Drop),
                "owner" => {
                    let owner = number(&mut self.classes, value);
                    self.owners.add(phrase, owner);
                }
                "contrast" => {
                    let group = number(&mut self.classes, value);
                    self.contrasts.insert(phrase.into(), group);
                }
                "area" => {
                    self.areas.insert(phrase.into());
                }
                _ => {}
            }
        }
    }

    /// `class/variant@level`.
    fn category(&mut self, text: &str) -> Category {
        let (text, level) = text.split_once('@').unwrap_or((text, "0"));
        let (class, variant) = text.split_once('/').unwrap_or((text, ""));
        Category {
            class: number(&mut self.classes, class),
            variant: if variant.is_empty() { 0 } else { number(&mut self.variants, variant) + 1 },
            level: level.parse().unwrap_or(0),
        }
    }

    /// The meaning of the longest phrase with which these words begin, and how many words it takes.
    pub(super) fn meaning<'a>(&self, words: impl Iterator<Item = &'a str> + Clone) -> Option<(&Meaning, usize)> {
        self.names.at(words)
    }

    /// Who owns it, from the words of an ownership column.
    pub(super) fn owner(&self, words: &[String]) -> Option<u16> {
        let found = (0..words.len()).filter_map(|start| self.owners.at(words.iter().skip(start).map(String::as_str)));
        found.max_by_key(|(_, length)| *length).map(|(owner, _)| *owner)
    }

    /// The group of a word of which a place has one of several, such as north and south.
    pub(super) fn contrast(&self, word: &str) -> Option<u16> {
        self.contrasts.get(word).copied()
    }

    /// Whether a word only says what kind of area it is.
    pub(super) fn is_area_word(&self, word: &str) -> bool {
        self.areas.contains(word)
    }

    /// Whether a number right behind the type is its level, not one of several places of that name.
    pub(super) fn has_levels(&self, category: Category) -> bool {
        matches!(self.class_name(category), "hospital" | "health-centre")
    }

    /// Name of the class of a category.
    pub(super) fn class_name(&self, category: Category) -> &str {
        self.classes.get(usize::from(category.class)).map_or("", |name| name)
    }

    /// A word for the type, whatever its level, that occurs in no name.
    pub(super) fn kind_word(&self, category: Category) -> String {
        format!("#{}", self.category_name(Category { level: 0, ..category }))
    }

    /// The category in the words of the lexicon, such as `health-centre/rural 2`.
    pub(super) fn category_name(&self, category: Category) -> String {
        let mut name = self.class_name(category).to_owned();
        if let Some(variant) = usize::from(category.variant).checked_sub(1).and_then(|index| self.variants.get(index)) {
            name = format!("{name}/{variant}");
        }
        if category.level > 0 {
            name = format!("{name} {}", category.level);
        }
        name
    }
}

fn number(names: &mut Vec<Box<str>>, name: &str) -> u16 {
    let place = names.iter().position(|known| **known == *name).unwrap_or_else(|| {
        names.push(name.into());
        names.len() - 1
    });
    u16::try_from(place).unwrap_or(u16::MAX)
}
