//! Grammars of SMS systems, as data.

use std::collections::BTreeMap;

use mlatho_model::{Decimal, PeriodType};
use serde::Deserialize;

/// What the messages of one system look like and mean.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grammar {
    /// The name in the column `system` of a log.
    pub(crate) name: String,
    /// The type of the period that a report counts for.
    #[serde(default = "monthly", deserialize_with = "crate::layout::period_type")]
    pub(crate) period: PeriodType,
    pub(crate) pairs: Pairs,
    #[serde(default)]
    pub(crate) limits: Limits,
    /// Number of digits in the code of each kind of place.
    #[serde(default)]
    pub(crate) places: BTreeMap<String, usize>,
    /// The level of the products that a sender of each level reports.
    #[serde(default)]
    pub(crate) levels: BTreeMap<String, String>,
    /// Codes in small letters by level, with their average monthly consumption. None at all: any code is taken.
    #[serde(default)]
    pub(crate) products: BTreeMap<String, BTreeMap<String, Decimal>>,
    pub(crate) keywords: Vec<Keyword>,
}

const fn monthly() -> PeriodType {
    PeriodType::Monthly
}

/// How a code and its quantity are written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pairs {
    /// Fewest and most letters of a code.
    pub(crate) code_letters: [usize; 2],
    /// Characters of a code beside letters.
    #[serde(default)]
    pub(crate) code_characters: String,
    /// Characters that may stand between code and quantity beside spaces.
    #[serde(default)]
    pub(crate) between: String,
    /// Letters that are typed in place of digits.
    #[serde(default)]
    pub(crate) letters_as_digits: BTreeMap<char, char>,
    /// Whether a quantity may have a sign.
    #[serde(default)]
    pub(crate) signed: bool,
}

/// Windows of time and ceilings. Zero switches a limit off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Limits {
    pub(crate) target_months: Decimal,
    pub(crate) factor: Decimal,
    pub(crate) stock_minutes: i64,
    pub(crate) receipt_minutes: i64,
    pub(crate) duplicate_receipt_minutes: i64,
    pub(crate) fault_reasons: u32,
}

/// Words that begin a message, and what the message then says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keyword {
    /// Empty: what begins with no other keyword.
    pub(crate) words: Vec<String>,
    pub(crate) action: Action,
    /// Levels of senders who may send it; empty: all who are registered.
    #[serde(default)]
    pub(crate) roles: Vec<String>,
    /// What is denied, by the beginning of the next word.
    #[serde(default)]
    pub(crate) negated: BTreeMap<String, Action>,
}

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    StockOnHand,
    EmergencyStockOnHand,
    Receipt,
    TransferOut,
    TransferConfirm,
    ReportOther,
    OrderReady,
    OrderUnfilled,
    Approve,
    Register,
    RegisterManager,
    AddProducts,
    RemoveProducts,
    Deregister,
    FridgeFault,
    FridgeFixed,
    FridgeStockTransfer,
    Adjustment,
    Stockout,
    /// A receipt where quantities follow, else the bare fact.
    Delivery,
    DeliveryConfirm,
    RrFormsSent,
    Negation,
    NotSubmitted,
    NotDelivered,
    WeeklyReport,
    Unknown,
}

impl Action {
    /// The stable name, as in the column `status` of rows.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::StockOnHand => "stock_on_hand",
            Self::EmergencyStockOnHand => "emergency_stock_on_hand",
            Self::Receipt | Self::Delivery => "receipt",
            Self::TransferOut => "transfer_out",
            Self::TransferConfirm => "transfer_confirm",
            Self::ReportOther => "report_other",
            Self::OrderReady => "order_ready",
            Self::OrderUnfilled => "order_unfilled",
            Self::Approve => "approve",
            Self::Register => "register",
            Self::RegisterManager => "register_manager",
            Self::AddProducts => "add_products",
            Self::RemoveProducts => "remove_products",
            Self::Deregister => "deregister",
            Self::FridgeFault => "fridge_fault",
            Self::FridgeFixed => "fridge_fixed",
            Self::FridgeStockTransfer => "fridge_stock_transfer",
            Self::Adjustment => "adjustment",
            Self::Stockout => "stockout",
            Self::DeliveryConfirm => "delivery_confirm",
            Self::RrFormsSent => "rr_forms_sent",
            Self::Negation | Self::Unknown => "unknown",
            Self::NotSubmitted => "not_submitted",
            Self::NotDelivered => "not_delivered",
            Self::WeeklyReport => "weekly_report",
        }
    }
}

/// The grammars that come with the program, as text.
const SHIPPED: [&str; 3] = [
    include_str!("grammars/cstock.toml"),
    include_str!("grammars/ilsgateway.toml"),
    include_str!("grammars/mtrac.toml"),
];

/// The grammars that come with the program, after the project's own.
pub(super) fn all(own: Option<&Grammar>) -> Vec<Grammar> {
    let shipped = SHIPPED.iter().filter_map(|text| toml::from_str(text).ok());
    own.cloned().into_iter().chain(shipped).collect()
}

impl Grammar {
    /// The keyword of a word, else the one without words.
    pub(super) fn keyword(&self, word: &str) -> Option<(&Keyword, bool)> {
        let named = |keyword: &&Keyword| keyword.words.iter().any(|known| known.eq_ignore_ascii_case(word));
        let found = self.keywords.iter().find(named).map(|keyword| (keyword, true));
        found.or_else(|| self.keywords.iter().find(|keyword| keyword.words.is_empty()).map(|keyword| (keyword, false)))
    }

    /// The kind of place that a code can be of, by its digits.
    pub(super) fn kind_of_place(&self, code: &str) -> Option<&str> {
        let digits = code.bytes().all(|byte| byte.is_ascii_digit());
        let fits = |(_, length): &(&String, &usize)| digits && **length == code.len();
        self.places.iter().find(fits).map(|(kind, _)| kind.as_str())
    }

    /// The level of a product and its average monthly consumption.
    pub(super) fn product(&self, code: &str) -> Option<(&str, Decimal)> {
        self.products.iter().find_map(|(level, codes)| codes.get(code).map(|amc| (level.as_str(), *amc)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_grammar_can_be_read() {
        for text in SHIPPED {
            toml::from_str::<Grammar>(text).unwrap();
        }
    }
}
