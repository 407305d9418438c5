//! The tables of the SQL contract, as views over the warehouse and copies of the catalogue.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::datasource::empty::EmptyTable;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::logical_expr::{Expr, ScalarUDF, ident};
use datafusion::prelude::SessionContext;
use mlatho_model::{Severity, Status};
use url::Url;

use super::names;
use crate::catalogue::{Receipt, RunState, TermKind, Terms};
use crate::error::{Result, StoreError};
use crate::repository::{AsOf, Repository};
use crate::warehouse::{DataFile, FINDINGS, LOG, OBSERVATIONS, Table, schema};

/// Columns of numbers, and what the numbers stand for.
const NAMED: [(&str, TermKind); 14] = [
    ("source", TermKind::Source),
    ("org_unit", TermKind::OrgUnit),
    ("item", TermKind::Item),
    ("measure", TermKind::Measure),
    ("disaggregation", TermKind::Disaggregation),
    ("unit", TermKind::Unit),
    ("state", TermKind::State),
    ("column", TermKind::Column),
    ("crosswalk", TermKind::Crosswalk),
    ("unit_rule", TermKind::UnitRule),
    ("period_rule", TermKind::PeriodRule),
    ("source_org_unit", TermKind::SourceOrgUnit),
    ("source_item", TermKind::SourceItem),
    ("reason", TermKind::Reason),
];

/// Makes the functions that name numbers.
struct Namer<'a> {
    terms: &'a Terms,
    receipts: ScalarUDF,
    statuses: ScalarUDF,
    severities: ScalarUDF,
    period: ScalarUDF,
    period_end: ScalarUDF,
}

impl<'a> Namer<'a> {
    fn new(terms: &'a Terms, receipts: &[Receipt]) -> Self {
        let mut hashes: Vec<Option<&str>> = Vec::new();
        for receipt in receipts {
            let number = usize::try_from(receipt.number).unwrap_or(0);
            hashes.resize(hashes.len().max(number + 1), None);
            if let Some(place) = hashes.get_mut(number) {
                *place = Some(receipt.id.as_str());
            }
        }
        let severities = [Severity::Info, Severity::Warning, Severity::Error];
        Self {
            terms,
            receipts: names::text("receipt_hash", hashes),
            statuses: names::text("status_name", Status::ALL.map(|status| Some(status.name()))),
            severities: names::text("severity_name", severities.map(|severity| Some(severity.name()))),
            period: names::period(),
            period_end: names::period_end(),
        }
    }

    fn term(&self, column: &str, kind: TermKind) -> Expr {
        let texts = self.terms.all(kind).iter().map(|term| Some(&*term.text));
        names::text(&format!("{column}_text"), texts).call(vec![ident(column)]).alias(column)
    }

    fn named(&self, columns: &[&str]) -> Vec<Expr> {
        let kind = |column: &str| NAMED.iter().find(|(known, _)| *known == column).map(|(_, kind)| *kind);
        columns.iter().filter_map(|column| Some(self.term(column, kind(column)?))).collect()
    }

    fn periods(&self) -> [Expr; 3] {
        let stored = || vec![ident("period_type"), ident("period_start")];
        [
            self.period.call(stored()).alias("period"),
            ident("period_start"),
            self.period_end.call(stored()).alias("period_end"),
        ]
    }

    fn observations(&self) -> Vec<Expr> {
        let mut columns = self.named(&["source", "org_unit", "item", "measure", "disaggregation"]);
        columns.extend(self.periods());
        columns.push(ident("value"));
        columns.extend(self.named(&["state", "unit"]));
        columns.push(self.statuses.call(vec![ident("status")]).alias("status"));
        columns.push(ident("value_text"));
        columns.push(self.receipts.call(vec![ident("receipt")]).alias("receipt"));
        columns.push(ident("position"));
        columns.extend(self.named(&["column", "crosswalk", "unit_rule", "period_rule"]));
        columns.push(ident("run"));
        columns.extend(self.named(&["source_org_unit", "source_item"]));
        columns.extend([ident("version"), ident("day"), ident("reported_at")]);
        columns.extend(self.named(&["reason"]));
        columns
    }

    fn findings(&self) -> Vec<Expr> {
        let mut columns =
            vec![self.term("code", TermKind::Finding), self.severities.call(vec![ident("severity")]).alias("severity")];
        columns.extend(self.named(&["source", "org_unit", "item", "measure", "disaggregation"]));
        columns.extend(self.periods());
        columns.push(self.receipts.call(vec![ident("receipt")]).alias("receipt"));
        columns.extend([ident("position"), self.term("column", TermKind::Column), ident("args")]);
        columns
    }
}

/// Puts all tables into a session.
pub(super) async fn register(repository: &Repository, context: &SessionContext, as_of: Option<AsOf>) -> Result<()> {
    let warehouse = repository.warehouse(as_of).await?;
    let terms = repository.terms().await?;
    let receipts = repository.receipts().await?;
    let namer = Namer::new(&terms, &receipts);
    let view = |table: &Table, design, name: &'static str, columns: Vec<Expr>| {
        let provider = pinned(&table.files()?, schema(design))?;
        let frame = context.read_table(provider).and_then(|frame| frame.select(columns));
        register_one(context, name, frame.map_err(StoreError::query)?.into_view())
    };
    view(&warehouse.observations, &OBSERVATIONS, "observations", namer.observations())?;
    view(&warehouse.log, &LOG, "observations_log", namer.observations())?;
    view(&warehouse.findings, &FINDINGS, "findings", namer.findings())?;
    for (name, kind) in [("org_units", TermKind::OrgUnit), ("items", TermKind::Item)] {
        batch(context, name, registry(&terms, kind)?)?;
    }
    batch(context, "links", links(repository).await?)?;
    batch(context, "runs", runs(repository).await?)
}

fn register_one(context: &SessionContext, name: &str, table: Arc<dyn TableProvider>) -> Result<()> {
    context.register_table(name, table).map_err(StoreError::query)?;
    Ok(())
}

fn batch(context: &SessionContext, name: &str, batch: RecordBatch) -> Result<()> {
    let frame = context.read_batch(batch).map_err(StoreError::query)?;
    register_one(context, name, frame.into_view())
}

/// A table version as the list of its live files: the fastest way to read it.
fn pinned(files: &[DataFile], schema: SchemaRef) -> Result<Arc<dyn TableProvider>> {
    if files.is_empty() {
        return Ok(Arc::new(EmptyTable::new(schema)));
    }
    let url = |file: &DataFile| {
        let url = Url::from_file_path(&file.path);
        let url = url.map_err(|()| StoreError::damaged(format!("`{}` is no full path", file.path.display())))?;
        ListingTableUrl::parse(url).map_err(StoreError::query)
    };
    let urls = files.iter().map(url).collect::<Result<Vec<_>>>()?;
    let format = ParquetFormat::default().with_enable_pruning(true).with_force_view_types(false);
    let options = ListingOptions::new(Arc::new(format)).with_file_extension(".parquet");
    let config = ListingTableConfig::new_with_multi_paths(urls).with_listing_options(options).with_schema(schema);
    Ok(Arc::new(ListingTable::try_new(config).map_err(StoreError::query)?))
}

fn texts<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn registry(terms: &Terms, kind: TermKind) -> Result<RecordBatch> {
    let known = || terms.all(kind).iter().skip(1); // the empty text is none
    let mapped: BooleanArray = known().map(|term| Some(term.mapped)).collect();
    Ok(RecordBatch::try_from_iter([
        ("id", texts(known().map(|term| &*term.text))),
        ("name", texts(known().map(|term| term.name.as_str()))),
        ("mapped", Arc::new(mapped) as ArrayRef),
    ])?)
}

async fn links(repository: &Repository) -> Result<RecordBatch> {
    let all = repository.catalogue.links().await?;
    let links = || all.iter().map(|(_, link)| link);
    Ok(RecordBatch::try_from_iter([
        ("version", texts(all.iter().map(|(version, _)| version.as_str()))),
        ("kind", texts(links().map(|link| link.kind.as_str()))),
        ("source", texts(links().map(|link| link.source.as_str()))),
        ("source_id", texts(links().map(|link| link.source_id.as_str()))),
        ("source_name", texts(links().map(|link| link.source_name.as_str()))),
        ("target", texts(links().map(|link| link.target.as_str()))),
        ("target_name", texts(links().map(|link| link.target_name.as_str()))),
        ("factor", texts(links().map(|link| link.factor.as_str()))),
        ("unit", texts(links().map(|link| link.unit.as_str()))),
        ("relation", texts(links().map(|link| link.relation.as_str()))),
        ("share", texts(links().map(|link| link.share.as_str()))),
        ("valid_from", texts(links().map(|link| link.valid_from.as_str()))),
        ("valid_to", texts(links().map(|link| link.valid_to.as_str()))),
        ("reason", texts(links().map(|link| link.reason.as_str()))),
    ])?)
}

async fn runs(repository: &Repository) -> Result<RecordBatch> {
    let runs = repository.runs().await?;
    let state = |state: RunState| if state == RunState::Open { "open" } else { "finished" };
    let times = |times: TimestampMicrosecondArray| -> ArrayRef { Arc::new(times.with_timezone("UTC")) };
    let summaries: StringArray = runs.iter().map(|run| run.summary.as_ref().map(ToString::to_string)).collect();
    Ok(RecordBatch::try_from_iter([
        ("id", Arc::new(runs.iter().map(|run| Some(run.id.0)).collect::<Int64Array>()) as ArrayRef),
        ("kind", texts(runs.iter().map(|run| run.kind.as_str()))),
        ("state", texts(runs.iter().map(|run| state(run.state)))),
        ("started_at", times(runs.iter().map(|run| Some(run.started_at.as_microsecond())).collect())),
        ("finished_at", times(runs.iter().map(|run| Some(run.finished_at?.as_microsecond())).collect())),
        ("summary", Arc::new(summaries)),
    ])?)
}
