//! What the pages show of a project: its comparisons, what needs attention, and how fresh it is.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use mlatho_model::{Finding, OrgUnitId, RunId, Status};
use mlatho_store::{AsOf, Filter, Repository, RunState, StoreError, TermKind, UnmappedKind};
use mlatho_text::Texts;

use crate::compare::{compare_by, load_rules, trend_called, worklist};
use crate::reporting::Reporting;
use crate::stock_status::StockStatus;
use crate::{PipelineError, Project, RuleComparison, WorklistEntry};

/// A project as its last finished run left it.
#[derive(Debug, Default)]
pub struct Overview {
    /// In the order of the rule files.
    pub comparisons: Vec<RuleComparison>,
    /// What is wrong with rule files.
    pub findings: Vec<Finding>,
    /// Over all comparisons.
    pub worklist: Vec<WorklistEntry>,
    /// Nothing before the first run; then there are no comparisons either.
    pub last_run: Option<LastRun>,
    /// How much there is of each product.
    pub stock: StockStatus,
    /// Who reported.
    pub reporting: Reporting,
    /// Numbers that checks hold back.
    pub held: usize,
    pub unmapped_org_units: Unmapped,
    pub unmapped_items: Unmapped,
    /// What a person calls the org units of the comparisons, where that is known.
    names: HashMap<OrgUnitId, String>,
}

/// The last run that came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastRun {
    pub id: RunId,
    pub finished_at: Timestamp,
}

/// Codes of sources without a mapping, and the records under them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unmapped {
    pub codes: usize,
    pub records: u64,
}

impl Overview {
    /// Looks at the project. `before` is given back where neither a run nor a change to the rules came in between.
    ///
    /// # Errors
    /// The rules cannot be listed, or the repository cannot be opened or read. That there is none yet is no error.
    pub async fn take(project: &Project, before: Option<Arc<Self>>) -> Result<Arc<Self>, PipelineError> {
        let (files, findings) = load_rules(project)?;
        let repository = match project.open_repository().await {
            Err(PipelineError::Store(StoreError::NoRepository { .. })) => {
                return Ok(Arc::new(Self { findings, ..Self::default() }));
            }
            opened => opened?,
        };
        let finished = repository.runs().await?.into_iter().filter(|run| run.state == RunState::Finished);
        let last_run =
            finished.filter_map(|run| Some(LastRun { id: run.id, finished_at: run.finished_at? })).next_back();
        let same_rules = |known: &Arc<Self>| {
            let rules = known.comparisons.iter().map(|known| (&known.name, &known.rule));
            known.findings == findings && rules.eq(files.iter().map(|file| (&file.name, &file.rule)))
        };
        if let Some(known) = before.filter(|known| known.last_run == last_run && same_rules(known)) {
            repository.close().await?;
            return Ok(known);
        }
        let mut overview = Self { findings, last_run, ..Self::default() };
        if let Some(last_run) = last_run {
            // A run that is going on now is not looked into.
            let as_of = Some(AsOf::Time(last_run.finished_at));
            overview.comparisons = compare_by(files, &repository, as_of).await?;
            overview.worklist = worklist(&overview.comparisons);
            overview.look_around(project, &repository, as_of).await?;
        }
        repository.close().await?;
        Ok(Arc::new(overview))
    }

    /// Counts what is held and unmapped, and learns the names.
    async fn look_around(
        &mut self,
        project: &Project,
        repository: &Repository,
        as_of: Option<AsOf>,
    ) -> Result<(), PipelineError> {
        let current = repository.current(as_of).await?;
        self.stock = StockStatus::of(&current)?;
        self.reporting = Reporting::of(project, &current)?;
        let held = Filter { statuses: vec![Status::Held], ..Filter::default() };
        for month in current.months()? {
            self.held += current.rows_without_lineage(month, &held)?.len();
        }
        let mut codes: HashMap<(UnmappedKind, String, String), u64> = HashMap::new();
        for row in repository.unmapped().await? {
            *codes.entry((row.kind, row.source.to_string(), row.code)).or_default() += row.records;
        }
        for ((kind, _, _), records) in codes {
            let unmapped = match kind {
                UnmappedKind::OrgUnit => &mut self.unmapped_org_units,
                UnmappedKind::Item => &mut self.unmapped_items,
            };
            unmapped.codes += 1;
            unmapped.records += records;
        }
        let terms = current.terms();
        for row in self.comparisons.iter().flat_map(|comparison| &comparison.rows) {
            if !self.names.contains_key(&row.org_unit)
                && let Some(id) = terms.find(TermKind::OrgUnit, row.org_unit.as_str())
                && let Some(term) = terms.term(TermKind::OrgUnit, id).filter(|term| !term.name.is_empty())
            {
                self.names.insert(row.org_unit.clone(), term.name.clone());
            }
        }
        Ok(())
    }

    /// What a person calls an org unit; its id where nobody said.
    #[must_use]
    pub fn name<'a>(&'a self, org_unit: &'a OrgUnitId) -> &'a str {
        self.names.get(org_unit).map_or(org_unit.as_str(), |name| name)
    }

    /// [`crate::trend`] with the org unit by its name.
    #[must_use]
    pub fn trend(&self, comparison: &RuleComparison, org_unit: Option<&OrgUnitId>, texts: &Texts) -> String {
        trend_called(comparison, org_unit, org_unit.map_or("", |org_unit| self.name(org_unit)), texts)
    }
}
