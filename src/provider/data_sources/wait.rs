//! Waiting for an instance to become active.

use std::time::Duration;

use huaweicloud::{Error, Kind, random, tidy};
use tfplug::{Diagnostic, Diagnostics};
use tokio::time::{Instant, sleep_until};

use super::tasks::newest_first;
use crate::iotda::{Instance, InstanceTask, Instances};
use crate::provider::audience::{Argument, Audience, Progress};
use crate::provider::diagnostic::read_error;

/// Interval between two polls, with ten percent of jitter in either direction.
const INTERVAL: Duration = Duration::from_secs(10);

/// Time limit for reading the tasks at one poll: the status alone is sufficient.
const TASKS_LIMIT: Duration = Duration::from_secs(5);

/// Meaning of a status for a wait.
pub(super) enum Outlook {
    Active,
    /// The status will not change by itself.
    Hopeless,
    /// The instance may become active. This includes unknown statuses.
    Pending,
}

pub(super) fn outlook(status: &str) -> Outlook {
    match status {
        "ACTIVE" => Outlook::Active,
        "FAILED" | "MODIFY_FAILED" | "FROZEN" => Outlook::Hopeless,
        _ => Outlook::Pending,
    }
}

/// Waits for one instance.
pub(super) struct Wait<'a> {
    instances: Instances<'a>,
    id: &'a str,
    audience: &'a Audience,
    start: Instant,
}

impl<'a> Wait<'a> {
    /// Creates a wait that begins now.
    pub(super) fn new(instances: Instances<'a>, id: &'a str, audience: &'a Audience) -> Self {
        Self { instances, id, audience, start: Instant::now() }
    }

    /// Polls the instance until it is active, cannot become active, or the deadline passes.
    pub(super) async fn until_active(self) -> Result<Instance, Diagnostics> {
        let deadline = self.instances.scope().deadline;
        let mut last: Option<Instance> = None;
        loop {
            let instance = match (self.instances.show(self.id).await, &last) {
                (Ok(instance), _) => instance,
                (Err(error), Some(last)) if error.is_of_time() => {
                    return Err(self.out_of_time(last, Some(&error)).into());
                }
                (Err(error), _) => {
                    return Err(read_error(&error, self.instances.scope(), self.audience).into());
                }
            };
            let status = instance.status.as_deref().unwrap_or_default();
            match outlook(status) {
                Outlook::Active => return Ok(instance),
                Outlook::Hopeless => {
                    let end = Instant::now() + TASKS_LIMIT;
                    let task = self.newest_task(end).await;
                    return Err(self.hopeless(status, task.as_ref()).into());
                }
                Outlook::Pending => self.report(status).await,
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

    /// Returns the newest task; `None` if the tasks cannot be read, which does not end the wait.
    async fn newest_task(&self, end: Instant) -> Option<InstanceTask> {
        match self.instances.until(end).tasks(self.id).await {
            Ok(mut tasks) => {
                newest_first(&mut tasks);
                tasks.into_iter().next()
            }
            Err(error) => {
                tracing::debug!(instance_id = self.id, error = error.summary(), "the tasks cannot be read");
                None
            }
        }
    }

    /// Returns the newest task, with its progress while it runs.
    async fn current_task(&self) -> Option<InstanceTask> {
        let end = Instant::now() + TASKS_LIMIT;
        let task = self.newest_task(end).await?;
        let runs = !matches!(task.status.as_deref(), Some("SUCCESS" | "FAILED"));
        let Some(task_id) = task.task_id.as_deref().filter(|id| runs && !id.is_empty()) else {
            return Some(task);
        };
        match self.instances.until(end).task(self.id, task_id).await {
            Ok(current) => Some(current),
            Err(error) => {
                tracing::debug!(instance_id = self.id, error = error.summary(), "the task cannot be read");
                Some(task)
            }
        }
    }

    /// Reports the status to the log and to the audience.
    async fn report(&self, status: &str) {
        if !tracing::enabled!(tracing::Level::INFO) && !self.audience.is_person() {
            return;
        }
        let task = self.current_task().await;
        let elapsed = self.start.elapsed();
        let (kind, task_status, progress) = task
            .as_ref()
            .map_or((None, None, None), |task| (task.kind.as_deref(), task.status.as_deref(), task.progress));
        tracing::info!(
            instance_id = self.id,
            status,
            elapsed_s = elapsed.as_secs(),
            task_type = kind,
            task_status,
            task_progress = progress,
            "waiting for the instance to become active"
        );
        self.audience.report(Progress {
            status: Some(status.to_owned()),
            task: task.map(|task| (task.kind, task.status, task.progress)),
            elapsed,
        });
    }

    fn hopeless(&self, status: &str, task: Option<&InstanceTask>) -> Diagnostic {
        let mut detail =
            format!("Instance {} has the status {status} and will not become ACTIVE by itself.", self.id);
        if let Some(task) = task {
            let shown = |text: &Option<String>| {
                text.as_deref().and_then(tidy).unwrap_or_else(|| "unknown".to_owned())
            };
            let (kind, task_status) = (shown(&task.kind), shown(&task.status));
            let reason = task
                .status_detail
                .as_deref()
                .and_then(tidy)
                .map_or_else(|| ".".to_owned(), |it| format!(": {it}"));
            detail += &format!(" Its newest task has the type {kind} and the status {task_status}{reason}");
        }
        detail += &format!(
            "\n\nSee the console for details. To read the instance in its current state, remove {}.",
            self.audience.name(Argument::NoWait)
        );
        Diagnostic::error("The instance cannot become active", detail)
    }

    /// Returns the timeout error. `error` is the error of the last attempt, unless that was the deadline.
    fn out_of_time(&self, instance: &Instance, error: Option<&Error>) -> Diagnostic {
        let status = instance.status.as_deref().and_then(tidy);
        let status = status.as_deref().unwrap_or("unknown");
        let mut detail = format!(
            "Instance {} still had the status {status} after {} s.",
            self.id,
            self.start.elapsed().as_secs()
        );
        let outage = error.filter(|error| *error.kind() != Kind::Deadline);
        if outage.is_none() {
            let timeout = self.audience.name(Argument::Timeout);
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
