//! The provider's process and the cloud's emulator, over the plugin connection: what each data source gives, and every fault
//! with every one of them. Each outcome is the right value or a diagnostic, and nothing is asked more often than said here.
#![expect(clippy::unwrap_used, reason = "a helper of tests that cannot go on says so by panicking")]

mod answers;
mod filters;
mod flavors_and_tasks;
mod listing;
mod load;
mod names;
mod network;
mod pages;
mod provider;
mod regions;
mod regression;
mod text;
mod waiting;

use iotda_emulator::{Answer, Config, Emulator, Fault, Rule, ids};
use serde_json::json;
use tfplug::{AttributePath, Diagnostic};

use provider::{Provider, error_of, harmless};

/// A data source with its arguments: one that reads one thing, and those that read lists.
const SOURCES: [(&str, &str); 6] = [
    ("iotda_instance", r#"{"instance_id": "8561675c-d8a3-4956-9884-9cf9cbdd3134"}"#),
    ("iotda_instance", r#"{"name": "iotda_instance"}"#),
    ("iotda_instances", "{}"),
    ("iotda_instance_flavors", "{}"),
    ("iotda_instance_tasks", r#"{"instance_id": "8561675c-d8a3-4956-9884-9cf9cbdd3134"}"#),
    ("iotda_instance_task", r#"{"instance_id": "8561675c-d8a3-4956-9884-9cf9cbdd3134", "task_id": "t1"}"#),
];

/// An emulator with few instances and one task, and nothing else that could wait.
fn cloud(config: Config) -> Emulator {
    let cloud = Emulator::start(config.instances(3)).unwrap();
    let task = json!({ "task_id": "t1", "type": "CREATE", "status": "SUCCESS", "progress": 100 });
    cloud.set_tasks(ids::PROJECT_ID, ids::INSTANCE_ID, [task]).unwrap();
    cloud
}

/// The argument that a diagnostic points at.
fn at(diagnostic: &Diagnostic) -> Option<String> {
    diagnostic.path.as_ref().map(AttributePath::to_string)
}

/// Checks a message: its summary, the argument that it points at, and parts of its detail.
fn says(diagnostic: &Diagnostic, summary: &str, argument: Option<&str>, parts: &[&str]) {
    assert_eq!((&*diagnostic.summary, at(diagnostic).as_deref()), (summary, argument), "{diagnostic:?}");
    assert!(parts.iter().all(|part| diagnostic.detail.contains(part)), "{diagnostic:?}");
}

/// The documentation's instance is listed, and has gone when its details are read.
fn gone() -> Rule {
    let body = r#"{"error_code":"IOTDA.000006","error_msg":"The instance does not exist."}"#;
    Rule::new(Fault::Answer(Answer::new(404).json(body))).path(details_of(ids::INSTANCE_ID))
}

/// The path of an instance's details.
fn details_of(id: &str) -> String {
    format!("/v5/iot/{}/iotda-instances/{id}", ids::PROJECT_ID)
}
