use super::*;

fn info(access_type: &str, port: i64, domain_name: &str) -> AccessInfo {
    AccessInfo {
        kind: Some(access_type.into()),
        port: Some(port),
        non_tls_port: Some(80),
        websocket_port: Some(443),
        domain_name: Some(domain_name.into()),
        ..AccessInfo::default()
    }
}

fn only(info: AccessInfo) -> Endpoint {
    endpoints(&[info], &mut Vec::new()).into_values().next().unwrap()
}

#[test]
fn every_type_has_its_schemes() {
    for (access_type, url, non_tls_url, websocket_url) in [
        ("APP_HTTPS", "https://a.example:8443", "http://a.example", "wss://a.example"),
        ("DEVICE_HTTPS", "https://a.example:8443", "http://a.example", "wss://a.example"),
        ("APP_AMQP", "amqps://a.example:8443", "amqp://a.example:80", "wss://a.example"),
        ("APP_MQTT", "mqtts://a.example:8443", "mqtt://a.example:80", "wss://a.example/mqtt"),
        ("DEVICE_MQTT", "mqtts://a.example:8443", "mqtt://a.example:80", "wss://a.example/mqtt"),
        ("DEVICE_COAP", "coaps://a.example:8443", "coap://a.example:80", "wss://a.example"),
    ] {
        let endpoint = only(info(access_type, 8443, "a.example"));
        assert_eq!(endpoint.host_port.as_deref(), Some("a.example:8443"), "{access_type}");
        assert_eq!(endpoint.url.as_deref(), Some(url));
        assert_eq!(endpoint.non_tls_url.as_deref(), Some(non_tls_url));
        assert_eq!(endpoint.websocket_url.as_deref(), Some(websocket_url));
    }
}

#[test]
fn only_the_usual_ports_of_http_are_left_out() {
    let urls = |access_type, port, plain, websocket| {
        let endpoint = only(AccessInfo {
            non_tls_port: Some(plain),
            websocket_port: Some(websocket),
            ..info(access_type, port, "a.example")
        });
        (endpoint.url.unwrap(), endpoint.non_tls_url.unwrap(), endpoint.websocket_url.unwrap())
    };
    let texts = |(a, b, c): (&str, &str, &str)| (a.to_owned(), b.to_owned(), c.to_owned());
    let usual = texts(("https://a.example", "http://a.example", "wss://a.example"));
    assert_eq!(urls("APP_HTTPS", 443, 80, 443), usual);
    let written = texts(("https://a.example:80", "http://a.example:443", "wss://a.example:80"));
    assert_eq!(urls("APP_HTTPS", 80, 443, 80), written);
    let others = texts(("mqtts://a.example:443", "mqtt://a.example:80", "wss://a.example:8883/mqtt"));
    assert_eq!(urls("DEVICE_MQTT", 443, 80, 8883), others);
}

#[test]
fn an_unknown_type_has_its_fields_and_no_urls() {
    let endpoint = only(info("APP_KAFKA", 9093, "a.example"));
    assert_eq!((endpoint.port, endpoint.host_port.as_deref()), (Some(9093), Some("a.example:9093")));
    assert_eq!((endpoint.url, endpoint.non_tls_url, endpoint.websocket_url), (None, None, None));
}

#[test]
fn what_is_no_port_or_no_dns_name_makes_no_url_and_stays_as_it_is() {
    for port in [0, -1, 65536, i64::MAX] {
        let endpoint = only(info("APP_HTTPS", port, "a.example"));
        assert_eq!((endpoint.port, endpoint.url, endpoint.host_port), (Some(port), None, None));
        assert!(endpoint.non_tls_url.is_some());
    }
    let long = format!("{}.example", "a".repeat(64));
    for name in [
        "",
        "10.0.0.1",
        "10.0.0.1.",
        "0x7f000001",
        "127.0.0.0x1",
        "a.0X",
        "::1",
        "[::1]",
        "a b",
        "a/b",
        "a@b",
        "-a.b",
        "a-.b",
        "a..b",
        ".a",
        "ä.example",
        &long,
    ] {
        let endpoint = only(info("APP_HTTPS", 443, name));
        assert_eq!(endpoint.domain_name.as_deref(), Some(name));
        assert_eq!((endpoint.url, endpoint.host_port, endpoint.non_tls_url), (None, None, None), "{name}");
    }
    let missing = AccessInfo { domain_name: None, port: None, ..info("APP_HTTPS", 1, "") };
    assert_eq!(only(missing).url, None);
}

#[test]
fn entries_without_a_type_have_no_endpoint() {
    let untyped = [AccessInfo { kind: None, ..info("", 1, "a.example") }, info("", 1, "a.example")];
    assert_eq!(endpoints(&untyped, &mut Vec::new()), BTreeMap::new());
}

#[test]
fn of_a_type_that_comes_twice_the_complete_and_then_the_smallest_is_taken() {
    let incomplete = AccessInfo { port: None, ..info("APP_HTTPS", 0, "a.example") };
    let empty = AccessInfo { kind: Some("APP_HTTPS".into()), ..AccessInfo::default() };
    let larger = info("APP_HTTPS", 8443, "c.example");
    let smaller = info("APP_HTTPS", 9443, "b.example");
    let same_name = info("APP_HTTPS", 443, "b.example");
    let elsewhere = AccessInfo { public_address: Some(vec!["1.2.3.4".into()]), ..same_name.clone() };
    let all = [incomplete, empty, larger, smaller, same_name, elsewhere];
    for turn in 0..all.len() {
        let mut infos = all.clone();
        infos.rotate_left(turn);
        let mut notes = Vec::new();
        let taken = endpoints(&infos, &mut notes).remove("APP_HTTPS").unwrap();
        assert_eq!(taken.host_port.as_deref(), Some("b.example:443"));
        assert_eq!(taken.public_address, [""; 0]);
        assert_eq!(notes, [Note::AccessTypeTwice("APP_HTTPS".into())]);
    }
}

#[test]
fn of_two_incomplete_entries_the_one_that_says_more_is_taken() {
    let empty = AccessInfo { kind: Some("APP_AMQP".into()), ..AccessInfo::default() };
    let without_port = AccessInfo { port: None, ..info("APP_AMQP", 0, "a.example") };
    for infos in [[empty.clone(), without_port.clone()], [without_port, empty]] {
        let taken = endpoints(&infos, &mut Vec::new()).remove("APP_AMQP").unwrap();
        assert_eq!(taken.non_tls_url.as_deref(), Some("amqp://a.example:80"));
    }
}

#[test]
fn the_dot_of_the_root_is_in_the_field_alone() {
    let endpoint = only(info("APP_HTTPS", 443, "A.example."));
    assert_eq!(endpoint.domain_name.as_deref(), Some("A.example."));
    assert_eq!(
        (endpoint.url.as_deref(), endpoint.host_port.as_deref()),
        (Some("https://A.example"), Some("A.example:443"))
    );
}
