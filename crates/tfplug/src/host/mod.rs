//! The process as a plugin: handshake, mutual TLS, listener, and when to end.

mod accept;
mod debug;
mod environment;
#[cfg(fuzzing)]
pub mod fuzzing;
mod lifetime;
mod listener;
mod serve;
mod tls;

pub use environment::host_is_calling;
#[cfg(feature = "testing")]
pub(crate) use serve::server;
pub(crate) use serve::{no_core_dump, prepare};
pub use serve::{serve, serve_with_commands};
