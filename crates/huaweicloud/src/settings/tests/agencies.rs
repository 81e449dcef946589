//! Lifetimes and external IDs of agencies, and the source of the token of an identity provider.

use secrecy::ExposeSecret;

use super::resolve;
use crate::settings::arguments::{Arguments, AssumeRole, AssumeRoleWithOidc};
use crate::settings::{Base, IdToken};

fn key(arguments: &mut Arguments) {
    (arguments.access_key, arguments.secret_key) = (Some("A".into()), Some("s".into()));
}

fn by_id(duration: i64) -> AssumeRole {
    AssumeRole {
        agency_name: Some("ag".into()),
        domain_id: Some("id".into()),
        duration: Some(duration),
        ..AssumeRole::default()
    }
}

fn by_name(duration: i64) -> AssumeRole {
    AssumeRole { domain_id: None, domain_name: Some("acc".into()), ..by_id(duration) }
}

#[test]
fn lifetimes_out_of_range_are_refused_before_anything_is_sent() {
    let v5 = "from 900 to 43200.";
    let v3 = "from 900 to 86400.";
    let chained = "from 900 to 3600, because the agency is assumed with temporary credentials.";
    for (temporary, hops, rule) in [
        (false, vec![by_id(0)], None),
        (false, vec![by_id(900), by_id(3600), by_name(86_400)], None),
        (false, vec![by_id(43_200)], None),
        (false, vec![by_id(899)], Some(v5)),
        (false, vec![by_id(-1)], Some(v5)),
        (false, vec![by_id(43_201)], Some(v5)),
        (false, vec![by_name(86_401)], Some(v3)),
        (false, vec![by_name(900), by_id(3601)], Some(chained)),
        (true, vec![by_id(3601)], Some(chained)),
        (true, vec![by_name(3601)], None),
    ] {
        let (last, given) = (hops.len() - 1, hops.last().and_then(|hop| hop.duration).unwrap());
        let result = resolve(
            |a| {
                key(a);
                a.security_token = temporary.then(|| "t".into());
                a.assume_role = hops;
            },
            &[],
        );
        match (result, rule) {
            (Ok(settings), None) => {
                let expected = u64::try_from(given).ok().filter(|seconds| *seconds > 0);
                assert_eq!(settings.sign_in.hops.last().unwrap().duration, expected);
            }
            (Err(errors), Some(rule)) => {
                let error = errors[0].to_string();
                let start = format!("assume_role[{last}].duration: Invalid duration. `duration` must be");
                assert!(error.starts_with(&start) && error.contains(rule), "{error}");
                assert!(error.ends_with(&format!("The value is \"{given}\".")), "{error}");
            }
            (result, rule) => panic!("{given}: {:?} instead of {rule:?}", result.err()),
        }
    }
    for (seconds, words) in
        [("0", None), ("43201", Some("HW_ASSUME_ROLE_DURATION must be")), ("1h", Some("43200"))]
    {
        let variables = [
            ("HW_ASSUME_ROLE_AGENCY_NAME", "ag"),
            ("HW_ASSUME_ROLE_DOMAIN_ID", "id"),
            ("HW_ASSUME_ROLE_DURATION", seconds),
        ];
        let result = resolve(key, &variables).map_err(|errors| errors[0].to_string());
        match words {
            None => assert!(result.is_ok(), "{seconds}"),
            Some(words) => assert!(result.unwrap_err().contains(words), "{seconds}"),
        }
    }
}

#[test]
fn an_external_id_is_for_agencies_by_account_id() {
    let with = |hop: AssumeRole| {
        resolve(
            |a| {
                key(a);
                a.assume_role = vec![AssumeRole { external_id: Some("shared".into()), ..hop }];
            },
            &[],
        )
    };
    assert_eq!(with(by_id(0)).unwrap().sign_in.hops[0].external_id.as_deref(), Some("shared"));
    let error = with(by_name(0)).unwrap_err()[0].to_string();
    assert!(error.starts_with("assume_role[0].external_id: ") && error.contains("`domain_id`"), "{error}");
}

#[test]
fn the_token_of_an_identity_provider_comes_from_the_first_place_that_has_it() {
    let hw = ("HW_ASSUME_ROLE_ID_TOKEN", "hw");
    let file = ("HW_ASSUME_ROLE_ID_TOKEN_FILE", "/t");
    let hcp = ("TFC_WORKLOAD_IDENTITY_TOKEN", "hcp");
    let tagged = ("TFC_WORKLOAD_IDENTITY_TOKEN_IOTDA", "tagged");
    let other = ("TFC_WORKLOAD_IDENTITY_TOKEN_AWS", "other");
    for (variables, expected) in [
        (vec![hw], Ok("hw")),
        (vec![file], Ok("file /t")),
        (vec![file, hw], Ok("hw")),
        (vec![file, tagged], Ok("file /t")),
        (vec![hcp, other, tagged], Ok("hcp")),
        (vec![hw, hcp], Ok("hw")),
        (vec![tagged], Ok("tagged")),
        (
            vec![other, tagged],
            Err("TFC_WORKLOAD_IDENTITY_TOKEN_AWS, TFC_WORKLOAD_IDENTITY_TOKEN_IOTDA are set."),
        ),
        (vec![], Err("Set `id_token` (or HW_ASSUME_ROLE_ID_TOKEN, TFC_WORKLOAD_IDENTITY_TOKEN)")),
        (
            vec![("HW_ASSUME_ROLE_ID_TOKEN", "{\"value\":\"secret\"}")],
            Err("HW_ASSUME_ROLE_ID_TOKEN is a JSON object"),
        ),
    ] {
        let environment = [
            ("HW_ASSUME_ROLE_IDP_ID", "idp"),
            ("HW_ASSUME_ROLE_AGENCY_NAME", "ag"),
            ("HW_ASSUME_ROLE_DOMAIN_ID", "id"),
        ];
        let environment = [&environment[..], &variables].concat();
        let block = AssumeRoleWithOidc { idp_id: Some("idp".into()), ..AssumeRoleWithOidc::default() };
        for block in [None, Some(block)] {
            let result = resolve(|a| a.assume_role_with_oidc = block, &environment);
            let found = match result.map(|settings| settings.sign_in.base) {
                Ok(Base::Oidc(federation)) => Ok(match federation.token {
                    IdToken::Text(text) => text.expose_secret().to_owned(),
                    IdToken::File(path) => format!("file {path}"),
                }),
                Ok(_) => panic!("no federation"),
                Err(errors) => Err(errors[0].to_string()),
            };
            match (found, expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{variables:?}"),
                (Err(error), Err(words)) => {
                    assert!(error.contains(words) && !error.contains("secret"), "{error}");
                }
                (found, _) => panic!("{variables:?}: {found:?}"),
            }
        }
    }
}
