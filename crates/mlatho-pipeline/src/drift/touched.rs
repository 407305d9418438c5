//! How many values hang on changes of registers.

use std::collections::{HashMap, HashSet};

use mlatho_harmonize::Kind;
use mlatho_model::Status;
use mlatho_store::{Filter, Repository, TermKind, Terms};

use super::{DriftLine, RegisterDrift};
use crate::PipelineError;
use crate::names::Names;
use crate::project::{Project, ProjectMappings};
use crate::publish::{Cell, DeliveredValues, targets};

/// A record by its terms: the source whose code it is, if it is one, its kind, and the id.
type Record = (Option<i32>, Kind, i32);

/// Fills in the counts of values and cells.
pub(super) async fn count(
    project: &Project,
    repository: &Repository,
    mappings: &ProjectMappings,
    registers: &mut [RegisterDrift],
) -> Result<(), PipelineError> {
    if registers.iter().all(|register| register.changes.iter().all(|line| line.links.is_empty())) {
        return Ok(());
    }
    let current = repository.current(None).await?;
    let terms = current.terms();
    let mut touched: HashMap<Record, Vec<(usize, usize)>> = HashMap::new();
    for (at, register) in registers.iter().enumerate() {
        for (line, change) in register.changes.iter().enumerate().filter(|(_, change)| !change.links.is_empty()) {
            for record in records(register, change, terms) {
                touched.entry(record).or_default().push((at, line));
            }
        }
    }
    let mut delivered = Vec::new();
    for target in targets(project) {
        delivered.push((&target.name, DeliveredValues::load(repository, &target.name).await?));
    }
    let mut cells: HashMap<(usize, usize), HashSet<(usize, Cell)>> = HashMap::new();
    let mut names = Names::default();
    let filter = Filter { statuses: vec![Status::Accepted], ..Filter::default() };
    for month in current.months()? {
        let rows = current.rows(month, &filter)?;
        for row in 0..rows.len() {
            let source = Some(rows.source[row]);
            let of_row = [
                (None, Kind::OrgUnit, rows.org_unit[row]),
                (None, Kind::Item, rows.item[row]),
                (source, Kind::OrgUnit, rows.source_org_unit[row]),
                (source, Kind::Item, rows.source_item[row]),
            ];
            let lines: Vec<(usize, usize)> =
                of_row.iter().filter_map(|key| touched.get(key)).flatten().copied().collect();
            if lines.is_empty() {
                continue;
            }
            let measure = names.measure(rows.measure[row], terms);
            let split = terms.text(TermKind::Disaggregation, rows.disaggregation[row]);
            let unit = terms.text(TermKind::OrgUnit, rows.org_unit[row]);
            let item = terms.text(TermKind::Item, rows.item[row]);
            let at_targets = delivered.iter().enumerate().filter_map(|(at, (target, values))| {
                let cell = Cell::of(&mappings.elements, target, (unit, item), (measure, split), rows.period[row])?;
                values.find(&cell).map(|_| (at, cell))
            });
            let at_targets: Vec<(usize, Cell)> = at_targets.collect();
            for (register, line) in lines {
                if let Some(change) = registers.get_mut(register).and_then(|own| own.changes.get_mut(line)) {
                    change.values += 1;
                }
                cells.entry((register, line)).or_default().extend(&at_targets);
            }
        }
    }
    for ((register, line), cells) in cells {
        if let Some(change) = registers.get_mut(register).and_then(|own| own.changes.get_mut(line)) {
            change.cells = cells.len() as u64;
        }
    }
    Ok(())
}

/// The records that a change names, as far as the repository knows them.
fn records(register: &RegisterDrift, change: &DriftLine, terms: &Terms) -> Vec<Record> {
    let again = (change.change == mlatho_harmonize::matching::Change::Recreated.name()).then_some(&change.is);
    let kinds = match register.kind {
        kind if kind == Kind::OrgUnit.name() => (Kind::OrgUnit, TermKind::OrgUnit, TermKind::SourceOrgUnit),
        _ => (Kind::Item, TermKind::Item, TermKind::SourceItem),
    };
    let (kind, own, of_source) = kinds;
    let record = |id: &String| match &register.source {
        None => Some((None, kind, terms.find(own, id)?)),
        Some(source) => Some((Some(terms.find(TermKind::Source, source)?), kind, terms.find(of_source, id)?)),
    };
    [Some(&change.id), again].into_iter().flatten().filter_map(record).collect()
}
