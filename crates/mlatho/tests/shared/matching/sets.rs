//! The data sets as two lists and their known links.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::Path;

use mlatho_harmonize::matching::List;

use crate::data_set;

/// Two registers and what is known of their links.
pub(crate) struct Set {
    pub(crate) name: &'static str,
    pub(crate) left: List,
    pub(crate) right: List,
    pub(crate) links: Vec<(String, String)>,
    /// Left records without a partner; those in neither were never looked at.
    pub(crate) without: Without,
}

/// Which left records have no partner.
pub(crate) enum Without {
    /// All that no link names.
    Rest,
    /// It is not known of any.
    Unknown,
    /// These.
    These(BTreeSet<String>),
}

type Row = BTreeMap<String, String>;

pub(crate) fn rows(path: &Path) -> Vec<Row> {
    let bytes = mlatho_formats::comma_separated(File::open(path).unwrap()).unwrap();
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    reader.deserialize().map(Result::unwrap).collect()
}

/// A list with these columns, each from a column of the rows.
fn list(rows: &[Row], columns: &[(&str, &str)]) -> List {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns.iter().map(|column| column.0)).unwrap();
    for row in rows {
        writer.write_record(columns.iter().map(|column| row[column.1].as_str())).unwrap();
    }
    List::read("", &writer.into_inner().unwrap()).0
}

fn links(rows: &[Row], left: &str, right: &str) -> Vec<(String, String)> {
    rows.iter().map(|row| (row[left].clone(), row[right].clone())).collect()
}

pub(crate) fn pair(name: &'static str) -> Option<Set> {
    let folder = data_set("facility-pairs")?.join(name);
    let list = |file: &str| List::read(file, &fs::read(folder.join(file)).unwrap()).0;
    let truth = rows(&folder.join("truth.csv"));
    let without = if name == "ug_datim" { Without::Unknown } else { Without::Rest };
    Some(Set { name, left: list("A.csv"), right: list("B.csv"), links: links(&truth, "a_id", "b_id"), without })
}

pub(crate) fn kenya_lists() -> Option<Set> {
    let folder = data_set("kenya-facilities")?;
    let units: BTreeMap<String, Row> =
        rows(&folder.join("dhis2_admin_units_2015.csv")).into_iter().map(|row| (row["uid"].clone(), row)).collect();
    let mut dhis2 = rows(&folder.join("dhis2_facilities_2015_no_code.csv"));
    for row in &mut dhis2 {
        let district = &units[&row["parent_uid"]];
        let region = units.get(&district["parent"]).map(|unit| unit["name"].clone()).unwrap_or_default();
        row.extend([("region".to_owned(), region), ("district".to_owned(), district["name"].clone())]);
    }
    let register = rows(&folder.join("kmhfl_2017-08-02.csv.gz"));
    let left = [("id", "dhis2_uid"), ("name", "name"), ("region", "region"), ("district", "district")];
    let right = [
        ("id", "Code"),
        ("name", "Name"),
        ("type", "Facility type"),
        ("owner", "Owner"),
        ("region", "County"),
        ("district", "Sub county"),
        ("subdistrict", "Ward"),
    ];
    let truth = rows(&folder.join("truth_open_counties.csv"));
    Some(Set {
        name: "kenya_lists",
        left: list(&dhis2, &left),
        right: list(&register, &right),
        links: links(&truth, "dhis2_uid", "kmhfl_code"),
        without: Without::Unknown,
    })
}

/// DHIS2 units with OpenLMIS facilities; of the names that one code has, the first that is no village clinic counts.
pub(crate) fn malawi() -> Option<Set> {
    let folder = data_set("malawi-crosswalk")?;
    let (linked, alone) =
        (rows(&folder.join("crosswalk_open_districts.csv")), rows(&folder.join("non_links_open.csv")));
    let named = |row: &&Row| !row["dhis2_name"].is_empty();
    let left: Vec<Row> = linked.iter().chain(&alone).filter(named).cloned().collect();
    let mut right = linked.clone();
    right.sort_by_key(|row| row["openlmis_name"].to_lowercase().contains("village"));
    let mut seen = BTreeSet::new();
    right.retain(|row| seen.insert(row["openlmis_code"].clone()));
    Some(Set {
        name: "malawi",
        left: list(&left, &[("id", "dhis2_uid"), ("name", "dhis2_name")]),
        right: list(&right, &[("id", "openlmis_code"), ("name", "openlmis_name")]),
        links: links(&linked.iter().filter(named).cloned().collect::<Vec<_>>(), "dhis2_uid", "openlmis_code"),
        without: Without::These(alone.iter().map(|row| row["dhis2_uid"].clone()).collect()),
    })
}

/// The districts of the logistics and of the service data.
pub(crate) fn ivory_coast_districts() -> Option<(List, List)> {
    let folder = data_set("civ-contraceptive")?;
    let districts = |file: &str| {
        let names: BTreeSet<String> = rows(&folder.join(file)).into_iter().map(|row| row["district"].clone()).collect();
        let rows: Vec<Row> = names.into_iter().map(|name| Row::from([("name".to_owned(), name)])).collect();
        list(&rows, &[("id", "name"), ("name", "name")])
    };
    Some((districts("lmis_2016-01_2019-06.csv.gz"), districts("hmis_monthly_2019-01_2019-06.csv")))
}
