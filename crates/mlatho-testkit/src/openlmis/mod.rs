#![doc = include_str!("README.md")]

mod config;
mod data;
mod demo;
mod faults;
mod orders;
mod page;
mod reference;
mod requisitions;
mod routes;
mod server;
mod stock;
mod tokens;
mod writing;

pub use crate::http::{AuthKind, LoggedRequest};
pub use config::{Account, Config};
pub use data::{Card, Data, Movement, Requisition, uuid};
pub use faults::{Fault, Trouble};
pub use server::Server;
