//! Amounts with their units, and when two strengths say the same.

use std::fmt;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// The unit in which amounts of one dimension are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AmountUnit {
    Milligram,
    InternationalUnit,
    Millimole,
    Milliequivalent,
    /// Grams in 100 ml or 100 g.
    Percent,
    Millilitre,
    Millimetre,
    Dose,
    Test,
}

/// A number with its unit, such as 0.25 g kept as 250 mg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount {
    pub number: Decimal,
    pub unit: AmountUnit,
}

impl Amount {
    /// An amount in a unit of the word list; nothing, where the unit is none or the number is too large.
    pub(super) fn new(number: Decimal, unit: &str) -> Option<Self> {
        let (unit, times, over) = match unit {
            "mg" => (AmountUnit::Milligram, 1, 1),
            "g" => (AmountUnit::Milligram, 1000, 1),
            "kg" => (AmountUnit::Milligram, 1_000_000, 1),
            "mcg" => (AmountUnit::Milligram, 1, 1000),
            "iu" => (AmountUnit::InternationalUnit, 1, 1),
            "miu" => (AmountUnit::InternationalUnit, 1_000_000, 1),
            "mmol" => (AmountUnit::Millimole, 1, 1),
            "meq" => (AmountUnit::Milliequivalent, 1, 1),
            "percent" => (AmountUnit::Percent, 1, 1),
            "ml" => (AmountUnit::Millilitre, 1, 1),
            "l" => (AmountUnit::Millilitre, 1000, 1),
            "ul" => (AmountUnit::Millilitre, 1, 1000),
            "mm" => (AmountUnit::Millimetre, 1, 1),
            "cm" => (AmountUnit::Millimetre, 10, 1),
            "m" => (AmountUnit::Millimetre, 1000, 1),
            "inch" => (AmountUnit::Millimetre, 254, 10),
            "dose" => (AmountUnit::Dose, 1, 1),
            "test" => (AmountUnit::Test, 1, 1),
            _ => return None,
        };
        // `50.000 iu` is fifty thousand: nobody gives thousandths of a unit.
        let times = if unit == AmountUnit::InternationalUnit && number.scale() > 2 { times * 1000 } else { times };
        let number = number.checked_mul(Decimal::from(times))?.checked_div(Decimal::from(over))?;
        Some(Self { number: number.normalize(), unit })
    }

    /// As the size of a thing: `23 g` of a needle is its gauge.
    pub(super) fn as_size(self) -> String {
        let gauge = self
            .number
            .checked_div(Decimal::ONE_THOUSAND)
            .filter(|gauge| gauge.is_integer() && *gauge <= Decimal::from(40));
        match gauge {
            Some(gauge) if self.unit == AmountUnit::Milligram => gauge.normalize().to_string(),
            _ => self.to_string(),
        }
    }

    /// How much of a substance there is, not how large its container is.
    pub(super) fn is_content(self) -> bool {
        use AmountUnit::{InternationalUnit, Milliequivalent, Milligram, Millimole, Percent};
        matches!(self.unit, Milligram | InternationalUnit | Millimole | Milliequivalent | Percent)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            AmountUnit::Milligram => " mg",
            AmountUnit::InternationalUnit => " IU",
            AmountUnit::Millimole => " mmol",
            AmountUnit::Milliequivalent => " mEq",
            AmountUnit::Percent => "%",
            AmountUnit::Millilitre => " ml",
            AmountUnit::Millimetre => " mm",
            AmountUnit::Dose => " doses",
            AmountUnit::Test => " tests",
        };
        write!(f, "{}{unit}", self.number)
    }
}

/// How much of each substance there is, and in how much.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Strength {
    /// In the order of the substances where [`Strength::paired`], else from the largest.
    pub amounts: Vec<Amount>,
    /// One amount for each substance.
    pub paired: bool,
    /// The same strength in another unit, as in `1.44 g (2.4 MIU)`.
    pub alternatives: Vec<Amount>,
    /// In how much: 5 ml, one dose.
    pub per: Option<Amount>,
}

/// The 5 ml in which oral liquids are dosed.
pub(super) const SPOON: Decimal = Decimal::from_parts(5, 0, 0, false, 0);

/// How two strengths compare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Likeness {
    /// The same amounts or concentrations.
    Equal,
    /// The amounts of one add up to the amount of the other, as 800 mg + 160 mg and 960 mg.
    EqualSum,
    /// Some of the amounts.
    Partly,
    /// Nothing in common; how many times one is twice the other.
    Different(f64),
    /// Given in units that cannot be compared.
    Incomparable,
}

impl Strength {
    /// Compares strengths; `volumes` are the sizes of the containers in ml.
    pub(super) fn likeness(&self, other: &Self, volumes: [Option<Decimal>; 2]) -> Likeness {
        let [one, two] = [self.readings(volumes[0]), other.readings(volumes[1])];
        let mut best = Likeness::Incomparable;
        for a in &one {
            for b in two.iter().filter(|b| b.concentration == a.concentration) {
                let found = a.likeness(b);
                if rank(found) > rank(best) {
                    best = found;
                }
            }
        }
        best
    }

    /// The ways in which the strength may be read: as concentration, as the total in a container, in another unit.
    fn readings(&self, volume: Option<Decimal>) -> Vec<Reading> {
        let mut out = Vec::new();
        let alternatives = (!self.alternatives.is_empty()).then(|| self.alternatives.clone());
        for amounts in [Some(self.amounts.clone()), alternatives].into_iter().flatten() {
            let percent = amounts.iter().all(|amount| amount.unit == AmountUnit::Percent);
            let per = match self.per {
                _ if percent => Some(Decimal::ONE),
                Some(Amount { number, unit: AmountUnit::Millilitre }) if !number.is_zero() => Some(number),
                _ => None,
            };
            // One per cent is 10 mg in 1 ml.
            let scale = |times: Option<Decimal>| -> Option<Vec<Amount>> {
                let one = |amount: &Amount| {
                    let ten = if percent { Decimal::TEN } else { Decimal::ONE };
                    let unit = if percent { AmountUnit::Milligram } else { amount.unit };
                    Some(Amount { number: amount.number.checked_mul(ten)?.checked_mul(times?)?.normalize(), unit })
                };
                amounts.iter().map(one).collect()
            };
            let each = per.and_then(|per| Decimal::ONE.checked_div(per));
            let mut add = |concentration: bool, amounts: Option<Vec<Amount>>| {
                out.extend(amounts.map(|amounts| Reading { concentration, amounts }));
            };
            let Some(each) = each else {
                add(false, Some(amounts.clone()));
                add(true, scale(volume.and_then(|volume| Decimal::ONE.checked_div(volume))));
                continue;
            };
            add(true, scale(Some(each)));
            let total = volume.and_then(|volume| volume.checked_mul(each));
            // Of `80 mg / 2 ml` without any other volume the container holds the 2 ml; 5 ml are a spoon.
            let container = per.is_some_and(|per| per > Decimal::ONE && per != SPOON) && !percent;
            if let Some(total) = total.or(container.then_some(Decimal::ONE)) {
                add(false, scale(Some(total)));
            }
        }
        out
    }
}

/// One way to read a strength.
struct Reading {
    /// For 1 ml; else altogether.
    concentration: bool,
    amounts: Vec<Amount>,
}

const fn rank(likeness: Likeness) -> u8 {
    match likeness {
        Likeness::Equal => 4,
        Likeness::EqualSum => 3,
        Likeness::Partly => 2,
        Likeness::Different(_) => 1,
        Likeness::Incomparable => 0,
    }
}

impl Reading {
    fn likeness(&self, other: &Self) -> Likeness {
        let sorted = |reading: &Self| {
            let mut amounts = reading.amounts.clone();
            amounts.sort_by_key(|amount| (amount.unit, amount.number));
            amounts
        };
        let (one, two) = (sorted(self), sorted(other));
        let (Some(first), Some(second)) = (one.last(), two.last()) else { return Likeness::Incomparable };
        if one.len() == two.len() && one.iter().zip(&two).all(|(a, b)| nearly(*a, *b)) {
            return Likeness::Equal;
        }
        let sum = |amounts: &[Amount]| {
            let unit = amounts.first()?.unit;
            let alike = amounts.iter().all(|amount| amount.unit == unit);
            let number = amounts.iter().try_fold(Decimal::ZERO, |sum, amount| sum.checked_add(amount.number))?;
            alike.then_some(Amount { number, unit })
        };
        if let (Some(a), Some(b)) = (sum(&one), sum(&two))
            && one.len() != two.len()
            && nearly(a, b)
        {
            return Likeness::EqualSum;
        }
        if one.len() != two.len() && one.iter().any(|a| two.iter().any(|b| nearly(*a, *b))) {
            return Likeness::Partly;
        }
        if first.unit != second.unit {
            return Likeness::Incomparable;
        }
        let ratio = first.number.checked_div(second.number).and_then(|ratio| ratio.to_f64()).unwrap_or(0.0);
        Likeness::Different(if ratio > 0.0 { ratio.log2().abs() } else { f64::from(u8::MAX) })
    }
}

/// Equal but for rounding: within one in a hundred.
fn nearly(a: Amount, b: Amount) -> bool {
    let apart = || a.number.checked_sub(b.number)?.abs().checked_mul(Decimal::ONE_HUNDRED);
    a.unit == b.unit && (a.number == b.number || apart().is_some_and(|apart| apart <= a.number.max(b.number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(amounts: &[(&str, &str)], per: Option<(&str, &str)>) -> Strength {
        let amount = |(number, unit): (&str, &str)| Amount::new(number.parse().unwrap(), unit).unwrap();
        Strength {
            amounts: amounts.iter().map(|pair| amount(*pair)).collect(),
            per: per.map(amount),
            ..Strength::default()
        }
    }

    #[test]
    fn strengths_by_hand() {
        let ml = |number: i64| Some(Decimal::from(number));
        let none = [None, None];
        let gram = of(&[("1", "g")], None);
        assert_eq!(gram.likeness(&of(&[("1000", "mg")], None), none), Likeness::Equal);
        // 250 mg in 5 ml and 50 mg/ml
        let syrup = of(&[("250", "mg")], Some(("5", "ml")));
        assert_eq!(syrup.likeness(&of(&[("50", "mg")], Some(("1", "ml"))), none), Likeness::Equal);
        // 50 % is 500 mg/ml
        let half = of(&[("50", "percent")], None);
        assert_eq!(half.likeness(&of(&[("500", "mg")], Some(("1", "ml"))), none), Likeness::Equal);
        // 5 mg/ml in 100 ml are 500 mg
        let drip = of(&[("5", "mg")], Some(("1", "ml")));
        assert_eq!(drip.likeness(&of(&[("500", "mg")], None), [ml(100), None]), Likeness::Equal);
        let both = of(&[("800", "mg"), ("160", "mg")], None);
        assert_eq!(both.likeness(&of(&[("960", "mg")], None), none), Likeness::EqualSum);
        assert_eq!(both.likeness(&of(&[("160", "mg"), ("800", "mg")], None), none), Likeness::Equal);
        assert_eq!(gram.likeness(&of(&[("250", "mg")], None), none), Likeness::Different(2.0));
        assert_eq!(gram.likeness(&of(&[("5", "iu")], None), none), Likeness::Incomparable);
    }

    #[test]
    fn nothing_overflows() {
        let huge = of(&[("79228162514264337593543950335", "mg")], None);
        assert_eq!(huge.likeness(&huge, [None, Some(Decimal::ZERO)]), Likeness::Equal);
        assert_eq!(Amount::new(Decimal::MAX, "kg"), None);
    }
}
