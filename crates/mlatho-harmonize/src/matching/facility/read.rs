//! Rows of a list as facilities or areas.

use mlatho_model::{Finding, Findings};

use super::area::area_words;
use super::lexicon::Lexicon;
use super::record::Facility;
use crate::matching::List;

/// Columns of areas from the top, where there is no `level1`.
const AREAS: [&str; 3] = ["region", "district", "subdistrict"];
const LEVELS: [&str; 5] = ["level1", "level2", "level3", "level4", "level5"];

/// The rows of a list as facilities. Coordinates that cannot be read are told and count as missing.
#[must_use]
pub fn facilities(file: &str, list: &List) -> (Vec<Facility>, Findings) {
    let areas: &[&str] = if list.column(LEVELS[0]).is_some() { &LEVELS } else { &AREAS };
    let columns: Vec<usize> = areas.iter().filter_map(|name| list.column(name)).collect();
    let either = |one, other| list.column(one).or_else(|| list.column(other));
    let (latitude, longitude) = (either("lat", "latitude"), either("lon", "longitude"));
    let mut findings = Vec::new();
    let mut facilities = Vec::with_capacity(list.len());
    for row in 0..list.len() {
        let text = |name: &str| Some(list.named(row, name)).filter(|text| !text.is_empty()).map(str::to_owned);
        let mut degrees = |column: Option<usize>, name: &str, most: u32| {
            let text = column.map(|column| list.cell(row, column)).filter(|text| !text.is_empty())?;
            let number = text.replace(',', ".").parse::<f64>().ok().filter(|degrees| degrees.abs() <= f64::from(most));
            if number.is_none() {
                let finding = Finding::warning("not-degrees").in_file(file).at(list.line(row), name);
                findings.push(finding.with("text", text).with("most", u64::from(most)));
            }
            number
        };
        let position = (degrees(latitude, "lat", 90), degrees(longitude, "lon", 180));
        facilities.push(Facility {
            name: list.named(row, "name").to_owned(),
            aliases: parts(list.named(row, "aliases")),
            kind: text("type"),
            owner: text("owner"),
            areas: columns.iter().map(|column| list.cell(row, *column).to_owned()).collect(),
            position: position.0.zip(position.1),
            codes: parts(list.named(row, "code")),
        });
    }
    (facilities, findings)
}

/// The rows of a list as administrative areas: words such as district do not tell them apart.
#[must_use]
pub fn areas(file: &str, list: &List) -> (Vec<Facility>, Findings) {
    let (mut areas, findings) = facilities(file, list);
    let plain = |name: &str| area_words(name, Lexicon::shipped()).join(" ");
    for area in &mut areas {
        area.name = plain(&area.name);
        area.aliases.iter_mut().for_each(|alias| *alias = plain(alias));
    }
    (areas, findings)
}

/// Texts with `|` between them.
fn parts(text: &str) -> Vec<String> {
    text.split('|').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
