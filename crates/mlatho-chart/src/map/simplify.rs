//! Fewer points without gaps: borders that two areas share are simplified once, so that both get the same line.

use std::collections::{HashMap, HashSet};

/// A point on the picture, in hundredths of a unit: neighbours share points exactly.
pub(super) type Point = (i32, i32);

/// How far, in units of the picture, a border may move.
const TOLERANCE: f64 = 0.8;
const HUNDREDTHS: f64 = 100.0;

/// Simplifies closed rings together. A ring that is left with fewer than three points is gone.
pub(super) fn simplified(rings: Vec<Vec<Point>>) -> Vec<Vec<Point>> {
    let rings: Vec<Vec<Point>> = rings.into_iter().map(distinct).collect();
    let nodes = nodes(&rings);
    let mut known: HashMap<Vec<Point>, Vec<Point>> = HashMap::new();
    rings.iter().map(|ring| simplified_ring(ring, &nodes, &mut known)).collect()
}

/// Without repetitions, nor the first point again at the end.
fn distinct(mut ring: Vec<Point>) -> Vec<Point> {
    ring.dedup();
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    ring
}

/// Points at which borders part: their neighbours are not the same two in every ring.
fn nodes(rings: &[Vec<Point>]) -> HashSet<Point> {
    let mut beside: HashMap<Point, (Point, Point)> = HashMap::new();
    let mut nodes = HashSet::new();
    for ring in rings {
        for at in 0..ring.len() {
            let before = ring[(at + ring.len() - 1) % ring.len()];
            let after = ring[(at + 1) % ring.len()];
            let pair = (before.min(after), before.max(after));
            if *beside.entry(ring[at]).or_insert(pair) != pair {
                nodes.insert(ring[at]);
            }
        }
    }
    nodes
}

fn simplified_ring(ring: &[Point], nodes: &HashSet<Point>, known: &mut HashMap<Vec<Point>, Vec<Point>>) -> Vec<Point> {
    if ring.len() < 3 {
        return Vec::new();
    }
    let mut starts: Vec<usize> = (0..ring.len()).filter(|at| nodes.contains(&ring[*at])).collect();
    if starts.is_empty() {
        // A ring that shares no border, or the whole of it: both have the same least point.
        starts = (0..ring.len()).min_by_key(|at| ring[*at]).into_iter().collect();
    }
    let mut out: Vec<Point> = Vec::new();
    for (index, from) in starts.iter().enumerate() {
        let to = starts[(index + 1) % starts.len()];
        let length = if to > *from { to - from } else { to + ring.len() - from };
        let arc: Vec<Point> = (0..=length).map(|step| ring[(from + step) % ring.len()]).collect();
        out.extend(simplified_arc(arc, known).into_iter().skip(usize::from(index > 0)));
    }
    let out = distinct(out);
    if out.len() < 3 { Vec::new() } else { out }
}

/// An arc, whichever way it is gone along.
fn simplified_arc(arc: Vec<Point>, known: &mut HashMap<Vec<Point>, Vec<Point>>) -> Vec<Point> {
    let mut back = arc.clone();
    back.reverse();
    let turned = back < arc;
    let key = if turned { back } else { arc };
    let simple = known.entry(key).or_insert_with_key(|arc| thinned(arc)).clone();
    if turned { simple.into_iter().rev().collect() } else { simple }
}

/// Douglas and Peucker: points nearer than the tolerance to the line between those that are kept are left out.
fn thinned(arc: &[Point]) -> Vec<Point> {
    let mut keep = vec![false; arc.len()];
    let Some(last) = arc.len().checked_sub(1) else { return Vec::new() };
    (keep[0], keep[last]) = (true, true);
    let mut spans = vec![(0, last)];
    while let Some((from, to)) = spans.pop() {
        let far = (from + 1..to).map(|at| (distance(arc[at], arc[from], arc[to]), at));
        let Some((far, at)) = far.max_by(|one, other| one.0.total_cmp(&other.0)) else { continue };
        if far > TOLERANCE * HUNDREDTHS {
            keep[at] = true;
            spans.extend([(from, at), (at, to)]);
        }
    }
    arc.iter().zip(keep).filter(|(_, keep)| *keep).map(|(point, _)| *point).collect()
}

/// From a point to the line between two others; to the point, where both are one.
fn distance(point: Point, from: Point, to: Point) -> f64 {
    let difference = |a: Point, b: Point| (f64::from(a.0) - f64::from(b.0), f64::from(a.1) - f64::from(b.1));
    let ((along_x, along_y), (x, y)) = (difference(to, from), difference(point, from));
    let squared = along_x.mul_add(along_x, along_y * along_y);
    if squared == 0.0 {
        return x.hypot(y);
    }
    let share = (x.mul_add(along_x, y * along_y) / squared).clamp(0.0, 1.0);
    (x - share * along_x).hypot(y - share * along_y)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two squares side by side, whose common border wavers by less than the tolerance and bends by more in one place.
    #[test]
    fn a_shared_border_stays_one_line() {
        let border = [(1000, 0), (1010, 200), (995, 400), (1300, 500), (1005, 600), (1000, 1000)];
        let left: Vec<Point> = [(0, 0)].into_iter().chain(border).chain([(0, 1000)]).collect();
        let right: Vec<Point> = border.into_iter().rev().chain([(2000, 0), (2000, 1000)]).collect();
        let out = simplified(vec![left, right]);
        let on_border = |ring: &[Point]| {
            let mut points: Vec<Point> = ring.iter().copied().filter(|(x, _)| (900..1400).contains(x)).collect();
            points.sort_unstable();
            points
        };
        assert_eq!(on_border(&out[0]), on_border(&out[1]));
        assert!(on_border(&out[0]).contains(&(1300, 500)) && !on_border(&out[0]).contains(&(1010, 200)));
    }

    #[test]
    fn what_is_too_small_to_see_is_gone() {
        assert_eq!(simplified(vec![vec![(0, 0), (10, 0), (10, 10), (0, 10)]]), [Vec::new()]);
        assert_eq!(simplified(vec![vec![(5, 5)], Vec::new()]), [Vec::new(), Vec::new()]);
    }
}
