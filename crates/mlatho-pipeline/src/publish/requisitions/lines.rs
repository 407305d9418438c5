//! Which numbers of the project go into which column of which product.

use std::collections::BTreeMap;

use jiff::civil::Date;
use mlatho_connect::openlmis::write::Column;
use mlatho_model::{Factor, Finding, ItemId, Measure};
use serde::Deserialize;

use crate::PipelineError;
use crate::project::{Project, Target, shown};

/// The column that stands for a file of ideal stock amounts.
const IDEAL_STOCK: &str = "idealStockAmount";

/// One row of `mappings/requisition_lines.csv`.
#[derive(Deserialize)]
struct Row {
    item: ItemId,
    measure: String,
    #[serde(default)]
    disaggregation: String,
    #[serde(default)]
    program: String,
    product: String,
    column: String,
    #[serde(default)]
    schedule: String,
    #[serde(default)]
    factor: String,
    #[serde(default)]
    valid_from: Option<Date>,
    #[serde(default)]
    valid_to: Option<Date>,
}

/// Where a number goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// A column of a product, or of a regimen, in the requisitions of a program.
    Requisition { program: String, product: String, column: Column },
    /// The ideal stock amount of a commodity type, in the periods of a schedule. It goes into a file, and not to the server.
    IdealStock { schedule: String, system: String, commodity: String },
}

/// A number of the project that is part of what goes to a place: the numbers of a place are added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(super) item: String,
    pub(super) measure: Measure,
    /// The only split that counts; without one all are added up.
    pub(super) disaggregation: String,
    /// Dispensing units for each patient; one where patients are counted.
    pub(super) factor: Factor,
    from: Option<Date>,
    to: Option<Date>,
}

impl Part {
    pub(super) fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// The parts of each place.
pub(crate) type Lines = BTreeMap<Place, Vec<Part>>;

/// Reads the mapping. Where there are findings it must not be used: a sum without one of its parts is another number.
///
/// # Errors
/// The file cannot be read.
pub(crate) fn read(project: &Project, target: &Target, findings: &mut Vec<Finding>) -> Result<Lines, PipelineError> {
    let (lines, columns) = match (&target.openlmis, &target.elmis) {
        (Some(settings), _) => (settings.lines.as_path(), Column::OPENLMIS),
        (None, Some(settings)) => (settings.lines.as_path(), Column::ELMIS),
        (None, None) => return Ok(Lines::new()),
    };
    let path = project.path(lines);
    let bytes = std::fs::read(&path).map_err(PipelineError::io("reading the mapping", &path))?;
    let bytes = mlatho_formats::comma_separated(std::io::Cursor::new(bytes))
        .map_err(PipelineError::io("unpacking the mapping", &path))?;
    let mut lines = Lines::new();
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(bytes.as_slice());
    for (index, row) in reader.deserialize::<Row>().enumerate() {
        match row.map_err(|error| error.to_string()).and_then(|row| part(row, columns)) {
            Ok((place, part)) => lines.entry(place).or_default().push(part),
            Err(reason) => {
                let finding = Finding::error("requisition-line-row").in_file(&shown(&path)).at(index as u64 + 2, "");
                findings.push(finding.with("reason", reason));
            }
        }
    }
    Ok(lines)
}

/// The place and part of a row; `columns` are those of the target's version.
fn part(row: Row, columns: [Column; 2]) -> Result<(Place, Part), String> {
    let place = if row.column == IDEAL_STOCK && columns == Column::OPENLMIS {
        let (system, commodity) = row.product.split_once('|').ok_or("product: classification system|commodity type")?;
        if row.schedule.is_empty() {
            return Err("schedule".into());
        }
        Place::IdealStock { schedule: row.schedule, system: system.into(), commodity: commodity.into() }
    } else {
        let other = || format!("column: {}", columns.map(Column::name).join(", "));
        let column = row.column.parse::<Column>().ok().filter(|column| columns.contains(column)).ok_or_else(other)?;
        if row.program.is_empty() || row.product.is_empty() {
            return Err("program, product".into());
        }
        Place::Requisition { program: row.program, product: row.product, column }
    };
    let factor = if row.factor.is_empty() { Ok(Factor::ONE) } else { row.factor.parse() };
    let part = Part {
        item: row.item.to_string(),
        measure: Measure::named(&row.measure).map_err(|error| error.to_string())?,
        disaggregation: row.disaggregation,
        factor: factor.map_err(|error| error.to_string())?,
        from: row.valid_from,
        to: row.valid_to,
    };
    Ok((place, part))
}
