//! The instance API.

use iotda_emulator::{Config, Emulator, StatusStep, ids};
use serde_json::{Value, json};

use crate::client::{Call, Key};

const EXAMPLE: &str = include_str!("../../src/cloud/estate/example_instance.json");

fn instances(project: &str) -> String {
    format!("/v5/iot/{project}/iotda-instances")
}

fn read(cloud: &Emulator, below: &str) -> Value {
    let response = Call::get(instances(ids::PROJECT_ID) + below).signed(&Key::demo()).send(cloud);
    assert_eq!(response.status, 200, "{}", response.text());
    response.json()
}

#[test]
fn the_documentations_instance_is_answered_to_the_byte() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let target = format!("{}/{}", instances(ids::PROJECT_ID), ids::INSTANCE_ID);
    let response = Call::get(&target).signed(&Key::demo()).send(&cloud);
    assert_eq!((response.status, response.text()), (200, EXAMPLE.trim_end()));
    assert!(response.header("x-request-id").is_some_and(|id| id.len() == 32));

    let requests = cloud.requests();
    let [request] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", target.as_str()));
    assert_eq!((request.status, request.connection_id), (Some(200), 1));
    assert!(request.header("authorization").is_some_and(|it| it.contains(ids::ACCESS_KEY)));
    assert_eq!((cloud.connections(), cloud.max_in_flight()), (1, 1));
}

#[test]
fn the_list_has_newest_first_and_only_its_own_fields() {
    let cloud = Emulator::start(Config::default().instances(3)).unwrap();
    let list = read(&cloud, "");
    assert_eq!(list["count"], 4);
    let names: Vec<_> = list["instances"].as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
    assert_eq!(names, ["synthetic-0002", "synthetic-0001", "synthetic-0000", "iotda_instance"]);
    let oldest = &list["instances"][3];
    assert_eq!(oldest["enterprise_project_id"], "d22e47e9-cfad-4254-8a29-d2a56a07681d");
    assert!(oldest.get("tags").is_none() && oldest.get("access_infos").is_none());
}

#[test]
fn the_list_filters_loosely_by_name_and_exactly_by_type() {
    let cloud = Emulator::start(Config::default().instances(8)).unwrap();
    assert_eq!(read(&cloud, "?name=SYNTH")["count"], 8);
    assert_eq!(read(&cloud, "?name=0003")["count"], 1);
    assert_eq!(read(&cloud, "?instance_type=enterprise")["count"], 2);
    assert_eq!(read(&cloud, "?name=nothing"), json!({ "count": 0, "marker": null, "instances": [] }));
}

#[test]
fn pages_go_on_from_the_marker() {
    for (synthetic, pages) in [(499, vec![500, 0]), (500, vec![500, 1, 0]), (1100, vec![500, 500, 101, 0])] {
        let cloud = Emulator::start(Config::default().instances(synthetic)).unwrap();
        let (mut below, mut sizes) = (String::new(), Vec::new());
        loop {
            let page = read(&cloud, &below);
            assert_eq!(page["count"], synthetic + 1);
            sizes.push(page["instances"].as_array().unwrap().len());
            let Some(marker) = page["marker"].as_str() else { break };
            below = format!("?marker={marker}");
        }
        assert_eq!(sizes, pages);
    }
}

#[test]
fn parameters_out_of_range_have_their_codes() {
    let cloud = Emulator::start(Config::default()).unwrap();
    for (query, code) in
        [("limit=501", "IOTDA.000017"), ("marker=x", "IOTDA.000018"), ("offset=501", "IOTDA.000006")]
    {
        let target = format!("{}?{query}", instances(ids::PROJECT_ID));
        let response = Call::get(target).signed(&Key::demo()).send(&cloud);
        assert_eq!((response.status, response.error_code().as_str()), (400, code));
    }
}

#[test]
fn what_is_not_there_is_told_from_what_is_not_an_api() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let base = instances(ids::PROJECT_ID);
    for (target, status, code) in [
        (format!("{base}/00000000-0000-0000-0000-000000000000"), 404, "IOTDA.000006"),
        (format!("{base}/NOT-AN-ID"), 400, "IOTDA.000006"),
        (format!("{base}/{}/nothing", ids::INSTANCE_ID), 404, "APIGW.0101"),
        ("/v5/iot".to_owned(), 404, "APIGW.0101"),
        (instances(ids::PARTNER_PROJECT_ID), 403, "IOTDA.000021"),
        (instances("no-such-project"), 403, "IOTDA.000021"),
    ] {
        let response = Call::get(&target).signed(&Key::demo()).send(&cloud);
        assert_eq!((response.status, response.error_code().as_str()), (status, code), "{target}");
    }
}

#[test]
fn nothing_but_reading_is_offered() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let target = format!("{}/{}", instances(ids::PROJECT_ID), ids::INSTANCE_ID);
    for method in ["PUT", "POST", "DELETE", "PATCH"] {
        let response = Call::new(method, &target).signed(&Key::demo()).send(&cloud);
        assert_eq!((response.status, response.error_code().as_str()), (405, "APIGW.0101"));
    }
    let methods: Vec<_> = cloud.requests().into_iter().map(|it| it.method).collect();
    assert_eq!(methods, ["PUT", "POST", "DELETE", "PATCH"]);
}

#[test]
fn flavors_are_paged_and_filtered() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let page = read(&cloud, "/flavors?instance_type=standard&limit=3");
    assert_eq!((&page["page"]["count"], page["flavors"].as_array().unwrap().len()), (&json!(4), 3));
    let rest = format!("/flavors?instance_type=standard&marker={}", page["page"]["marker"].as_str().unwrap());
    assert_eq!(read(&cloud, &rest)["flavors"][0]["type"], "iotda.standard.s0");
}

#[test]
fn tasks_are_listed_newest_first_and_shown_with_their_progress() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let task = |id: &str| json!({ "task_id": id, "type": "MODIFY", "status": "RUNNING", "progress": 40 });
    cloud.set_tasks(ids::PROJECT_ID, ids::INSTANCE_ID, [task("1"), task("2")]).unwrap();
    let tasks = format!("/{}/tasks", ids::INSTANCE_ID);
    let page = read(&cloud, &tasks);
    assert_eq!(page["page"]["count"], 2);
    assert_eq!(page["tasks"][0], json!({ "task_id": "2", "type": "MODIFY", "status": "RUNNING" }));
    assert_eq!(read(&cloud, &format!("{tasks}/1"))["progress"], 40);
    let missing = Call::get(format!("{}{tasks}/3", instances(ids::PROJECT_ID))).signed(&Key::demo());
    assert_eq!(missing.send(&cloud).status, 404);
}

#[test]
fn the_list_of_tasks_has_the_newest_twenty_and_counts_all() {
    let cloud = Emulator::start(Config::default()).unwrap();
    let all = (1..=25).map(|number| json!({ "task_id": number.to_string() }));
    cloud.set_tasks(ids::PROJECT_ID, ids::INSTANCE_ID, all).unwrap();
    let tasks = format!("/{}/tasks", ids::INSTANCE_ID);
    let page = read(&cloud, &tasks);
    let listed: Vec<_> = page["tasks"].as_array().unwrap().iter().map(|it| it["task_id"].clone()).collect();
    assert_eq!((listed.len(), &listed[0], &listed[19]), (20, &json!("25"), &json!("6")));
    assert_eq!(page["page"]["count"], 25);
    let next = format!("{tasks}?marker={}", page["page"]["marker"].as_str().unwrap());
    assert_eq!(read(&cloud, &next)["tasks"], json!([]));
    assert_eq!(read(&cloud, &format!("{tasks}/1"))["task_id"], "1");
}

#[test]
fn instances_come_go_and_change_while_it_runs() {
    let cloud = Emulator::start(Config::default().instances(0)).unwrap();
    let below = format!("/{}", ids::INSTANCE_ID);
    let steps = [StatusStep::new("CREATING", 1), StatusStep::new("ACTIVE", 1)];
    cloud.script_status(ids::PROJECT_ID, ids::INSTANCE_ID, steps).unwrap();
    let statuses: Vec<_> = (0..3).map(|_| read(&cloud, &below)["status"].clone()).collect();
    assert_eq!(statuses, ["CREATING", "ACTIVE", "ACTIVE"]);

    let text = r#"{ "instance_id": "ab", "odd":   1.50 }"#;
    cloud.put_instance(ids::PROJECT_ID, text).unwrap();
    let target = instances(ids::PROJECT_ID) + "/ab";
    assert_eq!(Call::get(&target).signed(&Key::demo()).send(&cloud).text(), text);
    cloud.remove_instance(ids::PROJECT_ID, "ab").unwrap();
    assert_eq!(Call::get(&target).signed(&Key::demo()).send(&cloud).status, 404);
    let error = cloud.remove_instance(ids::PROJECT_ID, "ab").unwrap_err();
    assert_eq!(error.to_string(), "there is no instance `ab`");
    assert!(cloud.put_instance("nowhere", text).unwrap_err().to_string().contains("nowhere"));
}
