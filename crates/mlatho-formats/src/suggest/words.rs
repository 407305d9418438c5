//! What headers mean, by their words in the languages of the forms.

use mlatho_model::Measure;

/// What a column can be, beside a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    OrgUnit,
    OrgUnitName,
    /// A district or region: an org unit where nothing smaller is named.
    Area,
    Item,
    ItemName,
    Period,
    Year,
    Month,
    Value,
    Status,
    ReportedAt,
    Disaggregation,
}

impl Role {
    /// The key of the layout.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::OrgUnit => "org_unit",
            Self::OrgUnitName => "org_unit_name",
            Self::Area => "area",
            Self::Item => "item",
            Self::ItemName => "item_name",
            Self::Period => "period",
            Self::Year => "year",
            Self::Month => "month",
            Self::Value => "value",
            Self::Status => "status",
            Self::ReportedAt => "reported_at",
            Self::Disaggregation => "disaggregation",
        }
    }
}

/// Each alternative is words that all stand in the header; the first line that fits counts.
const ROLES: &[(Role, &[&str])] = &[
    (
        Role::ReportedAt,
        &["reported at", "received at", "submitted", "submission date", "date reported", "date received"],
    ),
    (Role::Status, &["status", "statut", "estado", "hali"]),
    (Role::Disaggregation, &["categoryoptioncombo", "category option combo", "disaggregation", "age group", "age sex"]),
    (
        Role::Item,
        &[
            "item code",
            "product code",
            "code produit",
            "codigo produto",
            "drug code",
            "commodity code",
            "sku",
            "dataelement id",
            "data element id",
            "item id",
            "product id",
            "materialid",
            "item number",
        ],
    ),
    (
        Role::ItemName,
        &[
            "product",
            "item",
            "commodity",
            "commodities",
            "drug",
            "medicine",
            "produit",
            "article",
            "medicament",
            "produto",
            "medicamento",
            "artigo",
            "dawa",
            "bidhaa",
            "data element",
            "dataelement",
            "dataelementname",
            "element",
            "indicator",
            "description",
            "molecule",
        ],
    ),
    (
        Role::OrgUnit,
        &[
            "facility code",
            "site code",
            "org unit id",
            "orgunit id",
            "organisationunitid",
            "orgunit",
            "org unit code",
            "facility id",
            "mfl code",
            "hf code",
            "code site",
            "code etablissement",
            "code formation",
            "codigo unidade",
            "org unit uid",
            "uid",
            "health facility code",
            "kodi kituo",
            "dhis2 id",
        ],
    ),
    (
        Role::OrgUnitName,
        &[
            "facility",
            "health facility",
            "site",
            "orgunitname",
            "org unit",
            "organisation unit",
            "organisationunitname",
            "etablissement",
            "formation sanitaire",
            "structure",
            "centre de sante",
            "unidade sanitaria",
            "unidade",
            "kituo",
            "clinic",
            "hospital",
            "health centre",
            "sdp",
        ],
    ),
    (Role::Area, &["district", "wilaya", "distrito", "region", "province", "zone", "mkoa", "provincia", "departement"]),
    (Role::Year, &["year", "annee", "ano", "mwaka"]),
    (Role::Month, &["month", "mois", "mes", "mwezi"]),
    (
        Role::Period,
        &[
            "period",
            "periode",
            "periodo",
            "kipindi",
            "periodid",
            "periodcode",
            "reporting period",
            "date",
            "quarter",
            "week",
            "trimestre",
            "semaine",
            "semana",
            "wiki",
            "tarehe",
            "data",
        ],
    ),
    (
        Role::Value,
        &["value", "valeur", "valor", "thamani", "quantity", "quantite", "quantidade", "idadi", "count", "total"],
    ),
];

const MEASURES: &[(Measure, &[&str])] = &[
    (
        Measure::StockoutDays,
        &[
            "stockout days",
            "stock out days",
            "days out stock",
            "days stocked out",
            "days without stock",
            "dos",
            "jours rupture",
            "dias rutura",
            "dias ruptura",
            "siku kuishiwa",
            "stocked out days",
            "stockoutdays",
            "stockedoutdays",
            "dias sem stock",
        ],
    ),
    (Measure::MosReported, &["months stock", "mos", "mois stock", "meses stock"]),
    (
        Measure::AmcReported,
        &[
            "amc",
            "average monthly consumption",
            "avg mnthly cons",
            "cmm",
            "consommation moyenne",
            "consumo medio",
            "average consumption",
        ],
    ),
    (
        Measure::AdjustedConsumptionReported,
        &["adjusted consumption", "consommation ajustee", "consumo ajustado", "dispensedadj"],
    ),
    (
        Measure::OpeningBalance,
        &[
            "opening balance",
            "opening stock",
            "beginning balance",
            "beginning stock",
            "initial stock",
            "stock initial",
            "open bal",
            "stock debut",
            "estoque inicial",
            "stock inicial",
            "salio mwanzo",
            "opening",
        ],
    ),
    (
        Measure::ClosingBalance,
        &[
            "closing balance",
            "closing stock",
            "ending balance",
            "stock on hand",
            "stock in hand",
            "soh",
            "stock end",
            "end stock",
            "stock final",
            "stock fin",
            "physical count",
            "closing bal",
            "stock disponible",
            "stock existente",
            "salio mwisho",
            "stockonhand",
            "balance end",
            "closing",
            "left",
            "remaining",
        ],
    ),
    (Measure::NewPatients, &["new patients", "nouveaux patients", "novos pacientes", "wagonjwa wapya"]),
    (Measure::Losses, &["losses", "loss", "pertes", "perdas", "expired", "wastage", "wasted", "damaged", "upotevu"]),
    (
        Measure::Adjustments,
        &["adjustments", "adjustment", "ajustements", "ajustement", "ajustes", "ajuste", "marekebisho"],
    ),
    (Measure::Approved, &["approved", "quantity approved", "approuve", "approuvee", "aprovado", "aprovada"]),
    (Measure::Shipped, &["shipped", "supplied", "livre", "livree", "enviado"]),
    (
        Measure::Ordered,
        &[
            "ordered",
            "requested",
            "required",
            "requis",
            "commande",
            "commandee",
            "demande",
            "demandee",
            "encomendada",
            "requisitada",
            "reorder quantity",
            "imeombwa",
            "order",
        ],
    ),
    (
        Measure::Received,
        &[
            "received",
            "receipts",
            "receipt",
            "recu",
            "recue",
            "recus",
            "recebido",
            "recebida",
            "iliyopokelewa",
            "imepokelewa",
        ],
    ),
    (
        Measure::Consumed,
        &[
            "consumed",
            "consumption",
            "dispensed",
            "used",
            "utilise",
            "utilisee",
            "consomme",
            "consommee",
            "consommation",
            "distributed",
            "distribue",
            "consumido",
            "consumida",
            "consumo",
            "dispensado",
            "imetumika",
            "matumizi",
            "usage",
        ],
    ),
    (Measure::Issued, &["issued", "issues", "issue", "sorties", "saidas", "imetolewa"]),
];

/// The words of a header in small letters without accents; numbers and capitals inside a word part it.
pub(super) fn words(header: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in header.chars() {
        let boundary = !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase());
        if boundary && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase().map(plain));
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

fn plain(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'î' | 'ï' => 'i',
        'ó' | 'ô' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        other => other,
    }
}

fn fits(words: &[String], alternatives: &[&str]) -> bool {
    let joined = words.concat();
    alternatives.iter().any(|wanted| {
        wanted.split(' ').all(|wanted| words.iter().any(|word| word == wanted)) || joined == wanted.replace(' ', "")
    })
}

/// Words that speak of a thing and do not name it.
const ABOUT: [&str; 8] = ["type", "level", "latitude", "longitude", "owner", "phone", "category", "group"];

pub(super) fn role(header: &str) -> Option<Role> {
    let words = words(header);
    if words.iter().any(|word| ABOUT.contains(&word.as_str())) && !words.iter().any(|word| word == "age") {
        return None;
    }
    ROLES.iter().find(|(_, alternatives)| fits(&words, alternatives)).map(|(role, _)| *role)
}

pub(super) fn measure(header: &str) -> Option<Measure> {
    let words = words(header);
    MEASURES.iter().find(|(_, alternatives)| fits(&words, alternatives)).map(|(measure, _)| measure.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_by_hand() {
        for (header, name) in [
            ("Opening Balance", "opening_balance"),
            ("stock_initial", "opening_balance"),
            ("Quantité reçue", "received"),
            ("totalConsumedQuantity", "consumed"),
            ("Stock on hand", "closing_balance"),
            ("stock_stockout_days", "stockout_days"),
            ("Average monthly consumption", "amc_reported"),
            ("Losses/Adjustments", "losses"),
            ("Qty_required", "ordered"),
        ] {
            assert_eq!(measure(header).map(|measure| measure.name().to_owned()).as_deref(), Some(name), "{header}");
        }
        for (header, found) in [
            ("site_code", Some(Role::OrgUnit)),
            ("Établissement", Some(Role::OrgUnitName)),
            ("Product Code", Some(Role::Item)),
            ("produit", Some(Role::ItemName)),
            ("mois", Some(Role::Month)),
            ("periodcode", Some(Role::Period)),
            ("colour", None),
        ] {
            assert_eq!(role(header), found, "{header}");
        }
    }
}
