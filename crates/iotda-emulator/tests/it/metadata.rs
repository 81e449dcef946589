//! The metadata service of a cloud server.

use std::time::Duration;

use iotda_emulator::{Config, Emulator, MetadataMode, ids};

use crate::client::{Call, Key, Response, now_plus};

const TOKEN: &str = "/meta-data/latest/api/token";
const SECURITY_KEY: &str = "/openstack/latest/securitykey";

fn put_token(cloud: &Emulator, seconds: &str) -> Response {
    Call::new("PUT", TOKEN).header("x-metadata-token-ttl-seconds", seconds).send(cloud)
}

fn security_key(cloud: &Emulator, token: Option<&str>) -> Response {
    let call = Call::get(SECURITY_KEY);
    token.into_iter().fold(call, |call, token| call.header("x-metadata-token", token)).send(cloud)
}

#[test]
fn a_token_gives_keys_of_the_account() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let token = put_token(&cloud, "21600");
    assert_eq!((token.status, token.header("content-type")), (200, Some("text/plain")));
    let credential = security_key(&cloud, Some(token.text())).json()["credential"].clone();
    let text = |name: &str| credential[name].as_str().unwrap().to_owned();
    let key = Key(text("access"), text("secret"), Some(text("securitytoken")));
    let instances = Call::get(format!("/v5/iot/{}/iotda-instances", ids::PROJECT_ID));
    assert_eq!(instances.clone().signed(&key).send(&cloud).status, 200);
    cloud.advance_clock(Duration::from_secs(6 * 3600 + 1));
    assert_eq!(instances.signed_at(&key, now_plus(6 * 3600 + 1)).send(&cloud).status, 401);
    assert_eq!(security_key(&cloud, Some(token.text())).status, 401);
}

#[test]
fn tokens_have_to_say_how_long_they_are_to_live() {
    let cloud = Emulator::start(Config::default()).unwrap();
    for bad in ["0", "21601", "soon"] {
        assert_eq!(put_token(&cloud, bad).status, 400, "{bad}");
    }
    assert_eq!(Call::new("PUT", TOKEN).send(&cloud).status, 400);
    assert_eq!(Call::get(TOKEN).send(&cloud).status, 405);
}

#[test]
fn each_mode_answers_to_its_own_kind() {
    let cloud = Emulator::start(Config::default()).unwrap();
    for (mode, put, bare, with_token) in [
        (MetadataMode::V2Required, 200, 401, 200),
        (MetadataMode::V1Only, 404, 200, 200),
        (MetadataMode::Either, 200, 200, 200),
        (MetadataMode::NoAgency, 200, 401, 401),
        (MetadataMode::Refusing, 403, 403, 403),
    ] {
        cloud.set_metadata_mode(mode);
        let token = put_token(&cloud, "60");
        assert_eq!(token.status, put, "{mode:?}");
        assert_eq!(security_key(&cloud, None).status, bare, "{mode:?}");
        assert_eq!(security_key(&cloud, Some(token.text())).status, with_token, "{mode:?}");
    }
    cloud.set_metadata_mode(MetadataMode::NoAgency);
    let token = put_token(&cloud, "60");
    let advice = security_key(&cloud, Some(token.text()));
    assert_eq!(advice.text(), "Please configure Cloud Service Agency first");
}
