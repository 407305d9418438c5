#![doc = include_str!("README.md")]

mod config;
mod data;
mod demo;
mod orders;
mod page;
mod reference;
mod requisitions;
mod routes;
mod server;
mod stock;
mod tokens;
mod writing;

pub use crate::http::{AuthKind, LoggedRequest, Trouble};
pub use config::{Account, Config};
pub use data::{Card, Data, Movement, Requisition, uuid};
pub use server::{Lmis, Server};

/// A trouble and the requests that it befalls.
pub type Fault = crate::http::Fault<Trouble>;
