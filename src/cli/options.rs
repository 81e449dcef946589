//! The command line.

use std::ffi::OsString;

use lexopt::prelude::*;
use serde_json::{Value as Json, json};

use super::Failure;

/// What `--help` prints.
pub(super) const USAGE: &str = "\
Reads IoTDA instances without Terraform. Region and credentials come from the same environment variables (HW_REGION_NAME,
HW_ACCESS_KEY, HW_SECRET_KEY, …) and files as the provider's.

Usage: terraform-provider-iotda read (--instance-id ID | --name NAME) [--region REGION] [--wait] [--timeout 5m] [--json]

  read           print what the data source `iotda_instance` would hold

  --instance-id  the instance, by its ID
  --name         the instance, by its exact name
  --region       another region than HW_REGION_NAME
  --wait         wait until the instance is ACTIVE
  --timeout      how long it may take: a duration such as 90s or 1h30m
  --json         print JSON

Exit codes: 0 done, 1 failed (stderr says why), 2 wrong command line.";

/// A command.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Read,
}

impl Command {
    pub(super) fn named(name: &str) -> Option<Self> {
        (name == "read").then_some(Self::Read)
    }
}

/// Its options.
#[derive(Default)]
pub(super) struct Options {
    pub(super) instance_id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) region: Option<String>,
    pub(super) timeout: Option<String>,
    pub(super) wait: bool,
    pub(super) json: bool,
}

impl Options {
    /// The options of a command; `None` when help is asked for.
    pub(super) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Option<Self>, Failure> {
        let usage = |error: lexopt::Error| Failure::Usage(error.to_string());
        let mut options = Self::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next().map_err(usage)? {
            let text = match argument {
                Long("instance-id") => &mut options.instance_id,
                Long("name") => &mut options.name,
                Long("region") => &mut options.region,
                Long("timeout") => &mut options.timeout,
                Long("wait") => {
                    options.wait = true;
                    continue;
                }
                Long("json") => {
                    options.json = true;
                    continue;
                }
                Long("help") | Short('h') => return Ok(None),
                other => return Err(usage(other.unexpected())),
            };
            *text = Some(parser.value().and_then(ValueExt::string).map_err(usage)?);
        }
        if options.instance_id.is_some() == options.name.is_some() {
            return Err(Failure::Usage("give either --instance-id or --name".to_owned()));
        }
        Ok(Some(options))
    }

    /// The arguments of the data source.
    pub(super) fn arguments(&self) -> Json {
        let timeouts = self.timeout.as_ref().map(|timeout| json!({"read": timeout}));
        json!({
            "instance_id": self.instance_id,
            "name": self.name,
            "region": self.region,
            "wait_until_active": self.wait.then_some(true),
            "timeouts": timeouts,
        })
    }
}
