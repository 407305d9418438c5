//! The published tables in plain Rust, and what follows from them by hand.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use serde::{Deserialize, Serialize};

use super::world::{ANNUAL, LEDGER, MONTHLY, World, table};

pub(crate) const METHODS: [&str; 5] = ["implant", "injection2", "injection3", "pill", "iud"];

/// One line of the site ledgers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) year: i32,
    pub(crate) month: i32,
    pub(crate) region: String,
    pub(crate) district: String,
    pub(crate) site_code: String,
    pub(crate) product_code: String,
    pub(crate) stock_initial: i64,
    pub(crate) stock_received: i64,
    pub(crate) stock_distributed: i64,
    pub(crate) stock_adjustment: i64,
    pub(crate) stock_end: i64,
    pub(crate) average_monthly_consumption: i64,
    pub(crate) stock_stockout_days: u32,
    pub(crate) stock_ordered: Option<i64>,
}

impl Line {
    pub(crate) fn period(&self) -> String {
        format!("{}{:02}", self.year, self.month)
    }

    /// Months since the year 0.
    pub(crate) fn month_number(&self) -> i32 {
        self.year * 12 + self.month - 1
    }

    /// The method of the HMIS that the product is for, from the list of products.
    pub(crate) fn method(&self) -> Option<&'static str> {
        match self.product_code.as_str() {
            "AS27137" | "AS27138" => Some("implant"),
            "AS27134" => Some("injection2"),
            "AS21126" | "AS27133" => Some("injection3"),
            "AS27000" | "AS27132" => Some("pill"),
            "AS42018" => Some("iud"),
            _ => None, // condoms and emergency contraception
        }
    }

    /// What is published, by the name of its measure.
    pub(crate) fn published(&self) -> [(&'static str, i64); 4] {
        [
            ("received", self.stock_received),
            ("consumed", self.stock_distributed),
            ("adjustments", self.stock_adjustment),
            ("closing_balance", self.stock_end),
        ]
    }
}

pub(crate) fn ledger(data: &Path) -> Vec<Line> {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(data.join(LEDGER)).unwrap()).read_to_string(&mut text).unwrap();
    let text = text.trim_start_matches('\u{feff}');
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

/// One line of an HMIS table: district, month (0 for a year) and the number of each column; nothing where it is blank.
pub(crate) struct Report {
    pub(crate) district: String,
    pub(crate) year: i32,
    pub(crate) month: i32,
    pub(crate) cells: BTreeMap<String, Option<i64>>,
}

impl Report {
    pub(crate) fn cell(&self, method: &str, what: &str) -> Option<i64> {
        self.cells[&format!("{method}_{what}")]
    }

    /// Women who came for a method; unknown where either count is.
    pub(crate) fn women(&self, method: &str) -> Option<i64> {
        Some(self.cell(method, "women_old")? + self.cell(method, "women_new")?)
    }
}

pub(crate) fn monthly_reports(data: &Path) -> Vec<Report> {
    reports(&data.join(MONTHLY))
}

pub(crate) fn annual_reports(data: &Path) -> Vec<Report> {
    reports(&data.join(ANNUAL))
}

#[expect(clippy::cast_possible_truncation, reason = "whole numbers, of which some are written like 478.0")]
fn reports(path: &Path) -> Vec<Report> {
    let rows = table::<BTreeMap<String, String>>(path).into_iter();
    let report = |mut row: BTreeMap<String, String>| {
        let year = row.remove("year").unwrap().parse().unwrap();
        let month = row.remove("month").map_or(0, |month| month.parse().unwrap());
        let district = row.remove("district").unwrap();
        let number = |text: String| (!text.is_empty()).then(|| text.parse::<f64>().unwrap() as i64);
        Report { district, year, month, cells: row.into_iter().map(|(name, text)| (name, number(text))).collect() }
    };
    rows.map(report).collect()
}

/// One row of `mappings/org_units.csv`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Link {
    pub(crate) source: String,
    pub(crate) source_id: String,
    pub(crate) source_name: String,
    pub(crate) org_unit: String,
    pub(crate) org_unit_name: String,
    pub(crate) share: String,
    pub(crate) reason: String,
}

impl Link {
    /// Whole percent of the site's numbers.
    pub(crate) fn percent(&self) -> i64 {
        match self.share.split_once('/') {
            None => 100,
            Some((part, whole)) => {
                assert_eq!(whole, "100");
                part.parse().unwrap()
            }
        }
    }
}

/// The districts of each site, in the order of the mapping file.
pub(crate) fn districts_of_sites(world: &World) -> BTreeMap<String, Vec<Link>> {
    let mut sites: BTreeMap<String, Vec<Link>> = BTreeMap::new();
    for link in world.mapping::<Link>("org_units.csv").into_iter().filter(|link| link.source == "lmis") {
        sites.entry(link.source_id.clone()).or_default().push(link);
    }
    sites
}

/// The id of each HMIS district of the monthly table.
pub(crate) fn ids_of_districts(world: &World) -> BTreeMap<String, String> {
    let links = world.mapping::<Link>("org_units.csv").into_iter().filter(|link| link.source == "hmis");
    links.map(|link| (link.source_id, link.org_unit)).collect()
}

/// Org unit, item, measure and month.
pub(crate) type Cell = (String, &'static str, &'static str, String);

/// What each district should hold: whole units, of a divided site the parts by largest remainder, added up.
pub(crate) fn cells(world: &World, ledger: &[Line]) -> BTreeMap<Cell, i64> {
    let sites = districts_of_sites(world);
    let mut cells = BTreeMap::new();
    for line in ledger {
        let Some(method) = line.method() else { continue };
        let links = &sites[&line.site_code];
        for (measure, number) in line.published() {
            for (link, part) in links.iter().zip(divided(number, links)) {
                *cells.entry((link.org_unit.clone(), method, measure, line.period())).or_default() += part;
            }
        }
    }
    cells
}

/// One number or two that sum to it.
fn divided(number: i64, links: &[Link]) -> Vec<i64> {
    let [first, second] = links else { return vec![number] };
    let (one, other) = (number * first.percent(), number * second.percent());
    let left = number - one / 100 - other / 100;
    let to_first = (one % 100).abs() >= (other % 100).abs();
    vec![one / 100 + if to_first { left } else { 0 }, other / 100 + if to_first { 0 } else { left }]
}
