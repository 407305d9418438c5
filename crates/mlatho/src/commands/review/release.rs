//! `mlatho review release`: names the mappings as they are, or lists what was named.

use mlatho_pipeline::release::{release as name_it, releases};

use super::{Context, Done, Failure, deciding, note};
use crate::arguments::{Format, ReviewRelease};

const COLUMNS: [&str; 5] = ["name", "version", "released_at", "released_by", "reason"];

pub(super) fn release(context: &Context, args: &ReviewRelease) -> Result<Done, Failure> {
    let project = context.project()?;
    if let (Some(name), Some(reason)) = (&args.name, &args.reason) {
        let by = deciding(args.by.as_ref())?;
        let made = name_it(&project, name, &by, reason, crate::now().timestamp())?;
        note(&project)?;
        let told = [("name", made.name.as_str().into()), ("version", made.version.as_str().into())];
        context.out.tell("release-made", &told);
        return Ok(Done::Well);
    }
    let all = releases(&project)?;
    if context.out.format == Format::Json {
        context.out.json(&all)?;
        return Ok(Done::Well);
    }
    let rows: Vec<Vec<String>> = all
        .into_iter()
        .map(|one| vec![one.name, one.version, one.released_at.to_string(), one.released_by, one.reason])
        .collect();
    context.out.table(&COLUMNS, &rows)?;
    Ok(Done::Well)
}
