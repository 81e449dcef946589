//! Certificates, HTTP/2, and the cloud's own host names behind the proxy.

use std::error::Error as _;
use std::time::{Duration, Instant};

use iotda_emulator::{Config, Emulator, Fault, Rule, ServerCertificate, ids};
use reqwest::{Certificate, ClientBuilder, Identity, Response, Version};

use crate::client::PATIENCE;

const PROJECTS: &str = "/v3/projects";

/// Runs a client's requests to their end; the emulator has a thread of its own.
fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn client(ca_pem: &str) -> ClientBuilder {
    // Whichever test comes first installs it; for the others it is there already.
    rustls::crypto::ring::default_provider().install_default().ok();
    let authority = Certificate::from_pem(ca_pem.as_bytes()).unwrap();
    reqwest::Client::builder().no_proxy().tls_certs_only([authority]).timeout(PATIENCE)
}

fn get(client: ClientBuilder, url: String) -> reqwest::Result<Response> {
    run(async { client.build()?.get(url).send().await })
}

/// The reasons behind an error, in one line.
fn reasons(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[test]
fn https_speaks_both_versions_of_http() {
    let cloud = Emulator::start(Config::https()).unwrap();
    let ca = cloud.ca_pem().unwrap();
    let url = || cloud.url() + PROJECTS;
    assert!(url().starts_with("https://"));
    let second = get(client(ca), url()).unwrap();
    assert_eq!((second.version(), second.status().as_u16()), (Version::HTTP_2, 401));
    let first = get(client(ca).http1_only(), url()).unwrap();
    assert_eq!((first.version(), first.status().as_u16()), (Version::HTTP_11, 401));
    assert!(first.headers().contains_key("date") && first.headers().contains_key("x-request-id"));
    let requests = cloud.requests();
    assert!(requests.iter().all(|request| request.header("host") == Some(&cloud.address().to_string())));
}

#[test]
fn each_bad_certificate_is_bad_in_its_own_way() {
    for (certificate, why) in [
        (ServerCertificate::SelfSigned, "UnknownIssuer"),
        (ServerCertificate::WrongHost, "not valid for name"),
        (ServerCertificate::Expired, "expired"),
    ] {
        let cloud = Emulator::start(Config::https().certificate(certificate)).unwrap();
        let error = get(client(cloud.ca_pem().unwrap()), cloud.url()).unwrap_err();
        assert!(reasons(&error).contains(why), "{}", reasons(&error));
        assert_eq!((cloud.request_count(), cloud.connections()), (0, 1));
    }
}

#[test]
fn clients_may_have_to_show_a_certificate() {
    let cloud = Emulator::start(Config::https().require_client_certificate()).unwrap();
    let ca = cloud.ca_pem().unwrap();
    assert!(get(client(ca), cloud.url()).is_err());
    // The client may know of the refusal before the server has counted it.
    let waiting = Instant::now();
    while cloud.failed_handshakes() == 0 && waiting.elapsed() < PATIENCE {
        std::thread::yield_now();
    }
    assert_eq!(cloud.failed_handshakes(), 1);
    let shown = cloud.client_identity().unwrap();
    let pem = format!("{}{}", shown.certificate_pem, shown.key_pem);
    let identity = Identity::from_pem(pem.as_bytes()).unwrap();
    assert_eq!(get(client(ca).identity(identity), cloud.url() + PROJECTS).unwrap().status(), 401);
}

#[test]
fn faults_on_http2_break_the_stream_and_leave_the_connection() {
    let cloud = Emulator::start(Config::https()).unwrap();
    let client = client(cloud.ca_pem().unwrap()).build().unwrap();
    run(async {
        let get = || async { client.get(cloud.url() + PROJECTS).send().await };
        assert_eq!(get().await.unwrap().status(), 401);
        for fault in [Fault::ResetBeforeHeaders, Fault::Raw("nonsense".into())] {
            cloud.fail(Rule::new(fault).times(1));
            assert!(get().await.is_err());
        }
        for fault in [Fault::ResetAfterHeaders, Fault::ResetInBody, Fault::TruncatedBody] {
            cloud.fail(Rule::new(fault).times(1));
            let response = get().await.unwrap();
            assert!(response.bytes().await.is_err());
        }
        let every = Duration::from_millis(1);
        cloud.fail(Rule::new(Fault::SlowDrip { bytes: 50, every }).times(1));
        let body = get().await.unwrap().text().await.unwrap();
        assert!(body.contains("APIGW.0301"));
        cloud.fail(Rule::new(Fault::Hang).times(1));
        let hanging = client.get(cloud.url() + PROJECTS).timeout(Duration::from_millis(100)).send().await;
        assert!(hanging.unwrap_err().is_timeout());
    });
    assert_eq!(cloud.connections(), 1);
}

#[test]
fn behind_the_proxy_hosts_have_their_services_and_regions() {
    let cloud = Emulator::start(Config::default()).unwrap();
    assert!(cloud.ca_pem().is_none());
    let proxy = reqwest::Proxy::https(cloud.proxy_url().unwrap()).unwrap();
    let client = client(cloud.proxy_ca_pem().unwrap()).proxy(proxy).build().unwrap();
    let (home, away) = (ids::PROJECTS[0], ids::PROJECTS[1]);
    let instances = |region: &str, project: &str| {
        format!("https://iotda-mgmt.{region}.myhuaweicloud.com/v5/iot/{project}/iotda-instances")
    };
    run(async {
        let body = serde_json::json!({ "auth": {
            "identity": { "methods": ["password"], "password": { "user": {
                "id": ids::USER_ID, "password": ids::PASSWORD } } },
            "scope": { "project": { "id": home.1 } },
        } });
        let tokens = format!("https://iam.{}.myhuaweicloud.com/v3/auth/tokens", home.0);
        let issued = client.post(tokens).body(body.to_string()).send().await.unwrap();
        let token = issued.headers()["x-subject-token"].clone();
        let read = |url: String| client.get(url).header("x-auth-token", token.clone()).send();
        assert_eq!(read(instances(home.0, home.1)).await.unwrap().status(), 200);
        assert_eq!(read(instances(away.0, home.1)).await.unwrap().status(), 403);
        assert_eq!(read(instances(home.0, away.1)).await.unwrap().status(), 403);
        let wrong_service = instances(home.0, home.1).replace("iotda-mgmt", "iotda");
        assert_eq!(read(wrong_service).await.unwrap().status(), 404);
    });
    let requests = cloud.instance_requests();
    assert_eq!(requests[0].header("host"), Some("iotda-mgmt.cn-north-4.myhuaweicloud.com"));
}
