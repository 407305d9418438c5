//! How much each group of evidence counts: as shipped, until what persons decided says otherwise.
//!
//! Decided pairs are the lessons of a logistic regression. A normal prior holds every weight near what is shipped, so that
//! a few decisions change little; the weights are the mode, which an online update in any order comes to. They depend on
//! nothing but the lessons, whose order does not matter either.

use super::calibrate::{NEVER_SURE, SLOPE};
use super::compare::Agreement;

/// Evidence for and against a pair, in bits, by group.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Parts {
    pub(super) base: f64,
    pub(super) same: f64,
    pub(super) lacking: f64,
    pub(super) types: f64,
    pub(super) ordinals: f64,
    pub(super) agreement: f64,
    pub(super) area: f64,
    pub(super) category: f64,
    pub(super) owner: f64,
    pub(super) distance: f64,
    pub(super) codes: f64,
}

impl Parts {
    /// Groups that are weighed as a whole.
    const WEIGHED: usize = 9;

    fn weighed_mut(&mut self) -> [&mut f64; Self::WEIGHED] {
        [
            &mut self.same,
            &mut self.lacking,
            &mut self.types,
            &mut self.ordinals,
            &mut self.area,
            &mut self.category,
            &mut self.owner,
            &mut self.distance,
            &mut self.codes,
        ]
    }

    pub(super) fn sum(mut self) -> f64 {
        let weighed: f64 = self.weighed_mut().into_iter().map(|bits| *bits).sum();
        self.base + self.agreement + weighed
    }
}

/// Bits that are added to every pair, then to pairs by how their names agree, then what is added to the weight of each
/// group, which is one as shipped.
const CHANGES: usize = 1 + Agreement::COUNT + Parts::WEIGHED;
type Changes = [f64; CHANGES];

/// How far each change is expected to be from none (standard deviation of the prior): bits, and shares of a weight.
const SPREAD: Changes = {
    let mut spread = [0.1; CHANGES];
    let mut change = 0;
    while change <= Agreement::COUNT {
        spread[change] = 0.5;
        change += 1;
    }
    spread
};
/// Newton's method is there after a few steps; a step that leads upwards is halved so many times at most.
const STEPS: usize = 12;
const HALVES: usize = 8;
/// Natural logarithm of the odds for each bit.
const UNIT: f64 = SLOPE * std::f64::consts::LN_2;

/// What reviews changed.
#[derive(Clone, Debug, Default)]
pub(super) struct Weights(Changes);

/// A pair that a person decided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lesson {
    /// As shipped.
    pub(super) parts: Parts,
    pub(super) agreement: Agreement,
    /// From the rivals of both records, as if nobody had decided on the pair.
    pub(super) rivals: f64,
    pub(super) right: bool,
}

impl Weights {
    /// The weights that these lessons give reason to; those that are shipped, where there are none.
    pub(super) fn learned(lessons: &[Lesson]) -> Self {
        let lessons: Vec<Weighed> = lessons.iter().map(Weighed::new).collect();
        let mut changes = Changes::default();
        if lessons.is_empty() {
            return Self(changes);
        }
        let mut best = loss(&changes, &lessons);
        for _ in 0..STEPS {
            let step = newton(&changes, &lessons);
            let tried = (0..HALVES).map(|halves| {
                let share = 0.5_f64.powi(i32::try_from(halves).unwrap_or(0));
                std::array::from_fn(|change| changes[change] - share * step[change])
            });
            let better = tried.map(|tried: Changes| (loss(&tried, &lessons), tried)).find(|(loss, _)| *loss < best);
            let Some((loss, tried)) = better else { break };
            (best, changes) = (loss, tried);
        }
        // Evidence may come to say nothing, but never the contrary.
        changes.iter_mut().skip(1 + Agreement::COUNT).for_each(|change| *change = change.max(-1.0));
        Self(changes)
    }

    /// The evidence as these weights have it.
    pub(super) fn weighed(&self, mut parts: Parts, agreement: Agreement) -> Parts {
        let (all, rest) = self.0.split_at(1);
        let (by_agreement, weights) = rest.split_at(Agreement::COUNT);
        parts.base += all[0];
        parts.agreement += by_agreement[agreement as usize];
        for (bits, change) in parts.weighed_mut().into_iter().zip(weights) {
            *bits *= 1.0 + change;
        }
        parts
    }
}

/// A lesson as the regression has it.
struct Weighed {
    /// What a change of one adds to the score.
    features: Changes,
    /// Score as shipped.
    bits: f64,
    right: bool,
    /// Some links are wrong or renamed, whatever is said for or against them; such a lesson hardly counts.
    trust: f64,
}

impl Weighed {
    fn new(lesson: &Lesson) -> Self {
        let mut parts = lesson.parts;
        let mut features = Changes::default();
        features[0] = 1.0;
        features[1 + lesson.agreement as usize] = 1.0;
        for (feature, bits) in features[1 + Agreement::COUNT..].iter_mut().zip(parts.weighed_mut()) {
            *feature = *bits;
        }
        let mut weighed = Self { features, bits: parts.sum() + lesson.rivals, right: lesson.right, trust: 1.0 };
        let as_told = (1.0 - NEVER_SURE) * (1.0 - weighed.doubt(&Changes::default()));
        weighed.trust = as_told / (as_told + NEVER_SURE / 2.0);
        weighed
    }

    /// Natural logarithm of the odds of what was decided.
    fn odds(&self, changes: &Changes) -> f64 {
        let change: f64 = self.features.iter().zip(changes).map(|(feature, change)| feature * change).sum();
        UNIT * (self.bits + change) * if self.right { 1.0 } else { -1.0 }
    }

    /// Probability of the contrary of what was decided.
    fn doubt(&self, changes: &Changes) -> f64 {
        1.0 / (1.0 + self.odds(changes).exp())
    }
}

/// Negative logarithm of how likely these changes are with these lessons, up to a constant.
fn loss(changes: &Changes, lessons: &[Weighed]) -> f64 {
    let prior: f64 = changes.iter().zip(SPREAD).map(|(change, spread)| (change / spread).powi(2) / 2.0).sum();
    let of_lesson = |lesson: &Weighed| {
        let odds = lesson.odds(changes);
        lesson.trust * ((-odds).max(0.0) + (-odds.abs()).exp().ln_1p())
    };
    prior + lessons.iter().map(of_lesson).sum::<f64>()
}

/// The step to take away: the gradient by the inverse of the matrix of second derivatives.
fn newton(changes: &Changes, lessons: &[Weighed]) -> Changes {
    let mut gradient: Changes = std::array::from_fn(|change| changes[change] / SPREAD[change].powi(2));
    let mut curvature = [[0.0; CHANGES]; CHANGES];
    for (change, row) in curvature.iter_mut().enumerate() {
        row[change] = 1.0 / SPREAD[change].powi(2);
    }
    for lesson in lessons {
        let doubt = lesson.doubt(changes);
        let slope = lesson.trust * UNIT * doubt * if lesson.right { -1.0 } else { 1.0 };
        let bend = lesson.trust * UNIT.powi(2) * doubt * (1.0 - doubt);
        for (row, feature) in lesson.features.iter().enumerate() {
            gradient[row] += slope * feature;
            for (column, other) in lesson.features.iter().enumerate() {
                curvature[row][column] += bend * feature * other;
            }
        }
    }
    solved(curvature, gradient)
}

/// Solves a system of equations whose matrix is symmetric and positive definite (Gauss; no pivot is needed).
fn solved(mut matrix: [[f64; CHANGES]; CHANGES], mut right: Changes) -> Changes {
    for pivot in 0..CHANGES {
        let (above, below) = matrix.split_at_mut(pivot + 1);
        let row = &above[pivot];
        for (offset, other) in below.iter_mut().enumerate() {
            let share = other[pivot] / row[pivot];
            other.iter_mut().zip(row).for_each(|(cell, taken)| *cell -= share * taken);
            right[pivot + 1 + offset] -= share * right[pivot];
        }
    }
    for row in (0..CHANGES).rev() {
        let known: f64 = (row + 1..CHANGES).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lesson(owner: f64, right: bool) -> Lesson {
        Lesson { parts: Parts { owner, ..Parts::default() }, agreement: Agreement::Other, rivals: 0.0, right }
    }

    #[test]
    fn without_lessons_nothing_changes() {
        let parts = Parts { base: -10.0, same: 9.0, lacking: -1.0, area: 4.0, ..Parts::default() };
        let weighed = Weights::learned(&[]).weighed(parts, Agreement::SameWords);
        assert!((weighed.sum() - parts.sum()).abs() < 1e-12);
    }

    #[test]
    fn lessons_and_prior_are_in_balance() {
        // At the mode, each change over its variance is what the lessons still pull: UNIT × feature × doubt × trust.
        let lessons = [lesson(-2.0, true), lesson(-2.0, true), lesson(-2.0, false), lesson(1.0, true)];
        let weights = Weights::learned(&lessons);
        let pull = |of: fn(&Weighed) -> f64| -> f64 {
            let weighed = lessons.iter().map(Weighed::new);
            let pulls = weighed.map(|lesson| {
                let sign = if lesson.right { 1.0 } else { -1.0 };
                sign * UNIT * lesson.trust * of(&lesson) * lesson.doubt(&weights.0)
            });
            pulls.sum()
        };
        let owner = 1 + Agreement::COUNT + 6;
        assert!((weights.0[owner] / 0.01 - pull(|lesson| lesson.features[1 + Agreement::COUNT + 6])).abs() < 1e-6);
        assert!((weights.0[0] / 0.25 - pull(|_| 1.0)).abs() < 1e-6);
        // Owners that differ were mostly the same: the evidence counts less.
        assert!(weights.0[owner] < 0.0 && weights.0[owner] > -1.0);
    }

    #[test]
    fn evidence_never_turns_round() {
        let lessons = vec![lesson(-6.0, true); 400];
        let weighed = Weights::learned(&lessons).weighed(lessons[0].parts, Agreement::Other);
        assert!(weighed.owner <= 0.0);
    }
}
