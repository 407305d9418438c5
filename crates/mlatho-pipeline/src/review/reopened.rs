//! Links that were sure until the registers changed, and wait for a person again.

use std::collections::{HashMap, HashSet};

use mlatho_harmonize::Kind;
use mlatho_model::{Decimal, Kind as MeasureKind};
use mlatho_store::{Filter, Reopened, Repository, TermKind};

use crate::PipelineError;
use crate::names::Names;
use crate::project::ProjectMappings;
use crate::status::UnmappedLine;

/// Those of which nothing was decided since, and which still stand.
pub(crate) async fn still_open(
    repository: &Repository,
    mappings: &ProjectMappings,
) -> Result<Vec<Reopened>, PipelineError> {
    let mut reopened = repository.reopened().await?;
    if reopened.is_empty() {
        return Ok(reopened);
    }
    let standing: HashSet<(&str, &str, &str, &str)> = mappings
        .crosswalk
        .links()
        .map(|link| (link.kind.name(), link.source.as_str(), &*link.source_id, &*link.target))
        .collect();
    reopened.retain(|one| {
        let decided = mappings.decisions.iter().any(|decision| {
            let link = &decision.link;
            link.kind.name() == one.kind
                && link.source == one.source
                && *link.source_id == *one.code
                && decision.decided_at > one.at
        });
        !decided && standing.contains(&(one.kind.as_str(), one.source.as_str(), one.code.as_str(), one.target.as_str()))
    });
    Ok(reopened)
}

/// The codes of such links with what they carry: how many current records, and the sum of the absolute values of their
/// flows, in the project's units.
pub(super) async fn lines(
    repository: &Repository,
    mappings: &ProjectMappings,
    open: &[Reopened],
) -> Result<Vec<(Kind, UnmappedLine)>, PipelineError> {
    let mut lines: Vec<(Kind, UnmappedLine)> = Vec::new();
    for one in open {
        let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.name() == one.kind) else { continue };
        let own = mappings.crosswalk.links().filter(|link| link.kind == kind && link.source == one.source);
        let name = own.filter(|link| *link.source_id == *one.code).map(|link| link.source_name.to_string()).last();
        let line = UnmappedLine {
            kind: kind.name(),
            source: one.source.to_string(),
            code: one.code.clone(),
            name: name.unwrap_or_default(),
            records: 0,
            quantity: Decimal::ZERO,
        };
        lines.push((kind, line));
    }
    if lines.is_empty() {
        return Ok(lines);
    }
    let current = repository.current(None).await?;
    let terms = current.terms();
    let mut places: HashMap<(Kind, i32, i32), usize> = HashMap::new();
    for (at, (kind, line)) in lines.iter().enumerate() {
        let code = match kind {
            Kind::OrgUnit => terms.find(TermKind::SourceOrgUnit, &line.code),
            Kind::Item => terms.find(TermKind::SourceItem, &line.code),
        };
        if let Some((source, code)) = terms.find(TermKind::Source, &line.source).zip(code) {
            places.insert((*kind, source, code), at);
        }
    }
    let (mut names, mut counted) = (Names::default(), HashSet::new());
    for month in current.months()? {
        let rows = current.rows(month, &Filter::default())?;
        for row in 0..rows.len() {
            let source = rows.source[row];
            let codes =
                [(Kind::OrgUnit, source, rows.source_org_unit[row]), (Kind::Item, source, rows.source_item[row])];
            for at in codes.iter().filter_map(|code| places.get(code)) {
                let Some((_, line)) = lines.get_mut(*at) else { continue };
                line.records += u64::from(counted.insert((*at, source, rows.record_key[row])));
                let flow = names.measure(rows.measure[row], terms).kind() == MeasureKind::Flow;
                if let Some(number) = rows.number(row).filter(|_| flow) {
                    line.quantity = line.quantity.saturating_add(number.abs());
                }
            }
        }
    }
    Ok(lines)
}
