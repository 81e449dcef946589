//! The real [`Wire`]: reqwest over HTTP/1.1 with keep-alive, or HTTP/2 if the server offers it.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _, UdpSocket};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::ACCEPT_ENCODING;
use reqwest::{Client, Proxy, Response, StatusCode, redirect};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::coding;
use super::failure::{self, NotResolved};
use super::proxy::Proxies;
use super::system_limit::{self, NoThread};
use super::tls::Tls;
use super::wire::{BODY_LIMIT, CONNECT_TIMEOUT, Incoming, Outgoing, TransportError, Wire};
use crate::error::Kind;

/// Limit for the headers of a response over HTTP/2: the tokens of accounts with many roles are sent in one header.
const HEADER_LIMIT: u32 = 64 << 10;

/// Timeout of the body of a response whose status decides.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(5);

/// One connection pool for all requests of a configuration, created by the first request.
pub(crate) struct Http {
    tls: Tls,
    proxies: Proxies,
    client: OnceLock<Result<Client, TransportError>>,
}

impl Http {
    pub(crate) fn new(tls: Tls, proxies: Proxies) -> Self {
        Self { tls, proxies, client: OnceLock::new() }
    }

    fn explain(&self, error: reqwest::Error) -> TransportError {
        failure::explain(error, &self.tls, &self.proxies)
    }

    fn build(&self) -> Result<Client, TransportError> {
        let broken = |reason: String| TransportError::new(Kind::Setup, reason, false);
        let tls = self.tls.config().map_err(|error| broken(format!("TLS could not be set up: {error}.")))?;
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(redirect::Policy::none())
            .http2_max_header_list_size(HEADER_LIMIT)
            .retry(reqwest::retry::never())
            .no_proxy()
            .dns_resolver(Resolver);
        if self.proxies.name().is_some() {
            let proxies = self.proxies.clone();
            builder = builder.proxy(Proxy::custom(move |url| proxies.of(url)));
        }
        builder.build().map_err(|error| broken(format!("The HTTP client could not be set up: {error}.")))
    }

    async fn read(&self, mut response: Response) -> Result<Bytes, TransportError> {
        let mut next = async |length: usize| {
            let chunk = response.chunk().await.map_err(|error| self.explain(error))?;
            let is_within = chunk.as_ref().is_none_or(|chunk| length + chunk.len() <= BODY_LIMIT);
            if is_within { Ok(chunk) } else { Err(TransportError::too_large()) }
        };
        // A body of one chunk is not copied: it may hold a credential.
        let first = next(0).await?.unwrap_or_default();
        let Some(second) = next(first.len()).await? else { return Ok(first) };
        let mut body = BytesMut::from(first);
        body.extend_from_slice(&second);
        while let Some(chunk) = next(body.len()).await? {
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }
}

#[async_trait]
impl Wire for Http {
    async fn exchange(&self, outgoing: Outgoing) -> Result<Incoming, TransportError> {
        let Outgoing { method, url, headers, body } = outgoing;
        let client = self.client.get_or_init(|| self.build()).as_ref().map_err(Clone::clone)?;
        let mut request =
            client.request(method, url).headers(headers).header(ACCEPT_ENCODING, coding::ACCEPTED);
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.map_err(|error| self.explain(error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = if is_decisive(status) {
            // The status counts even without its body: above all, a rejected key must not be retried.
            let body =
                timeout(REFUSAL_TIMEOUT, self.read(response)).await.unwrap_or_else(|_| Ok(Bytes::new()));
            body.and_then(|body| coding::decode(&headers, body)).unwrap_or_default()
        } else {
            coding::decode(&headers, self.read(response).await?)?
        };
        Ok(Incoming { status, headers, body })
    }
}

/// Whether the status alone decides what the response means.
fn is_decisive(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status, StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS)
}

/// The system's resolver, except that `localhost` is always this machine: plain http to it is allowed.
struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str();
            let addresses: Vec<SocketAddr> = if host.eq_ignore_ascii_case("localhost") {
                vec![(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()]
            } else {
                let host = host.to_owned();
                look_up(host.clone()).await.map_err(|error| NotResolved { host, error })?
            };
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Calls the system's resolver on a separate thread: the runtime's blocking pool panics if no thread can be started.
async fn look_up(host: String) -> io::Result<Vec<SocketAddr>> {
    let (answer, answered) = oneshot::channel();
    let ask = move || {
        let found = (host.as_str(), 0).to_socket_addrs().map(Iterator::collect);
        let found = found.map_err(|error| descriptors_run_out().unwrap_or(error));
        // The receiver may be gone.
        let _ = answer.send(found);
    };
    let started = thread::Builder::new().name("resolver".to_owned()).spawn(ask);
    started.map_err(|error| io::Error::other(NoThread(error)))?;
    answered.await.unwrap_or_else(|_| Err(io::Error::other("the resolver ended without a response")))
}

/// Returns the system's error if at most one descriptor is left. The resolver then reports that the name does not
/// exist.
fn descriptors_run_out() -> Option<io::Error> {
    let sockets = [(); 2].map(|()| UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)));
    sockets.into_iter().filter_map(Result::err).find(|error| system_limit::advice(error).is_some())
}
