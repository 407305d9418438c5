//! What will be needed: each method of quantification on its own, with its parts, and their combination.
//!
//! Quantities are base units for each month, exact decimals; every [`Need`] lists the parts that add up to it, for a
//! waterfall. A method answers `None` only where a number becomes too large to be written.
//! Source: `forecasting.md` 2.

mod cohort;
mod combine;
mod history;
mod methods;
mod need;
mod newcomer;
mod outcome;
mod scenario;
mod tables;
mod transition;
mod triangulate;

pub use cohort::{Band, Cohort, DAYS_IN_MONTH};
pub use combine::{Combination, Disagreement, Past, Voice, combine};
pub use history::{Facility, History, Inputs};
pub use methods::{CaseBand, Contraceptive, Demographic, Morbidity, Services};
pub use need::{Need, Part};
pub use newcomer::Newcomer;
pub use outcome::{Asked, MethodOutcome, Moved, Outcome, ProductOutcome, Supplied, quantify};
pub use scenario::{BadScenario, Scenario};
pub use tables::{SUMMARY, Table, WORDS, summary, tables};
pub use transition::{Curve, NoCurve, Row, Transfer};
pub use triangulate::{Agreement, Triangulation, Use, Uses};
