//! Every way to a credential: keys, passwords, tokens, agencies, identity providers.

use std::time::Duration;

use iotda_emulator::{Config, Emulator, ids};
use serde_json::{Value, json};

use crate::client::{Call, Key, Response, now_plus};

const TOKENS: &str = "/v3/auth/tokens";
const SECURITY_TOKENS: &str = "/v3.0/OS-CREDENTIAL/securitytokens";
const ASSUME: &str = "/v5/agencies/assume";
const ID_TOKEN: &str = "/v3.0/OS-AUTH/id-token/tokens";

fn start() -> Emulator {
    Emulator::start(Config::default()).unwrap()
}

fn instances(project: &str) -> Call {
    Call::get(format!("/v5/iot/{project}/iotda-instances"))
}

fn password(user: &Value, scope: &Value) -> Value {
    json!({ "auth": { "identity": { "methods": ["password"], "password": { "user": user } }, "scope": scope } })
}

fn demo_user() -> Value {
    json!({ "name": ids::USER, "password": ids::PASSWORD, "domain": { "name": ids::ACCOUNT } })
}

fn in_project(id: &str) -> Value {
    json!({ "project": { "id": id } })
}

fn exchange(token: &str, scope: &Value) -> Value {
    let identity = json!({ "methods": ["token"], "token": { "id": token } });
    json!({ "auth": { "identity": identity, "scope": scope } })
}

fn subject(response: &Response) -> String {
    assert_eq!(response.status, 201, "{}", response.text());
    assert!(response.header("x-iam-trace-id").is_some());
    response.header("x-subject-token").unwrap().to_owned()
}

fn v3_key(response: &Response) -> Key {
    assert_eq!(response.status, 201, "{}", response.text());
    let credential = &response.json()["credential"];
    let text = |name: &str| credential[name].as_str().unwrap().to_owned();
    assert!(text("expires_at").ends_with('Z') && text("expires_at").len() == 27);
    Key(text("access"), text("secret"), Some(text("securitytoken")))
}

fn v5_key(response: &Response) -> Key {
    assert_eq!(response.status, 200, "{}", response.text());
    let credentials = &response.json()["credentials"];
    let text = |name: &str| credentials[name].as_str().unwrap().to_owned();
    Key(text("access_key_id"), text("secret_access_key"), Some(text("security_token")))
}

fn v3_assume(agency: &str, domain: &str) -> Call {
    let role = json!({ "agency_name": agency, "domain_name": domain, "duration_seconds": 43_200 });
    let identity = json!({ "methods": ["assume_role"], "assume_role": role });
    Call::post(SECURITY_TOKENS, &json!({ "auth": { "identity": identity } }))
}

/// The same in the name of an account, once it is signed.
fn v3_assume_as(account: &str, agency: &str, domain: &str) -> Call {
    v3_assume(agency, domain).header("x-domain-id", account)
}

fn v5_assume(domain_id: &str, agency: &str) -> Call {
    let urn = format!("iam::{domain_id}:agency:{agency}");
    Call::post(ASSUME, &json!({ "agency_urn": urn, "agency_session_name": agency }))
}

#[test]
fn projects_are_looked_up_by_name_within_the_account() {
    let cloud = start();
    let all = Call::get("/v3/projects").signed(&Key::demo()).send(&cloud).json();
    assert_eq!(all["projects"].as_array().unwrap().len(), ids::PROJECTS.len());
    for (region, id) in ids::PROJECTS {
        let found = Call::get(format!("/v3/projects?name={region}")).signed(&Key::demo()).send(&cloud).json();
        assert_eq!(found["projects"].as_array().unwrap().len(), 1);
        assert_eq!(
            (&found["projects"][0]["id"], &found["projects"][0]["name"]),
            (&json!(id), &json!(region))
        );
    }
    let none = Call::get("/v3/projects?name=mars-1").signed(&Key::demo()).send(&cloud);
    assert_eq!((none.status, none.json()["projects"].clone()), (200, json!([])));
    assert_eq!(Call::get("/v3/projects").send(&cloud).status, 401);
}

#[test]
fn the_domain_is_the_callers() {
    let domains = Call::get("/v3/auth/domains").signed(&Key::demo()).send(&start()).json();
    assert_eq!(domains["domains"][0]["id"], ids::ACCOUNT_ID);
    assert_eq!(domains["domains"][0]["name"], ids::ACCOUNT);
}

#[test]
fn passwords_give_tokens_for_what_the_scope_names() {
    let cloud = start();
    let by_id = json!({ "id": ids::USER_ID, "password": ids::PASSWORD });
    let by_name = json!({ "project": { "name": "cn-north-4", "domain": { "name": ids::ACCOUNT } } });
    let by_name_alone = json!({ "project": { "name": "cn-north-4" } });
    for body in [
        password(&demo_user(), &in_project(ids::PROJECT_ID)),
        password(&by_id, &by_name),
        password(&by_id, &by_name_alone),
    ] {
        let response = Call::post(TOKENS, &body).send(&cloud);
        let token = subject(&response);
        assert_eq!(response.json()["token"]["project"]["id"], ids::PROJECT_ID);
        assert_eq!(response.json()["token"]["user"]["name"], ids::USER);
        let read = |project| instances(project).header("x-auth-token", token.clone()).send(&cloud);
        assert_eq!(read(ids::PROJECT_ID).status, 200);
        let other = read(ids::PROJECTS[1].1);
        assert_eq!((other.status, other.error_code().as_str()), (403, "IOTDA.000004"));
    }
}

#[test]
fn a_token_for_the_domain_finds_projects_but_reads_none() {
    let cloud = start();
    let scope = json!({ "domain": { "id": ids::ACCOUNT_ID } });
    let response = Call::post(TOKENS, &password(&demo_user(), &scope)).send(&cloud);
    let token = subject(&response);
    assert_eq!(response.json()["token"]["domain"]["name"], ids::ACCOUNT);
    let with_token = |call: Call| call.header("x-auth-token", token.clone()).send(&cloud).status;
    assert_eq!(with_token(Call::get("/v3/projects?name=cn-north-4")), 200);
    assert_eq!(with_token(instances(ids::PROJECT_ID)), 403);
}

#[test]
fn tokens_give_tokens_of_another_scope_that_live_no_longer() {
    let cloud = start();
    cloud.set_lifetime(Some(Duration::from_mins(10)));
    let first = Call::post(TOKENS, &password(&demo_user(), &in_project(ids::PROJECT_ID))).send(&cloud);
    cloud.set_lifetime(None);
    let other = ids::PROJECTS[2].1;
    let second = Call::post(TOKENS, &exchange(&subject(&first), &in_project(other))).send(&cloud);
    let token = subject(&second);
    assert_eq!(first.json()["token"]["expires_at"], second.json()["token"]["expires_at"]);
    assert_eq!(instances(other).header("x-auth-token", token.clone()).send(&cloud).status, 200);

    cloud.advance_clock(Duration::from_secs(601));
    let late = instances(other).header("x-auth-token", token.clone()).send(&cloud);
    assert_eq!((late.status, late.error_code().as_str()), (401, "APIGW.0301"));
    assert_eq!(Call::post(TOKENS, &exchange(&token, &in_project(other))).send(&cloud).status, 401);
}

#[test]
fn iam_words_its_refusals_of_passwords_its_own_way() {
    let cloud = start();
    let ours = in_project(ids::PROJECT_ID);
    let wrong = json!({ "name": ids::USER, "password": "x", "domain": { "name": ids::ACCOUNT } });
    let elsewhere =
        json!({ "name": ids::USER, "password": ids::PASSWORD, "domain": { "name": ids::PARTNER } });
    let homeless = json!({ "name": ids::USER, "password": ids::PASSWORD });
    let theirs = in_project(ids::PARTNER_PROJECT_ID);
    let vague = json!({ "project": {} });
    for (user, scope, status) in [
        (&wrong, &ours, 401),
        (&elsewhere, &ours, 401),
        (&homeless, &ours, 400),
        (&demo_user(), &theirs, 401),
        (&demo_user(), &vague, 400),
    ] {
        let response = Call::post(TOKENS, &password(user, scope)).send(&cloud);
        assert_eq!((response.status, response.error_code()), (status, status.to_string()));
        assert!(!response.error_message().is_empty());
    }
    assert_eq!(Call::post(TOKENS, &json!([])).send(&cloud).status, 400);
}

#[test]
fn a_v3_agency_gives_the_other_accounts_keys() {
    let cloud = start();
    let assume = v3_assume_as(ids::ACCOUNT_ID, ids::PARTNER_AGENCY, ids::PARTNER);
    let key = v3_key(&assume.signed(&Key::demo()).send(&cloud));
    assert_eq!(instances(ids::PARTNER_PROJECT_ID).signed(&key).send(&cloud).status, 200);
    assert_eq!(instances(ids::PROJECT_ID).signed(&key).send(&cloud).status, 403);
    let projects = Call::get("/v3/projects").signed(&key).send(&cloud).json();
    assert_eq!(projects["projects"][0]["id"], ids::PARTNER_PROJECT_ID);
}

#[test]
fn agencies_chain_from_account_to_account() {
    let cloud = start();
    let partner = v5_key(&v5_assume(ids::PARTNER_ID, ids::PARTNER_AGENCY).signed(&Key::demo()).send(&cloud));
    let last = v5_assume(ids::SUBSIDIARY_ID, ids::SUBSIDIARY_AGENCY);
    assert_eq!(last.clone().signed(&Key::demo()).send(&cloud).error_code(), "IAM.0002");
    let subsidiary = v5_key(&last.signed(&partner).send(&cloud));
    assert_eq!(instances(ids::SUBSIDIARY_PROJECT_ID).signed(&subsidiary).send(&cloud).status, 200);
    let also = v3_assume_as(ids::PARTNER_ID, ids::SUBSIDIARY_AGENCY, ids::SUBSIDIARY);
    let also = also.signed(&partner).send(&cloud);
    assert_eq!(instances(ids::SUBSIDIARY_PROJECT_ID).signed(&v3_key(&also)).send(&cloud).status, 200);
}

#[test]
fn agencies_that_are_not_there_or_do_not_trust_are_refused_alike() {
    let cloud = start();
    for call in [
        v3_assume_as(ids::ACCOUNT_ID, "nothing", ids::PARTNER),
        v3_assume_as(ids::ACCOUNT_ID, ids::PARTNER_AGENCY, "nobody"),
        v3_assume_as(ids::ACCOUNT_ID, ids::SUBSIDIARY_AGENCY, ids::SUBSIDIARY),
        v3_assume_as(ids::PARTNER_ID, ids::PARTNER_AGENCY, ids::PARTNER),
        v5_assume(ids::PARTNER_ID, "nothing"),
        v5_assume("acc9", ids::PARTNER_AGENCY),
    ] {
        let response = call.signed(&Key::demo()).send(&cloud);
        assert_eq!((response.status, response.error_code().as_str()), (403, "IAM.0002"));
    }
    assert_eq!(v5_assume(ids::PARTNER_ID, ids::PARTNER_AGENCY).send(&cloud).error_code(), "APIGW.0301");
}

#[test]
fn an_agency_is_assumed_in_the_name_of_an_account() {
    let cloud = start();
    let assume = || v3_assume(ids::PARTNER_AGENCY, ids::PARTNER);
    let unsigned = assume().signed(&Key::demo()).header("x-domain-id", ids::ACCOUNT_ID).send(&cloud);
    assert_eq!((unsigned.status, unsigned.error_code().as_str()), (400, "IAM.0007"));
    assert!(unsigned.error_message().contains("X-Domain-Id"));
    let token = |scope| subject(&Call::post(TOKENS, &password(&demo_user(), &scope)).send(&cloud));
    let account = token(json!({ "domain": { "name": ids::ACCOUNT } }));
    let project = token(in_project(ids::PROJECT_ID));
    let with = |call: Call, token: &str| call.header("x-auth-token", token).send(&cloud);
    assert_eq!(with(assume(), &account).status, 201);
    assert_eq!(with(assume(), &project).error_code(), "IAM.0002");
    let by_id = v5_assume(ids::PARTNER_ID, ids::PARTNER_AGENCY);
    assert_eq!(with(by_id, &account).error_code(), "APIGW.0301");
}

#[test]
fn parameters_of_agencies_are_checked() {
    let cloud = start();
    let v5 = |name: &str, value: Value| {
        let mut body = json!({
            "agency_urn": format!("iam::{}:agency:{}", ids::PARTNER_ID, ids::PARTNER_AGENCY),
            "agency_session_name": "session",
        });
        body[name] = value;
        Call::post(ASSUME, &body).signed(&Key::demo()).send(&cloud)
    };
    assert_eq!(v5("duration_seconds", json!(900)).status, 200);
    for (name, value) in [
        ("agency_urn", json!("iotda-reader")),
        ("agency_session_name", json!("no spaces")),
        ("duration_seconds", json!(899)),
        ("duration_seconds", json!(43_201)),
    ] {
        let response = v5(name, value);
        assert_eq!((response.status, response.error_code().as_str()), (400, "IAM.0007"));
        assert!(response.error_message().contains(name));
    }
}

#[test]
fn temporary_keys_need_their_token_and_expire() {
    let cloud = start();
    let assume = || v5_assume(ids::PARTNER_ID, ids::PARTNER_AGENCY).signed(&Key::demo()).send(&cloud);
    let key = v5_key(&assume());
    let call = instances(ids::PARTNER_PROJECT_ID);
    let bare = Key(key.0.clone(), key.1.clone(), None);
    let forged = Key(key.0.clone(), key.1.clone(), Some("forged".into()));
    for key in [&bare, &forged] {
        assert_eq!(call.clone().signed(key).send(&cloud).status, 401);
    }
    assert_eq!(call.clone().signed(&key).send(&cloud).status, 200);
    cloud.advance_clock(Duration::from_secs(3601));
    assert_eq!(call.clone().signed_at(&key, now_plus(3601)).send(&cloud).status, 401);

    cloud.set_clock_offset(0);
    let key = v5_key(&assume());
    cloud.expire_issued_credentials();
    assert_eq!(call.signed(&key).send(&cloud).status, 401);
}

#[test]
fn an_id_token_leads_to_keys_in_two_steps() {
    let cloud = start();
    let call = |provider: &str, id_token: &str| {
        let body = json!({ "auth": { "id_token": { "id": id_token } } });
        Call::post(ID_TOKEN, &body).header("x-idp-id", provider).send(&cloud)
    };
    let unscoped = subject(&call(ids::IDENTITY_PROVIDER, ids::ID_TOKEN));
    let identity = json!({ "methods": ["token"], "token": { "id": unscoped } });
    let response = Call::post(SECURITY_TOKENS, &json!({ "auth": { "identity": identity } })).send(&cloud);
    let key = v3_key(&response);
    assert_eq!(instances(ids::PROJECT_ID).signed(&key).send(&cloud).status, 200);
    let assumed = v5_key(&v5_assume(ids::ACCOUNT_ID, ids::AGENCY).signed(&key).send(&cloud));
    assert_eq!(instances(ids::PROJECT_ID).signed(&assumed).send(&cloud).status, 200);

    assert_eq!(call(ids::IDENTITY_PROVIDER, "forged").status, 401);
    assert_eq!(call("another", ids::ID_TOKEN).status, 401);
}
