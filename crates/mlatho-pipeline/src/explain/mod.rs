//! Where a number comes from: back to the record in the bytes that arrived, and on to what was delivered.

mod past;
mod raw;

use std::collections::BTreeMap;

use mlatho_model::{Finding, ItemId, Measure, OrgUnitId, Period};
use mlatho_store::{Filter, Receipt, Repository, Rows, Term, TermKind, Terms};
use serde::Serialize;

use crate::PipelineError;
use crate::figures::figures;
use crate::held::id_of;
use crate::names::Names;
use crate::project::Project;
use crate::publish::{Cell, DeliveredValues, targets};

pub use past::{Act, Found, LinkUsed, Version};
pub use raw::Raw;

/// A number, and everything that it is made of.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    pub org_unit: String,
    pub org_unit_name: String,
    pub item: String,
    pub item_name: String,
    pub measure: String,
    pub period: String,
    /// The figure of each split (blank: none), as it is compared and published.
    pub figures: Vec<Explained>,
    /// The rows that the figures are made of, and those that take no part.
    pub rows: Vec<RowExplained>,
    /// What stands of it at targets.
    pub deliveries: Vec<Delivery>,
}

/// A figure after the records were merged.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    pub disaggregation: String,
    /// None where there is no number.
    pub value: Option<String>,
    pub state: String,
}

/// One row of the repository with its lineage.
#[derive(Clone, Debug, Serialize)]
pub struct RowExplained {
    /// Names the line, for `mlatho review`.
    pub line: String,
    pub source: String,
    pub disaggregation: String,
    pub value: Option<String>,
    pub state: String,
    pub status: String,
    /// Why it stands so; blank where nothing is to be said.
    pub reason: String,
    pub unit: String,
    pub day: String,
    /// What arrived.
    pub receipt: ReceiptExplained,
    /// The record within it, and the column.
    pub position: i64,
    pub column: String,
    /// The record as it stands there.
    pub raw: Raw,
    pub source_org_unit: String,
    pub source_item: String,
    /// Version of the mappings, and the links that led here.
    pub crosswalk: String,
    pub links: Vec<LinkUsed>,
    /// The factor by which the reported number was multiplied, or the share and the factor.
    pub unit_rule: String,
    pub period_rule: String,
    pub run: i64,
    /// The source's own version of the record; 0 where it has none.
    pub version: i64,
    /// Everything that arrived for it, oldest first.
    pub versions: Vec<Version>,
    /// What people decided about the line, and asked.
    pub decisions: Vec<Act>,
    pub findings: Vec<Found>,
}

/// Bytes that arrived.
#[derive(Clone, Debug, Serialize)]
pub struct ReceiptExplained {
    /// Their BLAKE3 hash.
    pub id: String,
    pub origin: String,
    pub received_at: String,
    pub bytes: u64,
}

/// A value at a target.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    pub target: String,
    pub data_set: Option<String>,
    pub data_element: String,
    pub org_unit: String,
    pub period: String,
    /// What was delivered; none where nothing stands there from us.
    pub value: Option<String>,
    pub delivered_at: Option<String>,
}

/// Explains a number of the repository.
///
/// # Errors
/// There is no such number, a word is none of its kind, or the repository cannot be read.
pub async fn explain(
    project: &Project,
    repository: &Repository,
    (org_unit, item): (&str, &str),
    measure: &str,
    period: Period,
) -> Result<Explanation, PipelineError> {
    let current = repository.current(None).await?;
    let terms = current.terms();
    let unknown = || {
        let finding = Finding::error("explain-nothing").with("org_unit", org_unit).with("item", item);
        finding.with("measure", measure).with("period", period.to_string())
    };
    let kinds = [(TermKind::OrgUnit, org_unit), (TermKind::Item, item), (TermKind::Measure, measure)];
    let [unit, of_item, of_measure] = kinds.map(|(kind, text)| terms.find(kind, text));
    let (Some(unit), Some(of_item), Some(of_measure)) = (unit, of_item, of_measure) else {
        return Err(unknown().into());
    };
    let month = crate::held::month_of(period).ok_or_else(unknown)?;
    let rows = current.rows(month, &Filter { measures: vec![of_measure], ..Filter::default() })?;
    let own: Vec<usize> = (0..rows.len())
        .filter(|row| (rows.org_unit[*row], rows.item[*row], rows.period[*row]) == (unit, of_item, period))
        .collect();
    if own.is_empty() {
        return Err(unknown().into());
    }
    let receipts: BTreeMap<i32, Receipt> =
        repository.receipts().await?.into_iter().map(|receipt| (receipt.number, receipt)).collect();
    let past = past::Past::read(repository).await?;
    let mut explained = Vec::new();
    for row in &own {
        explained.push(one_row(project, repository, (&rows, *row, terms), &receipts, &past).await?);
    }
    let mut merged = Vec::new();
    figures(&rows, terms, &mut Names::default(), |figure| {
        if (figure.org_unit, figure.item, figure.period) == (unit, of_item, period) {
            merged.push(Explained {
                disaggregation: terms.text(TermKind::Disaggregation, figure.disaggregation).to_owned(),
                value: figure.value.reported().map(|number| number.normalize().to_string()),
                state: figure.value.state().to_string(),
            });
        }
    });
    let name = |kind, id| terms.term(kind, id).map(|term: &Term| term.name.clone()).unwrap_or_default();
    let splits: Vec<String> = merged.iter().map(|figure| figure.disaggregation.clone()).collect();
    Ok(Explanation {
        org_unit: org_unit.to_owned(),
        org_unit_name: name(TermKind::OrgUnit, unit),
        item: item.to_owned(),
        item_name: name(TermKind::Item, of_item),
        measure: measure.to_owned(),
        period: period.to_string(),
        figures: merged,
        rows: explained,
        deliveries: deliveries(project, repository, (org_unit, item), (measure, &splits), period).await?,
    })
}

/// Explains what is delivered as a data element: every number of the repository that goes there, by its item and measure.
///
/// # Errors
/// The target has no such data element, nothing goes there, or the repository cannot be read.
pub async fn explain_delivered(
    project: &Project,
    repository: &Repository,
    target: &str,
    (org_unit, data_element): (&str, &str),
    period: Period,
) -> Result<Vec<Explanation>, PipelineError> {
    let target = project.target(Some(target))?.name.as_str();
    let elements = project.mappings()?.elements;
    let mut all = Vec::new();
    for (item, measure) in elements.leading_to(target, data_element, period.start()) {
        match explain(project, repository, (org_unit, &item), measure.name(), period).await {
            Ok(explanation) => all.push(explanation),
            Err(PipelineError::Person(finding)) if finding.code == "explain-nothing" => {}
            Err(error) => return Err(error),
        }
    }
    if all.is_empty() {
        let finding = Finding::error("explain-no-cell").with("target", target).with("data_element", data_element);
        return Err(finding.with("org_unit", org_unit).with("period", period.to_string()).into());
    }
    Ok(all)
}

async fn one_row(
    project: &Project,
    repository: &Repository,
    (rows, row, terms): (&Rows, usize, &Terms),
    receipts: &BTreeMap<i32, Receipt>,
    past: &past::Past,
) -> Result<RowExplained, PipelineError> {
    let text = |kind, id| terms.text(kind, id).to_owned();
    let lost = || Finding::error("explain-no-receipt").with("receipt", rows.receipt[row].to_string());
    let receipt = receipts.get(&rows.receipt[row]).ok_or_else(lost)?;
    let value = rows.value(row, terms);
    let (source, crosswalk) =
        (text(TermKind::Source, rows.source[row]), text(TermKind::Crosswalk, rows.crosswalk[row]));
    let codes =
        (text(TermKind::SourceOrgUnit, rows.source_org_unit[row]), text(TermKind::SourceItem, rows.source_item[row]));
    let targets = (terms.text(TermKind::OrgUnit, rows.org_unit[row]), terms.text(TermKind::Item, rows.item[row]));
    let line = id_of(rows.record_key[row]);
    let place = raw::Place {
        source: &source,
        receipt,
        position: rows.position[row].unsigned_abs(),
        codes: (&codes.0, &codes.1),
        period: rows.period[row],
    };
    let raw = raw::read(project, repository, &place)?;
    let measure = text(TermKind::Measure, rows.measure[row]);
    let of = past::Of { source: &source, codes: (&codes.0, &codes.1), measure: &measure, period: rows.period[row] };
    Ok(RowExplained {
        raw,
        links: past::links(repository, &crosswalk, &of, targets).await?,
        versions: past.versions(repository, &of, receipts).await?,
        decisions: past.decisions(&line),
        findings: past.findings(receipt, rows.position[row], rows.period[row]),
        line,
        source,
        disaggregation: text(TermKind::Disaggregation, rows.disaggregation[row]),
        value: rows.number(row).map(|number| number.normalize().to_string()),
        state: value.map(|value| value.state().to_string()).unwrap_or_default(),
        status: rows.status[row].to_string(),
        reason: text(TermKind::Reason, rows.reason[row]),
        unit: text(TermKind::Unit, rows.unit[row]),
        day: rows.day(row).to_string(),
        receipt: ReceiptExplained {
            id: receipt.id.to_string(),
            origin: receipt.origin.clone(),
            received_at: receipt.received_at.to_string(),
            bytes: receipt.bytes,
        },
        position: rows.position[row],
        column: text(TermKind::Column, rows.column[row]),
        source_org_unit: codes.0,
        source_item: codes.1,
        crosswalk,
        unit_rule: text(TermKind::UnitRule, rows.unit_rule[row]),
        period_rule: text(TermKind::PeriodRule, rows.period_rule[row]),
        run: rows.run[row],
        version: rows.version[row],
    })
}

/// What stands at the targets that values are delivered to.
async fn deliveries(
    project: &Project,
    repository: &Repository,
    names: (&str, &str),
    (measure, splits): (&str, &[String]),
    period: Period,
) -> Result<Vec<Delivery>, PipelineError> {
    let Ok(measure) = Measure::named(measure) else { return Ok(Vec::new()) };
    if names.0.parse::<OrgUnitId>().is_err() || names.1.parse::<ItemId>().is_err() {
        return Ok(Vec::new());
    }
    let elements = project.mappings()?.elements;
    let mut all = Vec::new();
    for target in targets(project) {
        let delivered = DeliveredValues::load(repository, &target.name).await?;
        for split in splits {
            let Some(cell) = Cell::of(&elements, &target.name, names, (&measure, split), period) else { continue };
            let found = delivered.find(&cell);
            all.push(Delivery {
                target: target.name.clone(),
                data_set: found.map(|found| found.data_set.to_string()),
                data_element: cell.data_element.to_string(),
                org_unit: cell.org_unit.to_string(),
                period: period.to_string(),
                value: found.map(|found| found.value.to_string()),
                delivered_at: found.map(|found| found.at.to_string()),
            });
        }
    }
    Ok(all)
}
