//! The command line as a person or a script sees it: the program is run, its output and exit code are looked at.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod cards;
mod checking;
mod comparing;
mod converting;
mod demo;
mod drifting;
mod exchanging;
mod forecasting;
mod languages;
mod lifecycle;
mod matching;
mod periods;
mod pipes;
mod pulling;
mod quality;
mod reading;
mod requisitions;
mod requisitions_elmis;
mod restating;
mod reviewing;
mod sheets;
mod sql;
mod stocked;
mod usage;
mod weaknesses;
mod world;
