//! From scored candidates to proposals: order, probability, assignment.

use std::collections::{HashMap, HashSet};

use super::{Decision, Evidence, Proposal};

/// Candidates shown for each record.
const SHOWN: usize = 5;

/// From here on a candidate is likelier right than wrong.
const LIKELY: f64 = 0.5;

/// Below this a candidate is not worth a look.
const LEAST: f64 = 0.01;

/// A pair with its evidence.
#[derive(Clone, Debug)]
pub(super) struct Scored {
    pub(super) right: usize,
    pub(super) evidence: Vec<Evidence>,
}

impl Scored {
    pub(super) fn bits(&self) -> f64 {
        self.evidence.iter().map(|evidence| evidence.bits).sum()
    }
}

/// What the kind of record decides.
pub(super) struct Rules<'a> {
    /// Probability for a score in bits.
    pub(super) probability: &'a dyn Fn(f64) -> f64,
    /// Whether the pair of left and right may be accepted without being looked at.
    pub(super) accept: &'a dyn Fn(usize, &Scored) -> bool,
    /// Whether two left records are packs of one item, so that both may lead to one right record.
    pub(super) same: &'a dyn Fn(usize, usize) -> bool,
}

/// Proposals for all left records, in their order: at most five candidates, the best first, and behind them a row that
/// says *none* where no candidate is likelier than not.
pub(super) fn rank(scored: Vec<Vec<Scored>>, rules: &Rules<'_>) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    for (left, mut candidates) in scored.into_iter().enumerate() {
        candidates.sort_by(|a, b| b.bits().total_cmp(&a.bits()).then(a.right.cmp(&b.right)));
        let twins = doubt(&mut candidates);
        candidates.truncate(SHOWN);
        candidates.retain(|candidate| (rules.probability)(candidate.bits()) >= LEAST);
        let none = candidates.first().is_none_or(|best| (rules.probability)(best.bits()) < LIKELY);
        let mut rest = 1.0;
        let mut next = 1;
        for candidate in candidates {
            let (score_bits, accept) = (candidate.bits(), (rules.accept)(left, &candidate));
            let probability = (rules.probability)(score_bits);
            rest = f64::min(rest, 1.0 - probability);
            proposals.push(Proposal {
                left,
                right: Some(candidate.right),
                rank: next,
                score_bits,
                probability,
                assigned: false,
                decision: if accept && next == 1 && !twins { Decision::Accept } else { Decision::Review },
                evidence: candidate.evidence,
            });
            next += 1;
        }
        if none {
            let decision = Decision::None;
            let (assigned, evidence) = (false, Vec::new());
            proposals.push(Proposal {
                left,
                right: None,
                rank: next,
                score_bits: 0.0,
                probability: rest,
                assigned,
                decision,
                evidence,
            });
        }
    }
    assign(&mut proposals, rules.same);
    proposals
}

/// Where several candidates are equally good, each is right in one of so many cases; all of the record's candidates
/// lose alike, so that their order stays. Whether it is so.
fn doubt(candidates: &mut [Scored]) -> bool {
    let Some(best) = candidates.first().map(Scored::bits) else { return false };
    let tied = candidates.iter().filter(|candidate| best - candidate.bits() < 1e-9).count();
    if tied < 2 {
        return false;
    }
    let bits = -f64::from(u32::try_from(tied).unwrap_or(u32::MAX)).log2();
    for candidate in candidates {
        candidate.evidence.push(Evidence { feature: "twins", finding: tied.to_string(), bits });
    }
    true
}

/// Gives each left record one partner, the surest pairs first, and each right record one too; but packs of one item
/// may share a partner. What is left without one is assigned to *none* where such a row stands.
fn assign(proposals: &mut [Proposal], same: &dyn Fn(usize, usize) -> bool) {
    let mut order: Vec<usize> = (0..proposals.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&proposals[*a], &proposals[*b]);
        b.score_bits.total_cmp(&a.score_bits).then((a.left, a.rank).cmp(&(b.left, b.rank)))
    });
    let mut lefts = HashSet::new();
    let mut rights: HashMap<usize, usize> = HashMap::new();
    for at in order.into_iter().filter(|at| proposals[*at].right.is_some()).collect::<Vec<_>>() {
        let proposal = &mut proposals[at];
        let (left, Some(right)) = (proposal.left, proposal.right) else { continue };
        if proposal.probability < LIKELY || lefts.contains(&left) {
            continue;
        }
        let free = rights.get(&right).is_none_or(|holder| proposal.rank == 1 && same(*holder, left));
        if free {
            rights.entry(right).or_insert(left);
            lefts.insert(left);
            proposal.assigned = true;
        }
    }
    for proposal in proposals.iter_mut().filter(|proposal| proposal.right.is_none()) {
        proposal.assigned = !lefts.contains(&proposal.left);
    }
    ask_about_rivals(proposals);
}

/// Where several left records have the same claim on one right record, a person decides on all of them.
fn ask_about_rivals(proposals: &mut [Proposal]) {
    let mut claims: HashMap<Option<usize>, usize> = HashMap::new();
    for proposal in proposals.iter().filter(|proposal| proposal.decision == Decision::Accept) {
        *claims.entry(proposal.right).or_default() += 1;
    }
    let rivals = |proposal: &&mut Proposal| claims.get(&proposal.right).is_some_and(|claims| *claims > 1);
    for proposal in proposals.iter_mut().filter(rivals) {
        proposal.decision = Decision::Review;
    }
}
