//! What all doubles share: real sockets, scripted troubles, the log of requests, and small readers of HTTP.

mod double;
pub(crate) mod faults;
mod log;
mod parse;
mod reply;
mod serve;
mod sockets;
mod trouble;

pub(crate) use double::header;
pub use double::{Behind, Double};
pub use faults::Fault;
pub(crate) use log::Log;
pub use log::{AuthKind, LoggedRequest};
pub(crate) use parse::{auth_kind, base64, pairs};
pub(crate) use reply::{html, json, proxy_page, with_type};
pub(crate) use serve::Running;
pub(crate) use sockets::Scissors;
pub use trouble::Trouble;
