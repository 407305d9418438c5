//! Plants labelled faults in real series, so that checks can be measured: what was right is known.
//!
//! Every fault is planted in a line that differs afterwards from what it was; what stays as it was is a clean line. A
//! number that is wrong may stay alone, be carried through the line, or be carried into the next opening too, as a clerk
//! or a system would.

mod ledger;
mod lines;
mod plant;

pub use lines::{Column, Line, read, write};
pub use plant::{Carried, Fault, Planted, Planting, plant};
