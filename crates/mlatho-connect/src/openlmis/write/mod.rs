//! Numbers of patients and additional quantities into draft requisitions: [`Client::drafts`] reads the drafts, [`plan`] says
//! what would be written, [`Client::write`] sends one requisition with its version and reads it back.
//!
//! [`Client::drafts`]: super::Client::drafts
//! [`Client::write`]: super::Client::write

mod body;
mod draft;
mod drafts;
mod send;

pub use crate::requisition::write::{
    BadColumn, Cell, Change, Column, Drafts, Found, Outcome, Plan, Planned, Receipt, Refusal, Refused, Sent, Wanted,
    plan,
};
pub use draft::Draft;
