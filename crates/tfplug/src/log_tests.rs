use std::sync::{Arc, Mutex};

use super::*;
use LevelFilter as L;

fn levels(variables: &[(&str, &str)]) -> Levels {
    levels_or(L::WARN, variables)
}

fn levels_or(unasked: L, variables: &[(&str, &str)]) -> Levels {
    Levels::from_environment("wx", unasked, |name| {
        variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn the_host_decides_what_is_written() {
    let level = |provider, framework| Levels { provider, framework };
    assert_eq!(levels(&[]), level(L::WARN, L::WARN));
    assert_eq!(levels(&[("TF_LOG", "debug")]), level(L::DEBUG, L::DEBUG));
    assert_eq!(levels(&[("TF_LOG", "JSON")]), level(L::TRACE, L::TRACE));
    assert_eq!(levels(&[("TF_LOG", "TRACE"), ("TF_LOG_PROVIDER", "INFO")]), level(L::INFO, L::INFO));
    assert_eq!(levels(&[("TF_LOG", "INFO"), ("TF_LOG_PROVIDER_WX", "TRACE")]), level(L::TRACE, L::INFO));
    assert_eq!(levels(&[("TF_LOG", "INFO"), ("TF_LOG_SDK_PROTO", "OFF")]), level(L::INFO, L::OFF));
    assert_eq!(levels(&[("TF_LOG", "")]), level(L::WARN, L::WARN));
    // Without a host nothing is written by default.
    assert_eq!(levels_or(L::OFF, &[]), level(L::OFF, L::OFF));
    assert_eq!(levels_or(L::OFF, &[("TF_LOG_PROVIDER_WX", "TRACE")]), level(L::TRACE, L::OFF));
}

/// Returns the lines that some code writes.
fn lines(code: impl FnOnce()) -> Vec<Json> {
    lines_at(Levels { provider: LevelFilter::DEBUG, framework: LevelFilter::WARN }, code)
}

fn lines_at(levels: Levels, code: impl FnOnce()) -> Vec<Json> {
    let written = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&written);
    let layer = Hclog {
        provider_crate: "wx",
        more_crates: &["wx_api"],
        levels,
        write: move |line: &[u8]| sink.lock().unwrap().extend_from_slice(line),
    };
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), code);
    let text = String::from_utf8(written.lock().unwrap().clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_line_has_the_keys_that_hosts_read() {
    let lines = lines(|| {
        let span = tracing::info_span!("rpc", tf_rpc = "ReadDataSource", tf_data_source_type = None::<&str>);
        let _guard = span.enter();
        tracing::debug!(target: "wx::client", attempt = 2, "sent");
    });
    let line = &lines[0];
    assert_eq!(line["@level"], "debug");
    assert_eq!(line["@message"], "sent");
    assert_eq!(line["@module"], "provider.client");
    assert_eq!(line["tf_rpc"], "ReadDataSource");
    assert_eq!(line["attempt"], 2);
    let timestamp = line["@timestamp"].as_str().unwrap();
    assert_eq!((timestamp.len(), &timestamp[19..20], &timestamp[26..]), (27, ".", "Z"));
}

#[test]
fn libraries_are_not_heard_and_quiet_levels_are_left_out() {
    let lines = lines(|| {
        tracing::error!(target: "h2::codec", "authorization: secret");
        tracing::info!(target: "tfplug::service", "below the framework's level");
        tracing::trace!(target: "wx", "below the provider's level");
    });
    assert_eq!(lines, Vec::<Json>::new());
}

#[test]
fn crates_that_the_provider_names_are_heard_too() {
    let lines = lines(|| tracing::debug!(target: "wx_api::client", "sent"));
    assert_eq!(lines[0]["@module"], "provider.wx_api.client");
}

#[test]
fn long_texts_are_cut() {
    let lines = lines(|| tracing::warn!(target: "wx", body = "ä".repeat(100_000), "long"));
    assert!(lines[0].to_string().len() < 64 * 1024);
}

/// Fills every field with characters that JSON encodes in six bytes.
#[test]
fn a_line_stays_below_what_hosts_cut() {
    let text = "\u{1}\"".repeat(10_000);
    let text = text.as_str();
    let lines = lines(|| {
        let span = tracing::info_span!("rpc", a = text, b = text, c = text, d = text);
        let _guard = span.enter();
        tracing::warn!(target: "wx", e = text, f = text, g = text, h = text, "long");
    });
    assert!(lines[0].to_string().len() < 64 * 1024, "{}", lines[0].to_string().len());
    assert!(lines[0]["a"].as_str().unwrap().len() > 1_000 && lines[0]["@message"] == "long");
}

/// People also read logs in terminals.
#[test]
fn a_diagnostic_is_logged_as_the_host_shows_it() {
    let diagnostics = crate::Diagnostics::error("Bad\u{1b}[2J", "Said \u{202e}so.");
    let lines = lines(|| crate::service::log_diagnostics(&diagnostics));
    assert_eq!(lines[0]["diagnostic_summary"], "Bad\u{fffd}[2J");
    assert_eq!(lines[0]["diagnostic_detail"], "Said \u{fffd}so.");
}

/// Turning off the framework's lines does not affect the provider's.
#[test]
fn a_providers_line_tells_its_call_though_the_framework_is_silent() {
    let levels = Levels { provider: LevelFilter::WARN, framework: LevelFilter::OFF };
    let lines = lines_at(levels, || {
        let span = tracing::info_span!("rpc", tf_rpc = "ReadDataSource");
        let _guard = span.enter();
        tracing::warn!(target: "wx", "said");
        tracing::error!(target: "tfplug", "not said");
    });
    assert_eq!(lines.len(), 1);
    assert_eq!((&lines[0]["@message"], &lines[0]["tf_rpc"]), (&json!("said"), &json!("ReadDataSource")));
}
