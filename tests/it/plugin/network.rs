//! The way to a host: hosts that are not who they should be, certificates that change, proxies that do not let through,
//! addresses that nobody answers at, services that fail alone, and clocks.

use std::net::Ipv6Addr;

use iotda_emulator::{Config, Emulator, Fault, Rule, ServerCertificate};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::{Provider, SOURCES, cloud, error_of, says};

#[tokio::test]
async fn a_redirect_takes_nothing_to_another_host() {
    let other = cloud(Config::default());
    let here = cloud(Config::default().fault(Rule::new(Fault::Redirect(format!("{}/v5/iot", other.url())))));
    let provider = Provider::start().await;
    provider.configure(&here, &json!({})).await;
    for (number, source) in (1..).zip(SOURCES) {
        let read = provider.read(source).await;
        assert_eq!(error_of(&read).summary, "Unexpected redirect");
        assert_eq!(here.request_count(), number);
    }
    assert_eq!((other.connections(), other.request_count()), (0, 0), "the other host hears of nothing");
    provider.ends_without_a_trace_of(&here).await;
}

#[tokio::test]
async fn nothing_is_sent_to_a_host_whose_certificate_is_expired_or_for_another_name() {
    let provider = Provider::start().await;
    let good = cloud(Config::https());
    provider.configure(&good, &json!({})).await;
    assert!(!provider.read(SOURCES[0]).await.diagnostics.has_errors());
    for (kind, words) in [
        (ServerCertificate::Expired, ["expired or not valid yet", "this machine's clock"]),
        (ServerCertificate::WrongHost, ["The server's certificate is for another name", ""]),
        (ServerCertificate::SelfSigned, ["authority", "`cacert_file`"]),
    ] {
        let cloud = provider.cloud(Config::https().certificate(kind), &json!({})).await;
        for (number, source) in (1..).zip(SOURCES) {
            let read = provider.read(source).await;
            says(error_of(&read), "TLS handshake failed", None, &words);
            assert_eq!((cloud.request_count(), cloud.connections()), (0, number), "{kind:?}");
        }
    }
    provider.ends_without_a_trace_of(&good).await;
}

/// The lookup of the project is IAM's; what fails there is told as such, once for all reads, or survived.
#[tokio::test]
async fn iam_may_fail_while_the_service_works() {
    for (fault, summary) in [
        (Fault::Status(503), "Service unavailable"),
        (Fault::ResetBeforeHeaders, "Connection interrupted"),
        (Fault::MalformedJson, "Unexpected response"),
    ] {
        let provider = Provider::start().await;
        let cloud = provider
            .cloud(
                Config::default().fault(Rule::new(fault).path("/v3/projects")),
                &json!({"project_id": null}),
            )
            .await;
        let read = provider.read(SOURCES[0]).await;
        let error = error_of(&read);
        assert_eq!(error.summary, summary, "{error:?}");
        assert!(error.detail.contains("/v3/projects"), "{error:?}");
        assert!(cloud.request_count() <= 2, "{}", cloud.request_count());
        assert_eq!(cloud.instance_requests().len(), 0);
        cloud.heal();
        for source in SOURCES {
            assert!(!provider.read(source).await.diagnostics.has_errors(), "the next read tries again");
        }
        provider.ends_without_a_trace_of(&cloud).await;
    }
}

#[tokio::test]
async fn a_clock_that_is_off_is_survived_or_named() {
    let provider = Provider::start().await;
    for (seconds, words) in
        [(600, None), (-600, None), (1830, Some("30 minutes behind")), (-1830, Some("30 minutes ahead of"))]
    {
        let cloud = provider.cloud(Config::default(), &json!({})).await;
        cloud.set_clock_offset(seconds);
        let read = provider.read(SOURCES[0]).await;
        match words {
            None => assert!(!read.diagnostics.has_errors(), "{seconds}: {:?}", read.diagnostics),
            Some(words) => {
                let error = error_of(&read);
                assert!(error.detail.contains(words), "{seconds}: {error:?}");
            }
        }
        assert_eq!(cloud.request_count(), 1, "{seconds}");
    }
}

/// `localhost` has two addresses: the one that nobody listens on costs nothing but a try.
#[tokio::test]
async fn an_address_of_ipv6_alone_is_reached() {
    let listen = (Ipv6Addr::LOCALHOST, 0).into();
    let Ok(cloud) = Emulator::start(Config { listen, ..Config::default() }) else {
        // A machine without IPv6 cannot tell.
        assert!(std::net::UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).is_err());
        return;
    };
    let provider = Provider::start().await;
    for host in ["[::1]", "localhost"] {
        let url = format!("http://{host}:{}", cloud.address().port());
        provider.configure(&cloud, &json!({"endpoints": {"iotda_mgmt": url}})).await;
        let read = provider.read(SOURCES[0]).await;
        assert!(!read.diagnostics.has_errors(), "{host}: {:?}", read.diagnostics);
    }
    assert_eq!(cloud.request_count(), 2);
}

/// The host is another one between two reads: the second sends it nothing.
#[tokio::test]
async fn a_certificate_that_changes_between_two_reads_is_looked_at_anew() {
    for (kind, words) in [
        (ServerCertificate::Expired, "expired or not valid yet"),
        (ServerCertificate::Trusted, "check `cacert_file`"),
    ] {
        let provider = Provider::start().await;
        let first = cloud(Config::https());
        provider.configure(&first, &json!({})).await;
        assert!(!provider.read(SOURCES[0]).await.diagnostics.has_errors());
        let listen = first.address();
        drop(first);
        // The same address; the authority is another one, which the check of the dates comes before.
        let second = cloud(Config { listen, ..Config::https().certificate(kind) });
        let read = provider.read(SOURCES[0]).await;
        let error = error_of(&read);
        assert_eq!(error.summary, "TLS handshake failed", "{kind:?}: {error:?}");
        assert!(error.detail.contains(words), "{kind:?}: {error:?}");
        assert_eq!(second.request_count(), 0, "{kind:?}");
        provider.ends_without_a_trace_of(&second).await;
    }
}

/// A proxy that gives one answer to whoever comes, or none; with the number of those who came.
async fn proxy(
    answer: Option<&'static str>,
) -> (String, tokio::task::JoinHandle<usize>, tokio::sync::oneshot::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://planted-user:planted-password@{}", listener.local_addr().unwrap());
    let (end, mut ended) = tokio::sync::oneshot::channel();
    let serving = tokio::spawn(async move {
        let mut open = Vec::new();
        loop {
            let (mut stream, _) = tokio::select! {
                accepted = listener.accept() => accepted.unwrap(),
                _ = &mut ended => return open.len(),
            };
            let mut head = [0; 4096];
            let length = stream.read(&mut head).await.unwrap();
            assert!(head[..length].starts_with(b"CONNECT iotda-mgmt.cn-north-4.myhuaweicloud.com:443 "));
            if let Some(answer) = answer {
                stream.write_all(answer.as_bytes()).await.unwrap();
                stream.shutdown().await.unwrap();
            }
            open.push(stream);
        }
    });
    (url, serving, end)
}

#[tokio::test]
async fn a_proxy_that_does_not_let_through_is_named_without_its_password() {
    let html = "HTTP/1.1 403 Forbidden\r\ncontent-type: text/html\r\n\r\n<html><title>planted</title></html>";
    let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html><title>planted</title></html>";
    let wants = "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n";
    for (name, answer, summary, words, asked) in [
        ("wants a password", Some(wants), "Connection failed", "requires a user name and password", 1),
        ("refuses with a page", Some(html), "Connection failed", "the proxy rejected the CONNECT request", 2),
        ("answers itself", Some(page), "Connection failed", "tls handshake eof", 2),
        ("hangs up", Some(""), "Connection failed", "the proxy closed the connection", 2),
        (
            "speaks something else",
            Some("SSH-2.0-x\r\n"),
            "Connection failed",
            "rejected the CONNECT request",
            2,
        ),
        ("never answers", None, "Request timed out", "`request_timeout`", 2),
    ] {
        let (url, serving, end) = proxy(answer).await;
        let provider = Provider::with_variable("HTTPS_PROXY", &url).await;
        let cloud =
            provider.cloud(Config::default(), &json!({"endpoints": null, "request_timeout": "500ms"})).await;
        let read = provider.read(SOURCES[0]).await;
        let error = error_of(&read);
        assert_eq!(error.summary, summary, "{name}: {error:?}");
        assert!(error.detail.contains(words) && !error.detail.contains("planted"), "{name}: {error:?}");
        if summary != "Request timed out" {
            assert!(error.detail.contains("HTTPS_PROXY"), "{name}: {error:?}");
        }
        assert_eq!(cloud.connections(), 0, "{name}");
        end.send(()).unwrap();
        assert_eq!(serving.await.unwrap(), asked, "{name}");
        provider.ends_without_a_trace_of(&cloud).await;
    }
}

/// Only there is a full queue silent.
#[cfg(target_os = "linux")]
mod swallowed {
    use std::net::{Ipv6Addr, SocketAddr};

    use iotda_emulator::Emulator;
    use tokio::net::{TcpSocket, TcpStream};

    use super::*;

    /// Holds an address whose connections are never accepted, nor refused: its queue is full, so that the system drops what
    /// comes.
    struct Swallower {
        _listener: TcpListener,
        _queued: TcpStream,
    }

    impl Swallower {
        /// `None` where somebody else has the address.
        async fn at(address: SocketAddr) -> Option<Self> {
            let socket = TcpSocket::new_v4().unwrap();
            socket.bind(address).ok()?;
            let listener = socket.listen(0).unwrap();
            // A queue of no length takes one.
            let queued = TcpStream::connect(address).await.unwrap();
            Some(Self { _listener: listener, _queued: queued })
        }
    }

    /// `localhost` is 127.0.0.1 and then `::1`: the second is tried before the first has used up its time.
    #[tokio::test]
    async fn a_first_address_that_swallows_packets_keeps_nobody_from_the_second() {
        let listen = (Ipv6Addr::LOCALHOST, 0).into();
        loop {
            let Ok(cloud) = Emulator::start(Config { listen, ..Config::default() }) else {
                // A machine without IPv6 cannot tell.
                assert!(std::net::UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).is_err());
                return;
            };
            let port = cloud.address().port();
            let Some(_dead) = Swallower::at(SocketAddr::from(([127, 0, 0, 1], port))).await else { continue };
            let provider = Provider::start().await;
            let url = format!("http://localhost:{port}");
            // Less than the limit of a connection, which the first address alone would take.
            let arguments =
                json!({"endpoints": {"iotda_mgmt": url}, "request_timeout": "5s", "max_retries": 0});
            provider.configure(&cloud, &arguments).await;
            let read = provider.read(SOURCES[0]).await;
            assert!(!read.diagnostics.has_errors(), "{:?}", read.diagnostics);
            assert_eq!(cloud.request_count(), 1);
            return;
        }
    }
}
