//! `mlatho read FILE`: any supported file as plain rows.

use std::io::Write;
use std::path::Path;

use mlatho_formats::{Format, Layout, rows::RowWriter};
use mlatho_model::{Finding, RecordSink};
use mlatho_pipeline::repository::ParquetRecords;

use super::{Context, Done, Failure, confined, is_parquet, open, outcome, text};
use crate::arguments::Read;
use crate::output::{NewFile, write_file};

/// Columns of a proposed layout that are shown.
const MOST_COLUMNS: usize = 60;

pub(super) fn read(context: &Context, args: &Read) -> Result<Done, Failure> {
    if let (Some(path), true) = (&args.file, args.suggest_layout) {
        return suggest(context, path, args.out.as_deref());
    }
    let (Some(path), Some(name)) = (&args.file, &args.form) else {
        for format in Format::ALL {
            context.out.line(format.name())?;
        }
        return Ok(Done::Well);
    };
    let known = || Format::ALL.iter().map(|known| known.name()).collect::<Vec<_>>().join(", ");
    let format: Format =
        name.parse().map_err(|_| Finding::error("bad-format").with("format", name.as_str()).with("known", known()))?;
    let layout = args.layout.as_deref().map(layout).transpose()?;
    let shown = path.display().to_string();
    let input = open(path)?;
    let fill = |sink: &mut dyn RecordSink| {
        if format.is_confined() {
            confined::read(path, format, args.layout.as_deref(), &shown, sink);
        } else {
            mlatho_formats::read(format, layout.as_ref(), &shown, input, sink);
        }
    };
    let findings = match &args.out {
        None => write_rows(context.out.stdout(), &shown, fill)?,
        Some(out) if is_parquet(out) => write_parquet(out, &shown, fill)?,
        Some(out) => write_file(out, |file| write_rows(file, &shown, fill))?,
    };
    context.report(&findings)?;
    Ok(outcome(&findings))
}

/// Proposes a layout: the file goes to standard output or `--out`, what was understood to the messages.
fn suggest(context: &Context, path: &Path, out: Option<&Path>) -> Result<Done, Failure> {
    let suggestion = mlatho_formats::suggest(&path.display().to_string(), open(path)?)?;
    let columns = suggestion.columns.iter().map(|column| {
        let meaning = if column.meaning.is_empty() { "–".into() } else { column.meaning.clone() };
        vec![column.number.to_string(), column.header.clone(), meaning, column.example.clone()]
    });
    let columns: Vec<Vec<String>> = columns.take(MOST_COLUMNS).collect();
    context.out.explain(&["place", "header", "meaning", "example"], &columns);
    if suggestion.columns.len() > MOST_COLUMNS {
        context.out.tell("read-more-columns", &[("count", (suggestion.columns.len() - MOST_COLUMNS).into())]);
    }
    context.out.tell(
        "read-suggested",
        &[
            ("format", suggestion.format.name().into()),
            ("rows", suggestion.rows.into()),
            ("numbers", suggestion.numbers.into()),
            ("missing", suggestion.missing.into()),
        ],
    );
    match out {
        None => {
            let mut stdout = context.out.stdout();
            stdout.write_all(suggestion.layout.as_bytes())?;
            stdout.flush()?;
        }
        Some(out) => write_file(out, |file| file.write_all(suggestion.layout.as_bytes()))?,
    }
    context.report(&suggestion.findings)?;
    Ok(outcome(&suggestion.findings))
}

fn write_rows(out: impl Write, source: &str, fill: impl FnOnce(&mut dyn RecordSink)) -> std::io::Result<Vec<Finding>> {
    let mut writer = RowWriter::new(out, source);
    fill(&mut writer);
    writer.finish()
}

fn write_parquet(path: &Path, source: &str, fill: impl FnOnce(&mut dyn RecordSink)) -> Result<Vec<Finding>, Failure> {
    let new = NewFile::beside(path);
    let mut findings = Vec::new();
    let mut writer = ParquetRecords::create(new.part(), source, |finding| findings.push(finding))?;
    fill(&mut writer);
    writer.finish()?;
    new.keep()?;
    Ok(findings)
}

pub(super) fn layout(path: &Path) -> Result<Layout, Failure> {
    let bad = |error: mlatho_formats::BadLayout| {
        Finding::error("layout-invalid").in_file(&path.display().to_string()).with("reason", error.to_string())
    };
    Ok(Layout::parse(&text(path)?).map_err(bad)?)
}
