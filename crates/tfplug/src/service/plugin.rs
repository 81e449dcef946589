//! The services that go-plugin expects of every plugin, and the gRPC health check.

use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::Notify;
use tokio_stream::Stream;
use tonic::{Request, Response, Status, Streaming};

use crate::proto::{health, plugin};

type Reply<T> = Result<Response<T>, Status>;
type ReplyStream<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

fn held_open<T: Send + 'static>() -> Response<ReplyStream<T>> {
    Response::new(Box::pin(tokio_stream::pending()))
}

/// Ends the process.
pub(crate) struct Controller(pub(crate) Arc<Notify>);

#[tonic::async_trait]
impl plugin::grpc_controller_server::GrpcController for Controller {
    async fn shutdown(&self, _: Request<plugin::Empty>) -> Reply<plugin::Empty> {
        self.0.notify_one();
        Ok(Response::new(plugin::Empty::default()))
    }
}

/// Holds the broker's stream open. A provider opens no connections of its own, so it sends nothing.
pub(crate) struct Broker;

#[tonic::async_trait]
impl plugin::grpc_broker_server::GrpcBroker for Broker {
    type StartStreamStream = ReplyStream<plugin::ConnInfo>;

    async fn start_stream(&self, _: Request<Streaming<plugin::ConnInfo>>) -> Reply<Self::StartStreamStream> {
        Ok(held_open())
    }
}

/// Holds the stream open. It sends nothing, because the host would log any data as unexpected.
pub(crate) struct Stdio;

#[tonic::async_trait]
impl plugin::grpc_stdio_server::GrpcStdio for Stdio {
    type StreamStdioStream = ReplyStream<plugin::StdioData>;

    async fn stream_stdio(&self, _: Request<plugin::Empty>) -> Reply<Self::StreamStdioStream> {
        Ok(held_open())
    }
}

/// Reports the process as healthy as long as it can respond.
pub(crate) struct Health;

fn status(service: &str) -> Option<health::HealthCheckResponse> {
    use health::health_check_response::ServingStatus;
    // go-plugin checks "plugin"; the empty name is the server as a whole.
    let known = ["", "plugin", "tfplugin6.Provider"].contains(&service);
    known.then(|| health::HealthCheckResponse { status: ServingStatus::Serving.into() })
}

#[tonic::async_trait]
impl health::health_server::Health for Health {
    async fn check(
        &self,
        request: Request<health::HealthCheckRequest>,
    ) -> Reply<health::HealthCheckResponse> {
        let unknown = || Status::not_found("unknown service");
        status(&request.get_ref().service).map(Response::new).ok_or_else(unknown)
    }

    type WatchStream = ReplyStream<health::HealthCheckResponse>;

    async fn watch(&self, request: Request<health::HealthCheckRequest>) -> Reply<Self::WatchStream> {
        use health::health_check_response::ServingStatus;
        let unknown = || health::HealthCheckResponse { status: ServingStatus::ServiceUnknown.into() };
        let now = status(&request.get_ref().service).unwrap_or_else(unknown);
        let stream = tokio_stream::StreamExt::chain(tokio_stream::once(Ok(now)), tokio_stream::pending());
        Ok(Response::new(Box::pin(stream)))
    }
}
