//! The project folder of the demo: mappings, layout and settings that bring the two sides together.

use std::collections::BTreeMap;

use super::mappings::text;
use super::{Country, DataSetKind, ServiceValue};

/// A server of the demo.
#[derive(Clone, Copy, Debug)]
pub struct Server<'a> {
    /// Address with its context path.
    pub url: &'a str,
    /// Personal access token of DHIS2, or API key of OpenLMIS.
    pub token: &'a str,
}

/// Where the demo's data comes from.
#[derive(Clone, Copy, Debug)]
pub enum Sources<'a> {
    /// Stock reports as files, service counts from the DHIS2 server.
    Both,
    /// Everything as files.
    Files,
    /// Stock reports from this OpenLMIS server, service counts from the DHIS2 server.
    Servers(Server<'a>),
}

impl Country {
    /// The files of the project folder and its inbox, by path; `mlatho.toml` is among them. Stock data is delivered to
    /// the DHIS2 server.
    #[must_use]
    pub fn project_files(&self, dhis2: &Server<'_>, sources: Sources<'_>) -> BTreeMap<String, Vec<u8>> {
        let secret = |server: &Server<'_>| format!("{}\n", server.token).into_bytes();
        let mut files = BTreeMap::from([
            ("secrets/dhis2-token".to_owned(), secret(dhis2)),
            ("mlatho.toml".to_owned(), self.config(dhis2, sources).into_bytes()),
        ]);
        files.extend(self.mapping_files());
        files.extend(self.registers());
        files.extend(self.rules().into_iter().map(|(name, text)| (format!("rules/{name}.toml"), text.into_bytes())));
        if let Sources::Servers(openlmis) = &sources {
            files.insert("secrets/openlmis-key".to_owned(), secret(openlmis));
        } else {
            let requisitions = self.requisition_files();
            files.extend(requisitions.into_iter().map(|(name, bytes)| (format!("inbox/lmis/{name}"), bytes)));
            files.insert("layouts/requisitions.toml".to_owned(), LAYOUT.into());
        }
        if matches!(sources, Sources::Files) {
            files.insert("inbox/hmis/services.json".to_owned(), self.services_json());
        }
        files
    }

    fn config(&self, dhis2: &Server<'_>, sources: Sources<'_>) -> String {
        let services = self.data_sets().iter().filter(|set| set.kind == DataSetKind::Services);
        let data_sets: Vec<String> = services.map(|set| format!("\"{}\"", set.uid)).collect();
        let first = self.months.first().map(|month| month.start());
        let last = self.months.last().map(|month| month.end());
        let (lmis, hmis) = match sources {
            Sources::Both => (LMIS_FILES.to_owned(), HMIS_SERVER),
            Sources::Files => (LMIS_FILES.to_owned(), HMIS_FILES),
            Sources::Servers(openlmis) => (LMIS_SERVER.replace("{openlmis}", openlmis.url), HMIS_SERVER),
        };
        [HEAD, &lmis, hmis, TARGET]
            .concat()
            .replace("{url}", dhis2.url)
            .replace("{data_sets}", &data_sets.join(", "))
            .replace("{country}", self.uid.as_str())
            .replace("{first}", &text(first))
            .replace("{last}", &text(last))
    }

    /// The service counts as a DHIS2 data value set.
    fn services_json(&self) -> Vec<u8> {
        let value = |value: ServiceValue| {
            let ServiceValue { data_element, org_unit, period, value } = value;
            format!(
                r#"{{"dataElement":"{data_element}","period":"{period}","orgUnit":"{org_unit}","value":"{value}"}}"#
            )
        };
        let values: Vec<String> = self.service_values().into_iter().map(value).collect();
        format!("{{\"dataValues\":[\n{}\n]}}\n", values.join(",\n")).into_bytes()
    }
}

const LAYOUT: &str = r#"# Requisitions: one line for each facility, product and period; quantities in packs.
shape = "long"

[columns]
report = "report_id"
line = "line"
version = "version"
status = "status"
reported_at = "reported_at"
org_unit = "facility_code"
org_unit_name = "facility_name"
item = "product_code"
item_name = "product_name"
period = "period"

[period]
format = "iso" # 202601 from monthly reporters, 2026Q1 from quarterly ones

[[measures]]
column = "opening_balance"
measure = "opening_balance"
unit = "pack"

[[measures]]
column = "received"
measure = "received"
unit = "pack"

[[measures]]
column = "consumed"
measure = "consumed"
unit = "pack"

[[measures]]
column = "losses"
measure = "losses"
unit = "pack"

[[measures]]
column = "adjustments"
measure = "adjustments"
unit = "pack"

[[measures]]
column = "closing_balance"
measure = "closing_balance"
unit = "pack"

[[measures]]
column = "stockout_days"
measure = "stockout_days"
unit = "day"

[[measures]]
column = "ordered"
measure = "ordered"
unit = "pack"
"#;

const HEAD: &str = r#"# The demo country: every name and number in it is invented.
version = 1
name = "Demo country"
data_dir = "data"
rules = ["rules/*.toml"]

[[registers]]
kind = "org-unit"
file = "registers/org_units.csv"

[[registers]]
kind = "org-unit"
source = "lmis"
file = "registers/lmis.csv"

[[registers]]
kind = "item"
file = "registers/items.csv"

[[registers]]
kind = "item"
source = "lmis"
file = "registers/lmis_items.csv"

"#;

const LMIS_FILES: &str = r#"[[sources]]
name = "lmis"
side = "lmis"
format = "csv"
files = ["inbox/lmis/*.csv"]
layout = "layouts/requisitions.toml"
accept_status = ["APPROVED", "RELEASED"]

"#;

const HMIS_FILES: &str = r#"[[sources]]
name = "hmis"
side = "hmis"
format = "dhis2-json"
files = ["inbox/hmis/*.json"]

"#;

const LMIS_SERVER: &str = r#"[[sources]]
name = "lmis"
side = "lmis"
format = "openlmis-requisitions"
accept_status = ["APPROVED", "RELEASED"]

[sources.openlmis]
programs = ["EM"]

[sources.openlmis.server]
url = "{openlmis}"
api_key_file = "secrets/openlmis-key"

"#;

const HMIS_SERVER: &str = r#"[[sources]]
name = "hmis"
side = "hmis"
format = "dhis2-json"

[sources.dhis2]
data_sets = [{data_sets}]
org_unit = "{country}"
start_date = "{first}"
end_date = "{last}"

[sources.dhis2.server]
url = "{url}"
token_file = "secrets/dhis2-token"

"#;

const TARGET: &str = r#"[[targets]]
name = "dhis2"

[targets.dhis2]
url = "{url}"
token_file = "secrets/dhis2-token"
"#;
