//! The two registers, prepared: names taken apart, words, areas, types and owners as numbers.

use rustc_hash::FxHashMap;

use super::area::{AreaNames, area_words};
use super::association::MOST_LEVELS;
use super::fold::pieces;
use super::lexicon::{Category, Lexicon};
use super::name::Name;
use super::record::Facility;
use super::tree::{NodeId, ROOT, Tree};
use super::words::{WordId, Words};

/// A word of a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    pub(super) id: WordId,
    /// It stood in parentheses.
    pub(super) aside: bool,
}

/// One name of a record.
#[derive(Clone, Debug)]
pub(super) struct PreparedName {
    pub(super) words: Box<[Word]>,
    /// Words for its types, sorted.
    pub(super) types: Box<[WordId]>,
    pub(super) ordinals: Box<[u32]>,
}

/// One record of a register.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// The name and its aliases; a record without a usable name has none.
    pub(super) names: Box<[PreparedName]>,
    pub(super) area: Box<[NodeId]>,
    /// Words in the names of its areas, sorted.
    pub(super) area_words: Box<[WordId]>,
    /// What its name says that it is, else its type.
    pub(super) category: Box<[NodeId]>,
    /// The words of its type.
    pub(super) kind: Box<[NodeId]>,
    pub(super) owner: Box<[NodeId]>,
    pub(super) position: Option<(f64, f64)>,
    pub(super) codes: Box<[u32]>,
}

impl Record {
    /// The finest area that is known.
    pub(super) fn area_leaf(&self) -> NodeId {
        self.area.last().copied().unwrap_or(ROOT)
    }
}

/// One list.
#[derive(Clone, Debug, Default)]
pub(super) struct Register {
    pub(super) records: Vec<Record>,
    pub(super) areas: Tree,
    pub(super) categories: Tree,
    pub(super) kinds: Tree,
    pub(super) owners: Tree,
}

/// What both registers share: each text has one number.
#[derive(Clone, Debug, Default)]
pub(super) struct Shared {
    pub(super) words: Words,
    pub(super) area_names: AreaNames,
    pub(super) categories: Numbered<Category>,
    pub(super) kinds: Numbered<Box<str>>,
    pub(super) owners: Numbered<Box<str>>,
    codes: Numbered<Box<str>>,
    /// Areas by what is written; none where that has no words.
    areas: FxHashMap<Box<str>, Option<Area>>,
}

/// What a text says about an area.
#[derive(Clone, Debug)]
struct Area {
    /// Number in [`AreaNames`].
    name: u32,
    words: Box<[WordId]>,
}

impl Shared {
    /// Many records stand in one area: its name is read once.
    fn area(&mut self, text: &str) -> Option<&Area> {
        if !self.areas.contains_key(text) {
            let words = area_words(text, Lexicon::shipped());
            let area = (!words.is_empty()).then(|| Area {
                name: self.area_names.id(&words),
                words: words.iter().map(|word| self.words.id(word)).collect(),
            });
            self.areas.insert(text.into(), area);
        }
        self.areas.get(text)?.as_ref()
    }
}

/// Values with a number each.
#[derive(Clone, Debug)]
pub(super) struct Numbered<T> {
    ids: FxHashMap<T, u32>,
    values: Vec<T>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { ids: FxHashMap::default(), values: Vec::new() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Numbered<T> {
    fn id(&mut self, value: T) -> u32 {
        *self.ids.entry(value).or_insert_with_key(|value| {
            self.values.push(value.clone());
            u32::try_from(self.values.len() - 1).unwrap_or(u32::MAX)
        })
    }

    pub(super) fn value(&self, id: u32) -> Option<&T> {
        self.values.get(id as usize)
    }
}

impl Register {
    /// Prepares a list. Words are counted for both lists together.
    pub(super) fn prepare(list: &[Facility], shared: &mut Shared) -> Self {
        let mut register = Self::default();
        for facility in list {
            let record = register.record(facility, shared);
            let of_name = |name: &PreparedName| {
                name.words.iter().map(|word| word.id).chain(name.types.to_vec()).collect::<Vec<_>>()
            };
            let words: Vec<WordId> = record.names.iter().flat_map(of_name).collect();
            shared.words.count(&words);
            register.areas.count(record.area_leaf());
            for (tree, path) in [
                (&mut register.categories, &record.category),
                (&mut register.kinds, &record.kind),
                (&mut register.owners, &record.owner),
            ] {
                tree.count(path.last().copied().unwrap_or(ROOT));
            }
            register.records.push(record);
        }
        register
    }

    /// Prepares one record without counting it.
    pub(super) fn record(&mut self, facility: &Facility, shared: &mut Shared) -> Record {
        let lexicon = Lexicon::shipped();
        let texts = std::iter::once(&facility.name).chain(&facility.aliases);
        let parsed: Vec<Name> =
            texts.map(|text| Name::parse(text, lexicon)).filter(|name| !name.words.is_empty()).collect();
        let kind_text = folded(facility.kind.as_deref());
        let of_kind = kind_text.as_deref().and_then(|text| Name::parse(text, lexicon).category);
        let category = parsed.iter().find_map(|name| name.category).or(of_kind);
        let owner = folded(facility.owner.as_deref());
        let mut area_words_of: Vec<WordId> = Vec::new();
        let mut leaf = ROOT;
        for area in facility.areas.iter().filter(|area| !area.is_empty()).take(MOST_LEVELS) {
            let Some(area) = shared.area(area) else { continue };
            leaf = self.areas.child(leaf, area.name);
            area_words_of.extend(&area.words);
        }
        area_words_of.sort_unstable();
        area_words_of.dedup();
        let one =
            |tree: &mut Tree, value: Option<u32>| value.map(|value| tree.child(ROOT, value)).into_iter().collect();
        Record {
            names: parsed.iter().map(|name| prepared(name, shared)).collect(),
            area: self.areas.path(leaf).into(),
            area_words: area_words_of.into(),
            category: one(&mut self.categories, category.map(|category| shared.categories.id(category))),
            kind: one(&mut self.kinds, kind_text.map(|text| shared.kinds.id(text.into()))),
            owner: one(&mut self.owners, owner.map(|text| shared.owners.id(text.into()))),
            position: facility.position.filter(|position| is_on_earth(*position)),
            codes: facility.codes.iter().filter_map(|code| Some(shared.codes.id(folded(Some(code))?.into()))).collect(),
        }
    }
}

fn prepared(name: &Name, shared: &mut Shared) -> PreparedName {
    let lexicon = Lexicon::shipped();
    // The types themselves, and the words for them in their spelling: both tell twins apart.
    let kinds = name.types.iter().map(|it| lexicon.kind_word(*it));
    let written = name.type_words.iter().map(|word| format!("~{word}"));
    let mut types: Vec<WordId> = kinds.chain(written).map(|word| shared.words.id(&word)).collect();
    types.sort_unstable();
    types.dedup();
    PreparedName {
        words: name.words.iter().map(|word| Word { id: shared.words.id(&word.text), aside: word.aside }).collect(),
        types: types.into(),
        ordinals: name.ordinals.as_slice().into(),
    }
}

/// The words of a text without case, accents and punctuation; none where there are no words.
fn folded(text: Option<&str>) -> Option<String> {
    let words: Vec<String> = pieces(text?).into_iter().map(|piece| piece.text).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Zero and zero is how registers write that they do not know.
pub(in crate::matching) fn is_on_earth((latitude, longitude): (f64, f64)) -> bool {
    latitude.abs() <= 90.0 && longitude.abs() <= 180.0 && (latitude != 0.0 || longitude != 0.0)
}
