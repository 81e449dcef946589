//! The gRPC services that a host calls.

mod functions;
mod grpc;
mod plugin;
mod provider;
mod rpc;
mod state;
#[cfg(test)]
mod tests;
mod work;

pub(crate) use plugin::{Broker, Controller, Health, Stdio};
pub(crate) use provider::ProviderService;
#[cfg(test)]
pub(crate) use rpc::log_diagnostics;
pub(crate) use state::ProviderState;

/// Maximum size of a message, the same as in Go plugins; tonic's default is 4 MiB.
pub(crate) const MAX_MESSAGE: usize = 256 << 20;
