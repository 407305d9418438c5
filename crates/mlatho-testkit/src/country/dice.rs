//! Seeded randomness. Only additions, multiplications and square roots: the same seed gives the same bytes everywhere.

use mlatho_model::Uid;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// One stream of random choices. Each facility has its own, so that one more facility changes no other.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// Uniform, from 0 to below 1.
    pub(super) fn fraction(&mut self) -> f64 {
        self.0.random()
    }

    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.fraction() < probability
    }

    /// Mean 0, standard deviation 1: four uniform numbers together are near enough to the normal distribution.
    pub(super) fn normal(&mut self) -> f64 {
        let sum: f64 = (0..4).map(|_| self.fraction()).sum();
        (sum - 2.0) * 1.732_050_807_568_877_2
    }

    /// Both ends included.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        self.0.random_range(low..=high)
    }

    /// A place below `length`; 0 where there is none.
    pub(super) fn place(&mut self, length: usize) -> usize {
        if length == 0 { 0 } else { self.0.random_range(0..length) }
    }

    /// One of a list of texts; empty where there is none.
    pub(super) fn one<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts.get(self.place(texts.len())).copied().unwrap_or_default()
    }

    /// A count of events of that mean: nearly Poisson.
    pub(super) fn count(&mut self, mean: f64) -> i32 {
        let mean = mean.max(0.0);
        let noise = self.normal();
        self.rounded((mean + mean.sqrt() * noise).max(0.0))
    }

    /// Up or down by chance, so that small numbers keep their mean.
    pub(super) fn rounded(&mut self, number: f64) -> i32 {
        let down = number.floor();
        whole(down) + i32::from(self.chance(number - down))
    }

    /// A new order of the numbers below `length`.
    pub(super) fn shuffled(&mut self, length: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..length).collect();
        for at in (1..length).rev() {
            order.swap(at, self.place(at + 1));
        }
        order
    }

    /// A DHIS2 identifier.
    #[expect(clippy::expect_used, reason = "a letter, then ten letters or digits, is what a UID is")]
    pub(super) fn uid(&mut self) -> Uid {
        const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        let mut uid = String::with_capacity(11);
        uid.push(char::from(LETTERS[self.place(52)]));
        (0..10).for_each(|_| uid.push(char::from(LETTERS[self.place(LETTERS.len())])));
        uid.parse().expect("eleven characters of the right kind")
    }
}

/// The number without its fraction.
#[expect(clippy::cast_possible_truncation, reason = "saturates; the country's numbers stay far below the limit")]
pub(super) fn whole(number: f64) -> i32 {
    number as i32
}
