//! From scores to probabilities and decisions.

use crate::matching::Decision;
use crate::matching::proposal::NOT_WORTH_A_LOOK;

/// How much a bit of the score is worth: features that were taken for independent are not quite.
pub(super) const SLOPE: f64 = 0.8;
/// Share of the surest links that are wrong in registers and published crosswalks, whatever the score says.
pub(super) const NEVER_SURE: f64 = 0.003;
/// A link is accepted from this probability on.
const ACCEPT: f64 = 0.97;

/// Probability of a pair with this score, in bits, as shipped.
pub(super) fn probability(bits: f64) -> f64 {
    (1.0 - NEVER_SURE) / (1.0 + (-SLOPE * bits).exp2())
}

/// What may be done with a candidate.
pub(super) fn decision(probability: f64, assigned: bool) -> Decision {
    match probability {
        _ if assigned && probability >= ACCEPT => Decision::Accept,
        _ if assigned || probability >= NOT_WORTH_A_LOOK => Decision::Review,
        _ => Decision::None,
    }
}

/// Probability by score: as shipped, until reviews of a pair of registers say otherwise.
#[derive(Clone, Debug, Default)]
pub(super) struct Curve {
    /// Rising in both; empty as shipped. Between two points the line holds.
    points: Vec<(f64, f64)>,
}

/// The shipped curve counts as so many reviews at each of these steps of the score, in bits.
const SHIPPED_WEIGHT: f64 = 3.0;
const STEP: f64 = 0.5;
const STEPS_DOWN: i32 = -24;
const STEPS_UP: i32 = 32;

impl Curve {
    /// The curve that decided pairs give reason to: score and whether it was right.
    pub(super) fn learned(decided: &[(f64, bool)]) -> Self {
        let shipped = (STEPS_DOWN..=STEPS_UP).map(|step| {
            let bits = STEP * f64::from(step);
            Block { weight: SHIPPED_WEIGHT, bits, probability: probability(bits) }
        });
        let decided = decided.iter().map(|(bits, right)| Block {
            weight: 1.0,
            bits: *bits,
            probability: if *right { 1.0 - NEVER_SURE } else { 0.0 },
        });
        let blocks = isotonic(shipped.chain(decided).collect());
        Self { points: blocks.into_iter().map(|block| (block.bits, block.probability)).collect() }
    }

    pub(super) fn probability(&self, bits: f64) -> f64 {
        let after = self.points.partition_point(|point| point.0 <= bits);
        let before = after.checked_sub(1).and_then(|before| self.points.get(before));
        match (before, self.points.get(after)) {
            (Some((low, from)), Some((high, to))) => from + (to - from) * (bits - low) / (high - low),
            // Beyond what was decided the shipped curve goes on, and never turns back.
            (Some((_, last)), None) => probability(bits).max(*last),
            (None, Some((_, first))) => probability(bits).min(*first),
            (None, None) => probability(bits),
        }
    }
}

/// Scores that have one probability.
#[derive(Clone, Copy, Debug)]
struct Block {
    weight: f64,
    bits: f64,
    probability: f64,
}

/// The rising steps that are nearest (least squares; pool adjacent violators, Ayer and others 1955), each at its mean score.
fn isotonic(mut points: Vec<Block>) -> Vec<Block> {
    points.sort_by(|a, b| a.bits.total_cmp(&b.bits).then(a.probability.total_cmp(&b.probability)));
    let mut blocks: Vec<Block> = Vec::new();
    for mut block in points {
        while let Some(last) = blocks.pop_if(|last| last.probability >= block.probability || last.bits >= block.bits) {
            let weight = last.weight + block.weight;
            let mean = |one: f64, other: f64| (one * last.weight + other * block.weight) / weight;
            block = Block {
                weight,
                bits: mean(last.bits, block.bits),
                probability: mean(last.probability, block.probability),
            };
        }
        blocks.push(block);
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_that_fall_are_one_step() {
        let point = |bits, probability| Block { weight: 1.0, bits, probability };
        let steps = isotonic(vec![point(3.0, 0.9), point(1.0, 0.8), point(0.0, 0.1), point(2.0, 0.4)]);
        let told: Vec<(f64, f64)> = steps.iter().map(|step| (step.bits, step.probability)).collect();
        // 0.8 and 0.4 are one step of 0.6 in the middle of 1 and 2.
        let expected = [(0.0, 0.1), (1.5, 0.6), (3.0, 0.9)];
        for (one, other) in told.iter().zip(expected) {
            assert!((one.0 - other.0).abs() < 1e-9 && (one.1 - other.1).abs() < 1e-9, "{told:?}");
        }
        assert_eq!(told.len(), expected.len());
    }

    #[test]
    fn the_curve_rises_and_follows_reviews() {
        let decided: Vec<(f64, bool)> = (0..200_u32).map(|at| (f64::from(at % 20) / 10.0, at % 10 != 0)).collect();
        let (shipped, learned) = (Curve::default(), Curve::learned(&decided));
        // Nine of ten between 0 and 2 bits were right.
        assert!(learned.probability(1.0) > 0.8 && shipped.probability(1.0) < 0.7);
        let curve: Vec<f64> = (-80..160).map(|step| learned.probability(f64::from(step) / 4.0)).collect();
        assert!(curve.windows(2).all(|pair| pair[0] <= pair[1]));
        assert!(curve.iter().all(|probability| (0.0..1.0).contains(probability)));
    }
}
