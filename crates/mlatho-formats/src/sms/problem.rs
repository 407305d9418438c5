//! What can be wrong with a message.

use mlatho_model::Finding;

/// Why a message was not taken as it stands, or why a person should look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    // Refused.
    EmptyReport,
    NoProduct,
    NoQuantity,
    NoPairs,
    BadQuantity,
    NegativeQuantity,
    UnknownProduct,
    WrongLevelProduct,
    NoProductsManaged,
    NotRegistered,
    AlreadyRegistered,
    RoleNotAllowed,
    FridgeBroken,
    TooFewWords,
    UnknownKeyword,
    UnknownSupplyPoint,
    UnknownLocation,
    IdNotNumber,
    IdOutOfRange,
    IdTaken,
    UnknownReason,
    AlreadyOpen,
    NothingOpen,
    NothingPending,
    SameFacility,
    MessageTooLong,
    // For a person to decide.
    UnparsedText,
    RepeatedProduct,
    AmbiguousLetterDigit,
    NotInteger,
    // Waiting for a repetition.
    OverMaximum,
    // Dropped.
    DuplicateReceipt,
    NotStockData,
    // Taken, and worth a look.
    LimitOverridden,
    ExplicitStockout,
}

impl Problem {
    /// What makes the whole message useless weighs more than what leaves a part of it.
    pub(super) const fn weight(self) -> u8 {
        match self {
            Self::UnparsedText => 1,
            Self::NotInteger | Self::AmbiguousLetterDigit => 2,
            Self::RepeatedProduct => 3,
            _ => 4,
        }
    }

    /// Whether the quantities that could be read may be proposed to a person.
    pub(super) const fn is_for_review(self) -> bool {
        matches!(self, Self::UnparsedText | Self::RepeatedProduct | Self::AmbiguousLetterDigit | Self::NotInteger)
    }

    /// The finding about the message; its code in kebab-case is stable.
    pub(super) fn finding(self) -> Finding {
        match self {
            Self::EmptyReport => Finding::error("empty-report"),
            Self::NoProduct => Finding::error("no-product"),
            Self::NoQuantity => Finding::error("no-quantity"),
            Self::NoPairs => Finding::error("no-pairs"),
            Self::BadQuantity => Finding::error("bad-quantity"),
            Self::NegativeQuantity => Finding::error("negative-quantity"),
            Self::UnknownProduct => Finding::error("unknown-product"),
            Self::WrongLevelProduct => Finding::error("wrong-level-product"),
            Self::NoProductsManaged => Finding::error("no-products-managed"),
            Self::NotRegistered => Finding::error("not-registered"),
            Self::AlreadyRegistered => Finding::error("already-registered"),
            Self::RoleNotAllowed => Finding::error("role-not-allowed"),
            Self::FridgeBroken => Finding::error("fridge-broken"),
            Self::TooFewWords => Finding::error("too-few-words"),
            Self::UnknownKeyword => Finding::error("unknown-keyword"),
            Self::UnknownSupplyPoint => Finding::error("unknown-supply-point"),
            Self::UnknownLocation => Finding::error("unknown-location"),
            Self::IdNotNumber => Finding::error("id-not-number"),
            Self::IdOutOfRange => Finding::error("id-out-of-range"),
            Self::IdTaken => Finding::error("id-taken"),
            Self::UnknownReason => Finding::error("unknown-reason"),
            Self::AlreadyOpen => Finding::error("already-open"),
            Self::NothingOpen => Finding::error("nothing-open"),
            Self::NothingPending => Finding::error("nothing-pending"),
            Self::SameFacility => Finding::error("same-facility"),
            Self::MessageTooLong => Finding::error("message-too-long"),
            Self::UnparsedText => Finding::warning("unparsed-text"),
            Self::RepeatedProduct => Finding::warning("repeated-product"),
            Self::AmbiguousLetterDigit => Finding::warning("ambiguous-letter-digit"),
            Self::NotInteger => Finding::warning("not-integer"),
            Self::OverMaximum => Finding::warning("over-maximum"),
            Self::DuplicateReceipt => Finding::info("duplicate-receipt"),
            Self::NotStockData => Finding::info("not-stock-data"),
            Self::LimitOverridden => Finding::info("limit-overridden"),
            Self::ExplicitStockout => Finding::info("explicit-stockout"),
        }
    }
}
