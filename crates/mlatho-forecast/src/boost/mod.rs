//! Gradient boosting of histogram trees for a quantile; one half is the median, the least absolute error.
//!
//! Friedman (2001), with the binned columns and the leaf-wise growth of `LightGBM` (Ke and others 2017): the split is sought on
//! the gradient, and a leaf then takes the quantile of what is left in it. Deterministic for a seed.

mod bins;
mod tree;

use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub(crate) use bins::Bins;
use bins::Table;
use tree::{Grower, Tree};

/// How trees are grown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Growth {
    pub(crate) trees: usize,
    pub(crate) leaves: usize,
    /// Rows that a leaf must have.
    pub(crate) least: usize,
    /// Share of what a tree found that is taken over.
    pub(crate) rate: f32,
    /// Shares of the rows and of the columns that a tree sees.
    pub(crate) rows: f64,
    pub(crate) columns: f64,
}

/// A sum of trees over the columns of a [`Table`].
#[derive(Clone, Debug)]
pub(crate) struct Model {
    start: f32,
    trees: Vec<Tree>,
}

impl Model {
    /// A model that answers the centre of `target` to every row.
    pub(crate) fn new(target: &[f32], quantile: f64) -> Self {
        Self { start: centre(&mut target.to_vec(), quantile), trees: Vec::new() }
    }

    /// Adds trees that learn what the model misses of `target`, one number for each row of the table; none, where the
    /// rows are too few to part.
    pub(crate) fn grow(&mut self, table: &Table, target: &[f32], quantile: f64, growth: &Growth, seed: u64) {
        if target.len() < 2 * growth.least {
            return;
        }
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut left: Vec<f32> =
            target.iter().enumerate().map(|(row, target)| target - self.predict(table.row(row))).collect();
        let mut gradient = vec![0.0; target.len()];
        let mut grower = Grower::new(table);
        for _ in 0..growth.trees {
            for (gradient, left) in gradient.iter_mut().zip(&left) {
                *gradient = gradient_of(*left, quantile);
            }
            // Rows that the tree does not grow from are sent through it afterwards.
            let (rows, others) = sample(&mut random, target.len(), growth.rows);
            let (columns, _) = sample(&mut random, table.columns(), growth.columns);
            let tree = grower.grow(table, &gradient, &rows, &columns, growth, |rows, room| {
                room.clear();
                room.extend(rows.iter().map(|row| left[*row as usize]));
                let value = growth.rate * centre(room, quantile);
                rows.iter().for_each(|row| left[*row as usize] -= value);
                value
            });
            for row in others {
                left[row as usize] -= tree.value(table.row(row as usize));
            }
            self.trees.push(tree);
        }
    }

    /// The forecast for a row of bins.
    pub(crate) fn predict(&self, row: &[u8]) -> f32 {
        self.trees.iter().fold(self.start, |sum, tree| sum + tree.value(row))
    }
}

/// Which way, and how strongly, the pinball loss pulls.
#[expect(clippy::cast_possible_truncation, reason = "a share")]
fn gradient_of(left: f32, quantile: f64) -> f32 {
    match left {
        left if left > 0.0 => quantile as f32,
        left if left < 0.0 => quantile as f32 - 1.0,
        _ => 0.0,
    }
}

/// The one number with the least pinball loss: the quantile. Zero of none.
fn centre(values: &mut [f32], quantile: f64) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place among the values"
    )]
    let place = (quantile * (values.len() - 1) as f64).round() as usize;
    *values.select_nth_unstable_by(place, f32::total_cmp).1
}

/// So large a share of so many, at least one, and the others; both ascending.
fn sample(random: &mut ChaCha8Rng, of: usize, share: f64) -> (Vec<u32>, Vec<u32>) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a number of rows"
    )]
    let amount = ((of as f64 * share).ceil() as usize).clamp(1.min(of), of);
    // Each is taken with the chance that is left: so many wanted of so many to come.
    let mut chosen = Vec::with_capacity(amount);
    let mut others = Vec::with_capacity(of - amount);
    for (at, row) in (0..of).zip(0_u32..) {
        let lot = (u64::from(random.next_u32()) * (of - at) as u64) >> 32;
        if lot < (amount - chosen.len()) as u64 {
            chosen.push(row);
        } else {
            others.push(row);
        }
    }
    (chosen, others)
}

#[cfg(test)]
mod tests;
