//! What the codes of one side mean on the other: the mappings that the project is given, the lists from which the others
//! are found, and the truth.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use mlatho_model::{Factor, PeriodType};

use super::{Country, DataSet, DataSetKind, District, Facility};

/// Names of the source and the target in the project file.
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

/// What a code of the LMIS stands for, in truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrueLink<'a> {
    /// Whether it is about a product; otherwise about an org unit.
    pub product: bool,
    pub code: &'a str,
    pub name: &'a str,
    /// The project's id: a HMIS identifier, or the id of the product.
    pub target: &'a str,
    pub target_name: &'a str,
    /// The part that the target gets of the code's numbers, where several share them.
    pub share: Option<Factor>,
    /// Dispensing units in one of the LMIS: the pack size of a product, one of anything else.
    pub factor: Factor,
    /// The dispensing unit of a product.
    pub unit: &'a str,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub reason: &'static str,
}

impl<'a> TrueLink<'a> {
    fn org_unit([code, name]: [&'a str; 2], [target, target_name]: [&'a str; 2], reason: &'static str) -> Self {
        let (share, from, to) = (None, None, None);
        Self { product: false, code, name, target, target_name, share, factor: Factor::ONE, unit: "", from, to, reason }
    }
}

impl Country {
    /// What the codes of the LMIS stand for: facilities, dated where one was renamed or closed, districts, of which one
    /// was split, and products in packs. The project does not know the facilities that are new.
    #[must_use]
    pub fn lmis_links(&self) -> Vec<TrueLink<'_>> {
        let facilities = self.facilities.iter().filter(|facility| facility.mapped);
        let mut links: Vec<TrueLink<'_>> = facilities.flat_map(|facility| self.links_of(facility)).collect();
        links.extend(self.district_links());
        links.extend(self.products.iter().map(|product| TrueLink {
            product: true,
            factor: Factor::new(product.pack.unsigned_abs().into(), 1).unwrap_or(Factor::ONE),
            unit: product.unit,
            ..TrueLink::org_unit(
                [product.lmis_code, product.lmis_name],
                [product.item, product.name],
                "pack size as labelled",
            )
        }));
        links
    }

    /// The links of a facility: one, or one for each code that it has had.
    fn links_of<'a>(&self, facility: &'a Facility) -> Vec<TrueLink<'a>> {
        let start = |month: usize| self.months.get(month).map(|month| month.start());
        let day_before = |month: usize| start(month).and_then(|day| day.yesterday().ok());
        let target = [facility.uid.as_str(), facility.name.as_str()];
        let first = |to, reason| TrueLink {
            to,
            ..TrueLink::org_unit([&facility.lmis_code, &facility.lmis_name], target, reason)
        };
        match (&facility.renamed, facility.closed) {
            (Some(new), _) => {
                let renamed = TrueLink::org_unit([&new.lmis_code, &new.lmis_name], target, "renamed in the LMIS");
                let second = TrueLink { from: start(new.month), ..renamed };
                vec![first(day_before(new.month), "until renamed in the LMIS"), second]
            }
            (None, Some(closed)) => vec![first(day_before(closed), "facility closed")],
            (None, None) => vec![first(None, "same place and type")],
        }
    }

    /// The LMIS keeps the district that the HMIS split: from then on it is divided by population.
    fn district_links<'a>(&'a self) -> Vec<TrueLink<'a>> {
        let mut links = Vec::new();
        for (at, district) in self.districts.iter().enumerate().filter(|(_, district)| district.split_from.is_none()) {
            let of = |to: &'a District, reason| -> TrueLink<'a> {
                TrueLink::org_unit([&district.lmis_code, &district.lmis_name], [to.uid.as_str(), &to.name], reason)
            };
            let part = self.districts.iter().find_map(|other| {
                let (parent, month) = other.split_from?;
                (parent == at).then_some((other, self.months.get(month)?.start()))
            });
            let Some((part, day)) = part else {
                links.push(of(district, "same district"));
                continue;
            };
            links.push(TrueLink { to: day.yesterday().ok(), ..of(district, "until the district was split") });
            let whole = district.population + part.population;
            links.extend([district, part].map(|to| TrueLink {
                share: Factor::new(to.population.into(), whole.into()),
                from: Some(day),
                ..of(to, "district split; shares by population")
            }));
        }
        links
    }

    /// The project uses the identifiers of the HMIS, so that its org units stand for themselves.
    fn org_units_csv(&self) -> Vec<u8> {
        let mut table = Table::new("source,source_id,source_name,org_unit,org_unit_name,reason");
        for facility in &self.facilities {
            let (uid, name) = (facility.uid.as_str(), facility.name.as_str());
            table.row([HMIS, uid, name, uid, name, "the project uses HMIS identifiers"]);
        }
        table.0.into_bytes()
    }

    /// The services of the HMIS.
    fn items_csv(&self) -> Vec<u8> {
        let mut table = Table::new("source,source_id,source_name,item,item_name,factor,unit,reason");
        for (uid, service) in self.service_elements() {
            let (code, name) = (service.code, service.name);
            table.row([HMIS, uid.as_str(), name, code, name, "1", "case", "same count"]);
        }
        table.0.into_bytes()
    }

    /// Where stock data goes in the target. The column `period_type` tells reports by month from those by quarter, which
    /// have their own data elements.
    fn elements_csv(&self) -> Vec<u8> {
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

    /// The mapping files of the project, by name. What codes of the LMIS stand for is in none: that is found by matching
    /// [`Country::registers`].
    pub(super) fn mapping_files(&self) -> [(String, Vec<u8>); 3] {
        [("org_units", self.org_units_csv()), ("items", self.items_csv()), ("elements", self.elements_csv())]
            .map(|(name, bytes)| (format!("mappings/{name}.csv"), bytes))
    }

    /// The lists of org units and products of both sides, by name. The LMIS's is older than its newest facilities.
    pub(super) fn registers(&self) -> [(String, Vec<u8>); 4] {
        let mut org_units = Table::new("id,name,type,region,district");
        for facility in &self.facilities {
            let district = &self.districts[facility.district];
            let region = &self.regions[district.region].name;
            let kind = facility.level.name();
            org_units.row([facility.uid.as_str(), &facility.name, kind, region, &district.name]);
        }
        for district in &self.districts {
            org_units.row([district.uid.as_str(), &district.name, "District", &self.regions[district.region].name, ""]);
        }
        let mut items = Table::new("id,name");
        self.products.iter().for_each(|product| items.row([product.item, product.name]));
        let mut lmis = Table::new("id,name,district");
        let mut lmis_items = Table::new("id,name");
        let mut listed = HashSet::new();
        let districts: HashMap<&str, &str> = self
            .facilities
            .iter()
            .map(|facility| (facility.uid.as_str(), self.districts[facility.district].lmis_name.as_str()))
            .collect();
        for link in self.lmis_links().into_iter().filter(|link| listed.insert(link.code)) {
            if link.product {
                lmis_items.row([link.code, link.name]);
            } else {
                lmis.row([link.code, link.name, districts.get(link.target).copied().unwrap_or_default()]);
            }
        }
        [("org_units", org_units), ("lmis", lmis), ("items", items), ("lmis_items", lmis_items)]
            .map(|(name, table)| (format!("registers/{name}.csv"), table.0.into_bytes()))
    }

    fn stock_data_set(&self, period_type: PeriodType) -> &str {
        let fits = |set: &&DataSet| set.kind == DataSetKind::Stock && set.period_type == period_type;
        self.data_sets().iter().find(fits).map_or("", |set| set.uid.as_str())
    }
}
