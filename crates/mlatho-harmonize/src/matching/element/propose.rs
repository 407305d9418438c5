//! Proposals of data elements for product × measure.

use mlatho_model::Measure;

use super::name::{ElementName, read};
use crate::matching::product::{Index, Rarity, Record, compare, probability, respell};
use crate::matching::rank::{Rules, Scored, rank};
use crate::matching::{Evidence, List, Proposal};

/// A data element, or what one is wanted for: a product and a measure. Blank is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ElementRow {
    pub id: String,
    /// The product, alone or with the measure: `ACT 1x6 – quantity dispensed`.
    pub name: String,
    /// A code that both systems share, or that begins the codes of the product's elements.
    pub code: String,
    /// The measure by its name (`consumed`) or in words.
    pub measure: String,
    /// Category options, in words. They may name the measure.
    pub options: String,
    /// Other names, separated by `|`.
    pub aliases: String,
}

/// The rows of a list as elements.
#[must_use]
pub fn elements(list: &List) -> Vec<ElementRow> {
    let row = |row| {
        let text = |name| list.named(row, name).to_owned();
        ElementRow {
            id: text("id"),
            name: text("name"),
            code: text("code"),
            measure: text("measure"),
            options: text("options"),
            aliases: text("aliases"),
        }
    };
    (0..list.len()).map(row).collect()
}

/// A row, taken apart.
#[derive(Debug)]
struct Element {
    name: ElementName,
    record: Record,
    code: String,
}

impl Element {
    fn read(row: &ElementRow) -> Self {
        let (name, words) = read(&row.name, &row.measure, &row.options);
        let mut names = vec![words];
        names.extend(row.aliases.split('|').map(|alias| read(alias, "", "").1));
        Self { name, record: Record::of(&names), code: row.code.trim().to_lowercase() }
    }

    fn keys(&self) -> Vec<String> {
        let mut keys = self.record.keys();
        keys.extend(self.name.measure.iter().map(|measure| format!("m:{measure}")));
        if !self.code.is_empty() {
            keys.push(format!("c:{}", self.code));
            keys.push(format!("c:{}", stem(&self.code)));
            keys.dedup();
        }
        keys
    }
}

/// The code without what stands behind the last dash, slash, dot or underscore: the part of the product.
fn stem(code: &str) -> &str {
    code.rsplit_once(['-', '/', '.', '_']).map_or(code, |(stem, _)| stem)
}

/// For each left row up to five data elements, the best first, with evidence that sums to the score; behind them a row
/// that says *none* where nothing fits. Ordered by left row.
///
/// Elements depend on programme and disaggregation, so that nothing is ever `accept`: a person decides.
#[must_use]
pub fn propose(left: &[ElementRow], right: &[ElementRow]) -> Vec<Proposal> {
    let rights: Vec<Element> = right.iter().map(Element::read).collect();
    let index = Index::new(rights.iter().map(Element::keys));
    let mut lefts: Vec<Element> = left.iter().map(Element::read).collect();
    for one in &mut lefts {
        one.record.words = respell(&one.record.words, &index);
    }
    let rarity = Rarity::new(lefts.iter().chain(&rights).map(|element| &element.record.words));
    let scored = lefts.iter().map(|one| {
        let candidates = index.candidates(&one.keys()).into_iter();
        let evidence = |other: &Element| {
            let mut all = compare(&one.record, &other.record, &rarity);
            all.extend([codes(one, other), measures(one, other), options(one, other)].into_iter().flatten());
            all
        };
        candidates.map(|other| Scored { right: other, evidence: evidence(&rights[other]) }).collect()
    });
    let same = |one: usize, other: usize| {
        let (one, other) = (&lefts[one], &lefts[other]);
        one.name.measure == other.name.measure
            && one.name.options == other.name.options
            && one.record.same_item(&other.record)
    };
    rank(scored.collect(), &Rules { probability: &probability, accept: &|_, _| false, same: &same })
}

fn codes(left: &Element, right: &Element) -> Option<Evidence> {
    if left.code.is_empty() || right.code.is_empty() {
        return None;
    }
    let (finding, bits) = if left.code == right.code {
        ("equal", 16.0)
    } else if left.code == stem(&right.code) || stem(&left.code) == stem(&right.code) && left.code != stem(&left.code) {
        ("product-part", 8.0)
    } else {
        return None;
    };
    Some(Evidence { feature: "code", finding: finding.into(), bits })
}

fn measures(left: &Element, right: &Element) -> Option<Evidence> {
    let (one, two) = (left.name.measure.as_ref(), right.name.measure.as_ref());
    let (finding, bits) = match (one, two) {
        (None, None) => return None,
        (Some(one), Some(two)) if one == two => (one.to_string(), 5.0),
        // What a store issues is what its facilities consume in some systems, and the other way round.
        (Some(Measure::Consumed), Some(Measure::Issued)) | (Some(Measure::Issued), Some(Measure::Consumed)) => {
            ("consumed | issued".into(), 1.0)
        }
        (Some(one), Some(two)) => (format!("{one} | {two}"), -9.0),
        (Some(one), None) | (None, Some(one)) => (one.to_string(), -1.5),
    };
    Some(Evidence { feature: "measure", finding, bits })
}

fn options(left: &Element, right: &Element) -> Option<Evidence> {
    let (one, two) = (&left.name.options, &right.name.options);
    let list = |options: &std::collections::BTreeSet<Box<str>>| {
        options.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(" ")
    };
    let (finding, bits) = match (one.is_empty(), two.is_empty()) {
        (true, true) => return None,
        (false, false) if one == two => (list(one), 3.0),
        (false, false) if one.is_disjoint(two) => (format!("{} | {}", list(one), list(two)), -5.0),
        _ => (format!("{} | {}", list(one), list(two)), -1.0),
    };
    Some(Evidence { feature: "options", finding, bits })
}
