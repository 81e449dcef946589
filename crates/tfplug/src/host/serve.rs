//! The plugin's main function.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tokio::sync::{Notify, mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Server;
use tracing::level_filters::LevelFilter;

use super::accept::{Connections, accept};
use super::environment::{Offer, PROTOCOL, host_is_calling};
use super::lifetime::{End, Watch};
use super::listener::Listener;
use super::{debug, tls};
use crate::log::{self, Levels};
use crate::panics;
use crate::proto::{health, plugin, tfplugin6};
use crate::provider::Provider;
use crate::service::{Broker, Controller, Health, MAX_MESSAGE, ProviderService, ProviderState, Stdio};

/// Calls at a time on one connection. Hosts run as many as their `-parallelism`, wait with more, and then cannot say Stop
/// either; each call may hold a message.
const MAX_STREAMS: u32 = 4096;

type Failure = Box<dyn std::error::Error>;

/// Serves a provider to the host that started this process, and returns when the host is done.
///
/// Started by hand it serves nobody: it says so on stderr, or obeys `--help`, `--version` and `--debug`, which serves
/// hosts that are told where by a variable.
pub fn serve<P: Provider>() -> ExitCode {
    serve_with_commands::<P>(&[])
}

/// Serves like [`serve`], for a program that has commands of its own besides: `--help` lists them, each by its name and
/// what it does. To run them is the program's business, before this is called.
pub fn serve_with_commands<P: Provider>(commands: &[(&str, &str)]) -> ExitCode {
    // The host decides what of it is shown.
    prepare::<P>(LevelFilter::WARN);
    // Hosts show lines of their plugins by the level that they begin with.
    let (result, level) = if host_is_calling() {
        (serve_host::<P>(), "[ERROR] ")
    } else {
        (by_hand::<P>(std::env::args_os().nth(1).as_deref(), commands), "")
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            say(&format!("{level}{} {} cannot start: {error}", P::ADDRESS, P::VERSION));
            ExitCode::FAILURE
        }
    }
}

/// Makes panics and logs of this process the framework's. `unasked` is what is logged where no variable says.
pub(crate) fn prepare<P: Provider>(unasked: LevelFilter) {
    panics::install_hook();
    let crate_name = std::any::type_name::<P>().split("::").next().unwrap_or_default();
    log::install(
        crate_name,
        P::LOGGED_CRATES,
        Levels::from_environment(P::NAME, unasked, |name| std::env::var(name).ok()),
    );
}

/// Says something to the person or the host's log; without stderr there is nobody to tell.
fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

fn by_hand<P: Provider>(argument: Option<&OsStr>, commands: &[(&str, &str)]) -> Result<ExitCode, Failure> {
    let name = format!("terraform-provider-{}", P::NAME);
    let mut usage = format!(
        "{name} {} is a plugin of Terraform and OpenTofu: they start it, when a configuration asks for\n{}.\n\n\
         Usage: {name} [--help | --version | --debug]\n\n\
         --debug  serve hosts started by hand, for use with a debugger; prints the variable to set for them\n",
        P::VERSION,
        P::ADDRESS,
    );
    if !commands.is_empty() {
        let width = commands.iter().map(|(command, _)| command.len()).max().unwrap_or_default().max(7);
        // Writing to a String cannot fail.
        let _ = write!(usage, "\nWithout a host: {name} COMMAND --help\n\n");
        for (command, does) in commands {
            let _ = writeln!(usage, "{command:width$}  {does}");
        }
    }
    match argument.and_then(OsStr::to_str) {
        Some("--version" | "-version" | "-V") => {
            writeln!(io::stdout().lock(), "{name} {}", P::VERSION)?;
            Ok(ExitCode::SUCCESS)
        }
        Some("--help" | "-help" | "-h") => {
            write!(io::stdout().lock(), "{usage}")?;
            Ok(ExitCode::SUCCESS)
        }
        Some("--debug" | "-debug") => debug::serve::<P>(),
        Some(unknown) => {
            say(&format!("error: {name} knows no `{unknown}`\n\n{usage}"));
            Ok(ExitCode::from(2))
        }
        None => {
            say(&usage);
            Ok(ExitCode::FAILURE)
        }
    }
}

fn serve_host<P: Provider>() -> Result<ExitCode, Failure> {
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

/// What a provider holds in its memory is no business of a file that a crash leaves behind.
#[cfg(unix)]
pub(crate) fn no_core_dump() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    if let Err(error) = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }) {
        tracing::debug!(%error, "core dumps cannot be switched off");
    }
}

#[cfg(not(unix))]
pub(crate) fn no_core_dump() {}

pub(super) fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
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

pub(crate) fn server<P: Provider>(
    state: Arc<ProviderState<P>>,
    shutdown: Arc<Notify>,
) -> tonic::transport::server::Router {
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
