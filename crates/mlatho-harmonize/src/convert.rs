//! Units and shares: one source number to the numbers of its targets.

use mlatho_model::{Decimal, Factor, Measure, Value};

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
    let mut left = total - parts.iter().sum::<Decimal>();
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
