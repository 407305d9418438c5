//! The command line as a person or a script sees it: the program is run, its output and exit code are looked at.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod cards;
mod checking;
mod comparing;
mod converting;
mod deciding;
mod demo;
mod drifting;
mod emergencies;
mod engines;
mod exchanging;
mod explaining;
mod forecasting;
mod indicators;
mod keeping;
mod languages;
mod lifecycle;
mod matching;
mod periods;
mod pipes;
mod pulling;
mod quality;
mod quantifying;
mod reading;
mod releasing;
mod requisitions;
mod requisitions_elmis;
mod restating;
mod reviewing;
mod sheets;
mod sql;
mod stocked;
mod usage;
mod weaknesses;
mod worklist;
mod world;
