//! Credentials that the cloud does not take, agencies that it does not know, and services that hang or lie: each is a
//! diagnostic that names what was used, and what to look at.

use std::time::{Duration, Instant};

use iotda_emulator::{Answer, Fault, MetadataMode, Rule, ids};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::secrets::{given, search};
use super::{KEY, Variables, behind_the_proxy, configuration, nobody, tf_key, token, variables, write_files};
use crate::support::{Diagnostic, Outcome, Stage, diagnostics};

const LOGIN: &str = "user_name = \"demo-user\"\n  password = var.secret";
const FEDERATION: &str =
    "agency_name = \"demo-reader\"\n    domain_id = \"acc00000000000000000000000000001\"";

/// The block and the environment, and the diagnostic: its summary and what it says.
struct Case {
    block: String,
    variables: Variables,
    summary: &'static str,
    says: &'static [&'static str],
}

fn case(
    block: impl Into<String>,
    variables: Variables,
    summary: &'static str,
    says: &'static [&'static str],
) -> Case {
    Case { block: block.into(), variables, summary, says }
}

/// Plans once, and gives the only message. No secret is in it, nor in the log.
async fn refusal(stage: &mut Stage, case: &Case) -> Outcome<Diagnostic> {
    let Case { block, variables, summary, says } = case;
    let what = format!("{block} {:?}", variables.iter().map(|(name, _)| name).collect::<Vec<_>>());
    stage.configure(&configuration(&format!("max_retries = 0\n  {block}")))?;
    stage.cloud.clear_requests();
    stage.give(variables);
    stage.terraform.variable("TF_LOG", "TRACE");
    let run = stage.terraform.run(&["plan", "-json"]).await?.failed()?;
    let mut found = diagnostics(&run)?;
    assert_eq!(found.len(), 1, "{what}: {found:#?}");
    let diagnostic = found.remove(0);
    diagnostic.check(summary, says);
    search(&what, &given(variables, &stage.cloud), &[&run], None)?;
    stage.take_back(variables);
    Ok(diagnostic)
}

fn secret(value: &str) -> Variables {
    variables([("TF_VAR_secret", value)])
}

fn cases(expired: &str, foreign: &str) -> Vec<Case> {
    let project = |token| [secret(token), variables([("HW_PROJECT_ID", ids::PROJECT_ID)])].concat();
    let not_accepted = "Credentials not accepted";
    vec![
        case(
            "token = var.secret",
            secret(expired),
            not_accepted,
            &["the token of the configuration (`token`)"],
        ),
        case(
            "",
            variables([("HW_AUTH_TOKEN", "planted-token")]),
            not_accepted,
            &["the token from the environment (HW_AUTH_TOKEN or OS_AUTH_TOKEN)", "decrypt token fail"],
        ),
        case(
            "",
            variables([("HW_ACCESS_KEY", ids::ACCESS_KEY), ("HW_SECRET_KEY", "planted-wrong-key")]),
            not_accepted,
            &["the access key from the environment (HW_ACCESS_KEY or OS_ACCESS_KEY)"],
        ),
        case(
            "token = var.secret",
            project(foreign),
            "Permission denied",
            &["IOTDA.000004", "A token is valid for one project", "Get one for this project"],
        ),
        case(
            format!("{LOGIN}\n  domain_name = \"demo\""),
            secret("planted-password"),
            not_accepted,
            &[
                "the password of the configuration (`password`)",
                "The username or password is wrong.",
                "`domain_name`",
            ],
        ),
        case(
            "",
            variables([
                ("HW_USER_NAME", "demo-user"),
                ("OS_PASSWORD", ids::PASSWORD),
                ("OS_DOMAIN_NAME", "elsewhere"),
            ]),
            not_accepted,
            &["the password from the environment (HW_USER_PASSWORD or OS_PASSWORD)"],
        ),
        case(
            format!("{KEY}\n  security_token = var.secret"),
            [tf_key(), secret("planted-security-token")].concat(),
            not_accepted,
            &["the access key of the configuration (`access_key`)", "APIGW.0301"],
        ),
        case(
            "shared_config_file = \"profiles.json\"\n  profile = \"sso\"",
            vec![],
            not_accepted,
            &["the access key of the profile \"sso\" in profiles.json"],
        ),
    ]
}

fn agencies() -> Vec<Case> {
    let hop = |agency: &str, account: &str| {
        format!("{KEY}\n  assume_role {{\n    agency_name = \"{agency}\"\n    {account}\n  }}")
    };
    let oidc = |idp: &str, line: &str| {
        format!("assume_role_with_oidc {{\n    {FEDERATION}\n    idp_id = \"{idp}\"\n    {line}\n  }}")
    };
    let by_id = "domain_id = \"acc00000000000000000000000000002\"";
    let refused = "Permission denied";
    vec![
        case(
            hop("nobody", "domain_name = \"partner\""),
            tf_key(),
            refused,
            &["assume the agency nobody", "IAM.0002", "Check `agency_name`", "`domain_name`", "must exist"],
        ),
        case(
            hop("nobody", by_id),
            tf_key(),
            refused,
            &["assume the agency nobody", "IAM.0002", "Check `agency_name`", "`domain_id`", "must exist"],
        ),
        // It is there, and trusts somebody else.
        case(
            hop(ids::SUBSIDIARY_AGENCY, "domain_name = \"subsidiary\""),
            tf_key(),
            refused,
            &["delegate to the account of these credentials"],
        ),
        case(
            oidc("demo-idp", "id_token_file = \"old.token\""),
            vec![],
            "Credentials not accepted",
            &["`id_token_file`", "has not expired", "`idp_id`", "identity provider demo-idp"],
        ),
        case(
            oidc("other-idp", "id_token = var.secret"),
            secret(ids::ID_TOKEN),
            "Credentials not accepted",
            &["identity provider other-idp", "`idp_id` names the identity provider that issued it"],
        ),
        case(
            oidc("demo-idp", "id_token_file = \"no.token\""),
            vec![],
            "Credentials not obtained",
            &["no.token (`id_token_file`), cannot be read", "HW_ASSUME_ROLE_ID_TOKEN_FILE"],
        ),
        case(
            oidc("demo-idp", "id_token_file = \"empty.token\""),
            vec![],
            "Credentials not obtained",
            &["empty.token (`id_token_file`), is empty"],
        ),
    ]
}

#[tokio::test]
async fn each_refusal_names_what_was_used_and_what_to_look_at() -> Outcome {
    let Some(mut stage) = nobody().await? else { return Ok(()) };
    write_files(&stage).await?;
    let expired = token(&stage.cloud, ids::PROJECT_ID).await?;
    stage.cloud.expire_issued_credentials();
    let foreign = token(&stage.cloud, ids::PROJECTS[1].1).await?;
    for case in cases(&expired, &foreign).into_iter().chain(agencies()) {
        refusal(&mut stage, &case).await?;
        let unauthorized = stage.cloud.requests().iter().filter(|it| it.status == Some(401)).count();
        assert!(unauthorized <= 1, "{}: a refusal is not tried again", case.block);
    }
    // A clock that is off is not the key's fault.
    stage.cloud.set_clock_offset(-3600);
    let late = case(KEY, tf_key(), "Credentials not accepted", &["This machine's clock is 60 minutes ahead"]);
    refusal(&mut stage, &late).await?;
    Ok(())
}

#[tokio::test]
async fn a_project_that_may_not_be_looked_up_can_be_given() -> Outcome {
    let Some(mut stage) = nobody().await? else { return Ok(()) };
    let denied = json!({"error": {"code": 403, "message": "No.", "title": "Forbidden"}}).to_string();
    stage.cloud.fail(Rule::new(Fault::Answer(Answer::new(403).json(denied))).path("/v3/projects"));
    let case = case(KEY, tf_key(), "Permission denied", &["the project \"cn-north-4\"", "`project_id`"]);
    refusal(&mut stage, &case).await?;
    Ok(())
}

/// The metadata service hangs, lies, or has nothing: always an answer within seconds, and it says what else there is.
#[tokio::test]
async fn a_metadata_service_that_is_none_is_told_as_that() -> Outcome {
    let Some(stage) = nobody().await? else { return Ok(()) };
    let page = || Answer::new(200).html("<!doctype html>\n<title>Sign in</title>");
    let key = |expiry: &str| {
        let key = json!({"access": "A", "secret": "s", "securitytoken": "t", "expires_at": expiry});
        Answer::new(200).json(json!({ "credential": key }).to_string())
    };
    let session = "/meta-data/latest/api/token";
    let keys = "/openstack/latest/securitykey";
    let gives: &[&str] = &[
        "No credentials found. Set HW_ACCESS_KEY",
        "but the request failed (127.0.0.1:",
        "`access_key`",
        "`secret_key`",
        "HW_SECRET_KEY",
        "`profile`",
    ];
    for (path, fault, summary, says) in [
        ("", Fault::Hang, "No credentials", gives),
        (keys, Fault::Hang, "No credentials", gives),
        ("", Fault::ResetBeforeHeaders, "No credentials", gives),
        (
            session,
            Fault::Answer(page()),
            "Credentials not obtained",
            &["not a session token", "HW_METADATA_ENDPOINT"],
        ),
        (
            session,
            Fault::Answer(Answer::new(200)),
            "Credentials not obtained",
            &["does not contain a session token", "HW_METADATA_ENDPOINT"],
        ),
        (
            keys,
            Fault::Answer(page()),
            "Unexpected response",
            &["Something other than the metadata service may be answering", "`metadata`"],
        ),
        (
            keys,
            Fault::Answer(Answer::new(200).json("{\"credential\":{\"access\":\"A\"}}")),
            "Unexpected response",
            &["`credential` of the response is incomplete", "secret"],
        ),
        (
            keys,
            Fault::Answer(key("2001-01-01T00:00:00Z")),
            "Credentials not obtained",
            &["already expired", "clock"],
        ),
        (keys, Fault::Answer(key("soon")), "Credentials not obtained", &["not an RFC 3339 timestamp"]),
        (
            keys,
            Fault::Status(500),
            "Credentials not obtained",
            &["failed to return a key", "HTTP status: 500"],
        ),
    ] {
        stage.cloud.heal();
        stage.cloud.fail(Rule::new(fault.clone()).path(path));
        let begun = Instant::now();
        stage.configure(&configuration("max_retries = 0"))?;
        let found = stage.diagnose().await?;
        assert!(begun.elapsed() < Duration::from_secs(30), "{path} {fault:?}: {:?}", begun.elapsed());
        let [diagnostic] = &found[..] else { panic!("{path} {fault:?}: {found:#?}") };
        diagnostic.check(summary, says);
        assert!(stage.cloud.instance_requests().is_empty(), "{path} {fault:?}");
    }
    stage.cloud.heal();
    stage.cloud.set_metadata_mode(MetadataMode::Refusing);
    let diagnostic = stage.only().await?;
    assert_eq!(diagnostic.summary, "No credentials", "{diagnostic:#?}");
    let refused = &["No credentials found", "Something other than the metadata service", "HTTP status: 403"];
    assert!(diagnostic.says(refused), "{diagnostic:#?}");
    Ok(())
}

/// A proxy that is not there, whose name nobody knows, or that wants another password.
#[tokio::test]
async fn a_wrong_proxy_is_named_without_its_password() -> Outcome {
    let Some(mut stage) = behind_the_proxy().await? else { return Ok(()) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let strict = listener.local_addr()?;
    let proxy = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 4096];
            // Whoever hangs up early has asked nothing.
            let _ = stream.read(&mut head).await;
            let _ = stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await;
        }
    });
    let strict = strict.to_string();
    for (address, summary) in [
        ("127.0.0.1:1", "Connection failed"),
        ("proxy.invalid:3128", "Host name not resolved"),
        (strict.as_str(), "Connection failed"),
    ] {
        let url = format!("http://planted-user:planted-password@{address}");
        let given_here = [tf_key(), variables([("HTTPS_PROXY", &url)])].concat();
        let case = case(KEY, given_here, summary, &["Check HTTPS_PROXY", "NO_PROXY"]);
        let diagnostic = refusal(&mut stage, &case).await?;
        let named = format!("iam.cn-north-4.myhuaweicloud.com through the proxy {address}");
        assert!(diagnostic.says(&[&named]), "{diagnostic:#?}");
        assert!(!diagnostic.detail.contains("planted"), "{diagnostic:#?}");
    }
    proxy.abort();
    Ok(())
}
