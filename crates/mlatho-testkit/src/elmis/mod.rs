#![doc = include_str!("README.md")]

mod config;
mod data;
mod routes;
mod server;
mod sessions;
mod writing;

pub use crate::http::{AuthKind, LoggedRequest, Trouble};
pub use config::{Account, Config};
pub use data::{Data, Line, Requisition};
pub use server::{Elmis, Server};

/// A trouble and the requests that it befalls.
pub type Fault = crate::http::Fault<Trouble>;
