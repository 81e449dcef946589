use super::*;
use crate::network::wire::TransportError;
use crate::settings::arguments::{Arguments, AssumeRole};
use crate::settings::environment::Environment;
use crate::testing::{Act, THINGS, arguments, client};

const HOME: &str = "https://iotda-mgmt.cn-north-4.myhuaweicloud.com";

/// The endpoints in use as `service url`, followed by `credentials` and `project` if used for these.
fn described(arguments: &Arguments) -> Vec<String> {
    let (client, journal) = client(arguments, &Environment::empty(), |_, _| Act::ok("{}"));
    let description = client.describe(THINGS, None).unwrap();
    assert_eq!(journal.len(), 0);
    let word = |word: &'static str, holds: bool| if holds { word } else { "" };
    let places = description.endpoints.iter().map(|place| {
        let purposes = [word("credentials", place.for_credentials), word("project", place.for_project)];
        format!("{} {} {}", place.service.key, place.url, purposes.join(" ").trim()).trim().to_owned()
    });
    places.collect()
}

#[test]
fn each_endpoint_is_described_once_with_what_it_is_asked_for() {
    let agency = |domain_id: Option<&str>, domain_name: Option<&str>| AssumeRole {
        agency_name: Some("a".into()),
        domain_id: domain_id.map(str::to_owned),
        domain_name: domain_name.map(str::to_owned),
        ..AssumeRole::default()
    };
    let given = Arguments { project_id: Some("p".into()), ..arguments() };
    let by_name = vec![agency(None, Some("d"))];
    let both = vec![agency(None, Some("d")), agency(Some("d"), None)];
    let mut two = Arguments { assume_role: by_name.clone(), ..arguments() };
    two.auth_url = Some("https://a.example.com/v3".into());
    two.endpoints.insert("iam".into(), "https://b.example.com/under".into());
    let login = Arguments {
        region: Some("cn-north-4".into()),
        user_name: Some("u".into()),
        password: Some("p".into()),
        domain_name: Some("d".into()),
        ..Arguments::default()
    };
    let iam = "iam https://iam.cn-north-4.myhuaweicloud.com";
    let sts = "sts https://sts.cn-north-4.myhuaweicloud.com credentials";
    let things = format!("things {HOME}");
    for (arguments, expected) in [
        (given.clone(), vec![things.clone()]),
        (arguments(), vec![things.clone(), format!("{iam} project")]),
        (login, vec![things.clone(), format!("{iam} credentials")]),
        (
            Arguments { assume_role: by_name, ..arguments() },
            vec![things.clone(), format!("{iam} credentials project")],
        ),
        (
            Arguments { assume_role: both, ..given },
            vec![things.clone(), format!("{iam} credentials"), sts.to_owned()],
        ),
        // `auth_url` serves accounts and projects; agencies are assumed at the endpoint.
        (
            two,
            vec![
                things.clone(),
                "iam https://a.example.com credentials project".to_owned(),
                "iam https://b.example.com/under credentials".to_owned(),
            ],
        ),
        (
            Arguments { region: Some("r".into()), project_id: Some("p".into()), ..Arguments::default() },
            vec![
                "things https://iotda-mgmt.r.myhuaweicloud.com".to_owned(),
                "metadata http://169.254.169.254 credentials".to_owned(),
            ],
        ),
    ] {
        assert_eq!(described(&arguments), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_place_is_reached_by_any_answer_to_one_request_without_credentials() {
    let refused = || TransportError::new(Kind::Connect, "No.", true);
    for (act, reached) in [
        (Act::status(500), true),
        (Act::status(401), true),
        (Act::ok("{}"), true),
        (Act::Fail(refused()), false),
    ] {
        let act = std::sync::Mutex::new(Some(act));
        let (client, journal) =
            client(&arguments(), &Environment::empty(), move |_, _| act.lock().unwrap().take().unwrap());
        let description = client.describe(THINGS, None).unwrap();
        let place = &description.endpoints[0];
        let result = client.reach(place, None).await;
        assert_eq!(result.is_ok(), reached);
        assert!(result.err().is_none_or(|error| place.concerns(&error)));
        assert_eq!(
            (journal.urls(), journal.headers("authorization")),
            (vec![HOME.into()], vec![String::new()])
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_clock_is_that_of_the_last_answer() {
    let dated = |date: &str| Act::Respond(200, vec![("date", date.to_owned())], String::new());
    let (client, _) = client(&arguments(), &Environment::empty(), move |number, _| match number {
        0 => Act::status(200),
        1 => dated("Mon, 15 Jan 2024 09:40:45 GMT"),
        _ => dated("Mon, 15 Jan 2024 09:30:40 GMT"),
    });
    let description = client.describe(THINGS, None).unwrap();
    for expected in [None, Some(600), Some(-5)] {
        client.reach(&description.endpoints[0], None).await.unwrap();
        assert_eq!(client.clock_difference(), expected);
    }
}
