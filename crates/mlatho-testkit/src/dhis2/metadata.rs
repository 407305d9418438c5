//! Metadata in the shape of a DHIS2 metadata export, with a builder for the usual objects.

use std::collections::{BTreeMap, HashMap};

use mlatho_model::{PeriodType, Uid};
use serde_json::{Map, Value as Json, json};

/// Metadata objects by type (`dataElements`, `organisationUnits`, …) and UID.
///
/// There is always the `default` category, option, combo and option combo.
#[derive(Clone, Debug)]
pub struct Metadata {
    types: BTreeMap<String, BTreeMap<String, Json>>,
    /// The type of every UID.
    index: HashMap<String, String>,
}

/// UIDs of the `default` objects of new installs `[C]`.
const DEFAULTS: [(&str, &str); 4] = [
    ("categoryOptions", "xYerKDKCefk"),
    ("categories", "GLevLNI9wkl"),
    ("categoryCombos", "bjDvmb4bfuf"),
    ("categoryOptionCombos", "HllvX50cXC0"),
];

impl Default for Metadata {
    fn default() -> Self {
        Self::new()
    }
}

impl Metadata {
    /// The metadata of an empty server.
    #[must_use]
    pub fn new() -> Self {
        let mut metadata = Self { types: BTreeMap::new(), index: HashMap::new() };
        let [option, category, combo, option_combo] = DEFAULTS;
        for (kind, id) in DEFAULTS {
            metadata.add(kind, json!({"id": id, "name": "default", "code": "default", "shortName": "default"}));
        }
        metadata.set_text(category.1, "categoryOptions", json!([{"id": option.1}]));
        metadata.set_text(combo.1, "categories", json!([{"id": category.1}]));
        metadata.set_text(option_combo.1, "categoryCombo", json!({"id": combo.1}));
        metadata.set_text(option_combo.1, "categoryOptions", json!([{"id": option.1}]));
        metadata
    }

    /// Reads a metadata export: `{"dataElements": [{"id": …}], …}`. What is no list of objects is left out.
    ///
    /// # Errors
    /// The bytes are not JSON, or not an object.
    pub fn from_json(export: &[u8]) -> Result<Self, serde_json::Error> {
        let types: BTreeMap<String, Json> = serde_json::from_slice(export)?;
        let mut metadata = Self::new();
        for (kind, objects) in types {
            let Json::Array(objects) = objects else { continue };
            for object in objects {
                metadata.add(&kind, object);
            }
        }
        Ok(metadata)
    }

    /// Adds an object as it stands, over one with the same UID. One without an `id` is left out.
    pub fn add(&mut self, kind: &str, object: Json) {
        let Some(id) = object.get("id").and_then(Json::as_str).map(str::to_owned) else { return };
        self.index.insert(id.clone(), kind.to_owned());
        self.types.entry(kind.into()).or_default().insert(id, object);
    }

    /// Sets one property of an object: `expiryDays`, `closedDate`, `sharing`, `code`, …
    pub fn set(&mut self, id: Uid, property: &str, value: Json) {
        self.set_text(id.as_str(), property, value);
    }

    pub(super) fn set_text(&mut self, id: &str, property: &str, value: Json) {
        if let Some(object) = self.object_mut(id) {
            object.insert(property.into(), value);
        }
    }

    /// An org unit below another, open since 1990.
    pub fn org_unit(&mut self, id: Uid, name: &str, parent: Option<Uid>) {
        let mut unit = json!({"id": id, "name": name, "shortName": name, "openingDate": "1990-01-01T00:00:00.000"});
        if let (Some(parent), Some(fields)) = (parent, unit.as_object_mut()) {
            fields.insert("parent".into(), json!({"id": parent}));
        }
        self.add("organisationUnits", unit);
    }

    /// An option set with those codes.
    pub fn option_set(&mut self, id: Uid, codes: &[&str]) {
        let options = codes.iter().map(|code| {
            let option = uid(&format!("option {id} {code}"));
            self.add("options", json!({"id": option, "code": code, "name": code, "optionSet": {"id": id}}));
            json!({"id": option})
        });
        let options: Vec<Json> = options.collect();
        self.add("optionSets", json!({"id": id, "name": id, "valueType": "TEXT", "options": options}));
    }

    /// A category combo with one category of those options, and its option combos in the same order.
    ///
    /// The option combo of an option is named `option_combo`; the option's code is its name.
    pub fn category_combo(&mut self, id: Uid, category: Uid, options: &[(Uid, &str, Uid)]) {
        for (option, name, option_combo) in options {
            self.add("categoryOptions", json!({"id": option, "name": name, "code": name, "shortName": name}));
            self.add(
                "categoryOptionCombos",
                json!({"id": option_combo, "name": name, "code": name, "categoryCombo": {"id": id}, "categoryOptions": [{"id": option}]}),
            );
        }
        let references: Vec<Json> = options.iter().map(|(option, ..)| json!({"id": option})).collect();
        self.add(
            "categories",
            json!({"id": category, "name": category, "code": category, "categoryOptions": references}),
        );
        self.add("categoryCombos", json!({"id": id, "name": id, "code": id, "categories": [{"id": category}]}));
    }

    /// A data element without split, summed up, whose zeros are significant.
    pub fn data_element(&mut self, id: Uid, name: &str, value_type: &str) {
        self.add(
            "dataElements",
            json!({"id": id, "name": name, "shortName": name, "valueType": value_type, "aggregationType": "SUM",
                "domainType": "AGGREGATE", "zeroIsSignificant": true, "categoryCombo": {"id": DEFAULTS[2].1}}),
        );
    }

    /// A data set without attribute split that never expires and is open for the present period.
    pub fn data_set(&mut self, id: Uid, name: &str, period_type: PeriodType, elements: &[Uid], org_units: &[Uid]) {
        let members: Vec<Json> =
            elements.iter().map(|element| json!({"dataSet": {"id": id}, "dataElement": {"id": element}})).collect();
        let org_units: Vec<Json> = org_units.iter().map(|unit| json!({"id": unit})).collect();
        self.add(
            "dataSets",
            json!({"id": id, "name": name, "shortName": name, "periodType": period_type.name(), "expiryDays": 0,
                "openFuturePeriods": 1, "categoryCombo": {"id": DEFAULTS[2].1}, "dataInputPeriods": [],
                "dataSetElements": members, "organisationUnits": org_units}),
        );
    }

    /// A workflow of approval; a data set is put under it with its property `workflow`.
    pub fn approval_workflow(&mut self, id: Uid, name: &str, period_type: PeriodType) {
        self.add("dataApprovalWorkflows", json!({"id": id, "name": name, "periodType": period_type.name()}));
    }

    /// The UID of the option combo that stands for no split.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the text is a constant of eleven letters and digits")]
    pub fn default_option_combo(&self) -> Uid {
        let named = self
            .objects("categoryOptionCombos")
            .find(|object| object.get("name").and_then(Json::as_str) == Some("default"));
        let id = named.and_then(|object| object.get("id")).and_then(Json::as_str).and_then(|id| id.parse().ok());
        id.unwrap_or_else(|| DEFAULTS[3].1.parse().expect("a UID"))
    }

    pub(super) fn kinds(&self) -> impl Iterator<Item = &String> {
        self.types.keys()
    }

    pub(super) fn objects(&self, kind: &str) -> impl Iterator<Item = &Json> {
        self.types.get(kind).into_iter().flat_map(BTreeMap::values)
    }

    pub(super) fn kind_of(&self, id: &str) -> Option<&str> {
        self.index.get(id).map(String::as_str)
    }

    pub(super) fn object(&self, id: &str) -> Option<&Json> {
        self.types.get(self.index.get(id)?)?.get(id)
    }

    pub(super) fn object_mut(&mut self, id: &str) -> Option<&mut Map<String, Json>> {
        self.types.get_mut(self.index.get(id)?)?.get_mut(id)?.as_object_mut()
    }

    pub(super) fn remove(&mut self, id: &str) {
        if let Some(kind) = self.index.remove(id)
            && let Some(objects) = self.types.get_mut(&kind)
        {
            objects.remove(id);
        }
    }
}

/// A UID made from a text, always the same.
pub(super) fn uid(text: &str) -> String {
    const LETTERS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let mut state = 0xCBF2_9CE4_8422_2325_u64; // FNV-1a, then a multiplicative step for each letter
    for byte in text.bytes() {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    }
    let letter = |at: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let among = if at == 0 { 52 } else { 62 };
        usize::try_from((state >> 33) % among).ok().and_then(|at| LETTERS.get(at)).map_or('a', |&byte| char::from(byte))
    };
    (0..11).map(letter).collect()
}
