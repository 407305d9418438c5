//! Facilities and administrative areas.

mod area;
mod association;
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
mod record;
mod register;
mod rivals;
mod tree;
mod words;

pub use lexicon::LEXICON_REVISION;
pub use matcher::Matcher;
pub use record::Facility;
