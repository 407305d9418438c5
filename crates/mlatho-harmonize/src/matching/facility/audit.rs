//! Re-examining a crosswalk that exists: which of its links look wrong.

use rustc_hash::{FxHashMap, FxHashSet};

use super::calibrate::probability;
use super::matcher::Matcher;
use super::propose::{sum, told};
use crate::matching::Evidence;

/// What looks wrong with a link.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspicion {
    /// Index of the link in the crosswalk.
    pub link: usize,
    /// 0 to 1: how likely the link is wrong.
    pub suspicion: f64,
    /// Index of a right record that fits much better, and that no link of the crosswalk uses.
    pub better: Option<usize>,
    /// What speaks for and against the link; the contributions sum to the log2 odds that it is right.
    pub evidence: Vec<Evidence>,
}

/// Somebody made the link, and most links of published crosswalks are right.
const MADE: f64 = 6.0;
/// A link whose right record several links share, in a crosswalk where most do not.
const SHARED: f64 = -2.0;
/// How much better another record must fit to be named.
const BETTER: f64 = 3.0;

impl Matcher {
    /// Examines links between records of the two lists, the most suspicious first. Links of records that are not in the
    /// lists are left out.
    pub fn audit(&self, links: &[(usize, usize)]) -> Vec<Suspicion> {
        let used: FxHashSet<usize> = links.iter().map(|link| link.1).collect();
        let mut shared_by: FxHashMap<usize, usize> = FxHashMap::default();
        links.iter().for_each(|link| *shared_by.entry(link.1).or_insert(0) += 1);
        let shared = links.iter().filter(|link| shared_by.get(&link.1).is_some_and(|links| *links > 1)).count();
        let usually_one_to_one = shared * 5 < links.len();
        let known = links.iter().enumerate().filter(|(_, link)| link.0 < self.lefts() && link.1 < self.rights());
        let mut found: Vec<Suspicion> = known
            .filter_map(|(index, link)| {
                let again = usually_one_to_one && shared_by.get(&link.1).is_some_and(|links| *links > 1);
                self.suspicion(index, *link, again, &used)
            })
            .collect();
        found.sort_by(|a, b| b.suspicion.total_cmp(&a.suspicion).then(a.link.cmp(&b.link)));
        found
    }

    fn suspicion(&self, index: usize, link: (usize, usize), again: bool, used: &FxHashSet<usize>) -> Option<Suspicion> {
        let edge = (u32::try_from(link.0).ok()?, u32::try_from(link.1).ok()?);
        let pair = self.compared(edge);
        let others = self.pairs_of(link.0).filter(|other| self.pairs[*other].right != edge.1);
        let unused = others.filter(|other| !used.contains(&(self.pairs[*other].right as usize)));
        let fits = |other: usize| self.own[other] + self.rivals.right[other];
        let best = unused.max_by(|a, b| fits(*a).total_cmp(&fits(*b)));
        let mut evidence = vec![told("link-made", String::new(), MADE)];
        let own = pair.as_ref().map_or(0.0, |pair| self.own_bits(pair));
        match &pair {
            Some(pair) => evidence.extend(self.evidence(pair)),
            None => evidence.push(told("name", "no name".into(), 0.0)),
        }
        if let Some(best) = best {
            evidence.push(told(
                "better-partner",
                "a record that no link uses".into(),
                -(1.0 + fits(best).exp2()).log2(),
            ));
        }
        if again {
            evidence.push(told("shared-partner", "several links use the right record".into(), SHARED));
        }
        evidence.retain(|part| part.bits != 0.0);
        let better = best.filter(|best| fits(*best) > own + BETTER && fits(*best) > 0.0);
        Some(Suspicion {
            link: index,
            suspicion: 1.0 - probability(sum(&evidence)),
            better: better.map(|best| self.pairs[best].right as usize),
            evidence,
        })
    }
}
