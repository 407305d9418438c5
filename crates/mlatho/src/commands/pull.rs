//! `mlatho pull`: takes in what changed at the sources, without reading it.

use mlatho_model::Severity;
use mlatho_pipeline::run::pull as pull_sources;

use super::{Context, Done, Failure, block_on, run};
use crate::arguments::{Format, Pull};
use crate::progress::Progress;

pub(super) fn pull(context: &Context, args: &Pull) -> Result<Done, Failure> {
    let project = context.project()?;
    let report = block_on(async {
        let repository = project.make_repository().await?;
        let report = {
            let progress = Progress::new(&context.out);
            let now = crate::now().timestamp();
            pull_sources(&project, &repository, &args.sources, now, &mut |at| run::show(&progress, at)).await?
        };
        repository.close().await?;
        Ok(report)
    })?;
    if context.out.format == Format::Json {
        context.out.json(&report)?;
    } else {
        let row =
            |own: &mlatho_pipeline::run::Pulled| vec![own.name.clone(), own.receipts.to_string(), own.new.to_string()];
        let rows: Vec<Vec<String>> = report.sources.iter().map(row).collect();
        context.out.table(&["source", "receipts", "new"], &rows)?;
        run::drifted(context, report.drift);
    }
    context.report(&report.findings)?;
    let failed = report.findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(if failed { Done::NeedsAPerson } else { Done::Well })
}
