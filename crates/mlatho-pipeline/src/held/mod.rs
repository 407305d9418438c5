//! What people decide about data: batches that wait for approval, lines that checks hold, corrections, and questions to
//! those who reported.
//!
//! Every decision is an entry of the audit log, and nowhere else: what holds is read from there. A decision is about what
//! was seen when it was made. Where the source says something else later, the decision lapses and a person is asked anew.

mod act;
mod areas;
mod batch;
mod decisions;
mod desk;
mod line;
mod list;
mod question;

pub(crate) use decisions::{Decisions, month_of};
pub(crate) use desk::Desk;
pub(crate) use line::{id_of, text_of};

pub use act::{Act, Standing, accept, answer, approve, ask, correct, reject};
pub use list::{Batch, BatchState, HeldLine, Waiting, waiting};
pub use question::Question;
