//! What the error codes of data value import mean for us (`dhis2.md` section 3).

/// What a refused value needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Correct the mapping.
    Map,
    /// Change the assignment in DHIS2, or do not send the value.
    Meta,
    /// Ask the administrator for access.
    Access,
    /// Wait until the period is open, or ask for it to be opened.
    Lock,
    /// Correct the value in the data.
    Row,
    /// A fault of mlatho: report it.
    Bug,
    /// Divide the group and send the parts.
    Bisect,
}

impl Action {
    /// The stable name; the text for people is the catalogue key `publish-action-<name>`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Map => "map",
            Self::Meta => "meta",
            Self::Access => "access",
            Self::Lock => "lock",
            Self::Row => "row",
            Self::Bug => "bug",
            Self::Bisect => "bisect",
        }
    }

    /// The action of an error code of either engine. An unknown code asks for division, which finds the value.
    #[must_use]
    pub fn of(code: &str) -> Self {
        match code {
            "E7600" | "E7602" | "E8004" | "E8005" | "E7610" | "E8102" | "E8103" | "E8104" | "E7603" | "E7612"
            | "E8105" | "E8106" | "E8107" | "E7613" | "E7615" | "E7604" | "E8108" | "E8109" | "E8110" | "E8111"
            | "E8126" | "E8127" | "E7632" | "E8021" | "E7634" | "E7635" | "E8023" | "E8024" | "E7639" | "E8025"
            | "E7621" | "E8123" => Self::Map,
            "E8002" | "E8003" | "E7633" | "E7636" | "E8020" | "E8022" => Self::Meta,
            "E7601" | "E8010" | "E7617" | "E8011" | "E7614" | "E7616" | "E8012" => Self::Access,
            "E7640" | "E7641" | "E7643" | "E7644" | "E8030" | "E8031" | "E7638" | "E8032" | "E7642" | "E8033" => {
                Self::Lock
            }
            "E7619" | "E8122" | "E7620" | "E8124" | "E8125" => Self::Row,
            "E7611" | "E8100" | "E7618" | "E8120" | "E8121" | "E7637" | "E7645" | "E8128" | "E7630" | "E7631"
            | "E8001" | "E8006" | "E8007" | "E8008" | "E8009" | "E8034" | "E8035" | "E8101" => Self::Bug,
            _ => Self::Bisect,
        }
    }
}

/// One part of a value's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    DataElement,
    OrgUnit,
    Period,
    Combo,
}

/// What an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blame {
    /// Everything in the request: its data set, or its one attribute option combo.
    Request,
    /// Values that share these parts are all right or all wrong. `exact`: every value of which all these parts are named
    /// is wrong, so that it need not be tried again. No parts: the code does not say.
    Parts { parts: &'static [Part], exact: bool },
}

impl Blame {
    pub(super) fn of(code: &str) -> Self {
        let (parts, exact): (&[Part], bool) = match code {
            "E7600" | "E7601" | "E7602" | "E8004" | "E8005" | "E8010" | "E8023" => return Self::Request,
            "E8020" | "E8102" | "E8103" | "E8104" => (&[Part::DataElement], true),
            "E8011" | "E8022" | "E8025" | "E8105" | "E8106" | "E8107" => (&[Part::OrgUnit], true),
            "E8021" | "E8032" | "E8100" => (&[Part::Period], true),
            // It names periods only, and lock exceptions open them for some org units.
            "E8030" => (&[Part::Period, Part::OrgUnit], false),
            "E8031" | "E8033" => (&[Part::OrgUnit, Part::Period], true),
            "E8024" => (&[Part::DataElement, Part::Combo], false),
            "E8012" | "E8108" | "E8109" | "E8110" | "E8111" | "E8126" | "E8127" => (&[Part::Combo], false),
            _ => (&[], false),
        };
        Self::Parts { parts, exact }
    }
}

/// Codes of engine B that refuse one row; the others refuse the group.
pub(super) fn is_row_level(code: &str) -> bool {
    matches!(code, "E8120" | "E8121" | "E8122" | "E8123" | "E8124" | "E8125")
}
