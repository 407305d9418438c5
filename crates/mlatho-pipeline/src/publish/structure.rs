//! What the target's data sets accept, read once for a publication.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use mlatho_connect::dhis2::{Client, DataElement, DataSet, Dhis2Error, Engine, InputPeriod, OrgUnit, Version};
use mlatho_model::{Decimal, Period, Uid};

use super::plan::Change;
use super::rules::Rule;

/// Longest comment that a server takes, in characters.
const LONGEST_COMMENT: usize = 5000;

/// The data sets of a target with everything that decides about a value.
#[derive(Clone, Debug)]
pub struct Structure {
    pub version: Version,
    /// Whether the user may write to expired periods (`F_EDIT_EXPIRED`).
    pub edits_expired: bool,
    pub data_sets: HashMap<Uid, DataSet>,
    /// Option combos of each category combo.
    pub combos: HashMap<Uid, BTreeSet<Uid>>,
    /// Codes of each option set.
    pub options: HashMap<Uid, HashSet<String>>,
    pub org_units: HashMap<Uid, OrgUnit>,
}

impl Structure {
    /// Reads the structure of the data sets; org units are added later. A data set that the server does not know is
    /// left out, so that its values are blocked as such.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn of_data_sets(client: &Client, data_sets: &BTreeSet<Uid>) -> Result<Self, Dhis2Error> {
        let mut structure = Self {
            version: client.version(),
            edits_expired: client.has_authority("F_EDIT_EXPIRED"),
            data_sets: HashMap::new(),
            combos: HashMap::new(),
            options: HashMap::new(),
            org_units: HashMap::new(),
        };
        for &id in data_sets {
            match client.data_set(id).await {
                Ok(data_set) => drop(structure.data_sets.insert(id, data_set)),
                Err(Dhis2Error::Status { status: 404, .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let elements = || structure.data_sets.values().flat_map(|set| set.elements.values());
        let combos = elements().map(|element| element.category_combo);
        let combos = combos.chain(structure.data_sets.values().map(|set| set.category_combo)).collect();
        let option_sets: BTreeSet<Uid> =
            elements().flat_map(|element| [element.option_set, element.comment_option_set]).flatten().collect();
        for combo in client.category_combos(&combos).await? {
            structure.combos.insert(combo.id, combo.option_combos);
        }
        for id in option_sets {
            structure.options.insert(id, client.option_codes(id).await?);
        }
        Ok(structure)
    }

    /// Reads the dates between which org units are open.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn add_org_units(&mut self, client: &Client, org_units: &BTreeSet<Uid>) -> Result<(), Dhis2Error> {
        let units = client.org_units(org_units).await?;
        self.org_units.extend(units.into_iter().map(|unit| (unit.id, unit)));
        Ok(())
    }

    /// The first rule by which the server would refuse the value, or lose it. Engine A takes values that do not belong
    /// to their data set, except that a data element outside of it could never be read back. `today` is the server's.
    #[must_use]
    pub fn refuses(&self, change: &Change, today: Date) -> Option<Rule> {
        let Some(data_set) = self.data_sets.get(&change.data_set) else { return Some(Rule::DataSetUnknown) };
        let Some(element) = data_set.elements.get(&change.key.data_element) else {
            return Some(Rule::ElementNotInDataSet);
        };
        if self.version.inverts_input_periods() && !data_set.input_periods.is_empty() {
            return Some(Rule::DataSetHeld);
        }
        let membership = match self.version.engine() {
            Engine::A => None,
            Engine::B => self.outside(change, data_set, element),
        };
        membership
            .or_else(|| self.untimely(change.key.period, data_set, today))
            .or_else(|| self.bad_value(change, element))
    }

    /// What does not belong to the data set, in the order of engine B.
    fn outside(&self, change: &Change, data_set: &DataSet, element: &DataElement) -> Option<Rule> {
        let key = change.key;
        let has = |combo: Uid, option: Uid| self.combos.get(&combo).is_none_or(|options| options.contains(&option));
        if !data_set.org_units.contains(&key.org_unit) {
            return Some(Rule::OrgUnitNotInDataSet);
        }
        if data_set.period_type.is_some_and(|kind| kind != key.period.period_type()) {
            return Some(Rule::PeriodType);
        }
        if !has(data_set.category_combo, key.attribute_option_combo) {
            return Some(Rule::AttributeCombo);
        }
        if !has(element.category_combo, key.category_option_combo) {
            return Some(Rule::Combo);
        }
        let unit = self.org_units.get(&key.org_unit)?;
        let start = key.period.start();
        let closed = unit.opening.is_some_and(|opening| start < opening) || unit.closed.is_some_and(|end| start > end);
        closed.then_some(Rule::OrgUnitClosed)
    }

    fn bad_value(&self, change: &Change, element: &DataElement) -> Option<Rule> {
        let text = change.new.as_deref()?;
        let unknown = |set: Option<Uid>, text: &str| {
            set.and_then(|set| self.options.get(&set)).is_some_and(|codes| !codes.contains(text))
        };
        if !is_of_type(text, &element.value_type) {
            return Some(Rule::ValueType);
        }
        if unknown(element.option_set, text) {
            return Some(Rule::Option);
        }
        let comment = change.comment.as_deref();
        // Where comments have options, engine B takes no value without one.
        let lacks = comment.is_none() && element.comment_option_set.is_some() && self.version.engine() == Engine::B;
        if lacks || comment.is_some_and(|comment| unknown(element.comment_option_set, comment)) {
            return Some(Rule::CommentOption);
        }
        if comment.is_some_and(|comment| comment.chars().count() > LONGEST_COMMENT) {
            return Some(Rule::CommentTooLong);
        }
        let zero = text.parse::<Decimal>().is_ok_and(|number| number.is_zero());
        let dropped = zero && loses_zeros(element) && self.version.engine() == Engine::A;
        dropped.then_some(Rule::ZeroDropped)
    }

    /// Whether the period is closed: too late, too early, or no input period that is open. With engine B input periods
    /// stand in place of expiry and future, and who may write to expired periods may write to future ones too.
    fn untimely(&self, period: Period, data_set: &DataSet, today: Date) -> Option<Rule> {
        let input = || shut(period, data_set, today).then_some(Rule::InputPeriod);
        let expired = || (!self.edits_expired && expired(period, data_set, today)).then_some(Rule::Expired);
        let future = || future(period, data_set, today).then_some(Rule::Future);
        match self.version.engine() {
            Engine::A => expired().or_else(future).or_else(input),
            Engine::B if !data_set.input_periods.is_empty() => input(),
            Engine::B if self.edits_expired => None,
            Engine::B => expired().or_else(future),
        }
    }
}

/// Whether the server's today lies more than `expiry_days` after the last day of the period. On the day on which that is
/// a question of hours (engine A closes at its start) the server decides.
fn expired(period: Period, data_set: &DataSet, today: Date) -> bool {
    let late = today.since((jiff::Unit::Day, period.end())).map_or(0, |span| span.get_days());
    data_set.expiry_days.is_some_and(|days| days > Decimal::ZERO && Decimal::from(late) > days.ceil())
}

/// Whether the period comes after the last open one: the present one of the data set's type, less one, plus
/// `open_future_periods` (DHIS2 `PeriodType.getFuturePeriod`).
fn future(period: Period, data_set: &DataSet, today: Date) -> bool {
    let kind = data_set.period_type.unwrap_or_else(|| period.period_type());
    let mut last = Period::containing(kind, today).and_then(Period::previous);
    for _ in 0..data_set.open_future_periods.clamp(0, 1000) {
        last = last.and_then(Period::next);
    }
    last.is_some_and(|last| period.start() > last.start())
}

/// Whether there are input periods, and the period is none that is open.
fn shut(period: Period, data_set: &DataSet, today: Date) -> bool {
    let is_open = |input: &InputPeriod| {
        let opened = input.opening.is_none_or(|opening| opening <= today);
        input.period == period && opened && input.closing.is_none_or(|closing| today <= closing)
    };
    !data_set.input_periods.is_empty() && !data_set.input_periods.iter().any(is_open)
}

/// Whether engine A drops zeros of this data element (DHIS2 `ValidationUtils.dataValueIsZeroAndInsignificant`).
fn loses_zeros(element: &DataElement) -> bool {
    let is_number = element.value_type.starts_with("INTEGER")
        || matches!(element.value_type.as_str(), "NUMBER" | "PERCENTAGE" | "UNIT_INTERVAL");
    let is_averaged = matches!(element.aggregation_type.as_str(), "AVERAGE" | "AVERAGE_SUM_ORG_UNIT");
    is_number && !is_averaged && !element.zero_is_significant
}

/// Whether a text is a value of a DHIS2 value type. Types that hold no number take no number here, except texts.
fn is_of_type(text: &str, value_type: &str) -> bool {
    let Ok(number) = text.parse::<Decimal>() else { return false };
    let whole = number.is_integer() && number <= Decimal::from(i32::MAX) && number >= Decimal::from(i32::MIN);
    match value_type {
        "INTEGER" => whole,
        "INTEGER_POSITIVE" => whole && number > Decimal::ZERO,
        "INTEGER_NEGATIVE" => whole && number < Decimal::ZERO,
        "INTEGER_ZERO_OR_POSITIVE" => whole && number >= Decimal::ZERO,
        "PERCENTAGE" => number >= Decimal::ZERO && number <= Decimal::ONE_HUNDRED,
        "UNIT_INTERVAL" => number >= Decimal::ZERO && number <= Decimal::ONE,
        "BOOLEAN" => number.is_zero() || number == Decimal::ONE,
        "TRUE_ONLY" => number == Decimal::ONE,
        "NUMBER" | "TEXT" | "LONG_TEXT" | "MULTI_TEXT" => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_types_by_hand() {
        for (text, kind, good) in [
            ("12", "INTEGER", true),
            ("12.5", "INTEGER", false),
            ("12.0", "INTEGER", true),
            ("0", "INTEGER_POSITIVE", false),
            ("0", "INTEGER_ZERO_OR_POSITIVE", true),
            ("-1", "INTEGER_ZERO_OR_POSITIVE", false),
            ("-1", "INTEGER_NEGATIVE", true),
            ("2147483648", "INTEGER", false),
            ("-2147483648", "INTEGER", true),
            ("100.1", "PERCENTAGE", false),
            ("1", "UNIT_INTERVAL", true),
            ("2", "BOOLEAN", false),
            ("1", "TRUE_ONLY", true),
            ("0", "TRUE_ONLY", false),
            ("1", "LETTER", false),
            ("12", "DATE", false),
        ] {
            assert_eq!(is_of_type(text, kind), good, "{text} as {kind}");
        }
    }
}
