//! Rule files: what is compared with what, and what is expected.

use mlatho_model::{Decimal, ItemId, Measure, PeriodType};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// A comparison of consumption with services, as written in a rule file (TOML).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What a person calls the comparison.
    pub name: String,
    /// Both sides are compared in periods of this type; others are left out.
    #[serde(deserialize_with = "period_type")]
    pub period_type: PeriodType,
    /// Below this many service events a ratio says nothing and is undefined.
    #[serde(default, deserialize_with = "number")]
    pub minimum_services: Decimal,
    pub consumption: Vec<ConsumptionItem>,
    pub services: Vec<ServiceElement>,
    /// Counts of tests that come before the treatment, where a test should.
    #[serde(default)]
    pub tests: Vec<ServiceElement>,
    /// What the products are also used for beside the services, as a person reads it.
    #[serde(default)]
    pub other_uses: Vec<String>,
    /// What would have to be counted apart to tell more, as a person reads it: cases by weight, say.
    #[serde(default)]
    pub needs: Vec<String>,
    pub band: Band,
}

/// A product whose consumption counts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsumptionItem {
    pub item: ItemId,
    /// The measure that is taken as consumption.
    #[serde(default = "consumed", deserialize_with = "measure")]
    pub measure: Measure,
    /// How many units one treatment takes: treatments = units ÷ this.
    #[serde(default = "one", deserialize_with = "number")]
    pub units_per_case: Decimal,
    /// Units in a pack, where packs are known to be taken for units.
    #[serde(default, deserialize_with = "optional_number")]
    pub pack_size: Option<Decimal>,
}

/// A service count that consumption is expected to follow.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceElement {
    pub item: ItemId,
    /// The element; by default named like the item.
    #[serde(default, deserialize_with = "optional_measure")]
    pub measure: Option<Measure>,
    /// Treatments that one service event is expected to take.
    #[serde(default = "one", deserialize_with = "number")]
    pub weight: Decimal,
}

impl ServiceElement {
    /// The measure that its points have.
    #[must_use]
    pub fn measure(&self) -> Measure {
        self.measure.clone().unwrap_or_else(|| Measure::Element(self.item.as_str().into()))
    }
}

/// Between which ratios consumption and services agree, both ends included.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    #[serde(deserialize_with = "number")]
    pub low: Decimal,
    #[serde(deserialize_with = "number")]
    pub high: Decimal,
    /// Where the band comes from; shown beside it.
    pub source: String,
}

/// Why a text is no rule file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct BadRule {
    /// From 1; 0 where the fault is not on one line.
    pub line: usize,
    pub reason: String,
}

impl Rule {
    /// Reads a rule file. Numbers may be written as `0.8` or `"0.8"`; both are exact.
    ///
    /// # Errors
    /// It is no TOML, has a key that is not known, names an item twice on one side or no item, or has a number that
    /// cannot be: a band upside down, a weight, unit count or pack size that is not above zero.
    pub fn parse(text: &str) -> Result<Self, BadRule> {
        let rule: Self = toml::from_str(text).map_err(|error| BadRule {
            line: error.span().map_or(0, |span| 1 + text.bytes().take(span.start).filter(|b| *b == b'\n').count()),
            reason: error.message().into(),
        })?;
        rule.checked().map_err(|reason| BadRule { line: 0, reason })
    }

    fn checked(self) -> Result<Self, String> {
        if self.consumption.is_empty() || self.services.is_empty() {
            return Err("a rule needs at least one [[consumption]] and one [[services]]".into());
        }
        if self.band.low < Decimal::ZERO || self.band.high < self.band.low {
            return Err("the band needs 0 ≤ low ≤ high".into());
        }
        for (at, entry) in self.consumption.iter().enumerate() {
            let pack_size = entry.pack_size.unwrap_or(Decimal::ONE);
            if entry.units_per_case <= Decimal::ZERO || pack_size <= Decimal::ZERO {
                return Err(format!("`{}`: units_per_case and pack_size are above zero", entry.item));
            }
            if self.consumption.iter().take(at).any(|e| e.item == entry.item && e.measure == entry.measure) {
                return Err(format!("`{}` stands twice in [[consumption]]", entry.item));
            }
        }
        for (name, list) in [("services", &self.services), ("tests", &self.tests)] {
            for (at, entry) in list.iter().enumerate() {
                if entry.weight <= Decimal::ZERO {
                    return Err(format!("`{}`: weight is above zero", entry.item));
                }
                if list.iter().take(at).any(|e| e.item == entry.item && e.measure() == entry.measure()) {
                    return Err(format!("`{}` stands twice in [[{name}]]", entry.item));
                }
            }
        }
        Ok(self)
    }
}

const fn consumed() -> Measure {
    Measure::Consumed
}

const fn one() -> Decimal {
    Decimal::ONE
}

fn period_type<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PeriodType, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

fn measure<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Measure, D::Error> {
    Measure::named(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

fn optional_measure<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Measure>, D::Error> {
    measure(deserializer).map(Some)
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a number such as 30, 0.8 or \"0.8\"")]
enum Number {
    Whole(i64),
    /// Its shortest decimal form is what was written.
    Point(f64),
    Text(String),
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let text = match Number::deserialize(deserializer)? {
        Number::Whole(number) => return Ok(number.into()),
        Number::Point(number) => number.to_string(),
        Number::Text(text) => text,
    };
    text.trim().parse().map_err(|_| D::Error::custom(format!("`{text}` is not a number")))
}

fn optional_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    number(deserializer).map(Some)
}
