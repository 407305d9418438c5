//! Data values in the four formats of the wire.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;

use mlatho_model::{Period, PeriodType, Uid};
use serde_json::{Value as Json, json};

use super::{Cell, Refused};
use crate::dhis2::call::Call;
use crate::dhis2::config::Engine;
use crate::dhis2::resolve::Scheme;
use crate::dhis2::state::{State, moment};
use crate::dhis2::structure::{id_of, list, text};
use crate::dhis2::values::Row;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Xml,
    Csv,
    Adx,
}

impl Format {
    /// By parameter, else by the ending of the path, else by the `Accept` header; without any: JSON.
    pub(super) fn of(call: &Call) -> Option<Self> {
        let ending = call.path.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| !ending.contains('/'));
        if let Some(name) = call.parameter("format").or(ending) {
            return match name {
                "json" => Some(Self::Json),
                "xml" => Some(Self::Xml),
                "csv" => Some(Self::Csv),
                "adx" | "adx+xml" | "adx xml" => Some(Self::Adx),
                _ => None,
            };
        }
        let first = call.accept.split([',', ';']).next().unwrap_or_default().trim();
        match first {
            "" | "*/*" | "application/*" | "application/json" => Some(Self::Json),
            "application/xml" | "text/xml" => Some(Self::Xml),
            "application/csv" | "text/csv" => Some(Self::Csv),
            "application/adx+xml" => Some(Self::Adx),
            _ => None,
        }
    }

    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Xml => "application/xml",
            Self::Csv => "application/csv",
            Self::Adx => "application/adx+xml",
        }
    }
}

/// What objects of one kind are called; nothing: by their UID.
type Names = Option<HashMap<Uid, String>>;

pub(super) struct Writer {
    format: Format,
    engine: Engine,
    marks_deleted: bool,
    data_set: Option<String>,
    elements: Names,
    org_units: Names,
    option_combos: Names,
    attribute_combos: Names,
}

/// Which code stands for which object is `[U]`.
const UNNAMED: [(&str, &str); 4] = [
    ("E8201", "Data element"),
    ("E8202", "Organisation unit"),
    ("E8203", "Category option combo"),
    ("E8204", "Attribute option combo"),
];

impl Writer {
    pub(super) fn new(state: &State, call: &Call, format: Format, data_set: Option<Uid>) -> Result<Self, Refused> {
        let default = if format == Format::Adx { "CODE" } else { "UID" };
        let scheme = |name: &str| Scheme::read(call.parameter(name).or(call.parameter("idScheme")).unwrap_or(default));
        let names = |parameter: &str, kind: &str| {
            let scheme = scheme(parameter);
            let objects = state.metadata.objects(kind);
            let name = |object: &Json| Some((id_of(object)?, scheme.of(object)?.to_owned()));
            (scheme != Scheme::Uid).then(|| objects.filter_map(name).collect())
        };
        let engine = state.config.version.engine();
        let data_set = match data_set {
            None => None,
            Some(id) => match names("dataSetIdScheme", "dataSets")
                .map_or(Some(id.to_string()), |n: HashMap<_, _>| n.get(&id).cloned())
            {
                None if engine == Engine::B => return Err(("E8200", format!("Data set {id} has no such identifier"))),
                name => name,
            },
        };
        if format == Format::Adx && data_set.is_none() {
            return Err(("E2001", "ADX requires a data set".into()));
        }
        Ok(Self {
            format,
            engine,
            marks_deleted: call.flag("includeDeleted"),
            data_set,
            elements: names("dataElementIdScheme", "dataElements"),
            org_units: names("orgUnitIdScheme", "organisationUnits"),
            option_combos: names("categoryOptionComboIdScheme", "categoryOptionCombos"),
            attribute_combos: names("attributeOptionComboIdScheme", "categoryOptionCombos"),
        })
    }

    /// The refusal of a row that has no identifier in the scheme.
    pub(super) fn unnamed(&self, (_, org_unit): Cell, row: &Row) -> Option<Refused> {
        let ids = [row.series.data_element, org_unit, row.series.option_combo, row.series.attribute_combo];
        let kinds = [&self.elements, &self.org_units, &self.option_combos, &self.attribute_combos];
        let mut each = ids.iter().zip(kinds).zip(UNNAMED);
        each.find_map(|((id, names), (code, what))| match names {
            Some(names) if !names.contains_key(id) => Some((code, format!("{what} {id} has no such identifier"))),
            _ => None,
        })
    }

    pub(super) fn head(&self, out: &mut Vec<u8>) {
        match self.format {
            Format::Json if self.engine == Engine::A => out.push(b'{'),
            Format::Json => out.extend(br#"{"dataValues":["#),
            Format::Xml => {
                out.extend(br#"<?xml version='1.0' encoding='UTF-8'?><dataValueSet xmlns="http://dhis2.org/schema/dxf/2.0">"#);
            }
            Format::Csv => out.extend(
                b"\"dataelement\",\"period\",\"orgunit\",\"categoryoptioncombo\",\"attributeoptioncombo\",\"value\",\"storedby\",\"lastupdated\",\"comment\",\"followup\",\"deleted\"\n",
            ),
            Format::Adx => out.extend(br#"<?xml version='1.0' encoding='UTF-8'?><adx xmlns="urn:ihe:qrph:adx:2015">"#),
        }
    }

    /// With engine A a document without values has no list either `[U]`.
    pub(super) fn tail(&self, out: &mut Vec<u8>, written: usize) {
        match self.format {
            Format::Json if self.engine == Engine::A && written == 0 => out.push(b'}'),
            Format::Json => out.extend(b"]}"),
            Format::Xml => out.extend(b"</dataValueSet>"),
            Format::Csv => {}
            Format::Adx => out.extend(b"</adx>"),
        }
    }

    /// Writes the rows of one period and org unit. `follows`: some were written before.
    pub(super) fn cell(&self, out: &mut Vec<u8>, state: &State, cell: Cell, rows: &[&Row], follows: bool) {
        match self.format {
            Format::Json => {
                for (at, row) in rows.iter().enumerate() {
                    match (follows || at > 0, self.engine) {
                        (true, _) => out.push(b','),
                        (false, Engine::A) => out.extend(br#""dataValues":["#),
                        (false, Engine::B) => {}
                    }
                    self.json(out, cell, row);
                }
            }
            Format::Xml => rows.iter().for_each(|row| self.xml(out, cell, row)),
            Format::Csv => rows.iter().for_each(|row| self.csv(out, cell, row)),
            Format::Adx => self.adx(out, state, cell, rows),
        }
    }

    fn json(&self, out: &mut Vec<u8>, cell: Cell, row: &Row) {
        let mut fields = json!({
            "dataElement": name(self.elements.as_ref(), row.series.data_element),
            "period": cell.0.to_string(),
            "orgUnit": name(self.org_units.as_ref(), cell.1),
            "categoryOptionCombo": name(self.option_combos.as_ref(), row.series.option_combo),
            "attributeOptionCombo": name(self.attribute_combos.as_ref(), row.series.attribute_combo),
            "value": &*row.content.value,
            "storedBy": row.updated.by.name,
            "created": moment(row.created.now),
            "lastUpdated": moment(row.updated.now),
            "followup": row.content.follow_up,
        });
        if let Some(fields) = fields.as_object_mut() {
            if let Some(comment) = &row.content.comment {
                fields.insert("comment".into(), comment.to_string().into());
            }
            if self.marks_deleted {
                fields.insert("deleted".into(), row.content.deleted.into());
            }
            fields.retain(|_, value| !value.is_null());
        }
        serde_json::to_writer(out, &fields).unwrap_or_default(); // memory takes everything
    }

    fn texts(&self, cell: Cell, row: &Row) -> [(&'static str, String); 11] {
        let named = |names: &Names, id| name(names.as_ref(), id).unwrap_or_default();
        [
            ("dataElement", named(&self.elements, row.series.data_element)),
            ("period", cell.0.to_string()),
            ("orgUnit", named(&self.org_units, cell.1)),
            ("categoryOptionCombo", named(&self.option_combos, row.series.option_combo)),
            ("attributeOptionCombo", named(&self.attribute_combos, row.series.attribute_combo)),
            ("value", row.content.value.to_string()),
            ("storedBy", row.updated.by.name.clone()),
            ("lastUpdated", moment(row.updated.now)),
            ("comment", row.content.comment.as_deref().unwrap_or_default().to_owned()),
            ("followUp", row.content.follow_up.to_string()),
            ("deleted", if row.content.deleted { "true".into() } else { String::new() }),
        ]
    }

    fn xml(&self, out: &mut Vec<u8>, cell: Cell, row: &Row) {
        out.extend(b"<dataValue");
        for (name, text) in self.texts(cell, row).iter().filter(|(_, text)| !text.is_empty()) {
            attribute(out, name, text);
        }
        out.extend(b"/>");
    }

    fn csv(&self, out: &mut Vec<u8>, cell: Cell, row: &Row) {
        let cells = self.texts(cell, row).map(|(_, text)| format!("\"{}\"", text.replace('"', "\"\"")));
        out.extend(cells.join(",").into_bytes());
        out.push(b'\n');
    }

    /// A group for each attribute option combo; options of splits stand as attributes of their categories `[D]`.
    fn adx(&self, out: &mut Vec<u8>, state: &State, (period, org_unit): Cell, rows: &[&Row]) {
        let mut groups: BTreeMap<Uid, Vec<&Row>> = BTreeMap::new();
        for row in rows {
            groups.entry(row.series.attribute_combo).or_default().push(row);
        }
        for (combo, rows) in groups {
            out.extend(b"<group");
            attribute(out, "dataSet", self.data_set.as_deref().unwrap_or_default());
            attribute(out, "period", &adx_period(period));
            attribute(out, "orgUnit", &name(self.org_units.as_ref(), org_unit).unwrap_or_default());
            options(state, combo).iter().for_each(|(category, option)| attribute(out, category, option));
            out.push(b'>');
            for row in rows {
                out.extend(b"<dataValue");
                attribute(
                    out,
                    "dataElement",
                    &name(self.elements.as_ref(), row.series.data_element).unwrap_or_default(),
                );
                attribute(out, "value", &row.content.value);
                options(state, row.series.option_combo)
                    .iter()
                    .for_each(|(category, option)| attribute(out, category, option));
                out.extend(b"/>");
            }
            out.extend(b"</group>");
        }
    }
}

fn name(names: Option<&HashMap<Uid, String>>, id: Uid) -> Option<String> {
    names.map_or_else(|| Some(id.to_string()), |names| names.get(&id).cloned())
}

fn attribute(out: &mut Vec<u8>, name: &str, text: &str) {
    let _ = write!(out, " {name}=\"{}\"", quick_xml::escape::escape(text)); // memory takes everything
}

/// The codes of the categories and options of an option combo; none for the default.
fn options(state: &State, combo: Uid) -> Vec<(String, String)> {
    let metadata = &state.metadata;
    let object = metadata.object(combo.as_str()).filter(|object| text(object, "name") != Some("default"));
    let Some(object) = object else { return Vec::new() };
    let chosen: Vec<Uid> = list(object, "categoryOptions").iter().filter_map(id_of).collect();
    let categories = state.structure.combo_of(combo).and_then(|combo| metadata.object(combo.as_str()));
    let categories = categories.map_or(&[][..], |combo| list(combo, "categories"));
    let pairs = categories.iter().filter_map(|category| {
        let category = metadata.object(text(category, "id")?)?;
        let option = list(category, "categoryOptions").iter().filter_map(id_of).find(|id| chosen.contains(id))?;
        Some((text(category, "code")?.to_owned(), text(metadata.object(option.as_str())?, "code")?.to_owned()))
    });
    pairs.collect()
}

/// `2026-01-01/P1M`.
fn adx_period(period: Period) -> String {
    use PeriodType as P;
    let length = match period.period_type() {
        P::Daily => "P1D",
        P::BiWeekly => "P14D",
        P::Monthly => "P1M",
        P::BiMonthly => "P2M",
        P::Quarterly | P::QuarterlyNov => "P3M",
        P::SixMonthly | P::SixMonthlyApril | P::SixMonthlyNov => "P6M",
        kind if kind.name().starts_with("Weekly") => "P7D",
        _ => "P1Y",
    };
    format!("{}/{length}", period.start())
}
