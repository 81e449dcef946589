//! Started by a host: the handshake, and service until the end.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tokio::sync::{Notify, mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;

use super::accept::{Connections, accept};
use super::environment::{Offer, PROTOCOL};
use super::lifetime::{End, Watch};
use super::listener::Listener;
use super::process::{Failure, no_core_dump, say};
use super::server::{runtime, server};
use super::tls;
use crate::provider::Provider;
use crate::service::ProviderState;

pub(super) fn serve<P: Provider>() -> Result<ExitCode, Failure> {
    no_core_dump();
    // What is not UTF-8 must not count as absent: without a certificate there is no TLS.
    let variable = |name: &str| Some(std::env::var_os(name)?.to_string_lossy().into_owned());
    let offer = Offer::from_environment(variable)?;
    let state = Arc::new(ProviderState::<P>::new()?);
    if !offer.speaks_our_protocol {
        // The host reads the version in our handshake, and says which of the two is too old.
        say(&format!(
            "[ERROR] {} {} speaks plugin protocol {PROTOCOL}, and this host only {}: Terraform 1.0 or OpenTofu 1.6 \
             is the oldest that will do.",
            P::ADDRESS,
            P::VERSION,
            offer.versions
        ));
    }
    let identity = offer.certificate.map(tls::identity).transpose()?;
    let (certificate, config) = match identity {
        Some(identity) => (STANDARD_NO_PAD.encode(&identity.certificate), Some(identity.config)),
        None => (String::new(), None),
    };
    let runtime = runtime()?;
    let end = runtime.block_on(async {
        let watch = Watch::begin()?;
        let (listener, address) = Listener::bind(&offer.socket_parent, offer.ports).await?;
        let mut stdout = io::stdout().lock();
        stdout.write_all(format!("1|{PROTOCOL}|{address}|grpc|{certificate}\n").as_bytes())?;
        stdout.flush()?;
        drop(stdout);
        io::Result::Ok(run(state, &listener, config, watch).await)
    })?;
    tracing::debug!(?end, "the plugin ends");
    // Reads may still run: they are not waited for.
    runtime.shutdown_background();
    Ok(if end == End::Signal { ExitCode::from(143) } else { ExitCode::SUCCESS })
}

/// Serves until the end.
async fn run<P: Provider>(
    state: Arc<ProviderState<P>>,
    listener: &Listener,
    tls: Option<Arc<rustls::ServerConfig>>,
    watch: Watch,
) -> End {
    let shutdown = Arc::new(Notify::new());
    let (connections, seen) = watch::channel(Connections::default());
    let (admitted, incoming) = mpsc::channel(16);
    tokio::select! {
        end = watch.end(&shutdown, seen) => end,
        () = accept(listener, tls, admitted, connections) => End::HostGone,
        result = server(state, Arc::clone(&shutdown)).serve_with_incoming(ReceiverStream::new(incoming)) => {
            if let Err(error) = result {
                tracing::error!(%error, "the server ended");
            }
            End::HostGone
        }
    }
}
