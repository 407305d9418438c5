//! Reads a folder of tables in the form of OpenLMIS's demonstration data, for tests on real data.

mod orders;
mod reference;
mod requisitions;
mod stock;

use std::collections::HashMap;
use std::io;
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::data::Data;

type Row = HashMap<String, String>;

impl Data {
    /// Reads `referencedata/`, `requisition/`, `stockmanagement/` and `fulfillment/` below `folder`. The tables are
    /// those of the services' databases, joined by id without regard to case.
    ///
    /// # Errors
    /// A table is missing or cannot be read.
    pub fn from_folder(folder: &Path) -> io::Result<Self> {
        let mut data = Self::new();
        reference::read(&mut data, &Tables(folder.join("referencedata")))?;
        requisitions::read(&mut data, &Tables(folder.join("requisition")))?;
        stock::read(&mut data, &Tables(folder.join("stockmanagement")))?;
        orders::read(&mut data, &Tables(folder.join("fulfillment")))?;
        Ok(data)
    }
}

struct Tables(std::path::PathBuf);

impl Tables {
    fn rows(&self, name: &str) -> io::Result<Vec<Row>> {
        let path = self.0.join(format!("{name}.csv"));
        let text =
            std::fs::read_to_string(&path).map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))?;
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let rows = reader.deserialize().collect::<Result<Vec<Row>, csv::Error>>();
        rows.map_err(|error| io::Error::other(format!("{name}: {error}")))
    }

    /// The rows by the text of a column.
    fn grouped(&self, name: &str, column: &str) -> io::Result<HashMap<String, Vec<Row>>> {
        let mut groups: HashMap<String, Vec<Row>> = HashMap::new();
        for row in self.rows(name)? {
            groups.entry(cell(&row, column).to_lowercase()).or_default().push(row);
        }
        Ok(groups)
    }
}

fn cell<'a>(row: &'a Row, name: &str) -> &'a str {
    row.get(name).map_or("", String::as_str)
}

/// Text, or null where the cell is empty.
fn text(row: &Row, name: &str) -> Json {
    match cell(row, name) {
        "" => Json::Null,
        text => text.into(),
    }
}

fn number(row: &Row, name: &str) -> Json {
    serde_json::from_str(cell(row, name)).unwrap_or_default()
}

fn truth(row: &Row, name: &str) -> bool {
    matches!(cell(row, name), "t" | "true" | "True")
}

fn point(row: &Row, name: &str) -> Json {
    match cell(row, name) {
        "" => Json::Null,
        id => json!({"id": id}),
    }
}

/// A moment in the form of the services, from either form of the tables.
fn moment(row: &Row, name: &str) -> Json {
    let text = cell(row, name).replace(' ', "T").replace("+00", "Z");
    let zoned = if text.ends_with('Z') { text } else { format!("{text}Z") };
    zoned.parse::<Timestamp>().map_or(Json::Null, |moment| moment.to_string().into())
}

fn by_id(rows: &[Row]) -> HashMap<String, &Row> {
    rows.iter().map(|row| (cell(row, "id").to_lowercase(), row)).collect()
}

fn named(row: Option<&&Row>) -> Json {
    row.map_or(Json::Null, |row| json!({"id": cell(row, "id"), "code": text(row, "code"), "name": text(row, "name")}))
}

/// The objects of a group, each made of its row.
fn each(groups: &HashMap<String, Vec<Row>>, id: &str, make: impl Fn(&Row) -> Json) -> Vec<Json> {
    groups.get(&id.to_lowercase()).map_or(&[][..], Vec::as_slice).iter().map(make).collect()
}
