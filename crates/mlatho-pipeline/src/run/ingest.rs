//! Records of a source as rows of the repository: resolved, converted, with their lineage.

use std::collections::HashSet;
use std::ops::ControlFlow;

use mlatho_harmonize::{Kind, Part, convert, spread};
use mlatho_model::{Finding, Measure, MissingReason, ORDERS, RawRecord, RawValue, RecordSink, Status, Value};
use mlatho_store::{Row, Run, StoreError, TermKind};
use xxhash_rust::xxh3::xxh3_128;

use super::MOST_FINDINGS;
use super::codes::{Codes, Periods};
use super::line_judge::{LineJudge, reported_day};
use super::records::Reason;
use super::texts::{Texts, UnitRules};
use crate::identity::identity;
use crate::project::{ProjectMappings, Source};
use crate::resolve::{Found, Resolver, Target, pairs};

/// Takes the records of one source, receipt after receipt.
pub(super) struct Ingest<'a, 'run, 'repository> {
    run: &'run mut Run<'repository>,
    source: &'a Source,
    source_hash: u128,
    source_term: i32,
    crosswalk_term: i32,
    org_units: Codes<'a>,
    items: Codes<'a>,
    periods: Periods,
    texts: Texts,
    /// Keys of lines without a number of their own that this receipt has had.
    seen: HashSet<i64>,
    receipt: i32,
    origin: Box<str>,
    /// Judges lines that are divided: their parts are rounded one by one and no longer balance.
    judge: LineJudge,
    records: u64,
    /// Of the receipt, in whatever version.
    incomplete: u64,
    findings: Vec<Finding>,
    failure: Option<StoreError>,
}

impl<'a, 'run, 'repository> Ingest<'a, 'run, 'repository> {
    pub(super) fn new(
        run: &'run mut Run<'repository>,
        source: &'a Source,
        mappings: &'a ProjectMappings,
        judge: LineJudge,
    ) -> Self {
        let codes = |kind| Codes::new(Resolver::new(&mappings.crosswalk, &source.name, kind));
        let terms = run.terms();
        Self {
            source_hash: xxh3_128(source.name.as_str().as_bytes()),
            source_term: terms.id(TermKind::Source, source.name.as_str()),
            crosswalk_term: terms.id(TermKind::Crosswalk, &mappings.version),
            run,
            source,
            org_units: codes(Kind::OrgUnit),
            items: codes(Kind::Item),
            periods: Periods::default(),
            texts: Texts::default(),
            seen: HashSet::new(),
            receipt: 0,
            origin: Box::default(),
            judge,
            records: 0,
            incomplete: 0,
            findings: Vec::new(),
            failure: None,
        }
    }

    /// Begins a receipt. `origin` is where its bytes came from.
    pub(super) fn begin(&mut self, receipt: i32, origin: &str) {
        (self.receipt, self.origin) = (receipt, origin.into());
        self.seen.clear();
        self.incomplete = 0;
    }

    /// Ends a receipt.
    pub(super) fn end(&mut self) -> Result<(), StoreError> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        if self.incomplete > 0 {
            self.finding(Finding::warning("incomplete-lines").in_file(&self.origin).with("count", self.incomplete));
        }
        Ok(())
    }

    /// How many records were read, in whatever version, and what is wrong with them.
    pub(super) fn finish(self) -> (u64, Vec<Finding>) {
        (self.records, self.findings)
    }

    fn take(&mut self, record: &RawRecord<'_>) -> Result<(), StoreError> {
        self.records += 1;
        let period = self.periods.number(record.period);
        let org_unit = self.org_units.code(record.org_unit, TermKind::SourceOrgUnit, self.run);
        let item = self.items.code(record.item, TermKind::SourceItem, self.run);
        let to_units = self.org_units.resolver.find((org_unit.number, record.org_unit), period).clone();
        let to_items = self.items.resolver.find((item.number, record.item), period).clone();
        let reason = self.why_not(record, &to_units, &to_items);
        if reason == Some(Reason::Incomplete) {
            self.incomplete += 1;
        }
        let status = match reason {
            None => Status::Accepted,
            Some(Reason::UnmappedOrgUnit | Reason::UnmappedItem | Reason::UnmappedBoth) => Status::Unmapped,
            Some(Reason::NotCounting | Reason::Incomplete | Reason::NoCounterpart) => Status::Rejected,
        };
        let head = Row {
            source: self.source_term,
            org_unit: 0,
            item: 0,
            measure: 0,
            disaggregation: self.texts.disaggregation(record.disaggregation, self.run),
            unit: 0,
            status,
            reason: self.texts.reason(reason, self.run),
            period: record.period,
            value: Value::NotApplicable,
            receipt: self.receipt,
            record_key: self.key(record),
            version: i64::try_from(record.version).unwrap_or(i64::MAX),
            day: self.texts.day(record.date).unwrap_or_else(|| record.period.end()),
            reported_at: reported_day(record.reported_at),
            position: i64::try_from(record.position).unwrap_or(i64::MAX),
            column: 0,
            crosswalk: self.crosswalk_term,
            unit_rule: 0,
            period_rule: 0,
            source_org_unit: org_unit.term,
            source_item: item.term,
        };
        match (to_units, to_items) {
            (Found::Mapped(units), Found::Mapped(items)) => match (&*units, &*items) {
                ([unit], [item]) => self.push_whole(record, &head, *unit, *item),
                (units, items) => self.push_parts(record, &head, units, items),
            },
            _ => self.push_as_it_came(record, head),
        }
    }

    /// What speaks against a record before any check.
    fn why_not(&self, record: &RawRecord<'_>, org_unit: &Found, item: &Found) -> Option<Reason> {
        let accept = &self.source.accept_status;
        // An order has statuses of its own, which its reader has looked at, and no line of stock.
        let of_order = record.disaggregation == ORDERS;
        if !of_order && !accept.is_empty() && !accept.iter().any(|status| status == record.status) {
            return Some(Reason::NotCounting);
        }
        if matches!(org_unit, Found::NoMatch) || matches!(item, Found::NoMatch) {
            return Some(Reason::NoCounterpart);
        }
        match [org_unit, item].map(|found| matches!(found, Found::Unmapped)) {
            [true, true] => return Some(Reason::UnmappedBoth),
            [true, false] => return Some(Reason::UnmappedOrgUnit),
            [false, true] => return Some(Reason::UnmappedItem),
            [false, false] => {}
        }
        let has = |measure: &Measure| {
            record.values.iter().any(|raw| raw.measure == measure && raw.value.reported().is_some())
        };
        (!of_order && !self.source.required_measures.iter().all(has)).then_some(Reason::Incomplete)
    }

    /// The hash of what the record is a version of. Where the source does not number its lines, a second one about the
    /// same in one receipt is no new version of the first: both stay, and the checks tell of it.
    fn key(&mut self, record: &RawRecord<'_>) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "64 of the 128 bits")]
        let mut key = (identity(record) ^ self.source_hash) as i64;
        if record.report.is_empty() || record.line.is_empty() {
            while !self.seen.insert(key) {
                key = key.wrapping_add(1);
            }
        }
        key
    }

    /// All of it goes to one org unit and one item.
    fn push_whole(&mut self, record: &RawRecord<'_>, head: &Row, unit: Target, item: Target) -> Result<(), StoreError> {
        // A single link has the whole share, and org units have no factor.
        let part = item.part;
        let mut row = self.targeted(head, unit, item);
        let rules = self.texts.rules(part, self.run);
        for (at, raw) in record.values.iter().enumerate() {
            let converted = convert(&raw.value, raw.measure, part.factor);
            self.describe(&mut row, at, raw, rules, item);
            row.value = converted.unwrap_or(Value::Missing(MissingReason::NotANumber));
            self.run.push(&row)?;
        }
        Ok(())
    }

    fn push_parts(
        &mut self,
        record: &RawRecord<'_>,
        head: &Row,
        units: &[Target],
        items: &[Target],
    ) -> Result<(), StoreError> {
        let Some(pairs) = pairs(units, items) else {
            return self.push_as_it_came(record, Row { status: Status::Unmapped, ..head.clone() });
        };
        let parts: Vec<Part> = pairs.iter().map(|(_, _, part)| *part).collect();
        let found = self.judge.line(record);
        let status = if head.status == Status::Accepted { self.judge.gate.decide(&found) } else { head.status };
        let head = &Row { status, ..head.clone() };
        for finding in found {
            self.finding(finding.into_finding().in_file(&self.origin).at(record.position, ""));
        }
        for (at, raw) in record.values.iter().enumerate() {
            let values = spread(&raw.value, raw.measure, &parts);
            let values = values.unwrap_or_else(|| vec![Value::Missing(MissingReason::NotANumber); parts.len()]);
            for ((unit, item, part), value) in pairs.iter().zip(values) {
                let mut row = self.targeted(head, *unit, *item);
                let rules = self.texts.rules(*part, self.run);
                self.describe(&mut row, at, raw, rules, *item);
                row.value = value;
                self.run.push(&row)?;
            }
        }
        Ok(())
    }

    /// Under the source's own codes and in its own unit.
    fn push_as_it_came(&mut self, record: &RawRecord<'_>, head: Row) -> Result<(), StoreError> {
        let mut row = head;
        let terms = self.run.terms();
        row.org_unit = own_code(terms, TermKind::OrgUnit, record.org_unit, record.org_unit_name);
        row.item = own_code(terms, TermKind::Item, record.item, record.item_name);
        for (at, raw) in record.values.iter().enumerate() {
            (row.measure, row.column, row.unit) = self.texts.place(at, raw, self.run);
            row.value = raw.value.clone();
            self.run.push(&row)?;
        }
        Ok(())
    }

    fn targeted(&mut self, head: &Row, unit: Target, item: Target) -> Row {
        let org_unit = self.org_units.target(unit, TermKind::OrgUnit, self.run);
        Row { org_unit, item: self.items.target(item, TermKind::Item, self.run), ..head.clone() }
    }

    /// Measure, column, unit and unit rule of a value.
    fn describe(&mut self, row: &mut Row, at: usize, raw: &RawValue<'_>, rules: UnitRules, item: Target) {
        (row.measure, row.column, row.unit) = self.texts.place(at, raw, self.run);
        row.unit_rule = rules.other;
        if raw.measure.is_quantity() {
            row.unit_rule = rules.quantity;
            let unit = self.items.unit(item, self.run);
            row.unit = if unit == 0 { row.unit } else { unit };
        }
    }
}

fn own_code(terms: &mut mlatho_store::Terms, kind: TermKind, code: &str, name: &str) -> i32 {
    match terms.find(kind, code) {
        Some(known) => known,
        None => terms.describe(kind, code, name, false),
    }
}

impl RecordSink for Ingest<'_, '_, '_> {
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        match self.take(record) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.failure = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    fn finding(&mut self, finding: Finding) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding);
        }
    }
}
