//! Facilities and administrative areas.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "counts of records are far below 2^52, and evidence is no finer than a thousandth of a bit"
)]

mod area;
mod assign;
mod association;
mod audit;
mod calibrate;
mod candidates;
mod category;
mod compare;
mod fold;
mod index;
mod lexicon;
mod matcher;
mod model;
mod name;
mod place;
mod propose;
mod read;
mod record;
mod register;
mod review;
mod rivals;
mod tree;
mod weights;
mod words;

pub use audit::Suspicion;
pub use lexicon::LEXICON_REVISION;
pub use matcher::{Directory, Matcher};
pub use model::MODEL_REVISION;
pub(in crate::matching) use place::kilometres;
pub(in crate::matching) use read::{AREAS, LEVELS};
pub use read::{areas, facilities, reviews};
pub use record::Facility;
pub(in crate::matching) use register::is_on_earth;
pub use review::Review;
