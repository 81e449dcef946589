//! What is written to stderr.

use serde_json::{Value as Json, json};
use tfplug::internals::Raw as _;
use tfplug::testing::Plugin;

use crate::support::{on_a_port, within};

const SECRET: &str = "s3cr3t-4711";

/// Everything a provider does in a day; the log of it.
async fn day(level: &str, mischief: &[&str]) -> String {
    let mut plugin: Plugin = within(on_a_port().variable("TF_LOG", level).start()).await.unwrap();
    let host = within(plugin.connect()).await.unwrap();
    let config = json!({"token": SECRET, "mischief": "warn"});
    within(host.configure(&config)).await.unwrap();
    for mischief in mischief {
        within(host.read("unruly_reading", &json!({"mischief": mischief}))).await.unwrap();
    }
    within(host.call("echo", &[json!(SECRET)])).await.unwrap().unwrap();
    within(host.call("crash", &[])).await.unwrap().unwrap_err();
    let stranger = within(plugin.connect_as(None)).await;
    if let Ok(stranger) = stranger {
        within(stranger.schema()).await.unwrap_err();
    }
    if level != "OFF" {
        within(plugin.logged("refused a connection")).await.unwrap();
    }
    within(host.shutdown()).await.unwrap();
    drop(host);
    within(plugin.log_to_end()).await
}

const MISCHIEF: [&str; 5] = ["panic", "warn", "fail", "nan", "validator panic"];

#[tokio::test]
async fn every_line_is_what_hosts_parse() {
    let log = day("TRACE", &MISCHIEF).await;
    for line in log.lines() {
        let line: Json = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(line["@message"].is_string() && line["@module"].is_string(), "{line}");
        assert!(["trace", "debug", "info", "warn", "error"].contains(&line["@level"].as_str().unwrap()));
        let timestamp = line["@timestamp"].as_str().unwrap();
        let fraction = timestamp.split_once('.').unwrap().1;
        assert!(fraction.len() == 7 && fraction.ends_with('Z'), "six digits: {timestamp}");
    }
    assert!(log.lines().count() > 20, "{log}");
}

/// A person who searches a log for one request finds what the provider's own code wrote too.
#[tokio::test]
async fn the_lines_of_one_call_have_its_keys() {
    let log = day("TRACE", &["warn"]).await;
    let lines: Vec<Json> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let own = lines.iter().find(|line| line["@message"] == "reads").unwrap();
    assert_eq!(own["@module"], "provider");
    assert_eq!(own["tf_rpc"], "ReadDataSource");
    assert_eq!(own["tf_data_source_type"], "unruly_reading");
    assert_eq!(own["tf_provider_addr"], "registry.terraform.io/example/unruly");
    let same_call = lines.iter().filter(|line| line["tf_req_id"] == own["tf_req_id"]);
    let messages: Vec<_> = same_call.map(|line| line["@message"].as_str().unwrap()).collect();
    assert_eq!(
        messages,
        ["received request", "reads", "response contains warning diagnostic", "served request"]
    );
}

#[tokio::test]
async fn the_host_turns_logs_off() {
    assert_eq!(day("OFF", &MISCHIEF).await, "");
}

#[tokio::test]
async fn secrets_are_in_no_log_and_the_search_would_find_one() {
    let mut mischief = MISCHIEF.to_vec();
    assert!(!day("TRACE", &mischief).await.contains(SECRET));
    mischief.push("leak");
    assert!(day("TRACE", &mischief).await.contains(SECRET), "the search finds what is planted");
}
