//! The one-to-one solution.

use super::rivals::Edge;

/// Pairs less likely than this, as log2 odds, stand for no partner at all.
///
/// Accepting what is likelier than half of the F1 that can be reached makes the expected F1 highest (Lipton, Elkan &
/// Naryanaswamy 2014).
const LEAST_BITS: f64 = -0.5;

/// By pair: whether it is chosen. What persons decided holds, even if it gives a record several partners. The odds already say how likely each pair is among all one-to-one solutions; taking
/// the likeliest first therefore makes the expected number of right links highest, up to records whose candidates are
/// equally likely, where the first in the lists is taken.
pub(super) fn one_to_one(edges: &[Edge], bits: &[f64], decided: &[bool]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..edges.len()).filter(|edge| bits[*edge] >= LEAST_BITS).collect();
    order.sort_by(|a, b| bits[*b].total_cmp(&bits[*a]).then(edges[*a].cmp(&edges[*b])));
    let records = |of: fn(&Edge) -> u32| edges.iter().map(of).max().map_or(0, |most| most as usize + 1);
    let (mut left, mut right) = (vec![false; records(|edge| edge.0)], vec![false; records(|edge| edge.1)]);
    let mut chosen = decided.to_vec();
    for (a, b) in edges.iter().zip(decided).filter(|(_, decided)| **decided).map(|(edge, _)| *edge) {
        (left[a as usize], right[b as usize]) = (true, true);
    }
    for edge in order {
        let (a, b) = (edges[edge].0 as usize, edges[edge].1 as usize);
        if !left[a] && !right[b] {
            (left[a], right[b], chosen[edge]) = (true, true, true);
        }
    }
    chosen
}
