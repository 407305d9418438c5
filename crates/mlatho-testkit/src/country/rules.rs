//! Comparison rules: which consumption should follow which service.

use std::fmt::Write;

use super::troubles::is_act;
use super::{Country, Product};

/// Families that are compared as a whole; a family is left out where one of its products is not in the country.
const FAMILIES: [(&str, &str, &[&str]); 2] = [
    ("malaria-act", "Malaria: ACT consumed against cases treated", &["AL6X1", "AL6X2", "AL6X3", "AL6X4"]),
    ("implants", "Family planning: implants consumed against insertions", &["IMPLANT2", "IMPLANT1"]),
];

/// What a product is used for beside the service that it is compared with.
const OTHER_USES: [(&str, &str); 3] = [
    ("ORS", "dehydration of older children and adults"),
    ("AMOX250", "infections other than pneumonia"),
    ("OXYTOCIN", "treatment of haemorrhage, and induction"),
];

pub(super) fn other_uses(item: &str) -> Option<&'static str> {
    OTHER_USES.iter().find(|(product, _)| *product == item).map(|(_, uses)| *uses)
}

/// The tests that come before a treatment for malaria.
const TESTS: &str = "MAL_RDT";

impl Country {
    /// Rule files by name: the families, and each product of a busy service.
    pub(super) fn rules(&self) -> Vec<(String, String)> {
        let find = |item: &&str| self.products.iter().find(|product| product.item == *item);
        let mut rules = Vec::new();
        for (file, name, items) in FAMILIES {
            if let Some(products) = items.iter().map(find).collect::<Option<Vec<&Product>>>() {
                rules.push((file.to_owned(), self.rule(name, &products)));
            }
        }
        let busy =
            |product: &&Product| self.products.iter().take(BUSY_PRODUCTS).any(|busy| busy.service == product.service);
        for product in self.products.iter().filter(busy) {
            let service = self.services.iter().find(|service| service.code == product.service);
            let name = format!("{} against: {}", product.name, service.map_or("", |service| service.name));
            rules.push((product.item.to_lowercase(), self.rule(&name, &[product])));
        }
        rules
    }

    fn rule(&self, name: &str, products: &[&Product]) -> String {
        let mut text = format!("name = \"{name}\"\nperiod_type = \"monthly\"\nminimum_services = 10\n");
        if let Some(uses) = products.iter().find_map(|product| other_uses(product.item)) {
            let _ = writeln!(text, "other_uses = [\"{uses}\"]");
        }
        for product in products {
            let Product { item, units_per_case, pack, unit, .. } = product;
            let _ = write!(
                text,
                "\n[[consumption]]\nitem = \"{item}\"\nunits_per_case = {units_per_case} # {unit}\npack_size = {pack}\n"
            );
        }
        let used = |code: &str| products.iter().any(|product| product.service == code);
        for (uid, service) in self.service_elements().filter(|(_, service)| used(service.code)) {
            let _ = write!(text, "\n[[services]]\nitem = \"{}\"\nmeasure = \"{uid}\"\n", service.code);
        }
        let treats = products.iter().all(|product| is_act(product));
        for (uid, service) in self.service_elements().filter(|(_, service)| treats && service.code == TESTS) {
            let _ = write!(text, "\n[[tests]]\nitem = \"{}\"\nmeasure = \"{uid}\"\n", service.code);
        }
        text.push_str("\n[band]\nlow = 0.8\nhigh = 1.25\nsource = \"default tolerance\"\n");
        text
    }
}

/// The products at the head of the catalogue are handed out often enough for monthly ratios.
pub(super) const BUSY_PRODUCTS: usize = 12;
