//! The rules by which a DHIS2 server refuses values, each with the code of either engine.

use mlatho_connect::dhis2::{Action, Engine};

/// Why a value is not sent: the server would refuse it, or take it and lose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    DataSetUnknown,
    /// The user may not write data of the data set.
    DataSetAccess,
    /// The org unit is not below one that the user may write to.
    OrgUnitScope,
    /// The user may not write with an option of the category option combo.
    ComboAccess,
    /// The user may not write with an option of the attribute option combo.
    AttributeAccess,
    /// 2.43.0 to 2.43.1 apply input periods the wrong way round; the whole data set waits.
    DataSetHeld,
    ElementNotInDataSet,
    OrgUnitNotInDataSet,
    PeriodType,
    AttributeCombo,
    Combo,
    /// An option of the attribute option combo may not be used at the org unit.
    AttributeOrgUnit,
    OrgUnitClosed,
    /// Too late, and there is no lock exception.
    Expired,
    Future,
    InputPeriod,
    /// The data is approved, and so locked. It is never forced.
    Approved,
    /// The period does not lie within the dates of the attribute option combo's options.
    AttributeDates,
    ValueType,
    Option,
    CommentOption,
    CommentTooLong,
    /// The server would drop the zero, or withdraw the value that it replaces.
    ZeroDropped,
}

impl Rule {
    pub const ALL: [Self; 23] = [
        Self::DataSetUnknown,
        Self::DataSetAccess,
        Self::OrgUnitScope,
        Self::ComboAccess,
        Self::AttributeAccess,
        Self::DataSetHeld,
        Self::ElementNotInDataSet,
        Self::OrgUnitNotInDataSet,
        Self::PeriodType,
        Self::AttributeCombo,
        Self::Combo,
        Self::AttributeOrgUnit,
        Self::OrgUnitClosed,
        Self::Expired,
        Self::Future,
        Self::InputPeriod,
        Self::Approved,
        Self::AttributeDates,
        Self::ValueType,
        Self::Option,
        Self::CommentOption,
        Self::CommentTooLong,
        Self::ZeroDropped,
    ];

    /// The stable name; the text for people is the catalogue key `publish-rule-<name>`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DataSetUnknown => "data-set-unknown",
            Self::DataSetAccess => "data-set-access",
            Self::OrgUnitScope => "org-unit-scope",
            Self::ComboAccess => "combo-access",
            Self::AttributeAccess => "attribute-access",
            Self::DataSetHeld => "data-set-held",
            Self::ElementNotInDataSet => "element-not-in-data-set",
            Self::OrgUnitNotInDataSet => "org-unit-not-in-data-set",
            Self::PeriodType => "period-type",
            Self::AttributeCombo => "attribute-combo",
            Self::Combo => "combo",
            Self::AttributeOrgUnit => "attribute-org-unit",
            Self::OrgUnitClosed => "org-unit-closed",
            Self::Expired => "expired",
            Self::Future => "future",
            Self::InputPeriod => "input-period",
            Self::Approved => "approved",
            Self::AttributeDates => "attribute-dates",
            Self::ValueType => "value-type",
            Self::Option => "option",
            Self::CommentOption => "comment-option",
            Self::CommentTooLong => "comment-too-long",
            Self::ZeroDropped => "zero-dropped",
        }
    }

    /// The code that the server would give; our own name where it gives none.
    #[must_use]
    pub const fn code(self, engine: Engine) -> &'static str {
        let (a, b) = match self {
            Self::DataSetUnknown => ("E7600", "E8004"),
            Self::DataSetAccess => ("E7601", "E8010"),
            Self::OrgUnitScope => ("E7617", "E8011"),
            Self::ComboAccess => ("E7614", "E8012"),
            Self::AttributeAccess => ("E7616", "E8012"),
            Self::ElementNotInDataSet => ("E7633", "E8020"),
            Self::OrgUnitNotInDataSet => ("E7636", "E8022"),
            Self::PeriodType => ("E7632", "E8021"),
            Self::AttributeCombo => ("E7635", "E8023"),
            Self::Combo => ("E7634", "E8024"),
            Self::AttributeOrgUnit => ("E7639", "E8025"),
            Self::Expired => ("E7640", "E8030"),
            Self::Future => ("E7641", "E8030"),
            Self::InputPeriod => ("E7643", "E8030"),
            Self::Approved => ("E7642", "E8033"),
            Self::AttributeDates => ("E7638", "E8032"),
            Self::OrgUnitClosed => (self.name(), "E8031"),
            Self::ValueType => ("E7619", "E8122"),
            Self::Option => ("E7621", "E8123"),
            Self::CommentOption => ("E7620", "E8124"),
            Self::CommentTooLong => ("E7620", "E8125"),
            Self::DataSetHeld | Self::ZeroDropped => (self.name(), self.name()),
        };
        match engine {
            Engine::A => a,
            Engine::B => b,
        }
    }

    /// What has to be done.
    #[must_use]
    pub fn action(self) -> Action {
        match self {
            Self::DataSetHeld => Action::Lock,
            Self::ZeroDropped => Action::Meta,
            rule => Action::of(rule.code(Engine::B)),
        }
    }
}
