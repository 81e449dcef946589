//! Code that all calls share: their log lines.

use std::future::Future;
use std::time::Instant;

use tracing::{Instrument as _, Level};

use crate::diagnostics::{Diagnostics, Severity};
use crate::proto::tfplugin6 as wire;
use crate::provider::Provider;
use crate::random::random;
use crate::text::harmless;

/// Returns a random UUID, which distinguishes the lines of one call from those of others.
fn request_id() -> String {
    let Some(bytes) = random() else { return String::new() };
    let number = u128::from_be_bytes(bytes);
    let [first, second] = [number >> 96, number >> 80 & 0xffff];
    let [third, fourth] = [number >> 64 & 0xfff | 0x4000, number >> 48 & 0x3fff | 0x8000];
    format!("{first:08x}-{second:04x}-{third:04x}-{fourth:04x}-{:012x}", number & 0xffff_ffff_ffff)
}

/// Runs a call, and logs its start and its end. The span of its lines has the field names that tools look for in the logs
/// of any provider.
pub(super) async fn logged<P: Provider, T>(
    rpc: &str,
    data_source: Option<&str>,
    call: impl Future<Output = T>,
) -> T {
    let span = tracing::info_span!(
        "rpc",
        tf_rpc = rpc,
        tf_req_id = request_id(),
        tf_provider_addr = P::ADDRESS,
        tf_proto_version = "6",
        tf_data_source_type = data_source,
    );
    if span.is_disabled() {
        return call.await;
    }
    async {
        let start = Instant::now();
        tracing::debug!("received request");
        let result = call.await;
        let milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(tf_req_duration_ms = milliseconds, "served request");
        result
    }
    .instrument(span)
    .await
}

/// Logs diagnostics, and returns them for the host.
pub(super) fn report(diagnostics: Diagnostics) -> Vec<wire::Diagnostic> {
    let diagnostics = diagnostics.limited();
    log_diagnostics(&diagnostics);
    diagnostics.to_wire()
}

/// Logs diagnostics as the host will show them.
pub(crate) fn log_diagnostics(diagnostics: &Diagnostics) {
    if diagnostics.is_empty() || !tracing::enabled!(Level::WARN) {
        return;
    }
    for diagnostic in diagnostics {
        let attribute = diagnostic.path.as_ref().map(ToString::to_string);
        let (summary, detail) = (&*harmless(&diagnostic.summary), &*harmless(&diagnostic.detail));
        match diagnostic.severity {
            Severity::Error => tracing::error!(
                diagnostic_severity = "ERROR",
                diagnostic_summary = summary,
                diagnostic_detail = detail,
                diagnostic_attribute = attribute,
                "response contains error diagnostic"
            ),
            Severity::Warning => tracing::warn!(
                diagnostic_severity = "WARNING",
                diagnostic_summary = summary,
                diagnostic_detail = detail,
                diagnostic_attribute = attribute,
                "response contains warning diagnostic"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn request_ids_are_random_uuids() {
        let (one, other) = (super::request_id(), super::request_id());
        assert_ne!(one, other);
        let version = one.as_bytes()[14];
        let variant = one.as_bytes()[19];
        assert_eq!((one.len(), version), (36, b'4'));
        assert!(b"89ab".contains(&variant), "{one}");
    }
}
