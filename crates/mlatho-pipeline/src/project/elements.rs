//! How the project's items and measures are called in a target.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use mlatho_model::{Finding, ItemId, Measure};
use serde::Deserialize;

/// Where a number goes in a target: identifiers as DHIS2 knows them. Empty combos mean the target's default.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Element {
    pub data_set: String,
    pub data_element: String,
    pub category_option_combo: String,
    pub attribute_option_combo: String,
}

#[derive(Debug)]
struct Dated {
    element: Arc<Element>,
    from: Option<Date>,
    to: Option<Date>,
}

/// Item, measure and disaggregation.
type Key = (String, Measure, String);

/// The data element of each (target, item, measure, disaggregation), with the dates between which it holds.
#[derive(Debug, Default)]
pub struct ElementMap {
    targets: HashMap<String, HashMap<Key, Vec<Dated>>>,
}

/// One row of `mappings/elements.csv`.
#[derive(Deserialize)]
struct Row {
    target: String,
    item: ItemId,
    measure: String,
    #[serde(default)]
    disaggregation: String,
    #[serde(default)]
    data_set: String,
    data_element: String,
    #[serde(default)]
    category_option_combo: String,
    #[serde(default)]
    attribute_option_combo: String,
    #[serde(default)]
    valid_from: Option<Date>,
    #[serde(default)]
    valid_to: Option<Date>,
}

impl ElementMap {
    /// Reads `mappings/elements.csv`. A bad row costs itself.
    pub(super) fn read(&mut self, file: &str, bytes: &[u8], findings: &mut Vec<Finding>) {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(bytes);
        for (index, row) in reader.deserialize::<Row>().enumerate() {
            let line = index as u64 + 2;
            let bad = |reason: String| Finding::error("element-row").in_file(file).at(line, "").with("reason", reason);
            let row = match row {
                Ok(row) if row.data_element.is_empty() => {
                    findings.push(bad("data_element".into()));
                    continue;
                }
                Ok(row) => row,
                Err(error) => {
                    findings.push(bad(error.to_string()));
                    continue;
                }
            };
            let Ok(measure) = Measure::named(&row.measure) else {
                findings.push(bad("measure".into()));
                continue;
            };
            let element = Element {
                data_set: row.data_set,
                data_element: row.data_element,
                category_option_combo: row.category_option_combo,
                attribute_option_combo: row.attribute_option_combo,
            };
            let key = (row.item.to_string(), measure, row.disaggregation);
            self.add(row.target, key, Dated { element: element.into(), from: row.valid_from, to: row.valid_to });
        }
    }

    /// Reads a table with one row for each item and one column for each measure.
    pub(super) fn read_table(
        &mut self,
        table: &super::config::ElementTable,
        file: &str,
        bytes: &[u8],
        findings: &mut Vec<Finding>,
    ) {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(bytes);
        let header = reader.headers().cloned().unwrap_or_default();
        let at = |name: &str, findings: &mut Vec<Finding>| {
            let found = header.iter().position(|cell| cell == name);
            if found.is_none() {
                findings.push(Finding::error("missing-column").in_file(file).at(1, name).with("column", name));
            }
            found
        };
        let item_at = at(&table.item, findings);
        let mut columns = Vec::new();
        for (measure, column) in &table.columns {
            match (Measure::named(measure), at(column, findings)) {
                (Ok(measure), Some(at)) => columns.push((measure, at)),
                _ => findings
                    .push(Finding::error("element-row").in_file(file).at(1, column).with("reason", measure.as_str())),
            }
        }
        for record in reader.records().flatten() {
            let Some(item) = item_at.and_then(|at| record.get(at)).filter(|item| !item.is_empty()) else { continue };
            for (measure, at) in &columns {
                let Some(data_element) = record.get(*at).filter(|id| !id.is_empty()) else { continue };
                let element = Element {
                    data_set: table.data_set.clone(),
                    data_element: data_element.into(),
                    category_option_combo: String::new(),
                    attribute_option_combo: String::new(),
                };
                let key = (item.to_owned(), measure.clone(), String::new());
                self.add(table.target.clone(), key, Dated { element: element.into(), from: None, to: None });
            }
        }
    }

    fn add(&mut self, target: String, key: Key, dated: Dated) {
        self.targets.entry(target).or_default().entry(key).or_default().push(dated);
    }

    /// The element in force on that day.
    pub fn find(&self, target: &str, item: &str, measure: &Measure, split: &str, on: Date) -> Option<&Arc<Element>> {
        let known = self.targets.get(target)?;
        let dated = known.get(&(item.to_owned(), measure.clone(), split.to_owned()))?;
        let holds = |d: &&Dated| d.from.is_none_or(|from| from <= on) && d.to.is_none_or(|to| on <= to);
        dated.iter().find(holds).map(|dated| &dated.element)
    }

    /// The items and measures whose numbers go to a data element on that day, each once.
    pub fn leading_to(&self, target: &str, data_element: &str, on: Date) -> Vec<(String, Measure)> {
        let holds = |d: &Dated| d.from.is_none_or(|from| from <= on) && d.to.is_none_or(|to| on <= to);
        let leads = |dated: &&Dated| holds(dated) && dated.element.data_element == data_element;
        let known = self.targets.get(target).into_iter().flatten();
        let mut leading: Vec<(String, Measure)> = known
            .filter(|(_, dated)| dated.iter().find(|dated| holds(dated)).as_ref().is_some_and(leads))
            .map(|((item, measure, _), _)| (item.clone(), measure.clone()))
            .collect();
        leading.sort_by(|a, b| (&a.0, a.1.name()).cmp(&(&b.0, b.1.name())));
        leading.dedup();
        leading
    }

    /// The targets that links name.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        self.targets.keys().map(String::as_str)
    }

    /// Every data set and data element named for a target.
    pub fn of_target(&self, target: &str) -> impl Iterator<Item = &Element> {
        let known = self.targets.get(target);
        known.into_iter().flat_map(HashMap::values).flatten().map(|dated| dated.element.as_ref())
    }

    /// The measures that a target has data elements for.
    pub fn measures_of(&self, target: &str) -> impl Iterator<Item = &Measure> {
        self.targets.get(target).into_iter().flat_map(HashMap::keys).map(|(_, measure, _)| measure)
    }

    /// How many links there are to a target.
    pub fn len_of(&self, target: &str) -> usize {
        self.of_target(target).count()
    }
}
