//! One link, as a person decided it.

use jiff::civil::Date;
use mlatho_model::{Factor, SourceName, Unit};
use serde::Deserialize;

/// What a link is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    OrgUnit,
    Item,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::OrgUnit, Self::Item];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OrgUnit => "org-unit",
            Self::Item => "item",
        }
    }
}

/// How many of the source stand against how many of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    Equal,
    /// Several of the source's become one: their values are added up.
    ManyToOne,
    /// One of the source's is divided over several by declared shares.
    OneToMany,
    /// Reviewed and found to have no counterpart.
    None,
}

impl Relation {
    pub const ALL: [Self; 4] = [Self::Equal, Self::ManyToOne, Self::OneToMany, Self::None];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::ManyToOne => "many-to-one",
            Self::OneToMany => "one-to-many",
            Self::None => "none",
        }
    }
}

/// One link, as a person decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub kind: Kind,
    pub source: SourceName,
    /// The code that the source uses.
    pub source_id: Box<str>,
    pub source_name: Box<str>,
    /// The project's id; empty for [`Relation::None`].
    pub target: Box<str>,
    pub target_name: Box<str>,
    pub relation: Relation,
    /// The part of each number that goes to this target.
    pub share: Factor,
    /// Target units per source unit; one for org units.
    pub factor: Factor,
    /// The unit of the target.
    pub unit: Option<Unit>,
    /// First and last day on which the link holds; open where there is none.
    pub valid_from: Option<Date>,
    pub valid_to: Option<Date>,
    pub reason: Box<str>,
}

impl Link {
    /// An equal link without end, unit factor or reason.
    #[must_use]
    pub fn equal(kind: Kind, source: SourceName, source_id: &str, target: &str) -> Self {
        Self {
            kind,
            source,
            source_id: source_id.into(),
            source_name: "".into(),
            target: target.into(),
            target_name: "".into(),
            relation: Relation::Equal,
            share: Factor::ONE,
            factor: Factor::ONE,
            unit: None,
            valid_from: None,
            valid_to: None,
            reason: "".into(),
        }
    }

    pub(super) fn first_day(&self) -> Date {
        self.valid_from.unwrap_or(Date::MIN)
    }

    pub(super) fn last_day(&self) -> Date {
        self.valid_to.unwrap_or(Date::MAX)
    }

    /// Whether the two say the same, whatever names and reasons stand beside it.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        let decision = |link: &Self| (link.relation, link.share, link.factor, link.valid_from, link.valid_to);
        self.target == other.target && self.unit == other.unit && decision(self) == decision(other)
    }
}

/// The columns of an existing table that serves as a mapping: every row an equal link without end.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableColumns {
    /// Column of the source's code.
    pub source_id: String,
    /// Column of the project's id.
    pub target: String,
    /// Column of the unit factor, where there is one.
    pub factor: Option<String>,
}
