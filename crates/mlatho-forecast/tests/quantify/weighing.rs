//! Several methods together.

use mlatho_forecast::quantify::{Need, Past, Voice, combine};
use mlatho_model::Decimal;
use proptest::prelude::*;

use crate::{number, numbers};

/// A method that was off by so much in each of two months.
fn voice(monthly: &[&str], off: Option<i64>) -> Voice {
    let past = |sign: i64| off.map(|off| Past { predicted: Decimal::from(500 + sign * off), actual: 500.into() });
    let past = [past(1), past(-1)].into_iter().flatten().collect();
    Voice { need: Need { monthly: numbers(monthly), parts: Vec::new() }, past }
}

/// Errors of 10 and 20: 1/100 and 1/400 are 0.8 and 0.2, halfway to a half each 0.65 and 0.35.
#[test]
fn weights_lie_halfway_between_errors_and_equality() {
    let both = combine(&[voice(&["100", "100"], Some(10)), voice(&["140", "120"], Some(20))]).unwrap();
    assert!((both.weights[0] - 0.65).abs() < 1e-12 && (both.weights[1] - 0.35).abs() < 1e-12, "{both:?}");
    assert_eq!(both.monthly, numbers(&["114", "107"]));
    assert_eq!(both.range, (number("100"), number("130")));
    // √((0.65 × 10)² + (0.35 × 20)²) = 9.55
    assert!((both.error.unwrap() - 91.25_f64.sqrt()).abs() < 1e-9);
    // 30 apart; 1.2816 × √500 = 28.66 allowed.
    let ask = both.ask.unwrap();
    assert_eq!((ask.low, ask.high, ask.apart, ask.allowed.round_dp(2)), (0, 1, number("30"), number("28.66")));
    let near = combine(&[voice(&["100"], Some(10)), voice(&["128"], Some(20))]).unwrap();
    assert_eq!(near.ask, None);
}

#[test]
fn without_backtests_all_weigh_the_same_and_nobody_is_asked() {
    let three = combine(&[voice(&["10"], None), voice(&["20"], None), voice(&["60"], None)]).unwrap();
    assert_eq!((three.monthly, three.error, three.ask), (numbers(&["30"]), None, None));
    // One that was never tested counts like the worst.
    let mixed = combine(&[voice(&["10"], Some(5)), voice(&["20"], None)]).unwrap();
    assert!((mixed.weights[0] - 0.5).abs() < 1e-12);
    assert_eq!(combine(&[]), None);
}

proptest! {
    #[test]
    fn a_combination_lies_within_its_methods(
        methods in prop::collection::vec((0_i64..10_000, prop::option::of(0_i64..500)), 1..6)
    ) {
        let voices: Vec<Voice> = methods
            .iter()
            .map(|(month, off)| voice(&[&month.to_string()], *off))
            .collect();
        let together = combine(&voices).unwrap();
        prop_assert!((together.weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        let (low, high) = together.range;
        prop_assert!(together.monthly[0] >= low - number("0.01") && together.monthly[0] <= high + number("0.01"));
    }
}
