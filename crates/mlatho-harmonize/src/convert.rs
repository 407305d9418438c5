//! Units and shares: one source number to the numbers of its targets.

use mlatho_model::{Decimal, Factor, Kind, Measure, Value};

use crate::Share;

/// What one of several targets gets of a source's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// The part of the number; the shares of all targets sum to one.
    pub share: Factor,
    /// Target units per source unit.
    pub factor: Factor,
}

impl Part {
    /// All of the number, in the source's unit.
    pub const WHOLE: Self = Self { share: Factor::ONE, factor: Factor::ONE };

    /// What a part of a part gets, as of the pair of an org unit and an item: shares multiply, and so do factors.
    /// Nothing, where they grow too large to write down.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        Some(Self { share: self.share.times(other.share)?, factor: self.factor.times(other.factor)? })
    }
}

impl From<Share<'_>> for Part {
    fn from(share: Share<'_>) -> Self {
        Self { share: share.share, factor: share.factor }
    }
}

/// A value in the target's unit: quantities are multiplied by the factor, anything else stays as it is.
///
/// Missing, not applicable and suppressed values pass through. Nothing, where the number grows too large.
#[must_use]
pub fn convert(value: &Value, measure: &Measure, factor: Factor) -> Option<Value> {
    match value {
        Value::Reported(number) if measure.is_quantity() && factor != Factor::ONE => {
            factor.apply(*number).map(Value::Reported)
        }
        other => Some(other.clone()),
    }
}

/// One value of the source as the values of its targets, in the order of `parts`.
///
/// Flows, levels and estimates are divided by the shares, in the source's unit and without loss (see [`split`]), and
/// each part is converted to the target's unit. Days and ratios hold for every target alike, as do missing, not
/// applicable and suppressed values. Nothing, where a number grows too large.
#[must_use]
pub fn spread(value: &Value, measure: &Measure, parts: &[Part]) -> Option<Vec<Value>> {
    let divided = matches!(measure.kind(), Kind::Flow | Kind::Stock | Kind::Estimate);
    let values = match value {
        Value::Reported(total) if divided => {
            let shares: Vec<Factor> = parts.iter().map(|part| part.share).collect();
            split(*total, &shares)?.into_iter().map(Value::Reported).collect()
        }
        other => vec![other.clone(); parts.len()],
    };
    values.iter().zip(parts).map(|(value, part)| convert(value, measure, part.factor)).collect()
}

/// Divides a total by shares that sum to one, so that the parts sum to the total exactly.
///
/// Whole totals are divided into whole parts by the largest remainder (of equal remainders the earlier part gets more);
/// other totals keep the decimals they came with, in the same way. Nothing, where the number grows too large.
#[must_use]
pub fn split(total: Decimal, shares: &[Factor]) -> Option<Vec<Decimal>> {
    let step = Decimal::new(1, total.scale());
    let mut parts = Vec::with_capacity(shares.len());
    let mut remainders = Vec::with_capacity(shares.len());
    for (index, share) in shares.iter().enumerate() {
        let exact = share.apply(total)?;
        let part = exact.trunc_with_scale(total.scale());
        remainders.push(((exact - part).abs(), index));
        parts.push(part);
    }
    let mut left = parts.iter().try_fold(total, |left, part| left.checked_sub(*part))?;
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let signed_step = if left.is_sign_negative() { -step } else { step };
    for (_, index) in remainders {
        if left.is_zero() {
            break;
        }
        parts[index] += signed_step;
        left -= signed_step;
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use mlatho_model::MissingReason;
    use proptest::prelude::*;

    use super::*;

    fn factor(text: &str) -> Factor {
        text.parse().unwrap()
    }

    #[test]
    fn only_quantities_are_multiplied() {
        let ten = Value::Reported(Decimal::TEN);
        let pack = factor("30");
        assert_eq!(convert(&ten, &Measure::Consumed, pack), Some(Value::Reported(300.into())));
        assert_eq!(convert(&ten, &Measure::StockoutDays, pack), Some(ten.clone()));
        let blank = Value::Missing(MissingReason::Blank);
        assert_eq!(convert(&blank, &Measure::Consumed, pack), Some(blank.clone()));
        assert_eq!(convert(&Value::Reported(Decimal::MAX), &Measure::Consumed, pack), None);
    }

    #[test]
    fn whole_numbers_split_into_whole_numbers() {
        let thirds = [factor("1/3"); 3];
        let parts: Vec<Decimal> = vec![34.into(), 33.into(), 33.into()];
        assert_eq!(split(100.into(), &thirds), Some(parts));
        let parts: Vec<Decimal> = vec![Decimal::from(-1), 0.into(), 0.into()];
        assert_eq!(split(Decimal::from(-1), &thirds), Some(parts));
        assert_eq!(split(5.into(), &[factor("0.8"), factor("0.2")]), Some(vec![4.into(), 1.into()]));
    }

    #[test]
    fn shares_divide_quantities_and_counts_but_not_days() {
        let parts = [("1/3", "30"), ("2/3", "10")].map(|(s, f)| Part { share: factor(s), factor: factor(f) });
        let ten = Value::Reported(Decimal::TEN);
        let reported = |numbers: [i64; 2]| Some(numbers.map(|number| Value::Reported(number.into())).to_vec());
        // 10 packs: 3 and 7, of 30 and of 10 tablets.
        assert_eq!(spread(&ten, &Measure::Consumed, &parts), reported([90, 70]));
        assert_eq!(spread(&ten, &Measure::ClosingBalance, &parts), reported([90, 70]));
        assert_eq!(spread(&ten, &Measure::NewPatients, &parts), reported([3, 7]));
        assert_eq!(spread(&ten, &Measure::StockoutDays, &parts), reported([10, 10]));
        assert_eq!(spread(&ten, &Measure::MosReported, &parts), reported([10, 10]));
        let blank = Value::Missing(MissingReason::Blank);
        assert_eq!(spread(&blank, &Measure::Consumed, &parts), Some(vec![blank.clone(), blank]));
    }

    #[test]
    fn pairs_multiply() {
        let part = |share, unit| Part { share: factor(share), factor: factor(unit) };
        assert_eq!(part("1/3", "1").times(part("3/4", "30")), Some(part("1/4", "30")));
        assert_eq!(part("1/3", "5").times(Part::WHOLE), Some(part("1/3", "5")));
        let tiny = Part { share: Factor::new(1, u64::MAX).unwrap(), ..Part::WHOLE };
        assert_eq!(tiny.times(tiny), None);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_made(total in -1_000_000_000i64..1_000_000_000, scale in 0u32..4, weights in prop::collection::vec(1u64..1000, 1..9)) {
            let whole: u64 = weights.iter().sum();
            let shares: Vec<Factor> = weights.iter().map(|weight| Factor::new(*weight, whole).unwrap()).collect();
            let total = Decimal::new(total, scale);
            let parts = split(total, &shares).unwrap();
            prop_assert_eq!(parts.iter().sum::<Decimal>(), total);
            for (part, share) in parts.iter().zip(&shares) {
                prop_assert!((part - share.apply(total).unwrap()).abs() <= Decimal::new(1, scale));
            }
        }
    }
}
