//! What requisitions of all versions have in common: how far they have come, and the numbers of their lines.

use mlatho_model::{Measure, MissingReason, RawValue, RecordSink, Unit, Value as Number};
use serde::Deserialize;
use serde_json::Value;

use crate::json::value;
use crate::table::not_a_number;

/// Settings of requisitions in a layout.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Requisitions {
    /// The first status whose numbers are given; those of a report that has not come so far are withheld.
    pub(crate) publish_from: PublishFrom,
}

/// How far a requisition must have come; each status stands for all after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum PublishFrom {
    Initiated,
    Submitted,
    #[default]
    Authorized,
    Approved,
    Released,
}

/// How far a status is; nothing for one that is not known.
pub(super) fn rank(status: &str) -> Option<PublishFrom> {
    match status {
        "INITIATED" | "REJECTED" => Some(PublishFrom::Initiated),
        "SUBMITTED" => Some(PublishFrom::Submitted),
        "AUTHORIZED" | "IN_APPROVAL" => Some(PublishFrom::Authorized),
        "APPROVED" => Some(PublishFrom::Approved),
        "RELEASED" | "RELEASED_WITHOUT_ORDER" => Some(PublishFrom::Released),
        _ => None,
    }
}

/// What a field of a line counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum In {
    DispensingUnits,
    Packs,
    /// Days, patients, money.
    Other,
}

impl In {
    pub(super) fn unit(self) -> Option<Unit> {
        match self {
            Self::DispensingUnits => Some(Unit::dispensing()),
            Self::Packs => Unit::named("pack"),
            Self::Other => None,
        }
    }
}

/// A numeric field of a line.
pub(super) struct Field {
    name: &'static str,
    measure: Option<Measure>,
    unit: In,
    /// Whether an emergency requisition says this too: it orders, and counts no stock.
    of_order: bool,
}

pub(super) const fn field(name: &'static str, measure: Measure, unit: In, of_order: bool) -> Field {
    Field { name, measure: Some(measure), unit, of_order }
}

/// A field that has no measure of ours and keeps its name.
pub(super) const fn own(name: &'static str, unit: In, of_order: bool) -> Field {
    Field { name, measure: None, unit, of_order }
}

impl Field {
    fn measure(&self) -> Measure {
        self.measure.clone().unwrap_or_else(|| Measure::Element(self.name.into()))
    }

    fn unit(&self) -> Option<Unit> {
        self.unit.unit()
    }
}

/// What decides whether a number of a requisition counts.
pub(super) struct Rules<'a> {
    pub(super) file: &'a str,
    pub(super) emergency: bool,
    /// The report has not come far enough.
    pub(super) withheld: bool,
    /// Columns that the form does not show.
    pub(super) hidden: &'a [String],
}

impl Rules<'_> {
    /// The numbers of a line's own fields. A field that the line does not have is no number.
    pub(super) fn numbers(
        &self,
        fields: &[Field],
        line: &Value,
        skipped: bool,
        position: u64,
        sink: &mut dyn RecordSink,
    ) -> Vec<Told> {
        let mut numbers = Vec::with_capacity(fields.len());
        for field in fields {
            let Some(found) = line.get(field.name) else { continue };
            let value = match value(found) {
                _ if skipped => Number::NotApplicable,
                Ok(Number::Missing(_)) if self.hidden.iter().any(|name| name == field.name) => Number::NotApplicable,
                Ok(Number::Reported(_)) if self.emergency && !field.of_order => Number::Suppressed("emergency".into()),
                Ok(number) => self.counted(number),
                Err(text) => {
                    sink.finding(not_a_number(self.file, position, field.name, &text));
                    Number::Missing(MissingReason::NotANumber)
                }
            };
            numbers.push(Told { measure: field.measure(), value, unit: field.unit(), column: field.name.into() });
        }
        numbers
    }

    /// The number, or that it is withheld.
    pub(super) fn counted(&self, number: Number) -> Number {
        match number {
            Number::Reported(_) if self.withheld => Number::Suppressed("status".into()),
            other => other,
        }
    }
}

/// A number with what is known of it, kept until its record is whole.
pub(super) struct Told {
    pub(super) measure: Measure,
    pub(super) value: Number,
    pub(super) unit: Option<Unit>,
    pub(super) column: String,
}

impl Told {
    pub(super) fn raw(&self) -> RawValue<'_> {
        RawValue { measure: &self.measure, value: self.value.clone(), unit: self.unit.as_ref(), column: &self.column }
    }
}
