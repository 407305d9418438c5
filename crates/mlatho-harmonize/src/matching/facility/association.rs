//! Which values of the left register go with which of the right, learned from pairs that match by everything else.
//!
//! Districts are split, respelt and renamed, and every country has its own words for types and owners. What is known
//! beforehand (equal names, equal classes) is only where the counts start from.

use rustc_hash::FxHashMap;

use super::tree::{NodeId, ROOT, Tree};

/// What is known before counting.
pub(super) trait Expectation {
    /// The share of the records under `from` (a leaf) that stand in `to`, among those in the node above `to`; and from
    /// which level of `from` on counts say more than that. `None`: as many as in the register as a whole.
    fn share(&self, from: NodeId, to: NodeId) -> Option<(f64, usize)>;
}

/// Expected pairs by value on both sides.
#[derive(Clone, Debug, Default)]
pub(super) struct Association {
    pairs: FxHashMap<(NodeId, NodeId), f64>,
}

/// Levels of areas that are told apart.
pub(super) const MOST_LEVELS: usize = 6;
/// How many counted pairs weigh as much as what was known before.
const PRIOR_WEIGHT: f64 = 3.0;
/// No value is worth more than this, for or against.
const MOST_BITS: f64 = 12.0;

impl Association {
    /// Counts a pair of records with the probability that it matches.
    pub(super) fn count(&mut self, left: &[NodeId], right: &[NodeId], probability: f64) {
        for &a in [ROOT].iter().chain(left) {
            for &b in [ROOT].iter().chain(right) {
                *self.pairs.entry((a, b)).or_insert(0.0) += probability;
            }
        }
    }

    /// How much likelier, in bits, these two values meet in one facility than by chance. `own` is the probability with
    /// which the pair itself was counted; it may not speak for itself.
    pub(super) fn bits(&self, left: Side<'_>, right: Side<'_>, own: f64) -> f64 {
        let mut counts = [[0.0_f64; MOST_LEVELS + 1]; MOST_LEVELS + 1];
        if !self.pairs.is_empty() {
            let nodes = |path: &[NodeId]| [ROOT].into_iter().chain(path.iter().copied()).collect::<Nodes>();
            let (rows, columns) = (nodes(left.path), nodes(right.path));
            for (row, a) in rows.known().iter().enumerate() {
                for (column, b) in columns.known().iter().enumerate() {
                    // What never meets above does not meet below.
                    let above = row == 0 || counts[row - 1][column] > 0.0;
                    let before = column == 0 || counts[row][column - 1] > 0.0;
                    if above && before {
                        counts[row][column] = self.pairs.get(&(*a, *b)).copied().unwrap_or(0.0);
                    }
                }
            }
            counts.as_flattened_mut().iter_mut().for_each(|count| *count = (*count - own).max(0.0));
        }
        let there = bits(left, right, |a, b| counts[a][b]);
        let back = bits(right, left, |b, a| counts[a][b]);
        f64::midpoint(there, back).clamp(-MOST_BITS, MOST_BITS)
    }
}

/// The root and the values of a path, without a place on the heap.
struct Nodes {
    nodes: [NodeId; MOST_LEVELS + 1],
    known: usize,
}

impl Nodes {
    fn known(&self) -> &[NodeId] {
        &self.nodes[..self.known]
    }
}

impl FromIterator<NodeId> for Nodes {
    fn from_iter<T: IntoIterator<Item = NodeId>>(iter: T) -> Self {
        let mut nodes = Self { nodes: [ROOT; MOST_LEVELS + 1], known: 0 };
        for (place, node) in nodes.nodes.iter_mut().zip(iter) {
            *place = node;
            nodes.known += 1;
        }
        nodes
    }
}

/// The values of one record, and what is expected of records with them.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) tree: &'a Tree,
    /// From below the root to the leaf.
    pub(super) path: &'a [NodeId],
    pub(super) expected: &'a dyn Expectation,
}

/// Sum over the levels of `to` of log2 of the ratio of two shares within the level above: among records that match
/// those of `from`, and among all. `pairs` counts by place in the two paths, 0 being the root.
fn bits(from: Side<'_>, to: Side<'_>, pairs: impl Fn(usize, usize) -> f64) -> f64 {
    let Some(&leaf) = from.path.last() else { return 0.0 };
    let mut sum = 0.0;
    for (above, &node) in to.path.iter().enumerate() {
        let everywhere = to.tree.share(node);
        let (mut share, start) = from.expected.share(leaf, node).unwrap_or((everywhere, 0));
        for value in start + 1..=from.path.len() {
            share = (pairs(value, above + 1) + PRIOR_WEIGHT * share) / (pairs(value, above) + PRIOR_WEIGHT);
        }
        sum += (share / everywhere).log2();
    }
    sum
}
