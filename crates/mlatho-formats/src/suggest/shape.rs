//! What a table is made of: where it begins, what its columns are, and which shape that makes.

use std::collections::BTreeMap;

use mlatho_model::{Measure, Period, PeriodType};

use super::Understood;
use super::sample::Sample;
use super::words::{self, Role};
use crate::layout::DateFormat;
use crate::number;
use crate::table::joined_header;

/// Forms of periods that are tried, with the type that they name.
const FORMATS: [(&str, PeriodType); 9] = [
    ("yyyyMM", PeriodType::Monthly),
    ("yyyy-MM", PeriodType::Monthly),
    ("MMM yyyy", PeriodType::Monthly),
    ("MMM-yyyy", PeriodType::Monthly),
    ("MM/yyyy", PeriodType::Monthly),
    ("yyyy-MM-dd", PeriodType::Monthly),
    ("dd/MM/yyyy", PeriodType::Monthly),
    ("d/M/yyyy", PeriodType::Monthly),
    ("dd-MM-yyyy", PeriodType::Monthly),
];

/// How the columns with values are named.
pub(super) enum Columns {
    /// One by one, or by their role.
    Named,
    /// All from this one on.
    From(usize),
    Pattern(String),
}

/// A table as it was understood.
pub(super) struct Shaped {
    pub(super) first_row: u64,
    pub(super) header_rows: usize,
    header: Vec<String>,
    /// The first row of the sample that holds data.
    data: usize,
    pub(super) roles: BTreeMap<Role, usize>,
    pub(super) columns: Columns,
    /// Headers of measures, in the order of the columns; none: it holds for the whole table.
    pub(super) measures: Vec<(Option<String>, Measure)>,
    /// Columns with values and what they are.
    values: BTreeMap<usize, String>,
    pub(super) period_type: Option<PeriodType>,
    pub(super) period_format: Option<&'static str>,
    shape: &'static str,
}

fn is_number(cell: &str) -> bool {
    number::parse(cell).is_some()
}

fn filled(cells: &[String]) -> usize {
    cells.iter().filter(|cell| !cell.is_empty()).count()
}

impl Shaped {
    /// Nothing: there are no rows that belong together.
    pub(super) fn of(sample: &Sample) -> Option<Self> {
        let widest = sample.rows.iter().map(|(_, cells)| filled(cells)).max()?;
        // Titles fill a cell or two; the table begins with the first row that is about as wide as the widest.
        let start = sample.rows.iter().position(|(_, cells)| filled(cells) * 2 > widest && filled(cells) > 1)?;
        let has_numbers =
            |at: usize| sample.rows.get(at).is_some_and(|(_, cells)| cells.iter().any(|cell| is_number(cell)));
        let is_text = |at: usize| sample.rows.get(at).is_some() && !has_numbers(at);
        let is_period_header = |at: usize| {
            sample.rows.get(at).is_some_and(|(_, cells)| cells.iter().filter(|cell| period(cell).is_some()).count() > 1)
        };
        let blank = |at: usize| sample.rows[at].1.len() - filled(&sample.rows[at].1);
        // An upper header row has gaps, where its cells stand for several below.
        let two = is_text(start) && is_text(start + 1) && has_numbers(start + 2) && blank(start) > 0;
        let header_rows = match (two, is_text(start) || is_period_header(start)) {
            (true, _) => 2,
            (false, true) => 1,
            (false, false) => 0,
        };
        let header_cells: Vec<Vec<String>> =
            sample.rows[start..start + header_rows].iter().map(|(_, cells)| cells.clone()).collect();
        let width = sample.rows.iter().map(|(_, cells)| cells.len()).max()?;
        let mut shaped = Self {
            first_row: sample.rows[start].0,
            header_rows,
            header: joined_header(&header_cells, width, false),
            data: start + header_rows,
            roles: BTreeMap::new(),
            columns: Columns::Named,
            measures: Vec::new(),
            values: BTreeMap::new(),
            period_type: None,
            period_format: None,
            shape: "long",
        };
        shaped.understand(sample);
        Some(shaped)
    }

    fn understand(&mut self, sample: &Sample) {
        let numeric: Vec<bool> = (0..self.header.len()).map(|at| self.is_numeric(sample, at)).collect();
        let periods: Vec<usize> =
            (0..self.header.len()).filter(|at| numeric[*at] && period(&self.header[*at]).is_some()).collect();
        let mut unknown = Vec::new();
        for (at, numeric) in numeric.iter().enumerate() {
            if self.cells(sample, at).all(str::is_empty) {
                continue;
            }
            let own_name = self.header[at].rsplit(" | ").next().unwrap_or_default().to_owned();
            let measure = words::measure(&own_name).filter(|_| *numeric);
            // A long header over numbers says what is counted, though it may name a clinic.
            let names = !*numeric || words::words(&own_name).len() <= 2;
            let by_code = |role: Role| !matches!(role, Role::OrgUnitName | Role::Area | Role::ItemName | Role::Status);
            let role =
                words::role(&own_name).filter(|role| !self.roles.contains_key(role) && (names || by_code(*role)));
            match (measure, role) {
                _ if periods.len() > 1 && periods.contains(&at) => {}
                (Some(measure), _) => {
                    self.values.insert(at, measure.name().into());
                    self.measures.push((self.unique_header(at).map(Into::into), measure));
                }
                (None, Some(role)) if role != Role::Value || *numeric => {
                    self.roles.insert(role, at);
                }
                _ if *numeric && form(self.cells(sample, at)).is_none() => unknown.push(at),
                _ => {}
            }
        }
        self.find_period(sample, &mut unknown);
        self.codes_for_names();
        if periods.len() > 1 {
            self.wide_by_period(&periods);
        } else if (self.header_rows == 2 && self.by_pairs()) || self.by_glued_names(&unknown) {
            self.shape = "wide-by-item";
        } else if self.measures.is_empty() && !self.roles.contains_key(&Role::Value) && !unknown.is_empty() {
            self.wide(&unknown);
        } else if let Some(at) = self.roles.get(&Role::Value).copied().filter(|_| self.measures.is_empty()) {
            self.values.insert(at, "value".into());
        } else {
            self.roles.remove(&Role::Value);
        }
    }

    /// At least half of what the column holds is numbers, and it holds any.
    fn is_numeric(&self, sample: &Sample, at: usize) -> bool {
        let cells = || self.cells(sample, at).filter(|cell| !cell.is_empty());
        let numbers = cells().filter(|cell| is_number(cell)).count();
        numbers > 0 && numbers * 2 >= cells().count()
    }

    fn cells<'s>(&self, sample: &'s Sample, at: usize) -> impl Iterator<Item = &'s str> + Clone {
        sample.rows[self.data..].iter().map(move |(_, cells)| cells.get(at).map_or("", String::as_str))
    }

    /// The column of the period and its form: the one that the header names, else the first whose cells are periods.
    fn find_period(&mut self, sample: &Sample, unknown: &mut Vec<usize>) {
        let form_of = |at: usize| form(self.cells(sample, at));
        let month_is_whole = self.roles.get(&Role::Month).and_then(|at| form_of(*at)).is_some();
        let named = self.roles.get(&Role::Period).copied().filter(|at| form_of(*at).is_some());
        let named = named.or(self.roles.get(&Role::Month).copied().filter(|_| month_is_whole));
        let taken: Vec<usize> = self.roles.values().copied().collect();
        let by_cells = || (0..self.header.len()).find(|at| !taken.contains(at) && form_of(*at).is_some());
        let year_and_month =
            !month_is_whole && self.roles.contains_key(&Role::Year) && self.roles.contains_key(&Role::Month);
        let found = named.or_else(|| if year_and_month { None } else { by_cells() });
        let form = found.and_then(form_of);
        let year = || {
            let at = *self.roles.get(&Role::Year).filter(|_| !self.roles.contains_key(&Role::Month))?;
            let years = self.cells(sample, at).filter(|cell| !cell.is_empty());
            let plausible = |cell: &str| cell.parse::<u16>().is_ok_and(|year| (1990..=2100).contains(&year));
            years.clone().all(plausible).then_some((at, (None, PeriodType::Yearly)))
        };
        let Some((at, (format, kind))) = found.zip(form).or_else(year) else {
            self.roles.remove(&Role::Period);
            self.period_type = self.year_month().map(|_| PeriodType::Monthly);
            return;
        };
        self.roles.insert(Role::Period, at);
        self.roles.remove(&Role::Month);
        self.roles.remove(&Role::Year);
        self.values.remove(&at);
        let name = self.unique_header(at).map(str::to_owned);
        self.measures.retain(|(header, _)| header.is_none() || *header != name);
        unknown.retain(|column| *column != at);
        (self.period_format, self.period_type) = (format, Some(kind));
    }

    /// Where a thing has only a name, the name is what it is known by.
    fn codes_for_names(&mut self) {
        for (code, name) in [(Role::OrgUnit, Role::OrgUnitName), (Role::Item, Role::ItemName)] {
            if !self.roles.contains_key(&code)
                && let Some(at) = self.roles.remove(&name)
            {
                self.roles.insert(code, at);
            }
        }
        // Of several areas the last stands, for tables name them from the top.
        if let Some(area) = self.roles.remove(&Role::Area) {
            self.roles.entry(Role::OrgUnit).or_insert(area);
        }
    }

    fn wide_by_period(&mut self, periods: &[usize]) {
        self.shape = "wide-by-period";
        self.columns = Columns::From(periods[0]);
        let form = form(periods.iter().map(|at| self.header[*at].as_str()));
        (self.period_format, self.period_type) = form.map_or((None, None), |(format, kind)| (format, Some(kind)));
        self.roles.remove(&Role::Period);
        self.roles.remove(&Role::Value);
        self.measures = vec![(None, Measure::Element("value".into()))];
        self.values = periods.iter().map(|at| (*at, "period".into())).collect();
    }

    /// Whether the header pairs items above with measures below.
    fn by_pairs(&mut self) -> bool {
        let pairs: Vec<(usize, &str, &str)> = self
            .values
            .keys()
            .filter_map(|at| self.header[*at].split_once(" | ").map(|(item, measure)| (*at, item, measure)))
            .collect();
        let mut items: Vec<&str> = pairs.iter().map(|(_, item, _)| *item).collect();
        items.dedup();
        if items.len() < 2 || items.len() == pairs.len() {
            return false;
        }
        let mut measures: Vec<(Option<String>, Measure)> = Vec::new();
        for (_, _, lower) in &pairs {
            if let Some(measure) = words::measure(lower)
                && !measures.iter().any(|(known, _)| known.as_deref() == Some(*lower))
            {
                measures.push((Some((*lower).into()), measure));
            }
        }
        let lower: Vec<String> = measures.iter().flat_map(|(name, _)| name).map(|name| regex::escape(name)).collect();
        self.columns = Columns::Pattern(format!(r"^(?<item>.+) \| (?<measure>{})$", lower.join("|")));
        self.measures = measures;
        true
    }

    /// Whether one header row glues items and measures together, as in `pill_received`, `iud_received`.
    fn by_glued_names(&mut self, unknown: &[usize]) -> bool {
        let columns: Vec<usize> = self.values.keys().copied().collect();
        let mut distinct: Vec<&Measure> = self.measures.iter().map(|(_, measure)| measure).collect();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() == columns.len() {
            return false;
        }
        let Some(separator) =
            ['_', ' ', '-'].into_iter().find(|c| columns.iter().all(|at| self.header[*at].contains(*c)))
        else {
            return false;
        };
        let parts = |at: usize| self.header[at].split_once(separator);
        let mut items: Vec<&str> = columns.iter().filter_map(|at| Some(parts(*at)?.0)).collect();
        items.sort_unstable();
        items.dedup();
        let mut measures: Vec<(Option<String>, Measure)> = Vec::new();
        for rest in columns.iter().filter_map(|at| Some(parts(*at)?.1)) {
            if !measures.iter().any(|(known, _)| known.as_deref() == Some(rest))
                && let Some(measure) = words::measure(rest)
            {
                measures.push((Some(rest.into()), measure));
            }
        }
        if items.len() < 2 || measures.len() == columns.len() {
            return false;
        }
        let others = unknown.iter().copied().filter(|at| parts(*at).is_some_and(|(item, _)| items.contains(&item)));
        let others: Vec<usize> = others.collect();
        let list: Vec<String> = items.iter().map(|item| regex::escape(item)).collect();
        let escaped = regex::escape(&separator.to_string());
        self.columns = Columns::Pattern(format!("^(?<item>{}){escaped}(?<measure>.+)$", list.join("|")));
        self.measures = measures;
        self.values.extend(others.into_iter().map(|at| (at, "item".into())));
        true
    }

    /// Columns of numbers whose names say nothing to us: org units where a long beginning is common to them and nothing
    /// else names org units, else elements.
    fn wide(&mut self, unknown: &[usize]) {
        let names: Vec<&str> = unknown.iter().map(|at| self.header[*at].as_str()).collect();
        let prefix = common_beginning(&names);
        if !self.roles.contains_key(&Role::OrgUnit) && names.len() >= 4 {
            self.shape = "wide-by-org-unit";
            self.columns = if prefix.len() >= 4 {
                Columns::Pattern(format!("^{}(?<org_unit>.+)$", regex::escape(prefix)))
            } else {
                Columns::From(unknown[0])
            };
            let element = if prefix.len() >= 4 { prefix.trim() } else { "value" };
            self.measures = vec![(None, Measure::Element(element.into()))];
            self.values = unknown.iter().map(|at| (*at, "org_unit".into())).collect();
            return;
        }
        self.shape = "wide-by-item";
        let list: Vec<String> = names.iter().map(|name| regex::escape(name)).collect();
        self.columns = Columns::Pattern(format!("^(?<item>{})$", list.join("|")));
        self.values = unknown.iter().map(|at| (*at, "item".into())).collect();
    }

    pub(super) const fn shape(&self) -> &'static str {
        self.shape
    }

    /// The header of a column, where no other has the same.
    pub(super) fn unique_header(&self, at: usize) -> Option<&str> {
        let header = self.header.get(at).filter(|_| self.header_rows > 0)?;
        let same = |other: &&String| other.to_lowercase() == header.to_lowercase();
        (self.header.iter().filter(same).count() == 1 && *header != (at + 1).to_string()).then_some(header.as_str())
    }

    pub(super) fn year_month(&self) -> Option<[usize; 2]> {
        Some([*self.roles.get(&Role::Year)?, *self.roles.get(&Role::Month)?])
    }

    pub(super) fn names_org_units(&self) -> bool {
        self.roles.contains_key(&Role::OrgUnit) || self.shape == "wide-by-org-unit"
    }

    pub(super) fn names_periods(&self) -> bool {
        self.roles.contains_key(&Role::Period) || self.year_month().is_some() || self.shape == "wide-by-period"
    }

    pub(super) fn has_values(&self) -> bool {
        !self.values.is_empty()
    }

    pub(super) fn data_rows(&self, sample: &Sample) -> usize {
        sample.rows.len() - self.data
    }

    pub(super) fn understood(&self, sample: &Sample) -> Vec<Understood> {
        let meaning = |at: usize| {
            let role = self.roles.iter().find(|(_, of)| **of == at).map(|(role, _)| role.key().to_owned());
            self.values.get(&at).cloned().or(role).unwrap_or_default()
        };
        let example =
            |at: usize| self.cells(sample, at).find(|cell| !cell.is_empty()).unwrap_or_default().chars().take(40);
        let columns = self.header.iter().enumerate().map(|(at, header)| Understood {
            number: at + 1,
            header: header.clone(),
            meaning: meaning(at),
            example: example(at).collect(),
        });
        columns.collect()
    }
}

/// The period that a single text names.
fn period(text: &str) -> Option<PeriodType> {
    form(std::iter::once(text)).map(|(_, kind)| kind)
}

/// The form that all texts which say anything have in common. DHIS2 periods need no format.
fn form<'t>(texts: impl Iterator<Item = &'t str> + Clone) -> Option<(Option<&'static str>, PeriodType)> {
    let texts = texts.filter(|text| !text.is_empty());
    let first = texts.clone().next()?;
    let plausible = |year: i16| (1990..=2100).contains(&year);
    if let Ok(period) = first.parse::<Period>()
        && period.period_type() != PeriodType::Daily
        && texts.clone().all(|text| {
            text.parse::<Period>()
                .is_ok_and(|other| other.period_type() == period.period_type() && plausible(other.start().year()))
        })
    {
        // A bare year may as well be any number of four digits.
        return (period.period_type() != PeriodType::Yearly).then_some((None, period.period_type()));
    }
    FORMATS.iter().find_map(|(pattern, kind)| {
        let format = DateFormat::parse(pattern)?;
        let fits = |text: &str| format.date(text).is_some_and(|date| plausible(date.year()));
        texts.clone().all(fits).then_some((Some(*pattern), *kind))
    })
}

/// What all names begin with, up to the last space.
fn common_beginning<'n>(names: &[&'n str]) -> &'n str {
    let Some((first, others)) = names.split_first() else { return "" };
    let same = |other: &&str| first.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let length = others.iter().map(same).min().unwrap_or(0);
    let shared = first.get(..length).or_else(|| first.get(..length - 1)).unwrap_or_default();
    shared.rfind(' ').map_or("", |at| &first[..=at])
}
