//! Waiting for an instance to become active.

use std::fmt::Write as _;
use std::time::Duration;

use huaweicloud::{Error, Kind, random, tidy};
use tfplug::{Diagnostic, Diagnostics};
use tokio::time::{Instant, sleep_until};

use super::tasks::newest_first;
use crate::iotda::{Instance, InstanceTask, Instances};
use crate::provider::diagnostic::read_error;

/// Between two looks, give or take a tenth.
const INTERVAL: Duration = Duration::from_secs(10);

/// What the words of the tasks may take: the status says enough without them.
const TASKS_LIMIT: Duration = Duration::from_secs(5);

/// What a status means to somebody who waits.
pub(super) enum Outlook {
    Active,
    /// Nothing will change by itself.
    Hopeless,
    /// It may become active, as may one whose status is unknown to us.
    Pending,
}

pub(super) fn outlook(status: &str) -> Outlook {
    match status {
        "ACTIVE" => Outlook::Active,
        "FAILED" | "MODIFY_FAILED" | "FROZEN" => Outlook::Hopeless,
        _ => Outlook::Pending,
    }
}

/// Reads the instance until it is active, cannot become so, or the deadline comes.
pub(super) async fn until_active(instances: Instances<'_>, id: &str) -> Result<Instance, Diagnostics> {
    let (start, deadline) = (Instant::now(), instances.scope().deadline);
    let mut last: Option<Instance> = None;
    loop {
        let instance = match (instances.show(id).await, &last) {
            (Ok(instance), _) => instance,
            (Err(error), Some(last)) if error.is_of_time() => {
                return Err(out_of_time(last, id, start.elapsed(), Some(&error)).into());
            }
            (Err(error), _) => return Err(read_error(&error, instances.scope()).into()),
        };
        let status = instance.status.as_deref().unwrap_or_default();
        match outlook(status) {
            Outlook::Active => return Ok(instance),
            Outlook::Hopeless => {
                let task = newest_task(instances, id).await;
                return Err(hopeless(status, id, task.as_ref()).into());
            }
            Outlook::Pending => {}
        }
        log_progress(instances, id, status, start.elapsed()).await;
        let next = Instant::now() + INTERVAL.mul_f64(0.9 + 0.2 * f64::from(random()) / f64::from(u32::MAX));
        sleep_until(deadline.map_or(next, |deadline| deadline.min(next))).await;
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(out_of_time(&instance, id, start.elapsed(), None).into());
        }
        last = Some(instance);
    }
}

/// The task that says most of what is going on; none where the tasks cannot be read, which does not end a wait.
async fn newest_task(instances: Instances<'_>, id: &str) -> Option<InstanceTask> {
    let end = Instant::now() + TASKS_LIMIT;
    match instances.until(end).tasks(id).await {
        Ok(mut tasks) => {
            newest_first(&mut tasks);
            tasks.into_iter().next()
        }
        Err(error) => {
            tracing::debug!(instance_id = id, error = error.summary(), "the tasks cannot be read");
            None
        }
    }
}

async fn log_progress(instances: Instances<'_>, id: &str, status: &str, elapsed: Duration) {
    if !tracing::enabled!(tracing::Level::INFO) {
        return;
    }
    let task = newest_task(instances, id).await.unwrap_or_default();
    tracing::info!(
        instance_id = id,
        status,
        elapsed_s = elapsed.as_secs(),
        task_type = task.kind,
        task_status = task.status,
        "waiting for the instance to become active"
    );
}

fn hopeless(status: &str, id: &str, task: Option<&InstanceTask>) -> Diagnostic {
    let mut detail = format!("Instance {id} has the status {status}, and will not become ACTIVE by itself.");
    if let Some(task) = task {
        let words = |text: &Option<String>, missing: &str| {
            text.as_deref().and_then(tidy).unwrap_or_else(|| missing.to_owned())
        };
        let (kind, task_status) = (words(&task.kind, "of no type"), words(&task.status, "unknown"));
        // Writing to a String cannot fail.
        let _ = write!(detail, " Its newest task, {kind}, has the status {task_status}.");
        if let Some(words) = task.status_detail.as_deref().and_then(tidy) {
            let _ = write!(detail, " The API says of it: {words}");
        }
    }
    detail.push_str("\n\nThe console of the instance shows what can be done about it. Without `wait_until_active` it is read as it is.");
    Diagnostic::error("The instance cannot become active", detail)
}

/// The last look may have ended for another reason than time, which is then told too.
fn out_of_time(instance: &Instance, id: &str, elapsed: Duration, error: Option<&Error>) -> Diagnostic {
    let status = instance.status.as_deref().and_then(tidy);
    let status = status.as_deref().unwrap_or("unknown");
    let mut detail = format!("Instance {id} still had the status {status} after {} s.", elapsed.as_secs());
    let outage = error.filter(|error| *error.kind() != Kind::Deadline);
    if outage.is_none() {
        detail.push_str(" Give it more time in `timeouts { read = \"…\" }`, or plan again later.");
    }
    if status == "TRADING" {
        match instance.order_id.as_deref().and_then(tidy) {
            Some(order) => {
                // Writing to a String cannot fail.
                let _ = write!(detail, " Its order {order} may not have been paid.");
            }
            None => detail.push_str(" Its order may not have been paid."),
        }
    }
    if let Some(outage) = outage {
        // Writing to a String cannot fail.
        let _ = write!(detail, " Then it could not be looked at any more: {}", outage.detail());
    }
    Diagnostic::error("The instance did not become active in time", detail)
}

#[cfg(test)]
#[path = "wait_tests.rs"]
mod tests;
