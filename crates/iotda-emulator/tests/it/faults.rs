//! What goes wrong on request, as it looks from the other end of the wire.

use std::io::{self, ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use flate2::read::{GzDecoder, MultiGzDecoder};
use iotda_emulator::{Answer, Config, Emulator, Fault, Rule, Throttle, ids};
use serde_json::Value;

use crate::client::{Call, Key, Response};

const EXAMPLE: &str = include_str!("../../src/cloud/estate/example_instance.json");

fn failing(fault: Fault) -> Emulator {
    Emulator::start(Config::default().fault(Rule::new(fault))).unwrap()
}

fn call() -> Call {
    Call::get(format!("/v5/iot/{}/iotda-instances/{}", ids::PROJECT_ID, ids::INSTANCE_ID))
        .signed(&Key::demo())
}

fn answer(fault: Fault) -> Response {
    call().send(&failing(fault))
}

#[test]
fn statuses_are_worded_by_whoever_would_send_them() {
    let cloud = Emulator::start(Config::default()).unwrap();
    for status in [429, 500, 502, 503, 504] {
        cloud.fail(Rule::new(Fault::Status(status)).path("iotda-instances").times(1));
    }
    let responses: Vec<_> = (0..6).map(|_| call().send(&cloud)).collect();
    let statuses: Vec<_> = responses.iter().map(|it| it.status).collect();
    assert_eq!(statuses, [429, 500, 502, 503, 504, 200]);
    assert_eq!(responses[0].error_code(), "APIGW.0308");
    assert_eq!(responses[1].error_code(), "IOTDA.000007");
    assert_eq!(responses[3].header("content-type"), Some("text/html"));
    let recorded: Vec<_> = cloud.requests().into_iter().filter_map(|it| it.status).collect();
    assert_eq!(recorded, statuses);
    cloud.fail(Rule::new(Fault::Status(500)));
    cloud.heal();
    assert_eq!(call().send(&cloud).status, 200);
}

#[test]
fn answers_can_be_given_in_full() {
    let fault = Answer::new(503).header("Retry-After", "7").html("<html>busy</html>");
    let response = answer(Fault::Answer(fault));
    assert_eq!((response.status, response.text()), (503, "<html>busy</html>"));
    assert_eq!(
        (response.header("retry-after"), response.header("content-type")),
        (Some("7"), Some("text/html"))
    );
    let redirect = answer(Fault::Redirect("https://elsewhere.example/".into()));
    assert_eq!((redirect.status, redirect.header("location")), (307, Some("https://elsewhere.example/")));
}

#[test]
fn an_answer_that_cannot_be_sent_says_so() {
    for (fault, why) in [
        (Fault::Status(1), "1 is not a status"),
        (Fault::Answer(Answer::new(200).header("a b", "c")), "`a b: c` is not a header"),
    ] {
        let response = answer(fault);
        assert_eq!(response.status, 500);
        assert!(response.text().contains(why), "{}", response.text());
    }
}

#[test]
fn a_fault_leaves_the_state_of_the_cloud_alone() {
    let cloud = failing(Fault::Status(503));
    let wrong = Key(ids::ACCESS_KEY.into(), "wrong".into(), None);
    for _ in 0..6 {
        let target = format!("/v5/iot/{}/iotda-instances", ids::PROJECT_ID);
        assert_eq!(Call::get(target).signed(&wrong).send(&cloud).status, 503);
    }
    cloud.heal();
    assert_eq!(call().send(&cloud).status, 200);
}

#[test]
fn latency_comes_before_the_genuine_answer() {
    let cloud = failing(Fault::Latency(Duration::from_millis(120)));
    let started = Instant::now();
    assert_eq!(call().send(&cloud).text(), EXAMPLE.trim_end());
    assert!(started.elapsed() >= Duration::from_millis(120));
}

#[test]
fn resets_come_before_after_or_in_the_answer() {
    let cloud = failing(Fault::ResetBeforeHeaders);
    let error = call().try_send(cloud.address()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(cloud.requests()[0].status, None);

    let length = EXAMPLE.trim_end().len();
    for (fault, arrived) in [(Fault::ResetAfterHeaders, 0), (Fault::ResetInBody, length / 2)] {
        let response = answer(fault);
        assert_eq!((response.status, response.body.len()), (200, arrived));
        assert_eq!(response.cut_short, Some(ErrorKind::ConnectionReset));
    }
}

#[test]
fn a_truncated_body_ends_in_good_order_too_early() {
    let response = answer(Fault::TruncatedBody);
    assert_eq!(response.header("content-length"), Some(EXAMPLE.trim_end().len().to_string().as_str()));
    assert_eq!(response.body.len(), EXAMPLE.trim_end().len() / 2);
    assert_eq!(response.cut_short, Some(ErrorKind::UnexpectedEof));
}

#[test]
fn malformed_and_oversized_bodies_are_complete_answers() {
    let malformed = answer(Fault::MalformedJson);
    assert_eq!((malformed.status, malformed.cut_short), (200, None));
    assert!(serde_json::from_slice::<Value>(&malformed.body).is_err());
    let oversized = answer(Fault::Oversized(1 << 20));
    assert_eq!((oversized.body.len(), oversized.json()["name"].as_str()), (1 << 20, Some("iotda_instance")));
}

#[test]
fn a_dripping_body_takes_its_time() {
    let pieces = u32::try_from(EXAMPLE.trim_end().len().div_ceil(500)).unwrap();
    let every = Duration::from_millis(20);
    let started = Instant::now();
    let response = answer(Fault::SlowDrip { bytes: 500, every });
    assert_eq!(response.text(), EXAMPLE.trim_end());
    assert!(started.elapsed() >= every * (pieces - 1));
}

#[test]
fn an_endless_body_ends_with_the_clients_patience() {
    let cloud = failing(Fault::EndlessBody);
    let mut stream = TcpStream::connect(cloud.address()).unwrap();
    call().write_to(&mut stream).unwrap();
    let response = Response::read_from(&mut stream).unwrap();
    assert_eq!(response.header("transfer-encoding"), Some("chunked"));
    let mut much = vec![0; 4 << 20];
    stream.read_exact(&mut much).unwrap();
    assert!(much.starts_with(b"10000\r\n  "));
    drop(stream);
    cloud.heal();
    assert_eq!(call().send(&cloud).status, 200);
}

#[test]
fn a_hanging_request_says_nothing_and_stays_in_flight() {
    let cloud = failing(Fault::Hang);
    let mut stream = TcpStream::connect(cloud.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    call().write_to(&mut stream).unwrap();
    let error = Response::read_from(&mut stream).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
    cloud.heal();
    call().send(&cloud);
    assert_eq!((cloud.max_in_flight(), cloud.connections()), (2, 2));
}

#[test]
fn compressed_bodies_unpack_to_the_answer_or_to_far_too_much() {
    let unpacked = |response: &Response| {
        let mut text = Vec::new();
        GzDecoder::new(response.body.as_slice()).read_to_end(&mut text).unwrap();
        text
    };
    let gzip = answer(Fault::Gzip);
    assert_eq!(gzip.header("content-encoding"), Some("gzip"));
    assert_eq!(unpacked(&gzip), EXAMPLE.trim_end().as_bytes());
    let bomb = answer(Fault::GzipBomb(32 << 20));
    assert!(bomb.body.len() < 64 << 10, "{}", bomb.body.len());
    assert_eq!(unpacked(&bomb).len(), (32 << 20) + 2);
}

#[test]
fn codings_are_named_as_the_fault_says() {
    for (coding, gzip_members) in [("GZIP", 1), ("x-gzip", 1), ("gzip", 3)] {
        let response = answer(Fault::Encoded { coding: coding.into(), gzip_members });
        assert_eq!(response.header("content-encoding"), Some(coding));
        let mut text = String::new();
        MultiGzDecoder::new(response.body.as_slice()).read_to_string(&mut text).unwrap();
        assert_eq!(text, EXAMPLE.trim_end());
        let magic = response.body.windows(3).filter(|bytes| *bytes == [0x1f, 0x8b, 8]).count();
        assert_eq!(magic, gzip_members);
    }
    for coding in ["gzip", "br"] {
        let plain = answer(Fault::Encoded { coding: coding.into(), gzip_members: 0 });
        assert_eq!((plain.header("content-encoding"), plain.text()), (Some(coding), EXAMPLE.trim_end()));
    }
}

#[test]
fn a_throttle_counts_the_requests_of_its_rule_by_the_emulators_clock() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let throttle = Throttle::new(2, 60).retry_after();
    cloud.fail(Rule::new(Fault::Throttle(throttle)).path("iotda-instances"));
    let projects = || Call::get("/v3/projects").signed(&Key::demo()).send(&cloud).status;
    let statuses = || [0; 4].map(|_| (call().send(&cloud).status, projects()));
    assert_eq!(statuses(), [(200, 200), (200, 200), (429, 200), (429, 200)]);
    let refused = call().send(&cloud);
    assert_eq!(refused.error_code(), "APIGW.0308");
    assert!(refused.error_message().ends_with("limit:2,time:1 minute"), "{}", refused.error_message());
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    cloud.advance_clock(Duration::from_mins(1));
    assert_eq!(statuses()[2].0, 429);
    assert_eq!(cloud.instance_requests().iter().filter(|it| it.status == Some(200)).count(), 4);
}

#[test]
fn raw_bytes_need_not_be_http() {
    let cloud = failing(Fault::Raw("SSH-2.0-nonsense\r\n".into()));
    let mut stream = TcpStream::connect(cloud.address()).unwrap();
    call().write_to(&mut stream).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert_eq!(text, "SSH-2.0-nonsense\r\n");
}

#[test]
fn a_connection_is_kept_for_the_next_request() -> io::Result<()> {
    let cloud = Emulator::start(Config::default()).unwrap();
    let mut stream = TcpStream::connect(cloud.address())?;
    for _ in 0..3 {
        call().write_to(&mut stream)?;
        assert_eq!(Response::read_from(&mut stream)?.status, 200);
    }
    assert_eq!((cloud.connections(), cloud.request_count(), cloud.max_in_flight()), (1, 3, 1));
    cloud.clear_requests();
    assert_eq!((cloud.connections(), cloud.request_count()), (1, 0));
    Ok(())
}
