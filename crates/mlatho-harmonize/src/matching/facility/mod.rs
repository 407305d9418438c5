//! Facilities and administrative areas.

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
mod record;
mod register;
mod rivals;
mod tree;
mod words;

pub use audit::Suspicion;
pub use lexicon::LEXICON_REVISION;
pub use matcher::Matcher;
pub use record::Facility;
