mod agencies;
mod credentials;
mod profiles;

use super::arguments::Step;
use super::*;

const FILE: &str = "/home/me/.hcloud/config.json";
const PROFILES: &str = r#"{"current":"main","profiles":[
    {"name":"main","mode":"AKSK","accessKeyId":"PROFILE","secretAccessKey":"ps","securityToken":"","region":"cn-south-1","projectId":"pp"},
    {"name":"sso","mode":"SSO","accessKeyId":"","ssoAuth":{"stsToken":{"accessKeyId":"SSO","secretAccessKey":"ss","securityToken":"st"}}},
    {"name":"half","mode":"AKSK","accessKeyId":"HALF"},
    {"name":"agency","mode":"AKSK","accessKeyId":"A","secretAccessKey":"s","agencyName":"ag","agencyDomainName":"acc"},
    {"name":"bare","mode":"AKSK","region":"cn-east-3"},
    {"name":"server","mode":"ecsAgency"},
    {"name":"token","mode":"token","accessKeyId":"STALE","secretAccessKey":"s","xAuthToken":"T"},
    {"name":"assumed","mode":"AssumeRole","agencyName":"ag","agencyDomainId":"id","sourceProfile":"main"},
    {"name":"twice","mode":"agency","agencyName":"second","agencyDomainName":"acc","sourceProfile":"assumed"},
    {"name":"circle","mode":"AssumeRole","agencyName":"ag","agencyDomainName":"acc","sourceProfile":"circle"},
    {"name":"nobody's","mode":"AssumeRole","agencyDomainName":"acc","sourceProfile":"main"},
    {"name":"baseless","mode":"AssumeRole","agencyName":"ag","agencyDomainName":"acc"},
    {"name":"other","mode":"OAuth2"},
    {"name":"no token","mode":"token"},
    {"name":"logged out","mode":"SSO","ssoAuth":{"stsToken":{"accessKeyId":""}}},
    {"name":"spaced","mode":"AKSK","accessKeyId":"AB CD","secretAccessKey":"s"},
    {"name":"cipher","authEncrypt":"true","accessKeyId":"1b2c3d4e5f60718293a4b5c6d7e8f9001b2c3d4e5f60718293a4b5c6d7e8f900","secretAccessKey":"ff"},
    {"name":"by hand","authEncrypt":true,"accessKeyId":"ABCDEFGHIJ0123456789","secretAccessKey":"abcdefghijklmnopqrstuvwxyz0123456789ABCD"}]}"#;

const SERVICES: [Service; 1] =
    [Service { misspellings: &["iotda-mgmt", "iotdm"], ..Service::new("iotda_mgmt", "iotda-mgmt") }];

/// Resolves settings from a block in `cn-north-4`, these variables and the profiles.
fn resolve(
    change: impl FnOnce(&mut Arguments),
    variables: &[(&str, &str)],
) -> Result<Settings, Vec<ArgumentError>> {
    let mut arguments = Arguments { region: Some("cn-north-4".into()), ..Arguments::default() };
    change(&mut arguments);
    let variables = variables.iter().copied().chain([("HOME", "/home/me")]);
    let environment = Environment::fixed(variables, [(FILE, PROFILES)]);
    Settings::resolve(&arguments, &environment, &SERVICES)
}

fn first_error(change: impl FnOnce(&mut Arguments), variables: &[(&str, &str)]) -> String {
    resolve(change, variables).unwrap_err().first().unwrap().to_string()
}

#[test]
fn other_arguments_are_resolved_one_by_one() {
    let region =
        |change: fn(&mut Arguments), variables: &[(&str, &str)]| resolve(change, variables).unwrap().region;
    assert_eq!(region(|_| {}, &[("HW_REGION_NAME", "x")]), "cn-north-4");
    let bare: fn(&mut Arguments) = |a| a.region = None;
    assert_eq!(region(bare, &[("OS_REGION_NAME", "os"), ("HW_REGION_NAME", "hw")]), "hw");
    assert_eq!(region(bare, &[("OS_REGION_NAME", "os"), ("HW_PROFILE", "main")]), "os");
    assert_eq!(region(bare, &[("HW_PROFILE", "main")]), "cn-south-1");
    let project = |change: fn(&mut Arguments), variables: &[(&str, &str)]| {
        let project = resolve(change, variables).unwrap().project;
        (project.id.unwrap_or_default(), project.name.unwrap_or_default())
    };
    let pair = |id: &str, name: &str| (id.to_owned(), name.to_owned());
    assert_eq!(project(|_| {}, &[("OS_TENANT_ID", "t"), ("HW_PROFILE", "main")]), pair("t", ""));
    // A profile's project belongs to the profile's own region.
    assert_eq!(project(|_| {}, &[("HW_PROFILE", "main")]), pair("", ""));
    assert_eq!(project(|a| a.region = None, &[("HW_PROFILE", "main")]), pair("pp", ""));
    assert_eq!(project(|a| a.region = Some("cn-south-1".into()), &[("HW_PROFILE", "main")]), pair("pp", ""));
    assert_eq!(project(|a| a.tenant_id = Some("x".into()), &[("HW_PROJECT_ID", "y")]), pair("x", ""));
    // A name in the block is not overruled by a stale ID in the environment.
    assert_eq!(project(|a| a.project_name = Some("n".into()), &[("HW_PROJECT_ID", "y")]), pair("", "n"));
    let settings = resolve(|_| {}, &[("HW_MAX_RETRIES", "2"), ("HW_REQUEST_TIMEOUT", "1m")]).unwrap();
    assert_eq!((settings.max_retries, settings.request_timeout), (2, Duration::from_mins(1)));
    let settings = resolve(
        |a| (a.max_retries, a.request_timeout) = (Some(0), Some("5s".into())),
        &[("HW_MAX_RETRIES", "2")],
    )
    .unwrap();
    assert_eq!((settings.max_retries, settings.request_timeout), (0, Duration::from_secs(5)));
}

#[test]
fn clouds_and_endpoints() {
    let host = |change: fn(&mut Arguments), variables: &[(&str, &str)]| {
        let settings = resolve(change, variables).unwrap();
        let [service] = SERVICES;
        settings.endpoints.of(service, &settings.region).unwrap().host.clone()
    };
    assert_eq!(host(|_| {}, &[]), "iotda-mgmt.cn-north-4.myhuaweicloud.com");
    assert_eq!(
        host(|a| a.region = Some("eu-west-101".into()), &[]),
        "iotda-mgmt.eu-west-101.myhuaweicloud.eu"
    );
    assert_eq!(host(|_| {}, &[("HW_CLOUD", "cloud.example.com")]), "iotda-mgmt.cn-north-4.cloud.example.com");
    assert_eq!(host(|_| {}, &[("HW_IOTDA_MGMT_ENDPOINT", "h.example.com:99/")]), "h.example.com:99");
    let block: fn(&mut Arguments) = |a| {
        a.endpoints.insert("iotda_mgmt".into(), "https://block.example.com".into());
    };
    assert_eq!(host(block, &[("HW_IOTDA_MGMT_ENDPOINT", "https://h.example.com")]), "block.example.com");
}

#[test]
fn endpoint_keys_of_other_services_pass_and_near_misses_do_not() {
    let with = |key: &'static str| {
        resolve(|a| drop(a.endpoints.insert(key.into(), "https://h.example.com".into())), &[])
    };
    assert!(with("iotda").unwrap().warnings().is_empty());
    assert!(with("ecs").unwrap().warnings().is_empty());
    assert_eq!(with("iotda_mgnt").unwrap().warnings().len(), 1);
    let errors = with("iotdm").unwrap_err();
    assert_eq!(errors[0].argument, Some(vec![Step::Name("endpoints"), Step::Key("iotdm".into())]));
    assert!(errors[0].detail.contains("`iotda_mgmt`"));
}

#[test]
fn all_faults_are_reported_together_with_the_value_unless_it_may_be_secret() {
    let errors = resolve(
        |a| {
            a.region = Some("CN/wrong.example.com#".into());
            a.cloud = Some("wrong.example.com/".into());
            a.project_id = Some("../wrong".into());
            a.auth_url = Some("http://wrong.example.com/v3".into());
            a.max_retries = Some(-1);
            a.request_timeout = Some("30wrong".into());
            a.cacert_file = Some("-----BEGIN hidden".into());
            a.cert = Some("/hidden".into());
            a.signing_algorithm = Some("wrong".into());
            a.agency_name = Some("wrong".into());
            a.access_key = Some("hidden".into());
            a.endpoints.insert("iam".into(), "ftp://wrong".into());
            a.endpoints.insert("sts".into(), "https://u:hidden@h".into());
        },
        &[
            ("HW_INSECURE", "wrong"),
            ("HTTPS_PROXY", "socks4://u:hidden@h"),
            ("HW_METADATA_ENDPOINT", "https://h?key=hidden"),
        ],
    )
    .unwrap_err();
    let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
    for (start, value) in [
        ("region: ", "The value is \"CN/wrong.example.com#\"."),
        ("cloud: ", "\"wrong.example.com/\""),
        ("project_id: ", "\"../wrong\""),
        ("auth_url: ", "\"http://wrong.example.com/v3\""),
        ("max_retries: ", "\"-1\""),
        ("request_timeout: ", "\"30wrong\""),
        ("cacert_file: ", ""),
        ("cert: ", ""),
        ("signing_algorithm: ", "\"wrong\""),
        ("agency_name: ", "\"wrong\""),
        ("secret_key: ", ""),
        ("endpoints[\"iam\"]: ", "\"ftp://wrong\""),
        ("endpoints[\"sts\"]: ", ""),
        ("Invalid endpoint. The environment variable HW_METADATA_ENDPOINT", ""),
        ("Invalid insecure", "\"wrong\""),
        ("Invalid proxy", ""),
    ] {
        let found = texts.iter().any(|text| text.starts_with(start) && text.contains(value));
        assert!(found, "{start} {value} is missing in {texts:#?}");
    }
    assert!(texts.iter().all(|text| !text.contains("hidden")), "{texts:#?}");
}

#[test]
fn a_missing_region_names_argument_and_variables() {
    let error = first_error(|a| a.region = None, &[]);
    assert!(error.starts_with("region: Missing region.") && error.contains("HW_REGION_NAME"), "{error}");
    let error = first_error(|a| a.region = None, &[("HW_REGION", "cn-north-4")]);
    assert!(error.contains("HW_REGION is set but has no effect: the variable is HW_REGION_NAME"), "{error}");
}

#[test]
fn a_profile_that_cannot_be_used_is_an_error_only_where_one_is_named() {
    assert!(
        first_error(|a| a.profile = Some("none".into()), &[])
            .contains("has no profile \"none\". Profiles in it: main, sso")
    );
    assert!(
        first_error(|a| a.shared_config_file = Some("/missing".into()), &[])
            .contains("/missing cannot be read")
    );
    let error = first_error(|_| {}, &[("HW_SHARED_CONFIG_FILE", "/missing")]);
    assert!(
        error.starts_with("Profile not usable") && error.contains("HW_SHARED_CONFIG_FILE names it"),
        "{error}"
    );
    let environment =
        Environment::fixed([("HW_PROFILE", "p"), ("HOME", "/h")], [("/h/.hcloud/config.json", "{broken")]);
    let user = Arguments { user_name: Some("u".into()), password: Some("p".into()), ..Arguments::default() };
    // It may contain the region, the account and a key: none of them is reported as missing.
    for arguments in [Arguments::default(), user] {
        let errors = Settings::resolve(&arguments, &environment, &SERVICES).unwrap_err();
        assert!(errors[0].detail.contains("is not a KooCLI configuration"), "{errors:?}");
        assert_eq!(errors.len(), 1, "{errors:?}");
    }
}

#[test]
fn what_the_official_provider_has_and_this_has_not_names_the_alternative() {
    assert!(first_error(|a| a.agency_name = Some("x".into()), &[]).contains("`assume_role`"));
    assert!(first_error(|_| {}, &[("OS_AGENCY_NAME", "x")]).contains("OS_AGENCY_NAME is not supported"));
    assert!(first_error(|a| a.signing_algorithm = Some("HmacSM3".into()), &[]).contains("HmacSHA256"));
    assert!(resolve(|a| a.signing_algorithm = Some("HmacSHA256".into()), &[]).is_ok());
}

#[test]
fn leaving_certificates_unchecked_is_warned_of() {
    let settings = resolve(|_| {}, &[("OS_INSECURE", "1")]).unwrap();
    assert!(settings.tls.insecure);
    assert_eq!(settings.warnings()[0].summary, "TLS certificates are not checked");
    assert!(!resolve(|a| a.insecure = Some(false), &[("HW_INSECURE", "true")]).unwrap().tls.insecure);
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_utf_8_is_reported_once() {
    use std::os::unix::ffi::OsStrExt as _;

    // Looked up for two purposes, for one, and by the client only.
    for name in ["HW_ASSUME_ROLE_IDP_ID", "HW_CLOUD", "TF_APPEND_USER_AGENT"] {
        let value = std::ffi::OsStr::from_bytes(b"caf\xe9").to_owned();
        let environment = Environment::fixed([(name, value)], [("", ""); 0]);
        let arguments = Arguments { region: Some("cn-north-4".into()), ..Arguments::default() };
        let errors = Settings::resolve(&arguments, &environment, &SERVICES).unwrap_err();
        let expected = format!("Invalid environment variable. The environment variable {name} is not UTF-8.");
        assert_eq!(errors.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
    }
}

#[test]
fn an_unusable_proxy_is_an_error_only_if_a_request_would_use_it() {
    let proxy = ("HTTPS_PROXY", "socks4://h:1");
    let local = |but: &'static str| {
        move |a: &mut Arguments| {
            let keys = SERVICES.iter().map(|service| service.key).chain(["iam", "sts"]);
            a.endpoints.extend(
                keys.filter(|key| *key != but).map(|key| (key.to_owned(), "http://127.0.0.1:1".to_owned())),
            );
        }
    };
    assert!(resolve(local(""), &[proxy]).is_ok());
    for remote in ["iam", "sts"] {
        assert!(first_error(local(remote), &[proxy]).starts_with("Invalid proxy"), "{remote}");
        assert!(resolve(local(remote), &[proxy, ("NO_PROXY", ".myhuaweicloud.com")]).is_ok(), "{remote}");
    }
}
