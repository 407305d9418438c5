//! `mlatho verify`, `backup`, `restore` and `tidy`: that nothing of what is kept is lost or changed.

use mlatho_model::Finding;
use mlatho_pipeline::audit;
use mlatho_pipeline::repository::Repository;
use serde_json::json;

use super::{Context, Done, Failure, block_on};
use crate::arguments::{Backup, Format, Restore, Tidy};

/// Reads everything through and says what is broken.
pub(super) fn verify(context: &Context) -> Result<Done, Failure> {
    let project = context.project()?;
    let verified = block_on(async {
        let repository = project.open_repository().await?;
        let verified = audit::verify(&project, &repository).await?;
        repository.close().await?;
        Ok(verified)
    })?;
    let counts = [
        ("entries", verified.entries),
        ("receipts", verified.receipts),
        ("bytes", verified.bytes),
        ("files", verified.files),
        ("runs", verified.runs),
        ("faults", verified.faults.len() as u64),
    ];
    let texts = &context.out.texts;
    if context.out.format == Format::Json {
        let mut told: serde_json::Map<_, _> = counts.iter().map(|(name, n)| ((*name).to_owned(), json!(n))).collect();
        let fault = |finding: &Finding| json!({ "code": finding.code, "message": texts.finding(finding) });
        told.insert("faults".into(), verified.faults.iter().map(fault).collect());
        context.out.json(&told)?;
    } else {
        let row = |(name, count): &(&str, u64)| vec![texts.say(&format!("verify-{name}"), &[]), count.to_string()];
        context.out.table(&["count", "number"], &counts.iter().map(row).collect::<Vec<_>>())?;
    }
    context.report(&verified.faults)?;
    if verified.faults.is_empty() {
        context.out.tell("verify-sound", &[]);
        return Ok(Done::Well);
    }
    Ok(Done::NeedsAPerson)
}

/// Copies the repository into a new folder.
pub(super) fn backup(context: &Context, args: &Backup) -> Result<Done, Failure> {
    let project = context.project()?;
    let made = block_on(async {
        let repository = project.open_repository().await?;
        let made = repository.backup(&args.folder, crate::now().timestamp()).await?;
        repository.close().await?;
        Ok(made)
    })?;
    let folder = args.folder.display().to_string();
    let (files, bytes) = (made.files(), made.bytes());
    context.out.tell("backup-made", &[("folder", folder.into()), ("files", files.into()), ("bytes", bytes.into())]);
    Ok(Done::Well)
}

/// Makes the repository of the project from a copy.
pub(super) fn restore(context: &Context, args: &Restore) -> Result<Done, Failure> {
    let project = context.project()?;
    let url = project.catalogue_url()?;
    let made = block_on(async { Ok(Repository::restore(&args.folder, &project.data_dir(), url.as_deref()).await?) })?;
    let at = made.made_at.to_string();
    context.out.tell("backup-restored", &[("files", made.files().into()), ("at", at.into())]);
    Ok(Done::Well)
}

/// Removes what has been outdated for longer than the project keeps it.
pub(super) fn tidy(context: &Context, args: &Tidy) -> Result<Done, Failure> {
    let project = context.project()?;
    let days = args.keep_days.unwrap_or(project.config().retention.keep_days);
    let now = crate::now().timestamp();
    // A span that goes back before time began keeps everything.
    let span = jiff::SignedDuration::from_hours(24 * i64::from(days));
    let before = now.checked_sub(span).unwrap_or(jiff::Timestamp::MIN);
    let removed = block_on(async {
        let repository = project.open_repository().await?;
        let removed = repository.remove_outdated(before).await?;
        repository.close().await?;
        Ok(removed)
    })?;
    let told = [("files", removed.files.into()), ("bytes", removed.bytes.into()), ("days", days.to_string().into())];
    context.out.tell("tidy-done", &told);
    Ok(Done::Well)
}
