//! What decisions about org units teach the matching of the others.

use std::collections::HashMap;

use mlatho_harmonize::matching::List;
use mlatho_harmonize::matching::facility::{LEXICON_REVISION, MODEL_REVISION, Review};
use mlatho_harmonize::{Decision, Relation};
use mlatho_model::SourceName;
use serde::Serialize;
use xxhash_rust::xxh3::Xxh3Default;

/// By which weights the candidates of a source were found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Learned {
    pub source: String,
    /// How many decisions taught: those about records of both registers that a person looked at one by one.
    pub decisions: usize,
    /// Names the shipped weights and words, and the decisions used: with the same lists it stands for the same candidates.
    pub revision: String,
}

/// The decisions that are about records of both registers, and what they amount to; nothing, where there is none.
pub(super) fn reviews(
    source: &SourceName,
    decided: &[&Decision],
    left: &List,
    right: &List,
) -> (Vec<Review>, Option<Learned>) {
    let rows = |list: &List| list.ids().enumerate().map(|(row, id)| (id.to_owned(), row)).collect::<HashMap<_, _>>();
    let (lefts, rights) = (rows(left), rows(right));
    let mut hash = Xxh3Default::new();
    hash.update(format!("{MODEL_REVISION}\u{1f}{LEXICON_REVISION}\u{1e}").as_bytes());
    let mut reviews = Vec::new();
    for decision in decided {
        let link = &decision.link;
        let known = rights.get(&*link.target).copied();
        let Some(left) = lefts.get(&*link.source_id).copied() else { continue };
        if known.is_none() && link.relation != Relation::None {
            continue;
        }
        // A band takes two persons, who saw a sample of it.
        let looked_at = decision.seconded_by.is_empty();
        reviews.push(Review { left, right: known, verdict: decision.verdict, looked_at });
        let told = [&*link.source_id, &*link.target, decision.verdict.name(), if looked_at { "1" } else { "0" }];
        hash.update(format!("{}\u{1e}", told.join("\u{1f}")).as_bytes());
    }
    let learned = Learned {
        source: source.to_string(),
        decisions: reviews.iter().filter(|review| review.looked_at).count(),
        revision: format!("{:016x}", hash.digest()),
    };
    let learned = (!reviews.is_empty()).then_some(learned);
    (reviews, learned)
}
