//! Excel workbooks by a layout.

use std::io::{BufReader, Read, Seek};

use calamine::{Data, DataRef, Reader, Xlsx};
use mlatho_model::{Finding, RecordSink};

use crate::layout::Layout;
use crate::table::{Cells, Plan, RowReader};
use crate::unreadable;

/// Sheets wider than this are no tables; what lies beyond is left out and told.
const MOST_COLUMNS: usize = 4_000;

pub(crate) fn read<R: Read + Seek>(layout: Option<&Layout>, file: &str, input: R, sink: &mut dyn RecordSink) {
    let mut book: Xlsx<_> = match Xlsx::new(BufReader::new(input)) {
        Ok(book) => book,
        Err(error) => return sink.finding(unreadable(file, 0, &error)),
    };
    let sheets = book.sheet_names();
    let Some(layout) = layout else {
        return sink.finding(Finding::error("layout-needed").in_file(file).with("found", sheets.join(", ")));
    };
    let wanted = layout.sheet.as_deref().or(sheets.first().map(String::as_str)).unwrap_or_default().to_owned();
    let Some(sheet) = sheets.iter().find(|sheet| sheet.trim() == wanted.trim()) else {
        let finding = Finding::error("missing-sheet").in_file(file).with("sheet", wanted);
        return sink.finding(finding.with("found", sheets.join(", ")));
    };
    match book.worksheet_cells_reader(sheet) {
        Ok(mut cells) => {
            let mut rows = Rows { next: None, width: 0 };
            by_layout(layout, file, &mut || rows.read(&mut || cells.next_cell().map_err(|e| e.to_string())), sink);
        }
        Err(error) => sink.finding(unreadable(file, 0, &error)),
    }
}

/// A row of a sheet, its number from 1.
struct Row {
    number: u64,
    cells: Vec<String>,
}

impl Cells for Row {
    fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", |text| text.trim())
    }

    fn len(&self) -> usize {
        self.cells.len()
    }
}

/// Gathers cells, which come one by one in the order of rows, into rows.
struct Rows {
    next: Option<(u32, usize, String)>,
    width: usize,
}

type NextCell<'a, 'b> = &'a mut dyn FnMut() -> Result<Option<calamine::Cell<DataRef<'b>>>, String>;

impl Rows {
    fn read(&mut self, next_cell: NextCell<'_, '_>) -> Result<Option<Row>, String> {
        let mut row: Option<Row> = None;
        let mut current = 0;
        loop {
            let (at, column, text) = match self.next.take() {
                Some(held) => held,
                None => match next_cell()? {
                    Some(cell) => {
                        let (row, column) = cell.get_position();
                        (row, column as usize, text_of(cell.get_value()))
                    }
                    None => return Ok(row),
                },
            };
            if row.is_some() && at != current {
                self.next = Some((at, column, text));
                return Ok(row);
            }
            current = at;
            let row =
                row.get_or_insert_with(|| Row { number: u64::from(at) + 1, cells: Vec::with_capacity(self.width) });
            if column < MOST_COLUMNS {
                if row.cells.len() <= column {
                    row.cells.resize(column + 1, String::new());
                }
                row.cells[column] = text;
                self.width = self.width.max(row.cells.len());
            }
        }
    }
}

fn by_layout(
    layout: &Layout,
    file: &str,
    next: &mut dyn FnMut() -> Result<Option<Row>, String>,
    sink: &mut dyn RecordSink,
) {
    let mut next = |sink: &mut dyn RecordSink| match next() {
        Ok(row) => row,
        Err(error) => {
            sink.finding(unreadable(file, 0, &error));
            None
        }
    };
    let mut header = Vec::new();
    let mut row = next(sink);
    while header.len() < usize::from(layout.header_rows) {
        let Some(found) = row else { break };
        header.push(found.cells);
        row = next(sink);
    }
    let width = header.iter().map(Vec::len).max().unwrap_or(0).max(row.as_ref().map_or(0, |row| row.cells.len()));
    let mut findings = Vec::new();
    let plan = Plan::new(layout, &header, width, file, &mut findings);
    findings.into_iter().for_each(|finding| sink.finding(finding));
    let Some(plan) = plan else { return };
    let mut rows = RowReader::new(&plan, layout, file);
    while let Some(found) = row {
        if rows.read(found.number, &found, sink).is_break() {
            return;
        }
        row = next(sink);
    }
}

/// A cell as text: numbers as short as they read back, dates as ISO dates.
fn text_of(value: &DataRef<'_>) -> String {
    match Data::from(value.clone()) {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text,
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(truth) => truth.to_string(),
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::Error(error) => error.to_string(),
    }
}
