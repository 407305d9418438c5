//! A product of a list, ready to be compared.

use std::collections::BTreeSet;

use super::amount::AmountUnit;
use super::lexicon::LEXICON;
use super::name::ProductName;
use super::parse::{parse, parse_tokens};
use super::token::{Token, tokens};
use crate::matching::List;

/// A row of a product list as it was given. Blank is unknown; columns beside the name add to what the name says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductRow {
    pub id: String,
    pub name: String,
    pub strength: String,
    pub form: String,
    pub pack: String,
    /// A GTIN, or a code that both systems share.
    pub code: String,
    /// Other names, separated by `|`.
    pub aliases: String,
}

impl ProductRow {
    /// What the name and the columns beside it say.
    #[must_use]
    pub fn parse(&self) -> ProductName {
        let mut whole = self.name.clone();
        for part in [&self.strength, &self.form].into_iter().filter(|part| !part.trim().is_empty()) {
            whole.push_str(", ");
            whole.push_str(part);
        }
        if !self.pack.trim().is_empty() {
            whole.push_str(", pack ");
            whole.push_str(&self.pack);
        }
        parse(&whole)
    }
}

/// The rows of a list as products.
#[must_use]
pub fn products(list: &List) -> Vec<ProductRow> {
    let row = |row| {
        let text = |name| list.named(row, name).to_owned();
        ProductRow {
            id: text("id"),
            name: text("name"),
            strength: text("strength"),
            form: text("form"),
            pack: text("pack"),
            code: text("code"),
            aliases: text("aliases"),
        }
    };
    (0..list.len()).map(row).collect()
}

/// A row, taken apart.
#[derive(Clone, Debug)]
pub(in crate::matching) struct Record {
    pub(super) name: ProductName,
    pub(super) code: Option<String>,
    /// Name and aliases without case, accents and punctuation.
    pub(super) spellings: Vec<String>,
    /// Words that the lists do not know, in the name or an alias.
    pub(in crate::matching) words: BTreeSet<Box<str>>,
}

impl Record {
    pub(super) fn read(row: &ProductRow) -> Self {
        let mut name = row.parse();
        let names = || [row.name.as_str()].into_iter().chain(row.aliases.split('|')).map(str::trim);
        // Where the name says nothing that the lists know, another name may.
        if name.items.is_empty()
            && let Some(other) = names().skip(1).map(parse).find(|other| !other.items.is_empty())
        {
            name = other;
        }
        let spellings = names()
            .map(|name| plain(tokens(name, &LEXICON.runs).into_iter()))
            .filter(|name| !name.is_empty())
            .collect();
        let mut words: BTreeSet<_> = name.words.iter().cloned().collect();
        words.extend(names().skip(1).flat_map(|alias| parse(alias).words));
        Self { code: shared_code(&row.code), spellings, words, name }
    }

    /// A record of a name that is taken apart already, and of others for the same thing.
    pub(in crate::matching) fn of(names: &[Vec<Token>]) -> Self {
        let mut record =
            Self { words: BTreeSet::new(), name: ProductName::default(), code: None, spellings: Vec::new() };
        for tokens in names.iter().filter(|tokens| !tokens.is_empty()) {
            let name = parse_tokens(tokens);
            record.words.extend(name.words.iter().cloned());
            record.spellings.push(plain(tokens.iter().cloned()));
            if record.name.items.is_empty() && (!name.items.is_empty() || record.spellings.len() == 1) {
                record.name = name;
            }
        }
        record
    }

    /// Packs of one item: everything but the pack is equal.
    pub(in crate::matching) fn same_item(&self, other: &Self) -> bool {
        let known = !self.name.items.is_empty() && self.name.pack != other.name.pack;
        let without_pack = |record: &Self| {
            let mut name = record.name.clone();
            name.pack.clear();
            name.words.clear();
            name
        };
        known && without_pack(self) == without_pack(other)
    }

    /// Where the product is used; `liquid` where only the way the strength is given tells so.
    pub(super) fn used(&self) -> Option<&'static str> {
        let per_ml = self.name.strength.as_ref().and_then(|strength| strength.per);
        let liquid = per_ml.is_some_and(|per| per.unit == AmountUnit::Millilitre) || self.name.volume().is_some();
        self.name.used.or(liquid.then_some("liquid"))
    }

    /// What the record may be found by: items, their groups, amounts, sizes and words, each with its kind.
    pub(in crate::matching) fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.name.items.iter().map(|item| format!("i:{item}")).collect();
        keys.extend(self.name.items.iter().filter_map(|item| LEXICON.group(item)).map(|group| format!("g:{group}")));
        keys.extend(self.name.items.iter().flat_map(|item| LEXICON.classes_of(item)).map(|class| format!("i:{class}")));
        let amounts = self.name.strength.iter().flat_map(|strength| &strength.amounts);
        keys.extend(amounts.map(|amount| format!("a:{amount}")));
        keys.extend(self.name.sizes.iter().map(|size| format!("s:{size}")));
        keys.extend(self.words.iter().map(|word| format!("w:{word}")));
        keys.extend(self.code.iter().map(|code| format!("c:{code}")));
        keys.extend(self.spellings.iter().map(|spelling| format!("n:{spelling}")));
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// A name without case, accents and punctuation.
fn plain(tokens: impl Iterator<Item = Token>) -> String {
    let written = tokens.filter_map(|token| match token {
        Token::Word(word) => Some(word.to_string()),
        Token::Number(number) | Token::Count(number) => Some(number.normalize().to_string()),
        Token::Symbol(symbol @ ('+' | '/' | '%')) => Some(symbol.to_string()),
        Token::Symbol(_) => None,
    });
    written.collect::<Vec<_>>().join(" ")
}

/// A code as it can be compared; a GTIN, whose check digit is right, in its 14 digits.
fn shared_code(code: &str) -> Option<String> {
    let code: String = code.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    if code.is_empty() {
        return None;
    }
    Some(if is_gtin(&code) { format!("{code:0>14}") } else { code })
}

/// GS1 check digit: from the right, digits count 1, 3, 1, 3 …, and the sum ends in 0.
fn is_gtin(code: &str) -> bool {
    if !matches!(code.len(), 8 | 12 | 13 | 14) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let weighted =
        code.bytes().rev().enumerate().map(|(place, byte)| u32::from(byte - b'0') * if place % 2 == 0 { 1 } else { 3 });
    weighted.sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gtin_is_one_in_all_its_lengths() {
        // 4 006381 33393 1: 1+3·3+9+3·3+3+3·3+1+3·8+3+3·6+0+3·0+4 = 90
        assert_eq!(shared_code("4006381333931").as_deref(), Some("04006381333931"));
        assert_eq!(shared_code("04006381333931").as_deref(), Some("04006381333931"));
        assert_eq!(shared_code("4006381333930").as_deref(), Some("4006381333930"));
        assert_eq!(shared_code("ab-12 "), Some("AB12".into()));
        assert_eq!(shared_code(" "), None);
    }
}
