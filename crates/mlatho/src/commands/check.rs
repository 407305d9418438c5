//! `mlatho check`: is the project sound, and do its servers answer? Changes nothing.

use mlatho_pipeline::check::{Checked, check as check_project};

use super::{Context, Done, Failure, block_on};
use crate::arguments::Format;

pub(super) fn check(context: &Context) -> Result<Done, Failure> {
    let project = context.project()?;
    let report = block_on(async { Ok(check_project(&project).await) })?;
    let rows: Vec<Vec<String>> = report.checked.iter().map(|checked| row(context, checked)).collect();
    context.out.table(&["part", "name", "outcome", "detail"], &rows)?;
    context.report(&report.findings)?;
    Ok(if report.has_errors() { Done::NeedsAPerson } else { Done::Well })
}

/// Part and outcome are stable names for programs and words for people.
fn row(context: &Context, checked: &Checked) -> Vec<String> {
    let texts = &context.out.texts;
    let (part, outcome) = (checked.part.name(), checked.worst.map_or("ok", |worst| worst.name()));
    let (part, outcome) = match context.out.format {
        Format::Text => {
            (texts.say(&format!("check-part-{part}"), &[]), texts.say(&format!("check-outcome-{outcome}"), &[]))
        }
        _ => (part.to_owned(), outcome.to_owned()),
    };
    let detail = checked.detail.as_ref().map(|(key, args)| texts.say(key, args)).unwrap_or_default();
    vec![part, checked.name.clone(), outcome, detail]
}
