use secrecy::ExposeSecret;

use super::{first_error, resolve};
use crate::settings::arguments::{Arguments, AssumeRole, AssumeRoleWithOidc, Step};
use crate::settings::{Base, Domain, Settings};

use super::FILE;

type Change = fn(&mut Arguments);
/// Changes to the block, variables of the environment, and the expected credentials.
type Row = (Change, Vec<(&'static str, &'static str)>, &'static str);

/// Returns the base credential as a short name.
fn base(settings: &Settings) -> String {
    match &settings.sign_in.base {
        Base::Key { access_key, security_token, .. } => {
            let token = security_token.as_ref().map_or("", |_| "+token");
            format!("key {}{token}", access_key.expose_secret())
        }
        Base::Token { token, .. } => format!("token {}", token.expose_secret()),
        Base::Password(login) => format!("password {}", login.password.expose_secret()),
        Base::Oidc(federation) => format!("oidc {}", federation.idp_id),
        Base::Metadata(_) => "metadata".to_owned(),
    }
}

fn block_key(arguments: &mut Arguments) {
    (arguments.access_key, arguments.secret_key) = (Some("BLOCK".into()), Some("bs".into()));
}

#[test]
fn the_precedence_of_credentials() {
    let nothing: Change = |_| {};
    let hw = [("HW_ACCESS_KEY", "HW"), ("HW_SECRET_KEY", "s")];
    let os = [("OS_ACCESS_KEY", "OS"), ("OS_SECRET_KEY", "s")];
    let table: Vec<Row> = vec![
        (nothing, vec![], "metadata"),
        (nothing, hw.to_vec(), "key HW"),
        (nothing, os.to_vec(), "key OS"),
        (nothing, [hw, os].concat(), "key HW"),
        // Each variable is looked up separately within the environment.
        (nothing, vec![hw[0], os[1]], "key HW"),
        (nothing, [hw.to_vec(), vec![("HW_SECURITY_TOKEN", "t")]].concat(), "key HW+token"),
        (nothing, [hw.to_vec(), vec![("HW_AUTH_TOKEN", "T")]].concat(), "token T"),
        (nothing, [os.to_vec(), vec![("HW_PROFILE", "main")]].concat(), "key OS"),
        (nothing, vec![("HW_PROFILE", "main")], "key PROFILE"),
        (nothing, vec![("HW_PROFILE", "sso")], "key SSO+token"),
        (nothing, vec![("HW_PROFILE", "server")], "metadata"),
        (nothing, vec![("HW_PROFILE", "token")], "token T"),
        (nothing, vec![("HW_PROFILE", "assumed")], "key PROFILE"),
        (nothing, vec![("HW_SHARED_CONFIG_FILE", FILE)], "key PROFILE"),
        // The block is complete: the environment adds nothing to it.
        (block_key, hw.to_vec(), "key BLOCK"),
        (block_key, vec![("HW_SECURITY_TOKEN", "stale")], "key BLOCK"),
        (block_key, vec![("HW_AUTH_TOKEN", "stale")], "key BLOCK"),
        (block_key, vec![("HW_PROFILE", "sso")], "key BLOCK"),
        (block_key, vec![("HW_ASSUME_ROLE_IDP_ID", "stale")], "key BLOCK"),
        (|a| a.profile = Some("main".into()), hw.to_vec(), "key PROFILE"),
        (|a| a.profile = Some("server".into()), hw.to_vec(), "metadata"),
        (|a| a.shared_config_file = Some("~/.hcloud/config.json".into()), hw.to_vec(), "key PROFILE"),
        (
            |a| {
                block_key(a);
                a.profile = Some("sso".into());
            },
            vec![],
            "key BLOCK",
        ),
        (
            |a| {
                block_key(a);
                a.token = Some("T".into());
            },
            vec![],
            "token T",
        ),
        (
            |a| {
                block_key(a);
                (a.user_name, a.password) = (Some("u".into()), Some("p".into()));
            },
            vec![],
            "key BLOCK",
        ),
        // The account alone is not a credential.
        (
            |a| (a.user_name, a.password) = (Some("u".into()), Some("p".into())),
            vec![("OS_USER_DOMAIN_NAME", "d")],
            "password p",
        ),
        (nothing, vec![("OS_USERNAME", "u"), ("HW_USER_PASSWORD", "p"), ("HW_DOMAIN_ID", "d")], "password p"),
        (
            nothing,
            vec![
                ("HW_ASSUME_ROLE_IDP_ID", "idp"),
                ("HW_ASSUME_ROLE_ID_TOKEN", "jwt"),
                ("HW_ASSUME_ROLE_AGENCY_NAME", "ag"),
                ("HW_ASSUME_ROLE_DOMAIN_ID", "d"),
            ],
            "oidc idp",
        ),
        // An empty string counts as omitted.
        (|a| (a.access_key, a.secret_key) = (Some("".into()), Some(" ".into())), hw.to_vec(), "key HW"),
    ];
    for (change, variables, expected) in table {
        let settings =
            resolve(change, &variables).unwrap_or_else(|errors| panic!("{variables:?}: {errors:?}"));
        assert_eq!(base(&settings), expected, "{variables:?}");
    }
}

#[test]
fn half_a_credential_is_an_error_that_names_both_halves() {
    let error = first_error(|a| a.access_key = Some("A".into()), &[("HW_SECRET_KEY", "s")]);
    assert!(
        error
            .starts_with("secret_key: Incomplete credentials. `access_key` is set, but `secret_key` is not."),
        "{error}"
    );
    assert!(error.contains("HW_ACCESS_KEY") && error.contains("HW_SECRET_KEY"), "{error}");
    let error = first_error(|a| a.secret_key = Some("s".into()), &[]);
    assert!(error.starts_with("access_key: "), "{error}");
    let error = first_error(|a| a.security_token = Some("t".into()), &[]);
    assert!(error.contains("`security_token` is set, but `access_key` is not"), "{error}");
    let error = first_error(|_| {}, &[("OS_ACCESS_KEY", "A")]);
    assert!(
        error.contains("HW_ACCESS_KEY (or OS_ACCESS_KEY), but not HW_SECRET_KEY (or OS_SECRET_KEY)"),
        "{error}"
    );
    let error = first_error(|a| a.user_name = Some("u".into()), &[("HW_USER_PASSWORD", "p")]);
    assert!(error.contains("`user_name` is set, but `password` is not"), "{error}");
    let error = first_error(|a| a.password = Some("p".into()), &[]);
    assert!(error.contains("`password` is set, but `user_name` is not"), "{error}");
    let error = first_error(|a| a.profile = Some("half".into()), &[]);
    let half = "In the profile \"half\" in /home/me/.hcloud/config.json, `accessKeyId` is set, but `secretAccessKey` is not.";
    assert!(error.contains(half), "{error}");
}

#[test]
fn credentials_that_cannot_work_are_refused_without_being_shown() {
    let error = first_error(|a| (a.access_key, a.secret_key) = (Some("AB CD".into()), Some("s".into())), &[]);
    assert!(error.starts_with("access_key: Invalid credentials.") && !error.contains("AB"), "{error}");
    let user = |a: &mut Arguments| (a.user_name, a.password) = (Some("u".into()), Some("p".into()));
    assert!(first_error(user, &[]).contains("domain_name"));
    let user_id = |a: &mut Arguments| (a.user_id, a.password) = (Some("u".into()), Some("p".into()));
    assert!(first_error(user_id, &[]).contains("project_id"));
    assert!(resolve(user_id, &[("HW_PROJECT_ID", "p")]).is_ok());
    let both = |a: &mut Arguments| {
        (a.user_id, a.user_name, a.password) = (Some("u".into()), Some("u".into()), Some("p".into()));
    };
    assert!(first_error(both, &[]).contains("Conflicting"));
}

#[test]
fn what_a_shell_or_a_file_left_around_a_key_is_named() {
    for (key, words) in [
        ("\"PLANTED\"", "is enclosed in quotes"),
        ("'PLANTED'", "is enclosed in quotes"),
        ("$PLANTED", "is the name of a variable"),
        ("${PLANTED}", "is the name of a variable"),
        ("%PLANTED%", "is the name of a variable"),
        ("{\"access\":\"PLANTED\"}", "is a JSON object"),
        ("PLANTED\u{feff}", "contains whitespace or another invalid character"),
    ] {
        let block = first_error(|a| (a.access_key, a.secret_key) = (Some("A".into()), Some(key.into())), &[]);
        assert!(block.starts_with("secret_key: ") && block.contains(words), "{block}");
        let variable = first_error(|_| {}, &[("HW_AUTH_TOKEN", key)]);
        assert!(
            variable.contains("HW_AUTH_TOKEN (or OS_AUTH_TOKEN)") && variable.contains(words),
            "{variable}"
        );
        assert!(!format!("{block}{variable}").contains("PLANTED"), "{block} {variable}");
    }
}

#[test]
fn a_security_token_that_is_not_read_is_a_warning_beside_a_key_without_one() {
    let key = [("OS_ACCESS_KEY", "A"), ("OS_SECRET_KEY", "S"), ("OS_SECURITY_TOKEN", "t")];
    let settings = resolve(|_| {}, &key).unwrap();
    let [warning] = settings.warnings() else { panic!("{:?}", settings.warnings()) };
    assert!(warning.detail.starts_with("OS_SECURITY_TOKEN is set but has no effect"), "{}", warning.detail);
    let complete = [key.as_slice(), &[("HW_SECURITY_TOKEN", "t")]].concat();
    assert!(resolve(|_| {}, &complete).unwrap().warnings().is_empty());
    let elsewhere = |a: &mut Arguments| (a.access_key, a.secret_key) = (Some("A".into()), Some("S".into()));
    assert!(resolve(elsewhere, &key).unwrap().warnings().is_empty());
}

#[test]
fn variables_of_other_tools_are_named_where_nothing_is_found() {
    let settings = resolve(|_| {}, &[("HUAWEICLOUD_SDK_AK", "A"), ("OS_SECURITY_TOKEN", "t")]).unwrap();
    let Base::Metadata(why) = settings.sign_in.base else { panic!("credentials were found") };
    let hint = why.hint.unwrap();
    assert!(hint.contains("HUAWEICLOUD_SDK_AK is set but has no effect: the variable is HW_ACCESS_KEY"));
    assert!(hint.contains("OS_SECURITY_TOKEN is set but has no effect: the variable is HW_SECURITY_TOKEN."));
    assert!(why.reason.starts_with("No credentials found. Set HW_ACCESS_KEY and HW_SECRET_KEY."));
    let wanted = "(HW_ACCESS_KEY and HW_SECRET_KEY, HW_AUTH_TOKEN, HW_USER_NAME and HW_USER_PASSWORD, HW_PROFILE, HW_ASSUME_ROLE_IDP_ID)";
    assert!(why.reason.contains(wanted), "{}", why.reason);
    let error = first_error(|_| {}, &[("HW_USER_NAME", "u"), ("HW_PASSWORD", "p")]);
    assert!(
        error.contains("HW_PASSWORD is set but has no effect: the variable is HW_USER_PASSWORD"),
        "{error}"
    );
}

#[test]
fn a_line_break_at_the_end_of_a_secret_is_dropped() {
    let settings =
        resolve(|a| (a.access_key, a.secret_key) = (Some("A\n".into()), Some(" s\r\n".into())), &[]).unwrap();
    assert_eq!(base(&settings), "key A");
}

#[test]
fn agencies_of_block_environment_and_profile() {
    let hops =
        |change: fn(&mut Arguments), variables: &[(&str, &str)]| -> Vec<(String, Domain, Option<u64>)> {
            let settings = resolve(change, variables).unwrap();
            settings.sign_in.hops.into_iter().map(|hop| (hop.agency, hop.domain, hop.duration)).collect()
        };
    let agency = [("HW_ASSUME_ROLE_AGENCY_NAME", "env"), ("HW_ASSUME_ROLE_DOMAIN_NAME", "acc")];
    assert_eq!(hops(block_key, &[]), []);
    assert_eq!(hops(block_key, &agency), [("env".into(), Domain::Name("acc".into()), None)]);
    // With an identity provider, it is the agency of the provider's users.
    let federated = [&agency[..], &[("HW_ASSUME_ROLE_IDP_ID", "ci")]].concat();
    assert_eq!(hops(block_key, &federated), []);
    let with_id =
        [agency.to_vec(), vec![("HW_ASSUME_ROLE_DOMAIN_ID", "id"), ("HW_ASSUME_ROLE_DURATION", "900")]]
            .concat();
    assert_eq!(hops(block_key, &with_id), [("env".into(), Domain::Id("id".into()), Some(900))]);
    let chain: fn(&mut Arguments) = |a| {
        block_key(a);
        let named = AssumeRole {
            agency_name: Some("one".into()),
            domain_name: Some("acc".into()),
            ..AssumeRole::default()
        };
        let by_id = AssumeRole {
            agency_name: Some("two".into()),
            domain_id: Some("id".into()),
            duration: Some(0),
            ..AssumeRole::default()
        };
        a.assume_role = vec![named, by_id];
    };
    // A stale account ID does not turn a hop by name into one by ID.
    let stale = [("HW_ASSUME_ROLE_DOMAIN_ID", "stale")];
    let expected =
        [("one".into(), Domain::Name("acc".into()), None), ("two".into(), Domain::Id("id".into()), None)];
    assert_eq!(hops(chain, &stale), expected);
    assert_eq!(
        hops(|a| a.profile = Some("agency".into()), &[]),
        [("ag".into(), Domain::Name("acc".into()), None)]
    );
    let errors = resolve(|a| a.assume_role = vec![AssumeRole::default()], &[]).unwrap_err();
    assert_eq!(
        errors[0].argument,
        Some(vec![Step::Name("assume_role"), Step::Index(0), Step::Name("agency_name")])
    );
    assert!(errors[1].detail.contains("HW_ASSUME_ROLE_DOMAIN_ID"));
}

#[test]
fn federation_needs_exactly_one_token() {
    let block = |change: fn(&mut AssumeRoleWithOidc)| {
        let mut oidc = AssumeRoleWithOidc {
            agency_name: Some("ag".into()),
            domain_id: Some("d".into()),
            idp_id: Some("idp".into()),
            ..AssumeRoleWithOidc::default()
        };
        change(&mut oidc);
        resolve(|a| a.assume_role_with_oidc = Some(oidc), &[("HW_ASSUME_ROLE_AGENCY_NAME", "other")])
    };
    let settings = block(|oidc| oidc.id_token = Some("jwt".into())).unwrap();
    // The variable completes the block; it does not add a second agency.
    assert_eq!((base(&settings).as_str(), settings.sign_in.hops.len()), ("oidc idp", 0));
    assert!(block(|oidc| oidc.id_token_file = Some("/token".into())).is_ok());
    let changes: [fn(&mut AssumeRoleWithOidc); 2] = [
        |_: &mut AssumeRoleWithOidc| {},
        |oidc: &mut AssumeRoleWithOidc| {
            (oidc.id_token, oidc.id_token_file) = (Some("j".into()), Some("/t".into()));
        },
    ];
    for change in changes {
        let errors = block(change).unwrap_err();
        assert!(errors[0].to_string().starts_with("assume_role_with_oidc[0].id_token: "), "{errors:?}");
    }
}
