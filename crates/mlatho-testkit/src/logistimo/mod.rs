#![doc = include_str!("README.md")]

mod config;
mod data;
mod exports;
mod server;
mod tokens;

pub use crate::http::{AuthKind, LoggedRequest, Trouble};
pub use config::{Account, Config};
pub use data::{Data, Stock, Transaction};
pub use server::{Logistimo, Server};

/// A trouble and the requests that it befalls.
pub type Fault = crate::http::Fault<Trouble>;
