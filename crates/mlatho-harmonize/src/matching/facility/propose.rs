//! Proposals for one record, with the evidence that sums to their score.

use super::calibrate::decision;
use super::compare::Comparison;
use super::lexicon::Lexicon;
use super::matcher::Matcher;
use super::model::{Codes, Pair};
use super::place;
use super::register::Record;
use crate::matching::{Decision, Evidence, Proposal};

/// Candidates that are told for one record.
const MOST_CANDIDATES: usize = 5;
/// Scores and evidence are told to a thousandth of a bit.
const STEPS: f64 = 1000.0;

impl Matcher {
    /// The candidates of a left record, the best first, at most five; behind them, where none is worth a look, the
    /// statement that nothing fits. Empty for a record that is not there.
    pub fn proposals(&self, left: usize) -> Vec<Proposal> {
        if left >= self.lefts() {
            return Vec::new();
        }
        let mut pairs: Vec<usize> = self.pairs_of(left).collect();
        pairs.sort_by(|a, b| self.assigned[*b].cmp(&self.assigned[*a]).then(self.bits(*b).total_cmp(&self.bits(*a))));
        pairs.truncate(MOST_CANDIDATES);
        let mut proposals: Vec<Proposal> = (1_u32..).zip(pairs).map(|(rank, pair)| self.proposal(pair, rank)).collect();
        if proposals.iter().all(|proposal| proposal.decision == Decision::None) {
            proposals.push(nothing(left, &proposals));
        }
        proposals
    }

    fn proposal(&self, pair: usize, rank: u32) -> Proposal {
        let mut evidence = self.evidence(&self.pairs[pair]);
        evidence.push(told("rivals-left", "other candidates of the left record".into(), self.rivals.left[pair]));
        evidence.push(told("rivals-right", "other candidates of the right record".into(), self.rivals.right[pair]));
        evidence.retain(|part| part.bits != 0.0);
        let score_bits = sum(&evidence);
        let probability = self.curve.probability(score_bits);
        let assigned = self.assigned[pair];
        Proposal {
            left: self.pairs[pair].left as usize,
            right: Some(self.pairs[pair].right as usize),
            rank,
            score_bits,
            probability,
            assigned,
            decision: decision(probability, assigned),
            evidence,
        }
    }

    /// What speaks for and against a pair by itself.
    pub(super) fn evidence(&self, pair: &Pair) -> Vec<Evidence> {
        let (a, b) = (&self.left.records[pair.left as usize], &self.right.records[pair.right as usize]);
        let parts = self.weights.weighed(self.parts(pair), pair.agreement);
        let mut evidence = vec![told("base-rate", format!("{} × {} records", self.lefts(), self.rights()), parts.base)];
        // What weighs nothing is not put into words.
        let mut add = |feature, bits, finding: &dyn Fn() -> String| {
            if rounded(bits) != 0.0 {
                evidence.push(told(feature, finding(), bits));
            }
        };
        if let Some(words) = (Comparison { words: &self.shared.words, left: a, right: b }).explained() {
            add("name", parts.same, &|| words.same.clone());
            add("name-lacking", parts.lacking, &|| words.lacking.clone());
            add("name-type", parts.types, &|| words.types.clone());
            add("name-number", parts.ordinals, &|| words.ordinals.clone());
        }
        add("name-agreement", parts.agreement, &|| pair.agreement.name().into());
        add("area", parts.area, &|| self.area_finding(a, b));
        add("type", parts.category, &|| self.type_finding(a, b));
        add("owner", parts.owner, &|| self.owner_finding(a, b));
        if let (Some(one), Some(other)) = (a.position, b.position) {
            add("distance", parts.distance, &|| format!("{:.1} km", place::kilometres(one, other)));
        }
        let codes = if pair.codes == Codes::Shared { "shared" } else { "different" };
        add("identifier", parts.codes, &|| codes.into());
        add("reviewed", pair.said.bits(), &|| "a person decided".into());
        evidence
    }

    fn area_finding(&self, a: &Record, b: &Record) -> String {
        let path = |record: &Record, names: &dyn Fn(u32) -> u32| {
            let texts = record.area.iter().map(|node| self.shared.area_names.text(names(*node)).to_owned());
            texts.collect::<Vec<_>>().join(" / ")
        };
        let left = path(a, &|node| self.left.areas.name(node));
        let right = path(b, &|node| self.right.areas.name(node));
        beside(&left, &right)
    }

    fn type_finding(&self, a: &Record, b: &Record) -> String {
        let name = |id: Option<u32>| {
            let category = id.and_then(|id| self.shared.categories.value(id));
            category.map(|category| Lexicon::shipped().category_name(*category)).unwrap_or_default()
        };
        let left = name(a.category.first().map(|node| self.left.categories.name(*node)));
        let right = name(b.category.first().map(|node| self.right.categories.name(*node)));
        beside(&left, &right)
    }

    fn owner_finding(&self, a: &Record, b: &Record) -> String {
        let name = |id: Option<u32>| id.and_then(|id| self.shared.owners.value(id)).map(ToString::to_string);
        let left = name(a.owner.first().map(|node| self.left.owners.name(*node))).unwrap_or_default();
        let right = name(b.owner.first().map(|node| self.right.owners.name(*node))).unwrap_or_default();
        beside(&left, &right)
    }
}

fn beside(left: &str, right: &str) -> String {
    if left == right { left.to_owned() } else { format!("{left} – {right}") }
}

/// Evidence to a thousandth of a bit, so that what is written sums to the score that is written.
pub(super) fn told(feature: &'static str, finding: String, bits: f64) -> Evidence {
    Evidence { feature, finding, bits: rounded(bits) }
}

pub(super) fn sum(evidence: &[Evidence]) -> f64 {
    rounded(evidence.iter().map(|part| part.bits).sum())
}

fn rounded(bits: f64) -> f64 {
    // Adding zero turns −0 into 0.
    (bits * STEPS).round() / STEPS + 0.0
}

/// The statement that nothing fits: as likely as it is that none of the candidates does.
fn nothing(left: usize, candidates: &[Proposal]) -> Proposal {
    const SURE: f64 = 1e-4;
    let taken: f64 = candidates.iter().map(|candidate| candidate.probability).sum();
    let probability = (1.0 - taken).clamp(SURE, 1.0 - SURE);
    let evidence = vec![told("no-candidate", candidates.len().to_string(), (probability / (1.0 - probability)).log2())];
    let rank = u32::try_from(candidates.len() + 1).unwrap_or(u32::MAX);
    Proposal {
        left,
        right: None,
        rank,
        score_bits: sum(&evidence),
        probability,
        assigned: true,
        decision: Decision::None,
        evidence,
    }
}
