//! From the tokens of a product name to its parts.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::amount::{Amount, AmountUnit, SPOON, Strength};
use super::lexicon::{Item, ItemKind, LEXICON, Meaning};
use super::name::ProductName;
use super::quantity;
use super::token::{Token, tokens};

/// A part of a name whose words are understood.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Meaning(Meaning),
    Number {
        number: Decimal,
        unit: Option<&'static str>,
    },
    /// A number that is said to be a count.
    Count(Decimal),
    /// A unit without a number: the `ml` of `mg/ml`.
    Unit(&'static str),
    Symbol(char),
    Word(Box<str>),
}

/// What is known so far.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) name: ProductName,
    pub(super) items: Vec<Item>,
    pub(super) amounts: Vec<Amount>,
    pub(super) alternatives: Vec<Amount>,
    pub(super) per: Option<Amount>,
    /// How many items were named up to here.
    pub(super) items_before: usize,
    pub(super) form_by_brand: Option<&'static str>,
    vial: bool,
}

/// Takes a product name apart. It never fails: what it does not understand is among the words.
pub fn parse(text: &str) -> ProductName {
    parse_tokens(&tokens(without_supplier(text), &LEXICON.runs))
}

/// The same for a name that is in tokens already.
pub(in crate::matching) fn parse_tokens(tokens: &[Token]) -> ProductName {
    let pieces = pieces(tokens);
    let mut parts = Parts::default();
    for piece in &pieces {
        if let Piece::Meaning(Meaning::Items { items, form }) = piece {
            let new = items.iter().filter(|item| !parts.items.iter().any(|known| known.name == item.name));
            let new: Vec<_> = new.copied().collect();
            parts.items.extend(new);
            parts.form_by_brand = parts.form_by_brand.or(*form);
        }
    }
    let mut at = 0;
    parts.drop_classes();
    parts.drop_companions();
    while let Some(piece) = pieces.get(at) {
        match piece {
            Piece::Meaning(meaning) => parts.hear(meaning),
            Piece::Number { .. } | Piece::Count(_) => {
                at = quantity::read(&pieces, at, &mut parts);
                continue;
            }
            Piece::Word(word) if !matches!(&**word, "b" | "bt") => parts.name.words.push(word.clone()),
            // `B/100` is a box of 100.
            Piece::Word(_) | Piece::Unit(_) | Piece::Symbol(_) => {}
        }
        at += 1;
    }
    parts.finish()
}

/// Price lists end names with pack and supplier, as in `Name_100_SUPPLIER`; the supplier is no part of the product.
fn without_supplier(text: &str) -> &str {
    let Some((before, last)) = text.rsplit_once('_') else { return text };
    let Some((_, pack)) = before.rsplit_once('_') else { return text };
    let pack = pack.trim().to_lowercase();
    let is_pack = ["each", "pack", "pair", "kit", "box"].iter().any(|word| pack.starts_with(word));
    let is_supplier = (2..=6).contains(&last.len()) && last.bytes().all(|byte| byte.is_ascii_alphabetic());
    if is_supplier && (is_pack || pack.starts_with(|letter: char| letter.is_ascii_digit())) { before } else { text }
}

fn pieces(tokens: &[Token]) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let rest = &tokens[at..];
        let after_slash = matches!(out.last(), Some(Piece::Symbol('/')));
        let per_unit = after_slash && matches!(out.iter().rev().nth(1), Some(Piece::Number { .. }));
        if let Some((length, meaning)) = LEXICON.phrase(rest)
            && (length > 1 || !per_unit || LEXICON.unit(rest).is_none())
        {
            out.push(Piece::Meaning(meaning.clone()));
            at += length;
            continue;
        }
        match token {
            Token::Number(number) => {
                // `10-dose vial`
                let dashed = matches!(rest.get(1), Some(Token::Symbol('-'))) && LEXICON.unit(&rest[2..]).is_some();
                let skip = usize::from(dashed);
                let after = &rest[1 + skip..];
                let percent = matches!(after.first(), Some(Token::Symbol('%')));
                let unit = if percent { Some((1, "percent")) } else { LEXICON.unit(after) };
                let unit = unit.filter(|(_, name)| !is_word_of_phrase(name, after));
                out.push(Piece::Number { number: *number, unit: unit.map(|(_, name)| name) });
                at += 1 + unit.map_or(0, |(length, _)| length + skip);
            }
            Token::Count(number) => {
                out.push(Piece::Count(*number));
                at += 1;
            }
            Token::Symbol(symbol) => {
                out.push(Piece::Symbol(*symbol));
                at += 1;
            }
            Token::Word(word) => {
                let unit = LEXICON.unit(rest).filter(|_| after_slash || after_per(tokens, at));
                if let Some((length, unit)) = unit {
                    out.push(Piece::Unit(unit));
                    at += length;
                    continue;
                }
                let near = LEXICON.nearest(word);
                out.push(near.map_or_else(|| Piece::Word(word.clone()), |meaning| Piece::Meaning(meaning.clone())));
                at += 1;
            }
        }
    }
    out
}

/// The letter of a unit may begin a phrase: the `u` or `m` after a number does not make `2 m` of `2 men a`.
fn is_word_of_phrase(unit: &str, after: &[Token]) -> bool {
    unit.len() == 1
        && LEXICON.phrase(after).is_some_and(|(length, meaning)| length > 1 && matches!(meaning, Meaning::Items { .. }))
}

fn after_per(tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    matches!(before, Some(Token::Word(word)) if matches!(&**word, "per" | "par" | "por"))
}

impl Parts {
    fn hear(&mut self, meaning: &Meaning) {
        let name = &mut self.name;
        match meaning {
            Meaning::Items { .. } => self.items_before += 1,
            Meaning::Drop | Meaning::Pack => {}
            Meaning::Form(form) => {
                // The closer word wins: a dispersible tablet, a powder for injection.
                name.form = Some(name.form.map_or(*form, |known| closer(known, form)));
            }
            Meaning::Route(route) => name.route = name.route.or(Some(route)),
            Meaning::Container(container) => {
                self.vial |= matches!(*container, "vial" | "ampoule" | "prefilled syringe");
            }
            Meaning::People(people) => name.people = name.people.or(Some(people)),
            Meaning::Salt(salt) => name.salts.push(salt),
        }
    }

    /// The kind of the items heard: a medicine in a kit is a medicine.
    pub(super) fn kind(&self) -> Option<ItemKind> {
        self.items.iter().map(|item| item.kind).min()
    }

    /// Whether amounts are amounts of a substance, not sizes of a thing.
    pub(super) fn has_strength(&self) -> bool {
        !matches!(self.kind(), Some(ItemKind::Supply | ItemKind::Test))
    }

    /// `Progestogen only pill (norgestrel)`: where a member is named, the name of its class says nothing more.
    fn drop_classes(&mut self) {
        let names: Vec<_> = self.items.iter().map(|item| item.name).collect();
        self.items.retain(|item| !names.iter().any(|name| LEXICON.is_class_of(item.name, name)));
    }

    /// Diluents that come with something, and short names of vaccines that mean something else beside a medicine.
    fn drop_companions(&mut self) {
        let mut first = true;
        self.items.retain(|item| std::mem::take(&mut first) || !matches!(item.name, "diluent" | "water for injection"));
        if self.kind() == Some(ItemKind::Medicine) {
            let dispersible = self.items.iter().any(|item| item.name == "dt vaccine");
            self.name.form = dispersible.then_some("dispersible tablet");
            self.items.retain(|item| item.kind != ItemKind::Vaccine);
        }
    }

    fn finish(mut self) -> ProductName {
        self.name.kind = self.kind();
        self.name.form = self.name.form.or(self.form_by_brand);
        if matches!(self.name.kind, Some(ItemKind::Supply | ItemKind::Test)) {
            (self.name.form, self.name.route, self.vial) = (None, None, false);
        }
        // A powder for reconstitution that is dosed by the spoon is not for injection.
        let spoon = self.per.is_some_and(|per| per.unit == AmountUnit::Millilitre && per.number == SPOON);
        if spoon && self.name.form == Some("powder for injection") && !self.vial {
            self.name.form = Some("oral suspension");
        }
        self.name.strength = self.strength();
        self.items.sort_by_key(|item| item.name);
        let mut name = self.name;
        name.items = self.items.iter().map(|item| item.name).collect();
        name.used = name.form.and_then(|form| LEXICON.form_group(form)).or_else(|| {
            let by_route = match name.route {
                Some("intravenous" | "intramuscular" | "subcutaneous" | "intradermal") => Some("injectable"),
                _ => None,
            };
            by_route.or(self.vial.then_some("injectable"))
        });
        name.salts.sort_unstable();
        name.salts.dedup();
        name.sizes.sort_unstable();
        name.words.sort_unstable();
        name.words.dedup();
        name
    }

    /// The strength, its amounts in the order of the items by name where there is one for each.
    fn strength(&mut self) -> Option<Strength> {
        if !self.has_strength() {
            let sizes = self.amounts.drain(..).map(Amount::as_size);
            self.name.sizes.extend(sizes);
            return None;
        }
        let mut amounts = std::mem::take(&mut self.amounts);
        if amounts.is_empty() {
            return None;
        }
        let paired = amounts.len() == self.items.len();
        if paired {
            let mut pairs: Vec<_> = self.items.iter().map(|item| item.name).zip(amounts).collect();
            pairs.sort_by_key(|(name, _)| *name);
            amounts = pairs.into_iter().map(|(_, amount)| amount).collect();
        } else {
            amounts.sort_by_key(|amount| (amount.unit, std::cmp::Reverse(amount.number)));
        }
        Some(Strength { amounts, paired, alternatives: std::mem::take(&mut self.alternatives), per: self.per })
    }

    /// A number that counts the pieces of a pack.
    pub(super) fn pack(&mut self, number: Decimal) {
        if let Some(count) = whole(number)
            && self.name.pack.is_empty()
        {
            self.name.pack.push(count);
        }
    }

    /// A size of a thing or container, as it was written.
    pub(super) fn content(&mut self, amount: Amount) {
        match amount.unit {
            AmountUnit::Dose => self.name.doses = self.name.doses.or_else(|| whole(amount.number)),
            AmountUnit::Test => self.pack(amount.number),
            AmountUnit::Millimetre => self.name.sizes.push(amount.to_string()),
            _ => self.name.content = self.name.content.or(Some(amount)),
        }
    }
}

/// Of two forms in one name the one that says more: not `tablet` where `dispersible tablet` was said as well.
fn closer(known: &'static str, heard: &'static str) -> &'static str {
    const PLAIN: [&str; 6] = ["tablet", "injection", "powder", "skin solution", "capsule", "oral powder"];
    // `suspension, powder to make 100 ml`: the oral form is the one that is taken.
    match (known, heard) {
        ("oral suspension" | "syrup" | "oral solution", _) => known,
        (_, "oral suspension" | "syrup" | "oral solution")
            if PLAIN.contains(&known) || known == "powder for injection" =>
        {
            heard
        }
        ("injection", "powder") | ("powder", "injection") => "powder for injection",
        ("skin solution", "injection") => "injection",
        _ if PLAIN.contains(&known) => heard,
        _ => known,
    }
}

/// A count: a positive whole number.
pub(super) fn whole(number: Decimal) -> Option<u32> {
    number.is_integer().then(|| number.to_u32()).flatten().filter(|count| *count > 0)
}
