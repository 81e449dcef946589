//! The command line.

use std::ffi::OsString;
use std::time::Duration;

use huaweicloud::duration;
use lexopt::prelude::*;
use serde_json::{Value as Json, json};

use super::failure::Failure;
use super::typing;
use crate::provider::validators;

/// The commands, each with a description, in the order of the help.
pub const COMMANDS: [(&str, &str); 2] = [
    ("read", "print what the data source `iotda_instance` returns"),
    ("doctor", "check credentials, project, endpoints, TLS, the clock and a test read; never prints secrets"),
];

const READ: &str = "\
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

const DOCTOR: &str = "\
Reports which credentials, project and endpoints are in use, and checks TLS, the clock and a test read. Never prints secrets.
Uses the same environment variables and files as the provider.

Usage: terraform-provider-iotda doctor [--region REGION] [--timeout 30s] [--json]

  --region   region to use instead of HW_REGION_NAME
  --timeout  timeout of all checks together, as a duration such as 90s (default: 30s)
  --json     print JSON

Exit codes: 0 all checks passed (warnings allowed), 1 a check failed, 2 wrong command line.";

const DOCTORS_TIME: Duration = Duration::from_secs(30);

/// A command.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Read,
    Doctor,
}

/// Options of each command, and whether each takes a value.
const READ_OPTIONS: [(&str, bool); 8] = [
    ("instance-id", true),
    ("name", true),
    ("region", true),
    ("field", true),
    ("timeout", true),
    ("wait", false),
    ("json", false),
    ("help", false),
];
const DOCTOR_OPTIONS: [(&str, bool); 4] =
    [("region", true), ("timeout", true), ("json", false), ("help", false)];

/// What a command line requests.
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
    field: Option<String>,
    timeout: Option<String>,
    wait: bool,
    pub(super) json: bool,
}

/// Options of `doctor`.
pub(super) struct DoctorOptions {
    pub(super) region: Option<String>,
    /// Time limit for all checks together.
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

    /// Returns the text that its `--help` prints.
    pub(super) fn usage(self) -> &'static str {
        match self {
            Self::Read => READ,
            Self::Doctor => DOCTOR,
        }
    }

    fn options(self) -> &'static [(&'static str, bool)] {
        match self {
            Self::Read => &READ_OPTIONS,
            Self::Doctor => &DOCTOR_OPTIONS,
        }
    }

    /// Returns the error for an unexpected argument, with the option that was probably meant.
    fn unexpected(self, argument: lexopt::Arg<'_>) -> Failure {
        let near = match argument {
            Long(name) => typing::nearest(name, self.options().iter().map(|(option, _)| *option)),
            _ => None,
        };
        let hint = near.map(|option| format!("; did you mean --{option}?")).unwrap_or_default();
        Failure::Usage(format!("{}{hint}", argument.unexpected()))
    }

    /// Parses the arguments after the command's name.
    pub(super) fn parse(self, arguments: impl Iterator<Item = OsString>) -> Result<Request, Failure> {
        let mut parser = lexopt::Parser::from_args(typing::two_dashes(arguments, self.options()));
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
                Long("field") => set(&mut options.field, "--field", text(parser)?, path)?,
                Long("timeout") => {
                    set(&mut options.timeout, "--timeout", text(parser)?, validators::go_duration)?;
                }
                Long("wait") => options.wait = true,
                Long("json") => options.json = true,
                Long("help") | Short('h') => return Ok(Request::Help),
                other => return Err(Command::Read.unexpected(other)),
            }
        }
        if options.instance_id.is_some() == options.name.is_some() {
            return Err(Failure::Usage("set either --instance-id or --name".to_owned()));
        }
        Ok(Request::Read(options))
    }

    pub(super) fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Returns the path of the single value to print.
    pub(super) fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// Returns the arguments of the data source.
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
        let mut timeout = None;
        while let Some(argument) = parser.next().map_err(usage)? {
            match argument {
                Long("region") => set(&mut options.region, "--region", text(parser)?, |_| Ok(()))?,
                Long("timeout") => {
                    set(&mut timeout, "--timeout", text(parser)?, validators::go_duration)?;
                }
                Long("json") => options.json = true,
                Long("help") | Short('h') => return Ok(Request::Help),
                other => return Err(Command::Doctor.unexpected(other)),
            }
        }
        options.timeout = timeout.as_deref().and_then(duration::parse).unwrap_or(options.timeout);
        Ok(Request::Doctor(options))
    }
}

/// Sets an option that is allowed only once, if its value passes the data source's check.
fn set(
    option: &mut Option<String>,
    name: &str,
    text: String,
    check: fn(&str) -> Result<(), String>,
) -> Result<(), Failure> {
    if option.is_some() {
        return Err(Failure::Usage(format!("{name} is set twice")));
    }
    check(&text).map_err(|rule| Failure::Usage(format!("{name}: {rule}")))?;
    *option = Some(text);
    Ok(())
}

fn path(text: &str) -> Result<(), String> {
    if text.is_empty() {
        Err("name a value, such as endpoints.DEVICE_MQTT.host_port".to_owned())
    } else {
        Ok(())
    }
}

/// Returns the value of an option.
fn text(parser: &mut lexopt::Parser) -> Result<String, Failure> {
    parser.value().and_then(ValueExt::string).map_err(usage)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn usage(error: lexopt::Error) -> Failure {
    Failure::Usage(error.to_string())
}
