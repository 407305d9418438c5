//! Excel workbooks by a layout.

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::rc::Rc;

use calamine::{Data, DataRef, Dimensions, Reader, Xlsx};
use mlatho_model::{Finding, RecordSink};

use crate::csv_file::NumberedRows;
use crate::guard::guarded;
use crate::input::{ALWAYS_UNPACKED, MOST_TIMES};
use crate::layout::Layout;
use crate::table::{Cells, Head, Plan, RowReader};
use crate::unreadable;

/// Sheets wider than this are no tables; what lies beyond is left out and told.
const MOST_COLUMNS: usize = 4_000;

/// What a workbook may hold unpacked, and in how many parts.
const MOST_UNPACKED: u128 = 4 << 30;
const MOST_PARTS: usize = 10_000;

/// Opens a workbook, but not one that would fill the memory when it is unpacked.
pub(crate) fn open<R: Read + Seek>(mut input: R) -> Result<Xlsx<BufReader<R>>, String> {
    let length = input.seek(SeekFrom::End(0)).and_then(|length| input.rewind().map(|()| length));
    let length = u128::from(length.map_err(|error| error.to_string())?);
    let mut archive = zip::ZipArchive::new(BufReader::new(&mut input)).map_err(|error| error.to_string())?;
    let sizes = (0..archive.len().min(MOST_PARTS)).map(|part| archive.by_index_raw(part).map(|part| part.size()));
    let unpacked: u128 = sizes.map(|size| size.map_or(u128::MAX >> 16, u128::from)).sum();
    let too_large =
        unpacked > MOST_UNPACKED || unpacked > (length * u128::from(MOST_TIMES)).max(ALWAYS_UNPACKED.into());
    if too_large || archive.len() > MOST_PARTS {
        return Err(format!("{length} bytes unpack to {unpacked} in {} parts", archive.len()));
    }
    input.rewind().map_err(|error| error.to_string())?;
    guarded(|| Xlsx::new(BufReader::new(input)))
}

pub(crate) fn read<R: Read + Seek>(layout: Option<&Layout>, file: &str, input: R, sink: &mut dyn RecordSink) {
    let mut book = match open(input) {
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
    let merged = Merged::of(&mut book, sheet);
    match guarded(|| book.worksheet_cells_reader(sheet)) {
        Ok(mut cells) => {
            let mut rows = Rows { merged, ..Rows::default() };
            by_layout(layout, file, &mut || rows.read(&mut || guarded(|| cells.next_cell())), sink);
        }
        Err(error) => sink.finding(unreadable(file, 0, &error)),
    }
}

/// The first sheet that has any rows, and the first of them with their numbers; names in merged cells are filled in.
pub(crate) fn sample_rows<R: Read + Seek>(input: &mut R, most: usize) -> Result<(String, NumberedRows), String> {
    let mut book = open(input)?;
    let sheets = book.sheet_names();
    for sheet in &sheets {
        let mut rows = Rows { merged: Merged::of(&mut book, sheet), ..Rows::default() };
        let mut cells = guarded(|| book.worksheet_cells_reader(sheet))?;
        let mut found = Vec::new();
        while found.len() < most
            && let Ok(Some(row)) = rows.read(&mut || guarded(|| cells.next_cell()))
        {
            // Cells that are merged to the right keep their gaps, which tell how a header is made.
            let row = Row { merged: row.merged.into_iter().filter(|merged| merged.from_above).collect(), ..row };
            found.push((row.number, row.labels()));
        }
        if !found.is_empty() {
            return Ok((sheet.clone(), found));
        }
    }
    Ok((sheets.first().cloned().unwrap_or_default(), Vec::new()))
}

/// A row of a sheet, its number from 1.
pub(crate) struct Row {
    pub(crate) number: u64,
    pub(crate) cells: Vec<String>,
    /// Texts of merged cells that reach into the row, by column.
    merged: Vec<MergedText>,
}

/// The text of a merged cell in one of its columns.
struct MergedText {
    column: usize,
    text: Rc<str>,
    /// The cell begins in a row above.
    from_above: bool,
}

impl Cells for Row {
    fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", |text| text.trim())
    }

    fn len(&self) -> usize {
        self.cells.len()
    }

    fn label(&self, at: usize) -> &str {
        match self.cell(at) {
            "" => self.merged.iter().find(|merged| merged.column == at).map_or("", |merged| merged.text.trim()),
            text => text,
        }
    }
}

impl Row {
    /// The texts of all columns, merged cells filled.
    fn labels(&self) -> Vec<String> {
        let width = self.merged.iter().map(|merged| merged.column + 1).max().unwrap_or(0).max(self.cells.len());
        (0..width).map(|at| self.label(at).to_owned()).collect()
    }
}

/// More merged cells than this are those of a drawing, not of a table.
const MOST_MERGED: usize = 20_000;

/// The merged cells of a sheet, and the texts of those that reach below the row at hand.
#[derive(Default)]
struct Merged {
    /// In the order of their first rows, the last one first.
    regions: Vec<Dimensions>,
    open: Vec<(Dimensions, Rc<str>)>,
}

impl Merged {
    fn of<R: Read + Seek>(book: &mut Xlsx<R>, sheet: &str) -> Self {
        let mut regions = guarded(|| book.merge_cells_by_sheet_name(sheet)).unwrap_or_default();
        regions.truncate(MOST_MERGED);
        regions.sort_unstable_by_key(|region| std::cmp::Reverse(region.start));
        Self { regions, open: Vec::new() }
    }

    /// The texts of merged cells in a row, by column.
    fn in_row(&mut self, row: u32, cells: &[String]) -> Vec<MergedText> {
        self.open.retain(|(region, _)| region.end.0 >= row);
        while let Some(region) = self.regions.pop_if(|region| region.start.0 <= row) {
            let text = cells.get(region.start.1 as usize).map(|text| text.trim()).unwrap_or_default();
            if region.start.0 == row && !text.is_empty() {
                self.open.push((region, text.into()));
            }
        }
        let texts = self.open.iter().flat_map(|(region, text)| {
            let columns = region.start.1 as usize..=(region.end.1 as usize).min(MOST_COLUMNS);
            let from_above = region.start.0 < row;
            columns.map(move |column| MergedText { column, text: Rc::clone(text), from_above })
        });
        texts.take(MOST_COLUMNS).collect()
    }
}

/// Gathers cells, which come one by one in the order of rows, into rows.
#[derive(Default)]
pub(crate) struct Rows {
    next: Option<(u32, usize, String)>,
    width: usize,
    merged: Merged,
    /// The reader may not be asked again after it has given its last cell.
    ended: bool,
}

type NextCell<'a, 'b> = &'a mut dyn FnMut() -> Result<Option<calamine::Cell<DataRef<'b>>>, String>;

impl Rows {
    /// The next row that has a cell.
    pub(crate) fn read(&mut self, next_cell: NextCell<'_, '_>) -> Result<Option<Row>, String> {
        let mut row = self.gather(next_cell)?;
        if let Some(row) = &mut row {
            row.merged = self.merged.in_row(u32::try_from(row.number - 1).unwrap_or(u32::MAX), &row.cells);
        }
        Ok(row)
    }

    fn gather(&mut self, next_cell: NextCell<'_, '_>) -> Result<Option<Row>, String> {
        let mut row: Option<Row> = None;
        let mut current = 0;
        loop {
            let (at, column, text) = match self.next.take() {
                Some(held) => held,
                None if self.ended => return Ok(row),
                None => {
                    let Some(cell) = next_cell()? else {
                        self.ended = true;
                        return Ok(row);
                    };
                    let (row, column) = cell.get_position();
                    (row, column as usize, text_of(cell.get_value()))
                }
            };
            if row.is_some() && at != current {
                self.next = Some((at, column, text));
                return Ok(row);
            }
            current = at;
            let row = row.get_or_insert_with(|| Row {
                number: u64::from(at) + 1,
                cells: Vec::with_capacity(self.width),
                merged: Vec::new(),
            });
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
    let mut head = Head::default();
    let mut row = next(sink);
    while let Some(found) = row.take_if(|found| found.number < layout.first_row) {
        head.take_above(layout, found.number, &|at| found.label(at).to_owned());
        row = next(sink);
    }
    while head.header.len() < usize::from(layout.header_rows) {
        let Some(found) = row else { break };
        head.merged |= !found.merged.is_empty();
        head.row = found.number;
        head.header.push(found.labels());
        row = next(sink);
    }
    let width = head.header.iter().map(Vec::len).max().unwrap_or(0).max(row.as_ref().map_or(0, |row| row.cells.len()));
    let mut findings = Vec::new();
    let plan = Plan::new(layout, &head, width, file, &mut findings);
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
