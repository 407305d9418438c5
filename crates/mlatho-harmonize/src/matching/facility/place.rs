//! Coordinates: how far two records are apart, and what that says.

use super::register::Record;

/// Upper bounds of the classes of distance, in kilometres; one more class lies beyond the last.
const BOUNDS: [f64; 6] = [0.2, 1.0, 3.0, 10.0, 30.0, 100.0];
pub(super) const CLASSES: usize = BOUNDS.len() + 1;
/// Share of true pairs in each class, before anything is counted.
pub(super) const EXPECTED: [f64; CLASSES] = [0.35, 0.22, 0.17, 0.12, 0.07, 0.04, 0.03];
/// Pairs of records that are measured to learn how far apart two of them are by chance.
const SAMPLE: usize = 40_000;
/// A stride that has nothing to do with the order of the lists stands for chance.
const STRIDE: usize = 7919;
/// In kilometres.
const EARTH_RADIUS: f64 = 6371.0;

/// Kilometres on the great circle (haversine formula).
pub(in crate::matching) fn kilometres((lat1, lon1): (f64, f64), (lat2, lon2): (f64, f64)) -> f64 {
    let (phi1, phi2) = (lat1.to_radians(), lat2.to_radians());
    let half = |difference: f64| (difference / 2.0).sin().powi(2);
    let a = half(phi2 - phi1) + phi1.cos() * phi2.cos() * half((lon2 - lon1).to_radians());
    2.0 * EARTH_RADIUS * a.clamp(0.0, 1.0).sqrt().asin()
}

/// The class of the distance; none where a side has no coordinates.
pub(super) fn class(left: &Record, right: &Record) -> Option<usize> {
    let distance = kilometres(left.position?, right.position?);
    Some(BOUNDS.iter().position(|bound| distance < *bound).unwrap_or(BOUNDS.len()))
}

/// Share of pairs drawn at random in each class.
pub(super) fn by_chance(left: &[Record], right: &[Record]) -> [f64; CLASSES] {
    let positions = |records: &[Record]| records.iter().filter_map(|record| record.position).collect::<Vec<_>>();
    let (left, right) = (positions(left), positions(right));
    let mut counts = [0.0; CLASSES];
    if left.is_empty() || right.is_empty() {
        return EXPECTED;
    }
    for draw in 0..SAMPLE {
        let distance = kilometres(left[draw % left.len()], right[(draw * STRIDE + draw / left.len()) % right.len()]);
        counts[BOUNDS.iter().position(|bound| distance < *bound).unwrap_or(BOUNDS.len())] += 1.0;
    }
    // Near classes are rare by chance; the area that they cover says how rare.
    let mut shares = counts.map(|count| (count + 0.01) / SAMPLE as f64);
    for class in (0..3).rev() {
        let ratio = (BOUNDS[class] / BOUNDS[class + 1]).powi(2);
        shares[class] = shares[class].max(shares[class + 1] * ratio);
    }
    shares
}
