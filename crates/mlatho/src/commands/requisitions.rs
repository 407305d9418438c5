//! `mlatho publish TARGET` for draft requisitions of OpenLMIS: the difference with the order before and after, and the
//! writing of the very plan that was approved.

use std::path::Path;

use mlatho_model::{Decimal, Severity};
use mlatho_pipeline::audit;
use mlatho_pipeline::publish::PublishProgress;
use mlatho_pipeline::publish::requisitions::{Cell, Publication, Written, plan_for, write};
use mlatho_pipeline::{PipelineError, Project, Target};
use serde_json::json;

use super::publish::say_mappings;
use super::{Context, Done, Failure, block_on};
use crate::arguments::{Format, Publish};
use crate::output::{write_csv, write_file};
use crate::progress::Progress;

/// Lines of the difference that are printed as text.
const SHOWN: usize = 20;

const COLUMNS: [&str; 11] = [
    "kind",
    "reason",
    "program",
    "period",
    "facility",
    "product",
    "column",
    "old",
    "new",
    "order_before",
    "order_after",
];

pub(super) fn publish(context: &Context, project: &Project, target: &Target, args: &Publish) -> Result<Done, Failure> {
    block_on(async {
        let repository = project.open_repository().await?;
        let publication = plan_for(project, &repository, target).await?;
        let written = if args.confirm {
            let progress = Progress::new(&context.out);
            let mut show = |at: PublishProgress| {
                let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
                progress.part("publish-sending", number(at.done), number(at.total));
            };
            let now = crate::now().timestamp();
            let (plan, by) = (args.plan.clone().unwrap_or_default(), crate::user().unwrap_or_default());
            let about = (target.name.as_str(), plan.as_str());
            let planned: serde_json::Map<_, _> =
                counts(&publication).into_iter().map(|(n, c)| (n.into(), json!(c))).collect();
            audit::confirmed(&repository, about, planned.into(), &by, now).await?;
            let sent = write(&publication, &repository, args.plan.as_deref(), now, &mut show).await?;
            let came = json!({ "sent": sent.sent, "confirmed": sent.confirmed });
            audit::delivered(&repository, about, came, &by, crate::now().timestamp()).await?;
            Some(sent)
        } else {
            None
        };
        if let Some(folder) = &args.out {
            to_file(context, &publication, folder)?;
        }
        repository.close().await?;
        report(context, args, &publication, written.as_ref())
    })
}

/// The whole difference as a file, for who approves it; and the ideal stock amounts, for who gives them to OpenLMIS.
fn to_file(context: &Context, publication: &Publication, folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(PipelineError::io("making the folder", folder))?;
    let rows = difference(publication);
    write_file(&folder.join("difference.csv"), |out| write_csv(out, &COLUMNS, &rows))?;
    let ideal_stock = &publication.ideal_stock;
    if ideal_stock.count > 0 {
        let file = folder.join("ideal_stock_amounts.csv");
        write_file(&file, |out| std::io::Write::write_all(out, &ideal_stock.bytes))?;
    }
    let count = 1 + usize::from(ideal_stock.count > 0);
    let folder = folder.display().to_string();
    context.out.tell("publish-files-written", &[("count", count.into()), ("folder", folder.into())]);
    Ok(())
}

/// Line by line: what changes, and what is held back and why.
fn difference(publication: &Publication) -> Vec<Vec<String>> {
    let plan = &publication.plan;
    let changes = plan.changes().map(|change| {
        let kind = if change.old.is_some() { "changed" } else { "new" };
        let numbers = [change.old, Some(change.new), change.before.quantity(), change.after.quantity()];
        row(kind, "", &change.cell, numbers)
    });
    let refused = plan.refused.iter().map(|refused| {
        row("refused", refused.why.code(), &refused.cell, [refused.held, Some(refused.value), None, None])
    });
    changes.chain(refused).collect()
}

fn row(kind: &str, reason: &str, cell: &Cell, numbers: [Option<Decimal>; 4]) -> Vec<String> {
    let (column, period) = (cell.column.to_string(), cell.period.to_string());
    let mut row = vec![kind.to_owned(), reason.to_owned(), cell.program.clone(), period];
    row.extend([cell.facility.clone(), cell.product.clone(), column]);
    row.extend(numbers.map(|number| number.map_or_else(String::new, |number| number.normalize().to_string())));
    row
}

/// How many of each kind, in the order in which they are told.
fn counts(publication: &Publication) -> Vec<(&'static str, u64)> {
    let plan = &publication.plan;
    let changed = plan.changes().filter(|change| change.old.is_some()).count() as u64;
    vec![
        ("new", plan.changes().count() as u64 - changed),
        ("changed", changed),
        ("unchanged", plan.unchanged.len() as u64),
        ("refused", plan.refused.len() as u64),
        ("incomplete", publication.counts.incomplete),
        ("without-facility", publication.counts.without_facility),
        ("ideal-stock", publication.ideal_stock.count),
    ]
}

fn report(
    context: &Context,
    args: &Publish,
    publication: &Publication,
    written: Option<&Written>,
) -> Result<Done, Failure> {
    let out = &context.out;
    let counts = counts(publication);
    match out.format {
        Format::Json => {
            let counts: serde_json::Map<_, _> = counts.iter().map(|(name, n)| ((*name).to_owned(), json!(n))).collect();
            let done = written.map(|written| json!({"sent": written.sent, "confirmed": written.confirmed}));
            let name = &publication.name;
            let cited = &publication.cited;
            out.json(&json!({
                "target": publication.target,
                "plan": name,
                "mappings": cited,
                "counts": counts,
                "delivered": done,
            }))?;
        }
        Format::Csv => out.table(&COLUMNS, &difference(publication))?,
        Format::Text => {
            let rows = counts.iter();
            let rows = rows.map(|(name, n)| vec![out.texts.say(&format!("publish-kind-{name}"), &[]), n.to_string()]);
            out.table(&["values", "number"], &rows.collect::<Vec<_>>())?;
            say_mappings(context, &publication.cited);
            let changes: Vec<Vec<String>> =
                difference(publication).into_iter().take(SHOWN).map(readable(context)).collect();
            if !changes.is_empty() {
                out.line("")?;
                out.table(&COLUMNS, &changes)?;
            }
        }
    }
    let mut findings = publication.findings.clone();
    findings.extend(written.into_iter().flat_map(|written| written.findings.iter().cloned()));
    context.report(&findings)?;
    Ok(conclude(context, args, publication, written))
}

/// The kind in the person's language, and a dash for what is not there.
fn readable(context: &Context) -> impl Fn(Vec<String>) -> Vec<String> {
    |mut row| {
        if let Some(kind) = row.first_mut() {
            *kind = context.out.texts.say(&format!("publish-kind-{kind}"), &[]);
        }
        row.into_iter().map(|cell| if cell.is_empty() { "–".into() } else { cell }).collect()
    }
}

fn conclude(context: &Context, args: &Publish, publication: &Publication, written: Option<&Written>) -> Done {
    let out = &context.out;
    let count = publication.plan.changes().count();
    let args_of = |extra: Vec<(&'static str, mlatho_model::Arg)>| {
        let target = ("target", publication.target.as_str().into());
        [vec![target, ("plan", publication.name.as_str().into())], extra].concat()
    };
    if let Some(written) = written {
        let numbers = vec![("sent", written.sent.into()), ("confirmed", written.confirmed.into())];
        out.tell("requisition-written", &args_of(numbers));
        let doubtful = written.findings.iter().any(|finding| finding.severity > Severity::Info);
        return if doubtful { Done::NeedsAPerson } else { Done::Well };
    }
    let key = match (count, args.dry_run, publication.write) {
        (0, ..) => "publish-nothing-to-send",
        (_, true, _) => "requisition-dry-run",
        (.., true) => "requisition-how-to-write",
        (.., false) => "requisition-plan-only",
    };
    out.tell(key, &args_of(vec![("count", count.into())]));
    Done::Well
}
