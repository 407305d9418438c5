//! Where results and messages go: data to stdout, messages to stderr.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use mlatho_model::{Arg, Finding};
use mlatho_text::Texts;

use crate::arguments::{Common, Format};

/// Prints in the person's language and form.
pub struct Output {
    pub texts: Texts,
    pub format: Format,
    quiet: bool,
}

impl Output {
    pub fn new(texts: Texts, common: &Common) -> Self {
        Self { texts, format: common.format, quiet: common.quiet }
    }

    /// Whether progress may be drawn.
    pub fn is_interactive(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// A message for the person, from the catalogue, unless it is to be quiet.
    pub fn tell(&self, key: &str, args: &[(&str, Arg)]) {
        if !self.quiet {
            message(&self.texts.say(key, args));
        }
    }

    /// A message that is told even where it is to be quiet.
    pub fn warn(&self, key: &str, args: &[(&str, Arg)]) {
        message(&self.texts.say(key, args));
    }

    /// One finding as a message: place, severity and text.
    pub fn show(&self, finding: &Finding) {
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
    pub fn show_all(&self, findings: &[Finding]) {
        const SHOWN: usize = 20;
        if self.quiet {
            return;
        }
        findings.iter().take(SHOWN).for_each(|finding| self.show(finding));
        if findings.len() > SHOWN {
            self.tell("cli-more-findings", &[("count", (findings.len() - SHOWN).into())]);
        }
    }

    /// A line of data.
    pub fn line(&self, text: &str) -> io::Result<()> {
        writeln!(io::stdout().lock(), "{text}")
    }

    /// A table: aligned text, CSV, or JSON objects by the names of the columns.
    pub fn table(&self, columns: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match self.format {
            Format::Csv => write_csv(&mut out, columns, rows),
            Format::Json => {
                let object = |row: &Vec<String>| -> serde_json::Map<String, serde_json::Value> {
                    columns.iter().map(|c| (*c).to_owned()).zip(row.iter().map(|cell| cell.as_str().into())).collect()
                };
                serde_json::to_writer_pretty(&mut out, &rows.iter().map(object).collect::<Vec<_>>())?;
                writeln!(out)
            }
            Format::Text => {
                let titles: Vec<String> = columns
                    .iter()
                    .map(|column| self.texts.say(&format!("column-{}", column.replace('_', "-")), &[]))
                    .collect();
                write_aligned(&mut out, &titles, rows)
            }
        }
    }
}

/// A line on stderr; where stderr is closed nobody listens.
fn message(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

fn write_csv(out: &mut impl Write, columns: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer.flush()
}

fn write_aligned(out: &mut impl Write, titles: &[String], rows: &[Vec<String>]) -> io::Result<()> {
    let width = |index: usize| {
        let cells = rows.iter().filter_map(|row| row.get(index)).chain(titles.get(index));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..titles.len()).map(width).collect();
    let numeric = |cell: &str| cell.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '–');
    for row in std::iter::once(titles).chain(rows.iter().map(Vec::as_slice)) {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, &width)| if numeric(cell) { format!("{cell:>width$}") } else { format!("{cell:<width$}") });
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

/// Writes a file whole or not at all: beside its place first, then renamed.
pub fn write_file(path: &Path, write: impl FnOnce(&mut io::BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let mut out = io::BufWriter::new(File::create(&part)?);
    write(&mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    std::fs::rename(&part, path)
}
