//! The command line.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use iotda_emulator::{Config, Scenario};

use crate::greeting::Greeting;

pub(crate) const HELP: &str = "\
A stand-in on loopback for Huawei Cloud's IAM, STS, metadata service and IoTDA instance API.

Usage: iotda-emulator [OPTIONS]

Options:
      --listen ADDR      Where to listen; port 0 takes a free one [default: 127.0.0.1:0]
      --tls              Serve https, with a certificate authority of its own
      --proxy            Be a proxy for https, behind which are the cloud's own hosts, each region with its own project
      --ca-file FILE     Where to write that authority's certificate [default: in the temporary folder]
      --scenario FILE    What there is in the cloud, and what goes wrong with it (JSON)
      --instances N      How many synthetic instances the first project holds besides the documentation's example
      --quiet            Print the URL and nothing else
  -h, --help             Print this
  -V, --version          Print the version

It prints what to type to use it, and runs until Ctrl-C.
";

/// Each is kept in memory.
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

pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> anyhow::Result<Command> {
    let mut arguments = arguments;
    let mut given = Given::default();
    while let Some(argument) = arguments.next() {
        let (name, inline) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let flag = inline.is_none();
        let mut value = || {
            let value = inline.clone().or_else(|| arguments.next());
            value.filter(|value| !value.is_empty()).with_context(|| format!("{name} needs a value"))
        };
        match name {
            "--help" | "-h" if flag => return Ok(Command::Help),
            "--version" | "-V" if flag => return Ok(Command::Version),
            "--tls" if flag => given.tls = true,
            "--proxy" if flag => given.proxy = true,
            "--quiet" if flag => given.quiet = true,
            "--listen" => given.listen = Some(parsed(name, &value()?, "an address such as 127.0.0.1:8080")?),
            "--instances" => given.instances = Some(parsed(name, &value()?, "a whole number")?),
            "--scenario" => given.scenario = Some(PathBuf::from(value()?)),
            "--ca-file" => given.ca_file = Some(PathBuf::from(value()?)),
            _ => bail!("`{argument}` is not an option; --help lists them"),
        }
    }
    given.resolve().map(|arguments| Command::Run(Box::new(arguments)))
}

#[derive(Default)]
struct Given {
    listen: Option<SocketAddr>,
    tls: bool,
    proxy: bool,
    ca_file: Option<PathBuf>,
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
                bail!("--instances: at most {MAX_INSTANCES} are made");
            }
            config = config.instances(count);
        }
        if self.tls && self.proxy {
            bail!("--proxy is spoken to over http: leave --tls out");
        }
        if self.ca_file.is_some() && !self.tls && !self.proxy {
            bail!("--ca-file goes with --tls or --proxy");
        }
        let greeting = Greeting { quiet: self.quiet, ca_file: self.ca_file, proxy: self.proxy };
        Ok(Arguments { config, greeting })
    }
}

fn read(file: &Path) -> anyhow::Result<Config> {
    let scenario: Scenario = fs::read_to_string(file)?.parse()?;
    scenario.into_config()
}

fn parsed<T: std::str::FromStr>(name: &str, value: &str, wanted: &str) -> anyhow::Result<T> {
    value.parse().ok().with_context(|| format!("{name}: `{value}` is not {wanted}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(arguments: &[&str]) -> String {
        let arguments = arguments.iter().map(|&it| it.to_owned());
        parse(arguments).err().map(|error| format!("{error:#}")).unwrap_or_default()
    }

    #[test]
    fn values_come_after_a_space_or_an_equals_sign() {
        for arguments in [["--listen", "127.0.0.1:7"].as_slice(), &["--listen=127.0.0.1:7", "--instances=3"]]
        {
            let parsed = parse(arguments.iter().map(|&it| it.to_owned())).unwrap();
            let Command::Run(run) = parsed else { panic!("not a run") };
            assert_eq!(run.config.listen.port(), 7);
        }
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(refused(&["--bogus"]), "`--bogus` is not an option; --help lists them");
        assert_eq!(refused(&["--tls=yes"]), "`--tls=yes` is not an option; --help lists them");
        assert_eq!(refused(&["--instances"]), "--instances needs a value");
        assert_eq!(refused(&["--instances", "many"]), "--instances: `many` is not a whole number");
        assert_eq!(refused(&["--instances", "100001"]), "--instances: at most 100000 are made");
        assert!(refused(&["--tls", "--proxy"]).contains("leave --tls out"));
        assert!(refused(&["--listen", "0.0.0.0:0"]).contains("not a loopback address"));
        assert!(
            refused(&["--scenario", "/nonexistent/scenario.json"]).contains("/nonexistent/scenario.json")
        );
    }
}
