//! The command line.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::str::FromStr;

use anyhow::{Context, anyhow, bail};
use iotda_emulator::{Config, Scenario};
use lexopt::prelude::*;

use crate::greeting::Greeting;

pub(crate) const HELP: &str = "\
Emulates Huawei Cloud's IAM, STS, metadata service and IoTDA instance API on loopback.

Usage: iotda-emulator [OPTIONS]

Options:
      --listen ADDR      Loopback address to listen on; port 0 selects a free port [default: 127.0.0.1:0]
      --tls              Serve https, with a certificate authority of its own
      --proxy            Act as an HTTPS proxy that impersonates the cloud's own hosts; each region has its own project
      --ca-file FILE     Write the authority's certificate to this file [default: a temporary file, removed at the end]
      --env-file FILE    Write the variables to this file too, as NAME=value
      --scenario FILE    Accounts, instances and faults to emulate (JSON)
      --instances N      Number of synthetic instances in the first project, besides the sample instance
      --quiet            Print the URL only
  -h, --help             Print help
  -V, --version          Print the version

Prints the variables to set, then runs until Ctrl-C.
";

pub(crate) const VERSION: &str = concat!("iotda-emulator ", env!("CARGO_PKG_VERSION"), "\n");

/// Minimum similarity of an unknown name to a suggested one.
const ALIKE: f64 = 0.8;

/// Maximum number of instances: each is kept in memory.
const MAX_INSTANCES: usize = 100_000;

pub(crate) enum Command {
    Run(Box<Config>, Greeting),
    /// Prints this text.
    Print(&'static str),
}

pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> anyhow::Result<Command> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let (mut scenario, mut listen, mut instances, mut tls) = (None, None, None, false);
    let mut greeting = Greeting::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Print(HELP)),
            Short('V') | Long("version") => return Ok(Command::Print(VERSION)),
            Long("tls") => tls = true,
            Long("proxy") => greeting.proxy = true,
            Long("quiet") => greeting.quiet = true,
            Long("listen") => {
                listen = Some(parsed(&mut parser, "--listen", "an address such as 127.0.0.1:8080")?);
            }
            Long("instances") => instances = Some(parsed(&mut parser, "--instances", "a whole number")?),
            Long("scenario") => scenario = Some(parser.value()?),
            Long("env-file") => greeting.env_file = Some(parser.value()?.into()),
            // The path is printed for another shell, so it must be text.
            Long("ca-file") => greeting.ca_file = Some(parser.value()?.string()?.into()),
            Long(name) => return Err(unknown(&format!("--{name}"))),
            Short(name) => return Err(unknown(&format!("-{name}"))),
            value @ Value(_) => return Err(value.unexpected().into()),
        }
    }
    let mut config = match &scenario {
        None => Config::default(),
        Some(file) => read(file).with_context(|| format!("scenario {}", file.display()))?,
    };
    config.tls = tls;
    if let Some(address) = listen {
        config.listen = address;
        if !config.listen.ip().is_loopback() {
            bail!("--listen: {address} is not a loopback address; the emulator's keys are known to everyone");
        }
    }
    if let Some(count) = instances {
        if count > MAX_INSTANCES {
            bail!("--instances: the maximum is {MAX_INSTANCES}");
        }
        config = config.instances(count);
    }
    if tls && greeting.proxy {
        bail!("--proxy cannot be combined with --tls: clients connect to the proxy over http");
    }
    if greeting.ca_file.is_some() && !tls && !greeting.proxy {
        bail!("--ca-file requires --tls or --proxy");
    }
    Ok(Command::Run(Box::new(config), greeting))
}

fn parsed<T: FromStr>(parser: &mut lexopt::Parser, name: &str, wanted: &str) -> anyhow::Result<T> {
    let value = parser.value()?.string()?;
    value.parse().ok().with_context(|| format!("{name}: `{value}` is not {wanted}"))
}

/// Returns the long options that the help describes.
fn options() -> impl Iterator<Item = &'static str> {
    HELP.lines().filter_map(|line| line.split_whitespace().find(|word| word.starts_with("--")))
}

/// Describes an unknown option, with the one that was probably intended.
fn unknown(option: &str) -> anyhow::Error {
    let similarity = |known: &str| strsim::jaro_winkler(known, option);
    let nearest = options().max_by(|one, other| similarity(one).total_cmp(&similarity(other)));
    match nearest.filter(|known| similarity(known) > ALIKE) {
        Some(known) => anyhow!("unknown option `{option}`; did you mean `{known}`?"),
        None => anyhow!("unknown option `{option}`; --help lists the options"),
    }
}

fn read(file: &OsStr) -> anyhow::Result<Config> {
    let scenario: Scenario = fs::read_to_string(file)?.parse()?;
    scenario.into_config()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(arguments: &[&str]) -> String {
        parse(arguments.iter().map(OsString::from))
            .err()
            .map(|error| format!("{error:#}"))
            .unwrap_or_default()
    }

    #[test]
    fn values_come_after_a_space_or_an_equals_sign() {
        for arguments in [["--listen", "127.0.0.1:7"].as_slice(), &["--listen=127.0.0.1:7", "--instances=3"]]
        {
            let parsed = parse(arguments.iter().map(OsString::from)).unwrap();
            let Command::Run(config, _) = parsed else { panic!("not a run") };
            assert_eq!(config.listen.port(), 7);
        }
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(refused(&["--bogus"]), "unknown option `--bogus`; --help lists the options");
        assert_eq!(refused(&["--instnaces=3"]), "unknown option `--instnaces`; did you mean `--instances`?");
        assert!(refused(&["--tls=yes"]).contains("'--tls'"));
        assert!(refused(&["--instances"]).contains("'--instances'"));
        assert!(refused(&["stray"]).contains("\"stray\""));
        assert_eq!(refused(&["--instances", "many"]), "--instances: `many` is not a whole number");
        assert_eq!(refused(&["--instances", "100001"]), "--instances: the maximum is 100000");
        assert!(refused(&["--tls", "--proxy"]).contains("cannot be combined with --tls"));
        assert!(refused(&["--listen", "0.0.0.0:0"]).contains("not a loopback address"));
        assert!(
            refused(&["--scenario", "/nonexistent/scenario.json"]).contains("/nonexistent/scenario.json")
        );
    }

    #[test]
    fn every_option_of_the_help_is_suggested_for_a_typo() {
        assert_eq!(options().count(), 10);
        for option in options() {
            assert!(refused(&[&format!("{option}e")]).contains(&format!("`{option}`?")), "{option}");
        }
    }
}
