//! `mlatho read FILE`: any supported file as plain rows.

use std::fs::File;
use std::path::Path;

use mlatho_formats::{Format, Layout, rows::RowWriter};
use mlatho_model::{Finding, Severity};

use super::{Context, Done, Failure};
use crate::arguments::Read;
use crate::output::write_file;

pub(super) fn read(context: &Context, args: &Read) -> Result<Done, Failure> {
    let (Some(path), Some(name)) = (&args.file, &args.read_as) else {
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
    let input = File::open(path).map_err(|source| Failure::File { doing: "opening", path: path.clone(), source })?;
    let findings = match &args.out {
        None => {
            let mut writer = RowWriter::new(std::io::stdout().lock(), &shown);
            mlatho_formats::read(format, layout.as_ref(), &shown, input, &mut writer);
            writer.finish()?
        }
        Some(out) => {
            let mut findings = Vec::new();
            write_file(out, |file| {
                let mut writer = RowWriter::new(file, &shown);
                mlatho_formats::read(format, layout.as_ref(), &shown, input, &mut writer);
                findings = writer.finish()?;
                Ok(())
            })
            .map_err(|source| Failure::File { doing: "writing", path: out.clone(), source })?;
            findings
        }
    };
    context.report(&findings)?;
    let whole_file = |finding: &Finding| finding.severity == Severity::Error && finding.place.row <= 1;
    Ok(if findings.iter().any(whole_file) { Done::NeedsAPerson } else { Done::Well })
}

fn layout(path: &Path) -> Result<Layout, Failure> {
    let text = std::fs::read_to_string(path).map_err(|source| Failure::File {
        doing: "reading",
        path: path.into(),
        source,
    })?;
    let bad = |error: mlatho_formats::BadLayout| {
        Finding::error("layout-invalid").in_file(&path.display().to_string()).with("reason", error.to_string())
    };
    Ok(Layout::parse(&text).map_err(bad)?)
}
