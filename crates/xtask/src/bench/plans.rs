//! `terraform plan` with many reads: time, processor time, memory, requests and connections.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use iotda_emulator::{Config, Emulator, Fault, Rule, ids, synthetic_instance_id};
use tfplug::testing::terraform::{Package, Terraform, Workspace};

use super::figures::{Table, median};
use super::measure::{BINARY, FILE, Usage};
use super::options::{Options, Peer};
use crate::project;
use crate::terminal::progress;

/// Number of instances in the measured listing with details.
const LISTED: usize = 1000;

const LISTING: &str = r#"
provider "iotda" {
  region     = "cn-north-4"
  project_id = "a1000000000000000000000000000001"
  access_key = "EMULATORACCESSKEY"
  secret_key = "emulator-secret-key"
  endpoints  = { iotda_mgmt = "{url}" }
}

data "iotda_instances" "this" {
  name = "synthetic"
}
"#;

/// One configuration of one peer, installed.
struct Bench<'a> {
    terraform: &'a Terraform,
    peer: &'a Peer,
    cloud: Emulator,
    plain: Workspace,
    measured: Workspace,
    arguments: Vec<String>,
}

/// What one plan took.
struct Plan {
    wall: f64,
    terraform_cpu: f64,
    provider: Usage,
    requests: usize,
    connections: u64,
}

pub(super) fn measure(options: &Options, peers: &[Peer], table: &mut Table) -> anyhow::Result<()> {
    let terraform = project::terraform()?;
    let empty = Package {
        binary: std::env::current_exe()?,
        address: "registry.terraform.io/none/none",
        version: "0.0.0",
    };
    let nothing = terraform.workspace(&empty)?;
    nothing.write("main.tf", "output \"nothing\" { value = 1 }\n")?;
    let mut alone = Vec::new();
    for _ in 0..options.runs {
        alone.push(wall(&nothing, &["plan"])?);
    }
    let alone = median(alone);
    for peer in peers {
        table.set(0, "plan without a provider, ms", &peer.name, alone);
    }
    plain(options, peers, table)?;
    if let Some(&reads) = options.reads.iter().find(|reads| **reads >= 1000) {
        compare(options, &terraform, peers, table, reads, Duration::from_millis(20), 50)?;
    }
    listing(options, &terraform, peers, table)
}

/// Plans without latency, for each number of reads.
pub(super) fn plain(options: &Options, peers: &[Peer], table: &mut Table) -> anyhow::Result<()> {
    let terraform = project::terraform()?;
    for &reads in &options.reads {
        compare(options, &terraform, peers, table, reads, Duration::ZERO, 10)?;
    }
    Ok(())
}

fn compare(
    options: &Options,
    terraform: &Terraform,
    peers: &[Peer],
    table: &mut Table,
    reads: usize,
    latency: Duration,
    parallelism: usize,
) -> anyhow::Result<()> {
    progress(&format!("plans with {reads} reads, {latency:?} latency, parallelism {parallelism}"))?;
    let fill = |peer: &Peer, url: &str| {
        let id =
            if reads == 1 { ids::INSTANCE_ID.to_owned() } else { synthetic_instance_id(ids::PROJECT_ID, 1) };
        peer.configuration.replace("{count}", &reads.to_string()).replace("{url}", url).replace("{id}", &id)
    };
    let measured: Vec<_> = peers.iter().filter(|peer| latency.is_zero() || peer.is_ours).collect();
    let mut benches = Vec::new();
    for peer in &measured {
        benches.push(Bench::new(terraform, peer, latency, parallelism, 10, |url| fill(peer, url))?);
    }
    let mut samples: Vec<Vec<Plan>> = benches.iter().map(|_| Vec::new()).collect();
    // Long plans vary less, and the first is the slowest.
    for _ in 0..if reads >= 1000 { options.runs.min(3) } else { options.runs } {
        for (bench, samples) in benches.iter().zip(&mut samples) {
            samples.push(bench.plan()?);
        }
    }
    for (peer, samples) in measured.iter().zip(samples) {
        let of = |figure: fn(&Plan) -> f64| median(samples.iter().map(figure).collect());
        if !latency.is_zero() {
            table.set(reads, "plan at 20 ms latency, parallelism 50, ms", &peer.name, of(|plan| plan.wall));
            continue;
        }
        table.set(reads, "plan, ms", &peer.name, of(|plan| plan.wall));
        table.set(reads, "CPU of Terraform, ms", &peer.name, of(|plan| plan.terraform_cpu * 1e3));
        table.set(reads, "CPU of the provider, ms", &peer.name, of(|plan| plan.provider.cpu * 1e3));
        table.set(reads, "memory of the provider, MiB", &peer.name, of(|plan| plan.provider.memory));
        counts(table, reads, peer, &samples);
    }
    Ok(())
}

fn counts(table: &mut Table, reads: usize, peer: &Peer, samples: &[Plan]) {
    if let Some(plan) = samples.last().filter(|_| peer.is_ours) {
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        {
            table.set(reads, "requests", &peer.name, plan.requests as f64);
            table.set(reads, "connections", &peer.name, plan.connections as f64);
        }
    }
}

fn listing(
    options: &Options,
    terraform: &Terraform,
    peers: &[Peer],
    table: &mut Table,
) -> anyhow::Result<()> {
    progress(&format!("a listing of {LISTED} instances with details, 5 ms latency"))?;
    for peer in peers.iter().filter(|peer| peer.is_ours) {
        let fill = |url: &str| LISTING.replace("{url}", url);
        let bench = Bench::new(terraform, peer, Duration::from_millis(5), 10, LISTED, fill)?;
        let mut samples = Vec::new();
        for _ in 0..options.runs.min(3) {
            samples.push(bench.plan()?);
        }
        let wall = median(samples.iter().map(|plan| plan.wall).collect());
        table.set(LISTED, "listing with details at 5 ms, ms", &peer.name, wall);
        if let Some(plan) = samples.last() {
            #[expect(clippy::cast_precision_loss, reason = "a small number")]
            table.set(LISTED, "listing with details, requests", &peer.name, plan.requests as f64);
        }
    }
    Ok(())
}

impl<'a> Bench<'a> {
    fn new(
        terraform: &'a Terraform,
        peer: &'a Peer,
        latency: Duration,
        parallelism: usize,
        instances: usize,
        configuration: impl Fn(&str) -> String,
    ) -> anyhow::Result<Self> {
        let mut config = Config::default().instances(instances);
        if !latency.is_zero() {
            config = config.fault(Rule::new(Fault::Latency(latency)));
        }
        let cloud = Emulator::start(config)?;
        let measuring = Package { binary: std::env::current_exe()?, ..peer.package.clone() };
        let workspace = |package: &Package| -> anyhow::Result<Workspace> {
            let workspace = terraform.workspace(package)?;
            workspace.require_package()?.write("main.tf", &configuration(&cloud.url()))?;
            anyhow::ensure!(
                workspace.command(&["init"]).into_std().output()?.status.success(),
                "init failed"
            );
            Ok(workspace)
        };
        let (plain, mut measured) = (workspace(&peer.package)?, workspace(&measuring)?);
        measured.variable(BINARY, std::path::absolute(&peer.package.binary)?);
        let file = measured.path().join("measured");
        measured.variable(FILE, file);
        let arguments = vec!["plan".to_owned(), format!("-parallelism={parallelism}")];
        Ok(Self { terraform, peer, cloud, plain, measured, arguments })
    }

    /// Two plans: one undisturbed for its time, and one with our stand-in for what the processes used.
    fn plan(&self) -> anyhow::Result<Plan> {
        let arguments: Vec<_> = self.arguments.iter().map(String::as_str).collect();
        self.cloud.clear_requests();
        let before = self.cloud.connections();
        let wall = wall(&self.plain, &arguments)
            .with_context(|| format!("{} with {}", self.peer.name, self.terraform.binary().display()))?;
        let (requests, connections) = (self.cloud.request_count(), self.cloud.connections() - before);

        let file = self.measured.path().join("measured");
        if file.exists() {
            std::fs::remove_file(&file)?;
        }
        let before = Usage::of_children()?;
        self::wall(&self.measured, &arguments)?;
        let all = Usage::of_children()?.cpu - before.cpu;
        let provider = Usage::recorded(&std::fs::read_to_string(&file)?)?;
        Ok(Plan { wall, terraform_cpu: all - provider.cpu, provider, requests, connections })
    }
}

/// How long a command takes, in milliseconds.
fn wall(workspace: &Workspace, arguments: &[&str]) -> anyhow::Result<f64> {
    let mut command = workspace.command(arguments).into_std();
    let start = Instant::now();
    let output = command.output()?;
    let time = start.elapsed().as_secs_f64() * 1e3;
    anyhow::ensure!(output.status.success(), "a plan failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(time)
}
