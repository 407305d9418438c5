#![expect(clippy::cast_precision_loss, reason = "small numbers")]

use super::*;

fn table(rows: &[f32], columns: usize) -> Table {
    Bins::new(rows, columns).table(rows, columns)
}

fn fit(table: &Table, target: &[f32], quantile: f64, growth: &Growth, seed: u64) -> Model {
    let mut model = Model::new(target, quantile);
    model.grow(table, target, quantile, growth, seed);
    model
}

const WHOLE: Growth = Growth { trees: 200, leaves: 8, least: 5, rate: 0.1, rows: 1.0, columns: 1.0 };

/// Two columns: the first decides, the second says nothing.
fn steps() -> (Vec<f32>, Vec<f32>) {
    let rows: Vec<f32> = (0..400).flat_map(|at| [(at % 4) as f32, (at * 7 % 13) as f32]).collect();
    let target = (0..400).map(|at| [1.0, 9.0, 1.0, 9.0][at % 4]).collect();
    (rows, target)
}

#[test]
fn steps_are_learnt_for_every_quantile() {
    let (rows, target) = steps();
    let table = table(&rows, 2);
    for quantile in [0.2, 0.5, 0.9] {
        let model = fit(&table, &target, quantile, &WHOLE, 1);
        for (row, target) in target.iter().enumerate().take(8) {
            let found = model.predict(table.row(row));
            assert!((found - target).abs() < 0.01, "{quantile}: {found} for {target}");
        }
    }
}

/// One column that says nothing, and a target that is 0 nine times out of ten and else 100: the median is 0, and the
/// quantile 0.95 is 100.
#[test]
fn each_quantile_has_its_own_centre() {
    let rows = vec![0.0; 1000];
    let target: Vec<f32> = (0..1000).map(|at| if at % 10 == 0 { 100.0 } else { 0.0 }).collect();
    let table = table(&rows, 1);
    for (quantile, expected) in [(0.5, 0.0), (0.95, 100.0)] {
        let found = fit(&table, &target, quantile, &WHOLE, 1).predict(table.row(0));
        assert!((found - expected).abs() < 0.01, "{quantile}: {found}");
    }
}

#[test]
fn what_is_not_known_is_a_value_of_its_own() {
    let rows: Vec<f32> = (0..200).map(|at| if at % 2 == 0 { f32::NAN } else { 3.0 }).collect();
    let target: Vec<f32> = (0..200).map(|at| if at % 2 == 0 { 8.0 } else { 2.0 }).collect();
    let table = table(&rows, 1);
    let model = fit(&table, &target, 0.5, &WHOLE, 1);
    assert!((model.predict(table.row(0)) - 8.0).abs() < 0.01);
    assert!((model.predict(table.row(1)) - 2.0).abs() < 0.01);
}

#[test]
fn the_same_seed_gives_the_same_model_and_few_rows_their_centre() {
    let (rows, target) = steps();
    let table = table(&rows, 2);
    let growth = Growth { rows: 0.5, columns: 0.5, trees: 20, ..WHOLE };
    let answers = |seed| {
        let model = fit(&table, &target, 0.5, &growth, seed);
        (0..400).map(|row| model.predict(table.row(row)).to_bits()).collect::<Vec<_>>()
    };
    assert_eq!(answers(1), answers(1));
    assert_ne!(answers(1), answers(2));
    let few = fit(&table, &target[..3], 0.5, &growth, 1);
    assert_eq!(few.predict(table.row(0)).to_bits(), 1.0_f32.to_bits());
}
