//! The reviewed mappings that bring the two sides together.

use jiff::civil::Date;
use mlatho_model::PeriodType;

use super::{Country, DataSet, DataSetKind, District, Facility};

/// Names of the sources and the target in the project file.
const LMIS: &str = "lmis";
const HMIS: &str = "hmis";
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

/// A day, blank where there is none.
pub(super) fn text(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// How long one code of a facility leads to it.
struct LmisLink<'a> {
    code: &'a str,
    name: &'a str,
    from: Option<Date>,
    to: Option<Date>,
    reason: &'static str,
}

impl Country {
    /// Reviewed links of org units: facilities, dated where one was renamed or closed, and districts, of which one was
    /// split. Newly found facilities have no link yet.
    #[must_use]
    pub fn org_units_csv(&self) -> Vec<u8> {
        let mut table =
            Table::new("source,source_id,source_name,org_unit,org_unit_name,relation,share,valid_from,valid_to,reason");
        for facility in self.facilities.iter().filter(|facility| facility.mapped) {
            for link in self.lmis_links(facility) {
                let (uid, name) = (facility.uid.as_str(), facility.name.as_str());
                let (from, to) = (text(link.from), text(link.to));
                table.row([LMIS, link.code, link.name, uid, name, "equal", "", &from, &to, link.reason]);
            }
        }
        self.district_links(&mut table);
        for facility in &self.facilities {
            let (uid, name) = (facility.uid.as_str(), facility.name.as_str());
            table.row([HMIS, uid, name, uid, name, "equal", "", "", "", "the project uses HMIS identifiers"]);
        }
        table.0.into_bytes()
    }

    /// The links of a facility: one, or one for each code that it has had.
    fn lmis_links<'a>(&self, facility: &'a Facility) -> Vec<LmisLink<'a>> {
        let start = |month: usize| self.months.get(month).map(|month| month.start());
        let day_before = |month: usize| start(month).and_then(|day| day.yesterday().ok());
        let (code, name) = (facility.lmis_code.as_str(), facility.lmis_name.as_str());
        let first = |to, reason| LmisLink { code, name, from: None, to, reason };
        match (&facility.renamed, facility.closed) {
            (Some(new), _) => {
                let (code, name) = (new.lmis_code.as_str(), new.lmis_name.as_str());
                let from = start(new.month);
                let second = LmisLink { code, name, from, to: None, reason: "renamed in the LMIS" };
                vec![first(day_before(new.month), "until renamed in the LMIS"), second]
            }
            (None, Some(closed)) => vec![first(day_before(closed), "facility closed")],
            (None, None) => vec![first(None, "same place and type")],
        }
    }

    /// The LMIS keeps the district that the HMIS split: from then on it is divided by population.
    fn district_links(&self, table: &mut Table) {
        for (at, district) in self.districts.iter().enumerate().filter(|(_, district)| district.split_from.is_none()) {
            let code_and_name = [district.lmis_code.as_str(), district.lmis_name.as_str()];
            let mut row = |to: &District, relation, share: &str, from: &str, until: &str, reason| {
                let [code, name] = code_and_name;
                table.row([LMIS, code, name, to.uid.as_str(), &to.name, relation, share, from, until, reason]);
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
            table.row([HMIS, uid.as_str(), name, code, name, "1", "case", "equal", "", "", "", "same count"]);
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
            table.row([TARGET, item, measure, "", data_set, element.uid.as_str(), "", "", "", "", code, period_type]);
        }
        table.0.into_bytes()
    }

    fn stock_data_set(&self, period_type: PeriodType) -> &str {
        let fits = |set: &&DataSet| set.kind == DataSetKind::Stock && set.period_type == period_type;
        self.data_sets().iter().find(fits).map_or("", |set| set.uid.as_str())
    }
}
