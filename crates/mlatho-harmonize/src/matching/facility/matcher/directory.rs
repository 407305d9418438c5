//! One register that is asked about one record at a time.

use super::{Curve, Expected, MESSAGES, Matcher, Model, Register, Rivals, Scores, Shared, Sought, Weights, place};
use crate::matching::Proposal;
use crate::matching::facility::Facility;

/// Questions after which the words that they brought are forgotten.
const QUESTIONS: u32 = 1000;

/// One register, ready to be asked where a facility is in it. Nothing is learned from the questions, so that an answer
/// depends neither on those before it nor on those beside it.
#[derive(Debug)]
pub struct Directory {
    matcher: Matcher,
    fresh: Fresh,
    questions: u32,
}

/// What questions add to, as it was before the first of them.
#[derive(Debug)]
struct Fresh {
    shared: Shared,
    left: Register,
    expected: Expected,
}

impl Directory {
    /// Prepares a register. Questions are taken to come from a list that is much like it: words and areas are as rare
    /// in the one as in the other.
    #[must_use]
    pub fn new(facilities: &[Facility]) -> Self {
        let mut shared = Shared::default();
        let mut left = Register::prepare(facilities, &mut shared);
        left.records.clear();
        let right = Register::prepare(facilities, &mut shared);
        let chance = place::by_chance(&right.records, &right.records);
        let expected = Expected::new(&shared, &left, &right);
        let fresh = Fresh { shared: shared.clone(), left: left.clone(), expected: expected.clone() };
        let sought = Sought::new(&right, &shared.words);
        let model = Model::shipped(1, right.records.len(), &chance);
        let (pairs, own, assigned, rivals) = (Vec::new(), Vec::new(), Vec::new(), Rivals::default());
        let (weights, curve) = (Weights::default(), Curve::default());
        let matcher = Matcher {
            shared,
            left,
            right,
            expected,
            chance,
            sought,
            model,
            weights,
            curve,
            pairs,
            own,
            rivals,
            assigned,
        };
        Self { matcher, fresh, questions: 0 }
    }

    /// The candidates of a facility, as [`Matcher::proposals`] gives them for a list of which it is the only record.
    pub fn proposals(&mut self, facility: &Facility) -> Vec<Proposal> {
        if self.questions == QUESTIONS {
            self.matcher.shared = self.fresh.shared.clone();
            self.questions = 0;
        }
        self.questions += 1;
        let matcher = &mut self.matcher;
        let before = values(&matcher.left);
        let record = matcher.left.record(facility, &mut matcher.shared);
        matcher.left.records.push(record);
        let is_new = values(&matcher.left) != before;
        if is_new {
            matcher.expected = Expected::new(&matcher.shared, &matcher.left, &matcher.right);
        }
        let found = matcher.sought.candidates(
            &matcher.left.records[0],
            &matcher.right,
            &matcher.expected.areas.0,
            &matcher.shared.words,
            &mut Scores::default(),
        );
        matcher.pairs = found.into_iter().filter_map(|right| matcher.pair((0, right))).collect();
        matcher.own = matcher.pairs.iter().map(|pair| matcher.own_bits(pair)).collect();
        matcher.weigh_rivals(MESSAGES);
        matcher.assign();
        let proposals = matcher.proposals(0);
        matcher.left.records.clear();
        if is_new {
            matcher.left = self.fresh.left.clone();
            matcher.expected = self.fresh.expected.clone();
        }
        proposals
    }
}

/// How many areas, categories, types and owners a register knows.
fn values(register: &Register) -> [u32; 4] {
    [&register.areas, &register.categories, &register.kinds, &register.owners].map(super::Tree::len)
}
