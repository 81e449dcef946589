//! Conversion of panics in a provider's code to errors. Only a panic that ends the process appears as a crash to the
//! host.

use std::future::Future;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use tokio::task::JoinHandle;
use tokio::task_local;
use tracing::Instrument as _;

task_local! {
    /// Set while a provider's code runs: the location of its panic, if it panicked.
    static PLACE: Arc<OnceLock<String>>;
}

/// Runs a provider's code in a separate task, which ends when the returned future is dropped. The error is the place of
/// its panic.
pub(crate) async fn catch<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, String> {
    let place = Arc::new(OnceLock::new());
    let work = PLACE.scope(Arc::clone(&place), work).in_current_span();
    let mut task = AbortOnDrop(tokio::spawn(work));
    (&mut task.0).await.map_err(|_| logged(&place))
}

/// Runs a provider's code synchronously. The error is the place of its panic.
pub(crate) fn catch_now<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let place = Arc::new(OnceLock::new());
    let result = PLACE.sync_scope(Arc::clone(&place), || catch_unwind(AssertUnwindSafe(work)));
    result.map_err(|_| logged(&place))
}

/// Logs a panic, and returns its place.
fn logged(place: &OnceLock<String>) -> String {
    let place = place.get().cloned().unwrap_or_else(|| "an unknown place".to_owned());
    tracing::error!(place, "the provider panicked");
    place
}

struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Installs the hook. For a panic that [`catch`] handles, it stores the location. A panic that ends the process is
/// printed in the form that hosts recognise as a crash. Any other is only logged, without its payload.
pub(crate) fn install_hook() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, ToString::to_string);
        if PLACE.try_with(|cell| cell.set(place.clone())).is_ok() {
            return;
        }
        if ends_process() {
            // Hosts look for this prefix at the start of a line. An error is ignored: without stderr it cannot be
            // reported.
            let message = info.payload_as_str().unwrap_or("the provider panicked");
            let text = format!("panic: {message}\n\n{place}\n");
            let _ = std::io::stderr().lock().write_all(text.as_bytes());
        } else {
            tracing::error!(place, "a task of the provider panicked");
        }
    }));
}

/// Returns whether a panic of the current thread ends the process: other threads and tasks end alone.
fn ends_process() -> bool {
    std::thread::current().name() == Some("main") && tokio::task::try_id().is_none()
}

#[cfg(test)]
mod tests {
    use super::ends_process;

    #[tokio::test]
    async fn no_task_and_no_thread_but_the_main_one_ends_the_process() {
        let body = || std::thread::Builder::new().name("main".to_owned());
        assert!(!ends_process(), "the thread of a test is not the main one");
        assert!(body().spawn(ends_process).unwrap().join().unwrap());
        let in_task = body().spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime
                .block_on(async { (ends_process(), tokio::spawn(async { ends_process() }).await.unwrap()) })
        });
        assert_eq!(in_task.unwrap().join().unwrap(), (true, false));
    }
}
