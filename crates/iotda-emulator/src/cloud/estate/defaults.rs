//! The default estate.

use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::account::{Account, Project};

/// Names, ids and secrets of the default estate.
pub mod ids {
    /// The account whose keys are used by default.
    pub const ACCOUNT: &str = "demo";
    /// The id of [`ACCOUNT`].
    pub const ACCOUNT_ID: &str = "acc00000000000000000000000000001";
    /// The access key of [`ACCOUNT`].
    pub const ACCESS_KEY: &str = "EMULATORACCESSKEY";
    /// The secret of [`ACCESS_KEY`].
    pub const SECRET_KEY: &str = "emulator-secret-key";
    /// The user of [`ACCOUNT`].
    pub const USER: &str = "demo-user";
    /// The id of [`USER`].
    pub const USER_ID: &str = "05e00000000000000000000000000001";
    /// The password of [`USER`].
    pub const PASSWORD: &str = "emulator-password";
    /// An agency of the account that the account itself may assume.
    pub const AGENCY: &str = "demo-reader";
    /// The identity provider of [`ACCOUNT`].
    pub const IDENTITY_PROVIDER: &str = "demo-idp";
    /// The id token that [`IDENTITY_PROVIDER`] accepts.
    pub const ID_TOKEN: &str = "emulator.id.token";
    /// The projects of [`ACCOUNT`], as pairs of region and id.
    pub const PROJECTS: [(&str, &str); 6] = [
        ("cn-north-4", PROJECT_ID),
        ("cn-south-1", "a1000000000000000000000000000002"),
        ("cn-east-3", "a1000000000000000000000000000003"),
        ("ap-southeast-1", "a1000000000000000000000000000004"),
        ("ap-southeast-3", "a1000000000000000000000000000005"),
        ("eu-west-101", "a1000000000000000000000000000006"),
    ];
    /// The project of [`ACCOUNT`] in cn-north-4, which holds [`INSTANCE_ID`].
    pub const PROJECT_ID: &str = "a1000000000000000000000000000001";
    /// The sample instance of the API documentation.
    pub const INSTANCE_ID: &str = "8561675c-d8a3-4956-9884-9cf9cbdd3134";

    /// A second account, which trusts the first one.
    pub const PARTNER: &str = "partner";
    /// The id of [`PARTNER`].
    pub const PARTNER_ID: &str = "acc00000000000000000000000000002";
    /// The agency of [`PARTNER`], which the first account may assume.
    pub const PARTNER_AGENCY: &str = "iotda-reader";
    /// The project of [`PARTNER`] in cn-north-4.
    pub const PARTNER_PROJECT_ID: &str = "a2000000000000000000000000000001";

    /// A third account, which trusts only the second one: the end of a chain.
    pub const SUBSIDIARY: &str = "subsidiary";
    /// The id of [`SUBSIDIARY`].
    pub const SUBSIDIARY_ID: &str = "acc00000000000000000000000000003";
    /// The agency of [`SUBSIDIARY`], which the second account may assume.
    pub const SUBSIDIARY_AGENCY: &str = "plant-reader";
    /// The project of [`SUBSIDIARY`] in cn-north-4.
    pub const SUBSIDIARY_PROJECT_ID: &str = "a3000000000000000000000000000001";
}

const EXAMPLE_INSTANCE: &str = include_str!("example_instance.json");
const SYNTHETIC_AT_HOME: usize = 9;
const SYNTHETIC_ELSEWHERE: usize = 2;

pub(super) fn accounts() -> Vec<Account> {
    let mut demo = Account::new(ids::ACCOUNT_ID, ids::ACCOUNT)
        .access_key(ids::ACCESS_KEY, ids::SECRET_KEY)
        .user(ids::USER_ID, ids::USER, ids::PASSWORD)
        .agency(ids::AGENCY, &[ids::ACCOUNT])
        .identity_provider(ids::IDENTITY_PROVIDER, ids::ID_TOKEN);
    for (region, id) in ids::PROJECTS {
        let mut project = Project::new(id, region).synthetic(SYNTHETIC_ELSEWHERE);
        if id == ids::PROJECT_ID {
            project.synthetic = SYNTHETIC_AT_HOME;
            project.instances = RawValue::from_string(EXAMPLE_INSTANCE.to_owned()).into_iter().collect();
        }
        demo = demo.project(project);
    }
    let partner = Account::new(ids::PARTNER_ID, ids::PARTNER)
        .access_key("PARTNERACCESSKEY", "partner-secret-key")
        .agency(ids::PARTNER_AGENCY, &[ids::ACCOUNT])
        .project(Project::new(ids::PARTNER_PROJECT_ID, "cn-north-4").synthetic(SYNTHETIC_ELSEWHERE));
    let subsidiary = Account::new(ids::SUBSIDIARY_ID, ids::SUBSIDIARY)
        .agency(ids::SUBSIDIARY_AGENCY, &[ids::PARTNER])
        .project(Project::new(ids::SUBSIDIARY_PROJECT_ID, "cn-north-4").synthetic(SYNTHETIC_ELSEWHERE));
    vec![demo, partner, subsidiary]
}

/// Returns the flavors. `iotda.standard.s0` and `s1` are real; the rest continue the pattern.
pub(super) fn flavors() -> Vec<Value> {
    let flavor = |instance_type: &str, name: &str, status: &str, charge_modes: &[&str]| {
        json!({
            "instance_type": instance_type,
            "type": name,
            "status": status,
            "charge_modes": charge_modes,
        })
    };
    vec![
        flavor("standard", "iotda.standard.s0", "normal", &["postPaid"]),
        flavor("standard", "iotda.standard.s1", "normal", &["prePaid", "postPaid"]),
        flavor("standard", "iotda.standard.s2", "normal", &["prePaid", "postPaid"]),
        flavor("standard", "iotda.standard.s3", "sellout", &["prePaid"]),
        flavor("enterprise", "iotda.enterprise.e1", "normal", &["prePaid"]),
        flavor("enterprise", "iotda.enterprise.e2", "sellout", &["prePaid"]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_kept_as_the_documentation_has_it() {
        let accounts = accounts();
        let example = accounts[0].projects[0].instances[0].get();
        assert_eq!(example, EXAMPLE_INSTANCE.trim());
        let value: Value = serde_json::from_str(example).unwrap();
        assert_eq!(value["instance_id"], ids::INSTANCE_ID);
        assert!(value["access_infos"][0]["non_tls_port"].is_null());
        assert!(value["access_infos"][0].get("private_addresses").is_none());
    }
}
