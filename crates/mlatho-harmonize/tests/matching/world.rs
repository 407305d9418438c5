//! An invented country: enough facilities for names to be rare or common as in a real register.

use mlatho_harmonize::matching::facility::{Facility, Matcher};
use mlatho_harmonize::matching::{Decision, Proposal};

const SYLLABLES: [&str; 24] = [
    "ka", "ba", "le", "mu", "nda", "nya", "ki", "so", "to", "ra", "bwe", "ru", "ma", "li", "nga", "zi", "po", "te",
    "wa", "cha", "mbo", "lu", "si", "go",
];
const REGIONS: [&str; 4] = ["North", "West", "Littoral", "Sul"];

/// The same numbers in the same order, whoever asks.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Below `limit` (splitmix64).
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }

    pub(crate) fn word(&mut self) -> String {
        let count = 2 + self.below(3);
        (0..count).map(|_| SYLLABLES[self.below(SYLLABLES.len())]).collect()
    }
}

/// So many facilities as one register writes them, and as another does; the rows of both are in one order.
pub(crate) fn country(facilities: usize, seed: u64) -> (Vec<Facility>, Vec<Facility>) {
    let mut numbers = Numbers::new(seed);
    let districts: Vec<(usize, String)> =
        (0..facilities / 12 + 3).map(|at| (at % REGIONS.len(), numbers.word())).collect();
    let types =
        [("Health Centre III", "HC III"), ("Dispensary", "Disp."), ("Clinic", "Medical Clinic"), ("Health Post", "HP")];
    let pair = |_| {
        let (region, district) = &districts[numbers.below(districts.len())];
        let (one, other) = types[numbers.below(types.len())];
        let name =
            if numbers.below(4) == 0 { format!("{} {}", numbers.word(), numbers.word()) } else { numbers.word() };
        let facility = |kind: &str| Facility {
            name: format!("{name} {kind}"),
            areas: vec![REGIONS[*region].into(), district.clone()],
            ..Facility::default()
        };
        (facility(one), facility(other))
    };
    (0..facilities).map(pair).unzip()
}

/// All proposals, and the right row that each left row is assigned to.
pub(crate) fn matched(left: &[Facility], right: &[Facility]) -> (Vec<Proposal>, Vec<Option<usize>>) {
    let matcher = Matcher::new(left, right, 1);
    let proposals: Vec<Proposal> = (0..left.len()).flat_map(|row| matcher.proposals(row)).collect();
    let mut partners = vec![None; left.len()];
    for proposal in proposals.iter().filter(|proposal| proposal.assigned) {
        partners[proposal.left] = proposal.right;
    }
    (proposals, partners)
}

/// Left rows whose best candidate may be accepted, with it.
pub(crate) fn accepted(proposals: &[Proposal]) -> Vec<(usize, usize)> {
    let accepted = proposals.iter().filter(|proposal| proposal.decision == Decision::Accept);
    accepted.map(|proposal| (proposal.left, proposal.right.unwrap())).collect()
}
