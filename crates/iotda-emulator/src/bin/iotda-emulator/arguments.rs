//! The command line.

use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
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

const OPTIONS: [&str; 10] = [
    "--listen",
    "--tls",
    "--proxy",
    "--ca-file",
    "--env-file",
    "--scenario",
    "--instances",
    "--quiet",
    "--help",
    "--version",
];

/// Minimum similarity of an unknown name to a suggested one.
const ALIKE: f64 = 0.8;

/// Maximum number of instances: each is kept in memory.
const MAX_INSTANCES: usize = 100_000;

pub(crate) struct Arguments {
    pub(crate) config: Config,
    pub(crate) greeting: Greeting,
}

pub(crate) enum Command {
    Run(Box<Arguments>),
    Help,
    Version,
}

pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> anyhow::Result<Command> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut given = Given::default();
    while let Some(argument) = parser.next().map_err(refusal)? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Short('V') | Long("version") => return Ok(Command::Version),
            Long("tls") => given.tls = true,
            Long("proxy") => given.proxy = true,
            Long("quiet") => given.quiet = true,
            Long("listen") => {
                given.listen = Some(parsed(&mut parser, "--listen", "an address such as 127.0.0.1:8080")?);
            }
            Long("instances") => {
                given.instances = Some(parsed(&mut parser, "--instances", "a whole number")?);
            }
            Long("scenario") => given.scenario = Some(parser.value().map_err(refusal)?.into()),
            Long("env-file") => given.env_file = Some(parser.value().map_err(refusal)?.into()),
            // The path is printed for another shell, so it must be text.
            Long("ca-file") => given.ca_file = Some(text(&mut parser)?.into()),
            other => return Err(refusal(other.unexpected())),
        }
    }
    given.resolve().map(|arguments| Command::Run(Box::new(arguments)))
}

/// Returns the value of an option.
fn text(parser: &mut lexopt::Parser) -> anyhow::Result<String> {
    parser.value().and_then(ValueExt::string).map_err(refusal)
}

fn parsed<T: FromStr>(parser: &mut lexopt::Parser, name: &str, wanted: &str) -> anyhow::Result<T> {
    let value = text(parser)?;
    value.parse().ok().with_context(|| format!("{name}: `{value}` is not {wanted}"))
}

/// Describes what is wrong with a command line; for an unknown option, with the one that was probably intended.
fn refusal(error: lexopt::Error) -> anyhow::Error {
    let lexopt::Error::UnexpectedOption(option) = error else { return error.into() };
    let similarity = |known: &str| strsim::jaro_winkler(known, &option);
    let nearest = OPTIONS.into_iter().max_by(|one, other| similarity(one).total_cmp(&similarity(other)));
    match nearest.filter(|known| similarity(known) > ALIKE) {
        Some(known) => anyhow!("unknown option `{option}`; did you mean `{known}`?"),
        None => anyhow!("unknown option `{option}`; --help lists the options"),
    }
}

#[derive(Default)]
struct Given {
    listen: Option<SocketAddr>,
    tls: bool,
    proxy: bool,
    ca_file: Option<PathBuf>,
    env_file: Option<PathBuf>,
    scenario: Option<PathBuf>,
    instances: Option<usize>,
    quiet: bool,
}

impl Given {
    fn resolve(self) -> anyhow::Result<Arguments> {
        let mut config = match &self.scenario {
            None => Config::default(),
            Some(file) => read(file).with_context(|| format!("scenario {}", file.display()))?,
        };
        config.tls = self.tls;
        if let Some(address) = self.listen {
            if !address.ip().is_loopback() {
                bail!(
                    "--listen: {address} is not a loopback address; the emulator's keys are known to everyone"
                );
            }
            config.listen = address;
        }
        if let Some(count) = self.instances {
            if count > MAX_INSTANCES {
                bail!("--instances: the maximum is {MAX_INSTANCES}");
            }
            config = config.instances(count);
        }
        if self.tls && self.proxy {
            bail!("--proxy cannot be combined with --tls: clients connect to the proxy over http");
        }
        if self.ca_file.is_some() && !self.tls && !self.proxy {
            bail!("--ca-file requires --tls or --proxy");
        }
        let Self { quiet, ca_file, env_file, proxy, .. } = self;
        let greeting = Greeting { quiet, ca_file, env_file, proxy };
        Ok(Arguments { config, greeting })
    }
}

fn read(file: &Path) -> anyhow::Result<Config> {
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
            let Command::Run(run) = parsed else { panic!("not a run") };
            assert_eq!(run.config.listen.port(), 7);
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
        for option in OPTIONS {
            assert!(HELP.contains(option), "{option}");
            assert!(refused(&[&format!("{option}e")]).contains(&format!("`{option}`?")), "{option}");
        }
    }
}
