//! A file read in a process of its own, with limits on memory and time: whatever the file does to its reader, the
//! program goes on.

use std::fs::File;
use std::io::{self, BufReader, BufWriter};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use mlatho_formats::{Ending, Format, LineWriter, read_lines};
use mlatho_model::{Finding, RecordSink};

use super::{Done, Failure, open, read};
use crate::arguments::ReadConfined;

/// Memory for the program itself, and for each byte of the file.
const MEMORY: u64 = 1 << 30;
const MEMORY_FOR_A_BYTE: u64 = 8;
/// Seconds of computing.
const SECONDS: u64 = 600;

/// Reads a file in a process of its own into a sink.
pub(super) fn read(path: &Path, format: Format, layout: Option<&Path>, shown: &str, sink: &mut dyn RecordSink) {
    let ended = start(path, format, layout).and_then(|mut child| {
        let lines = child.stdout.take().map(BufReader::new);
        let ending = lines.map_or(Ending::Cut, |lines| read_lines(shown, lines, sink));
        if ending != Ending::Whole {
            // It may have ended by itself.
            let _ = child.kill();
        }
        child.wait()?;
        Ok(ending)
    });
    let reason = match ended {
        Ok(Ending::Whole | Ending::Stopped) => return,
        Ok(Ending::Cut) => "its reader ended early".to_owned(),
        Err(error) => error.to_string(),
    };
    sink.finding(Finding::error("unreadable").in_file(shown).with("reason", reason));
}

fn start(path: &Path, format: Format, layout: Option<&Path>) -> io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("read-confined").arg("--as").arg(format.name());
    if let Some(layout) = layout {
        command.arg("--layout").arg(layout);
    }
    command.arg("--").arg(path).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()
}

/// Reads a file here, within limits, and writes its lines to standard output.
pub(super) fn read_here(args: &ReadConfined) -> Result<Done, Failure> {
    let unknown = |_| Finding::error("bad-format").with("format", args.form.as_str()).with("known", "");
    let format: Format = args.form.parse().map_err(unknown)?;
    let layout = args.layout.as_deref().map(read::layout).transpose()?;
    let input = open(&args.file)?;
    limit(&input)?;
    let mut lines = LineWriter::new(BufWriter::new(io::stdout().lock()));
    mlatho_formats::read(format, layout.as_ref(), "", input, &mut lines);
    lines.finish()?;
    Ok(Done::Well)
}

/// Takes from this process what reading the file does not need.
#[cfg(unix)]
fn limit(input: &File) -> io::Result<()> {
    use rlimit::{Resource, setrlimit};
    let memory = input.metadata()?.len().saturating_mul(MEMORY_FOR_A_BYTE).saturating_add(MEMORY);
    for (resource, most) in
        [(Resource::AS, memory), (Resource::CPU, SECONDS), (Resource::FSIZE, 0), (Resource::CORE, 0)]
    {
        setrlimit(resource, most, most)?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn limit(_: &File) -> io::Result<()> {
    Ok(())
}
