//! The project folder of the demo: mappings, layout and settings that bring the two sides together.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Country, Facility};

/// The DHIS2 server of the demo: service counts are read from it, stock data is delivered to it.
#[derive(Clone, Copy, Debug)]
pub struct Server<'a> {
    /// Address with its context path.
    pub url: &'a str,
    /// Personal access token.
    pub token: &'a str,
}

/// Name of the logistics source in the project.
const LMIS: &str = "lmis";
/// Name of the service source in the project.
const HMIS: &str = "hmis";
/// Name of the target in the project.
const TARGET: &str = "dhis2";

/// A text as a cell of a CSV file.
pub(super) fn csv_cell(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// Writes rows of cells; blank cells stay blank.
struct Table(String);

impl Table {
    fn new(header: &str) -> Self {
        Self(format!("{header}\n"))
    }

    fn row<const N: usize>(&mut self, cells: [&str; N]) {
        self.0.push_str(&cells.map(csv_cell).join(","));
        self.0.push('\n');
    }
}

fn text(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

impl Country {
    /// Reviewed links of org units: facilities, dated where one was renamed or closed, and districts, of which one was
    /// split. Newly found facilities have no link yet.
    #[must_use]
    pub fn org_units_csv(&self) -> Vec<u8> {
        let mut table =
            Table::new("source,source_id,source_name,org_unit,org_unit_name,relation,share,valid_from,valid_to,reason");
        for facility in self.facilities.iter().filter(|facility| facility.mapped) {
            for (code, name, from, to, reason) in self.lmis_links(facility) {
                let (from, to) = (text(from), text(to));
                table.row([LMIS, code, name, &facility.uid, &facility.name, "equal", "", &from, &to, reason]);
            }
        }
        self.district_links(&mut table);
        for facility in &self.facilities {
            let Facility { uid, name, .. } = facility;
            table.row([HMIS, uid, name, uid, name, "equal", "", "", "", "the project uses HMIS identifiers"]);
        }
        table.0.into_bytes()
    }

    /// Code, name, first and last day, and reason of each link of a facility.
    fn lmis_links<'a>(
        &self,
        facility: &'a Facility,
    ) -> Vec<(&'a str, &'a str, Option<Date>, Option<Date>, &'static str)> {
        let start = |month: usize| self.months.get(month).map(|month| month.start());
        let day_before = |month: usize| start(month).and_then(|day| day.yesterday().ok());
        let (code, name) = (facility.lmis_code.as_str(), facility.lmis_name.as_str());
        match (&facility.renamed, facility.closed) {
            (Some(new), _) => {
                let (new_code, new_name) = (new.lmis_code.as_str(), new.lmis_name.as_str());
                vec![
                    (code, name, None, day_before(new.month), "until renamed in the LMIS"),
                    (new_code, new_name, start(new.month), None, "renamed in the LMIS"),
                ]
            }
            (None, Some(closed)) => vec![(code, name, None, day_before(closed), "facility closed")],
            (None, None) => vec![(code, name, None, None, "same place and type")],
        }
    }

    /// The LMIS keeps the district that the HMIS split: from then on it is divided by population.
    fn district_links(&self, table: &mut Table) {
        for (at, district) in self.districts.iter().enumerate().filter(|(_, district)| district.split_from.is_none()) {
            let code_and_name = [district.lmis_code.as_str(), district.lmis_name.as_str()];
            let mut row = |to: &super::District, relation, share: &str, from: &str, until: &str, reason| {
                let [code, name] = code_and_name;
                table.row([LMIS, code, name, &to.uid, &to.name, relation, share, from, until, reason]);
            };
            let part = self.districts.iter().find_map(|other| {
                let (parent, month) = other.split_from?;
                (parent == at).then_some((other, self.months.get(month)?.start()))
            });
            let Some((part, day)) = part else {
                row(district, "equal", "", "", "", "same district");
                continue;
            };
            let whole = district.population + part.population;
            let until = text(day.yesterday().ok());
            row(district, "equal", "", "", &until, "until the district was split");
            for to in [district, part] {
                let share = format!("{}/{whole}", to.population);
                row(to, "one-to-many", &share, &day.to_string(), "", "district split; shares by population");
            }
        }
    }

    /// Reviewed links of products, with their pack sizes, and of services.
    #[must_use]
    pub fn items_csv(&self) -> Vec<u8> {
        let mut table = Table::new(
            "source,source_id,source_name,item,item_name,factor,unit,relation,share,valid_from,valid_to,reason",
        );
        for product in self.products {
            let factor = product.pack.to_string();
            let (code, name) = (product.lmis_code, product.lmis_name);
            let reason = "pack size as labelled";
            table.row([
                LMIS,
                code,
                name,
                product.item,
                product.name,
                &factor,
                product.unit,
                "equal",
                "",
                "",
                "",
                reason,
            ]);
        }
        for (uid, service) in self.service_elements() {
            let (code, name) = (service.code, service.name);
            table.row([HMIS, uid, name, code, name, "1", "case", "equal", "", "", "", "same count"]);
        }
        table.0.into_bytes()
    }

    /// Where stock data goes in the target. The column `period_type` tells reports by month from those by quarter, which
    /// have their own data elements.
    #[must_use]
    pub fn elements_csv(&self) -> Vec<u8> {
        let mut table = Table::new(
            "target,item,measure,disaggregation,data_set,data_element,category_option_combo,attribute_option_combo,\
             valid_from,valid_to,reason,period_type",
        );
        for element in self.stock_elements() {
            let period_type = element.period_type.name();
            let data_set = self.stock_data_set(element.period_type);
            let (item, measure, code) = (element.item, element.measure.name(), &element.code);
            table.row([TARGET, item, measure, "", data_set, &element.uid, "", "", "", "", code, period_type]);
        }
        table.0.into_bytes()
    }

    fn stock_data_set(&self, period_type: mlatho_model::PeriodType) -> &str {
        let fits = |set: &&super::DataSet| set.kind == super::DataSetKind::Stock && set.period_type == period_type;
        self.data_sets().iter().find(fits).map_or("", |set| &set.uid)
    }

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
        files.extend(self.requisition_files().into_iter().map(|(name, bytes)| (format!("inbox/lmis/{name}"), bytes)));
        files
    }

    fn config(&self, server: &Server<'_>) -> String {
        let services = self.data_sets().iter().filter(|set| set.kind == super::DataSetKind::Services);
        let data_sets: Vec<String> = services.map(|set| format!("\"{}\"", set.uid)).collect();
        let first = self.months.first().map(|month| month.start());
        let last = self.months.last().map(|month| month.end());
        CONFIG
            .replace("{url}", server.url)
            .replace("{data_sets}", &data_sets.join(", "))
            .replace("{country}", &self.uid)
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
