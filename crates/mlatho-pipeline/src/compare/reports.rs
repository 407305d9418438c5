//! What is known of the stock reports besides their numbers: when they came, what is held, what checks found.

use std::collections::{HashMap, HashSet};

use mlatho_analysis::compare::{Report, Rule};
use mlatho_model::{Decimal, ItemId, Period, Status};
use mlatho_store::{AsOf, Current, Filter, Repository, StoreError, TermKind};

use crate::PipelineError;
use crate::names::Names;

/// The reports of the items of these rules.
pub(super) async fn reports<'a>(
    repository: &Repository,
    current: &Current,
    rules: impl Iterator<Item = &'a Rule>,
    as_of: Option<AsOf>,
) -> Result<Vec<Report>, PipelineError> {
    let entries: Vec<_> = rules.flat_map(|rule| &rule.consumption).collect();
    let items: HashSet<&ItemId> = entries.iter().map(|entry| &entry.item).collect();
    let terms = current.terms();
    let measures: HashSet<i32> =
        entries.iter().filter_map(|entry| terms.find(TermKind::Measure, entry.measure.name())).collect();
    if measures.is_empty() {
        return Ok(Vec::new()); // an empty list of measures would ask for all
    }
    let mut reports = dated(current, &items, measures)?;
    let sql = "SELECT org_unit, item, period, code FROM findings";
    let mut bytes = Vec::new();
    repository.query(sql, as_of).await?.write_csv(&mut bytes).await?;
    let mut by_key: HashMap<(&str, &str, Period), Vec<Box<str>>> = HashMap::new();
    let mut rows = csv::Reader::from_reader(bytes.as_slice());
    let rows: Vec<csv::StringRecord> = rows.records().filter_map(Result::ok).collect();
    for row in &rows {
        let cell = |at: usize| row.get(at).unwrap_or_default();
        if let Ok(period) = cell(2).parse() {
            by_key.entry((cell(0), cell(1), period)).or_default().push(cell(3).into());
        }
    }
    for report in &mut reports {
        let found = by_key.remove(&(report.org_unit.as_str(), report.item.as_str(), report.period));
        report.findings = found.unwrap_or_default();
    }
    Ok(reports)
}

/// When the reports came, and what is held of them. Of several records of one report the last counts.
fn dated(current: &Current, items: &HashSet<&ItemId>, measures: HashSet<i32>) -> Result<Vec<Report>, StoreError> {
    let terms = current.terms();
    let mut names = Names::default();
    let filter = Filter { measures: measures.into_iter().collect(), ..Filter::default() };
    let mut reports: Vec<Report> = Vec::new();
    for month in current.months()? {
        let rows = current.rows(month, &filter)?;
        let mut known: HashMap<(i32, i32, Period), usize> = HashMap::new();
        let mut accepted: HashSet<usize> = HashSet::new();
        for row in 0..rows.len() {
            let status = rows.status[row];
            let Some(item) = names.item(rows.item[row], terms).filter(|item| items.contains(item)) else { continue };
            if !matches!(status, Status::Accepted | Status::Held) {
                continue;
            }
            let key = (rows.org_unit[row], rows.item[row], rows.period[row]);
            let Some(org_unit) = names.org_unit(key.0, terms) else { continue };
            let at = *known.entry(key).or_insert_with(|| {
                reports.push(Report {
                    org_unit,
                    item,
                    period: key.2,
                    days_after_end: None,
                    held: None,
                    findings: Vec::new(),
                });
                reports.len() - 1
            });
            let report = &mut reports[at];
            let days = rows.reported_at(row).and_then(|day| (day - key.2.end()).get_days().into());
            report.days_after_end = report.days_after_end.max(days);
            if status == Status::Held {
                let number = rows.number(row).unwrap_or(Decimal::ZERO);
                report.held = Some(report.held.unwrap_or(Decimal::ZERO).saturating_add(number));
            } else {
                accepted.insert(at);
            }
        }
        // A held record beside an accepted one is its duplicate: the number counts.
        accepted.into_iter().for_each(|at| reports[at].held = None);
    }
    Ok(reports)
}
