//! Months of stock.

use mlatho_model::Decimal;

use crate::Rational;

/// How long the stock on hand lasts at the average monthly consumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthsOfStock {
    /// Months, exact.
    Months(Rational),
    /// Undefined: stock on hand, and none is used.
    NoUse,
    /// Undefined: no stock and no use; check whether it is a stock-out.
    CheckStockOut,
    /// Undefined: stock on hand or average is not known.
    Unknown,
}

/// `E ÷ AMC`, both in the same unit. Never zero where it is undefined.
///
/// Source: `indicators.md` L3.
#[must_use]
pub fn months_of_stock(stock_on_hand: Option<Decimal>, average: Option<Rational>) -> MonthsOfStock {
    let (Some(stock), Some(average)) = (stock_on_hand, average) else { return MonthsOfStock::Unknown };
    match (average.is_zero(), stock.is_zero()) {
        (true, true) => MonthsOfStock::CheckStockOut,
        (true, false) => MonthsOfStock::NoUse,
        (false, _) => Rational::from(stock).checked_div(average).map_or(MonthsOfStock::Unknown, MonthsOfStock::Months),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let average = |number: u32| Some(Rational::from(number));
        assert_eq!(months_of_stock(Some(45.into()), average(30)), MonthsOfStock::Months(Rational::new(3, 2).unwrap()));
        assert_eq!(months_of_stock(Some(0.into()), average(30)), MonthsOfStock::Months(Rational::ZERO));
        assert_eq!(months_of_stock(Some(5.into()), average(0)), MonthsOfStock::NoUse);
        assert_eq!(months_of_stock(Some(0.into()), average(0)), MonthsOfStock::CheckStockOut);
        assert_eq!(months_of_stock(None, average(30)), MonthsOfStock::Unknown);
        assert_eq!(months_of_stock(Some(5.into()), None), MonthsOfStock::Unknown);
    }
}
