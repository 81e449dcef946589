//! What a server says reaches the user harmless and short, wherever it says it.

use iotda_emulator::{Answer, Config, Fault, Rule, ids};
use serde_json::{Value as Json, json};

use super::{Provider, SOURCES, cloud, error_of, harmless};

const ESCAPES: &str = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}\u{200b}\r\n";

async fn told(body: Vec<u8>, status: u16, source: (&str, &str)) -> Vec<tfplug::Diagnostic> {
    let provider = Provider::start().await;
    let answer = Answer::new(status).header("x-request-id", "r".repeat(4_000)).json(body);
    let cloud = cloud(Config::default().fault(Rule::new(Fault::Answer(answer))));
    provider.configure(&cloud, &json!({"max_retries": 0})).await;
    let read = provider.read(source).await;
    let told: Vec<_> = read.diagnostics.iter().cloned().collect();
    assert!(!told.is_empty(), "there is something to tell");
    told.iter().for_each(harmless);
    provider.ends_without_a_trace_of(&cloud).await;
    told
}

#[tokio::test]
async fn errors_of_every_shape() {
    let long = format!("{ESCAPES}{}", "A".repeat(1 << 20));
    let shapes: Vec<Vec<u8>> = vec![
        json!({"error_code": long, "error_msg": long, "request_id": long}).to_string().into(),
        json!({"error": {"code": 400, "message": long, "title": long}}).to_string().into(),
        json!({"code": long, "message": long}).to_string().into(),
        json!({"error_msg": "x", "details": vec![json!({"error_msg": long}); 5]}).to_string().into(),
        format!("<html><title>{long}</title></html>").into(),
        long.clone().into(),
        [b"\xff\xfe\x1b[2J".to_vec(), vec![0xff; 1 << 20]].concat(),
        [&b"\0"[..]; 100_000].concat(),
    ];
    for body in shapes {
        for status in [400, 500] {
            let told = told(body.clone(), status, SOURCES[0]).await;
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(!told[0].detail.contains('\u{7}'));
        }
    }
}

/// Where there is no error, what an instance is called and how it is doing still are a server's words.
#[tokio::test]
async fn warnings_and_lists_of_candidates() {
    let long = format!("{ESCAPES}{}", "A".repeat(100_000));
    let twice = json!({"type": long, "port": 1});
    let instance = json!({"instance_id": ids::INSTANCE_ID, "status": long, "access_infos": [twice, twice]});
    let warnings = told(instance.to_string().into(), 200, SOURCES[0]).await;
    assert!(warnings.iter().any(|warning| warning.summary.contains("twice")), "{warnings:?}");
    let no_address = json!({"instance_id": ids::INSTANCE_ID, "status": long});
    told(no_address.to_string().into(), 200, SOURCES[0]).await;
    let near: Vec<Json> =
        (0..30).map(|number| json!({"instance_id": format!("{number}{long}"), "name": long})).collect();
    let list = json!({"count": 30, "instances": near});
    let candidates = told(list.to_string().into(), 200, SOURCES[1]).await;
    assert_eq!(candidates[0].summary, "No instance has this name");
    // The list names instances that are then asked for by their ids.
    let details = told(list.to_string().into(), 200, SOURCES[2]).await;
    assert!(!details.is_empty());
}

/// As long as `wait_until_active` waits, and when it gives up.
#[tokio::test]
async fn a_wait_that_is_hopeless() {
    let provider = Provider::start().await;
    let cloud = cloud(Config::default());
    let failed = json!({"instance_id": "0a", "status": "FAILED"}).to_string();
    cloud.fail(Rule::new(Fault::Answer(Answer::new(200).json(failed))).times(1));
    let long = format!("{ESCAPES}{}", "A".repeat(100_000));
    let task = json!({"task_id": "t", "type": long, "status": long, "status_detail": long});
    let tasks = json!({"page": {"count": 1}, "tasks": [task]}).to_string();
    cloud.fail(Rule::new(Fault::Answer(Answer::new(200).json(tasks))));
    provider.configure(&cloud, &json!({})).await;
    let source = (SOURCES[0].0, r#"{"instance_id": "0a", "wait_until_active": true}"#);
    let read = provider.read(source).await;
    assert_eq!(error_of(&read).summary, "The instance cannot become active");
    provider.ends_without_a_trace_of(&cloud).await;
}

/// Some MiB of nothing much must not become hundreds.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_body_of_countless_small_things_stays_small() {
    let filled = |name: &str, with: &str| {
        let elements = vec![with; (4 << 20) / (with.len() + 1)].join(",");
        format!("{{\"{name}\":[{elements}]}}")
    };
    for (status, body) in [
        (200, filled("access_infos", "{}")),
        (200, filled("tags", "{}")),
        (200, filled("x", "[]")),
        (400, filled("details", "{}")),
        (200, format!("{{\"x\":{}{}}}", "[".repeat(1 << 21), "]".repeat(1 << 21))),
    ] {
        let provider = Provider::quiet().await;
        let answer = Answer::new(status).json(body);
        let cloud = cloud(Config::default().fault(Rule::new(Fault::Answer(answer))));
        provider.configure(&cloud, &json!({"max_retries": 0})).await;
        let read = provider.read(SOURCES[0]).await;
        read.diagnostics.iter().for_each(harmless);
        let peak = super::load::memory(provider.id(), "VmHWM:");
        assert!(peak < 64 << 20, "{status}: {} MiB", peak >> 20);
    }
}
