//! From what a payload writes to groups of one data set each. What cannot be decoded refuses the whole payload.

use std::collections::BTreeSet;

use mlatho_model::{Period, Uid};

use super::{Fault, Group, Row, Wild, fault};
use crate::dhis2::call::Call;
use crate::dhis2::import::Refusal;
use crate::dhis2::payload::{self, Combo, Deletion, Incoming, Payload};
use crate::dhis2::resolve::{Finder, Finders, Found};
use crate::dhis2::state::State;
use crate::dhis2::values::Key;

/// Why a payload was not decoded.
pub(super) enum Undecoded {
    /// A plain error without import summary `[I]`.
    Plain(Refusal),
    /// A summary whose only conflict names row −1: the first offender of the payload `[C]`.
    Whole(Fault),
}

impl From<Fault> for Undecoded {
    fn from(fault: Fault) -> Self {
        Self::Whole(fault)
    }
}

/// The codes for an identifier that is missing, unknown in its scheme, or no UID. Which of the codes of one object is
/// which is `[U]`.
struct Codes {
    what: &'static str,
    missing: &'static str,
    unknown: &'static str,
    malformed: &'static str,
}

const DATA_SET: Codes = Codes { what: "Data set", missing: "E8004", unknown: "E8004", malformed: "E8005" };
const DATA_ELEMENT: Codes = Codes { what: "Data element", missing: "E8102", unknown: "E8103", malformed: "E8104" };
const ORG_UNIT: Codes = Codes { what: "Organisation unit", missing: "E8105", unknown: "E8106", malformed: "E8107" };
const OPTION_COMBO: Codes =
    Codes { what: "Category option combo", missing: "E8126", unknown: "E8108", malformed: "E8109" };
const ATTRIBUTE_COMBO: Codes =
    Codes { what: "Attribute option combo", missing: "E8127", unknown: "E8110", malformed: "E8111" };

impl Codes {
    fn find(&self, finder: &Finder, text: Option<&str>) -> Result<Uid, Fault> {
        let what = self.what;
        let Some(text) = text else { return Err(fault(self.missing, "", format!("{what} is not specified"))) };
        match finder.find(text) {
            Found::Is(id) => Ok(id),
            Found::Unknown => Err(fault(self.unknown, text, format!("{what} {text} does not exist"))),
            Found::Malformed => Err(fault(self.malformed, text, format!("{what} {text} is not a valid UID"))),
        }
    }
}

pub(super) fn decode<'a>(state: &State, call: &Call, payload: &'a Payload<'_>) -> Result<Vec<Group<'a>>, Undecoded> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut index = 0;
    for envelope in &payload.groups {
        let decoder =
            Decoder { state, finders: Finders::new(&state.metadata, call, envelope, payload.defaults_to_code) };
        let given = envelope.data_set.as_ref().map(payload::Text::as_str).or_else(|| call.parameter("dataSet"));
        let given = given.map(|text| DATA_SET.find(&decoder.finders.data_set, Some(text))).transpose()?;
        let mut rows = Vec::with_capacity(envelope.data_values.len());
        for value in &envelope.data_values {
            rows.push(decoder.row(index, given, envelope, value)?);
            index += 1;
        }
        let complete = decoder.completion(given, envelope)?;
        let deletion = envelope.deletion.as_ref().map(|scope| decoder.scope(given, scope)).transpose()?;
        let deletion = deletion.unwrap_or_default();
        match (given, groups.last_mut()) {
            // Adjacent groups of one data set become one [C].
            (Some(id), Some(last)) if matches!(last.data_set, Ok(own) if own == id) && last.complete.is_none() => {
                last.rows.extend(rows);
                last.deletion.extend(deletion);
                last.complete = complete;
            }
            (Some(id), _) => groups.push(Group { data_set: Ok(id), rows, complete, deletion }),
            (None, _) if state.config.auto_group => groups.extend(by_any_data_set(state, rows)),
            (None, _) => groups.push(Group { data_set: inferred(state, &rows), rows, complete, deletion }),
        }
    }
    Ok(groups)
}

/// The one data set that all data elements are in, if there is no other `[C]`.
fn inferred(state: &State, rows: &[Row<'_>]) -> Result<Uid, Fault> {
    let mut sets = BTreeSet::new();
    for row in rows {
        let own = state.structure.elements.get(&row.key.data_element).map_or(&[][..], |element| &element.data_sets);
        if own.is_empty() {
            return Err(in_no_data_set(row.key.data_element));
        }
        sets.extend(own.iter().copied());
    }
    let mut sets = sets.into_iter();
    match (sets.next(), sets.next()) {
        (Some(only), None) => Ok(only),
        (first, second) => {
            let args = super::listed(first.into_iter().chain(second).chain(sets));
            let message = format!("Data set is not specified and the data elements are in several: {args}");
            Err(fault("E8002", args, message))
        }
    }
}

fn in_no_data_set(element: Uid) -> Fault {
    fault("E8003", element.to_string(), format!("Data element {element} is not in any data set"))
}

/// With the setting `dataEntryAutoGroup`: each row goes to some data set of its element, here the first `[C]`.
fn by_any_data_set<'a>(state: &State, rows: Vec<Row<'a>>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for row in rows {
        let element = row.key.data_element;
        let set = state.structure.elements.get(&element).and_then(|known| known.data_sets.first()).copied();
        let known = groups.iter_mut().find(|group| group.data_set.as_ref().ok().copied() == set);
        if let Some(group) = known {
            group.rows.push(row);
        } else {
            let data_set = set.ok_or_else(|| in_no_data_set(element));
            groups.push(Group { data_set, rows: vec![row], complete: None, deletion: Vec::new() });
        }
    }
    groups
}

struct Decoder<'s> {
    state: &'s State,
    finders: Finders,
}

impl Decoder<'_> {
    fn row<'a>(
        &self,
        index: usize,
        data_set: Option<Uid>,
        envelope: &'a payload::Group<'_>,
        row: &'a Incoming<'_>,
    ) -> Result<Row<'a>, Undecoded> {
        let data_element =
            DATA_ELEMENT.find(&self.finders.data_element, row.data_element.as_ref().map(payload::Text::as_str))?;
        let org_unit = row.org_unit.as_ref().or(envelope.org_unit.as_ref()).map(payload::Text::as_str);
        let org_unit = ORG_UNIT.find(&self.finders.org_unit, org_unit)?;
        let period = row.period.as_ref().or(envelope.period.as_ref());
        let Some(period) = period else {
            return Err(fault("E8100", "", "Period is not specified").into());
        };
        let period = self.period(period.as_str())?;
        let set = data_set.and_then(|id| self.state.structure.data_sets.get(&id));
        let option_combo = row.category_option_combo.as_ref().map(|combo| {
            let element = self.state.structure.elements.get(&data_element);
            let own = set.and_then(|set| set.elements.get(&data_element)).copied().flatten();
            let own = own.or(element.and_then(|element| element.combo));
            self.combo(&OPTION_COMBO, &self.finders.option_combo, data_set, own, combo)
        });
        let attribute_combo = row.attribute_option_combo.as_ref().or(envelope.attribute_option_combo.as_ref());
        let attribute_combo = attribute_combo.map(|combo| {
            let own = set.and_then(|set| set.combo);
            self.combo(&ATTRIBUTE_COMBO, &self.finders.attribute_combo, data_set, own, combo)
        });
        let key = Key {
            data_element,
            org_unit,
            period,
            option_combo: option_combo.unwrap_or_else(|| self.default_combo(&OPTION_COMBO))?,
            attribute_combo: attribute_combo.transpose()?.map_or_else(|| self.default_combo(&ATTRIBUTE_COMBO), Ok)?,
        };
        Ok(Row {
            index,
            key,
            gives_attribute_combo: row.attribute_option_combo.is_some() || envelope.attribute_option_combo.is_some(),
            value: row.value.as_ref().map_or("", payload::Text::as_str),
            comment: row.comment.as_ref().map(payload::Text::as_str),
            follow_up: row.follow_up == Some(true),
            deleted: row.deleted == Some(true),
        })
    }

    /// One that cannot be read gives a plain error `[I]`.
    fn period(&self, text: &str) -> Result<Period, Undecoded> {
        self.state
            .config
            .calendar
            .read(text)
            .ok_or_else(|| Undecoded::Plain(Refusal { code: "E8100", message: format!("Invalid period: {text}") }))
    }

    /// An option combo that is not given is the default one, whatever the data element's combo is `[C]`.
    fn default_combo(&self, codes: &Codes) -> Result<Uid, Fault> {
        let missing = || fault(codes.missing, "", format!("{} is not specified and there is no default", codes.what));
        self.state.structure.default_option_combo.ok_or_else(missing)
    }

    fn combo(
        &self,
        codes: &Codes,
        finder: &Finder,
        data_set: Option<Uid>,
        combo: Option<Uid>,
        text: &Combo<'_>,
    ) -> Result<Uid, Fault> {
        match text {
            Combo::Id(text) => codes.find(finder, Some(text)),
            Combo::Options(_) if data_set.is_none() => {
                Err(fault("E8101", "", "Category options can only be used with a data set"))
            }
            Combo::Options(options) => {
                let named = format!("{options:?}");
                let message = format!("{} of {named} does not exist", codes.what);
                self.finders
                    .by_options(&self.state.metadata, combo, options)
                    .ok_or_else(|| fault(codes.missing, named, message))
            }
        }
    }

    /// Completeness needs data set, org unit and period in the envelope `[C]`.
    fn completion<'a>(
        &self,
        data_set: Option<Uid>,
        envelope: &'a payload::Group<'_>,
    ) -> Result<Option<(crate::dhis2::state::Slice, &'a str)>, Undecoded> {
        let Some(date) = &envelope.complete_date else { return Ok(None) };
        let (Some(data_set), Some(org_unit), Some(period)) = (data_set, &envelope.org_unit, &envelope.period) else {
            let message = "Completion date requires data set, organisation unit and period";
            return Err(fault("E8009", date.as_str(), message).into());
        };
        let org_unit = ORG_UNIT.find(&self.finders.org_unit, Some(org_unit.as_str()))?;
        let period = self.period(period.as_str())?;
        let attribute_combo = match &envelope.attribute_option_combo {
            Some(combo) => {
                let own = self.state.structure.data_sets.get(&data_set).and_then(|set| set.combo);
                self.combo(&ATTRIBUTE_COMBO, &self.finders.attribute_combo, Some(data_set), own, combo)?
            }
            None => self.default_combo(&ATTRIBUTE_COMBO)?,
        };
        Ok(Some(((data_set, period, org_unit, attribute_combo), date.as_str())))
    }

    /// Every data element at every org unit in every period; it needs a data set `[I]`.
    fn scope(&self, data_set: Option<Uid>, scope: &Deletion) -> Result<Vec<(Key, Wild)>, Undecoded> {
        if data_set.is_none() {
            return Err(fault("E8034", "", "A deletion scope requires a data set").into());
        }
        if scope.org_units.is_empty() || scope.periods.is_empty() || scope.elements.is_empty() {
            let message = "A deletion scope requires organisation units, periods and data elements";
            return Err(fault("E8035", "", message).into());
        }
        let mut keys = Vec::new();
        for element in &scope.elements {
            let data_element = DATA_ELEMENT.find(&self.finders.data_element, Some(&element.data_element))?;
            let combo = |codes: &Codes, finder: &Finder, text: Option<&str>| match text {
                Some(text) => codes.find(finder, Some(text)),
                None => self.default_combo(codes),
            };
            let option_combo = element.category_option_combo.as_deref();
            let attribute_combo = element.attribute_option_combo.as_deref();
            let wild = Wild { option_combo: option_combo.is_none(), attribute_combo: attribute_combo.is_none() };
            let option_combo = combo(&OPTION_COMBO, &self.finders.option_combo, option_combo)?;
            let attribute_combo = combo(&ATTRIBUTE_COMBO, &self.finders.attribute_combo, attribute_combo)?;
            for org_unit in &scope.org_units {
                let org_unit = ORG_UNIT.find(&self.finders.org_unit, Some(org_unit))?;
                for period in &scope.periods {
                    let period = self.period(period)?;
                    keys.push((Key { data_element, org_unit, period, option_combo, attribute_combo }, wild));
                }
            }
        }
        Ok(keys)
    }
}
