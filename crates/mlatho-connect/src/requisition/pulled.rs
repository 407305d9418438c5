//! What a pull of requisitions gives.

use std::collections::BTreeMap;

use mlatho_model::Finding;

use super::Watermark;

/// Some requisitions in one JSON document, with what they point at, in the form of their system.
#[derive(Clone, Debug)]
pub struct Document {
    pub bytes: Vec<u8>,
    /// How many requisitions are in it.
    pub count: usize,
    /// How far everything is read once this document is kept: the next pull may start there.
    pub watermark: Watermark,
    /// Tells it from the other documents of this pull and of later ones: the last change in it, and whose it is.
    pub name: String,
}

/// What a pull found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulled {
    /// Requisitions that changed, by status, whether they were read or not.
    pub found: BTreeMap<String, usize>,
    /// Read whole.
    pub read: usize,
    /// Drafts, which are left.
    pub drafts: usize,
    /// Read before, in the overlap.
    pub known: usize,
    /// Listed, but the account may not see them.
    pub hidden: usize,
    /// Listed, and gone when they were asked for.
    pub gone: usize,
    pub findings: Vec<Finding>,
}
