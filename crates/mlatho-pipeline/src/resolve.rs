//! Where the codes of a source lead, looked up once for each code and period.

use std::sync::Arc;

use mlatho_harmonize::{Crosswalk, Kind, Lookup, Part};
use mlatho_model::{Period, SourceName};

use crate::intern::{Interner, QuickMap};

/// What a code means in a period.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// One target, or several whose shares sum to one.
    Mapped(Arc<[Target]>),
    /// Reviewed: it has no counterpart.
    NoMatch,
    /// Nobody has said.
    Unmapped,
}

/// A target of a code and what it gets of each number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    /// Number of its id among [`Resolver::targets`].
    pub(crate) id: u32,
    pub(crate) part: Part,
    /// Number of its unit's name among [`Resolver::units`]; that of the empty name where the mapping names none.
    pub(crate) unit: u32,
}

/// Remembers where codes lead.
pub(crate) struct Resolver<'a> {
    crosswalk: &'a Crosswalk,
    source: &'a SourceName,
    kind: Kind,
    pub(crate) targets: Interner,
    pub(crate) units: Interner,
    known: QuickMap<(u32, u32), Found>,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(crosswalk: &'a Crosswalk, source: &'a SourceName, kind: Kind) -> Self {
        let (targets, units) = (Interner::default(), Interner::default());
        Self { crosswalk, source, kind, targets, units, known: QuickMap::default() }
    }

    /// Where a code leads in a period. The caller numbers codes and periods; equal numbers mean equal ones.
    pub(crate) fn find(&mut self, code: (u32, &str), period: (u32, Period)) -> &Found {
        let (targets, units) = (&mut self.targets, &mut self.units);
        let (crosswalk, kind, source) = (self.crosswalk, self.kind, self.source);
        self.known.entry((code.0, period.0)).or_insert_with(|| {
            match crosswalk.look_up(kind, source, code.1, period.1.start()) {
                Lookup::Mapped(shares) => {
                    let target = shares.iter().map(|share| Target {
                        id: targets.number(share.target),
                        part: share.into(),
                        unit: units.number(share.unit.map_or("", |unit| unit.as_str())),
                    });
                    Found::Mapped(target.collect())
                }
                Lookup::NoMatch(_) => Found::NoMatch,
                Lookup::Unmapped => Found::Unmapped,
            }
        })
    }
}

/// What each pair of an org unit and an item gets, the items of the first org unit first. Nothing, where a share of a
/// share cannot be written down.
pub(crate) fn pairs(org_units: &[Target], items: &[Target]) -> Option<Vec<(Target, Target, Part)>> {
    let pair = |unit: Target, item: Target| Some((unit, item, unit.part.times(item.part)?));
    org_units.iter().flat_map(|unit| items.iter().map(move |item| pair(*unit, *item))).collect()
}
