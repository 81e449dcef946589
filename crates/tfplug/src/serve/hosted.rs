//! Operation under a host: the handshake, and serving until the end.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tokio::sync::{Notify, watch};

use super::accept::{Connections, accept};
use super::environment::{Offer, PROTOCOL, of_process};
use super::lifetime::{End, Watch};
use super::listener::{Bound, Listener};
use super::process::{Failure, no_core_dump, say};
use super::server::{runtime, serve_connection};
use super::tls;
use crate::provider::Provider;
use crate::service::ProviderState;

pub(super) fn serve<P: Provider>() -> Result<ExitCode, Failure> {
    no_core_dump();
    let offer = Offer::from_environment(of_process)?;
    if !offer.speaks_our_protocol {
        // The host reads the version in our handshake, and reports which of the two is too old.
        say(&format!(
            "[ERROR] {} {} speaks plugin protocol {PROTOCOL}, and this host only {}: Terraform 1.0 or OpenTofu 1.6 \
             is the oldest that will do.",
            P::ADDRESS,
            P::VERSION,
            offer.versions
        ));
    }
    let identity = offer.certificate.map(tls::identity).transpose()?;
    let certificate =
        identity.as_ref().map(|identity| STANDARD_NO_PAD.encode(&identity.certificate)).unwrap_or_default();
    let runtime = runtime()?;
    let end = runtime.block_on(async {
        let watch = Watch::begin()?;
        let bound = Listener::bind(&offer.socket_parents, offer.ports).await?;
        let mut stdout = io::stdout().lock();
        stdout.write_all(format!("1|{PROTOCOL}|{}|grpc|{certificate}\n", bound.address).as_bytes())?;
        stdout.flush()?;
        drop(stdout);
        // The host reads the line and connects meanwhile.
        let config = identity.map(tls::config).transpose()?;
        let state = Arc::new(ProviderState::<P>::new()?);
        Ok::<_, Failure>(run(state, bound, offer.socket_parents, config, watch).await)
    })?;
    tracing::debug!(?end, "the plugin ends");
    // Reads may still be running. The process does not wait for them.
    runtime.shutdown_background();
    Ok(if end == End::Signal { ExitCode::from(143) } else { ExitCode::SUCCESS })
}

/// Cleans up after killed processes in a separate thread, because the host is waiting for this one.
fn remove_dead_directories(parents: Vec<PathBuf>) {
    #[cfg(unix)]
    let clear_up = move || super::directory::remove_dead(&parents);
    #[cfg(not(unix))]
    let clear_up = move || drop(parents);
    if let Err(error) = std::thread::Builder::new().name("tfplug-clear-up".to_owned()).spawn(clear_up) {
        tracing::debug!(%error, "directories of ended processes cannot be removed");
    }
}

/// Serves until the process ends.
async fn run<P: Provider>(
    state: Arc<ProviderState<P>>,
    Bound { listener, directory, address: _ }: Bound,
    socket_parents: Vec<PathBuf>,
    tls: Option<Arc<rustls::ServerConfig>>,
    watch: Watch,
) -> End {
    let shutdown = Arc::new(Notify::new());
    let (connections, seen) = watch::channel(Connections::default());
    // Only with TLS is the peer known to be the host. Once it configures the provider, it has the connection that it
    // keeps, so the directory can be removed: a process that is killed afterwards leaves nothing behind.
    let is_host = tls.is_some();
    let mut first = seen.clone();
    let removal = async {
        // The sender outlives this future. Until the host is connected it waits for nothing else.
        if first.wait_for(|connections| connections.ever > 0).await.is_ok() {
            remove_dead_directories(socket_parents);
        }
        if is_host && let Some(_removed_when_dropped) = directory {
            state.configured().await;
        }
        // Otherwise the directory is removed when the process ends.
        std::future::pending::<()>().await;
    };
    let stop = || state.end();
    let (served, ends) = (Arc::clone(&state), Arc::clone(&shutdown));
    let serve = move |stream| serve_connection(Arc::clone(&served), Arc::clone(&ends), stream);
    tokio::select! {
        end = watch.end(&shutdown, stop, seen) => end,
        () = accept(&listener, tls, connections, serve) => End::HostGone,
        () = removal => End::HostGone,
    }
}
