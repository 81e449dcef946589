//! Certificates and proxies.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use huaweicloud::{Arguments, Environment, Error, Kind, Scope, Settings};
use iotda_emulator::{Config, Emulator, ServerCertificate};
use iotda_provider::iotda::{Instance, Instances, SERVICE};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{client, client_in, direct, emulator, show};

fn trusting(cloud: &Emulator, pem: Option<&str>) -> Arguments {
    Arguments { cacert_file: pem.map(str::to_owned), ..direct(cloud) }
}

async fn read(arguments: &Arguments) -> Result<Instance, Error> {
    show(&client(arguments)).await
}

#[tokio::test]
async fn a_private_authority_is_trusted_where_it_is_given() {
    let cloud = emulator(Config::https());
    read(&trusting(&cloud, cloud.ca_pem())).await.unwrap();
    // As a file just as well.
    let file = Environment::fixed([("OS_CACERT", "/etc/ca.pem")], [("/etc/ca.pem", cloud.ca_pem().unwrap())]);
    show(&client_in(&direct(&cloud), &file)).await.unwrap();
    read(&Arguments { insecure: Some(true), ..direct(&cloud) }).await.unwrap();
    let stranger = emulator(Config::https());
    let error = read(&trusting(&cloud, stranger.ca_pem())).await.unwrap_err();
    assert_eq!(*error.kind(), Kind::Tls);
    assert!(error.detail().contains("`cacert_file`") && error.detail().contains("127.0.0.1"), "{error}");
}

#[tokio::test]
async fn a_servers_own_certificate_is_trusted_with_its_name_and_dates() {
    for (kind, good, words) in [
        (ServerCertificate::SelfSigned, true, ""),
        (ServerCertificate::Trusted, true, ""),
        (ServerCertificate::WrongHost, false, "for another name"),
        (ServerCertificate::Expired, false, "expired or not valid yet"),
    ] {
        let cloud = emulator(Config::https().certificate(kind));
        let result = read(&trusting(&cloud, cloud.server_certificate_pem())).await;
        assert_eq!(result.is_ok(), good, "{kind:?}: {result:?}");
        if let Err(error) = result {
            assert!(error.detail().contains(words), "{kind:?}: {error}");
            // A certificate does not get better by asking again.
            assert_eq!(*error.kind(), Kind::Tls);
        }
    }
}

#[tokio::test]
async fn a_client_certificate_is_shown_where_it_is_asked_for() {
    let cloud = emulator(Config::https().require_client_certificate());
    let identity = cloud.client_identity().unwrap();
    let with = Arguments {
        cert: Some(identity.certificate_pem.clone()),
        key: Some(identity.key_pem.as_str().into()),
        ..trusting(&cloud, cloud.ca_pem())
    };
    read(&with).await.unwrap();
    let without = Arguments { max_retries: Some(0), ..trusting(&cloud, cloud.ca_pem()) };
    let error = read(&without).await.unwrap_err();
    assert!(error.detail().contains("`cert`"), "{error}");
}

#[test]
fn a_bundle_or_pair_that_cannot_work_is_refused_before_any_request() {
    let (one, other) = [(); 2].map(|()| emulator(Config::https().require_client_certificate())).into();
    let identity = |cloud: &Emulator| cloud.client_identity().unwrap().clone();
    let ca = one.ca_pem().unwrap();
    let damaged = ca.replace("MII", "!!!");
    let pair = |certificate: &str, key: &str| Arguments {
        cert: Some(certificate.into()),
        key: Some(key.into()),
        ..direct(&one)
    };
    let (mine, theirs) = (identity(&one), identity(&other));
    for (arguments, place, words) in [
        (trusting(&one, Some(&damaged)), "cacert_file: ", "damaged"),
        (trusting(&one, Some("/missing.pem")), "cacert_file: ", "/missing.pem cannot be read"),
        (trusting(&one, Some(&mine.key_pem)), "cacert_file: ", "no certificate"),
        (pair(&mine.certificate_pem, &theirs.key_pem), "cert: ", "not the key of the certificate"),
        (pair(&mine.certificate_pem, ca), "cert: ", "no unencrypted private key"),
        (Arguments { cert: Some(mine.certificate_pem.clone()), ..direct(&one) }, "cert: ", "`key`"),
    ] {
        let errors = Settings::resolve(&arguments, &Environment::empty(), &[SERVICE]).unwrap_err();
        let text = errors[0].to_string();
        assert!(text.starts_with(place) && text.contains(words), "{text}");
    }
}

#[tokio::test]
async fn https_goes_through_the_proxy_and_plain_loopback_does_not() {
    let cloud = emulator(Config::default());
    let proxy = cloud.proxy_url().unwrap().replace("http://", "http://user:hunter2@");
    let environment = Environment::fixed(
        [("HTTPS_PROXY", proxy.as_str()), ("HTTP_PROXY", "http://127.0.0.1:1")],
        [("", ""); 0],
    );
    let through =
        Arguments { endpoints: std::collections::BTreeMap::new(), ..trusting(&cloud, cloud.proxy_ca_pem()) };
    let client = client_in(&through, &environment);
    show(&client).await.unwrap();
    let host = cloud.requests()[0].header("host").unwrap().to_owned();
    assert_eq!(host, "iotda-mgmt.cn-north-4.myhuaweicloud.com");
    // Another region has its own host and project.
    let scope = Scope { region: Some("cn-south-1"), deadline: None };
    let there = Instances { client: &client, scope }.list(None, None).await.unwrap();
    assert_eq!(there.len(), 2);
    show(&client_in(&direct(&cloud), &environment)).await.unwrap();
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_named_without_its_password() {
    let cloud = emulator(Config::default());
    let environment = Environment::fixed([("HTTPS_PROXY", "http://user:hunter2@127.0.0.1:1")], [("", ""); 0]);
    let through =
        Arguments { endpoints: std::collections::BTreeMap::new(), max_retries: Some(0), ..direct(&cloud) };
    let error = show(&client_in(&through, &environment)).await.unwrap_err();
    assert_eq!(*error.kind(), Kind::Connect);
    assert!(
        error.detail().contains("the proxy 127.0.0.1:1") && !error.detail().contains("hunter2"),
        "{error}"
    );
}

#[tokio::test]
async fn localhost_is_this_machine() {
    let cloud = emulator(Config::default());
    let mut arguments = direct(&cloud);
    let url = cloud.url().replace("127.0.0.1", "localhost");
    arguments.endpoints.insert("iotda_mgmt".into(), url);
    read(&arguments).await.unwrap();
    assert!(cloud.requests()[0].header("host").unwrap().starts_with("localhost:"));
}

/// A SOCKS proxy with a user name and a password, in front of whatever is at `upstream`; the addresses it was asked for.
async fn socks(upstream: SocketAddr) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let seen = Arc::clone(&seen);
            tokio::spawn(async move {
                let take = async |client: &mut TcpStream, length: usize| {
                    let mut bytes = vec![0; length];
                    client.read_exact(&mut bytes).await.unwrap();
                    bytes
                };
                let methods = take(&mut client, 2).await[1];
                assert!(take(&mut client, methods.into()).await.contains(&2), "a password is offered");
                client.write_all(&[5, 2]).await.unwrap();
                let user = take(&mut client, 2).await[1];
                assert_eq!(take(&mut client, user.into()).await, b"user");
                let password = take(&mut client, 1).await[0];
                let is_right = take(&mut client, password.into()).await == b"planted-password";
                client.write_all(&[1, u8::from(!is_right)]).await.unwrap();
                if !is_right {
                    return;
                }
                let request = take(&mut client, 4).await;
                let host = match request[3] {
                    1 => Ipv4Addr::from_octets(take(&mut client, 4).await.try_into().unwrap()).to_string(),
                    _ => {
                        let length = take(&mut client, 1).await[0];
                        String::from_utf8(take(&mut client, length.into()).await).unwrap()
                    }
                };
                let port = u16::from_be_bytes(take(&mut client, 2).await.try_into().unwrap());
                seen.lock().unwrap().push(format!("{host}:{port}"));
                client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
                let mut server = TcpStream::connect(upstream).await.unwrap();
                // Either side may hang up first.
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    (address, asked)
}

#[tokio::test]
async fn a_socks_proxy_is_used_with_names_resolved_here_or_there() {
    let cloud = emulator(Config::https());
    let (proxy, asked) = socks(cloud.address()).await;
    // `socks5` wants an address, so the name is looked up here: this one is its own. With `socks5h` the proxy looks it up.
    for (scheme, host, seen) in
        [("socks5", "192.0.2.1", "192.0.2.1:443"), ("socks5h", "cloud.invalid", "cloud.invalid:443")]
    {
        let variable = format!("{scheme}://user:planted-password@{proxy}");
        let environment = Environment::fixed([("HTTPS_PROXY", variable.as_str())], [("", ""); 0]);
        let mut arguments = Arguments { insecure: Some(true), ..direct(&cloud) };
        arguments.endpoints.insert("iotda_mgmt".into(), format!("https://{host}"));
        show(&client_in(&arguments, &environment)).await.unwrap();
        assert_eq!(asked.lock().unwrap().pop().as_deref(), Some(seen), "{scheme}");
        // Exceptions hold, and so does the password's secrecy.
        let direct = [("HTTPS_PROXY", variable.as_str()), ("NO_PROXY", "192.0.2.0/24,.invalid")];
        let once =
            Arguments { max_retries: Some(0), request_timeout: Some("300ms".into()), ..arguments.clone() };
        assert!(show(&client_in(&once, &Environment::fixed(direct, [("", ""); 0]))).await.is_err());
        let wrong = variable.replace("planted-password", "planted-mistake");
        let environment = Environment::fixed([("HTTPS_PROXY", wrong.as_str())], [("", ""); 0]);
        let error = show(&client_in(&once, &environment)).await.unwrap_err();
        assert_eq!(*error.kind(), Kind::Connect);
        let (detail, proxy) = (error.detail(), format!("through the proxy {proxy}"));
        assert!(detail.contains(&proxy) && !detail.contains("planted"), "{detail}");
        assert!(asked.lock().unwrap().is_empty(), "{scheme}");
    }
}
