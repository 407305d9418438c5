//! Links that were sure and no longer are.

use std::collections::HashSet;

use mlatho_harmonize::matching::List;
use mlatho_harmonize::{Kind, Link, Relation};
use mlatho_model::SourceName;

use super::versions::Versions;
use crate::project::ProjectMappings;
use crate::review::candidates;

/// A code and what it leads to.
type Pair = (String, String);

/// The links among those that changes touch which the old registers would have let into the band of sure ones, and the
/// new ones would not. Links that have ended, and those that divide, are in no band.
pub(super) fn left<'a>(mappings: &'a ProjectMappings, all: &[Versions<'_>], touched: &[&'a Link]) -> Vec<&'a Link> {
    let mut found = Vec::new();
    for kind in Kind::ALL {
        let own = |source: Option<&SourceName>| {
            all.iter().find(|own| own.register.kind.kind() == kind && own.register.source.as_ref() == source)
        };
        let Some(right) = own(None) else { continue };
        let of_kind: Vec<&Link> = touched.iter().copied().filter(|link| link.kind == kind && has_band(link)).collect();
        let mut sources: Vec<&SourceName> = of_kind.iter().map(|link| &link.source).collect();
        sources.sort_unstable();
        sources.dedup();
        for source in sources {
            let codes: Vec<&Link> = mappings
                .crosswalk
                .links()
                .filter(|link| link.kind == kind && link.source == *source && has_band(link))
                .collect();
            let left = own(Some(source));
            let old = sure(kind, &with_codes(left.map(Versions::old), &codes), right.old());
            let new = sure(kind, &with_codes(left.map(|left| &left.now), &codes), &right.now);
            let pair = |link: &Link| (link.source_id.to_string(), link.target.to_string());
            let of_source = of_kind.iter().copied().filter(|link| link.source == *source);
            found.extend(of_source.filter(|link| old.contains(&pair(link)) && !new.contains(&pair(link))));
        }
    }
    found.sort_by_key(|link| (link.kind, &link.source, &link.source_id));
    found.dedup();
    found
}

fn has_band(link: &Link) -> bool {
    matches!(link.relation, Relation::Equal | Relation::ManyToOne) && link.valid_to.is_none()
}

/// The list of a source with all codes that have links.
fn with_codes(register: Option<&List>, links: &[&Link]) -> List {
    let mut list = register.cloned().unwrap_or_default();
    list.add(links.iter().map(|link| (&*link.source_id, &*link.source_name)));
    list
}

/// The pairs that may be accepted with the rest of their band.
fn sure(kind: Kind, left: &List, right: &List) -> HashSet<Pair> {
    let found = candidates(kind, ("", left), ("", right), &[], &mut Vec::new());
    let of_code = |(code, candidates): (&str, Vec<crate::review::Candidate>)| {
        let sure = candidates.into_iter().find(|candidate| candidate.decision == "accept")?;
        Some((code.to_owned(), sure.target))
    };
    left.ids().zip(found).filter_map(of_code).collect()
}
