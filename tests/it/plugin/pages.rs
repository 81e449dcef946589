//! Lists whose pages do not fit together.

use iotda_emulator::{Answer, Config, Fault, Rule};
use serde_json::{Value as Json, json};

use super::{Provider, error_of, says};

const INSTANCES: (&str, &str) = ("iotda_instances", r#"{"include_details": false}"#);
const BY_NAME: (&str, &str) = ("iotda_instance", r#"{"name": "line-1"}"#);
const FLAVORS: (&str, &str) = ("iotda_instance_flavors", "{}");
const TASKS: (&str, &str) = ("iotda_instance_tasks", r#"{"instance_id": "0a"}"#);

/// A page of a list in each of its shapes: of these elements, of so many in all, with this marker.
fn page(elements: std::ops::Range<usize>, count: usize, marker: Option<&str>) -> Fault {
    let elements: Vec<Json> = elements
        .map(|number| {
            let id = format!("{number:04x}");
            json!({"instance_id": id, "task_id": id, "type": id, "instance_type": "standard", "name": "some"})
        })
        .collect();
    let position = json!({"count": count, "marker": marker});
    let body = json!({
        "count": count, "marker": marker, "page": position,
        "instances": elements, "flavors": elements, "tasks": elements,
    });
    Fault::Answer(Answer::new(200).json(body.to_string()))
}

fn count(state: &Json) -> usize {
    ["instances", "flavors", "tasks"].iter().find_map(|name| state[name].as_array()).map_or(0, Vec::len)
}

#[tokio::test]
async fn markers_that_go_in_a_circle_end_the_list() {
    let provider = Provider::start().await;
    for source in [INSTANCES, BY_NAME, FLAVORS, TASKS] {
        let cloud = provider.cloud(Config::default(), &json!({})).await;
        for (number, marker) in ["a", "b", "c", "a"].into_iter().enumerate() {
            cloud.fail(Rule::new(page(number * 2..number * 2 + 2, 100, Some(marker))).times(1));
        }
        let read = provider.read(source).await;
        says(error_of(&read), "Unexpected response", None, &["Could not list the ", "same marker twice"]);
        assert_eq!(cloud.request_count(), 4, "{source:?}");
    }
}

/// Where something is made while the pages are read, all moves on by one.
#[tokio::test]
async fn what_comes_on_two_pages_is_one() {
    let provider = Provider::start().await;
    for source in [INSTANCES, FLAVORS, TASKS] {
        let cloud = provider.cloud(Config::default(), &json!({})).await;
        cloud.fail(Rule::new(page(0..500, 800, Some("first"))).times(1));
        cloud.fail(Rule::new(page(400..800, 800, None)).times(1));
        let read = provider.read(source).await;
        assert_eq!(count(&read.state), 800, "{source:?}: {:?}", read.diagnostics);
        assert_eq!(cloud.request_count(), 2, "{source:?}");
    }
}

/// Half of a list is worse than none: whoever makes something for each element would remove what is missing.
#[tokio::test]
async fn pages_that_leave_something_out_are_an_error() {
    let provider = Provider::start().await;
    for source in [INSTANCES, BY_NAME, FLAVORS] {
        let cloud = provider.cloud(Config::default(), &json!({})).await;
        cloud.fail(Rule::new(page(0..500, 1000, Some("first"))).times(1));
        cloud.fail(Rule::new(page(600..1000, 1000, None)).times(1));
        let read = provider.read(source).await;
        let error = error_of(&read);
        assert!(error.detail.contains("900 of 1000"), "{source:?}: {error:?}");
        assert_eq!(cloud.request_count(), 2, "{source:?}");
    }
}

/// A list that never ends would fill the memory until the read's time is over.
#[tokio::test]
async fn pages_without_end_are_an_error() {
    let provider = Provider::quiet().await;
    let cloud = provider.cloud(Config::default(), &json!({})).await;
    for number in 0..400 {
        let marker = format!("m{number}");
        cloud.fail(Rule::new(page(number..number + 1, 1_000_000, Some(&marker))).times(1));
    }
    let read = provider.read(INSTANCES).await;
    assert!(error_of(&read).detail.contains("200 pages"), "{:?}", read.diagnostics);
    assert_eq!(cloud.request_count(), 200);
}

/// No page says that an instance type and a specification come together once only, nor that a count is of what a name
/// lets through.
#[tokio::test]
async fn what_the_documentation_does_not_promise_is_not_relied_on() {
    let provider = Provider::start().await;
    let body = |body: Json| Fault::Answer(Answer::new(200).json(body.to_string()));
    let cloud = provider.cloud(Config::default(), &json!({})).await;
    let flavor = |mode| json!({"instance_type": "standard", "type": "s1", "charge_modes": [mode]});
    let flavors =
        json!({"flavors": [flavor("prePaid"), flavor("postPaid")], "page": {"count": 2, "marker": "m"}});
    cloud.fail(Rule::new(body(flavors)).times(1));
    assert_eq!(count(&provider.read(FLAVORS).await.state), 2);
    cloud.heal();
    // The count is of all instances, and the last page has a marker.
    let line = json!({"instance_id": "0a", "name": "line-1"});
    let found = json!({"instances": [line.clone()], "count": 7, "marker": "m"});
    cloud.fail(Rule::new(body(found)).times(1));
    cloud.fail(Rule::new(body(json!({"instances": [], "count": 7}))).times(1));
    cloud.fail(Rule::new(body(line)));
    let read = provider.read(BY_NAME).await;
    assert_eq!(read.state["id"], "0a", "{:?}", read.diagnostics);
}
