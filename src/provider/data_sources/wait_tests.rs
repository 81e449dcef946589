use super::*;
use crate::iotda::Instances;
use crate::provider::client::ProviderClient;
use huaweicloud::testing::{Act, Journal, arguments, client};
use huaweicloud::{Environment, Scope};

const ID: &str = "8561675c-d8a3-4956-9884-9cf9cbdd3134";

/// Serves an instance with one failed task. Each poll returns the next of these statuses; the last one repeats.
fn instance(statuses: &'static [&'static str]) -> (ProviderClient, Journal) {
    let arguments = huaweicloud::Arguments { project_id: Some("p".into()), ..arguments() };
    let looks = std::sync::atomic::AtomicUsize::new(0);
    let (client, journal) = client(&arguments, &Environment::empty(), move |_, request| {
        if request.url.contains("/tasks") {
            let tasks = r#"[{"type":"CREATE","status":"FAILED","status_detail":"no\u001b[31m capacity",
                "create_time":"2023-01-28T06:57:52.123Z"}, {"type":"DELETE","create_time":"2023-01-01T00:00:00.000Z"}]"#;
            return Act::ok(&format!(r#"{{"tasks":{tasks},"page":{{"count":2}}}}"#));
        }
        let look = looks.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let status = statuses.get(look).or(statuses.last()).unwrap();
        Act::ok(&format!(r#"{{"instance_id":"{ID}","status":"{status}","order_id":"CS1"}}"#))
    });
    (ProviderClient::new(client), journal)
}

async fn wait_for(shared: &ProviderClient, deadline: Option<Instant>) -> Result<Instance, Diagnostics> {
    let instances = Instances { client: &shared.cloud, scope: Scope { region: None, deadline } };
    Wait::new(Reading { instances, shared }, ID).until_active().await
}

async fn wait(
    statuses: &'static [&'static str],
    limit: Duration,
) -> (Result<Instance, Diagnostics>, usize, Duration) {
    let (client, journal) = instance(statuses);
    let start = Instant::now();
    let result = wait_for(&client, Some(start + limit)).await;
    let looks = journal.urls().iter().filter(|url| !url.contains("/tasks")).count();
    (result, looks, start.elapsed())
}

fn detail(result: Result<Instance, Diagnostics>) -> String {
    result.unwrap_err().iter().next().unwrap().detail.clone()
}

#[tokio::test(start_paused = true)]
async fn an_active_instance_is_not_waited_for() {
    let (result, looks, elapsed) = wait(&["ACTIVE"], WAIT).await;
    assert_eq!((result.unwrap().status.as_deref(), looks), (Some("ACTIVE"), 1));
    assert!(elapsed < Duration::from_secs(1));
}

const WAIT: Duration = Duration::from_mins(30);

#[tokio::test(start_paused = true)]
async fn an_instance_is_looked_at_about_every_ten_seconds() {
    let (result, looks, elapsed) =
        wait(&["CREATING", "MODIFYING", "TRADING", "QUITE_NEW", "", "ACTIVE"], WAIT).await;
    assert_eq!((result.unwrap().status.as_deref(), looks), (Some("ACTIVE"), 6));
    assert!((Duration::from_secs(45)..=Duration::from_secs(56)).contains(&elapsed), "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_hopeless_status_ends_the_wait_with_the_words_of_the_newest_task() {
    for statuses in [&["CREATING", "FAILED"], &["MODIFYING", "MODIFY_FAILED"], &["ACTIVATING", "FROZEN"]] {
        let (result, looks, _) = wait(statuses, WAIT).await;
        let detail = detail(result);
        assert_eq!(looks, 2);
        assert!(
            detail.contains(statuses[1]) && detail.contains("CREATE") && detail.contains("capacity"),
            "{detail}"
        );
        assert!(!detail.contains('\u{1b}'), "{detail}");
    }
}

/// The status determines the error; the tasks only add details.
#[tokio::test(start_paused = true)]
async fn tasks_that_cannot_be_read_hold_up_no_end() {
    let arguments = huaweicloud::Arguments { project_id: Some("p".into()), ..arguments() };
    let (client, _) = client(&arguments, &Environment::empty(), |_, request| {
        if request.url.contains("/tasks") {
            Act::never()
        } else {
            Act::ok(&format!(r#"{{"instance_id":"{ID}","status":"FROZEN"}}"#))
        }
    });
    let start = Instant::now();
    let result = wait_for(&ProviderClient::new(client), Some(start + WAIT)).await;
    assert!(detail(result).contains("the status FROZEN"));
    assert!(start.elapsed() <= Duration::from_secs(6), "{:?}", start.elapsed());
}

/// The service requests a delay longer than the remaining time.
#[tokio::test(start_paused = true)]
async fn an_outage_at_the_end_leaves_the_status_and_the_order_told() {
    let arguments = huaweicloud::Arguments { project_id: Some("p".into()), ..arguments() };
    let (client, _) = client(&arguments, &Environment::empty(), |number, _| match number {
        0 => Act::ok(&format!(r#"{{"instance_id":"{ID}","status":"TRADING","order_id":"CS9"}}"#)),
        _ => Act::Respond(503, vec![("retry-after", "60".into())], String::new()),
    });
    let end = Some(Instant::now() + Duration::from_secs(20));
    let detail = detail(wait_for(&ProviderClient::new(client), end).await);
    for words in ["the status TRADING", "CS9", "HTTP status: 503", "longer than the time left"] {
        assert!(detail.contains(words), "{detail}");
    }
    assert!(!detail.contains("longer timeout"), "{detail}");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_the_wait_and_names_the_status() {
    let limit = Duration::from_secs(65);
    let (result, looks, elapsed) = wait(&["CREATING"], limit).await;
    assert!(detail(result).contains("still had the status CREATING after 65 s."));
    assert!((limit..limit + Duration::from_secs(1)).contains(&elapsed), "{elapsed:?}");
    assert!((6..=8).contains(&looks), "{looks}");
}

#[tokio::test(start_paused = true)]
async fn an_order_that_may_be_unpaid_is_named() {
    let (result, ..) = wait(&["TRADING"], Duration::from_secs(25)).await;
    assert!(detail(result).contains("order CS1 may not have been paid"));
}

/// A person sees the progress of the task, which the list of tasks does not contain.
#[tokio::test(start_paused = true)]
async fn the_progress_of_a_running_task_is_reported() {
    let arguments = huaweicloud::Arguments { project_id: Some("p".into()), ..arguments() };
    let polls = std::sync::atomic::AtomicUsize::new(0);
    let (client, journal) = client(&arguments, &Environment::empty(), move |_, request| {
        let task = |more: &str| format!(r#"{{"task_id":"t1","type":"CREATE","status":"RUNNING"{more}}}"#);
        if request.url.contains("/tasks/t1") {
            Act::ok(&task(r#","progress":40"#))
        } else if request.url.contains("/tasks") {
            Act::ok(&format!(r#"{{"tasks":[{}]}}"#, task("")))
        } else {
            let poll = polls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let status = if poll < 2 { "CREATING" } else { "ACTIVE" };
            Act::ok(&format!(r#"{{"instance_id":"{ID}","status":"{status}"}}"#))
        }
    });
    let client = ProviderClient::new(client);
    let mut progress = client.audience.follow();
    wait_for(&client, Some(Instant::now() + WAIT)).await.unwrap();
    let seen = progress.borrow_and_update().clone();
    assert_eq!(seen.status.as_deref(), Some("CREATING"));
    assert_eq!(seen.task, Some((Some("CREATE".to_owned()), Some("RUNNING".to_owned()), Some(40))));
    assert!(seen.elapsed < Duration::from_secs(1), "the second poll brought nothing new: {seen:?}");
    assert_eq!(journal.urls().iter().filter(|url| url.contains("/tasks/t1")).count(), 2);
}
