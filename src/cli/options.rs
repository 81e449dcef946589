//! The command line.

use std::ffi::OsString;
use std::time::Duration;

use huaweicloud::duration;
use lexopt::prelude::*;
use serde_json::{Value as Json, json};

use super::failure::Failure;
use crate::provider::validators;

/// The commands, each with what it does, in the order of the help.
pub const COMMANDS: [(&str, &str); 2] = [
    ("read", "print what the data source `iotda_instance` would hold"),
    ("doctor", "check credentials, project, endpoints, TLS, clock and a read, without showing a secret"),
];

const READ: &str = "\
Reads an IoTDA instance without Terraform. Region and credentials come from the same environment variables (HW_REGION_NAME,
HW_ACCESS_KEY, HW_SECRET_KEY, …) and files as the provider's.

Usage: terraform-provider-iotda read (--instance-id ID | --name NAME) [--region REGION] [--wait] [--timeout 5m] [--json]

  --instance-id  the instance, by its ID
  --name         the instance, by its exact name
  --region       another region than HW_REGION_NAME
  --wait         wait until the instance is ACTIVE
  --timeout      how long it may take: a duration such as 90s or 1h30m
  --json         print JSON; without it, what is null or empty is left out

Exit codes: 0 done, 1 failed (stderr says why), 2 wrong command line.";

const DOCTOR: &str = "\
Tells which credentials, project and endpoints are in use, and whether TLS, the clock and a read are well. No secret is
shown. Everything comes from the same environment variables and files as the provider's.

Usage: terraform-provider-iotda doctor [--region REGION] [--timeout 30s] [--json]

  --region   another region than HW_REGION_NAME
  --timeout  how long all of it may take: a duration such as 90s (30s when not given)
  --json     print JSON

Exit codes: 0 no check failed (warnings aside), 1 one did, 2 wrong command line.";

const DOCTORS_TIME: Duration = Duration::from_secs(30);

/// A command.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Read,
    Doctor,
}

/// What a command line asks for.
pub(super) enum Request {
    Help,
    Read(ReadOptions),
    Doctor(DoctorOptions),
}

/// Options of `read`.
#[derive(Default)]
pub(super) struct ReadOptions {
    instance_id: Option<String>,
    name: Option<String>,
    region: Option<String>,
    timeout: Option<String>,
    wait: bool,
    pub(super) json: bool,
}

/// Options of `doctor`.
pub(super) struct DoctorOptions {
    pub(super) region: Option<String>,
    /// Limit for everything together.
    pub(super) timeout: Duration,
    pub(super) json: bool,
}

impl Command {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "read" => Some(Self::Read),
            "doctor" => Some(Self::Doctor),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Doctor => "doctor",
        }
    }

    /// What its `--help` prints.
    pub(super) fn usage(self) -> &'static str {
        match self {
            Self::Read => READ,
            Self::Doctor => DOCTOR,
        }
    }

    /// Reads what follows its name.
    pub(super) fn parse(self, arguments: impl Iterator<Item = OsString>) -> Result<Request, Failure> {
        let mut parser = lexopt::Parser::from_args(arguments);
        match self {
            Self::Read => ReadOptions::parse(&mut parser),
            Self::Doctor => DoctorOptions::parse(&mut parser),
        }
    }
}

impl ReadOptions {
    fn parse(parser: &mut lexopt::Parser) -> Result<Request, Failure> {
        let mut options = Self::default();
        while let Some(argument) = parser.next().map_err(usage)? {
            match argument {
                Long("instance-id") => {
                    set(&mut options.instance_id, "--instance-id", text(parser)?, validators::instance_id)?;
                }
                Long("name") => set(&mut options.name, "--name", text(parser)?, validators::instance_name)?,
                Long("region") => set(&mut options.region, "--region", text(parser)?, validators::region)?,
                Long("timeout") => {
                    set(&mut options.timeout, "--timeout", text(parser)?, validators::go_duration)?;
                }
                Long("wait") => options.wait = true,
                Long("json") => options.json = true,
                Long("help") | Short('h') => return Ok(Request::Help),
                other => return Err(usage(other.unexpected())),
            }
        }
        if options.instance_id.is_some() == options.name.is_some() {
            return Err(Failure::Usage("give either --instance-id or --name".to_owned()));
        }
        Ok(Request::Read(options))
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

impl DoctorOptions {
    fn parse(parser: &mut lexopt::Parser) -> Result<Request, Failure> {
        let mut options = Self { region: None, timeout: DOCTORS_TIME, json: false };
        while let Some(argument) = parser.next().map_err(usage)? {
            match argument {
                Long("region") => set(&mut options.region, "--region", text(parser)?, |_| Ok(()))?,
                Long("timeout") => {
                    options.timeout = duration::parse(&text(parser)?).ok_or_else(|| {
                        let rule =
                            "--timeout must be a duration above zero with a unit, such as 30s or 1m30s";
                        Failure::Usage(rule.to_owned())
                    })?;
                }
                Long("json") => options.json = true,
                Long("help") | Short('h') => return Ok(Request::Help),
                other => return Err(usage(other.unexpected())),
            }
        }
        Ok(Request::Doctor(options))
    }
}

/// Takes the value of an option that may come once, and has to fulfil what the data source asks of it.
fn set(
    option: &mut Option<String>,
    name: &str,
    text: String,
    check: fn(&str) -> Result<(), String>,
) -> Result<(), Failure> {
    if option.is_some() {
        return Err(Failure::Usage(format!("{name} is given twice")));
    }
    check(&text).map_err(|rule| Failure::Usage(format!("{name}: {rule}")))?;
    *option = Some(text);
    Ok(())
}

/// The value of an option.
fn text(parser: &mut lexopt::Parser) -> Result<String, Failure> {
    parser.value().and_then(ValueExt::string).map_err(usage)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn usage(error: lexopt::Error) -> Failure {
    Failure::Usage(error.to_string())
}
