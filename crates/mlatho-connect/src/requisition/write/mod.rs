//! Numbers of patients into draft requisitions, under guards that hold for all versions of OpenLMIS.
//!
//! Three steps, so that nothing is sent unseen: a client reads the drafts; [`plan`], which is pure, says what would be
//! written, with the order quantity before and after, and what is refused and why; the client sends one requisition under
//! its guards and reads it back. mlatho never initiates, submits, authorizes, approves, rejects or skips a requisition:
//! those are acts of persons.

mod plan;
mod refusal;
mod settle;
mod wanted;

pub use plan::{Change, Drafts, Plan, Planned, Refused, Sent, plan};
pub(crate) use plan::{Draft, number};
pub use refusal::Refusal;
pub(crate) use settle::{Answer, Look, judged, settle};
pub use settle::{Found, Outcome, Receipt};
pub(crate) use wanted::same;
pub use wanted::{BadColumn, Cell, Column, Wanted};
