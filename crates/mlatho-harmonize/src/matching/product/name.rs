//! A product name, taken apart.

use std::fmt;

use rust_decimal::Decimal;

use super::amount::{Amount, AmountUnit, Strength};
use super::lexicon::ItemKind;

/// What a product name says. Names of things are the ones of the word lists, so that one thing has one name in every
/// language and spelling.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProductName {
    /// Substances, vaccines, tests or supplies, in the order of the alphabet.
    pub items: Vec<&'static str>,
    /// What the items are; nothing where none is known.
    pub kind: Option<ItemKind>,
    pub strength: Option<Strength>,
    /// Dosage form: `tablet`, `powder for injection`.
    pub form: Option<&'static str>,
    /// Where the form, the route or the container says that it is used: `oral solid`, `injectable`, `eye`.
    pub used: Option<&'static str>,
    pub route: Option<&'static str>,
    /// How much one container or piece holds: 100 ml, 20 g.
    pub content: Option<Amount>,
    /// Units in a pack, from the outside: `30x18` is 30 blisters of 18. Empty where the name does not say.
    pub pack: Vec<u32>,
    /// Doses in a vial or an inhaler.
    pub doses: Option<u32>,
    /// `adult`, `paediatric`.
    pub people: Option<&'static str>,
    pub salts: Vec<&'static str>,
    /// Dimensions, gauges and other numbers that tell sizes apart.
    pub sizes: Vec<String>,
    /// Words that the lists do not know, in one spelling.
    pub words: Vec<Box<str>>,
}

impl ProductName {
    /// Units in the whole pack; nothing where the name does not say or it is too large.
    #[must_use]
    pub fn pack_total(&self) -> Option<u32> {
        let (first, others) = self.pack.split_first()?;
        others.iter().try_fold(*first, |total, factor| total.checked_mul(*factor))
    }

    /// The pack as it is written: `30x18`.
    pub(super) fn pack_text(&self) -> String {
        self.pack.iter().map(u32::to_string).collect::<Vec<_>>().join("x")
    }

    /// Volume of one container in ml.
    pub(super) fn volume(&self) -> Option<Decimal> {
        self.content.filter(|content| content.unit == AmountUnit::Millilitre).map(|content| content.number)
    }
}

/// What was understood, for people: `artemether 20 mg + lumefantrine 120 mg; tablet; pack 30x18`.
impl fmt::Display for ProductName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = vec![self.what()];
        parts.extend(self.form.map(str::to_owned));
        parts.extend(self.content.map(|content| content.to_string()));
        if !self.pack.is_empty() {
            parts.push(format!("pack {}", self.pack_text()));
        }
        parts.extend(self.doses.map(|doses| format!("{doses} doses")));
        parts.extend(self.people.map(str::to_owned));
        if !self.sizes.is_empty() {
            parts.push(format!("size {}", self.sizes.join(" ")));
        }
        parts.retain(|part| !part.is_empty());
        f.write_str(&parts.join("; "))
    }
}

impl ProductName {
    fn what(&self) -> String {
        let Some(strength) = &self.strength else { return self.items.join(" + ") };
        let per = strength.per.map(|per| format!(" per {per}")).unwrap_or_default();
        if strength.paired {
            let each = self.items.iter().zip(&strength.amounts).map(|(item, amount)| format!("{item} {amount}"));
            return format!("{}{per}", each.collect::<Vec<_>>().join(" + "));
        }
        let amounts: Vec<_> = strength.amounts.iter().map(Amount::to_string).collect();
        format!("{} {}{per}", self.items.join(" + "), amounts.join(" + ")).trim_start().to_owned()
    }
}
