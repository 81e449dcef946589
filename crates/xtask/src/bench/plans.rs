//! `terraform plan` with many reads: time, processor time, memory, requests and connections.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use iotda_emulator::{Config, Emulator, Fault, Rule};
use tfplug::testing::terraform::{Package, Terraform, Workspace};

use super::figures::{Table, median};
use super::measure::{BINARY, FILE, Usage};
use super::options::{Options, PROVIDER, Peer};
use crate::project;
use crate::terminal::progress;

/// Number of instances in the measured listing with details.
const LISTED: usize = 1000;

const LISTING: &str = r#"
data "iotda_instances" "this" {
  name = "synthetic"
}
"#;

/// What one plan took.
struct Plan {
    wall: f64,
    terraform_cpu: f64,
    provider: Usage,
    requests: f64,
    connections: f64,
}

type Figure = (&'static str, fn(&Plan) -> f64);

const FIGURES: [Figure; 4] = [
    ("plan, ms", |plan| plan.wall),
    ("CPU of Terraform, ms", |plan| plan.terraform_cpu * 1e3),
    ("CPU of the provider, ms", |plan| plan.provider.cpu * 1e3),
    ("memory of the provider, MiB", |plan| plan.provider.memory),
];
/// Of our own provider, whose requests the emulator counts.
const COUNTS: [Figure; 2] = [("requests", |plan| plan.requests), ("connections", |plan| plan.connections)];
const LATE: [Figure; 1] = [("plan at 20 ms latency, parallelism 50, ms", |plan| plan.wall)];
const LISTING_FIGURES: [Figure; 2] = [
    ("listing with details at 5 ms, ms", |plan| plan.wall),
    ("listing with details, requests", |plan| plan.requests),
];

pub(super) fn measure(options: &Options, peers: &[Peer], table: &mut Table) -> anyhow::Result<()> {
    let terraform = project::terraform()?;
    let empty = Package {
        binary: std::env::current_exe()?,
        address: "registry.terraform.io/none/none",
        version: "0.0.0",
    };
    let nothing = terraform.workspace(&empty)?;
    nothing.write("main.tf", "output \"nothing\" { value = 1 }\n")?;
    let alone = (0..options.runs).map(|_| wall(&nothing, &["plan"])).collect::<anyhow::Result<_>>()?;
    let alone = median(alone);
    for peer in peers {
        table.set(0, "plan without a provider, ms", &peer.name, alone);
    }
    plain(options, peers, table)?;
    if let Some(&reads) = options.reads.iter().find(|reads| **reads >= 1000) {
        let latency = Duration::from_millis(20);
        let late = Setup { latency, parallelism: 50, figures: &LATE, ..Setup::of_reads(reads) };
        late.measure(options, peers, table)?;
    }
    let listing = Setup {
        what: "instances in a listing with details",
        latency: Duration::from_millis(5),
        instances: LISTED,
        configuration: |_, _| PROVIDER.to_owned() + LISTING,
        figures: &LISTING_FIGURES,
        ..Setup::of_reads(LISTED)
    };
    listing.measure(options, peers, table)
}

/// Plans without latency, for each number of reads.
pub(super) fn plain(options: &Options, peers: &[Peer], table: &mut Table) -> anyhow::Result<()> {
    options.reads.iter().try_for_each(|&reads| Setup::of_reads(reads).measure(options, peers, table))
}

/// What is measured, and under which conditions.
struct Setup {
    what: &'static str,
    reads: usize,
    latency: Duration,
    parallelism: usize,
    instances: usize,
    configuration: fn(&Peer, usize) -> String,
    figures: &'static [Figure],
}

impl Setup {
    fn of_reads(reads: usize) -> Self {
        let (what, configuration, figures) = ("reads", Peer::with_reads as _, &FIGURES);
        Self { what, reads, latency: Duration::ZERO, parallelism: 10, instances: 10, configuration, figures }
    }

    /// Plans of each peer, which take turns; with a latency, of our own provider only.
    fn measure(&self, options: &Options, peers: &[Peer], table: &mut Table) -> anyhow::Result<()> {
        let Self { what, reads, latency, parallelism, .. } = *self;
        progress(&format!("{reads} {what}, {latency:?} latency, parallelism {parallelism}"))?;
        let terraform = project::terraform()?;
        let peers = peers.iter().filter(|peer| latency.is_zero() || peer.is_ours);
        let benches = peers.map(|peer| Bench::new(&terraform, peer, self));
        let mut benches: Vec<_> = benches.collect::<anyhow::Result<_>>()?;
        // Long plans vary less, and the first is the slowest.
        for _ in 0..if reads >= 1000 { options.runs.min(3) } else { options.runs } {
            for bench in &mut benches {
                let plan = bench.plan();
                let host = terraform.binary().display();
                bench.plans.push(plan.with_context(|| format!("{} with {host}", bench.peer.name))?);
            }
        }
        for Bench { peer, plans, .. } in &benches {
            let counts = if latency.is_zero() && peer.is_ours { &COUNTS[..] } else { &[] };
            for (name, figure) in self.figures.iter().chain(counts) {
                table.set(reads, name, &peer.name, median(plans.iter().map(figure).collect()));
            }
        }
        Ok(())
    }
}

/// One configuration of one peer, installed.
struct Bench<'a> {
    peer: &'a Peer,
    plans: Vec<Plan>,
    cloud: Emulator,
    plain: Workspace,
    measured: Workspace,
    parallelism: String,
}

impl<'a> Bench<'a> {
    fn new(terraform: &Terraform, peer: &'a Peer, setup: &Setup) -> anyhow::Result<Self> {
        let package = &peer.package;
        let latency = Rule::new(Fault::Latency(setup.latency));
        let cloud = Emulator::start(Config::default().instances(setup.instances).fault(latency))?;
        let configuration = (setup.configuration)(peer, setup.reads).replace("{url}", &cloud.url());
        let workspace = |package: &Package| -> anyhow::Result<Workspace> {
            let workspace = terraform.workspace(package)?;
            workspace.require_package()?.write("main.tf", &configuration)?;
            let init = workspace.command(&["init"]).into_std().output()?;
            anyhow::ensure!(init.status.success(), "init failed");
            Ok(workspace)
        };
        let measuring = Package { binary: std::env::current_exe()?, ..package.clone() };
        let (plain, mut measured) = (workspace(package)?, workspace(&measuring)?);
        measured.variable(BINARY, std::path::absolute(&package.binary)?);
        let file = measured.path().join("measured");
        measured.variable(FILE, file);
        let parallelism = format!("-parallelism={}", setup.parallelism);
        Ok(Self { peer, plans: Vec::new(), cloud, plain, measured, parallelism })
    }

    /// Two plans: one undisturbed for its time, and one with our stand-in for what the processes used.
    fn plan(&self) -> anyhow::Result<Plan> {
        let arguments = ["plan", &self.parallelism];
        self.cloud.clear_requests();
        let before = self.cloud.connections();
        let wall = wall(&self.plain, &arguments)?;
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let (requests, connections) =
            (self.cloud.request_count() as f64, (self.cloud.connections() - before) as f64);

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
