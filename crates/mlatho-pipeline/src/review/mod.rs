//! What waits for a person, and what the person decides.

mod band;
mod decide;
mod learned;
mod queue;
mod register;
mod sheet;

pub(crate) use register::register;

pub use band::{Band, SAMPLE};
pub use decide::decide;
pub use learned::Learned;
pub use queue::{Candidate, Case, Queue, queue};
pub use sheet::{SHEET_COLUMNS, read_sheet, sheet_rows};
