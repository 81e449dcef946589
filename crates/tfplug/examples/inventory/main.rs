//! A provider that reads a file: arguments with defaults and from the environment, blocks, sets and types of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use tfplug::{
    ConfigureContext, Configured, DataSource, DataSources, Diagnostic, Diagnostics, Object, Parsed, Provider,
    ReadContext, Timeouts, WithSummary as _, async_trait, path,
};

/// Reads an inventory of machines.
#[derive(Object)]
struct Inventory {
    /// Directory that contains the inventories, as JSON files.
    #[tf(optional, env = "INVENTORY_DIRECTORY", default = ".")]
    directory: String,
}

#[async_trait]
impl Provider for Inventory {
    type Client = PathBuf;
    const NAME: &'static str = "inventory";
    const ADDRESS: &'static str = "registry.terraform.io/example/inventory";
    const VERSION: &'static str = "0.1.0";

    fn data_sources() -> DataSources<PathBuf> {
        DataSources::new().with::<Selection>()
    }

    fn validate(&self) -> Diagnostics {
        if Path::new(&self.directory).is_dir() {
            return Diagnostics::new();
        }
        let detail = format!("There is no directory {:?}.", self.directory);
        Diagnostic::error("Unknown directory", detail).at("directory").into()
    }

    async fn configure(self, _: &ConfigureContext) -> Result<Configured<PathBuf>, Diagnostics> {
        Ok(Configured::Ready(self.directory.into()))
    }
}

/// Lists the machines of an inventory that match all filters.
#[derive(Object)]
struct Selection {
    /// Name of the inventory: its file in `directory`, without `.json`.
    #[tf(required, pattern = "^[a-z0-9_-]+$")]
    name: String,
    /// IP addresses of machines to omit.
    #[tf(optional)]
    except: Option<BTreeSet<Parsed<IpAddr>>>,
    /// Filter that a machine must match. If there are several, a machine must match all of them.
    #[tf(block)]
    filter: Vec<Filter>,
    /// Timeout of the read. Defaults to `5m`.
    #[tf(block)]
    timeouts: Option<Timeouts>,
    /// Matching machines, by name.
    #[tf(computed)]
    machines: BTreeMap<String, Machine>,
}

/// A filter by label.
#[derive(Object)]
struct Filter {
    /// Name of the label.
    #[tf(required)]
    label: String,
    /// Values of the label that match.
    #[tf(required)]
    values: BTreeSet<String>,
}

/// A machine of an inventory.
#[derive(Object)]
#[tf(computed)]
struct Machine {
    /// IP address of the machine.
    address: Option<Parsed<IpAddr>>,
    /// Labels of the machine: a map from name to value.
    labels: BTreeMap<String, String>,
}

#[async_trait]
impl DataSource<PathBuf> for Selection {
    const NAME: &'static str = "inventory_machines";

    fn read_timeout(&self) -> Duration {
        Timeouts::read(self.timeouts.as_ref(), Self::READ_LIMIT)
    }

    fn validate(&self) -> Diagnostics {
        let empty = self.filter.iter().enumerate().filter(|(_, filter)| filter.values.is_empty());
        let error = |index| {
            Diagnostic::error("Empty filter", "A filter without values matches nothing.")
                .at(path!(filter[index].values))
        };
        empty.map(|(index, _)| error(index)).collect()
    }

    async fn read(self, cx: &ReadContext<PathBuf>) -> Result<Self, Diagnostics> {
        let file = cx.client().join(format!("{}.json", self.name));
        let reading = file.clone();
        // Files block.
        let text = tokio::task::spawn_blocking(move || std::fs::read(reading)).await?;
        let text = text.summary("Inventory not readable")?;
        let found: BTreeMap<String, serde_json::Value> =
            serde_json::from_slice(&text).summary("Malformed inventory")?;
        let mut machines = BTreeMap::new();
        for (name, entry) in found {
            let machine = Machine::of(&entry).summary("Malformed inventory")?;
            let matches = |filter: &Filter| {
                machine.labels.get(&filter.label).is_some_and(|label| filter.values.contains(label))
            };
            let left_out =
                |address: &Parsed<IpAddr>| self.except.iter().flatten().any(|except| **except == **address);
            if self.filter.iter().all(matches) && !machine.address.as_ref().is_some_and(left_out) {
                machines.insert(name, machine);
            }
        }
        if machines.is_empty() {
            cx.warn(Diagnostic::warning("No machine", format!("No machine of {} matches.", file.display())));
        }
        Ok(Self { machines, ..self })
    }
}

impl Machine {
    fn of(entry: &serde_json::Value) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let address = entry.get("address").and_then(serde_json::Value::as_str).map(str::parse).transpose()?;
        let labels = entry.get("labels").and_then(serde_json::Value::as_object).into_iter().flatten();
        let labels = labels.filter_map(|(name, value)| Some((name.clone(), text(value)?))).collect();
        Ok(Self { address, labels })
    }
}

fn main() -> ExitCode {
    tfplug::serve::<Inventory>()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tfplug::testing::{Host, check};

    use super::Inventory;

    async fn host(directory: &std::path::Path) -> Host {
        let host = Host::embed::<Inventory>().await.unwrap();
        let diagnostics = host.configure(&json!({"directory": directory})).await.unwrap();
        assert!(diagnostics.is_empty(), "{diagnostics}");
        host
    }

    #[tokio::test]
    async fn machines_are_read_and_filtered() {
        assert_eq!(check::<Inventory>(), Ok(()));
        let directory = tempfile::tempdir().unwrap();
        let inventory = json!({
            "a": {"address": "192.0.2.1", "labels": {"role": "web"}},
            "b": {"address": "192.0.2.2", "labels": {"role": "web"}},
            "c": {"labels": {"role": "db"}},
        });
        std::fs::write(directory.path().join("lab.json"), inventory.to_string()).unwrap();
        let host = host(directory.path()).await;
        for (arguments, names) in [
            (json!({"name": "lab"}), vec!["a", "b", "c"]),
            (json!({"name": "lab", "filter": [{"label": "role", "values": ["web"]}]}), vec!["a", "b"]),
            (
                json!({"name": "lab", "filter": [{"label": "role", "values": ["web", "db"]}], "except": ["192.0.2.1"]}),
                vec!["b", "c"],
            ),
        ] {
            let read = host.read("inventory_machines", &arguments).await.unwrap();
            assert!(read.diagnostics.is_empty(), "{}", read.diagnostics);
            let found: Vec<_> = read.state["machines"].as_object().unwrap().keys().collect();
            assert_eq!(found, names, "{arguments}");
        }
    }

    #[tokio::test]
    async fn what_is_wrong_is_told_at_the_argument() {
        let directory = tempfile::tempdir().unwrap();
        let host = host(directory.path()).await;
        for (arguments, words) in [
            (json!({"name": "lab"}), "error: Inventory not readable: "),
            (json!({"name": "LAB"}), "error: Invalid argument value (name): `name` must match the pattern"),
            (
                json!({"name": "lab", "except": ["home"]}),
                "error: Invalid argument value (except): `except` is not valid: invalid IP address syntax.",
            ),
            (
                json!({"name": "lab", "filter": [{"label": "role", "values": []}]}),
                "error: Empty filter (filter[0].values): A filter without values matches nothing.",
            ),
            (
                json!({"name": "lab", "timeouts": {"read": "100000000000h"}}),
                "error: Invalid argument value (timeouts.read): `timeouts.read` must be a duration of at most 876000h.",
            ),
        ] {
            let told = host.read("inventory_machines", &arguments).await.unwrap().diagnostics.to_string();
            assert!(told.starts_with(words), "{told}");
        }
        let told = host.configure(&json!({"directory": "/nonexistent"})).await.unwrap().to_string();
        assert_eq!(told, "error: Unknown directory (directory): There is no directory \"/nonexistent\".");
    }
}
