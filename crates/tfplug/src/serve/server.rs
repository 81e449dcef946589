//! The services of a provider, combined in one gRPC server.

use std::io;
use std::sync::Arc;

use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;
use tonic::codegen::{Service as _, http};

use crate::proto::health::health_server::{self, HealthServer};
use crate::proto::plugin::grpc_broker_server::{self, GrpcBrokerServer};
use crate::proto::plugin::grpc_controller_server::{self, GrpcControllerServer};
use crate::proto::plugin::grpc_stdio_server::{self, GrpcStdioServer};
use crate::proto::tfplugin6::provider_server::{self, ProviderServer};
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

/// Serves one connection until the host closes it.
pub(crate) async fn serve_connection<P: Provider>(
    state: Arc<ProviderState<P>>,
    shutdown: Arc<Notify>,
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
) {
    let provider = ProviderServer::new(ProviderService(state))
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(MAX_MESSAGE);
    let controller = GrpcControllerServer::new(Controller(shutdown));
    let route = hyper::service::service_fn(move |request: http::Request<hyper::body::Incoming>| {
        let (mut provider, mut controller) = (provider.clone(), controller.clone());
        async move {
            match request.uri().path().split('/').nth(1).unwrap_or_default() {
                provider_server::SERVICE_NAME => provider.call(request).await,
                grpc_controller_server::SERVICE_NAME => controller.call(request).await,
                grpc_broker_server::SERVICE_NAME => GrpcBrokerServer::new(Broker).call(request).await,
                grpc_stdio_server::SERVICE_NAME => GrpcStdioServer::new(Stdio).call(request).await,
                health_server::SERVICE_NAME => HealthServer::new(Health).call(request).await,
                _ => Ok(tonic::Status::unimplemented("").into_http()),
            }
        }
    });
    let connection = http2::Builder::new(TokioExecutor::new())
        .max_concurrent_streams(MAX_STREAMS)
        .serve_connection(TokioIo::new(stream), route);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection ended");
    }
}
