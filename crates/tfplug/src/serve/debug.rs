//! `--debug`: serves hosts that find the provider through `TF_REATTACH_PROVIDERS`.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::sync::watch;

use super::accept::{Connections, accept};
use super::environment::{of_process, temporary_directories};
use super::listener::{Listener, Transport};
use super::process::Failure;
use super::reattach;
use super::server::{runtime, serve_connection};
use super::signals::Signals;
use crate::provider::Provider;
use crate::service::ProviderState;

/// Serves until interrupted or terminated. Hosts use plaintext with a provider that they did not start.
pub(super) fn serve<P: Provider>(variable_file: Option<&Path>) -> Result<ExitCode, Failure> {
    // Checked before the address is printed.
    ProviderState::<P>::new()?;
    let runtime = runtime()?;
    let end = runtime.block_on(async {
        // Registered before the socket is announced; the socket is removed with the process.
        let mut signals = Signals::begin()?;
        let bound = Listener::bind(&temporary_directories(of_process), 10_000..=25_000).await?;
        if let Some(file) = variable_file {
            reattach::write(file, P::ADDRESS, &bound.address)?;
        }
        io::stdout().lock().write_all(reattach::instructions(P::ADDRESS, &bound.address).as_bytes())?;
        let (connections, _seen) = watch::channel(Connections::default());
        tokio::select! {
            _ = signals.next() => {}
            () = accept(&bound.listener, None, connections, session::<P>) => {}
        }
        Ok(ExitCode::SUCCESS)
    });
    // A lookup may still be running, which nobody waits for any more.
    runtime.shutdown_background();
    end
}

/// Serves one connection with a separate provider: each alias of each host has its own, so that its configuration and
/// its Stop do not affect the others.
async fn session<P: Provider>(stream: Box<dyn Transport>) {
    match ProviderState::<P>::new() {
        Ok(state) => serve_connection(Arc::new(state), Arc::default(), stream).await,
        Err(error) => tracing::error!(%error, "a connection cannot be served"),
    }
}
