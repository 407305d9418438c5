//! Numbers of a scenario file, exact and within what can be.

use mlatho_model::Decimal;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// 0 to a million millions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::quantify) struct Amount(pub(in crate::quantify) Decimal);

/// 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::quantify) struct Share(pub(in crate::quantify) Decimal);

/// Yearly change: -0.9 to 10, 0.03 for 3 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::quantify) struct Change(pub(in crate::quantify) Decimal);

/// One number for all months, or one for each; months after the last are like it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "a number, or a list with a number for each month")]
pub(in crate::quantify) enum Monthly {
    All(Amount),
    Each(Vec<Amount>),
}

impl Monthly {
    pub(in crate::quantify) fn months(&self, months: usize) -> Vec<Decimal> {
        let at = |month: usize| match self {
            Self::All(amount) => amount.0,
            Self::Each(list) => list.get(month).or(list.last()).map_or(Decimal::ZERO, |amount| amount.0),
        };
        (0..months).map(at).collect()
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a number such as 30, 0.8 or \"0.8\"")]
enum Written {
    Whole(i64),
    /// Its shortest decimal form is what was written.
    Point(f64),
    Text(String),
}

fn between<'de, D: Deserializer<'de>>(deserializer: D, low: Decimal, high: Decimal) -> Result<Decimal, D::Error> {
    let text = match Written::deserialize(deserializer)? {
        Written::Whole(number) => number.to_string(),
        Written::Point(number) => number.to_string(),
        Written::Text(text) => text,
    };
    let number: Decimal = text.trim().parse().map_err(|_| D::Error::custom(format!("`{text}` is not a number")))?;
    if number < low || number > high {
        return Err(D::Error::custom(format!("{number} is not between {low} and {high}")));
    }
    Ok(number)
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        between(deserializer, Decimal::ZERO, Decimal::from(1_000_000_000_000_i64)).map(Self)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        between(deserializer, Decimal::ZERO, Decimal::ONE).map(Self)
    }
}

impl<'de> Deserialize<'de> for Change {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        between(deserializer, Decimal::new(-9, 1), Decimal::TEN).map(Self)
    }
}

pub(super) const fn whole() -> Share {
    Share(Decimal::ONE)
}

pub(super) const fn nothing() -> Share {
    Share(Decimal::ZERO)
}

pub(super) const fn one() -> Amount {
    Amount(Decimal::ONE)
}
