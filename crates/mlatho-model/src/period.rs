//! Periods: being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PeriodType {
    Monthly,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period;
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bad")]
pub struct BadPeriod;
