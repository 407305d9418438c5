//! New patients and patients on treatment into requisitions that were begun: [`Client::drafts`] reads them, [`plan`] says
//! what would be written, [`Client::write`] sends the lines of one requisition and reads it back.
//!
//! These versions count no version of a requisition, so nothing on the server keeps two writers apart. A requisition is
//! therefore read again right before it is written, and left alone if anything in it is another than when it was planned;
//! only the lines that change are sent; and it is read again afterwards, when numbers beside ours that changed are told.
//!
//! [`Client::drafts`]: super::Client::drafts
//! [`Client::write`]: super::Client::write

mod body;
mod draft;
mod drafts;
mod send;

pub use crate::requisition::write::{
    Cell, Change, Column, Drafts, Found, Outcome, Plan, Planned, Receipt, Refusal, Sent, Wanted, plan,
};
pub use draft::Draft;
