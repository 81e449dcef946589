//! What is measured, and of whom.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use iotda_emulator::{ids, synthetic_instance_id};
use lexopt::prelude::*;
use tfplug::testing::terraform::Package;

use crate::command_line::{Stop, text};
use crate::project;

pub(crate) const USAGE: &str = "\
Usage: cargo xtask bench [--runs N] [--reads N,N,…] [--json FILE] [--charts DIR] [--peer NAME=PATH=TEMPLATE]…

  --runs N       runs per figure, of which the median is reported (default: 7)
  --reads LIST   numbers of reads in one plan (default: 1,100,1000,5000)
  --json FILE    write the figures as JSON too
  --charts DIR   draw charts (SVG) of time and memory against the number of reads
  --peer …       measure another provider too. PATH is its binary. TEMPLATE is a .tf file that begins with the line
                 `# ADDRESS VERSION`; {count}, {url} and {id} in it stand for the number of reads, the emulator's address
                 and an instance
";

const OPTIONS: [&str; 6] = ["--runs", "--reads", "--json", "--charts", "--peer", "--help"];

/// What the command line asks for.
pub(super) struct Options {
    pub(super) runs: usize,
    pub(super) reads: Vec<usize>,
    pub(super) json: Option<PathBuf>,
    pub(super) charts: Option<PathBuf>,
    pub(super) peers: Vec<(String, PathBuf, PathBuf)>,
}

/// A provider that is measured.
pub(super) struct Peer {
    pub(super) name: String,
    pub(super) package: Package,
    /// With placeholders.
    pub(super) configuration: String,
    /// Whether it reads from the emulator, so that requests can be counted.
    pub(super) is_ours: bool,
}

/// Our provider, for the emulator.
pub(super) const PROVIDER: &str = r#"
provider "iotda" {
  region     = "cn-north-4"
  project_id = "a1000000000000000000000000000001"
  access_key = "EMULATORACCESSKEY"
  secret_key = "emulator-secret-key"
  endpoints  = { iotda_mgmt = "{url}" }
}
"#;

const READS: &str = r#"
data "iotda_instance" "this" {
  count       = {count}
  instance_id = "{id}"
}
"#;

impl Peer {
    /// The configuration for a number of reads, with a placeholder for the emulator's address.
    pub(super) fn with_reads(&self, reads: usize) -> String {
        let synthetic = || synthetic_instance_id(ids::PROJECT_ID, 1);
        let id = if reads == 1 { ids::INSTANCE_ID.to_owned() } else { synthetic() };
        self.configuration.replace("{count}", &reads.to_string()).replace("{id}", &id)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { runs: 7, reads: vec![1, 100, 1000, 5000], json: None, charts: None, peers: Vec::new() }
    }
}

impl Options {
    pub(super) fn parse(parser: &mut lexopt::Parser) -> Result<Self, Stop> {
        let mut options = Self::default();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("runs") => options.runs = count("--runs", &text(parser)?)?,
                Long("reads") => {
                    let numbers = text(parser)?;
                    options.reads = numbers
                        .split(',')
                        .map(|number| count("--reads", number))
                        .collect::<Result<_, _>>()?;
                }
                Long("json") => options.json = Some(parser.value()?.into()),
                Long("charts") => options.charts = Some(parser.value()?.into()),
                Long("peer") => options.peers.push(peer(&text(parser)?)?),
                other => return Err(Stop::unless(other, &OPTIONS)),
            }
        }
        Ok(options)
    }

    /// Ours, built for release, and those of the command line.
    pub(super) fn peers(&self) -> anyhow::Result<Vec<Peer>> {
        let package = project::build(true)?;
        let configuration = PROVIDER.to_owned() + READS;
        let mut peers = vec![Peer { name: "iotda".into(), package, configuration, is_ours: true }];
        for (name, binary, template) in &self.peers {
            let text = std::fs::read_to_string(template)
                .with_context(|| format!("{} cannot be read", template.display()))?;
            let header = text.lines().next().and_then(|line| line.strip_prefix("# "));
            let words: Vec<_> = header.into_iter().flat_map(str::split_whitespace).collect();
            let [address, version] = words.as_slice() else {
                bail!("the first line of {} is not `# ADDRESS VERSION`", template.display());
            };
            // A handful of texts that live as long as the process.
            let [address, version] = [address, version].map(|text| &*String::from(*text).leak());
            let package = Package { binary: binary.clone(), address, version };
            peers.push(Peer { name: name.clone(), package, configuration: text, is_ours: false });
        }
        Ok(peers)
    }
}

/// A number above zero.
fn count(name: &str, text: &str) -> Result<usize, Stop> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| Stop::wrong(format!("{name}: `{text}` is not a number above zero")))
}

/// A peer's name, binary and template.
fn peer(value: &str) -> Result<(String, PathBuf, PathBuf), Stop> {
    match value.splitn(3, '=').collect::<Vec<_>>().as_slice() {
        [name, binary, template] => Ok(((*name).to_owned(), binary.into(), template.into())),
        _ => Err(Stop::wrong(format!("--peer: `{value}` is not NAME=PATH=TEMPLATE"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options, Stop> {
        Options::parse(&mut lexopt::Parser::from_args(arguments))
    }

    #[test]
    fn options_replace_the_defaults() {
        let options = parse(&["--reads", "1,20", "--runs=3", "--peer", "other=bin/other=other.tf"]).unwrap();
        assert_eq!((options.runs, options.reads.as_slice()), (3, [1, 20].as_slice()));
        assert_eq!(options.peers, [("other".into(), "bin/other".into(), "other.tf".into())]);
        assert_eq!(parse(&[]).unwrap().runs, 7);
    }

    #[test]
    fn what_cannot_be_measured_is_refused() {
        for (arguments, why) in [
            (&["--runs", "0"][..], "--runs: `0` is not a number above zero"),
            (&["--reads", "1,,2"], "--reads: `` is not a number above zero"),
            (&["--peer", "other=bin"], "--peer: `other=bin` is not NAME=PATH=TEMPLATE"),
            (&["--read", "1"], "unknown option `--read`; did you mean `--reads`?"),
        ] {
            assert_eq!(parse(arguments).err(), Some(Stop::wrong(why)));
        }
    }
}
