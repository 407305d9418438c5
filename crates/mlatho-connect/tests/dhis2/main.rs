//! The DHIS2 client against the strict double, over real sockets. What passes here is claimed against that double.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod background;
mod channel;
mod engine_a;
mod engine_b;
mod lines;
mod locks;
mod pushing;
mod reading;
mod world;
