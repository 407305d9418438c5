//! Reference data and stock between OpenLMIS's JSON and ours. Fields that are not known are passed over.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use mlatho_model::Decimal;
use serde::{Deserialize, Deserializer};

pub(super) use crate::http::part;

/// A thing that is pointed at: by its id, or by its code where the server writes codes.
pub(super) fn pointer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Wire {
        Text(String),
        Object { id: Option<String>, code: Option<String> },
    }
    Ok(match Option::<Wire>::deserialize(deserializer)? {
        Some(Wire::Text(text)) => Some(text),
        Some(Wire::Object { id, code }) => id.or(code),
        None => None,
    })
}

/// A number as the server writes it, as a number or as text, exactly; nothing for null.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    Ok(Option::<Number>::deserialize(deserializer)?.map(|number| number.0))
}

/// As [`number`], for a number that has to be there.
fn needed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    Number::deserialize(deserializer).map(|number| number.0)
}

fn by_tag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Decimal>, D::Error> {
    let tags = BTreeMap::<String, Number>::deserialize(deserializer)?;
    Ok(tags.into_iter().map(|(tag, number)| (tag, number.0)).collect())
}

struct Number(Decimal);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Wire {
            Number(serde_json::Number),
            Text(String),
        }
        let text = match Wire::deserialize(deserializer)? {
            Wire::Number(number) => number.to_string(),
            Wire::Text(text) => text,
        };
        let read = text.trim().parse().or_else(|_| Decimal::from_scientific(text.trim()));
        read.map(Self).map_err(|_| serde::de::Error::custom(format!("`{text}` is not a number")))
    }
}

/// A facility.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Facility {
    pub id: String,
    /// The key by which sources name it.
    pub code: String,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub active: bool,
    #[serde(default)]
    pub enabled: bool,
    #[serde(default, deserialize_with = "pointer", rename = "geographicZone")]
    pub zone: Option<String>,
    #[serde(default)]
    pub location: Option<Location>,
    #[serde(default)]
    pub supported_programs: Vec<SupportedProgram>,
}

/// A `GeoJSON` point: longitude, then latitude. In real data the two are often swapped.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Location {
    #[serde(default)]
    pub coordinates: Vec<f64>,
}

/// That a facility takes part in a program.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SupportedProgram {
    pub id: Option<String>,
    pub code: Option<String>,
    #[serde(default)]
    pub support_active: bool,
}

/// A geographic zone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Zone {
    pub id: String,
    pub code: String,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "pointer")]
    pub parent: Option<String>,
    #[serde(default)]
    pub catchment_population: Option<u64>,
}

/// A program.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Program {
    pub id: String,
    pub code: String,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub active: Option<bool>,
    #[serde(default)]
    pub periods_skippable: Option<bool>,
    #[serde(default)]
    pub skip_authorization: Option<bool>,
}

/// One version of a product. Identity is the code; pack size and rounding are those of this version.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Orderable {
    pub id: String,
    pub product_code: String,
    #[serde(default)]
    pub full_product_name: Option<String>,
    /// Dispensing units in a pack.
    #[serde(deserialize_with = "needed")]
    pub net_content: Decimal,
    #[serde(default, deserialize_with = "number")]
    pub pack_rounding_threshold: Option<Decimal>,
    #[serde(default)]
    pub round_to_zero: bool,
    #[serde(default)]
    pub meta: Meta,
}

/// Which version of an object it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    pub version_number: Option<u64>,
}

/// A processing period. Names repeat across schedules.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Period {
    pub id: String,
    #[serde(default)]
    pub name: Option<String>,
    pub start_date: Date,
    pub end_date: Date,
    #[serde(default, deserialize_with = "pointer", rename = "processingSchedule")]
    pub schedule: Option<String>,
    #[serde(default)]
    extra_data: Option<serde_json::Value>,
}

/// A schedule of processing periods.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Schedule {
    pub id: String,
    pub code: String,
}

impl Period {
    /// Whether reports of the period order nothing.
    #[must_use]
    pub fn is_report_only(&self) -> bool {
        let flag = self.extra_data.as_ref().and_then(|extra| extra.get("reportOnly"));
        flag.is_some_and(|flag| flag == true || flag == "true")
    }
}

/// Stock of a product at a facility, in dispensing units. Program and product are codes or ids, as the call was made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StockSummary {
    #[serde(default, deserialize_with = "pointer")]
    pub program: Option<String>,
    #[serde(default, deserialize_with = "pointer", rename = "orderable")]
    pub product: Option<String>,
    /// Cards of products that can stand for this one are in it.
    #[serde(default, deserialize_with = "number", alias = "totalStockOnHand", rename = "stockOnHand")]
    pub on_hand: Option<Decimal>,
    #[serde(default, alias = "stockCards", rename = "canFulfillForMe")]
    pub cards: Vec<CardLevel>,
}

/// One stock card: a product, or one lot of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CardLevel {
    #[serde(default, deserialize_with = "pointer", rename = "orderable")]
    pub product: Option<String>,
    #[serde(default, deserialize_with = "pointer")]
    pub lot: Option<String>,
    #[serde(default, deserialize_with = "number", rename = "stockOnHand")]
    pub on_hand: Option<Decimal>,
    #[serde(default)]
    pub expiration_date: Option<Date>,
    /// The day of the last entry.
    #[serde(default, rename = "occurredDate")]
    pub day: Option<Date>,
}

/// The cards of all summaries, each once: a card of a trade item stands below its generic product too, and would count
/// twice if the totals were added up. By product and lot.
#[must_use]
pub fn distinct_cards(summaries: &[StockSummary]) -> Vec<&CardLevel> {
    let mut seen = BTreeSet::new();
    let cards = summaries.iter().flat_map(|summary| summary.cards.iter().map(move |card| (summary, card)));
    let fresh = cards.filter(|(summary, card)| {
        let product = card.product.as_deref().or(summary.product.as_deref());
        seen.insert((summary.program.as_deref(), product, card.lot.as_deref()))
    });
    fresh.map(|(_, card)| card).collect()
}

/// What happened to a product between two days.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RangeSummary {
    #[serde(default, deserialize_with = "pointer", rename = "orderable")]
    pub product: Option<String>,
    /// Days of a 30-day month; a lot that ran out may count though another lot was there.
    #[serde(default, deserialize_with = "number", rename = "stockOutDays")]
    pub stockout_days: Option<Decimal>,
    /// Dispensing units by the tag of their reason, debits negative: `consumed`, `received`, `adjustment` …
    #[serde(default, deserialize_with = "by_tag")]
    pub tags: BTreeMap<String, Decimal>,
}
