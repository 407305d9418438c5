//! What waits for a person, and what the person decides.

mod band;
mod decide;
mod exchange;
mod learned;
mod queue;
mod register;
mod reopened;
mod sheet;
mod take;

pub(crate) use queue::candidates;
pub(crate) use register::{only, own_ids, register, register_path, version};
pub(crate) use reopened::still_open;

pub use band::{Band, SAMPLE};
pub(crate) use decide::append;
pub use decide::decide;
pub use exchange::{import, link_rows, read_offers};
pub use learned::Learned;
pub use queue::{Candidate, Case, Queue, queue};
pub use sheet::{SHEET_COLUMNS, sheet_rows, write_sheet};
pub use take::read_sheet;
