//! `mlatho sql "…"`: read-only SQL over the project's repository.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use mlatho_model::Finding;
use mlatho_pipeline::PipelineError;
use mlatho_pipeline::repository::{Answer, AsOf};

use super::{Context, Done, Failure, block_on, is_parquet};
use crate::arguments::{Format, Sql};
use crate::output::NewFile;

pub(super) fn sql(context: &Context, args: &Sql) -> Result<Done, Failure> {
    let project = context.project()?;
    let as_of = args.as_of.as_deref().map(as_of).transpose()?;
    block_on(async {
        let repository = project.open_repository().await?;
        let answer = repository.query(&args.query, as_of).await?;
        match &args.out {
            Some(path) => write(path, answer).await?,
            None => print(context, answer).await?,
        }
        repository.close().await?;
        Ok(Done::Well)
    })
}

/// A time with its offset, or the version of a table.
fn as_of(text: &str) -> Result<AsOf, Finding> {
    let version = text.parse().map(AsOf::Version);
    version.or_else(|_| text.parse().map(AsOf::Time)).map_err(|_| Finding::error("bad-as-of").with("text", text))
}

async fn print(context: &Context, answer: Answer) -> Result<(), Failure> {
    let mut out = context.out.stdout();
    match context.out.format {
        Format::Text => answer.write_table(&mut out).await?,
        Format::Csv => answer.write_csv(&mut out).await?,
        Format::Json => answer.write_json(&mut out).await?,
    };
    Ok(out.flush()?)
}

async fn write(path: &Path, answer: Answer) -> Result<(), Failure> {
    let new = NewFile::beside(path);
    if is_parquet(path) {
        answer.write_parquet(new.part()).await?;
    } else {
        let file = File::create(new.part()).map_err(PipelineError::io("writing", path))?;
        answer.write_csv(BufWriter::new(file)).await?;
    }
    Ok(new.keep()?)
}
