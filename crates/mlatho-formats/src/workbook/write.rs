//! Tables that go out: one sheet to fill in, and beside it a sheet that explains it.

use std::io::{self, Write};

use jiff::civil::DateTime;
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Workbook,
    Worksheet, XlsxError,
};

/// Characters that a cell can hold.
const LONGEST_TEXT: usize = 32_767;
const HEADING: Color = Color::RGB(0x0021_2934);
const TOLD: Color = Color::RGB(0x00f3_f5f7);
const TOLD_TEXT: Color = Color::RGB(0x004a_5768);
const TO_FILL: Color = Color::RGB(0x00ff_f8e1);
const LINE: Color = Color::RGB(0x00e8_edf2);
/// Widths of the two columns of notes, in characters.
const NOTES: [u16; 2] = [24, 100];

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text, whatever it looks like: `007`, `1/3` and `=1+1` stay as they are.
    Text,
    /// Numbers; what is none stays text.
    Number,
    /// Days, shown as `2026-01-31`.
    Date,
    /// One of these, from a list.
    Choice(&'static [&'static str]),
}

/// A column of a sheet.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    /// In characters.
    pub width: u16,
    pub form: Form,
    /// It is for the person who gets the sheet; the others are told, and look so.
    pub to_fill: bool,
}

/// The sheet with the table: its name has at most 31 characters.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    pub name: &'a str,
    pub columns: &'a [Column],
    pub rows: &'a [Vec<String>],
    /// Columns from the left that stay in sight.
    pub held: u16,
}

/// The sheet that explains it, in pairs of a heading and a text.
#[derive(Clone, Copy, Debug)]
pub struct Notes<'a> {
    pub name: &'a str,
    pub rows: &'a [[String; 2]],
}

/// Writes a workbook. Nothing in it is a formula.
///
/// # Errors
/// The output cannot be written, or there are more rows than a sheet holds (1,048,575).
pub fn write_workbook(out: impl Write + Send, sheet: &Sheet<'_>, notes: &Notes<'_>, made: DateTime) -> io::Result<()> {
    save(out, made, |book| {
        table(book.add_worksheet().set_name(sheet.name)?, sheet)?;
        explain(book.add_worksheet().set_name(notes.name)?, notes)
    })
}

/// Writes a workbook of tables that are read only. Nothing in it is a formula.
///
/// # Errors
/// As [`write_workbook`].
pub fn write_sheets(out: impl Write + Send, sheets: &[Sheet<'_>], made: DateTime) -> io::Result<()> {
    save(out, made, |book| sheets.iter().try_for_each(|sheet| table(book.add_worksheet().set_name(sheet.name)?, sheet)))
}

fn save(
    out: impl Write + Send,
    made: DateTime,
    fill: impl FnOnce(&mut Workbook) -> Result<(), XlsxError>,
) -> io::Result<()> {
    let mut book = Workbook::new();
    let write = |book: &mut Workbook| {
        fill(book)?;
        let day = ExcelDateTime::from_ymd(made.year().unsigned_abs(), unsigned(made.month()), unsigned(made.day()))?;
        let made = day.and_hms(made.hour().unsigned_abs().into(), unsigned(made.minute()), 0)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
        book.save_to_writer(out)
    };
    write(&mut book).map_err(|error| match error {
        XlsxError::IoError(error) => error,
        other => io::Error::other(other),
    })
}

fn unsigned(number: i8) -> u8 {
    number.unsigned_abs()
}

fn table(into: &mut Worksheet, sheet: &Sheet<'_>) -> Result<(), XlsxError> {
    let heading = Format::new().set_bold().set_font_color(Color::White).set_background_color(HEADING);
    let last_row = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
    for (at, column) in (0..).zip(sheet.columns) {
        let look = look(column);
        into.set_column_width(at, column.width)?;
        into.write_string_with_format(0, at, column.name, &heading)?;
        for (row, cells) in (1..).zip(sheet.rows) {
            let text = cells.get(usize::from(at)).map(String::as_str).unwrap_or_default();
            match text.parse::<f64>() {
                Ok(number) if column.form == Form::Number => {
                    into.write_number_with_format(row, at, number, &look)?;
                }
                _ if text.is_empty() => {
                    into.write_blank(row, at, &look)?;
                }
                _ => {
                    into.write_string_with_format(row, at, clipped(text), &look)?;
                }
            }
        }
        if let Form::Choice(choices) = column.form
            && last_row > 0
        {
            into.add_data_validation(1, at, last_row, at, &DataValidation::new().allow_list_strings(choices)?)?;
        }
    }
    let last_column = u16::try_from(sheet.columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
    into.ignore_error_range(0, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
    into.autofilter(0, 0, last_row, last_column)?.set_freeze_panes(1, sheet.held)?;
    Ok(())
}

/// How the cells of a column look: grey ones are told, pale yellow ones are to be filled in.
fn look(column: &Column) -> Format {
    let look = Format::new().set_border(FormatBorder::Thin).set_border_color(LINE).set_align(FormatAlign::Top);
    let look = match column.form {
        Form::Text => look.set_num_format("@"),
        Form::Date => look.set_num_format("yyyy-mm-dd"),
        Form::Number | Form::Choice(_) => look,
    };
    if column.to_fill {
        look.set_background_color(TO_FILL)
    } else {
        look.set_background_color(TOLD).set_font_color(TOLD_TEXT)
    }
}

fn explain(into: &mut Worksheet, notes: &Notes<'_>) -> Result<(), XlsxError> {
    let text = Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top);
    let heading = text.clone().set_bold();
    for (at, width) in (0..).zip(NOTES) {
        into.set_column_width(at, width)?;
    }
    for (row, [name, meaning]) in (0..).zip(notes.rows) {
        into.write_string_with_format(row, 0, clipped(name), &heading)?;
        into.write_string_with_format(row, 1, clipped(meaning), &text)?;
    }
    Ok(())
}

fn clipped(text: &str) -> String {
    text.chars().take(LONGEST_TEXT).collect()
}
