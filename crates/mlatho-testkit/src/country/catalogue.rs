//! What the country hands out and what it counts: forty products and the services that use them up.
//!
//! Rates, packs and doses are plausible, not those of a real country.

/// A service count of the HMIS, and how often the service is asked for.
#[derive(Debug)]
pub struct Service {
    /// Code of the data element, and the project's item id.
    pub code: &'static str,
    pub name: &'static str,
    /// Events per 1,000 people and month, before season and growth.
    pub(super) per_1000: f64,
    pub(super) season: Season,
    /// Growth per year: 0.05 is five in a hundred.
    pub(super) growth: f64,
    /// The service cannot be given without its product: an insertion, an injection, a test.
    pub(super) procedure: bool,
    /// Reported by quarter.
    pub quarterly: bool,
}

/// A product: packs on the LMIS side, units on the HMIS side.
#[derive(Debug)]
pub struct Product {
    /// The project's item id; with a measure it makes the code of the target's data element.
    pub item: &'static str,
    pub name: &'static str,
    pub lmis_code: &'static str,
    pub lmis_name: &'static str,
    /// The dispensing unit.
    pub unit: &'static str,
    /// Units per pack.
    pub pack: i32,
    /// Code of the service that uses it up.
    pub service: &'static str,
    pub units_per_case: i32,
    /// The smallest kind of facility that manages it.
    pub(super) level: Level,
    pub programme: Programme,
}

/// Kinds of facilities, smallest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Post,
    Centre,
    Hospital,
}

impl Level {
    /// What the HMIS calls it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Post => "Health Post",
            Self::Centre => "Health Centre",
            Self::Hospital => "District Hospital",
        }
    }
}

/// Health programmes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Programme {
    Malaria,
    FamilyPlanning,
    Maternal,
    Hiv,
    Child,
}

/// How a month differs from the year's mean.
#[derive(Clone, Copy, Debug)]
pub(super) enum Season {
    Flat,
    Rains,
    Floods,
    Cold,
    Campaigns,
}

impl Season {
    /// The factor of a calendar month, January first; their mean is one.
    pub(super) const fn factors(self) -> [f64; 12] {
        match self {
            Self::Flat => [1.02, 0.98, 1.03, 0.99, 1.01, 0.98, 1.0, 0.99, 1.01, 1.02, 1.0, 0.97],
            Self::Rains => [1.45, 1.55, 1.5, 1.35, 1.1, 0.85, 0.65, 0.55, 0.55, 0.65, 0.75, 1.05],
            Self::Floods => [1.4, 1.35, 1.2, 0.95, 0.8, 0.75, 0.75, 0.8, 0.85, 0.95, 1.0, 1.2],
            Self::Cold => [0.85, 0.85, 0.9, 1.0, 1.15, 1.3, 1.35, 1.2, 1.0, 0.85, 0.8, 0.75],
            Self::Campaigns => [0.8, 0.8, 0.9, 0.9, 1.6, 1.0, 0.8, 0.8, 0.8, 0.9, 1.7, 1.0],
        }
    }
}

use Level::{Centre, Hospital, Post};
use Programme::{Child, FamilyPlanning, Hiv, Malaria, Maternal};
use Season::{Campaigns, Cold, Flat, Floods, Rains};

const fn service(code: &'static str, name: &'static str, per_1000: f64, season: Season, growth: f64) -> Service {
    Service { code, name, per_1000, season, growth, procedure: false, quarterly: false }
}

const fn procedure(code: &'static str, name: &'static str, per_1000: f64, season: Season, growth: f64) -> Service {
    Service { code, name, per_1000, season, growth, procedure: true, quarterly: false }
}

const fn quarterly(code: &'static str, name: &'static str, per_1000: f64, season: Season, growth: f64) -> Service {
    Service { code, name, per_1000, season, growth, procedure: false, quarterly: true }
}

/// Every service that some product belongs to.
pub(super) static SERVICES: [Service; 38] = [
    service("MAL_CASES_5_14", "Malaria cases treated, 5-14 kg", 9.0, Rains, 0.02),
    service("MAL_CASES_15_24", "Malaria cases treated, 15-24 kg", 7.0, Rains, 0.02),
    service("MAL_CASES_25_34", "Malaria cases treated, 25-34 kg", 4.5, Rains, 0.02),
    service("MAL_CASES_35", "Malaria cases treated, 35 kg and more", 11.0, Rains, 0.02),
    procedure("MAL_RDT", "Suspected malaria cases tested by RDT", 52.0, Rains, 0.04),
    procedure("FP_IMPLANT_2", "Implants inserted, two-rod", 1.6, Flat, 0.08),
    procedure("FP_DMPA_IM", "Injections given, DMPA-IM", 7.5, Flat, 0.03),
    procedure("HIV_TESTS", "HIV tests, first test", 14.0, Flat, 0.04),
    service("HIV_TLD", "Adults given TLD, months of treatment", 16.0, Flat, 0.06),
    procedure("MAT_DELIVERIES", "Deliveries in the facility", 2.6, Flat, 0.03),
    service("CHI_DIARRHOEA", "Diarrhoea cases under 5 treated", 6.5, Floods, 0.01),
    service("CHI_PNEUMONIA", "Pneumonia cases under 5 treated", 5.0, Cold, 0.01),
    procedure("FP_IMPLANT_1", "Implants inserted, one-rod", 1.1, Flat, 0.1),
    procedure("FP_DMPA_SC", "Injections given, DMPA-SC", 2.4, Flat, 0.2),
    service("FP_COC", "Visits for combined pills", 2.2, Flat, -0.02),
    service("FP_POP", "Visits for progestogen-only pills", 0.9, Flat, 0.0),
    procedure("FP_IUD", "IUDs inserted", 0.5, Flat, 0.02),
    service("FP_CONDOMS", "Clients given male condoms", 3.0, Flat, 0.0),
    service("FP_EC", "Clients given emergency contraception", 0.4, Flat, 0.05),
    service("MAL_SEVERE", "Severe malaria cases treated", 0.9, Rains, -0.03),
    service("MAL_IPTP", "IPTp doses given at antenatal visits", 5.0, Flat, 0.03),
    service("MAL_NETS", "Nets given at first antenatal visit", 2.7, Flat, 0.03),
    service("MAT_MISOPROSTOL", "Women given misoprostol at delivery", 0.8, Flat, 0.05),
    service("MAT_ECLAMPSIA", "Severe pre-eclampsia and eclampsia cases treated", 0.12, Flat, 0.02),
    service("MAT_IRON", "Antenatal visits with iron and folic acid", 8.0, Flat, 0.03),
    procedure("MAT_TD", "Td doses given to pregnant women", 4.2, Flat, 0.03),
    service("MAT_LIVE_BIRTHS", "Newborns given cord care", 2.5, Flat, 0.03),
    service("HIV_PALD", "Children given pALD, months of treatment", 0.8, Flat, 0.05),
    service("HIV_ABC3TC", "Children given ABC/3TC, months of treatment", 0.5, Flat, -0.05),
    service("HIV_NVP", "HIV-exposed newborns given nevirapine", 0.35, Flat, 0.0),
    service("HIV_COTRIM", "Clients on co-trimoxazole, months", 6.0, Flat, 0.03),
    procedure("HIV_CONFIRM", "HIV tests, confirmatory test", 1.3, Flat, 0.02),
    service("HIV_TPT", "Clients on TB preventive treatment, months", 2.0, Flat, 0.08),
    quarterly("CHI_VITAMIN_A", "Children given vitamin A", 4.5, Campaigns, 0.02),
    quarterly("CHI_DEWORMED", "Children dewormed", 4.0, Campaigns, 0.02),
    service("CHI_SAM", "Children treated for severe acute malnutrition, weeks", 1.0, Cold, 0.0),
    service("CHI_SEPSIS", "Newborn sepsis cases treated", 0.2, Flat, 0.0),
    service("CHI_DYSENTERY", "Dysentery cases treated", 1.0, Floods, 0.0),
];

macro_rules! product {
    ($item:literal, $code:literal, $name:literal, $lmis_name:literal, $pack:literal $unit:literal,
     $service:literal x $per_case:literal, $level:ident, $programme:ident) => {
        Product {
            item: $item,
            name: $name,
            lmis_code: $code,
            lmis_name: $lmis_name,
            unit: $unit,
            pack: $pack,
            service: $service,
            units_per_case: $per_case,
            level: $level,
            programme: $programme,
        }
    };
}

/// The products, those of every programme among the first ten.
#[rustfmt::skip]
pub(super) static PRODUCTS: [Product; 40] = [
    product!("AL6X1", "10-0471", "Artemether-lumefantrine, 5-14 kg", "Artemether/Lumef. 20/120mg tab, 6x1 blister", 6 "tablet", "MAL_CASES_5_14" x 6, Post, Malaria),
    product!("AL6X2", "10-0472", "Artemether-lumefantrine, 15-24 kg", "Artemether/Lumef. 20/120mg tab, 6x2 blister", 12 "tablet", "MAL_CASES_15_24" x 12, Post, Malaria),
    product!("AL6X3", "10-0473", "Artemether-lumefantrine, 25-34 kg", "Artemether/Lumef. 20/120mg tab, 6x3 blister", 18 "tablet", "MAL_CASES_25_34" x 18, Post, Malaria),
    product!("AL6X4", "10-0474", "Artemether-lumefantrine, 35 kg and more", "Artemether/Lumef. 20/120mg tab, 6x4 blister", 24 "tablet", "MAL_CASES_35" x 24, Post, Malaria),
    product!("RDT", "10-1120", "Malaria rapid diagnostic test", "RDT malaria Pf, kit of 25", 25 "test", "MAL_RDT" x 1, Post, Malaria),
    product!("IMPLANT2", "20-0031", "Levonorgestrel implant, two-rod", "LNG 2x75mg implant + trocar, box/10", 10 "set", "FP_IMPLANT_2" x 1, Centre, FamilyPlanning),
    product!("DMPAIM", "20-0012", "DMPA-IM injection", "Medroxyprog. 150mg/ml inj 1ml, box/25", 25 "vial", "FP_DMPA_IM" x 1, Post, FamilyPlanning),
    product!("HIVTEST1", "30-2210", "HIV rapid test, first", "HIV 1/2 RDT Determine type, kit/100", 100 "test", "HIV_TESTS" x 1, Post, Hiv),
    product!("TLD", "30-0301", "Tenofovir-lamivudine-dolutegravir", "TDF/3TC/DTG 300/300/50mg tab, bottle/30", 30 "tablet", "HIV_TLD" x 30, Centre, Hiv),
    product!("OXYTOCIN", "40-0105", "Oxytocin 10 IU", "Oxytocin 10IU/ml inj 1ml, box/10", 10 "ampoule", "MAT_DELIVERIES" x 1, Centre, Maternal),
    product!("ORS", "50-0210", "Oral rehydration salts", "ORS low osmolarity 20.5g, box/100", 100 "sachet", "CHI_DIARRHOEA" x 2, Post, Child),
    product!("AMOX250", "50-0117", "Amoxicillin 250 mg dispersible", "Amoxicillin 250mg DT, blister/10", 10 "tablet", "CHI_PNEUMONIA" x 10, Post, Child),
    product!("IMPLANT1", "20-0032", "Etonogestrel implant, one-rod", "ENG 68mg implant + applicator, box/4", 4 "set", "FP_IMPLANT_1" x 1, Centre, FamilyPlanning),
    product!("DMPASC", "20-0013", "DMPA-SC injection", "Medroxyprog. 104mg/0.65ml prefilled, box/20", 20 "device", "FP_DMPA_SC" x 1, Post, FamilyPlanning),
    product!("COC", "20-0001", "Combined oral contraceptive", "LNG/EE 150/30mcg, box/100 cycles", 100 "cycle", "FP_COC" x 3, Post, FamilyPlanning),
    product!("POP", "20-0002", "Progestogen-only pill", "LNG 30mcg, box/50 cycles", 50 "cycle", "FP_POP" x 3, Centre, FamilyPlanning),
    product!("IUD", "20-0041", "Copper IUD", "IUD TCu380A, box/5", 5 "device", "FP_IUD" x 1, Centre, FamilyPlanning),
    product!("CONDOM", "20-0050", "Male condom", "Condom male 53mm, box/100", 100 "condom", "FP_CONDOMS" x 20, Post, FamilyPlanning),
    product!("EC", "20-0003", "Emergency contraceptive pill", "LNG 1.5mg, box/10", 10 "tablet", "FP_EC" x 1, Centre, FamilyPlanning),
    product!("ARTESUNATE", "10-0510", "Artesunate 60 mg injection", "Artesunate 60mg pdr for inj, box/10", 10 "vial", "MAL_SEVERE" x 6, Centre, Malaria),
    product!("SP", "10-0601", "Sulfadoxine-pyrimethamine", "SP 500/25mg tab, tin/1000", 1000 "tablet", "MAL_IPTP" x 3, Post, Malaria),
    product!("LLIN", "10-0900", "Insecticide-treated net", "LLIN 190x180x150, bale/50", 50 "net", "MAL_NETS" x 1, Centre, Malaria),
    product!("MISOPROSTOL", "40-0110", "Misoprostol 200 mcg", "Misoprostol 200mcg tab, box/40", 40 "tablet", "MAT_MISOPROSTOL" x 3, Centre, Maternal),
    product!("MGSO4", "40-0120", "Magnesium sulfate 50 %", "MgSO4 50% inj 10ml, box/20", 20 "ampoule", "MAT_ECLAMPSIA" x 14, Hospital, Maternal),
    product!("IRONFOLATE", "40-0130", "Iron and folic acid", "FeSO4/FA 200/0.4mg tab, tin/1000", 1000 "tablet", "MAT_IRON" x 30, Post, Maternal),
    product!("TD", "40-0201", "Tetanus-diphtheria vaccine", "Td vaccine 10-dose vial", 10 "dose", "MAT_TD" x 1, Centre, Maternal),
    product!("CHLORHEX", "40-0140", "Chlorhexidine 7.1 % gel", "Chlorhexidine digl. 7.1% gel 20g, box/10", 10 "tube", "MAT_LIVE_BIRTHS" x 1, Centre, Maternal),
    product!("PALD", "30-0311", "Abacavir-lamivudine-dolutegravir, child", "ABC/3TC/DTG 60/30/5mg tab, bottle/90", 90 "tablet", "HIV_PALD" x 90, Centre, Hiv),
    product!("ABC3TC", "30-0312", "Abacavir-lamivudine, child", "ABC/3TC 120/60mg tab, bottle/60", 60 "tablet", "HIV_ABC3TC" x 60, Hospital, Hiv),
    product!("NVP", "30-0320", "Nevirapine 10 mg/ml", "NVP 10mg/ml susp 100ml, box/20", 20 "bottle", "HIV_NVP" x 1, Centre, Hiv),
    product!("COTRIM", "30-0401", "Co-trimoxazole 960 mg", "SMX/TMP 800/160mg tab, tin/500", 500 "tablet", "HIV_COTRIM" x 30, Centre, Hiv),
    product!("HIVTEST2", "30-2220", "HIV rapid test, confirmatory", "HIV 1/2 RDT Uni-Gold type, kit/20", 20 "test", "HIV_CONFIRM" x 1, Centre, Hiv),
    product!("INH300", "30-0410", "Isoniazid 300 mg", "INH 300mg tab, blister/28", 28 "tablet", "HIV_TPT" x 28, Centre, Hiv),
    product!("VITA", "50-0301", "Vitamin A 200,000 IU", "Retinol 200,000IU caps, tin/500", 500 "capsule", "CHI_VITAMIN_A" x 1, Post, Child),
    product!("ALB400", "50-0310", "Albendazole 400 mg", "Albendazole 400mg tab, tin/100", 100 "tablet", "CHI_DEWORMED" x 1, Post, Child),
    product!("ZINC", "50-0211", "Zinc 20 mg dispersible", "Zinc sulf. 20mg DT, box/100", 100 "tablet", "CHI_DIARRHOEA" x 10, Post, Child),
    product!("RUTF", "50-0400", "Ready-to-use therapeutic food", "RUTF 92g sachet, carton/50", 50 "sachet", "CHI_SAM" x 20, Centre, Child),
    product!("GENTA", "50-0150", "Gentamicin 20 mg/ml", "Gentamicin 20mg/2ml inj, box/50", 50 "ampoule", "CHI_SEPSIS" x 7, Hospital, Child),
    product!("CIPRO", "50-0160", "Ciprofloxacin 250 mg", "Ciprofloxacin 250mg tab, box/100", 100 "tablet", "CHI_DYSENTERY" x 6, Centre, Child),
    product!("PARA100", "50-0170", "Paracetamol 100 mg", "Paracetamol 100mg DT, tin/200", 200 "tablet", "CHI_PNEUMONIA" x 12, Post, Child),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_product_has_its_service_and_codes_are_unique() {
        for product in &PRODUCTS {
            assert!(SERVICES.iter().any(|service| service.code == product.service), "{}", product.item);
        }
        for service in &SERVICES {
            assert!(PRODUCTS.iter().any(|product| product.service == service.code), "{}", service.code);
        }
        let unique = |codes: Vec<&str>| codes.iter().collect::<HashSet<_>>().len() == codes.len();
        assert!(unique(PRODUCTS.iter().map(|product| product.item).collect()));
        assert!(unique(PRODUCTS.iter().map(|product| product.lmis_code).collect()));
        assert!(unique(SERVICES.iter().map(|service| service.code).collect()));
    }

    #[test]
    fn quantities_are_exact_in_packs() {
        for product in &PRODUCTS {
            // Whole courses: either packs are whole, or thousandths of a pack say the number exactly.
            let exact = product.units_per_case * 1000 % product.pack == 0;
            assert!(exact, "{}", product.item);
        }
    }

    #[test]
    fn seasons_keep_the_mean_of_the_year() {
        for season in [Flat, Rains, Floods, Cold, Campaigns] {
            let sum: f64 = season.factors().iter().sum();
            assert!((sum / 12.0 - 1.0).abs() < 0.005, "{season:?} {sum}");
        }
    }
}
