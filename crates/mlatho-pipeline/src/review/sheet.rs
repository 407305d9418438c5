//! The queue as a sheet that is filled in elsewhere and brought back.

use std::io::{self, Write};

use jiff::civil::DateTime;
use mlatho_formats::workbook::{Column, Form, Notes, Sheet, write_workbook};
use mlatho_text::Texts;
use xxhash_rust::xxh3::xxh3_64;

use super::queue::Case;
use crate::project::Project;

/// The columns of a sheet: those that are told, and those for the person who decides.
pub const SHEET_COLUMNS: [&str; 22] = [
    "kind",
    "source",
    "source_id",
    "source_name",
    "records",
    "quantity",
    "rank",
    "target",
    "target_name",
    "probability",
    "proposed_factor",
    "rejected",
    "linked",
    "checksum",
    "verdict",
    "relation",
    "share",
    "factor",
    "unit",
    "valid_from",
    "valid_to",
    "reason",
];

/// How many of the columns are told.
const TOLD: usize = 14;

/// Width in characters and form of each of [`SHEET_COLUMNS`]. A share or factor such as `1/3` must stay text, or it
/// becomes the first of March.
const FORMS: [(u16, Form); 22] = [
    (10, Form::Text),
    (12, Form::Text),
    (14, Form::Text),
    (34, Form::Text),
    (9, Form::Number),
    (12, Form::Number),
    (6, Form::Number),
    (14, Form::Text),
    (34, Form::Text),
    (11, Form::Number),
    (24, Form::Text),
    (24, Form::Text),
    (14, Form::Text),
    (19, Form::Text),
    (10, Form::Choice(&["accept", "reject", "none"])),
    (14, Form::Choice(&["equal", "many-to-one", "one-to-many"])),
    (8, Form::Text),
    (10, Form::Text),
    (16, Form::Text),
    (12, Form::Date),
    (12, Form::Date),
    (40, Form::Text),
];

/// The columns that stay in sight: up to the name in the source.
const HELD: u16 = 4;

/// The columns that say what the row is about: the checksum is over these.
pub(super) const PAIR: [&str; 4] = ["kind", "source", "source_id", "target"];

pub(super) fn checksum(pair: [&str; 4]) -> String {
    format!("{:016x}", xxh3_64(pair.join("\u{1f}").as_bytes()))
}

/// A row for each candidate, and one without a target for each code that has none.
#[must_use]
pub fn sheet_rows(cases: &[Case]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for case in cases {
        let row = |rank: usize, told: [&str; 4], rejected: &str| {
            let [target, target_name, probability, factor] = told;
            let mut cells: Vec<String> = [case.kind, &case.source, &case.code, &case.name].map(str::to_owned).into();
            cells.extend([case.records.to_string(), case.quantity.to_string(), rank.to_string()]);
            cells.extend([target, target_name, probability, factor, rejected].map(str::to_owned));
            cells.push(case.linked.clone().unwrap_or_default());
            cells.push(checksum([case.kind, &case.source, &case.code, target]));
            cells.resize(SHEET_COLUMNS.len(), String::new());
            cells
        };
        for (at, candidate) in case.candidates.iter().enumerate() {
            let probability = format!("{:.4}", candidate.probability);
            let factor = candidate.proposed_factor.as_deref().unwrap_or_default();
            let told = [candidate.target.as_str(), &candidate.target_name, &probability, factor];
            rows.push(row(at + 1, told, candidate.rejected.as_deref().unwrap_or_default()));
        }
        if case.candidates.is_empty() {
            rows.push(row(1, [""; 4], ""));
        }
    }
    rows
}

/// Writes the sheet as a workbook, with a second sheet that explains it in the language of the texts.
///
/// # Errors
/// The output cannot be written, or the rows are more than a sheet holds.
pub fn write_sheet(
    out: impl Write + Send,
    cases: &[Case],
    project: &Project,
    texts: &Texts,
    made: DateTime,
) -> io::Result<()> {
    let rows = sheet_rows(cases);
    let say = |key: &str| texts.say(key, &[]);
    let count = [
        ("project", project.config().name.as_str().into()),
        ("day", texts.day(made.date()).into()),
        ("time", made.strftime("%H:%M").to_string().into()),
        ("codes", cases.len().into()),
        ("rows", rows.len().into()),
    ];
    let mut notes = vec![[say("sheet-about"), texts.say("sheet-made", &count)]];
    for part in ["fill", "verdicts", "items", "back"] {
        notes.push([say(&format!("sheet-{part}-title")), say(&format!("sheet-{part}"))]);
    }
    for column in SHEET_COLUMNS {
        notes.push([column.to_owned(), say(&format!("sheet-column-{}", column.replace('_', "-")))]);
    }
    let column = |(at, (name, (width, form)))| Column { name, width, form, to_fill: at >= TOLD };
    let columns: Vec<Column> = SHEET_COLUMNS.into_iter().zip(FORMS).enumerate().map(column).collect();
    let sheet = Sheet { name: &say("sheet-name"), columns: &columns, rows: &rows, held: HELD };
    write_workbook(out, &sheet, &Notes { name: &say("sheet-notes-name"), rows: &notes }, made)
}
