//! The numbers behind the strengths: how often causes are met, and how much a fact counts.
//!
//! They are stated judgements, the same for every country and product, not fitted to any data: a fact that is seldom
//! seen without its cause weighs 3 (twenty to one), a proof 5 (150 to one), a hint 0.7 (two to one). `docs/analysis.md`
//! tells each with its reason.

use super::Cause;

/// How often a cause is met where consumption is too high.
pub(super) const ABOVE: [(Cause, f64); 10] = [
    (Cause::UnderReportedCases, 0.17),
    (Cause::PresumptiveTreatment, 0.10),
    (Cause::Leakage, 0.08),
    (Cause::OtherUse, 0.09),
    (Cause::UnitError, 0.05),
    (Cause::WrongMapping, 0.05),
    (Cause::DataEntry, 0.08),
    (Cause::LateReport, 0.05),
    (Cause::DuplicateReport, 0.03),
    (Cause::CannotTell, 0.30),
];

/// How often a cause is met where consumption is too low.
pub(super) const BELOW: [(Cause, f64); 7] = [
    (Cause::StockOut, 0.25),
    (Cause::OverReportedCases, 0.13),
    (Cause::UnitError, 0.05),
    (Cause::WrongMapping, 0.05),
    (Cause::DataEntry, 0.10),
    (Cause::LateReport, 0.12),
    (Cause::CannotTell, 0.30),
];

/// How often a cause is met where there is no ratio, or one in its band, and something else was noticed.
pub(super) const NOTICED: [(Cause, f64); 7] = [
    (Cause::StockOut, 0.15),
    (Cause::UnitError, 0.10),
    (Cause::WrongMapping, 0.10),
    (Cause::DataEntry, 0.15),
    (Cause::LateReport, 0.10),
    (Cause::DuplicateReport, 0.10),
    (Cause::CannotTell, 0.30),
];

/// A hint, a fact that is seldom there without the cause, and a proof.
pub(super) const HINT: f64 = 0.7;
pub(super) const CLEAR: f64 = 1.5;
pub(super) const STRONG: f64 = 3.0;
pub(super) const PROOF: f64 = 5.0;

/// The most that the side which moved can say, and how much each standard deviation says.
pub(super) const SIDE_MOST: f64 = 4.0;
pub(super) const SIDE_EACH: f64 = 1.0;
/// An unknown cause may move either side: it is this much less likely to move just the one that moved.
pub(super) const SIDE_OF_UNKNOWN: f64 = 1.2;

/// The part of a family's gap that one item makes, from which on that item alone is looked at.
pub(super) const STANDS_OUT: f64 = 0.7;

/// The part of the excess that was written off, from which on it is more than chance.
pub(super) const WRITTEN_OFF: f64 = 0.1;

/// Pack sizes that are met often, where a rule names none.
pub(super) const PACKS: [f64; 9] = [10.0, 12.0, 20.0, 25.0, 30.0, 50.0, 100.0, 500.0, 1000.0];
/// So many common pack sizes are tried that one fits by chance: ln 9.
pub(super) const PACKS_TRIED: f64 = 2.2;
/// How near is near, as a logarithm: about a quarter.
pub(super) const NEAR: f64 = 0.22;

/// So many org units are many, and so many percent of them are most.
pub(super) const MANY: f64 = 8.0;
pub(super) const MOST: f64 = 60.0;
