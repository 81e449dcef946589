//! Waiting for an instance to become active.

use std::time::Duration;

use huaweicloud::{Error, Kind, random, tidy};
use tfplug::{Diagnostic, Diagnostics};
use tokio::time::{Instant, sleep_until};

use super::tasks::newest_first;
use crate::iotda::{Instance, InstanceTask};
use crate::provider::audience::{Argument, Progress};
use crate::provider::client::Reading;

/// Interval between two polls, with ten percent of jitter in either direction.
const INTERVAL: Duration = Duration::from_secs(10);

/// Time limit for reading the tasks at one poll: the status alone is sufficient.
const TASKS_LIMIT: Duration = Duration::from_secs(5);

/// Returns whether a status will not change by itself. Unknown statuses may.
pub(super) fn is_final(status: &str) -> bool {
    matches!(status, "FAILED" | "MODIFY_FAILED" | "FROZEN")
}

/// Waits for one instance.
pub(super) struct Wait<'a> {
    reading: Reading<'a>,
    id: &'a str,
    start: Instant,
}

impl<'a> Wait<'a> {
    /// Creates a wait that begins now.
    pub(super) fn new(reading: Reading<'a>, id: &'a str) -> Self {
        Self { reading, id, start: Instant::now() }
    }

    /// Polls the instance until it is active, cannot become active, or the deadline passes.
    pub(super) async fn until_active(self) -> Result<Instance, Diagnostics> {
        let instances = self.reading.instances;
        let deadline = instances.scope.deadline;
        let mut last: Option<Instance> = None;
        loop {
            let instance = match (instances.show(self.id).await, &last) {
                (Ok(instance), _) => instance,
                (Err(error), Some(last)) if error.is_of_time() => {
                    return Err(self.out_of_time(last, Some(&error)).into());
                }
                (Err(error), _) => return Err(self.reading.error(error).into()),
            };
            match instance.status.as_deref().unwrap_or_default() {
                "ACTIVE" => return Ok(instance),
                status if is_final(status) => return Err(self.hopeless(status).await.into()),
                status => self.report(status).await,
            }
            let next =
                Instant::now() + INTERVAL.mul_f64(0.9 + 0.2 * f64::from(random()) / f64::from(u32::MAX));
            sleep_until(deadline.map_or(next, |deadline| deadline.min(next))).await;
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Err(self.out_of_time(&instance, None).into());
            }
            last = Some(instance);
        }
    }

    /// Returns the newest task; `None` if the tasks cannot be read, which does not end the wait. `with_progress`: reads a
    /// task that still runs for its progress, too, which the list does not contain.
    async fn newest_task(&self, with_progress: bool) -> Option<InstanceTask> {
        let mut instances = self.reading.instances;
        instances.scope = instances.scope.until(Instant::now() + TASKS_LIMIT);
        let unread = |what: &str, error: &Error| {
            tracing::debug!(instance_id = self.id, error = error.summary(), "{what} cannot be read");
        };
        let tasks = instances.tasks(self.id).await.inspect_err(|error| unread("the tasks", error));
        let mut tasks = tasks.ok()?;
        newest_first(&mut tasks);
        let task = tasks.into_iter().next()?;
        let runs = with_progress && !matches!(task.status.as_deref(), Some("SUCCESS" | "FAILED"));
        let Some(task_id) = task.task_id.as_deref().filter(|id| runs && !id.is_empty()) else {
            return Some(task);
        };
        let current = instances.task(self.id, task_id).await.inspect_err(|error| unread("the task", error));
        Some(current.unwrap_or(task))
    }

    /// Reports the status to the log and to the audience.
    async fn report(&self, status: &str) {
        let audience = &self.reading.shared.audience;
        if !tracing::enabled!(tracing::Level::INFO) && !audience.is_person() {
            return;
        }
        let task = self.newest_task(true).await.map(|task| (task.kind, task.status, task.progress));
        let elapsed = self.start.elapsed();
        let (kind, task_status, progress) = task.clone().unwrap_or_default();
        tracing::info!(
            instance_id = self.id,
            status,
            elapsed_s = elapsed.as_secs(),
            task_type = kind,
            task_status,
            task_progress = progress,
            "waiting for the instance to become active"
        );
        audience.report(Progress { status: Some(status.to_owned()), task, elapsed });
    }

    /// Returns the error of a final status, with the newest task.
    async fn hopeless(&self, status: &str) -> Diagnostic {
        let mut detail =
            format!("Instance {} has the status {status} and will not become ACTIVE by itself.", self.id);
        if let Some(task) = self.newest_task(false).await {
            let shown = |text: Option<String>| text.as_deref().and_then(tidy);
            let [kind, task_status] =
                [task.kind, task.status].map(|text| shown(text).unwrap_or_else(|| "unknown".to_owned()));
            let reason = shown(task.status_detail).map_or_else(|| ".".to_owned(), |it| format!(": {it}"));
            detail += &format!(" Its newest task has the type {kind} and the status {task_status}{reason}");
        }
        detail += &format!(
            "\n\nSee the console for details. To read the instance in its current state, remove {}.",
            self.reading.shared.audience.name(Argument::NO_WAIT)
        );
        Diagnostic::error("The instance cannot become active", detail)
    }

    /// Returns the timeout error. `error` is the error of the last attempt, unless that was the deadline.
    fn out_of_time(&self, instance: &Instance, error: Option<&Error>) -> Diagnostic {
        let status = instance.status.as_deref().and_then(tidy);
        let status = status.as_deref().unwrap_or("unknown");
        let (id, seconds) = (self.id, self.start.elapsed().as_secs());
        let mut detail = format!("Instance {id} still had the status {status} after {seconds} s.");
        let outage = error.filter(|error| *error.kind() != Kind::Deadline);
        if outage.is_none() {
            let timeout = self.reading.shared.audience.name(Argument::TIMEOUT);
            detail += &format!(" Set a longer timeout with {timeout}, or try again later.");
        }
        if status == "TRADING" {
            let order = instance.order_id.as_deref().and_then(tidy).map(|order| format!(" {order}"));
            detail += &format!(" Its order{} may not have been paid.", order.unwrap_or_default());
        }
        if let Some(outage) = outage {
            detail += &format!(" The last attempt to read it failed: {}", outage.detail());
        }
        Diagnostic::error("The instance did not become active in time", detail)
    }
}

#[cfg(test)]
#[path = "wait_tests.rs"]
mod tests;
