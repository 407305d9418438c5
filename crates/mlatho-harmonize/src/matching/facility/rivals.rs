//! One facility has one partner at most: what the other candidates of both records take from a pair.
//!
//! Let every set of pairs that uses no record twice be as likely as the product of the odds of its pairs. The odds that
//! a pair is in the set are then its own odds times the chance that its left record is free without it, times that of
//! its right record. These chances follow from each other (belief propagation for matchings: Bayati, Shah & Sharma
//! 2008; Zdeborová & Mézard 2006); they are exact where pairs form no circles.

/// A candidate pair: left and right record.
pub(super) type Edge = (u32, u32);

/// Messages between records, by edge, until they change no more.
#[derive(Clone, Debug, Default)]
pub(super) struct Rivals {
    /// log2 of the chance that the left record is free for this edge.
    pub(super) left: Vec<f64>,
    /// The same of the right record.
    pub(super) right: Vec<f64>,
}

/// Odds beyond this many bits count as this many; sums stay far from overflow.
const MOST_BITS: f64 = 60.0;

/// The edges of each record of one side, one record behind the other.
struct ByRecord {
    edges: Vec<u32>,
    starts: Vec<u32>,
}

impl ByRecord {
    fn new(records: usize, of_edges: impl Iterator<Item = u32> + Clone) -> Self {
        let mut starts = vec![0_u32; records + 1];
        of_edges.clone().for_each(|record| starts[record as usize + 1] += 1);
        for record in 0..records {
            starts[record + 1] += starts[record];
        }
        let mut next = starts.clone();
        let mut edges = vec![0; *starts.last().unwrap_or(&0) as usize];
        for (edge, record) in (0_u32..).zip(of_edges) {
            edges[next[record as usize] as usize] = edge;
            next[record as usize] += 1;
        }
        Self { edges, starts }
    }

    fn groups(&self) -> impl Iterator<Item = &[u32]> {
        self.starts.windows(2).map(|pair| &self.edges[pair[0] as usize..pair[1] as usize])
    }
}

impl Rivals {
    /// Passes messages so many times. `bits` are the log2 odds of each edge by itself.
    pub(super) fn of(edges: &[Edge], bits: &[f64], sizes: (usize, usize), rounds: usize) -> Self {
        let odds: Vec<f64> = bits.iter().map(|bits| bits.min(MOST_BITS).exp2()).collect();
        let by_left = ByRecord::new(sizes.0, edges.iter().map(|edge| edge.0));
        let by_right = ByRecord::new(sizes.1, edges.iter().map(|edge| edge.1));
        let (mut free_left, mut free_right) = (vec![1.0; edges.len()], vec![1.0; edges.len()]);
        let (mut next_left, mut next_right) = (vec![1.0; edges.len()], vec![1.0; edges.len()]);
        for _ in 0..rounds {
            update(&by_left, &odds, &free_right, &free_left, &mut next_left);
            update(&by_right, &odds, &free_left, &free_right, &mut next_right);
            std::mem::swap(&mut free_left, &mut next_left);
            std::mem::swap(&mut free_right, &mut next_right);
        }
        let bits = |free: Vec<f64>| free.into_iter().map(f64::log2).collect();
        Self { left: bits(free_left), right: bits(free_right) }
    }
}

/// The chance that a record is free for each of its edges, given how free the other ends of its other edges are;
/// halfway, on a scale of logarithms, from what it was.
fn update(groups: &ByRecord, odds: &[f64], free_there: &[f64], was: &[f64], next: &mut [f64]) {
    let mut before = Vec::new();
    for group in groups.groups() {
        let weight = |edge: u32| odds[edge as usize] * free_there[edge as usize];
        before.clear();
        before.extend(group.iter().scan(0.0, |sum, edge| {
            let until_here = *sum;
            *sum += weight(*edge);
            Some(until_here)
        }));
        let mut after = 0.0;
        for (index, edge) in group.iter().enumerate().rev() {
            let free = 1.0 / (1.0 + before[index] + after);
            next[*edge as usize] = (free * was[*edge as usize]).sqrt();
            after += weight(*edge);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_pair_has_no_rivals() {
        let rivals = Rivals::of(&[(0, 0)], &[3.0], (1, 1), 24);
        assert!(rivals.left[0].abs() < 1e-6 && rivals.right[0].abs() < 1e-6);
    }

    #[test]
    fn two_equal_candidates_share_what_is_left() {
        // Odds 8 each: nothing, first or second: 1 : 8 : 8. The odds of one are 8 / 9.
        let rivals = Rivals::of(&[(0, 0), (0, 1)], &[3.0, 3.0], (1, 2), 24);
        let odds = (3.0 + rivals.left[0] + rivals.right[0]).exp2();
        assert!((odds - 8.0 / 9.0).abs() < 1e-4, "{odds}");
    }

    #[test]
    fn a_partner_that_is_taken_frees_the_other() {
        // Sets: none 1; a 2; b 4; c 2; a and c 4 (they share nothing). Chain: a = (0,0), b = (1,0), c = (1,1).
        let rivals = Rivals::of(&[(0, 0), (1, 0), (1, 1)], &[1.0, 2.0, 1.0], (2, 2), 24);
        let odds = (2.0 + rivals.left[1] + rivals.right[1]).exp2();
        assert!((odds - 4.0 / 9.0).abs() < 1e-3, "{odds}");
    }
}
