//! Environments, and what is found in each.

use iotda_emulator::{Config, Emulator, ids};

use super::super::{Run, run};
use super::{NO_KEY, NOWHERE, Report, secrets};
use crate::support::found;

/// An environment, and what is found in it.
struct Case {
    variables: Vec<(&'static str, String)>,
    arguments: &'static [&'static str],
    /// All of them, in their order.
    troubles: &'static [&'static str],
    /// Checks and parts of what they say.
    says: &'static [(&'static str, &'static str)],
}

fn case(variables: &[(&'static str, &str)], troubles: &'static [&'static str]) -> Case {
    let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Case { variables, arguments: &[], troubles, says: &[] }
}

impl Case {
    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    fn arguments(self, arguments: &'static [&'static str]) -> Self {
        Self { arguments, ..self }
    }

    fn says(self, says: &'static [(&'static str, &'static str)]) -> Self {
        Self { says, ..self }
    }

    fn variables(&self) -> Vec<(&str, &str)> {
        self.variables.iter().map(|(name, value)| (*name, &**value)).collect()
    }
}

fn what_works() -> Vec<Case> {
    let agency = ("HW_ASSUME_ROLE_AGENCY_NAME", ids::PARTNER_AGENCY);
    let look_up = ("HW_PROJECT_ID", "");
    vec![
        case(&[], &[]).says(&[
            ("credentials", "the access key from the environment (HW_ACCESS_KEY or OS_ACCESS_KEY)"),
            ("project", "a1000000000000000000000000000001, as configured"),
            ("endpoint iotda_mgmt", ", from the configuration"),
            ("tls iotda_mgmt", "plain HTTP"),
            ("read", "10 instances found"),
        ]),
        case(&[("HW_REGION_NAME", "")], &[])
            .arguments(&["--region", "cn-north-4"])
            .says(&[("region", "cn-north-4"), ("read", "10 instances found")]),
        case(&[look_up], &[]).says(&[
            ("project", "a1000000000000000000000000000001, looked up by the name cn-north-4"),
            ("endpoint iam", ", from the configuration"),
        ]),
        case(&[look_up, agency, ("HW_ASSUME_ROLE_DOMAIN_NAME", ids::PARTNER)], &[]).says(&[
            ("credentials", "the agency iotda-reader assumed with the access key from the environment"),
            ("credentials", ", until 20"),
            ("project", "a2000000000000000000000000000001, looked up"),
            ("endpoint iam", "http"),
        ]),
        case(&[look_up, agency, ("HW_ASSUME_ROLE_DOMAIN_ID", ids::PARTNER_ID)], &[]).says(&[
            ("credentials", ", until 20"),
            ("endpoint sts", "http"),
            ("endpoint iam", "http"),
        ]),
        case(&[look_up, NO_KEY[0], NO_KEY[1]], &[])
            .with("HW_USER_NAME", ids::USER)
            .with("HW_USER_PASSWORD", ids::PASSWORD)
            .with("HW_DOMAIN_NAME", ids::ACCOUNT)
            .says(&[
                (
                    "credentials",
                    "the password from the environment (HW_USER_PASSWORD or OS_PASSWORD), until 20",
                ),
                ("project", "a1000000000000000000000000000001, the project of the credentials"),
            ]),
        case(&[look_up, NO_KEY[0], NO_KEY[1]], &[])
            .with("HW_ASSUME_ROLE_IDP_ID", ids::IDENTITY_PROVIDER)
            .with("HW_ASSUME_ROLE_AGENCY_NAME", ids::AGENCY)
            .with("HW_ASSUME_ROLE_DOMAIN_ID", ids::ACCOUNT_ID)
            .with("HW_ASSUME_ROLE_ID_TOKEN", ids::ID_TOKEN)
            .says(&[
                ("credentials", "the agency demo-reader assumed with the OpenID Connect token"),
                ("endpoint iam", "http"),
                ("endpoint sts", "http"),
            ]),
        case(&NO_KEY, &[]).says(&[
            ("credentials", "the temporary access key of this server's agency (metadata service), until 20"),
            ("endpoint metadata", ", from the configuration"),
        ]),
    ]
}

fn what_does_not() -> Vec<Case> {
    let wrong = ("HW_SECRET_KEY", "planted-secret-key");
    vec![
        case(&[wrong], &["failed read"]).says(&[
            ("read", "Credentials not accepted"),
            ("read", "HTTP status: 401"),
            ("read", "the access key from the environment (HW_ACCESS_KEY or OS_ACCESS_KEY)"),
        ]),
        case(&[wrong, ("HW_PROJECT_ID", "")], &["failed project", "skipped read"])
            .says(&[("project", "HTTP status: 401")]),
        case(&[("HW_PROJECT_ID", ids::PARTNER_PROJECT_ID)], &["failed read"]).says(&[
            ("read", "Permission denied"),
            ("read", "403"),
            ("read", "`iotda:instance:query` alone"),
        ]),
        case(&[("HW_PROJECT_ID", ""), ("HW_PROJECT_NAME", "nobody")], &["failed project", "skipped read"])
            .says(&[("project", "No project in this region")]),
        case(
            &[NO_KEY[0], NO_KEY[1], ("HW_METADATA_ENDPOINT", NOWHERE), ("HUAWEICLOUD_SDK_AK", "PLANTED")],
            &["failed credentials", "skipped endpoint metadata", "skipped read"],
        )
        .says(&[
            ("credentials", "No credentials found"),
            ("credentials", "HUAWEICLOUD_SDK_AK is set but has no effect: the variable is HW_ACCESS_KEY"),
            ("project", ", as configured"),
            ("endpoint metadata", "no response"),
        ]),
        case(
            &[NO_KEY[0], NO_KEY[1], ("HW_AUTH_TOKEN", "planted-token"), ("HW_PROJECT_ID", "")],
            &["failed project", "skipped read"],
        ),
        case(
            &[("HW_IOTDA_MGMT_ENDPOINT", NOWHERE)],
            &["failed endpoint iotda_mgmt", "skipped clock", "skipped read"],
        )
        .says(&[("endpoint iotda_mgmt", "refused the connection"), ("read", "see endpoint iotda_mgmt")]),
        case(
            &[("HW_IAM_ENDPOINT", NOWHERE), ("HW_AUTH_URL", ""), ("HW_PROJECT_ID", "")],
            &["skipped project", "failed endpoint iam", "skipped read"],
        )
        .says(&[("endpoint iam", "Connection failed"), ("project", "see endpoint iam")]),
        case(
            &[("HW_STS_ENDPOINT", NOWHERE), ("HW_ASSUME_ROLE_AGENCY_NAME", "a")],
            &["skipped credentials", "failed endpoint sts", "skipped read"],
        )
        .with("HW_ASSUME_ROLE_DOMAIN_ID", "d")
        .says(&[("credentials", "the agency a assumed with the access key from the environment")]),
    ]
}

/// Nothing is sent for these.
fn what_is_refused_here() -> Vec<Case> {
    const UNUSABLE: &[&str] = &[
        "failed configuration",
        "skipped region",
        "skipped credentials",
        "skipped project",
        "skipped endpoint",
        "skipped tls",
        "skipped clock",
        "skipped read",
    ];
    const ELSEWHERE: &[&str] = &[
        "failed region",
        "skipped credentials",
        "skipped project",
        "skipped endpoint",
        "skipped tls",
        "skipped clock",
        "skipped read",
    ];
    vec![
        case(&[("HW_SECRET_KEY", "")], UNUSABLE)
            .says(&[("configuration", "Incomplete credentials"), ("configuration", "HW_SECRET_KEY")]),
        case(&[("HW_PROFILE", "nobody"), ("HW_SHARED_CONFIG_FILE", "/no/such/file")], UNUSABLE)
            .says(&[("configuration", "Profile not usable\nThe file /no/such/file cannot be read")]),
        case(&[("HW_REGION_NAME", ""), ("HW_SECRET_KEY", "")], UNUSABLE).says(&[
            ("configuration", "Missing region; Incomplete credentials\nMissing region: Set `region`"),
            ("configuration", "\n\nIncomplete credentials: The environment has HW_ACCESS_KEY"),
        ]),
        case(&[("HW_REGION_NAME", "")], UNUSABLE).says(&[
            ("configuration", "Missing region"),
            ("region", "set HW_REGION_NAME, or use --region"),
            (
                "credentials",
                "the access key from the environment (HW_ACCESS_KEY or OS_ACCESS_KEY): not checked",
            ),
            ("read", "not checked without a region"),
        ]),
        case(
            &[
                ("HTTPS_PROXY", "socks4://me:proxy-password@proxy.example.com"),
                ("HW_STS_ENDPOINT", "https://sts.example.com"),
            ],
            UNUSABLE,
        )
        .says(&[("configuration", "Invalid proxy")]),
        case(&[], ELSEWHERE).arguments(&["--region", "cn-south-1"]).says(&[(
            "region",
            "cannot be read through HW_IOTDA_MGMT_ENDPOINT, which is for region cn-north-4",
        )]),
        case(&[], ELSEWHERE)
            .arguments(&["--region", "evil.example.com/"])
            .says(&[("region", "A region consists of lower-case letters")]),
        case(&[("HW_AUTH_TOKEN", "planted-token"), ("HW_IOTDA_MGMT_ENDPOINT", "")], ELSEWHERE)
            .arguments(&["--region", "cn-south-1"])
            .says(&[("region", "cannot be read with a configured token")]),
    ]
}

fn examine(cloud: &Emulator, cases: Vec<Case>) {
    for case in cases {
        let report = Report::of(cloud, &case.variables(), case.arguments);
        assert_eq!(report.troubles(), case.troubles, "{:?}\n{:#}", case.variables, report.0);
        for (name, part) in case.says {
            let words = report.words(name);
            assert!(words.contains(part), "{:?}: {name} says {words}, not {part}", case.variables);
        }
    }
}

#[test]
fn each_way_in_is_told_by_its_source_its_project_and_its_endpoints() {
    examine(&Emulator::start(Config::default()).unwrap(), what_works());
}

#[test]
fn what_fails_is_told_once_and_the_rest_is_looked_at_all_the_same() {
    for case in what_does_not() {
        // A cloud of its own: keys that were wrong five times are locked.
        examine(&Emulator::start(Config::default()).unwrap(), vec![case]);
    }
}

#[test]
fn what_the_provider_refuses_by_itself_is_told_without_a_request() {
    let cloud = Emulator::start(Config::default()).unwrap();
    examine(&cloud, what_is_refused_here());
    assert_eq!(cloud.request_count(), 0);
}

#[test]
fn no_secret_is_in_any_log_of_it() {
    let mut searched = 0;
    for case in [what_works(), what_does_not(), what_is_refused_here()].into_iter().flatten() {
        let cloud = Emulator::start(Config::default()).unwrap();
        let variables = [&[("HW_MAX_RETRIES", "0"), ("TF_LOG", "TRACE")], &case.variables()[..]].concat();
        let Run { stdout, stderr, .. } = run(&cloud, &variables, &[&["doctor"], case.arguments].concat());
        let all = stdout + &stderr;
        let secrets = secrets(&cloud, &variables);
        assert_eq!(found(&secrets, &all), Vec::<&String>::new(), "{variables:?}");
        // The search finds what is there to be found, and the log is among what is searched.
        assert_eq!(found(&["configuration".to_owned()], &all).len(), 1);
        searched += usize::from(cloud.request_count() > 0 && all.contains("response received"));
    }
    assert!(searched >= what_works().len(), "{searched}");
}
