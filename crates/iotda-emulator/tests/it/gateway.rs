//! Who is let in: signatures, clocks, locks.

use std::time::{Duration, SystemTime};

use iotda_emulator::{Config, Emulator, ids};

use crate::client::{Call, Key, Response, now_plus, system_time};

fn call() -> Call {
    Call::get(format!("/v5/iot/{}/iotda-instances/{}", ids::PROJECT_ID, ids::INSTANCE_ID))
}

fn assert_refused(response: &Response, why: &str) {
    assert_eq!((response.status, response.error_code().as_str()), (401, "APIGW.0301"), "{why}");
    let message = response.error_message();
    assert!(message.starts_with("Incorrect IAM authentication information: "), "{message}");
    assert!(message.contains(why), "{message}");
    assert_eq!(response.header("x-request-id"), response.json()["request_id"].as_str());
}

#[test]
fn whoever_cannot_be_made_out_is_refused_in_the_gateways_words() {
    let cloud = Emulator::start(Config::default()).unwrap();
    assert_refused(&call().send(&cloud), "neither Authorization nor X-Auth-Token");
    let unknown = Key("NOBODY".into(), "secret".into(), None);
    assert_refused(&call().signed(&unknown).send(&cloud), "ak NOBODY not exist");
    let wrong = Key(ids::ACCESS_KEY.into(), "wrong".into(), None);
    assert_refused(&call().signed(&wrong).send(&cloud), "canonical request: GET|/v5/iot/");
    assert_refused(&call().header("x-auth-token", "forged").send(&cloud), "decrypt token fail");
    let uncalled_for = Key(ids::ACCESS_KEY.into(), ids::SECRET_KEY.into(), Some("token".into()));
    assert_refused(&call().signed(&uncalled_for).send(&cloud), "decrypt token fail");
}

#[test]
fn a_clock_may_be_off_by_a_quarter_of_an_hour() {
    let cloud = Emulator::start(Config::default()).unwrap();
    for (seconds, status) in [(-890, 200), (890, 200), (-910, 401), (910, 401)] {
        let response = call().signed_at(&Key::demo(), now_plus(seconds)).send(&cloud);
        assert_eq!(response.status, status, "{seconds}");
        if status == 401 {
            assert_refused(&response, "signature expired");
        }
    }
    cloud.set_clock_offset(3600);
    let response = call().signed(&Key::demo()).send(&cloud);
    assert_refused(&response, "signature expired");
    let shown = system_time(response.header("date").unwrap());
    let expected = SystemTime::from(now_plus(3600));
    assert!(expected.duration_since(shown).unwrap() < Duration::from_secs(30));
    assert_eq!(call().signed_at(&Key::demo(), now_plus(3600)).send(&cloud).status, 200);
}

#[test]
fn five_failures_lock_a_key_whatever_its_signatures_are_then() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let wrong = Key(ids::ACCESS_KEY.into(), "wrong".into(), None);
    for _ in 0..5 {
        assert_refused(&call().signed(&wrong).send(&cloud), "verify ak sk signature fail");
    }
    assert_refused(
        &call().signed(&Key::demo()).send(&cloud),
        "AK access failed to reach the limit,forbidden",
    );
    cloud.advance_clock(Duration::from_secs(299));
    assert_eq!(call().signed_at(&Key::demo(), now_plus(299)).send(&cloud).status, 401);
    cloud.advance_clock(Duration::from_secs(2));
    assert_eq!(call().signed_at(&Key::demo(), now_plus(301)).send(&cloud).status, 200);
}

#[test]
fn a_success_starts_the_count_of_failures_anew() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let wrong = Key(ids::ACCESS_KEY.into(), "wrong".into(), None);
    for _ in 0..2 {
        for _ in 0..4 {
            assert_eq!(call().signed(&wrong).send(&cloud).status, 401);
        }
        assert_eq!(call().signed(&Key::demo()).send(&cloud).status, 200);
    }
}

#[test]
fn projects_and_scope_are_minded() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let other = call().header("x-project-id", ids::PROJECTS[1].1).signed(&Key::demo()).send(&cloud);
    assert_eq!((other.status, other.error_code().as_str()), (403, "IOTDA.000004"));
    let same = call().header("x-project-id", ids::PROJECT_ID).signed(&Key::demo()).send(&cloud);
    assert_eq!(same.status, 200);
}

#[test]
fn keys_come_and_go_while_it_runs() {
    let cloud = Emulator::start(Config::default()).unwrap();
    cloud.put_access_key(ids::ACCOUNT_ID, "NEWKEY", "new-secret").unwrap();
    let key = Key("NEWKEY".into(), "new-secret".into(), None);
    assert_eq!(call().signed(&key).send(&cloud).status, 200);
    assert!(cloud.remove_access_key("NEWKEY"));
    assert_refused(&call().signed(&key).send(&cloud), "ak NEWKEY not exist");
    assert!(cloud.put_access_key("nobody", "K", "S").is_err());
}
