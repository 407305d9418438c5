//! Numbers from elsewhere that may tell about the series: cases, rain, temperature.

use std::collections::{BTreeMap, HashMap};

use mlatho_model::{Finding, Findings, Period};

/// Numbers by period of the grid, by key; not a number where missing.
type ByKey = HashMap<Box<str>, Vec<f64>>;

/// Covariates by name, in the order of their names. Keys are ids of series, sites, products or levels; `*` holds for all.
#[derive(Clone, Debug, Default)]
pub struct Covariates {
    all: Vec<ByKey>,
}

impl Covariates {
    /// How many names there are.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// The numbers of a covariate under the first key that it has.
    pub(crate) fn of<'a>(&self, at: usize, keys: impl Iterator<Item = &'a str>) -> Option<&[f64]> {
        let by_key = self.all.get(at)?;
        keys.chain(["*"]).find_map(|key| by_key.get(key)).map(Vec::as_slice)
    }
}

/// Reads `key,period,name,value` onto the grid of a panel. Periods outside the grid are left out: what is not known at
/// an origin cannot be used there. A bad row costs that row.
#[must_use]
pub fn read_covariates(file: &str, bytes: &[u8], grid: &[Period]) -> (Covariates, Findings) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let header = rows.headers().cloned().unwrap_or_default();
    let mut findings = Vec::new();
    let names = ["key", "period", "name", "value"];
    let columns = names.map(|name| header.iter().position(|cell| cell == name));
    let [Some(key), Some(period), Some(name), Some(value)] = columns else {
        let all = header.iter().collect::<Vec<_>>().join(", ");
        for (column, _) in names.iter().zip(columns).filter(|(_, at)| at.is_none()) {
            let finding = Finding::error("missing-column").in_file(file).at(1, column);
            findings.push(finding.with("column", *column).with("found", all.as_str()));
        }
        return (Covariates::default(), findings);
    };
    let mut by_name: BTreeMap<Box<str>, ByKey> = BTreeMap::new();
    for record in rows.into_records() {
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
        let Ok(at) = cell(period).parse::<Period>() else {
            let finding = Finding::error("not-a-period").in_file(file).at(row, "period");
            findings.push(finding.with("text", cell(period)));
            continue;
        };
        let number = cell(value).parse::<f64>().ok().filter(|number| number.is_finite());
        let Some(number) = number else {
            if !cell(value).is_empty() {
                let finding = Finding::warning("not-a-number").in_file(file).at(row, "value");
                findings.push(finding.with("text", cell(value)));
            }
            continue;
        };
        if let Ok(at) = grid.binary_search(&at) {
            let by_key = by_name.entry(cell(name).into()).or_default();
            by_key.entry(cell(key).into()).or_insert_with(|| vec![f64::NAN; grid.len()])[at] = number;
        }
    }
    (Covariates { all: by_name.into_values().collect() }, findings)
}
