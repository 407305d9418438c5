//! Types and owners: what is expected of two of them before anything is counted.

use rustc_hash::FxHashMap;

use super::association::Expectation;
use super::lexicon::{Category, Lexicon};
use super::tree::{NodeId, ROOT, Tree};

/// The share of a value may not be expected above this.
const MOST_SHARE: f64 = 0.9;

/// Expected shares between plain values: how much likelier two of them meet than by chance.
#[derive(Clone, Debug)]
pub(super) struct Alike {
    /// By value here and value there: bits for the pair.
    bits: FxHashMap<(NodeId, NodeId), f64>,
    shares: Vec<f64>,
}

impl Alike {
    /// Compares all values of two trees, in both directions.
    pub(super) fn both(left: &Tree, right: &Tree, bits: impl Fn(u32, u32) -> f64) -> (Self, Self) {
        let nodes = |tree: &Tree| (1..tree.len()).filter(|node| tree.parent(*node) == ROOT).collect::<Vec<_>>();
        let shares = |tree: &Tree| (0..tree.len()).map(|node| tree.share(node)).collect::<Vec<_>>();
        let mut there = Self { bits: FxHashMap::default(), shares: shares(right) };
        let mut back = Self { bits: FxHashMap::default(), shares: shares(left) };
        for &a in &nodes(left) {
            for &b in &nodes(right) {
                let bits = bits(left.name(a), right.name(b));
                there.bits.insert((a, b), bits);
                back.bits.insert((b, a), bits);
            }
        }
        (there, back)
    }
}

impl Expectation for Alike {
    fn share(&self, from: NodeId, to: NodeId) -> Option<(f64, usize)> {
        let bits = *self.bits.get(&(from, to))?;
        Some(((self.shares.get(to as usize)? * bits.exp2()).min(MOST_SHARE), 0))
    }
}

/// Bits for two categories before anything is counted.
pub(super) fn category_bits(lexicon: &Lexicon, one: Category, other: Category) -> f64 {
    if one == other {
        return 1.5;
    }
    if one.class == Category::UNKNOWN_CLASS || other.class == Category::UNKNOWN_CLASS {
        return level_bits(one.level, other.level);
    }
    if one.class == other.class {
        let variants = one.variant != 0 && other.variant != 0 && one.variant != other.variant;
        return level_bits(one.level, other.level) + if variants { 0.2 } else { 0.8 };
    }
    let (tier_one, tier_other) = (tier(lexicon.class_name(one)), tier(lexicon.class_name(other)));
    match (tier_one, tier_other) {
        (Some(a), Some(b)) if a.abs_diff(b) <= 1 => -0.5,
        (Some(_), Some(_)) => -1.5,
        _ => -3.0,
    }
}

fn level_bits(one: u8, other: u8) -> f64 {
    match (one, other) {
        (0, _) | (_, 0) => 0.0,
        _ => 0.6 - 0.9 * f64::from(one.abs_diff(other)),
    }
}

/// Where general care stands, from the village up; none for what is of another kind.
fn tier(class: &str) -> Option<u8> {
    match class {
        "health-post" => Some(1),
        "dispensary" | "clinic" | "maternity" => Some(2),
        "health-centre" | "medical-centre" | "nursing-home" => Some(3),
        "hospital" => Some(4),
        _ => None,
    }
}
