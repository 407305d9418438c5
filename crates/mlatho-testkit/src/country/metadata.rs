//! The country's DHIS2 server: its metadata in the form of an export.

use mlatho_model::{PeriodType, Uid};
use serde_json::{Value as Json, json};

use super::{Country, DataSet, DataSetKind, Facility};

/// The category combo that stands for no split, as new installs name it.
const DEFAULT_COMBO: &str = "bjDvmb4bfuf";

impl Country {
    /// Org units, data elements and data sets as `/api/metadata` exports them: JSON.
    ///
    /// Stock data elements follow `dhis2.md` section 9; reports by month and by quarter have their own, since a data
    /// element belongs to one data set. All zeros are significant.
    #[must_use]
    pub fn dhis2_metadata(&self) -> Vec<u8> {
        let org_units = self.org_units();
        let services = self
            .service_elements()
            .map(|(uid, service)| element(uid, service.code, service.name, "INTEGER_ZERO_OR_POSITIVE", "SUM"));
        let stock = self
            .stock_elements()
            .iter()
            .map(|one| element(one.uid, &one.code, &one.name, one.value_type, one.aggregation_type));
        let data_sets: Vec<Json> = self.data_sets().iter().map(|set| self.data_set(set)).collect();
        let elements: Vec<Json> = services.chain(stock).collect();
        json!({"organisationUnits": org_units, "dataElements": elements, "dataSets": data_sets})
            .to_string()
            .into_bytes()
    }

    fn org_units(&self) -> Vec<Json> {
        let mut units = vec![org_unit(self.uid, "Demo country", &[], "")];
        for region in &self.regions {
            units.push(org_unit(region.uid, &region.name, &[self.uid], ""));
        }
        for district in &self.districts {
            let opened = district.split_from.and_then(|(_, month)| self.months.get(month));
            let opened = opened.map(|month| month.start().to_string()).unwrap_or_default();
            let above = [self.uid, self.regions[district.region].uid];
            units.push(org_unit(district.uid, &district.name, &above, &opened));
        }
        for facility in &self.facilities {
            let district = &self.districts[facility.district];
            let above = [self.uid, self.regions[district.region].uid, district.uid];
            let mut unit = org_unit(facility.uid, &facility.name, &above, "");
            let last_day = facility.closed.and_then(|month| self.months.get(month)?.start().yesterday().ok());
            if let Some(day) = last_day {
                unit["closedDate"] = json!(format!("{day}T00:00:00.000"));
            }
            units.push(unit);
        }
        units
    }

    fn data_set(&self, set: &DataSet) -> Json {
        let quarterly = set.period_type == PeriodType::Quarterly;
        let elements: Vec<Uid> = match set.kind {
            DataSetKind::Services => self
                .service_elements()
                .filter(|(_, service)| service.quarterly == quarterly)
                .map(|(uid, _)| uid)
                .collect(),
            DataSetKind::Stock => {
                let fits = self.stock_elements().iter().filter(|element| element.period_type == set.period_type);
                fits.map(|element| element.uid).collect()
            }
        };
        let reports = |facility: &&Facility| set.kind == DataSetKind::Services || facility.quarterly == quarterly;
        let org_units = self.facilities.iter().filter(reports).map(|facility| json!({"id": facility.uid}));
        let members =
            elements.iter().map(|element| json!({"dataSet": {"id": set.uid}, "dataElement": {"id": element}}));
        json!({
            "id": set.uid, "code": set.code, "name": set.name, "shortName": set.name,
            "periodType": set.period_type.name(), "categoryCombo": {"id": DEFAULT_COMBO},
            "expiryDays": 0, "openFuturePeriods": 0, "dataInputPeriods": [],
            "dataSetElements": members.collect::<Vec<_>>(), "organisationUnits": org_units.collect::<Vec<_>>(),
        })
    }
}

/// An org unit below others; without a day, open since 2000.
fn org_unit(uid: Uid, name: &str, above: &[Uid], opened: &str) -> Json {
    let path: Vec<&str> = above.iter().chain([&uid]).map(Uid::as_str).collect();
    let opened = if opened.is_empty() { "2000-01-01" } else { opened };
    let mut unit = json!({
        "id": uid, "name": name, "shortName": name, "path": format!("/{}", path.join("/")), "level": above.len() + 1,
        "openingDate": format!("{opened}T00:00:00.000"),
    });
    if let Some(parent) = above.last() {
        unit["parent"] = json!({"id": parent});
    }
    unit
}

fn element(uid: Uid, code: &str, name: &str, value_type: &str, aggregation_type: &str) -> Json {
    json!({
        "id": uid, "code": code, "name": name, "shortName": code, "domainType": "AGGREGATE",
        "valueType": value_type, "aggregationType": aggregation_type, "zeroIsSignificant": true,
        "categoryCombo": {"id": DEFAULT_COMBO},
    })
}
