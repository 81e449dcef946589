//! The services of a provider, combined in one gRPC server.

use std::io;
use std::sync::Arc;

use tokio::sync::Notify;
use tonic::transport::Server;
use tonic::transport::server::Router;

use crate::proto::{health, plugin, tfplugin6};
use crate::provider::Provider;
use crate::service::{Broker, Controller, Health, MAX_MESSAGE, ProviderService, ProviderState, Stdio};

/// Maximum number of concurrent calls on one connection. Hosts run as many as their `-parallelism`. Further calls wait,
/// and then the host cannot send Stop either; each call may hold a message.
const MAX_STREAMS: u32 = 4096;

/// Creates the runtime of a plugin, for commands of the same program: one thread, because hosts start several processes
/// for one plan.
///
/// # Errors
///
/// Fails if the limit on open files is too low, where tokio's own constructor may panic.
pub fn runtime() -> io::Result<tokio::runtime::Runtime> {
    #[cfg(unix)]
    can_open_files()?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

/// Opens as many files as a runtime, its listener and one connection need, and closes them again. With too few, tokio
/// panics, or the host waits for a plugin that cannot accept its connection.
#[cfg(unix)]
fn can_open_files() -> io::Result<()> {
    let pairs = [(); 6].map(|()| std::os::unix::net::UnixStream::pair());
    match pairs.into_iter().find_map(Result::err) {
        Some(error) => Err(io::Error::new(
            error.kind(),
            format!("the limit on open files is too low (`ulimit -n`): {error}"),
        )),
        None => Ok(()),
    }
}

pub(crate) fn server<P: Provider>(state: Arc<ProviderState<P>>, shutdown: Arc<Notify>) -> Router {
    let provider = tfplugin6::provider_server::ProviderServer::new(ProviderService(state))
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(MAX_MESSAGE);
    Server::builder()
        .max_concurrent_streams(MAX_STREAMS)
        .add_service(provider)
        .add_service(plugin::grpc_controller_server::GrpcControllerServer::new(Controller(shutdown)))
        .add_service(plugin::grpc_broker_server::GrpcBrokerServer::new(Broker))
        .add_service(plugin::grpc_stdio_server::GrpcStdioServer::new(Stdio))
        .add_service(health::health_server::HealthServer::new(Health))
}
