//! The guide shows what the doctor prints. `BLESS=1` records it again.

use std::path::Path;

use iotda_emulator::{Config, Emulator, ServerCertificate};

use super::super::run;
use crate::support::{Outcome, assert_file};

const COMMAND: &str = "$ terraform-provider-iotda doctor\n";
const FENCE: &str = "```console\n";

/// What the command prints on a terminal, as if the proxy had a name.
fn printed(cloud: &Emulator, variables: &[(&str, &str)]) -> Outcome<String> {
    let usual = ["HW_IOTDA_MGMT_ENDPOINT", "HW_IAM_ENDPOINT", "HW_AUTH_URL"].map(|name| (name, ""));
    let proxy = cloud.proxy_url().ok_or("no proxy")?;
    let variables = [&usual[..], &[("HTTPS_PROXY", &*proxy)], variables].concat();
    let run = run(cloud, &variables, &["doctor"]);
    let text = (run.stdout + &run.stderr).replace(&cloud.address().to_string(), "proxy.example.com:3128");
    // A second may begin between the readings of the two clocks.
    let clock = |line: &str| match line.split_once("this machine's clock is") {
        Some((start, _)) => format!("{start}in sync with the server"),
        None => line.to_owned(),
    };
    Ok(text.lines().map(clock).flat_map(|line| [line, "\n".to_owned()]).collect())
}

#[test]
fn the_guide_shows_what_is_printed() -> Outcome {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides/troubleshooting.md");
    let guide = std::fs::read_to_string(&path)?;
    let cloud = Emulator::start(Config::default())?;
    let strange = Emulator::start(Config::https().certificate(ServerCertificate::SelfSigned))?;
    let known = ("OS_CACERT", cloud.proxy_ca_pem().ok_or("no authority")?);
    let unknown = ("OS_CACERT", strange.server_certificate_pem().ok_or("no certificate")?);
    let mut found = guide.clone();
    let mut from = 0;
    for variables in [&[known, ("HW_PROJECT_ID", "")][..], &[unknown]] {
        let at = found.get(from..).and_then(|rest| rest.find(FENCE)).ok_or("a block is missing")? + from;
        let begin = at + FENCE.len();
        let end = begin + found.get(begin..).and_then(|rest| rest.find("```\n")).ok_or("no end")?;
        let text = format!("{COMMAND}{}", printed(&cloud, variables)?);
        found.replace_range(begin..end, &text);
        from = begin + text.len() + "```\n".len();
    }
    assert!(!found.get(from..).unwrap_or_default().contains(FENCE), "a block is not run");
    assert_file(&path, &found)
}
