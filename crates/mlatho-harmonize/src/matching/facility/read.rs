//! Rows of a list as facilities or areas.

use mlatho_model::{Finding, Findings};
use rustc_hash::FxHashMap;

use super::area::area_words;
use super::lexicon::Lexicon;
use super::record::Facility;
use super::review::Review;
use crate::Verdict;
use crate::matching::List;

/// Columns of areas from the top, where there is no `level1`.
pub(in crate::matching) const AREAS: [&str; 3] = ["region", "district", "subdistrict"];
pub(in crate::matching) const LEVELS: [&str; 5] = ["level1", "level2", "level3", "level4", "level5"];

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

/// What persons decided about records of two lists, `left_id,right_id,verdict`: `accept`, without a right record where
/// there is none, or `reject`. A row that names an id of neither list, or says something else, is told and left out.
#[must_use]
pub fn reviews(file: &str, bytes: &[u8], left: &List, right: &List) -> (Vec<Review>, Findings) {
    let (table, mut findings) = List::table(file, bytes, &["left_id", "right_id", "verdict"]);
    let rows = |list: &List| list.ids().enumerate().map(|(row, id)| (id.to_owned(), row)).collect::<FxHashMap<_, _>>();
    let (lefts, rights) = (rows(left), rows(right));
    let mut found = Vec::new();
    for row in 0..table.len() {
        let [left, right, verdict] = ["left_id", "right_id", "verdict"].map(|column| table.named(row, column));
        let told = |code, column| Finding::warning(code).in_file(file).at(table.line(row), column);
        let verdict = Verdict::ALL.into_iter().find(|known| known.name() == verdict);
        match (lefts.get(left), rights.get(right), verdict) {
            (None, _, _) => findings.push(told("link-dead-id", "left_id").with("id", left)),
            (_, None, _) if !right.is_empty() => findings.push(told("link-dead-id", "right_id").with("id", right)),
            (_, None, Some(Verdict::Reject)) | (_, _, None) => {
                findings.push(told("review-verdict", "verdict").with("found", table.named(row, "verdict")));
            }
            (Some(left), right, Some(verdict)) => {
                found.push(Review { left: *left, right: right.copied(), verdict, looked_at: true });
            }
        }
    }
    (found, findings)
}

/// Texts with `|` between them.
fn parts(text: &str) -> Vec<String> {
    text.split('|').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
