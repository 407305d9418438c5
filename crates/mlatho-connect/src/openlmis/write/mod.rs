//! Numbers of patients into draft requisitions, under guards.
//!
//! Three steps, so that nothing is sent unseen: [`Client::drafts`] reads the drafts; [`plan`], which is pure, says what
//! would be written, with the order quantity before and after, and what is refused and why; [`Client::write`] sends one
//! requisition under its guards and reads it back. mlatho never initiates, submits, authorizes, approves, rejects or skips
//! a requisition: those are acts of persons.
//!
//! [`Client::drafts`]: super::Client::drafts
//! [`Client::write`]: super::Client::write

mod body;
mod drafts;
mod plan;
mod refusal;
mod send;
mod wanted;

pub use drafts::{Draft, Drafts};
pub use plan::{Change, Plan, Planned, Refused, Sent, plan};
pub use refusal::Refusal;
pub use send::{Found, Outcome, Receipt};
pub use wanted::{BadColumn, Cell, Column, Wanted};
