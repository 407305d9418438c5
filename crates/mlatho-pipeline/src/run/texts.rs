//! Terms of the texts of records.

use std::collections::HashMap;

use jiff::civil::Date;
use mlatho_harmonize::Part;
use mlatho_model::{Factor, Measure, RawValue, Unit};
use mlatho_store::{Run, TermKind};

use super::records::Reason;

/// Stands in the unit rule of a part between its share and its factor.
pub(super) const DIVIDED: &str = " × ";

/// Terms of texts that come again in every record, remembered by their place.
#[derive(Default)]
pub(super) struct Texts {
    places: Vec<Place>,
    disaggregation: (Box<str>, i32),
    day: (Box<str>, Option<Date>),
    reasons: Vec<(Reason, i32)>,
    rules: HashMap<Part, UnitRules>,
    last_rules: Option<(Part, UnitRules)>,
}

/// What stands at a place of a record, and its terms.
struct Place {
    measure: Measure,
    column: Box<str>,
    unit: Option<Unit>,
    terms: (i32, i32, i32),
}

/// By which rule a part was made: of quantities, and of what has no unit to be converted.
#[derive(Clone, Copy)]
pub(super) struct UnitRules {
    pub(super) quantity: i32,
    pub(super) other: i32,
}

impl Texts {
    /// Terms of the measure, the column and the source's unit of a record's n-th value.
    pub(super) fn place(&mut self, at: usize, raw: &RawValue<'_>, run: &mut Run<'_>) -> (i32, i32, i32) {
        if let Some(place) = self.places.get(at)
            && place.measure == *raw.measure
            && *place.column == *raw.column
            && place.unit.as_ref() == raw.unit
        {
            return place.terms;
        }
        let terms = run.terms();
        let unit = raw.unit.map_or(0, |unit| terms.id(TermKind::Unit, unit.as_str()));
        let terms = (terms.id(TermKind::Measure, raw.measure.name()), terms.id(TermKind::Column, raw.column), unit);
        if at <= self.places.len() {
            self.places.truncate(at);
            let (measure, column) = (raw.measure.clone(), raw.column.into());
            self.places.push(Place { measure, column, unit: raw.unit.cloned(), terms });
        }
        terms
    }

    pub(super) fn disaggregation(&mut self, text: &str, run: &mut Run<'_>) -> i32 {
        if text.is_empty() {
            return 0;
        }
        if *self.disaggregation.0 != *text {
            self.disaggregation = (text.into(), run.terms().id(TermKind::Disaggregation, text));
        }
        self.disaggregation.1
    }

    /// The day that a text names.
    pub(super) fn day(&mut self, text: &str) -> Option<Date> {
        if text.is_empty() {
            return None;
        }
        if *self.day.0 != *text {
            self.day = (text.into(), text.parse().ok());
        }
        self.day.1
    }

    pub(super) fn reason(&mut self, reason: Option<Reason>, run: &mut Run<'_>) -> i32 {
        let Some(reason) = reason else { return 0 };
        if let Some((_, term)) = self.reasons.iter().find(|(known, _)| *known == reason) {
            return *term;
        }
        let term = run.terms().id(TermKind::Reason, reason.name());
        self.reasons.push((reason, term));
        term
    }

    /// The rules of a part: a factor such as `30`, or a share and a factor such as `1/3 × 30`.
    pub(super) fn rules(&mut self, part: Part, run: &mut Run<'_>) -> UnitRules {
        if let Some((last, rules)) = self.last_rules
            && last == part
        {
            return rules;
        }
        let rules = *self.rules.entry(part).or_insert_with(|| {
            let mut term = |factor: Factor| {
                let text = match part.share {
                    share if share == Part::WHOLE.share => factor.to_string(),
                    share => format!("{share}{DIVIDED}{factor}"),
                };
                run.terms().id(TermKind::UnitRule, &text)
            };
            UnitRules { quantity: term(part.factor), other: term(Part::WHOLE.factor) }
        });
        self.last_rules = Some((part, rules));
        rules
    }
}
