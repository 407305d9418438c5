//! From scores to probabilities and decisions.

use crate::matching::Decision;

/// How much a bit of the score is worth: features that were taken for independent are not quite.
const SLOPE: f64 = 0.8;
/// Share of the surest links that are wrong in registers and published crosswalks, whatever the score says.
const NEVER_SURE: f64 = 0.003;
/// A link is accepted from this probability on.
const ACCEPT: f64 = 0.97;
/// Below this a candidate is not worth a person's time.
const REVIEW: f64 = 0.05;

/// Probability of a pair with this score, in bits.
pub(super) fn probability(bits: f64) -> f64 {
    (1.0 - NEVER_SURE) / (1.0 + (-SLOPE * bits).exp2())
}

/// What may be done with a candidate.
pub(super) fn decision(probability: f64, assigned: bool) -> Decision {
    match probability {
        _ if assigned && probability >= ACCEPT => Decision::Accept,
        _ if assigned || probability >= REVIEW => Decision::Review,
        _ => Decision::None,
    }
}
