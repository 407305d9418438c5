//! Category combos, their option combos, and the options that those are made of.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::civil::Date;
use mlatho_model::Uid;
use serde::Deserialize;

use super::metadata::{day, id_filters};
use crate::dhis2::client::Reference;
use crate::dhis2::{Client, Dhis2Error};

/// A category combo with its option combos.
#[derive(Clone, Debug)]
pub struct CategoryCombo {
    pub id: Uid,
    /// The options of each.
    pub option_combos: BTreeMap<Uid, Vec<Uid>>,
}

/// An option of a category: when, where and by whom it may be used.
#[derive(Clone, Debug)]
pub struct CategoryOption {
    pub id: Uid,
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
    /// It may be used there and below; none: everywhere.
    pub org_units: HashSet<Uid>,
    /// Whether the user may write data with it; true also where the server does not say.
    pub writable: bool,
}

impl Client {
    /// The UID of the option combo that stands for no split. Found by its name: older servers have other UIDs.
    ///
    /// # Errors
    /// The server does not answer, or there is none or more than one.
    pub async fn default_option_combo(&self) -> Result<Uid, Dhis2Error> {
        let found: Vec<Reference> = self.list("categoryOptionCombos", "id", &["name:eq:default".into()]).await?;
        match found.as_slice() {
            [only] => Ok(only.id),
            several => Err(Dhis2Error::Answer {
                path: "api/categoryOptionCombos".into(),
                problem: format!("{} option combos are named `default`; there should be one", several.len()),
            }),
        }
    }

    /// The category combos of those ids.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn category_combos(&self, ids: &BTreeSet<Uid>) -> Result<Vec<CategoryCombo>, Dhis2Error> {
        let mut combos = Vec::new();
        for filter in id_filters(ids) {
            let fields = "id,categoryOptionCombos[id,categoryOptions[id]]";
            let found: Vec<WireCombo> = self.list("categoryCombos", fields, &[filter]).await?;
            combos.extend(found.into_iter().map(|wire| CategoryCombo {
                id: wire.id,
                option_combos: wire.category_option_combos.into_iter().map(WireOptionCombo::read).collect(),
            }));
        }
        Ok(combos)
    }

    /// The category options of those ids, as far as the user may read them.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn category_options(&self, ids: &BTreeSet<Uid>) -> Result<Vec<CategoryOption>, Dhis2Error> {
        let mut options = Vec::new();
        for filter in id_filters(ids) {
            let fields = "id,startDate,endDate,organisationUnits[id],access[data[write]]";
            let found: Vec<WireOption> = self.list("categoryOptions", fields, &[filter]).await?;
            options.extend(found.into_iter().map(|wire| CategoryOption {
                id: wire.id,
                start: day(wire.start_date.as_deref()),
                end: day(wire.end_date.as_deref()),
                org_units: wire.organisation_units.iter().map(|unit| unit.id).collect(),
                writable: wire.access.lets_write(),
            }));
        }
        Ok(options)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireCombo {
    id: Uid,
    #[serde(default)]
    category_option_combos: Vec<WireOptionCombo>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireOptionCombo {
    id: Uid,
    #[serde(default)]
    category_options: Vec<Reference>,
}

impl WireOptionCombo {
    fn read(self) -> (Uid, Vec<Uid>) {
        (self.id, self.category_options.iter().map(|option| option.id).collect())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireOption {
    id: Uid,
    start_date: Option<String>,
    end_date: Option<String>,
    #[serde(default)]
    organisation_units: Vec<Reference>,
    #[serde(default)]
    access: Access,
}

/// What the user may do with an object, as the server works it out from its sharing.
#[derive(Default, Deserialize)]
pub(super) struct Access {
    data: Option<DataAccess>,
}

#[derive(Deserialize)]
struct DataAccess {
    write: Option<bool>,
}

impl Access {
    pub(super) fn lets_write(&self) -> bool {
        self.data.as_ref().and_then(|data| data.write) != Some(false)
    }
}
