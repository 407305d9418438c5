//! Products: taking their names apart, and matching them by the parts.

mod amount;
mod compare;
mod factor;
mod index;
mod lexicon;
mod name;
mod parse;
mod propose;
mod quantity;
mod record;
mod token;

pub(in crate::matching) use compare::compare;
pub(in crate::matching) use index::{Index, Rarity, respell};
pub(in crate::matching) use lexicon::LEXICON;
pub(in crate::matching) use parse::parse_tokens;
pub(in crate::matching) use propose::probability;
pub(in crate::matching) use record::Record;
pub(in crate::matching) use token::{Runs, Token, tokens};

pub use amount::{Amount, AmountUnit, Strength};
pub use factor::{FactorProposal, FactorReason, propose_factors};
pub use lexicon::{ItemKind, LEXICON_REVISION};
pub use name::ProductName;
pub use parse::parse;
pub use propose::{Catalogue, propose};
pub use record::{ProductRow, products};
