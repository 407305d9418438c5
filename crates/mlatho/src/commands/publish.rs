//! `mlatho publish TARGET`: the plan and the difference; `--dry-run` asks, `--confirm` sends.

use std::collections::BTreeMap;
use std::path::Path;

use mlatho_formats::dhis2::{AdxWriter, CsvWriter, JsonWriter};
use mlatho_model::{Arg, Finding};
use mlatho_pipeline::audit;
use mlatho_pipeline::publish::{
    Delivered, MAPPINGS_FILE, Publication, PublishProgress, RepositoryLog, Rule, confirm, dry_run, export, plan_for,
    write_all,
};
use mlatho_pipeline::release::Cited;
use mlatho_pipeline::{Delivery, PipelineError, Project, Target};
use serde_json::json;

use super::convert::file_format;
use super::{Context, Done, Failure, block_on, requisitions};
use crate::arguments::{Format, Publish};
use crate::output::write_file;
use crate::progress::Progress;

/// Lines of the difference that are printed as text.
const SHOWN: usize = 20;

pub(super) fn publish(context: &Context, args: &Publish) -> Result<Done, Failure> {
    let project = context.project()?;
    let target = project.target(args.target.as_deref())?;
    let now = crate::now().timestamp();
    if target.is_requisitions() {
        return requisitions::publish(context, &project, target, args);
    }
    if let (None, Some(folder)) = (&target.dhis2, &args.out) {
        return to_files(context, &project, target, folder, args);
    }
    block_on(async {
        let repository = project.open_repository().await?;
        let publication = plan_for(&project, &repository, target, now).await?;
        let progress = Progress::new(&context.out);
        let mut show = |at: PublishProgress| {
            let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
            progress.part("publish-sending", number(at.done), number(at.total));
        };
        let mut log = RepositoryLog::new(&repository, now);
        let delivered = if args.confirm {
            let Publication { client, prepared, .. } = &publication;
            let (plan, by) = (prepared.plan.hash(), crate::user().unwrap_or_default());
            let about = (target.name.as_str(), plan.as_str());
            let planned: serde_json::Map<_, _> =
                counts(&publication).into_iter().map(|(n, c)| (n.into(), json!(c))).collect();
            audit::confirmed(&repository, about, planned.into(), &by, now).await?;
            let sent = confirm(client, &mut log, prepared, &mut show).await.map_err(PipelineError::from)?;
            let came = json!({ "sent": sent.sent, "confirmed": sent.confirmed, "refused": sent.refused.len() });
            audit::delivered(&repository, about, came, &by, crate::now().timestamp()).await?;
            Some(sent)
        } else if args.dry_run {
            let asked = dry_run(&publication.client, &publication.prepared, &mut show).await;
            Some(asked.map_err(PipelineError::from)?)
        } else {
            None
        };
        drop(progress);
        if let Some(folder) = &args.out {
            write_files(context, &publication, folder, args)?;
        }
        repository.close().await?;
        report(context, args, &publication, delivered.as_ref())
    })
}

/// Everything for a target that has no server, as import files.
fn to_files(
    context: &Context,
    project: &Project,
    target: &Target,
    folder: &Path,
    args: &Publish,
) -> Result<Done, Failure> {
    let delivery = Delivery::Files { folder: folder.into(), format: file_format(args.payload) };
    let mut findings = Vec::new();
    let counts = block_on(async {
        let repository = project.open_repository().await?;
        let counts = write_all(project, &repository, target, &delivery, &mut findings).await?;
        repository.close().await?;
        Ok(counts)
    })?;
    context.report(&findings)?;
    if context.out.format == Format::Json {
        context.out.json(&counts)?;
    } else {
        let rows = [("values", counts.values), ("held", counts.held), ("missing", counts.missing)];
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|(name, count)| {
                let key = if *name == "values" { "count-values".to_owned() } else { format!("publish-kind-{name}") };
                vec![context.out.texts.say(&key, &[]), count.to_string()]
            })
            .collect();
        context.out.table(&["values", "number"], &rows)?;
    }
    Ok(Done::Well)
}

/// Writes the values of the plan as import files.
fn write_files(context: &Context, publication: &Publication, folder: &Path, args: &Publish) -> Result<(), Failure> {
    use mlatho_pipeline::FileFormat;
    std::fs::create_dir_all(folder).map_err(PipelineError::io("making the folder", folder))?;
    let plan = &publication.prepared.plan;
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    match file_format(args.payload) {
        FileFormat::Json => {
            let mut sets: BTreeMap<String, JsonWriter> = BTreeMap::new();
            export(plan, |set, value| {
                sets.entry(set.to_owned()).or_insert_with(|| JsonWriter::new(set)).push(value);
                Ok::<_, std::io::Error>(())
            })?;
            files.extend(sets.into_iter().map(|(set, writer)| (format!("{set}.json"), writer.finish())));
        }
        FileFormat::Csv => {
            let mut sets: BTreeMap<String, CsvWriter<Vec<u8>>> = BTreeMap::new();
            export(plan, |set, value| {
                if !sets.contains_key(set) {
                    sets.insert(set.to_owned(), CsvWriter::new(Vec::new())?);
                }
                sets.get_mut(set).map_or(Ok(()), |writer| writer.push(value))
            })?;
            for (set, writer) in sets {
                files.insert(format!("{set}.csv"), writer.into_inner()?);
            }
        }
        FileFormat::Adx => {
            let mut sets: BTreeMap<String, AdxWriter> = BTreeMap::new();
            export(plan, |set, value| sets.entry(set.to_owned()).or_insert_with(|| AdxWriter::new(set)).push(value))?;
            for (set, writer) in sets {
                let mut bytes = Vec::new();
                writer.finish(&mut bytes)?;
                files.insert(format!("{set}.xml"), bytes);
            }
        }
    }
    for (name, bytes) in &files {
        write_file(&folder.join(name), |out| std::io::Write::write_all(out, bytes))?;
    }
    let cited = format!("{}\n", publication.cited.header());
    write_file(&folder.join(MAPPINGS_FILE), |out| std::io::Write::write_all(out, cited.as_bytes()))?;
    let folder = folder.display().to_string();
    context.out.tell("publish-files-written", &[("count", files.len().into()), ("folder", folder.into())]);
    Ok(())
}

/// How many of each kind, in the order in which they are told.
fn counts(publication: &Publication) -> Vec<(&'static str, u64)> {
    let counts = publication.prepared.plan.counts();
    vec![
        ("new", counts.new),
        ("changed", counts.changed),
        ("withdraw", counts.withdraw),
        ("unchanged", counts.unchanged),
        ("conflict", counts.conflicts),
        ("contradiction", counts.contradictions),
        ("blocked", publication.prepared.blocked.len() as u64),
        ("held", publication.counts.held),
        ("missing", publication.counts.missing),
        ("without-element", publication.counts.without_element),
    ]
}

fn report(
    context: &Context,
    args: &Publish,
    publication: &Publication,
    delivered: Option<&Delivered>,
) -> Result<Done, Failure> {
    let out = &context.out;
    let mut findings = publication.prepared.findings.clone();
    findings.extend(blocked(context, publication));
    findings.extend(delivered.into_iter().flat_map(|delivered| refused(context, delivered)));
    let counts = counts(publication);
    match out.format {
        Format::Json => {
            let counts: serde_json::Map<_, _> = counts.iter().map(|(name, n)| ((*name).to_owned(), json!(n))).collect();
            let done = delivered.map(|delivered| {
                json!({
                    "dry_run": !args.confirm,
                    "sent": delivered.sent,
                    "confirmed": delivered.confirmed,
                    "withdrawn": delivered.withdrawn,
                    "refused": delivered.refused.len(),
                    "differing": delivered.differing.len(),
                    "requests": delivered.requests,
                })
            });
            out.json(&json!({
                "target": publication.prepared.target,
                "plan": publication.prepared.plan.hash(),
                "mappings": publication.cited,
                "counts": counts,
                "delivered": done,
            }))?;
        }
        Format::Csv => difference(context, publication, usize::MAX)?,
        Format::Text => {
            let rows: Vec<Vec<String>> = counts
                .iter()
                .map(|(name, count)| vec![out.texts.say(&format!("publish-kind-{name}"), &[]), count.to_string()])
                .collect();
            out.table(&["values", "number"], &rows)?;
            say_mappings(context, &publication.cited);
            if !publication.prepared.plan.is_empty() {
                out.line("")?;
                difference(context, publication, SHOWN)?;
            }
        }
    }
    context.report(&findings)?;
    Ok(conclude(context, args, publication, delivered))
}

/// By which mappings the numbers came about.
pub(super) fn say_mappings(context: &Context, cited: &Cited) {
    let version = ("version", Arg::from(cited.version.as_str()));
    match &cited.release {
        Some(name) => context.out.tell("publish-mappings-released", &[version, ("name", name.as_str().into())]),
        None => context.out.tell("publish-mappings-unreleased", &[version]),
    }
}

/// The difference line by line: what is there, and what is to be there.
fn difference(context: &Context, publication: &Publication, most: usize) -> Result<(), Failure> {
    let cell = |text: Option<Box<str>>| text.map_or_else(|| "–".to_owned(), Into::into);
    let changes = publication.prepared.plan.changes();
    let rows: Vec<Vec<String>> = changes
        .take(most)
        .map(|change| {
            let key = change.key;
            let kind = match context.out.format {
                Format::Text => context.out.texts.say(&format!("publish-kind-{}", change.kind.name()), &[]),
                Format::Csv | Format::Json => change.kind.name().to_owned(),
            };
            vec![
                kind,
                change.data_set.to_string(),
                key.data_element.to_string(),
                key.org_unit.to_string(),
                key.period.to_string(),
                cell(change.old),
                cell(change.new),
            ]
        })
        .collect();
    let columns = ["kind", "data_set", "data_element", "org_unit", "period", "old", "new"];
    Ok(context.out.table(&columns, &rows)?)
}

/// One finding for each rule that keeps values from being sent.
fn blocked(context: &Context, publication: &Publication) -> Vec<Finding> {
    let mut by_rule: BTreeMap<Rule, u64> = BTreeMap::new();
    for blocked in &publication.prepared.blocked {
        *by_rule.entry(blocked.rule).or_default() += 1;
    }
    let engine = publication.client.version().engine();
    let texts = &context.out.texts;
    let finding = |(rule, count): (Rule, u64)| {
        let finding = Finding::warning("publish-blocked").with("count", count);
        finding
            .with("reason", texts.say(&format!("publish-rule-{}", rule.name()), &[]))
            .with("code", rule.code(engine))
            .with("action", texts.say(&format!("publish-action-{}", rule.action().name()), &[]))
    };
    by_rule.into_iter().map(finding).collect()
}

/// A finding for each value that the target did not take, or did not keep.
fn refused(context: &Context, delivered: &Delivered) -> Vec<Finding> {
    let refused = delivered.refused.iter().map(|refused| {
        let key = refused.value.key;
        let finding = Finding::error("publish-refused").with("data_element", key.data_element.as_str());
        let finding = finding.with("org_unit", key.org_unit.as_str()).with("period", key.period.to_string());
        let action = context.out.texts.say(&format!("publish-action-{}", refused.action.name()), &[]);
        finding.with("code", &*refused.code).with("reason", &*refused.message).with("action", action)
    });
    let mut findings: Vec<Finding> = refused.collect();
    if !delivered.differing.is_empty() {
        findings.push(Finding::error("publish-differing").with("count", delivered.differing.len()));
    }
    findings
}

fn conclude(context: &Context, args: &Publish, publication: &Publication, delivered: Option<&Delivered>) -> Done {
    let out = &context.out;
    let target: Arg = publication.prepared.target.as_str().into();
    let Some(delivered) = delivered else {
        if publication.prepared.plan.is_empty() {
            out.tell("publish-nothing-to-send", &[("target", target)]);
        } else {
            out.tell("publish-how-to-send", &[("target", target)]);
        }
        return Done::Well;
    };
    let key = if args.confirm { "publish-done" } else { "publish-dry-run-done" };
    let numbers = [
        ("target", target),
        ("sent", delivered.sent.into()),
        ("confirmed", delivered.confirmed.into()),
        ("withdrawn", delivered.withdrawn.into()),
        ("refused", delivered.refused.len().into()),
    ];
    out.tell(key, &numbers);
    if delivered.refused.is_empty() && delivered.differing.is_empty() { Done::Well } else { Done::NeedsAPerson }
}
