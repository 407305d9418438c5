//! An honest double of DHIS2: both import engines, over real sockets on the loopback interface.
//!
//! It exists so that a client can be tested against what servers do, not against what their documentation hopes.
//! Every rule carries a tag for its evidence: `[C]` read in DHIS2's source, `[D]` documented, `[O]` observed and
//! reported by others, `[I]` inferred from the source, `[U]` not verified (the double's own choice).
//! What passes here passes *against our double*, until it has been run live.
//! `README.md` beside this file says of every claim where it is kept and which test shows it.

mod analytics;
mod auth;
mod calendar;
mod call;
mod completeness;
mod config;
mod data_values;
mod export;
mod faults;
mod import;
mod locks;
mod metadata;
mod metadata_import;
mod payload;
mod query;
mod report;
mod resolve;
mod routes;
mod server;
mod state;
mod structure;
mod values;

pub use crate::http::{AuthKind, LoggedRequest};
pub use calendar::Calendar;
pub use config::{BadVersion, Config, Engine, Token, User, Version};
pub use faults::{Fault, Trouble};
pub use metadata::Metadata;
pub use server::Server;
pub use values::{NewValue, StoredValue};
