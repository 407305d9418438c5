//! Numbers of patients into draft requisitions.

mod faults;
mod guards;
mod plans;
mod world;
