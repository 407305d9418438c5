//! The checks that a project writes down itself, on the months of a run.

use std::collections::HashMap;

use mlatho_model::{Decimal, ItemId, Measure, MissingReason, ORDERS, OrgUnitId, Period, Status, Value};
use mlatho_quality::{Gate, LedgerLine, Rules, ServiceLine, check_rules};
use mlatho_store::{Filter, RowFinding, Rows, Run, StoreError, TermKind, Terms};

use crate::names::Names;

type Key = (OrgUnitId, ItemId, Period);

/// The checks, and what the month judged last said: a check may look at the period before.
pub(super) struct OwnChecks {
    rules: Rules,
    gate: Gate,
    /// The month judged last.
    last: Option<(Period, Month)>,
}

/// The numbers of a month as the checks take them.
#[derive(Default)]
struct Month {
    ledger: Vec<LedgerLine>,
    services: Vec<ServiceLine>,
    /// The rows of each line.
    rows: HashMap<Key, Vec<usize>>,
}

impl OwnChecks {
    pub(super) fn new(files: impl Iterator<Item = Rules>, gate: Gate) -> Self {
        let mut rules = Rules::default();
        files.for_each(|file| rules.extend(file));
        Self { rules, gate, last: None }
    }

    /// Judges a month: gives what is found, and holds the rows of what the gate holds.
    pub(super) fn judge(
        &mut self,
        month: Period,
        rows: &mut Rows,
        run: &mut Run<'_>,
        names: &mut Names,
    ) -> Result<Vec<RowFinding>, StoreError> {
        if self.rules.is_empty() {
            return Ok(Vec::new());
        }
        let before = match (self.last.take(), month.previous()) {
            (Some((last, numbers)), Some(previous)) if last == previous => numbers,
            (_, Some(previous)) => {
                let rows = run.current(previous, &Filter::default())?;
                Month::of(&rows, run.terms(), names)
            }
            _ => Month::default(),
        };
        let now = Month::of(rows, run.terms(), names);
        let (mut ledger, mut services) = (before.ledger, before.services);
        ledger.extend(now.ledger.iter().cloned());
        services.extend(now.services.iter().cloned());
        let mut found = Vec::new();
        for finding in check_rules(&self.rules, &ledger, &services).0 {
            let key = (finding.org_unit.clone(), finding.item.clone(), finding.period);
            let Some(of_line) = now.rows.get(&key) else { continue };
            let status = self.gate.decide(std::slice::from_ref(&finding));
            for row in of_line.iter().filter(|_| status != Status::Accepted) {
                rows.status.set(*row, status);
            }
            found.extend(of_line.first().map(|row| (*row, finding.into_finding())));
        }
        self.last = Some((month, now));
        Ok(found)
    }
}

impl Month {
    fn of(rows: &Rows, terms: &Terms, names: &mut Names) -> Self {
        let mut month = Self::default();
        let mut places: HashMap<Key, (bool, usize)> = HashMap::new();
        let orders = terms.find(TermKind::Disaggregation, ORDERS);
        for row in 0..rows.len() {
            let counts = matches!(rows.status[row], Status::Accepted | Status::Held);
            if !counts || orders == Some(rows.disaggregation[row]) {
                continue;
            }
            let ids = (names.org_unit(rows.org_unit[row], terms), names.item(rows.item[row], terms));
            let (Some(org_unit), Some(mut item)) = ids else { continue };
            let period = rows.period[row];
            let value = rows.value(row, terms).unwrap_or(Value::Missing(MissingReason::NoReport));
            let measure = names.measure(rows.measure[row], terms).clone();
            let element = match &measure {
                Measure::Element(name) if name.is_empty() || **name == *item.as_str() => true,
                Measure::Element(name) => {
                    item = format!("{} {name}", item.as_str()).parse().unwrap_or(item);
                    true
                }
                _ => false,
            };
            let key = (org_unit.clone(), item.clone(), period);
            month.rows.entry(key.clone()).or_default().push(row);
            if element {
                let (_, place) = *places.entry(key).or_insert_with(|| {
                    let value = Value::Reported(Decimal::ZERO);
                    month.services.push(ServiceLine { org_unit, item, period, value, position: 0 });
                    (true, month.services.len() - 1)
                });
                add(&mut month.services[place].value, value);
            } else {
                let (is_element, place) = *places.entry(key).or_insert_with(|| {
                    month.ledger.push(LedgerLine::new(org_unit, item, period));
                    (false, month.ledger.len() - 1)
                });
                if !is_element && let Some(place) = month.ledger[place].value_mut(&measure) {
                    *place = value;
                }
            }
        }
        month
    }
}

/// Adds a part of a count, of one disaggregation. A part that is missing makes the sum missing.
fn add(sum: &mut Value, part: Value) {
    match (sum.reported(), part.reported()) {
        (Some(known), Some(number)) => *sum = Value::Reported(known.saturating_add(number)),
        (Some(_), None) => *sum = part,
        _ => {}
    }
}
