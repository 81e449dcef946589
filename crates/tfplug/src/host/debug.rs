//! `--debug`: serves hosts that are told where by `TF_REATTACH_PROVIDERS`.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use serde_json::json;
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;

use super::accept::{Connections, accept};
use super::environment::PROTOCOL;
use super::listener::Listener;
use super::serve::{runtime, server};
use crate::provider::Provider;
use crate::service::ProviderState;

/// Serves until interrupted. Hosts speak plaintext to a provider that they did not start.
pub(super) fn serve<P: Provider>() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let state = Arc::new(ProviderState::<P>::new()?);
    let runtime = runtime()?;
    runtime.block_on(async {
        let (listener, address) = Listener::bind(&std::env::temp_dir(), 10_000..=25_000).await?;
        let reattach = json!({P::ADDRESS: {
            "Protocol": "grpc",
            "ProtocolVersion": PROTOCOL,
            "Pid": std::process::id(),
            "Test": true,
            "Addr": {"Network": address.network, "String": address.address},
        }});
        writeln!(
            io::stdout().lock(),
            "Serving {} until interrupted. For the hosts:\n\n  export TF_REATTACH_PROVIDERS='{reattach}'\n",
            P::ADDRESS
        )?;
        let (connections, _seen) = watch::channel(Connections::default());
        let (admitted, incoming) = mpsc::channel(16);
        let server = server(state, Arc::default());
        tokio::select! {
            result = tokio::signal::ctrl_c() => result?,
            () = accept(&listener, None, admitted, connections) => {}
            result = server.serve_with_incoming(ReceiverStream::new(incoming)) => result?,
        }
        Ok(ExitCode::SUCCESS)
    })
}
