//! Whether the period is open: not too late, not too early, and an input period where there are any.

use jiff::civil::Date;
use mlatho_connect::dhis2::{DataSet, Engine, InputPeriod, ValueKey};
use mlatho_model::{Decimal, Period};

use super::Structure;
use crate::publish::rules::Rule;

impl Structure {
    /// Whether the period is closed for engine B. Input periods stand in place of expiry and future, and who may write to
    /// expired periods may write to future ones too. A server that applies input periods the wrong way round is not
    /// written to.
    pub(super) fn untimely(&self, key: &ValueKey, data_set: &DataSet, today: Date) -> Option<Rule> {
        if data_set.input_periods.is_empty() {
            let early = || if self.edits_expired { None } else { too_early(key.period, data_set, today) };
            return self.too_late(key, data_set, today).or_else(early);
        }
        if self.version.inverts_input_periods() {
            return Some(Rule::DataSetHeld);
        }
        no_input(key.period, data_set, today)
    }

    /// Expired, and no lock exception opens the period for the org unit.
    pub(super) fn too_late(&self, key: &ValueKey, data_set: &DataSet, today: Date) -> Option<Rule> {
        let closed = self.has_expired(key.period, data_set, today) && !self.locks.may_open(data_set.id, key);
        closed.then_some(Rule::Expired)
    }

    /// Whether the period has expired for the user, lock exceptions aside.
    pub(super) fn has_expired(&self, period: Period, data_set: &DataSet, today: Date) -> bool {
        let asked = self.version.engine() == Engine::A || data_set.input_periods.is_empty();
        asked && !self.edits_expired && expired(period, data_set, today)
    }
}

pub(super) fn too_early(period: Period, data_set: &DataSet, today: Date) -> Option<Rule> {
    future(period, data_set, today).then_some(Rule::Future)
}

pub(super) fn no_input(period: Period, data_set: &DataSet, today: Date) -> Option<Rule> {
    shut(period, data_set, today).then_some(Rule::InputPeriod)
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
