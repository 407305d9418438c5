#![doc = include_str!("../README.md")]

mod calendar;
mod finding;
mod id;
mod measure;
mod observation;
pub mod period;
mod rational;
mod record;
mod unit;
mod value;

pub use calendar::{BadCalendar, Calendar, CalendarDate};
pub use finding::{Arg, Code, Finding, Findings, Place, Severity};
pub use id::{BadId, ItemId, OrgUnitId, ReceiptId, RunId, SourceName, Uid};
pub use measure::{BadMeasure, Kind, Measure, OverItems, OverOrgUnits, OverTime};
pub use observation::{Disaggregation, Lineage, Observation, Status};
pub use period::{
    BadPeriod, BadPeriodType, CalendarPeriod, Days, Pagumen, Period, PeriodName, PeriodProblem, PeriodType,
};
pub use rational::{Rational, Rounding};
pub use record::{ORDERS, RawRecord, RawValue, RecordSink};
pub use unit::{BadFactor, Factor, Quantity, Unit};
pub use value::{BadState, MissingReason, Value};

/// Exact decimal number used for every quantity.
pub use rust_decimal::Decimal;
