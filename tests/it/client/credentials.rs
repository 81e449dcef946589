//! Every kind of credentials.

use huaweicloud::{Arguments, AssumeRole, AssumeRoleWithOidc, Environment, Error, Kind, Scope};
use iotda_emulator::{Config, Metadata, MetadataMode, ids};
use iotda_provider::iotda::Instances;

use super::{agency, arguments, client, client_in, emulator, login, nobody, oidc, paths, show};

const ACCOUNT: &str = "/v3/auth/domains";
const SECURITY_TOKENS: &str = "/v3.0/OS-CREDENTIAL/securitytokens";
const ASSUME: &str = "/v5/agencies/assume";

/// How many instances the identity sees.
async fn seen(arguments: &Arguments) -> Result<usize, Error> {
    let (client, scope) = (client(arguments), Scope::default());
    Ok(Instances { client: &client, scope }.list(None, None).await?.len())
}

fn agency_by_id(name: &str, account: &str) -> AssumeRole {
    AssumeRole { agency_name: Some(name.into()), domain_id: Some(account.into()), ..AssumeRole::default() }
}

#[tokio::test]
async fn a_password_by_name_and_by_id() {
    let cloud = emulator(Config::default());
    show(&client(&login(&cloud))).await.unwrap();
    assert_eq!(paths(&cloud)[0], "/v3/auth/tokens");
    assert_eq!(cloud.request_count(), 2);
    let by_id = Arguments {
        user_id: Some(ids::USER_ID.into()),
        password: Some(ids::PASSWORD.into()),
        project_id: Some(ids::PROJECT_ID.into()),
        ..nobody(&cloud)
    };
    show(&client(&by_id)).await.unwrap();
    let wrong = client(&Arguments { password: Some("wrong".into()), ..login(&cloud) });
    cloud.clear_requests();
    for _ in 0..3 {
        let error = show(&wrong).await.unwrap_err();
        assert_eq!(*error.kind(), Kind::Unauthorized);
        assert!(error.detail().contains("the password of the configuration"), "{error}");
    }
    assert_eq!(cloud.request_count(), 1);
}

#[tokio::test]
async fn a_token_of_the_callers_own_is_sent_as_given() {
    let cloud = emulator(Config::default());
    show(&client(&login(&cloud))).await.unwrap();
    let token = cloud.requests()[1].header("x-auth-token").unwrap().to_owned();
    cloud.clear_requests();
    let own = Arguments { token: Some(token.as_str().into()), ..nobody(&cloud) };
    show(&client(&own)).await.unwrap();
    assert_eq!(paths(&cloud)[0], "/v3/projects");
    assert!(cloud.requests().iter().all(|request| request.header("x-auth-token") == Some(&token)));
    let foreign = Arguments { token: Some("foreign".into()), ..nobody(&cloud) };
    let error = show(&client(&foreign)).await.unwrap_err();
    assert!(error.detail().contains("the token of the configuration (`token`)"), "{error}");
}

#[tokio::test]
async fn agencies_by_name_by_id_and_in_a_chain() {
    let cloud = emulator(Config::default());
    let assumed = |hops| Arguments { assume_role: hops, ..arguments(&cloud) };
    assert_eq!(seen(&assumed(vec![agency(ids::PARTNER_AGENCY, ids::PARTNER)])).await.unwrap(), 2);
    assert_eq!(seen(&assumed(vec![agency_by_id(ids::PARTNER_AGENCY, ids::PARTNER_ID)])).await.unwrap(), 2);
    cloud.clear_requests();
    let chain = vec![
        agency(ids::PARTNER_AGENCY, ids::PARTNER),
        agency_by_id(ids::SUBSIDIARY_AGENCY, ids::SUBSIDIARY_ID),
    ];
    assert_eq!(seen(&assumed(chain)).await.unwrap(), 2);
    assert_eq!(paths(&cloud)[..3], [ACCOUNT, SECURITY_TOKENS, ASSUME]);
    let error = seen(&assumed(vec![agency("none", ids::PARTNER)])).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (&Kind::Forbidden, Some("IAM.0002")));
    assert!(error.detail().contains("assume the agency none"), "{error}");
}

/// Both kinds of agency: IAM takes a token of the account, the STS a signature.
#[tokio::test]
async fn agencies_on_top_of_a_password_and_of_a_callers_own_token() {
    let cloud = emulator(Config::default());
    let hops =
        [agency(ids::PARTNER_AGENCY, ids::PARTNER), agency_by_id(ids::PARTNER_AGENCY, ids::PARTNER_ID)];
    show(&client(&login(&cloud))).await.unwrap();
    let token = cloud.requests()[1].header("x-auth-token").unwrap().to_owned();
    let own = Arguments { token: Some(token.as_str().into()), ..nobody(&cloud) };
    for base in [login(&cloud), own] {
        for hop in &hops {
            let assumed = Arguments { assume_role: vec![hop.clone()], ..base.clone() };
            assert_eq!(seen(&assumed).await.unwrap(), 2);
        }
    }
}

#[tokio::test]
async fn a_wrong_account_for_an_agency_names_its_argument() {
    let cloud = emulator(Config::default());
    let hops = vec![agency(ids::PARTNER_AGENCY, ids::PARTNER)];
    let right = Arguments { assume_role: hops, domain_id: Some(ids::ACCOUNT_ID.into()), ..arguments(&cloud) };
    assert_eq!(seen(&right).await.unwrap(), 2);
    assert_eq!(paths(&cloud)[0], SECURITY_TOKENS);
    let error = seen(&Arguments { domain_id: Some(ids::PARTNER_ID.into()), ..right }).await.unwrap_err();
    assert_eq!(*error.kind(), Kind::Forbidden);
    assert!(error.detail().contains("Also check `domain_id` (or HW_DOMAIN_ID, OS_DOMAIN_ID)"), "{error}");
}

#[tokio::test]
async fn federation_with_a_token_or_its_file() {
    let cloud = emulator(Config::default());
    let federated = Arguments { assume_role_with_oidc: Some(oidc()), ..nobody(&cloud) };
    show(&client(&federated)).await.unwrap();
    let file = AssumeRoleWithOidc { id_token: None, id_token_file: Some("/run/token".into()), ..oidc() };
    let from_file = Arguments { assume_role_with_oidc: Some(file), ..nobody(&cloud) };
    let text = format!("{}\n", ids::ID_TOKEN);
    show(&client_in(&from_file, &Environment::fixed([("", ""); 0], [("/run/token", text)]))).await.unwrap();
    let error = show(&client(&from_file)).await.unwrap_err();
    assert_eq!(*error.kind(), Kind::CredentialSource);
    assert!(error.detail().contains("/run/token (`id_token_file`), cannot be read"), "{error}");
    let foreign = AssumeRoleWithOidc { id_token: Some("expired".into()), ..oidc() };
    let error = show(&client(&Arguments { assume_role_with_oidc: Some(foreign), ..nobody(&cloud) }))
        .await
        .unwrap_err();
    assert!(error.detail().contains("the OpenID Connect token of the identity provider demo-idp"), "{error}");
}

#[tokio::test]
async fn the_environment_alone_is_enough() {
    let cloud = emulator(Config::default());
    let url = cloud.url();
    let places = [
        ("HW_REGION_NAME", "cn-north-4"),
        ("HW_IOTDA_MGMT_ENDPOINT", &url),
        ("HW_IAM_ENDPOINT", &url),
        ("HW_STS_ENDPOINT", &url),
    ];
    let key = [("OS_ACCESS_KEY", ids::ACCESS_KEY), ("OS_SECRET_KEY", ids::SECRET_KEY)];
    let federated = [
        ("HW_ASSUME_ROLE_IDP_ID", ids::IDENTITY_PROVIDER),
        ("HW_ASSUME_ROLE_ID_TOKEN", ids::ID_TOKEN),
        ("HW_ASSUME_ROLE_AGENCY_NAME", ids::AGENCY),
        ("HW_ASSUME_ROLE_DOMAIN_ID", ids::ACCOUNT_ID),
    ];
    for credentials in [&key[..], &federated[..]] {
        let environment = Environment::fixed(places.iter().chain(credentials).copied(), [("", ""); 0]);
        show(&client_in(&Arguments::default(), &environment)).await.unwrap();
    }
    let profile = format!(
        r#"{{"profiles":[{{"name":"p","accessKeyId":"{}","secretAccessKey":"{}"}}]}}"#,
        ids::ACCESS_KEY,
        ids::SECRET_KEY
    );
    let named = [("HW_PROFILE", "p"), ("HOME", "/home/me")];
    let environment =
        Environment::fixed(places.iter().chain(&named).copied(), [("/home/me/.hcloud/config.json", profile)]);
    show(&client_in(&Arguments::default(), &environment)).await.unwrap();
}

#[tokio::test]
async fn the_metadata_service_in_each_of_its_moods() {
    for mode in [MetadataMode::V2Required, MetadataMode::V1Only, MetadataMode::Either] {
        let cloud = emulator(Config::default().metadata(Metadata { mode, ..Metadata::default() }));
        show(&client(&nobody(&cloud))).await.unwrap();
    }
    for (mode, kind, advice) in [
        (MetadataMode::NoAgency, Kind::CredentialSource, "Check that an agency is assigned to this server"),
        (MetadataMode::Refusing, Kind::NoCredentials, "Something other than the metadata service"),
    ] {
        let cloud = emulator(Config::default().metadata(Metadata { mode, ..Metadata::default() }));
        let error = show(&client(&nobody(&cloud))).await.unwrap_err();
        assert_eq!(*error.kind(), kind, "{error}");
        assert!(error.detail().starts_with("No credentials found. Set HW_ACCESS_KEY"), "{error}");
        assert!(error.detail().contains(advice), "{error}");
    }
}

#[tokio::test]
async fn the_skew_of_the_clock_is_met_by_the_second_request() {
    let cloud = emulator(Config::default());
    cloud.set_clock_offset(600);
    let client = client(&arguments(&cloud));
    show(&client).await.unwrap();
    let dates: Vec<String> =
        cloud.requests().iter().map(|request| request.header("x-sdk-date").unwrap().to_owned()).collect();
    assert_ne!(dates[0][..13], dates[1][..13], "{dates:?}");
}
