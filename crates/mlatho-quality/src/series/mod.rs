//! What a series of counts leads one to expect, and how surprising a count is.
//!
//! Counts are compared on a logarithmic scale, since doubling and halving are errors of one size. Location is the median
//! of the neighbours in time, moved by what all series of the item did in that period and by what this series did in the
//! same season of other years, each only where it makes the item's residuals smaller. Scale is the median absolute
//! deviation, drawn towards that of the item where a series is short. Residuals are taken for Student-t, with the degrees
//! of freedom that their own middle shows. Zeros are no small counts: their probability is that of a zero among the
//! neighbours.

mod fit;
mod panel;
mod robust;
mod student;

pub(crate) use fit::{Fit, Fits, fit};
pub(crate) use panel::{Cell, Panel};
pub(crate) use robust::median;
