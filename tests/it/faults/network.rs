//! Hosts that are not who they should be, services that fail alone, and clocks.

use std::net::Ipv6Addr;

use iotda_emulator::{Config, Emulator, Fault, Rule, ServerCertificate};
use serde_json::json;

use super::{Provider, SOURCES, cloud, error_of};

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
        (ServerCertificate::Expired, "not valid at this time"),
        (ServerCertificate::WrongHost, "for another name"),
        (ServerCertificate::SelfSigned, "authority"),
    ] {
        let cloud = cloud(Config::https().certificate(kind));
        provider.configure(&cloud, &json!({})).await;
        for (number, source) in (1..).zip(SOURCES) {
            let read = provider.read(source).await;
            let error = error_of(&read);
            assert_eq!(error.summary, "TLS handshake failed", "{kind:?}");
            assert!(error.detail.contains(words), "{kind:?}: {error:?}");
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
        let cloud = cloud(Config::default().fault(Rule::new(fault).path("/v3/projects")));
        let provider = Provider::start().await;
        provider.configure(&cloud, &json!({"project_id": null})).await;
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
        let cloud = cloud(Config::default());
        cloud.set_clock_offset(seconds);
        provider.configure(&cloud, &json!({})).await;
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
