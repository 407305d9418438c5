//! The plain tables of `mlatho quality`: ledgers and services in, findings out.

use std::fmt::Write as _;
use std::io;

use jiff::civil::{Date, DateTime};
use mlatho_model::{Arg, Decimal, Finding, Findings, Measure, MissingReason, OrgUnitId, Period, Value};

use crate::{LedgerLine, QualityFinding, ServiceLine};

/// What a table holds, told by its header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Table {
    /// `facility,product,period` and any of the measures of a ledger, and `reported_at`.
    Ledger(Vec<LedgerLine>),
    /// `facility,element,period,value`.
    Services(Vec<ServiceLine>),
}

/// Reads a table of comma-separated values with a header. A bad row costs that row; a cell that is no number costs
/// that number. `file` names the table in the findings.
#[must_use]
pub fn read_table(file: &str, bytes: &[u8]) -> (Table, Findings) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let header = rows.headers().cloned().unwrap_or_default();
    let mut findings = Vec::new();
    let column = |name: &str| header.iter().position(|cell| cell == name);
    let services = column("element").is_some() && column("value").is_some();
    let mut table = if services { Table::Services(Vec::new()) } else { Table::Ledger(Vec::new()) };
    let item = if services { "element" } else { "product" };
    let needed = ["facility", item, "period"].map(|name| (name, column(name)));
    let [(_, Some(facility)), (_, Some(item_at)), (_, Some(period_at))] = needed else {
        let all = header.iter().collect::<Vec<_>>().join(", ");
        for (name, _) in needed.iter().filter(|(_, at)| at.is_none()) {
            let finding = Finding::error("missing-column").in_file(file).at(1, name);
            findings.push(finding.with("column", *name).with("found", all.as_str()));
        }
        return (table, findings);
    };
    let measures: Vec<(usize, Measure)> =
        header.iter().enumerate().filter_map(|(at, name)| Some((at, measure(name)?))).collect();
    let mut record = csv::StringRecord::new();
    loop {
        match rows.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let row = error.position().map_or(0, csv::Position::line);
                let finding = Finding::error("bad-row").in_file(file).at(row, "");
                findings.push(finding.with("reason", error.to_string()));
                continue;
            }
        }
        let position = record.position().map_or(0, csv::Position::line);
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let mut row = Row { file, position, findings: &mut findings };
        let key = (row.id(cell(facility), "facility"), row.id(cell(item_at), item), row.period(cell(period_at)));
        let (Some(org_unit), Some(item), Some(period)) = key else { continue };
        let Ok(item) = item.as_str().parse() else { continue };
        match &mut table {
            Table::Services(lines) => {
                let value = row.value(cell(column("value").unwrap_or(usize::MAX)), "value");
                lines.push(ServiceLine { org_unit, item, period, value, position });
            }
            Table::Ledger(lines) => {
                let mut line = LedgerLine::new(org_unit, item, period);
                line.position = position;
                for (at, measure) in &measures {
                    if let Some(place) = line.value_mut(measure) {
                        *place = row.value(cell(*at), measure.name());
                    }
                }
                line.reported_at = column("reported_at").and_then(|at| row.date(cell(at), "reported_at"));
                lines.push(line);
            }
        }
    }
    (table, findings)
}

/// The measure of a ledger column. The contract of the command line calls the opening balance `beginning_balance`.
fn measure(name: &str) -> Option<Measure> {
    match name {
        "beginning_balance" => Some(Measure::OpeningBalance),
        name => name.parse().ok(),
    }
}

/// A row that is being read.
struct Row<'a> {
    file: &'a str,
    position: u64,
    findings: &'a mut Findings,
}

impl Row<'_> {
    fn report(&mut self, finding: Finding, column: &str) {
        self.findings.push(finding.in_file(self.file).at(self.position, column));
    }

    fn id(&mut self, text: &str, column: &str) -> Option<OrgUnitId> {
        let id = text.parse().ok();
        if id.is_none() {
            self.report(Finding::error("missing-name").with("column", column), column);
        }
        id
    }

    fn period(&mut self, text: &str) -> Option<Period> {
        let period = text.parse().ok();
        if period.is_none() {
            self.report(Finding::error("not-a-period").with("text", text), "period");
        }
        period
    }

    fn value(&mut self, text: &str, column: &str) -> Value {
        match text.parse::<Decimal>() {
            _ if text.is_empty() => Value::Missing(MissingReason::Blank),
            Ok(number) => Value::Reported(number),
            Err(_) => {
                self.report(Finding::warning("not-a-number").with("text", text), column);
                Value::Missing(MissingReason::NotANumber)
            }
        }
    }

    /// A date, or the date of a time.
    fn date(&mut self, text: &str, column: &str) -> Option<Date> {
        let date = text.parse::<Date>().or_else(|_| text.parse::<DateTime>().map(DateTime::date)).ok();
        if date.is_none() && !text.is_empty() {
            self.report(Finding::warning("not-a-date").with("text", text), column);
        }
        date
    }
}

/// Writes `facility,item,period,check,severity,value,expected,probability,evidence`; `evidence` is a JSON object.
///
/// # Errors
/// The output cannot be written.
pub fn write_findings(out: impl io::Write, findings: &[QualityFinding]) -> csv::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record([
        "facility",
        "item",
        "period",
        "check",
        "severity",
        "value",
        "expected",
        "probability",
        "evidence",
    ])?;
    let number = |number: Option<Decimal>| number.map_or_else(String::new, |number| number.to_string());
    for finding in findings {
        rows.write_record([
            finding.org_unit.as_str(),
            finding.item.as_str(),
            &finding.period.to_string(),
            finding.check(),
            finding.severity.name(),
            &number(finding.value),
            &number(finding.expected),
            &number(finding.probability),
            &evidence(finding),
        ])?;
    }
    rows.flush()?;
    Ok(())
}

/// Numbers are written digit by digit, so that a decimal stays exact.
fn evidence(finding: &QualityFinding) -> String {
    let mut json = String::from("{");
    for (at, (name, arg)) in finding.evidence.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = match arg {
            Arg::Number(number) => write!(json, "{comma}\"{name}\":{number}"),
            Arg::Text(text) => write!(json, "{comma}\"{name}\":{}", serde_json::Value::from(&**text)),
        };
    }
    json.push('}');
    json
}
