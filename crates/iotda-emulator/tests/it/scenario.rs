//! Scenario files: what they say, and how their mistakes are told.

use iotda_emulator::{Config, Emulator, Scenario};

use crate::client::{Call, Key};

const SCENARIO: &str = include_str!("../fixtures/scenario.json");

fn config(json: &str) -> anyhow::Result<Config> {
    json.parse::<Scenario>()?.into_config()
}

#[test]
fn a_scenario_says_who_there_is_and_what_goes_wrong() {
    let cloud = Emulator::start(config(SCENARIO).unwrap()).unwrap();
    let key = Key("PLANTKEY".into(), "plant-secret".into(), None);
    let read = |below: &str| Call::get(format!("/v5/iot/b1{below}")).signed(&key).send(&cloud);
    assert_eq!(read("/iotda-instances").status, 503);
    assert_eq!(read("/iotda-instances").json()["count"], 3);
    let instance = read("/iotda-instances/0a");
    assert_eq!(instance.json()["status"], "CREATING");
    assert_eq!(
        read("/iotda-instances/0a").text(),
        r#"{"access_infos":[],"instance_id":"0a","status":"ACTIVE"}"#
    );
    assert_eq!(read("/iotda-instances/0a/tasks").json()["tasks"][0]["task_id"], "t1");
    assert_eq!(read("/iotda-instances/flavors").json()["page"]["count"], 1);
    let elsewhere = Call::get("/v3/projects?name=cn-north-4_line2").signed(&key).send(&cloud);
    assert_eq!(elsewhere.json()["projects"][0]["id"], "b2");
    assert_eq!(Call::get("/openstack/latest/securitykey").send(&cloud).status, 200);
}

#[test]
fn the_scenario_that_the_readme_shows_is_one() {
    let readme = include_str!("../../README.md");
    let shown = readme.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(config(shown).unwrap().faults.len(), 2);
    let table = readme.lines().filter(|line| line.starts_with("| `{ \"") || line.starts_with("| `\""));
    let faults = table.flat_map(|line| line.split('|').nth(1).unwrap().split('`').skip(1).step_by(2));
    let count = faults
        .inspect(|fault| assert!(config(&format!(r#"{{"faults":[{{"fault":{fault}}}]}}"#)).is_ok()))
        .count();
    assert_eq!(count, 18);
}

#[test]
fn what_is_left_out_is_as_by_default() {
    let config = config("{}").unwrap();
    assert_eq!(config.estate.accounts.len(), Config::default().estate.accounts.len());
}

#[test]
fn mistakes_are_named_by_their_path() {
    let account = |fields: &str| format!(r#"{{ "accounts": [{{ "id": "a", "name": "n", {fields} }}] }}"#);
    let twice = r#"{ "id": "p", "name": "cn-north-4" }"#;
    for (json, why) in [
        ("{".to_owned(), "EOF while parsing an object"),
        ("{} {}".to_owned(), "after the scenario"),
        (r#"{ "acounts": [] }"#.to_owned(), "unknown field `acounts`"),
        (
            account(r#""access_keys": [{ "access_key": 1 }]"#),
            "accounts[0].access_keys[0].access_key: invalid type",
        ),
        (account(r#""projects": [{ "id": "p" }]"#), "accounts[0].projects[0]: missing field `name`"),
        (
            account(r#""projects": [{ "id": "p", "name": "r", "instances": [{}] }]"#),
            "accounts[0].projects[0].instances[0]: instance_id: missing, or not a string",
        ),
        (
            account(&format!(r#""projects": [{twice}, {twice}]"#)),
            "accounts[0].projects[1].id: `p` comes twice",
        ),
        (r#"{ "faults": [{ "fault": "flood" }] }"#.to_owned(), "faults[0].fault: unknown variant `flood`"),
        (
            r#"{ "faults": [{ "fault": { "status": "x" } }] }"#.to_owned(),
            "faults[0].fault.status: invalid type",
        ),
        (
            r#"{ "faults": [{ "fault": { "status": 99 } }] }"#.to_owned(),
            "faults[0].fault: 99 is not a status",
        ),
        (
            r#"{ "faults": [{ "fault": { "answer": { "status": 200, "headers": [["a b", "c"]] } } }] }"#
                .to_owned(),
            "faults[0].fault: `a b: c` is not a header",
        ),
        (
            r#"{ "faults": [{ "fault": { "throttle": { "limit": 5, "window_seconds": 0 } } }] }"#.to_owned(),
            "faults[0].fault: a window has at least one second",
        ),
        (r#"{ "faults": [{ "fault": "hang", "probability": 3 }] }"#.to_owned(), "faults[0].probability: 3"),
        (r#"{ "metadata": { "account": "x" } }"#.to_owned(), "metadata.account: there is no account `x`"),
    ] {
        let error = format!("{:#}", config(&json).unwrap_err());
        assert!(error.contains(why), "{error}");
    }
}
