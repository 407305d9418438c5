//! Import files for a target that cannot be asked: everything that the repository holds for it.

use std::sync::Arc;

use mlatho_formats::dhis2::DataValue;
use mlatho_model::{Decimal, Finding, Measure, Period, Value};
use mlatho_store::{Filter, Repository, TermKind};
use serde::Serialize;

use crate::PipelineError;
use crate::convert::{Delivery, Outlet};
use crate::figures::{HELD, figures};
use crate::intern::QuickMap;
use crate::names::Names;
use crate::project::{Element, Project, Target};
use crate::release::Cited;

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct WrittenCounts {
    /// Figures of stock, each of an org unit, item, measure, split and period.
    pub figures: u64,
    pub values: u64,
    /// Numbers withheld because a part of them is held by the checks.
    pub held: u64,
    /// Numbers that are missing at the source.
    pub missing: u64,
    /// Numbers that no data element of the target is mapped to.
    pub without_element: u64,
    /// Sum over all values.
    pub sum: Decimal,
}

/// The name of the file that says by which mappings the files beside it came about.
pub const MAPPINGS_FILE: &str = "MAPPINGS.txt";

/// Writes all values that a target should hold. Nothing is known of what it holds: the receiver's import decides what
/// is new, and nothing is withdrawn. Identifiers are those of the mapping; blank ones stay blank.
///
/// # Errors
/// No element is mapped for the target, the repository cannot be read, or a file cannot be written.
pub async fn write_all(
    project: &Project,
    repository: &Repository,
    target: &Target,
    delivery: &Delivery,
    findings: &mut Vec<Finding>,
) -> Result<WrittenCounts, PipelineError> {
    let mappings = project.mappings()?;
    findings.extend(mappings.findings.iter().cloned());
    if mappings.elements.len_of(&target.name) == 0 {
        return Err(Finding::error("publish-no-elements").with("target", target.name.as_str()).into());
    }
    let cited = Cited::of(project, repository, &mappings).await?;
    if let Some(refusal) = target.released_only.then(|| cited.refusal(&target.name)).flatten() {
        return Err(refusal.into());
    }
    findings.extend(cited.finding());
    let current = repository.current(None).await?;
    let terms = current.terms();
    let measures = mappings.elements.measures_of(&target.name).filter_map(|m| terms.find(TermKind::Measure, m.name()));
    let mut measures: Vec<i32> = measures.collect();
    measures.sort_unstable();
    measures.dedup();
    let months = if measures.is_empty() { Vec::new() } else { current.months()? };
    let filter = Filter { measures, ..Filter::default() };
    let mut out = Outlet::open(delivery)?;
    let mut counts = WrittenCounts::default();
    let mut names = Names::default();
    // The element of an item, measure and split in a period, looked up once.
    let mut known: QuickMap<(i32, i32, i32, Period), Option<Arc<Element>>> = QuickMap::default();
    for month in months {
        let rows = current.rows_without_lineage(month, &filter)?;
        let mut failure = None;
        figures(&rows, terms, &mut names, |figure| {
            counts.figures += 1;
            let number = match figure.value {
                Value::Reported(number) => number,
                Value::Suppressed(rule) if *rule == *HELD => return counts.held += 1,
                Value::Missing(_) => return counts.missing += 1,
                Value::NotApplicable | Value::Suppressed(_) => return,
            };
            let key = (figure.item, figure.measure, figure.disaggregation, figure.period);
            let element = known.entry(key).or_insert_with(|| {
                let measure = Measure::named(terms.text(TermKind::Measure, figure.measure)).ok()?;
                let split = terms.text(TermKind::Disaggregation, figure.disaggregation);
                let item = terms.text(TermKind::Item, figure.item);
                mappings.elements.find(&target.name, item, &measure, split, figure.period.start()).cloned()
            });
            let Some(element) = element else { return counts.without_element += 1 };
            counts.values += 1;
            counts.sum = counts.sum.saturating_add(number);
            let value = DataValue {
                data_element: &element.data_element,
                category_option_combo: &element.category_option_combo,
                attribute_option_combo: &element.attribute_option_combo,
                org_unit: terms.text(TermKind::OrgUnit, figure.org_unit),
                period: figure.period,
                value: &number.normalize().to_string(),
                comment: "",
                follow_up: false,
                deleted: false,
            };
            if let Err(error) = out.push(&element.data_set, &value) {
                failure = Some(error);
            }
        });
        if let Some(error) = failure {
            return Err(error);
        }
    }
    out.close(findings)?;
    if let Delivery::Files { folder, .. } = delivery {
        let path = folder.join(MAPPINGS_FILE);
        std::fs::write(&path, format!("{}\n", cited.header())).map_err(PipelineError::io("writing", &path))?;
    }
    Ok(counts)
}
