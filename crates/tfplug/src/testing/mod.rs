//! A host for tests: spawns a provider's binary, or embeds the provider, and talks to it as Terraform does.
//!
//! [`Host::embed`] needs no process and no binary: it is the quick way to test a provider's reads and functions.
//! [`Host::spawn`] starts a binary with the cookie and the certificate that real hosts use. [`terraform`] runs the
//! real thing.

mod connect;
mod handshake;
mod host;
mod identity;
mod spawn;
pub mod terraform;

pub use crate::proto::{health, plugin, tfplugin6};
pub use handshake::Handshake;
pub use host::{Host, HostError, Read};
pub use identity::Identity;
pub use spawn::{Plugin, Spawn};
