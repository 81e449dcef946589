//! `read`: one instance.

use std::io::Write as _;
use std::pin::pin;

use serde_json::Value as Json;
use tfplug::Diagnostics;

use super::configured::{self, Configured};
use super::failure::Failure;
use super::options::ReadOptions;
use super::output;
use crate::provider::audience::Progress;

pub(super) async fn run(options: &ReadOptions) -> Result<(), Failure> {
    let Configured { provider, diagnostics } = configured::provider(options.region()).await?;
    output::check(&diagnostics)?;
    let mut progress = provider.client().map(|client| client.audience().follow());
    let arguments = options.arguments();
    let mut read = pin!(provider.read("iotda_instance", &arguments));
    let (state, diagnostics): (Option<Json>, Diagnostics) = loop {
        tokio::select! {
            biased;
            result = &mut read => break result?,
            Some(()) = changed(progress.as_mut()) => {
                if let Some(seen) = progress.as_mut().map(|progress| progress.borrow_and_update().clone()) {
                    writeln!(std::io::stderr().lock(), "{}", output::harmless(&line(&seen)))?;
                }
            }
        }
    };
    output::check(&diagnostics)?;
    let state = state.ok_or_else(|| Failure::Failed("error: the read returned nothing".to_owned()))?;
    match options.field() {
        Some(path) => output::show_field(&state, path, options.json),
        None => output::show(&state, options.json),
    }
}

async fn changed(progress: Option<&mut tokio::sync::watch::Receiver<Progress>>) -> Option<()> {
    progress?.changed().await.ok()
}

/// `waiting: CREATING, task CREATE RUNNING 40 %, 20 s elapsed`.
fn line(Progress { status, task, elapsed }: &Progress) -> String {
    let known = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let mut parts = vec![known(status).unwrap_or_else(|| "unknown status".to_owned())];
    if let Some((kind, status, progress)) = task {
        let percent = progress.map(|progress| format!("{progress} %"));
        let words: Vec<String> = [known(kind), known(status), percent].into_iter().flatten().collect();
        parts.push(format!("task {}", words.join(" ")));
    }
    parts.push(format!("{} s elapsed", elapsed.as_secs()));
    format!("waiting: {}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_line_has_what_is_known() {
        let task = Some((Some("CREATE".to_owned()), Some("RUNNING".to_owned()), Some(40)));
        let progress =
            Progress { status: Some("CREATING".to_owned()), task, elapsed: Duration::from_millis(20_900) };
        assert_eq!(line(&progress), "waiting: CREATING, task CREATE RUNNING 40 %, 20 s elapsed");
        assert_eq!(line(&Progress::default()), "waiting: unknown status, 0 s elapsed");
    }
}
