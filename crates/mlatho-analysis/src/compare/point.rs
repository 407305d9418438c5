//! The numbers that go into a comparison.

use mlatho_model::{Decimal, Finding, Findings, ItemId, Measure, MissingReason, OrgUnitId, Period, Value};

/// One number of either side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    pub org_unit: OrgUnitId,
    pub item: ItemId,
    pub measure: Measure,
    pub period: Period,
    pub value: Value,
}

/// Which side of the comparison a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Consumption,
    Services,
}

impl Side {
    /// The measure of a row that names none: `consumed`, or the element named like the item.
    fn measure(self, item: &ItemId) -> Measure {
        match self {
            Self::Consumption => Measure::Consumed,
            Self::Services => Measure::Element(item.as_str().into()),
        }
    }
}

/// Reads `org_unit,item,period,value,state`, and `measure` where there is such a column (so that consumption may
/// bring its `stockout_days`). Without a `state` column a blank value is missing and any other is reported.
///
/// A bad row costs that row. `file` names the table in the findings.
#[must_use]
pub fn read_points(side: Side, file: &str, bytes: &[u8]) -> (Vec<Point>, Findings) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let header = rows.headers().cloned().unwrap_or_default();
    let column = |name: &str| header.iter().position(|cell| cell == name);
    let (mut points, mut findings) = (Vec::new(), Vec::new());
    let needed = ["org_unit", "item", "period", "value"].map(|name| (name, column(name)));
    let [(_, Some(org_unit)), (_, Some(item)), (_, Some(period)), (_, Some(value))] = needed else {
        let all = header.iter().collect::<Vec<_>>().join(", ");
        for (name, _) in needed.iter().filter(|(_, at)| at.is_none()) {
            let finding = Finding::error("missing-column").in_file(file).at(1, name);
            findings.push(finding.with("column", *name).with("found", all.as_str()));
        }
        return (points, findings);
    };
    let columns = Columns { org_unit, item, period, value, state: column("state"), measure: column("measure") };
    let mut record = csv::StringRecord::new();
    loop {
        let read = rows.read_record(&mut record);
        if matches!(read, Ok(false)) {
            break;
        }
        let row = match &read {
            Ok(_) => record.position().map_or(0, csv::Position::line),
            Err(error) => error.position().map_or(0, csv::Position::line),
        };
        match read.map_err(|error| bad_row("", &error)).and_then(|_| columns.point(side, &record)) {
            Ok(point) => points.push(point),
            Err((column, finding)) => findings.push(finding.in_file(file).at(row, column)),
        }
    }
    (points, findings)
}

/// Where the columns stand.
struct Columns {
    org_unit: usize,
    item: usize,
    period: usize,
    value: usize,
    state: Option<usize>,
    measure: Option<usize>,
}

/// A column and what is wrong there.
type Fault = (&'static str, Finding);

/// `column` holds what the reason says is wrong.
fn bad_row(column: &'static str, reason: &impl ToString) -> Fault {
    (column, Finding::error("compare-row").with("reason", reason.to_string()))
}

impl Columns {
    fn point(&self, side: Side, record: &csv::StringRecord) -> Result<Point, Fault> {
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let org_unit = cell(self.org_unit).parse().map_err(|error| bad_row("org_unit", &error))?;
        let item: ItemId = cell(self.item).parse().map_err(|error| bad_row("item", &error))?;
        let period = cell(self.period).parse().map_err(|error| bad_row("period", &error))?;
        let measure = match self.measure.map(cell) {
            None | Some("") => side.measure(&item),
            Some(name) => Measure::named(name).map_err(|error| bad_row("measure", &error))?,
        };
        let text = cell(self.value);
        let number = text.parse::<Decimal>().ok();
        let value = match self.state.map(cell) {
            Some(state) => Value::from_state(state, number).map_err(|error| bad_row("state", &error))?,
            None if text.is_empty() => Value::Missing(MissingReason::Blank),
            None => {
                number.map(Value::Reported).ok_or_else(|| bad_row("value", &format!("`{text}` is not a number")))?
            }
        };
        Ok(Point { org_unit, item, measure, period, value })
    }
}
