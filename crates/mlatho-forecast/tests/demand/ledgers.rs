//! Small ledgers, worked out by hand.

use mlatho_forecast::demand::{Label, LedgerMonth, Recovered, Series, recover};
use proptest::prelude::*;

/// A month that balances: opening, received, issued.
fn month(opening: f64, received: f64, issued: f64) -> LedgerMonth {
    LedgerMonth {
        days: 30,
        opening: Some(opening),
        received: Some(received),
        issued: Some(issued),
        adjustments: Some(0.0),
        closing: Some(opening + received - issued),
        stockout_days: None,
    }
}

fn silent() -> LedgerMonth {
    LedgerMonth { days: 30, ..LedgerMonth::default() }
}

fn alone(months: &[LedgerMonth]) -> Recovered {
    recover(&[Series { first: 0, months }]).pop().unwrap()
}

fn labels(recovered: &Recovered) -> Vec<Option<Label>> {
    recovered.months.iter().map(|month| month.map(|month| month.label)).collect()
}

#[test]
fn what_was_issued_from_a_full_shelf_is_demand() {
    let found = alone(&[month(50.0, 0.0, 20.0), month(30.0, 40.0, 0.0), month(70.0, 0.0, 25.0)]);
    let means: Vec<f64> = found.months.iter().flatten().map(|month| month.mean).collect();
    assert_eq!(means, [20.0, 0.0, 25.0]);
    assert_eq!(labels(&found), [Some(Label::Observed); 3]);
    assert!(found.months.iter().flatten().all(|month| month.variance == 0.0));
}

#[test]
fn before_the_first_report_there_is_nothing_and_after_it_nothing_is_dropped() {
    let found = alone(&[silent(), month(50.0, 0.0, 20.0), silent(), month(30.0, 0.0, 20.0), silent()]);
    let estimated = Some(Label::MissingEstimated);
    let observed = Some(Label::Observed);
    assert_eq!(labels(&found), [None, observed, estimated, observed, estimated]);
    // A level of 20 in all reported months is the estimate of the others.
    for at in [2, 4] {
        let month = found.months[at].unwrap();
        assert!((month.mean - 20.0).abs() < 0.01 && month.variance > 20.0, "{month:?}");
    }
}

#[test]
fn a_long_silence_fades() {
    let mut months = vec![month(50.0, 50.0, 20.0); 6];
    months.extend(vec![silent(); 13]);
    let found = alone(&months);
    let first = found.months[6].unwrap().mean;
    let after_a_year = found.months[18].unwrap().mean;
    assert!((first - 20.0).abs() < 0.5, "{first}");
    assert!((after_a_year - first / 2.0).abs() < 0.5, "{after_a_year}");
}

#[test]
fn a_series_without_a_report_has_no_demand_not_zero() {
    let found = alone(&[silent(), silent()]);
    assert_eq!((found.months.as_slice(), found.level, found.mean()), (&[None, None][..], None, None));
    assert!(recover(&[]).is_empty());
}

#[test]
fn an_empty_shelf_is_a_bound_not_a_demand() {
    let found = alone(&[month(50.0, 0.0, 30.0), month(20.0, 0.0, 20.0), month(0.0, 0.0, 0.0), month(0.0, 90.0, 30.0)]);
    let [first, short, nothing, last] = found.months.iter().flatten().collect::<Vec<_>>()[..] else { panic!() };
    assert_eq!((first.label, last.label), (Label::Observed, Label::Observed));
    assert_eq!((short.label, nothing.label), (Label::CensoredEstimated, Label::CensoredEstimated));
    assert!(short.mean > 20.0 && short.mean < 60.0, "{short:?}");
    // A month without issue and without stock says nothing: it is as other months are.
    assert!(nothing.mean > 20.0 && nothing.mean < 50.0, "{nothing:?}");
}

/// Half the days, 15 of 30: twice the issues where months are alike.
#[test]
fn days_without_stock_are_added_for() {
    let mut months = vec![LedgerMonth { stockout_days: Some(0.0), ..month(100.0, 0.0, 40.0) }; 6];
    months.push(LedgerMonth { stockout_days: Some(15.0), ..month(20.0, 0.0, 20.0) });
    let short = alone(&months).months[6].unwrap();
    assert_eq!(short.label, Label::CensoredEstimated);
    assert!((short.mean - 40.0).abs() < 1.0, "{short:?}");
}

#[test]
fn days_that_are_always_zero_beside_empty_shelves_are_not_believed() {
    let with_days = |days: f64| LedgerMonth { stockout_days: Some(days), ..month(20.0, 0.0, 20.0) };
    let mut months = vec![LedgerMonth { stockout_days: Some(0.0), ..month(100.0, 0.0, 40.0) }; 4];
    months.extend([with_days(0.0); 3]);
    assert_eq!(alone(&months).months[5].unwrap().label, Label::CensoredEstimated);
    // One recorded day shows that they are kept: then no day out means that the last unit went at the very end.
    months.push(with_days(3.0));
    assert_eq!(alone(&months).months[5].unwrap().label, Label::Observed);
}

#[test]
fn blank_issues_follow_from_the_balance() {
    let blank = LedgerMonth { issued: None, ..month(40.0, 10.0, 15.0) };
    let found = alone(&[month(50.0, 0.0, 10.0), blank]);
    let month = found.months[1].unwrap();
    assert_eq!((month.mean, month.label), (15.0, Label::Replayed));
    // Without the adjustments two answers are left, so none is given.
    let open = LedgerMonth { adjustments: None, ..blank };
    assert_eq!(alone(&[blank, open]).months[1].unwrap().label, Label::MissingEstimated);
}

/// Ten facilities that move together: in month 3 all reporters issue double, so a silent one probably did.
#[test]
fn a_silent_facility_moves_with_its_group() {
    let reporter: Vec<LedgerMonth> =
        (0..8).map(|at| month(9000.0, 0.0, if at == 3 { 2000.0 } else { 1000.0 })).collect();
    let mut gap: Vec<LedgerMonth> = (0..8).map(|_| month(900.0, 0.0, 100.0)).collect();
    gap[3] = silent();
    let mut group = vec![Series { first: 0, months: &reporter }; 10];
    group.push(Series { first: 0, months: &gap });
    let found = recover(&group).pop().unwrap().months[3].unwrap();
    assert_eq!(found.label, Label::MissingEstimated);
    assert!(found.mean > 150.0 && found.mean < 220.0, "{found:?}");
}

fn any_month() -> impl Strategy<Value = LedgerMonth> {
    let number = || prop::option::of(prop_oneof![Just(0.0), 0.0..500.0, Just(f64::NAN), Just(-3.0), Just(1e12)]);
    (0_u32..32, number(), number(), number(), number(), number(), number()).prop_map(
        |(days, opening, received, issued, adjustments, closing, stockout_days)| LedgerMonth {
            days,
            opening,
            received,
            issued,
            adjustments,
            closing,
            stockout_days,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a ledger holds: one answer for each month, finite, and never less than was issued.
    #[test]
    fn no_ledger_breaks_it(group in prop::collection::vec((0..5, prop::collection::vec(any_month(), 0..14)), 0..12)) {
        let series: Vec<Series> = group.iter().map(|(first, months)| Series { first: *first, months }).collect();
        let found = recover(&series);
        prop_assert_eq!(found.len(), series.len());
        for (recovered, series) in found.iter().zip(&series) {
            prop_assert_eq!(recovered.months.len(), series.months.len());
            for (demand, month) in recovered.months.iter().zip(series.months) {
                let Some(demand) = demand else { continue };
                prop_assert!(demand.mean.is_finite() && demand.mean >= 0.0, "{:?}", demand);
                prop_assert!(demand.variance.is_finite() && demand.variance >= 0.0, "{:?}", demand);
                let issued = month.issued.filter(|issued| *issued >= 0.0).unwrap_or(0.0);
                prop_assert!(demand.mean >= issued * (1.0 - 1e-9), "{:?} {:?}", demand, month);
            }
        }
    }
}
