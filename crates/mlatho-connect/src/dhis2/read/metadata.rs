//! The structure that decides whether a data set accepts a value.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use mlatho_model::{Decimal, Period, PeriodType, Uid};
use serde::Deserialize;

use super::categories::Access;
use crate::dhis2::client::Reference;
use crate::dhis2::{Client, Dhis2Error};

/// A data set with what it accepts.
#[derive(Clone, Debug)]
pub struct DataSet {
    pub id: Uid,
    pub name: String,
    /// None where the server uses a type that has no literal form here; then every value is left to the server.
    pub period_type: Option<PeriodType>,
    /// Its attribute option combos come from here.
    pub category_combo: Uid,
    /// Days after the end of a period until it is closed; none or 0: never.
    pub expiry_days: Option<Decimal>,
    /// How many periods from the present one on are open; 0: only past ones.
    pub open_future_periods: i64,
    pub input_periods: Vec<InputPeriod>,
    /// For so many periods after the end of a category option values may still be reported for it.
    pub open_after_option: i64,
    /// The workflow by which its data is approved.
    pub workflow: Option<Uid>,
    /// Whether the user may write data; true also where the server does not say.
    pub writable: bool,
    pub org_units: HashSet<Uid>,
    pub elements: HashMap<Uid, DataElement>,
}

/// A data element as a member of a data set.
#[derive(Clone, Debug)]
pub struct DataElement {
    pub id: Uid,
    /// `INTEGER_ZERO_OR_POSITIVE`, `NUMBER`, `TEXT` …
    pub value_type: String,
    /// `SUM`, `LAST_IN_PERIOD` …
    pub aggregation_type: String,
    pub zero_is_significant: bool,
    pub option_set: Option<Uid>,
    pub comment_option_set: Option<Uid>,
    /// The combo that holds within the data set: the member's own, else the data element's.
    pub category_combo: Uid,
}

/// A period that is open between two dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputPeriod {
    pub period: Period,
    pub opening: Option<Date>,
    pub closing: Option<Date>,
}

/// An org unit with its place and the dates between which it is open.
#[derive(Clone, Debug)]
pub struct OrgUnit {
    pub id: Uid,
    pub name: String,
    /// From the root down to itself; empty where the server does not say.
    pub path: Vec<Uid>,
    pub opening: Option<Date>,
    pub closed: Option<Date>,
}

impl Client {
    /// One data set.
    ///
    /// # Errors
    /// The server does not answer, or does not know it.
    pub async fn data_set(&self, id: Uid) -> Result<DataSet, Dhis2Error> {
        let fields = "id,code,name,periodType,categoryCombo[id],expiryDays,openFuturePeriods,openPeriodsAfterCoEndDate,\
                      access[data[write]],workflow[id],dataInputPeriods,organisationUnits[id],\
                      dataSetElements[dataElement[id,code,valueType,zeroIsSignificant,aggregationType,optionSet[id],\
                      commentOptionSet[id],categoryCombo[id]],categoryCombo[id]]";
        let wire: WireDataSet = self.get_json(&format!("api/dataSets/{id}"), &[("fields", fields)]).await?;
        Ok(wire.read())
    }

    /// The data sets that each data element is a member of, in the order of their UIDs: none for one that is in no data
    /// set. One that the server does not know is left out.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn data_sets_of(&self, elements: &BTreeSet<Uid>) -> Result<BTreeMap<Uid, Vec<Uid>>, Dhis2Error> {
        let mut sets = BTreeMap::new();
        for filter in id_filters(elements) {
            let found: Vec<WireMemberships> =
                self.list("dataElements", "id,dataSetElements[dataSet[id]]", &[filter]).await?;
            sets.extend(found.into_iter().map(|wire| {
                let own: BTreeSet<Uid> = wire.data_set_elements.iter().map(|member| member.data_set.id).collect();
                (wire.id, own.into_iter().collect())
            }));
        }
        Ok(sets)
    }

    /// The codes of the options of an option set.
    ///
    /// # Errors
    /// The server does not answer, or does not know it.
    pub async fn option_codes(&self, id: Uid) -> Result<HashSet<String>, Dhis2Error> {
        let path = format!("api/optionSets/{id}");
        let set: WireOptionSet = self.get_json(&path, &[("fields", "options[code]")]).await?;
        Ok(set.options.into_iter().map(|option| option.code).collect())
    }

    /// The org units of those ids.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn org_units(&self, ids: &BTreeSet<Uid>) -> Result<Vec<OrgUnit>, Dhis2Error> {
        let mut units = Vec::new();
        for filter in id_filters(ids) {
            let found: Vec<WireOrgUnit> =
                self.list("organisationUnits", "id,name,path,openingDate,closedDate", &[filter]).await?;
            units.extend(found.into_iter().map(|wire| OrgUnit {
                id: wire.id,
                name: wire.name,
                path: wire.path.split('/').filter_map(|id| id.parse().ok()).collect(),
                opening: day(wire.opening_date.as_deref()),
                closed: day(wire.closed_date.as_deref()),
            }));
        }
        Ok(units)
    }
}

/// Filters by id, each short enough for an address line.
pub(super) fn id_filters(ids: &BTreeSet<Uid>) -> Vec<String> {
    let ids: Vec<&str> = ids.iter().map(Uid::as_str).collect();
    ids.chunks(150).map(|ids| format!("id:in:[{}]", ids.join(","))).collect()
}

/// The day of a date as DHIS2 writes it, with or without a time.
pub(super) fn day(text: Option<&str>) -> Option<Date> {
    text?.get(..10)?.parse().ok()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireDataSet {
    id: Uid,
    #[serde(default)]
    name: String,
    period_type: String,
    category_combo: Reference,
    expiry_days: Option<serde_json::Number>,
    #[serde(default)]
    open_future_periods: i64,
    #[serde(default)]
    open_periods_after_co_end_date: i64,
    workflow: Option<Reference>,
    #[serde(default)]
    access: Access,
    #[serde(default)]
    data_input_periods: Vec<WireInputPeriod>,
    #[serde(default)]
    organisation_units: Vec<Reference>,
    #[serde(default)]
    data_set_elements: Vec<WireMember>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireInputPeriod {
    period: WirePeriod,
    opening_date: Option<String>,
    closing_date: Option<String>,
}

#[derive(Deserialize)]
struct WirePeriod {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireMember {
    data_element: WireElement,
    category_combo: Option<Reference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireElement {
    id: Uid,
    value_type: String,
    #[serde(default)]
    aggregation_type: String,
    #[serde(default)]
    zero_is_significant: bool,
    option_set: Option<Reference>,
    comment_option_set: Option<Reference>,
    category_combo: Reference,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireMemberships {
    id: Uid,
    #[serde(default)]
    data_set_elements: Vec<WireMembership>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireMembership {
    data_set: Reference,
}

#[derive(Deserialize)]
struct WireOptionSet {
    #[serde(default)]
    options: Vec<WireOption>,
}

#[derive(Deserialize)]
struct WireOption {
    code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireOrgUnit {
    id: Uid,
    #[serde(default)]
    name: String,
    #[serde(default)]
    path: String,
    opening_date: Option<String>,
    closed_date: Option<String>,
}

impl WireDataSet {
    fn read(self) -> DataSet {
        let elements = self.data_set_elements.into_iter().map(|member| {
            let element = member.data_element;
            let read = DataElement {
                id: element.id,
                value_type: element.value_type,
                aggregation_type: element.aggregation_type,
                zero_is_significant: element.zero_is_significant,
                option_set: element.option_set.map(|set| set.id),
                comment_option_set: element.comment_option_set.map(|set| set.id),
                category_combo: member.category_combo.unwrap_or(element.category_combo).id,
            };
            (read.id, read)
        });
        let input_periods = self.data_input_periods.into_iter().filter_map(|wire| {
            let period = wire.period.id.parse().ok()?;
            Some(InputPeriod {
                period,
                opening: day(wire.opening_date.as_deref()),
                closing: day(wire.closing_date.as_deref()),
            })
        });
        DataSet {
            id: self.id,
            name: self.name,
            period_type: self.period_type.parse().ok(),
            category_combo: self.category_combo.id,
            expiry_days: self.expiry_days.and_then(|days| days.to_string().parse().ok()),
            open_future_periods: self.open_future_periods,
            input_periods: input_periods.collect(),
            open_after_option: self.open_periods_after_co_end_date,
            workflow: self.workflow.map(|workflow| workflow.id),
            writable: self.access.lets_write(),
            org_units: self.organisation_units.iter().map(|unit| unit.id).collect(),
            elements: elements.collect(),
        }
    }
}
