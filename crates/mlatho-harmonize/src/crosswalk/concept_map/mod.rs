//! Links as a FHIR `ConceptMap`: release 5 in and out, release 4 in.
//!
//! A group holds the codes of one kind from one source, named by a system of the form `urn:mlatho:<kind>:<source>`, its
//! targets by `urn:mlatho:<kind>`. A link is a target of its code; that a code has no counterpart is an element with
//! `noMap`. What FHIR has no field for stands in properties of the target ([`PROPERTIES`]), and in extensions of the same
//! names where `noMap` leaves no target.

mod read;
mod write;

use super::Kind;

pub use read::{Given, read_concept_map};
pub use write::concept_map;

/// Names of what is said beside code and relationship: the days of the link, target units per source unit, the unit of
/// the target and the part of each number that goes to it. Factors and shares are texts such as `1/3`, which are exact.
pub(super) const PROPERTIES: [(&str, &str); 5] =
    [(FROM, "dateTime"), (TO, "dateTime"), (FACTOR, "string"), (UNIT, "string"), (SHARE, "string")];

const FROM: &str = "valid-from";
const TO: &str = "valid-to";
const FACTOR: &str = "factor";
const UNIT: &str = "unit";
const SHARE: &str = "share";
/// The reason of a link without a target; others have it as their comment.
const REASON: &str = "reason";

/// FHIR wants a comment on each mapping to something narrower (rule cmd-1); this one says nothing.
const NO_COMMENT: &str = "-";

const SYSTEM: &str = "urn:mlatho:";

/// The system of the project's ids of a kind.
fn own_system(kind: Kind) -> String {
    format!("{SYSTEM}{}", kind.name())
}

fn address(name: &str) -> String {
    format!("{SYSTEM}{name}")
}
