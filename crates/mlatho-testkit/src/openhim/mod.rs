#![doc = include_str!("README.md")]

mod server;

pub use crate::http::{AuthKind, LoggedRequest, Trouble};
pub use server::{Config, OpenHim, Server};

/// A trouble and the requests that it befalls.
pub type Fault = crate::http::Fault<Trouble>;
