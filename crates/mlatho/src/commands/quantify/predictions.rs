//! What `mlatho forecast` wrote.

use std::collections::BTreeMap;

use mlatho_model::{Decimal, Finding, Findings, Period, PeriodType};

use super::inputs::number;

/// Demand of each month (months since the year 0), summed over series, of the last origin of the file. A row that is no
/// prediction of a month costs itself.
pub(super) fn read(file: &str, bytes: &[u8], findings: &mut Findings) -> BTreeMap<i32, Decimal> {
    let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let header = rows.headers().cloned().unwrap_or_default();
    let needed = ["origin", "period", "point", "kind"];
    let places = needed.map(|name| (name, header.iter().position(|cell| cell == name)));
    for (name, _) in places.iter().filter(|(_, at)| at.is_none()) {
        let found = header.iter().collect::<Vec<_>>().join(", ");
        let finding = Finding::error("missing-column").in_file(file).at(1, name);
        findings.push(finding.with("column", *name).with("found", found));
    }
    let [(_, Some(origin)), (_, Some(period)), (_, Some(point)), (_, Some(kind))] = places else {
        return BTreeMap::new();
    };
    let mut by_origin: BTreeMap<Period, BTreeMap<i32, Decimal>> = BTreeMap::new();
    for record in rows.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let row = error.position().map_or(0, csv::Position::line);
                findings.push(Finding::error("bad-row").in_file(file).at(row, "").with("reason", error.to_string()));
                continue;
            }
        };
        let row = record.position().map_or(0, csv::Position::line);
        let cell = |at: usize| record.get(at).unwrap_or_default();
        if cell(kind) != "demand" {
            continue;
        }
        let months = |at: usize| cell(at).parse().ok().filter(|it: &Period| it.period_type() == PeriodType::Monthly);
        let (Some(origin), Some(month)) = (months(origin), months(period)) else {
            findings.push(Finding::error("not-a-period").in_file(file).at(row, "period").with("text", cell(period)));
            continue;
        };
        // Whoever predicts more than this predicts nothing.
        let most = Decimal::from(1_000_000_000_000_i64);
        let units = cell(point).parse::<Decimal>().ok().filter(|units| *units >= Decimal::ZERO && *units <= most);
        let Some(units) = units else {
            findings.push(Finding::warning("not-a-number").in_file(file).at(row, "point").with("text", cell(point)));
            continue;
        };
        *by_origin.entry(origin).or_default().entry(number(month)).or_default() += units;
    }
    by_origin.pop_last().map(|(_, months)| months).unwrap_or_default()
}
