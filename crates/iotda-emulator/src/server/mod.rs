//! The listener, and the path of a request through journal, faults and router.

mod backend;
mod connection;
pub(crate) mod tls;
mod tunnel;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

pub(crate) use backend::Backend;

use crate::lock::lock;

const ACCEPT_AGAIN: Duration = Duration::from_millis(10);

pub(crate) async fn serve(listener: TcpListener, acceptor: TlsAcceptor, tls: bool, backend: Arc<Backend>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let id = {
                    let mut counts = lock(&backend.journal.counts);
                    counts.connections += 1;
                    counts.connections
                };
                tokio::spawn(connection::run(stream, acceptor.clone(), tls, Arc::clone(&backend), id));
            }
            // The connection was closed before it was accepted, or no file descriptor is left for it: the client gets
            // its own error, and the next attempt may succeed.
            Err(_) => tokio::time::sleep(ACCEPT_AGAIN).await,
        }
    }
}
