//! What waits for a mapping, with the volume that it carries.

use std::collections::HashMap;

use mlatho_model::{Decimal, Kind, Period, RawRecord, SourceName};
use mlatho_store::{Unmapped, UnmappedKind};

/// Codes of one receipt that have no mapping.
#[derive(Debug, Default)]
pub(super) struct Volumes(HashMap<(UnmappedKind, Box<str>), Volume>);

#[derive(Debug)]
struct Volume {
    name: Box<str>,
    records: u64,
    quantity: Decimal,
    first: Period,
    last: Period,
}

impl Volumes {
    /// Adds a record whose code has no mapping.
    pub(super) fn add(&mut self, kind: UnmappedKind, record: &RawRecord<'_>) {
        let (code, name) = match kind {
            UnmappedKind::OrgUnit => (record.org_unit, record.org_unit_name),
            UnmappedKind::Item => (record.item, record.item_name),
        };
        let period = record.period;
        let volume = self.0.entry((kind, code.into())).or_insert_with(|| Volume {
            name: name.into(),
            records: 0,
            quantity: Decimal::ZERO,
            first: period,
            last: period,
        });
        volume.records += 1;
        // Levels and estimates would count the same stock again and again.
        let flows = record.values.iter().filter(|value| value.measure.kind() == Kind::Flow);
        for number in flows.filter_map(|value| value.value.reported()) {
            volume.quantity = volume.quantity.saturating_add(number.abs());
        }
        if period.start() < volume.first.start() {
            volume.first = period;
        }
        if period.end() > volume.last.end() {
            volume.last = period;
        }
    }

    /// In the order of kind and code.
    pub(super) fn take(&mut self, receipt: i32, source: &SourceName) -> Vec<Unmapped> {
        let mut found: Vec<Unmapped> = self
            .0
            .drain()
            .map(|((kind, code), volume)| Unmapped {
                receipt,
                kind,
                source: source.clone(),
                code: code.into(),
                name: volume.name.into(),
                records: volume.records,
                quantity: volume.quantity,
                first_period: volume.first,
                last_period: volume.last,
            })
            .collect();
        found.sort_by(|a, b| (a.kind, &a.code).cmp(&(b.kind, &b.code)));
        found
    }
}
