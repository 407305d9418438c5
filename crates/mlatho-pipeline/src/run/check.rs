//! The checks of a month, and what the gate makes of them.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use mlatho_harmonize::Crosswalk;
use mlatho_harmonize::units::{TOLERANCE, suspect};
use mlatho_model::{Arg, Decimal, Factor, Finding, ItemId, Measure, MissingReason, ORDERS, Period, Status, Value};
use mlatho_quality::{
    Context, DaysInMonth, Gate, LedgerLine, QualityFinding, ServiceLine, check_line, check_series, check_services,
};
use mlatho_store::{Column, Filter, RowFinding, Rows, Run, StoreError, TermKind, Terms};

use super::texts::DIVIDED;
use crate::intern::QuickMap;
use crate::names::{Known, Names};
use crate::project::{GateSettings, Source};

/// Months that are looked back on for the report before: back to the start of the last quarter.
pub(super) const LOOK_BACK: usize = 3;

/// One series of reports of a source; of service counts, one for each element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Series {
    source: i32,
    source_org_unit: i32,
    source_item: i32,
    org_unit: i32,
    item: i32,
    disaggregation: i32,
    /// The element of a service count; 0 for a stock report, which has many measures.
    element: i32,
}

/// One report within a series. Rows of the same report stand together in this order.
type ReportKey = (Series, Period, Date, i64, i64);

/// Which record a row is of, and its measure: key, position, receipt, measure.
type RecordRow = (i64, i64, i32, i32);

/// What the next report of a series is compared with: little, for there are as many as series.
#[derive(Clone, Copy, Debug)]
struct Last {
    period: Period,
    closing: Option<Decimal>,
    /// Which of [`FLOWS`] were reported as zero, a bit each.
    zeros: u8,
    position: u64,
}

const FLOWS: [Measure; 4] = [Measure::Received, Measure::Consumed, Measure::Adjustments, Measure::Losses];

/// Judges month after month, in the order of time.
pub(super) struct Checker {
    /// What findings mean, by the terms of the sources.
    gates: HashMap<i32, Gate>,
    today: Date,
    /// How the sources count days, by their terms.
    days: HashMap<i32, DaysInMonth>,
    /// By what factors numbers of an item are wrong when they are counted in another of its units.
    factors: HashMap<ItemId, Vec<Factor>>,
    last: QuickMap<Series, Last>,
    visited: HashSet<Period>,
    /// Unit rules of parts of a line, as far as they were met: such a row was judged with its whole line.
    divided: Known<bool>,
    names: Names,
}

/// What was decided about the rows of a month.
struct Judged {
    findings: Vec<RowFinding>,
    statuses: Column<Status>,
}

impl Checker {
    pub(super) fn new(
        settings: GateSettings,
        today: Date,
        sources: &[Source],
        crosswalk: &Crosswalk,
        terms: &mut Terms,
    ) -> Self {
        let (mut days, mut gates) = (HashMap::new(), HashMap::new());
        for source in sources {
            let term = terms.id(TermKind::Source, source.name.as_str());
            days.insert(term, source.days_in_month.into());
            gates.insert(term, source.gate(settings));
        }
        let (last, visited, divided) = (QuickMap::default(), HashSet::new(), Known::default());
        let factors = crosswalk.unit_factors();
        Self { gates, today, days, factors, last, visited, divided, names: Names::default() }
    }

    /// Takes note of the reports before a month, where this run does not judge their months.
    pub(super) fn look_back(&mut self, run: &mut Run<'_>, month: Period) -> Result<(), StoreError> {
        let before = std::iter::successors(month.previous(), |month| month.previous()).take(LOOK_BACK);
        let before: Vec<Period> = before.collect();
        for month in before.into_iter().rev() {
            if self.visited.insert(month) {
                let rows = run.current(month, &Filter::default())?;
                self.walk(&rows, run.terms(), None);
            }
        }
        Ok(())
    }

    /// Checks the rows of a month and sets their statuses. Rows that are unmapped or rejected stay so.
    pub(super) fn judge(&mut self, month: Period, rows: &mut Rows, terms: &Terms) -> Vec<RowFinding> {
        self.visited.insert(month);
        for row in 0..rows.len() {
            if rows.status[row] == Status::Held && !self.is_divided(rows.unit_rule[row], terms) {
                rows.status.set(row, Status::Accepted); // held by an earlier run: judged anew
            }
        }
        let mut judged = Judged { findings: Vec::new(), statuses: rows.status.clone() };
        self.walk(rows, terms, Some(&mut judged));
        rows.status = judged.statuses;
        judged.findings
    }

    /// Goes through the reports of each org unit, item and start of period, series by series.
    fn walk(&mut self, rows: &Rows, terms: &Terms, mut judged: Option<&mut Judged>) {
        let mut order: Vec<(ReportKey, usize)> = Vec::new();
        let orders = terms.find(TermKind::Disaggregation, ORDERS);
        let mut from = 0;
        while from < rows.len() {
            let head = |row: usize| (rows.item[row], rows.org_unit[row], rows.period[row].start());
            let to = (from + 1..rows.len()).find(|row| head(*row) != head(from)).unwrap_or(rows.len());
            order.clear();
            let mut last = None;
            for row in from..to {
                let counts = matches!(rows.status[row], Status::Accepted | Status::Held);
                if counts && !self.is_divided(rows.unit_rule[row], terms) {
                    // The rows of one record differ in nothing that makes its key, but for the measure.
                    let record = (rows.record_key[row], rows.position[row], rows.receipt[row], rows.measure[row]);
                    let key = match last {
                        Some((known, key)) if self.is_of_report(known, record, terms) => key,
                        _ => self.report_key(rows, row, terms),
                    };
                    last = Some((record, key));
                    order.push((key, row));
                }
            }
            order.sort_unstable();
            let mut before: Option<(ReportKey, LedgerLine)> = None;
            for report in order.chunk_by(|one, next| one.0 == next.0) {
                let Some((key, first)) = report.first() else { continue };
                // A period may have any number of orders and emergency requisitions: each stands for itself.
                let alone = orders == Some(key.0.disaggregation);
                if key.0.element == 0 {
                    let Some(line) = self.ledger_line(rows, report, terms) else { continue };
                    if alone || line.counts_no_stock() {
                        self.order(key, &line, report, (&rows.measure, terms), judged.as_deref_mut());
                        continue;
                    }
                    let previous = before.as_ref().filter(|(before, _)| before.0 == key.0);
                    let of_rows = (&rows.measure, terms);
                    self.stock_report(key, &line, previous, report, of_rows, judged.as_deref_mut());
                    before = Some((*key, line));
                } else if let Some(judged) = judged.as_deref_mut() {
                    let number = rows.value(*first, terms);
                    let twin = order.iter().filter(|_| !alone).find(|(other, row)| {
                        (other.0, other.1, other.2) == (key.0, key.1, key.2) && row != first && other.3 <= key.3
                    });
                    let twin = twin.map(|(other, row)| (other.3, rows.value(*row, terms)));
                    self.service_count(key, number, twin, (*first, terms), judged);
                }
            }
            from = to;
        }
    }

    /// Whether a unit rule is that of a part.
    pub(super) fn is_divided(&mut self, rule: i32, terms: &Terms) -> bool {
        *self.divided.get(rule, || terms.text(TermKind::UnitRule, rule).contains(DIVIDED))
    }

    /// Whether a row belongs to the same stock report as another one.
    fn is_of_report(&mut self, known: RecordRow, row: RecordRow, terms: &Terms) -> bool {
        let element = |names: &mut Names, row: RecordRow| matches!(names.measure(row.3, terms), Measure::Element(_));
        (known.0, known.1, known.2) == (row.0, row.1, row.2)
            && !element(&mut self.names, known)
            && !element(&mut self.names, row)
    }

    fn report_key(&mut self, rows: &Rows, row: usize, terms: &Terms) -> ReportKey {
        let measure = rows.measure[row];
        let element = matches!(self.names.measure(measure, terms), Measure::Element(_));
        let series = Series {
            source: rows.source[row],
            source_org_unit: rows.source_org_unit[row],
            source_item: rows.source_item[row],
            org_unit: rows.org_unit[row],
            item: rows.item[row],
            disaggregation: rows.disaggregation[row],
            element: if element { measure } else { 0 },
        };
        (series, rows.period[row], rows.day(row), rows.position[row], rows.record_key[row])
    }

    /// The numbers of one stock report. Nothing, where its ids are none.
    fn ledger_line(&mut self, rows: &Rows, report: &[(ReportKey, usize)], terms: &Terms) -> Option<LedgerLine> {
        let ((series, period, _, position, _), _) = report.first()?;
        let org_unit = self.names.org_unit(series.org_unit, terms)?;
        let item = self.names.item(series.item, terms)?;
        let mut line = LedgerLine::new(org_unit, item, *period);
        line.position = position.unsigned_abs();
        line.reported_at = rows.reported_at(report.first()?.1);
        for (_, row) in report {
            let measure = self.names.measure(rows.measure[*row], terms);
            if let Some(place) = line.value_mut(measure) {
                *place = rows.value(*row, terms).unwrap_or(Value::Missing(MissingReason::NoReport));
            }
        }
        Some(line)
    }

    fn stock_report(
        &mut self,
        key: &ReportKey,
        line: &LedgerLine,
        previous: Option<&(ReportKey, LedgerLine)>,
        report: &[(ReportKey, usize)],
        (measures, terms): (&Column<i32>, &Terms),
        judged: Option<&mut Judged>,
    ) {
        let (series, period, day, ..) = *key;
        let before = self.last.insert(series, Last::of(line));
        let Some(judged) = judged else { return };
        let mut found = Vec::new();
        check_line(line, self.context(series.source), &mut found);
        match previous {
            Some(((_, earlier, earlier_day, ..), previous)) => {
                // Counts on several days of one period are parts of it, no duplicates.
                if *earlier != period || *earlier_day == day {
                    check_series(previous, line, &mut found);
                }
            }
            None => {
                if let Some(before) = before {
                    check_series(&before.line(line), line, &mut found);
                }
            }
        }
        let rows: Vec<usize> = report.iter().map(|(_, row)| *row).collect();
        let wrong_unit = self.wrong_unit(&found);
        self.decide(found, (series.source, &rows), Some(measures), terms, judged);
        let row = rows.first().copied();
        judged.findings.extend(row.zip(wrong_unit));
    }

    /// Whether a balance that does not go on from the one before is about a known factor away from it.
    fn wrong_unit(&self, found: &[QualityFinding]) -> Option<Finding> {
        let broken = found.iter().find(|finding| finding.code == "opening-not-previous-closing")?;
        let known = self.factors.get(&broken.item)?;
        let suspicion = suspect(broken.value?, broken.expected?, known, TOLERANCE)?;
        let finding = suspicion.finding().with("org_unit", broken.org_unit.as_str()).with("item", broken.item.as_str());
        Some(finding.with("period", broken.period.to_string()))
    }

    /// Judges an order by itself.
    fn order(
        &self,
        key: &ReportKey,
        line: &LedgerLine,
        report: &[(ReportKey, usize)],
        (measures, terms): (&Column<i32>, &Terms),
        judged: Option<&mut Judged>,
    ) {
        let Some(judged) = judged else { return };
        let mut found = Vec::new();
        check_line(line, self.context(key.0.source), &mut found);
        let rows: Vec<usize> = report.iter().map(|(_, row)| *row).collect();
        self.decide(found, (key.0.source, &rows), Some(measures), terms, judged);
    }

    fn service_count(
        &mut self,
        key: &ReportKey,
        value: Option<Value>,
        twin: Option<(i64, Option<Value>)>,
        (row, terms): (usize, &Terms),
        judged: &mut Judged,
    ) {
        let (series, period, _, position, _) = *key;
        let negative = value.as_ref().and_then(Value::reported).is_some_and(|number| number < Decimal::ZERO);
        if !negative && twin.is_none() && period.start() <= self.today {
            return;
        }
        let ids = (self.names.org_unit(series.org_unit, terms), self.names.item(series.item, terms));
        let (Some(org_unit), Some(item)) = ids else { return };
        let line = |position: i64, value: Option<Value>| ServiceLine {
            org_unit: org_unit.clone(),
            item: item.clone(),
            period,
            value: value.unwrap_or(Value::Missing(MissingReason::NoReport)),
            position: position.unsigned_abs(),
        };
        let context = self.context(series.source);
        let mut found = check_services(&mut [line(position, value.clone())], context);
        if let Some((first, number)) = twin {
            let both = check_services(&mut [line(first, number), line(position, value)], context);
            found.extend(both.into_iter().filter(|finding| finding.code == "duplicate-report"));
        }
        self.decide(found, (series.source, &[row]), None, terms, judged);
    }

    fn context(&self, source: i32) -> Context {
        Context { today: self.today, days_in_month: self.days.get(&source).copied().unwrap_or_default() }
    }

    /// Sets the statuses of a report's rows, and keeps each finding with the row that it speaks of.
    fn decide(
        &self,
        found: Vec<QualityFinding>,
        (source, rows): (i32, &[usize]),
        measures: Option<&Column<i32>>,
        terms: &Terms,
        judged: &mut Judged,
    ) {
        if found.is_empty() {
            return;
        }
        let gate = self.gates.get(&source).copied().unwrap_or_default();
        let status = gate.decide(&found);
        for row in rows {
            judged.statuses.set(*row, status);
        }
        for finding in found {
            let about = finding.evidence.iter().find(|(name, _)| *name == "measure");
            let measure = about.and_then(|(_, value)| match value {
                Arg::Text(name) => terms.find(TermKind::Measure, name),
                Arg::Number(_) => None,
            });
            let named = rows
                .iter()
                .find(|row| measure.is_some() && measures.and_then(|measures| measures.get(**row)) == measure);
            if let Some(row) = named.or(rows.first()) {
                judged.findings.push((*row, finding.into_finding()));
            }
        }
    }
}

impl Last {
    fn of(line: &LedgerLine) -> Self {
        let flows = [&line.received, &line.consumed, &line.adjustments, &line.losses];
        let zero = |value: &Value| value.reported().is_some_and(|number| number.is_zero());
        let zeros = flows.iter().enumerate().filter(|(_, value)| zero(value)).map(|(place, _)| 1 << place).sum();
        Self { period: line.period, closing: line.closing_balance.reported(), zeros, position: line.position }
    }

    /// The report as far as it is remembered, of the series of another line.
    fn line(&self, of: &LedgerLine) -> LedgerLine {
        let mut line = LedgerLine::new(of.org_unit.clone(), of.item.clone(), self.period);
        line.position = self.position;
        if let Some(closing) = self.closing {
            line.closing_balance = Value::Reported(closing);
        }
        for (_, flow) in FLOWS.iter().enumerate().filter(|(place, _)| self.zeros & (1 << place) != 0) {
            if let Some(value) = line.value_mut(flow) {
                *value = Value::Reported(Decimal::ZERO);
            }
        }
        line
    }
}
