//! `read`: one instance.

use std::io::Write as _;
use std::pin::pin;

use serde_json::json;

use super::configured;
use super::failure::Failure;
use super::options::{Command, Options};
use super::output;
use crate::provider::audience::Progress;
use crate::provider::validators;

const USAGE: &str = "\
Reads an IoTDA instance without Terraform. Uses the same environment variables (HW_REGION_NAME, HW_ACCESS_KEY,
HW_SECRET_KEY, …) and files as the provider.

Usage: terraform-provider-iotda read (--instance-id ID | --name NAME) [OPTIONS]

  --instance-id  ID of the instance
  --name         exact name of the instance
  --region       region to use instead of HW_REGION_NAME
  --field        print one value only, such as endpoints.DEVICE_MQTT.host_port; fails if it is null
  --wait         wait until the instance is ACTIVE; print each change of status to stderr
  --timeout      timeout, as a duration such as 90s or 1h30m (default: 5m, or 30m with --wait)
  --json         print JSON; without it, null and empty values are omitted

Exit codes: 0 success, 1 failure (stderr has the reason), 2 wrong command line.";

pub(super) const COMMAND: Command = Command {
    name: "read",
    usage: USAGE,
    options: &[
        ("instance-id", Some(validators::instance_id)),
        ("name", Some(validators::instance_name)),
        ("region", Some(validators::region)),
        ("field", Some(path)),
        ("timeout", Some(validators::go_duration)),
        ("wait", None),
        ("json", None),
        ("help", None),
    ],
    run: |options| Box::pin(run(options)),
};

fn path(text: &str) -> Result<(), String> {
    let complaint = "name a value, such as endpoints.DEVICE_MQTT.host_port";
    if text.is_empty() { Err(complaint.to_owned()) } else { Ok(()) }
}

async fn run(options: Options) -> Result<(), Failure> {
    if options.has("instance-id") == options.has("name") {
        return Err(Failure::Usage("set either --instance-id or --name".to_owned()));
    }
    let (provider, diagnostics) = configured::provider(options.value("region")).await?;
    output::check(&diagnostics)?;
    let nothing = || Failure::Failed("error: the read returned nothing".to_owned());
    let mut progress = provider.client().ok_or_else(nothing)?.audience.follow();
    let arguments = json!({
        "instance_id": options.value("instance-id"),
        "name": options.value("name"),
        "region": options.value("region"),
        "wait_until_active": options.has("wait").then_some(true),
        "timeouts": options.value("timeout").map(|timeout| json!({"read": timeout})),
    });
    let mut read = pin!(provider.read("iotda_instance", &arguments));
    let (state, diagnostics) = loop {
        tokio::select! {
            biased;
            result = &mut read => break result?,
            Ok(()) = progress.changed() => {
                let line = line(&progress.borrow_and_update());
                writeln!(std::io::stderr().lock(), "{}", output::harmless(&line))?;
            }
        }
    };
    output::check(&diagnostics)?;
    let state = state.ok_or_else(nothing)?;
    match options.value("field") {
        Some(path) => output::show_field(&state, path, options.has("json")),
        None => output::show(&state, options.has("json")),
    }
}

/// `waiting: CREATING, task CREATE RUNNING 40 %, 20 s elapsed`.
fn line(Progress { status, task, elapsed }: &Progress) -> String {
    let known = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let mut parts = vec![known(status).unwrap_or_else(|| "unknown status".to_owned())];
    if let Some((kind, status, progress)) = task {
        let percent = progress.map(|progress| format!("{progress} %"));
        let words: Vec<String> = [known(kind), known(status), percent].into_iter().flatten().collect();
        parts.push(format!("task {}", words.join(" ")));
    }
    parts.push(format!("{} s elapsed", elapsed.as_secs()));
    format!("waiting: {}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_line_has_what_is_known() {
        let task = Some((Some("CREATE".to_owned()), Some("RUNNING".to_owned()), Some(40)));
        let progress =
            Progress { status: Some("CREATING".to_owned()), task, elapsed: Duration::from_millis(20_900) };
        assert_eq!(line(&progress), "waiting: CREATING, task CREATE RUNNING 40 %, 20 s elapsed");
        assert_eq!(line(&Progress::default()), "waiting: unknown status, 0 s elapsed");
    }
}
