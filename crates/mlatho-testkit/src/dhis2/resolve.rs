//! From what identifiers are written as to UIDs.

use std::collections::{BTreeMap, HashMap};

use mlatho_model::Uid;
use serde_json::Value as Json;

use super::call::Call;
use super::metadata::Metadata;
use super::payload::Group;
use super::structure::{id_of, list, text};

/// What an identifier is taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Uid,
    Code,
    Name,
    Attribute(String),
}

impl Scheme {
    pub(super) fn read(name: &str) -> Self {
        match name.split_once(':') {
            Some((kind, attribute)) if kind.eq_ignore_ascii_case("attribute") => Self::Attribute(attribute.into()),
            _ if name.eq_ignore_ascii_case("code") => Self::Code,
            _ if name.eq_ignore_ascii_case("name") => Self::Name,
            _ => Self::Uid,
        }
    }

    /// The object's identifier in this scheme.
    pub(super) fn of<'a>(&self, object: &'a Json) -> Option<&'a str> {
        match self {
            Self::Uid => text(object, "id"),
            Self::Code => text(object, "code"),
            Self::Name => text(object, "name"),
            Self::Attribute(attribute) => list(object, "attributeValues")
                .iter()
                .find(|value| value.get("attribute").and_then(|own| text(own, "id")) == Some(attribute))
                .and_then(|value| text(value, "value")),
        }
    }
}

/// What came of looking an identifier up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// With UIDs: well-formed, whether there is such an object or not.
    Is(Uid),
    Unknown,
    /// No UID where one was expected.
    Malformed,
}

/// Looks up identifiers of one kind in one scheme.
pub(super) enum Finder {
    ByUid,
    ByText(HashMap<String, Uid>),
}

impl Finder {
    fn new(metadata: &Metadata, kind: &str, scheme: &Scheme) -> Self {
        if *scheme == Scheme::Uid {
            return Self::ByUid;
        }
        let objects = metadata.objects(kind);
        Self::ByText(objects.filter_map(|object| Some((scheme.of(object)?.to_owned(), id_of(object)?))).collect())
    }

    pub(super) fn find(&self, text: &str) -> Found {
        match self {
            Self::ByUid => text.parse().map_or(Found::Malformed, Found::Is),
            Self::ByText(known) => known.get(text).map_or(Found::Unknown, |id| Found::Is(*id)),
        }
    }
}

/// Finders for everything that a data value names.
pub(super) struct Finders {
    pub(super) data_set: Finder,
    pub(super) data_element: Finder,
    pub(super) org_unit: Finder,
    pub(super) option_combo: Finder,
    pub(super) attribute_combo: Finder,
    category: Finder,
    option: Finder,
}

impl Finders {
    /// Schemes of the payload come before parameters, a specific one before `idScheme` `[D]`.
    pub(super) fn new(metadata: &Metadata, call: &Call, group: &Group<'_>, defaults_to_code: bool) -> Self {
        let finder = |kind: &str, own: Option<&String>, parameter: &str| {
            let name = own
                .or(group.id_scheme.as_ref())
                .map(String::as_str)
                .or_else(|| call.parameter(parameter))
                .or_else(|| call.parameter("idScheme"))
                .unwrap_or(if defaults_to_code { "CODE" } else { "UID" });
            Finder::new(metadata, kind, &Scheme::read(name))
        };
        Self {
            data_set: finder("dataSets", group.data_set_id_scheme.as_ref(), "dataSetIdScheme"),
            data_element: finder("dataElements", group.data_element_id_scheme.as_ref(), "dataElementIdScheme"),
            org_unit: finder("organisationUnits", group.org_unit_id_scheme.as_ref(), "orgUnitIdScheme"),
            option_combo: finder(
                "categoryOptionCombos",
                group.category_option_combo_id_scheme.as_ref(),
                "categoryOptionComboIdScheme",
            ),
            attribute_combo: finder(
                "categoryOptionCombos",
                group.attribute_option_combo_id_scheme.as_ref(),
                "attributeOptionComboIdScheme",
            ),
            category: finder("categories", group.category_id_scheme.as_ref(), "categoryIdScheme"),
            option: finder("categoryOptions", group.category_option_id_scheme.as_ref(), "categoryOptionIdScheme"),
        }
    }

    /// The option combo of a combo that has exactly those options of those categories.
    pub(super) fn by_options(
        &self,
        metadata: &Metadata,
        combo: Option<Uid>,
        options: &BTreeMap<String, String>,
    ) -> Option<Uid> {
        let combo = combo?;
        let mut wanted = Vec::new();
        for (category, option) in options {
            let (Found::Is(category), Found::Is(option)) = (self.category.find(category), self.option.find(option))
            else {
                return None;
            };
            let known = list(metadata.object(category.as_str())?, "categoryOptions");
            if !known.iter().any(|own| id_of(own) == Some(option)) {
                return None;
            }
            wanted.push(option);
        }
        wanted.sort_unstable();
        let mut fitting = metadata.objects("categoryOptionCombos").filter(|object| {
            let mut own: Vec<Uid> = list(object, "categoryOptions").iter().filter_map(id_of).collect();
            own.sort_unstable();
            object.get("categoryCombo").and_then(id_of) == Some(combo) && own == wanted
        });
        fitting.next().and_then(id_of)
    }
}
