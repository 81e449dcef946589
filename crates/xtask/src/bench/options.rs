//! What is measured, and of whom.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use tfplug::testing::terraform::Package;

use crate::project;

pub(crate) const USAGE: &str = "\
Usage: cargo xtask bench [--runs N] [--reads N,N,…] [--json FILE] [--charts DIR] [--peer NAME=PATH=TEMPLATE]…

  --runs N       runs of each figure, of which the median counts (default 7)
  --reads LIST   numbers of reads in one plan (default 1,100,1000,5000)
  --json FILE    write the figures as JSON too
  --charts DIR   draw charts (SVG) of time and memory against the number of reads
  --peer …       measure another provider beside ours: its binary, and a configuration template, a .tf file whose first
                 line is `# ADDRESS VERSION` and in which {count}, {url} and {id} stand for the number of reads, the
                 emulator's address and an instance
";

/// What the command line asks for.
pub(super) struct Options {
    pub(super) runs: usize,
    pub(super) reads: Vec<usize>,
    pub(super) json: Option<String>,
    pub(super) charts: Option<PathBuf>,
    peers: Vec<(String, PathBuf, PathBuf)>,
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

/// Our own template.
const OURS: &str = r#"
provider "iotda" {
  region     = "cn-north-4"
  project_id = "a1000000000000000000000000000001"
  access_key = "EMULATORACCESSKEY"
  secret_key = "emulator-secret-key"
  endpoints  = { iotda_mgmt = "{url}" }
}

data "iotda_instance" "this" {
  count       = {count}
  instance_id = "{id}"
}
"#;

impl Options {
    pub(super) fn parse(arguments: &[&str]) -> anyhow::Result<Self> {
        let mut options =
            Self { runs: 7, reads: vec![1, 100, 1000, 5000], json: None, charts: None, peers: Vec::new() };
        let mut rest = arguments.iter();
        while let Some(name) = rest.next() {
            let value = *rest.next().with_context(|| format!("{name} needs a value\n\n{USAGE}"))?;
            match *name {
                "--runs" => options.runs = value.parse().context("--runs takes a number")?,
                "--reads" => {
                    let numbers = value.split(',').map(str::parse).collect::<Result<_, _>>();
                    options.reads = numbers.context("--reads takes numbers with commas between them")?;
                }
                "--json" => options.json = Some(value.to_owned()),
                "--charts" => options.charts = Some(PathBuf::from(value)),
                "--peer" => {
                    let parts: Vec<_> = value.splitn(3, '=').collect();
                    let [name, binary, template] = parts.as_slice() else {
                        bail!("--peer takes NAME=PATH=TEMPLATE");
                    };
                    options.peers.push(((*name).to_owned(), PathBuf::from(binary), PathBuf::from(template)));
                }
                _ => bail!("there is no option {name}\n\n{USAGE}"),
            }
        }
        if options.runs == 0 || options.reads.is_empty() {
            bail!("there is nothing to measure");
        }
        Ok(options)
    }

    /// Ours, built for release, and those of the command line.
    pub(super) fn peers(&self) -> anyhow::Result<Vec<Peer>> {
        let package = project::build(true)?;
        let mut peers =
            vec![Peer { name: "iotda".into(), package, configuration: OURS.into(), is_ours: true }];
        for (name, binary, template) in &self.peers {
            let text = std::fs::read_to_string(template)
                .with_context(|| format!("{} cannot be read", template.display()))?;
            let header = text.lines().next().and_then(|line| line.strip_prefix("# "));
            let words: Vec<_> = header.into_iter().flat_map(str::split_whitespace).collect();
            let [address, version] = words.as_slice() else {
                bail!("the first line of {} is not `# ADDRESS VERSION`", template.display());
            };
            // A handful of texts that live as long as the process.
            let (address, version) = (leak(address), leak(version));
            let package = Package { binary: binary.clone(), address, version };
            peers.push(Peer { name: name.clone(), package, configuration: text, is_ours: false });
        }
        Ok(peers)
    }
}

fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}
