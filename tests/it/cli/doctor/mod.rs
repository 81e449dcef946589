//! `doctor`: what is in use, and what keeps reads from working.

mod environments;
mod facts;
mod guide;

use iotda_emulator::{Emulator, ids};
use serde_json::Value as Json;

use super::{Run, run};
use crate::support::{found, secrets_sent};

/// Nothing listens there.
const NOWHERE: &str = "http://127.0.0.1:1";
const SOUTH: &str = ids::PROJECTS[1].1;
const NO_KEY: [(&str, &str); 2] = [("HW_ACCESS_KEY", ""), ("HW_SECRET_KEY", "")];

/// What the JSON says.
struct Report(Json);

impl Report {
    /// Runs it both ways: people and programs are told the same. No secret is in either.
    fn of(cloud: &Emulator, variables: &[(&str, &str)], arguments: &[&str]) -> Self {
        // Failures in passing are none of these tests'.
        let variables = [&[("HW_MAX_RETRIES", "0")], variables].concat();
        let people = run(cloud, &variables, &[&["doctor"], arguments].concat());
        let programs = run(cloud, &variables, &[&["doctor", "--json"], arguments].concat());
        let report = Self(serde_json::from_str(&programs.stdout).unwrap());
        for check in report.checks() {
            let line = format!("{:9}{}", text(&check["status"]), label(check));
            assert!(people.stdout.lines().any(|it| it.starts_with(&line)), "{line}\n{}", people.stdout);
        }
        for Run { code, stdout, stderr } in [&people, &programs] {
            let failed = report.ending("failed");
            assert_eq!(*code, Some(i32::from(!failed.is_empty())), "{stdout}");
            let told =
                if failed.is_empty() { String::new() } else { format!("failed: {}\n", failed.join(", ")) };
            assert_eq!(*stderr, told);
            assert_eq!(found(&secrets(cloud, &variables), stdout), Vec::<&String>::new());
        }
        report
    }

    fn checks(&self) -> &[Json] {
        self.0["checks"].as_array().unwrap()
    }

    fn check(&self, name: &str) -> &Json {
        let found = self.checks().iter().find(|check| label(check) == name);
        found.unwrap_or_else(|| panic!("no {name} in {:#}", self.0))
    }

    /// The checks that ended so.
    fn ending(&self, status: &str) -> Vec<String> {
        self.checks().iter().filter(|check| check["status"] == status).map(label).collect()
    }

    /// Everything that is not well, but for TLS that is not spoken.
    fn troubles(&self) -> Vec<String> {
        let unwell = self.checks().iter().filter(|check| check["status"] != "ok");
        let all = unwell.map(|check| format!("{} {}", text(&check["status"]), label(check)));
        all.filter(|trouble| !trouble.starts_with("skipped tls ")).collect()
    }

    /// Summary and detail of a check.
    fn words(&self, name: &str) -> String {
        let check = self.check(name);
        format!("{}\n{}", text(&check["summary"]), text(&check["detail"]))
    }
}

fn text(value: &Json) -> &str {
    value.as_str().unwrap_or_default()
}

fn label(check: &Json) -> String {
    [text(&check["check"]), text(&check["service"])].join(" ").trim_end().to_owned()
}

/// What must not be shown: what was given, and what was made of it and sent.
fn secrets(cloud: &Emulator, variables: &[(&str, &str)]) -> Vec<String> {
    let names = ["ACCESS_KEY", "SECRET_KEY", "SECURITY_TOKEN", "AUTH_TOKEN", "PASSWORD", "ID_TOKEN"];
    let environment = cloud.environment();
    let given = environment.iter().map(|(name, value)| (&**name, &**value)).chain(variables.iter().copied());
    let secret = given.filter(|(name, value)| !value.is_empty() && names.iter().any(|it| name.ends_with(it)));
    let mut secrets: Vec<String> = secret.map(|(_, value)| value.to_owned()).collect();
    secrets.push("proxy-password".to_owned());
    secrets.extend(secrets_sent(cloud));
    secrets
}
