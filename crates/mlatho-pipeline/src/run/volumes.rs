//! What waits for a mapping, with the volume that it carries.

use std::collections::{BTreeMap, HashSet};

use mlatho_model::{Decimal, Kind, Period, SourceName, Status};
use mlatho_store::{Rows, TermKind, Terms, Unmapped, UnmappedKind};

use super::records::Reason;
use crate::names::Names;

/// The unmapped codes of the current records of a month, in the order of kind, source and code.
pub(super) fn unmapped(month: Period, rows: &Rows, terms: &Terms, names: &mut Names) -> Vec<Unmapped> {
    let kinds = |reason: Reason| terms.find(TermKind::Reason, reason.name()).map(|term| (term, reason.unmapped()));
    let kinds: Vec<(i32, &[UnmappedKind])> = Reason::ALL.into_iter().filter_map(kinds).collect();
    let mut found: BTreeMap<(UnmappedKind, i32, i32), Unmapped> = BTreeMap::new();
    let mut counted = HashSet::new();
    for row in (0..rows.len()).filter(|row| rows.status[*row] == Status::Unmapped) {
        let new = counted.insert((rows.source[row], rows.record_key[row]));
        let flow = names.measure(rows.measure[row], terms).kind() == Kind::Flow;
        let kinds = kinds.iter().find(|(term, _)| *term == rows.reason[row]).map_or(&[][..], |(_, kinds)| kinds);
        for &kind in kinds {
            let (code, own) = match kind {
                UnmappedKind::OrgUnit => (rows.source_org_unit[row], (TermKind::OrgUnit, rows.org_unit[row])),
                UnmappedKind::Item => (rows.source_item[row], (TermKind::Item, rows.item[row])),
            };
            let source = rows.source[row];
            let Ok(source_name) = terms.text(TermKind::Source, source).parse::<SourceName>() else { continue };
            let volume = found.entry((kind, source, code)).or_insert_with(|| Unmapped {
                month,
                kind,
                source: source_name,
                code: code_of(kind, code, terms),
                name: terms.term(own.0, own.1).map(|term| term.name.clone()).unwrap_or_default(),
                records: 0,
                quantity: Decimal::ZERO,
            });
            volume.records += u64::from(new);
            // Levels and estimates would count the same stock again and again.
            if let Some(number) = rows.number(row).filter(|_| flow) {
                volume.quantity = volume.quantity.saturating_add(number.abs());
            }
        }
    }
    let mut found: Vec<Unmapped> = found.into_values().collect();
    found.sort_by(|a, b| (a.kind, &a.source, &a.code).cmp(&(b.kind, &b.source, &b.code)));
    found
}

fn code_of(kind: UnmappedKind, code: i32, terms: &Terms) -> String {
    let kind = match kind {
        UnmappedKind::OrgUnit => TermKind::SourceOrgUnit,
        UnmappedKind::Item => TermKind::SourceItem,
    };
    terms.text(kind, code).to_owned()
}
