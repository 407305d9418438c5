//! Contraceptives in Côte d'Ivoire: ledgers of LMIS sites beside the service reports of HMIS districts.
//!
//! What is expected is worked out here in a few plain lines from the published tables and the mapping files, never from
//! what mlatho says.

mod checks;
mod comparing;
mod demand;
mod forecasting;
mod job;
mod mapping;
mod raw;
mod reading;
mod world;
