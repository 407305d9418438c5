//! Packs, dispensing units, doses, treatment courses and patient-months of the same product, converted exactly.
//!
//! What one unit contains is data: rows of a project's `products/*.csv`, dated and, where the source counts versions of a
//! product, by version. Regimens say by age and weight how many units a course or a month takes.

mod dosage;
mod pack;
mod products;
mod read;
mod suspect;
mod validity;

pub use dosage::{Band, Dosage, Group, Suitable};
pub use pack::Pack;
pub use products::{At, NoConversion, Products};
pub use suspect::{Suspicion, TOLERANCE, suspect, suspects};
pub use validity::Validity;
