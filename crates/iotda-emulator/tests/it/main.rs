//! The emulator over its own sockets, spoken to by clients that know nothing of it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of tests that cannot go on says so by panicking"
)]

mod client;
mod credentials;
mod faults;
mod gateway;
mod instances;
mod metadata;
mod program;
mod scenario;
mod tls;
