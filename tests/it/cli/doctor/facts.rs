//! What is measured and seen: time, clock, certificates, proxies; and the shape of the report.

use std::time::{Duration, SystemTime};

use iotda_emulator::{Config, Emulator, Fault, Rule, ServerCertificate, ids};
use iotda_provider::provider::IotdaProvider;
use serde_json::json;
use tfplug::Provider as _;

use super::{NO_KEY, Report, SOUTH, text};
use crate::support::{Outcome, assert_golden};

#[test]
fn all_of_it_ends_in_time() {
    let cloud = Emulator::start(Config::default().fault(Rule::new(Fault::Hang))).unwrap();
    let report = Report::of(&cloud, &[("HW_PROJECT_ID", "")], &["--timeout", "200ms"]);
    let expected = [
        "skipped project",
        "skipped endpoint iotda_mgmt",
        "failed endpoint iam",
        "skipped clock",
        "skipped read",
    ];
    assert_eq!(report.troubles(), expected, "{:#}", report.0);
    assert!(report.words("endpoint iam").starts_with("Read timed out\n"), "{:#}", report.0);
    assert!(report.words("endpoint iotda_mgmt").contains("the time limit was reached"), "{:#}", report.0);
}

#[test]
fn a_clock_that_is_off_is_measured_and_told_by_what_it_does() {
    let login = [
        NO_KEY[0],
        NO_KEY[1],
        ("HW_USER_NAME", ids::USER),
        ("HW_USER_PASSWORD", ids::PASSWORD),
        ("HW_DOMAIN_NAME", ids::ACCOUNT),
    ];
    for (offset, variables, troubles, words) in [
        (0, &[][..], &[][..], "in sync"),
        (30, &[], &[], "this machine's clock is "),
        (600, &[], &["warning clock"], " s behind the server's: requests are signed with the server's time"),
        (
            -600,
            &[],
            &["warning clock"],
            " s ahead of the server's: requests are signed with the server's time",
        ),
        (
            1200,
            &[],
            &["failed clock", "failed read"],
            " s behind the server's: differences of more than 15 minutes are rejected",
        ),
        // A token does not depend on the clock.
        (1200, &login, &["warning clock"], "signed requests would be rejected"),
    ] {
        let cloud = Emulator::start(Config::default()).unwrap();
        cloud.set_clock_offset(offset);
        let report = Report::of(&cloud, variables, &[]);
        assert_eq!(report.troubles(), troubles, "{offset}: {:#}", report.0);
        let ahead = report.check("clock")["server_ahead_seconds"].as_i64().unwrap();
        // Dates are told in whole seconds.
        assert!((ahead - offset).abs() <= 2, "{offset}: {ahead}");
        let agrees = words == "in sync" && ahead != 0;
        assert!(agrees || report.words("clock").contains(words), "{offset}: {}", report.words("clock"));
        if troubles.contains(&"failed read") {
            assert!(report.words("read").contains(" minutes behind the server's"), "{:#}", report.0);
        }
    }
}

#[test]
fn the_certificates_are_told_and_why_they_are_not_trusted() {
    const CHAIN: &str = "CN=iotda-emulator, issued by CN=iotda-emulator CA, until 4096-01-01T00:00:00Z";
    const ITSELF: &str = "CN=iotda-emulator, issued by CN=iotda-emulator, until 4096-01-01T00:00:00Z";
    const OLD: &str = "CN=iotda-emulator, issued by CN=iotda-emulator CA, until 2001-01-01T00:00:00Z";
    const NOT: &[&str] = &["failed tls iotda_mgmt", "skipped clock", "skipped read"];
    const UNCHECKED: &[&str] = &["warning configuration", "warning tls iotda_mgmt"];
    for (kind, given, insecure, troubles, trusted, words) in [
        (
            ServerCertificate::Trusted,
            true,
            "",
            &[][..],
            true,
            &["TLS 1.3, trusted by `cacert_file`", CHAIN][..],
        ),
        (ServerCertificate::SelfSigned, true, "", &[], true, &["TLS 1.3, trusted by `cacert_file`", ITSELF]),
        (
            ServerCertificate::SelfSigned,
            false,
            "",
            NOT,
            false,
            &["TLS handshake failed\n", "`cacert_file`", ITSELF],
        ),
        (ServerCertificate::Expired, true, "", NOT, false, &["expired or not valid yet", OLD]),
        (ServerCertificate::WrongHost, true, "", NOT, false, &["for another name", CHAIN]),
        (
            ServerCertificate::Trusted,
            true,
            "true",
            UNCHECKED,
            true,
            &["are not checked", "would be trusted", CHAIN],
        ),
        (
            ServerCertificate::Expired,
            true,
            "true",
            UNCHECKED,
            false,
            &["would not be trusted", "xpired", OLD],
        ),
    ] {
        let cloud = Emulator::start(Config::https().certificate(kind)).unwrap();
        let other = Emulator::start(Config::https()).unwrap();
        let own = if kind == ServerCertificate::SelfSigned {
            cloud.server_certificate_pem()
        } else {
            cloud.ca_pem()
        };
        // Whoever is not given the right authority has another.
        let roots = if given { own } else { other.ca_pem() }.unwrap();
        let report = Report::of(&cloud, &[("OS_CACERT", roots), ("HW_INSECURE", insecure)], &[]);
        assert_eq!(report.troubles(), troubles, "{kind:?}: {:#}", report.0);
        let (check, told) = (report.check("tls iotda_mgmt"), report.words("tls iotda_mgmt"));
        assert_eq!(check["trusted"], trusted, "{kind:?}: {check:#}");
        assert_eq!(check["reason"].is_null(), trusted, "{kind:?}: {check:#}");
        assert_eq!(check["roots"], "cacert_file");
        assert!(words.iter().all(|part| told.contains(part)), "{kind:?}: {told}");
    }
}

#[test]
fn certificates_are_seen_through_a_proxy_which_is_named_without_its_password() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let address = cloud.address();
    let proxy = format!("http://me:proxy-password@{address}");
    let usual = ["HW_IOTDA_MGMT_ENDPOINT", "HW_IAM_ENDPOINT", "HW_AUTH_URL"].map(|name| (name, ""));
    let ca = cloud.proxy_ca_pem().unwrap();
    let given = [("HW_PROJECT_ID", ""), ("HTTPS_PROXY", &*proxy), ("OS_CACERT", ca)];
    let report = Report::of(&cloud, &[&usual[..], &given].concat(), &["--region", "cn-south-1"]);
    assert_eq!(report.troubles(), Vec::<String>::new(), "{:#}", report.0);
    let through = format!(", the default, through the proxy {address}\n");
    for (service, host) in [("iotda_mgmt", "iotda-mgmt.cn-south-1"), ("iam", "iam.cn-north-4")] {
        let expected = format!("https://{host}.myhuaweicloud.com{through}");
        assert_eq!(report.words(&format!("endpoint {service}")), expected);
        let tls = report.check(&format!("tls {service}"));
        assert_eq!(tls["chain"][0]["subject"], "CN=iotda-emulator", "{tls:#}");
    }
    assert_eq!(report.check("project")["project_id"], SOUTH);
}

/// Programs read it: what is there stays there, under its name.
#[test]
fn the_report_for_programs_has_the_shape_of_its_golden() -> Outcome {
    let cloud = Emulator::start(Config::https())?;
    let variables = [
        ("HW_PROJECT_ID", ""),
        ("HW_ASSUME_ROLE_AGENCY_NAME", ids::PARTNER_AGENCY),
        ("HW_ASSUME_ROLE_DOMAIN_NAME", ids::PARTNER),
        ("OS_CACERT", cloud.ca_pem().ok_or("no authority")?),
    ];
    cloud.set_lifetime(Some(Duration::from_hours(24)));
    let mut report = Report::of(&cloud, &variables, &[]).0;
    assert_eq!(report["version"], IotdaProvider::VERSION);
    report["version"] = json!("VERSION");
    let checks = report["checks"].as_array_mut().ok_or("no checks")?;
    for check in checks {
        // What differs from run to run.
        match text(&check["check"]) {
            "clock" => {
                check["server_ahead_seconds"] = json!(0);
                check["summary"] = json!("SUMMARY");
            }
            "credentials" => {
                let end = text(&check["expires_at"]).to_owned();
                let tomorrow = time_after(&end)?;
                assert!((86_000..=86_400).contains(&tomorrow), "{end}");
                check["summary"] = json!(text(&check["summary"]).replace(&end, "EXPIRY"));
                check["expires_at"] = json!("EXPIRY");
            }
            _ => {}
        }
    }
    let report = report.to_string().replace(&cloud.url(), "https://ENDPOINT");
    assert_golden("doctor.json", &serde_json::from_str(&report)?)
}

/// Seconds from now to a time as the report writes it.
fn time_after(date: &str) -> Outcome<i64> {
    let format = &time::format_description::well_known::Rfc3339;
    let then = time::OffsetDateTime::parse(date, format)?.unix_timestamp();
    #[expect(clippy::disallowed_methods, reason = "the other side is the real clock")]
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs().cast_signed();
    Ok(then - now)
}
