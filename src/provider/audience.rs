//! Audience of a read: a host, or a person at the command line, where arguments have other names and progress is shown.

use std::sync::OnceLock;
use std::time::Duration;

use tokio::sync::watch;

/// An argument as it appears in messages for a host, and in those for a person.
#[derive(Clone, Copy)]
pub(super) struct Argument(&'static str, &'static str);

impl Argument {
    pub(super) const INSTANCE_ID: Self = Self("`instance_id`", "`--instance-id`");
    pub(super) const WAIT: Self = Self("`wait_until_active = true`", "`--wait`");
    pub(super) const NO_WAIT: Self = Self("`wait_until_active`", "`--wait`");
    pub(super) const TIMEOUT: Self = Self("`timeouts.read`", "`--timeout`");
}

/// Progress of a read that waits for an instance.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    /// Status of the instance.
    pub(crate) status: Option<String>,
    /// Type, status and percentage of the instance's newest task.
    pub(crate) task: Option<(Option<String>, Option<String>, Option<i64>)>,
    /// Time since the wait began.
    pub(crate) elapsed: Duration,
}

/// Audience of a provider configuration: a host, until [`follow`](Self::follow) is called.
#[derive(Debug, Default)]
pub(crate) struct Audience {
    person: OnceLock<watch::Sender<Progress>>,
}

impl Audience {
    /// Makes the command line the audience, and returns the progress of its waits.
    pub(crate) fn follow(&self) -> watch::Receiver<Progress> {
        self.person.get_or_init(|| watch::Sender::new(Progress::default())).subscribe()
    }

    pub(super) fn is_person(&self) -> bool {
        self.person.get().is_some()
    }

    /// Publishes progress if it differs from the last in more than the elapsed time.
    pub(super) fn report(&self, progress: Progress) {
        if let Some(sender) = self.person.get() {
            sender.send_if_modified(|last| {
                let differs = last.status != progress.status || last.task != progress.task;
                if differs {
                    *last = progress;
                }
                differs
            });
        }
    }

    /// Returns the name of the argument for this audience.
    pub(super) fn name(&self, Argument(for_host, for_person): Argument) -> &'static str {
        if self.is_person() { for_person } else { for_host }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_gets_each_change_once_and_names_of_options() {
        let audience = Audience::default();
        assert_eq!(audience.name(Argument::TIMEOUT), "`timeouts.read`");
        let mut follower = audience.follow();
        assert_eq!(audience.name(Argument::TIMEOUT), "`--timeout`");
        let progress = |status: &str, seconds| Progress {
            status: Some(status.to_owned()),
            elapsed: Duration::from_secs(seconds),
            ..Progress::default()
        };
        for (status, seconds, changed) in
            [("CREATING", 0, true), ("CREATING", 10, false), ("ACTIVE", 20, true)]
        {
            audience.report(progress(status, seconds));
            assert_eq!(follower.has_changed().unwrap(), changed, "{status} {seconds}");
            follower.mark_unchanged();
        }
    }
}
