//! Where results and messages go: data to stdout, messages to stderr.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use mlatho_model::{Arg, Decimal, Finding};
use mlatho_pipeline::PipelineError;
use mlatho_text::Texts;

use crate::arguments::{Common, Format};

/// Prints in the person's language and form.
pub(crate) struct Output {
    pub(crate) texts: Texts,
    pub(crate) format: Format,
    quiet: bool,
    reader_left: Cell<bool>,
}

impl Output {
    pub(crate) fn new(texts: Texts, common: &Common) -> Self {
        Self { texts, format: common.format, quiet: common.quiet, reader_left: Cell::new(false) }
    }

    /// Whether progress may be drawn.
    pub(crate) fn is_interactive(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// A message for the person, from the catalogue, unless it is to be quiet.
    pub(crate) fn tell(&self, key: &str, args: &[(&str, Arg)]) {
        if !self.quiet {
            message(&self.texts.say(key, args));
        }
    }

    /// A message that is told even where it is to be quiet.
    pub(crate) fn warn(&self, key: &str, args: &[(&str, Arg)]) {
        message(&self.texts.say(key, args));
    }

    /// One finding as a message: place, severity and text.
    pub(crate) fn show(&self, finding: &Finding) {
        let place = &finding.place;
        let mut parts = Vec::new();
        if !place.file.is_empty() {
            parts.push(place.file.to_string());
        }
        if place.row > 0 {
            parts.push(self.texts.say("cli-row", &[("row", place.row.into())]));
        }
        if !place.column.is_empty() {
            parts.push(self.texts.say("cli-column", &[("column", (&*place.column).into())]));
        }
        let place = if parts.is_empty() { String::new() } else { format!("{}: ", parts.join(", ")) };
        let severity = self.texts.say(&format!("severity-{}", finding.severity), &[]);
        message(&format!("{place}{severity} [{}]: {}", finding.code, self.texts.finding(finding)));
    }

    /// Shows the first findings and says how many more there are.
    pub(crate) fn show_all(&self, findings: &[Finding]) {
        const SHOWN: usize = 20;
        if self.quiet {
            return;
        }
        findings.iter().take(SHOWN).for_each(|finding| self.show(finding));
        if findings.len() > SHOWN {
            self.tell("cli-more-findings", &[("count", (findings.len() - SHOWN).into())]);
        }
    }

    /// Where data goes. Flush it at the end.
    pub(crate) fn stdout(&self) -> BufWriter<Stdout<'_>> {
        BufWriter::new(Stdout { inner: io::stdout().lock(), reader_left: &self.reader_left })
    }

    /// Whether the program that was given our output has closed it: it has seen enough.
    pub(crate) fn reader_left(&self) -> bool {
        self.reader_left.get()
    }

    /// A line of data.
    pub(crate) fn line(&self, text: &str) -> io::Result<()> {
        let mut out = self.stdout();
        writeln!(out, "{text}")?;
        out.flush()
    }

    /// A JSON document.
    pub(crate) fn json(&self, document: &impl serde::Serialize) -> io::Result<()> {
        let mut out = self.stdout();
        serde_json::to_writer_pretty(&mut out, document)?;
        writeln!(out)?;
        out.flush()
    }

    /// A table: aligned text, CSV, or JSON objects by the names of the columns.
    pub(crate) fn table(&self, columns: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
        match self.format {
            Format::Csv => write_csv(self.stdout(), columns, rows),
            Format::Json => {
                let object = |row: &Vec<String>| -> serde_json::Map<String, serde_json::Value> {
                    columns.iter().map(|c| (*c).to_owned()).zip(row.iter().map(|cell| cell.as_str().into())).collect()
                };
                self.json(&rows.iter().map(object).collect::<Vec<_>>())
            }
            Format::Text => self.aligned(columns, rows),
        }
    }

    /// A table for people: titles in their language, columns side by side.
    pub(crate) fn aligned(&self, columns: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
        write_aligned(self.stdout(), &self.titles(columns), rows)
    }

    /// A table that explains what is done, among the messages.
    pub(crate) fn explain(&self, columns: &[&str], rows: &[Vec<String>]) {
        if !self.quiet {
            // Where stderr is closed nobody listens.
            let _ = write_aligned(io::stderr().lock(), &self.titles(columns), rows);
        }
    }

    fn titles(&self, columns: &[&str]) -> Vec<String> {
        columns.iter().map(|column| self.texts.say(&format!("column-{}", column.replace('_', "-")), &[])).collect()
    }
}

/// Standard output that remembers when its reader has gone.
pub(crate) struct Stdout<'a> {
    inner: io::StdoutLock<'static>,
    reader_left: &'a Cell<bool>,
}

impl Stdout<'_> {
    fn seen<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if matches!(&result, Err(error) if error.kind() == io::ErrorKind::BrokenPipe) {
            self.reader_left.set(true);
        }
        result
    }
}

impl Write for Stdout<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes);
        self.seen(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.inner.flush();
        self.seen(flushed)
    }
}

/// A line on stderr; where stderr is closed nobody listens.
fn message(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// A table as CSV.
pub(crate) fn write_csv(out: impl Write, columns: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer.flush()
}

fn write_aligned(mut out: impl Write, titles: &[String], rows: &[Vec<String>]) -> io::Result<()> {
    let is_number = |cell: &String| cell.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '−' | '–'));
    let column = |index: usize| rows.iter().filter_map(move |row| row.get(index));
    let shapes: Vec<(usize, bool)> = (0..titles.len())
        .map(|index| {
            let width = column(index).chain(titles.get(index)).map(|cell| cell.chars().count()).max().unwrap_or(0);
            (width, !rows.is_empty() && column(index).all(is_number))
        })
        .collect();
    for row in std::iter::once(titles).chain(rows.iter().map(Vec::as_slice)) {
        let cells =
            row.iter().zip(&shapes).map(
                |(cell, &(width, numbers))| {
                    if numbers { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
                },
            );
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    out.flush()
}

/// A file that is made whole or not at all: beside its place first, and renamed at the end.
pub(crate) struct NewFile<'a> {
    place: &'a Path,
    part: PathBuf,
}

impl<'a> NewFile<'a> {
    pub(crate) fn beside(place: &'a Path) -> Self {
        let mut name = place.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        Self { place, part: place.with_file_name(name) }
    }

    /// Where to write it.
    pub(crate) fn part(&self) -> &Path {
        &self.part
    }

    /// Puts what was written in its place.
    pub(crate) fn keep(self) -> Result<(), PipelineError> {
        std::fs::rename(&self.part, self.place).map_err(PipelineError::io("writing", self.place))
    }
}

impl Drop for NewFile<'_> {
    /// After [`NewFile::keep`] there is nothing left to remove; and what cannot be removed does no harm.
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.part);
    }
}

/// Writes a file whole or not at all.
pub(crate) fn write_file<T>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<T>,
) -> Result<T, PipelineError> {
    let new = NewFile::beside(path);
    let fill = || {
        let mut out = BufWriter::new(File::create(new.part())?);
        let written = write(&mut out)?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Ok(written)
    };
    let written = fill().map_err(PipelineError::io("writing", path))?;
    new.keep()?;
    Ok(written)
}

/// A decimal as a JSON number.
pub(crate) fn json_number(number: Decimal) -> serde_json::Value {
    number.to_string().parse().unwrap_or_default()
}
