//! The tasks of an instance.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::paging::{PageQuery, newest_first};
use crate::http::reply::Reply;

/// Maximum number of listed tasks, regardless of the requested page.
const LISTED: usize = 20;

/// Returns tasks in the format of the list: the newest, without their progress. The count includes all tasks.
pub(super) fn list(tasks: &[Value], query: &PageQuery) -> Reply {
    let page = query.take(newest_first(tasks).take(LISTED));
    let listed: Vec<Value> = page.items.into_iter().map(without_progress).collect();
    let body = json!({ "page": { "count": tasks.len(), "marker": page.marker }, "tasks": listed });
    Reply::value(StatusCode::OK, &body)
}

pub(super) fn show(tasks: &[Value], id: &str) -> Result<Reply, Reply> {
    let found = tasks.iter().find(|task| task.get("task_id").and_then(Value::as_str) == Some(id));
    found.map(|task| Reply::value(StatusCode::OK, task)).ok_or_else(|| {
        // As for instances, no code is documented.
        let message = "Invalid input data. The task does not exist.";
        Reply::service_error(StatusCode::NOT_FOUND, "IOTDA.000006", message)
    })
}

fn without_progress(task: &Value) -> Value {
    let mut task = task.clone();
    if let Some(fields) = task.as_object_mut() {
        fields.remove("progress");
    }
    task
}
