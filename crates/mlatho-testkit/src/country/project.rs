//! The project folder of the demo: mappings, layout and settings that bring the two sides together.

use std::collections::BTreeMap;

use super::mappings::text;
use super::{Country, DataSetKind};

/// The DHIS2 server of the demo: service counts are read from it, stock data is delivered to it.
#[derive(Clone, Copy, Debug)]
pub struct Server<'a> {
    /// Address with its context path.
    pub url: &'a str,
    /// Personal access token.
    pub token: &'a str,
}

impl Country {
    /// The files of the project folder and its inbox, by path. `mlatho.toml` is among them.
    #[must_use]
    pub fn project_files(&self, server: &Server<'_>) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::from([
            ("mappings/org_units.csv".to_owned(), self.org_units_csv()),
            ("mappings/items.csv".to_owned(), self.items_csv()),
            ("mappings/elements.csv".to_owned(), self.elements_csv()),
            ("layouts/requisitions.toml".to_owned(), LAYOUT.into()),
            ("secrets/dhis2-token".to_owned(), format!("{}\n", server.token).into_bytes()),
            ("mlatho.toml".to_owned(), self.config(server).into_bytes()),
        ]);
        files.extend(self.rules().into_iter().map(|(name, text)| (format!("rules/{name}.toml"), text.into_bytes())));
        files.extend(self.requisition_files().into_iter().map(|(name, bytes)| (format!("inbox/lmis/{name}"), bytes)));
        files
    }

    fn config(&self, server: &Server<'_>) -> String {
        let services = self.data_sets().iter().filter(|set| set.kind == DataSetKind::Services);
        let data_sets: Vec<String> = services.map(|set| format!("\"{}\"", set.uid)).collect();
        let first = self.months.first().map(|month| month.start());
        let last = self.months.last().map(|month| month.end());
        CONFIG
            .replace("{url}", server.url)
            .replace("{data_sets}", &data_sets.join(", "))
            .replace("{country}", self.uid.as_str())
            .replace("{first}", &text(first))
            .replace("{last}", &text(last))
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

const CONFIG: &str = r#"# The demo country: every name and number in it is invented.
version = 1
name = "Demo country"
data_dir = "data"
rules = ["rules/*.toml"]

[[sources]]
name = "lmis"
side = "lmis"
format = "csv"
files = ["inbox/lmis/*.csv"]
layout = "layouts/requisitions.toml"
accept_status = ["APPROVED", "RELEASED"]

[[sources]]
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

[[targets]]
name = "dhis2"

[targets.dhis2]
url = "{url}"
token_file = "secrets/dhis2-token"
"#;
