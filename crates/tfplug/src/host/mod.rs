//! The process as a plugin: handshake, mutual TLS, listener, and when to end.

mod accept;
mod debug;
mod environment;
mod lifetime;
mod listener;
mod serve;
mod tls;

pub use environment::host_is_calling;
pub use serve::serve;
#[cfg(feature = "testing")]
pub(crate) use serve::server;
