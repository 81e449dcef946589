//! `--debug`: serves hosts that are told where by `TF_REATTACH_PROVIDERS`.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;

use super::accept::{Connections, accept};
use super::environment::PROTOCOL;
use super::listener::{Address, Listener};
use super::process::Failure;
use super::server::{runtime, server};
use crate::provider::Provider;
use crate::service::ProviderState;

/// The hosts of addresses that name none: `acme/wx` is one of Terraform's registry to Terraform, and one of OpenTofu's
/// to OpenTofu.
const DEFAULT_HOSTS: [&str; 2] = ["registry.terraform.io", "registry.opentofu.org"];

/// Serves until interrupted or terminated. Hosts speak plaintext to a provider that they did not start.
pub(super) fn serve<P: Provider>() -> Result<ExitCode, Failure> {
    let state = Arc::new(ProviderState::<P>::new()?);
    let runtime = runtime()?;
    runtime.block_on(async {
        let interrupt = Signals::begin()?;
        let (listener, address) = Listener::bind(&std::env::temp_dir(), 10_000..=25_000).await?;
        io::stdout().lock().write_all(instructions(P::ADDRESS, &address).as_bytes())?;
        let (connections, _seen) = watch::channel(Connections::default());
        let (admitted, incoming) = mpsc::channel(16);
        let server = server(state, Arc::default());
        tokio::select! {
            () = interrupt.arrived() => {}
            () = accept(&listener, None, admitted, connections) => {}
            result = server.serve_with_incoming(ReceiverStream::new(incoming)) => result?,
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// What the person who started it has to know: the variable, once for each shell.
fn instructions(provider: &str, address: &Address) -> String {
    let value = reattach(provider, address).to_string();
    let warning = if address.network == "tcp" {
        "WARNING: every user of this machine can connect to it, and read with what the provider is configured with.\n"
    } else {
        ""
    };
    format!(
        "Serving {provider} until interrupted. For Terraform and OpenTofu, in sh or in PowerShell:\n\n  \
         export TF_REATTACH_PROVIDERS='{}'\n  \
         $env:TF_REATTACH_PROVIDERS = '{}'\n\n{warning}",
        value.replace('\'', r"'\''"),
        value.replace('\'', "''"),
    )
}

/// The variable's value, for each address under which a host may look the provider up.
fn reattach(provider: &str, address: &Address) -> Json {
    let entry = json!({
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL,
        "Pid": std::process::id(),
        "Test": true,
        "Addr": {"Network": address.network, "String": address.address},
    });
    let mut entries = Map::from_iter([(provider.to_owned(), entry.clone())]);
    if let Some((host, path)) = provider.split_once('/')
        && DEFAULT_HOSTS.contains(&host)
    {
        entries.extend(DEFAULT_HOSTS.map(|host| (format!("{host}/{path}"), entry.clone())));
    }
    entries.into()
}

/// The signals that end it. They are asked for before anybody is told of the socket, which goes with the process.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hangup: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
}

impl Signals {
    #[cfg(unix)]
    fn begin() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    #[cfg(windows)]
    fn begin() -> io::Result<Self> {
        Ok(Self { interrupt: tokio::signal::windows::ctrl_c()? })
    }

    #[cfg(unix)]
    async fn arrived(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            _ = self.hangup.recv() => {}
        }
    }

    #[cfg(windows)]
    async fn arrived(mut self) {
        self.interrupt.recv().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unix(path: &str) -> Address {
        Address { network: "unix", address: path.to_owned() }
    }

    #[test]
    fn each_host_finds_the_provider_under_its_own_address() {
        let hosts = ["registry.opentofu.org/acme/wx", "registry.terraform.io/acme/wx"];
        for (provider, expected) in [
            (hosts[0], &hosts[..]),
            (hosts[1], &hosts[..]),
            ("registry.example.com/acme/wx", &["registry.example.com/acme/wx"]),
        ] {
            let value = reattach(provider, &unix("/tmp/s"));
            let names: std::collections::BTreeSet<_> =
                value.as_object().unwrap().keys().map(|it| &**it).collect();
            assert_eq!(names, expected.iter().copied().collect());
        }
    }

    #[test]
    fn a_quote_in_the_path_does_not_end_the_text_of_either_shell() {
        let text = instructions("registry.example.com/acme/wx", &unix("/tmp/it's/s"));
        assert!(text.contains(r#""String":"/tmp/it'\''s/s""#) && text.contains(r#""String":"/tmp/it''s/s""#));
        assert!(!text.contains("WARNING"), "a socket is for one user: {text}");
    }
}
