//! How a provider is tested without Terraform.

use serde_json::json;
use tfplug::Value;
use tfplug::testing::Host;

use super::Weather;

/// A provider block with nothing in it.
async fn configured() -> Host {
    let host = Host::embed::<Weather>().await.unwrap();
    assert!(host.configure(&json!({})).await.unwrap().is_empty());
    host
}

#[test]
fn the_schemas_keep_the_rules_of_the_hosts() {
    assert_eq!(tfplug::testing::check::<Weather>(), Ok(()));
}

#[tokio::test]
async fn a_station_has_sensors_and_a_temperature_in_the_unit_asked_for() {
    let host = configured().await;
    let sensors = json!({"rain": {"address": "12.north.example.com"}});
    for (units, temperature) in [
        (json!(null), 20.0),
        (json!({}), 20.0),
        (json!({"temperature": "celsius"}), 20.0),
        (json!({"temperature": "fahrenheit"}), 68.0),
    ] {
        let read = host.read("weather_station", &json!({"id": "12", "units": units})).await.unwrap();
        assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
        assert_eq!((&read.state["temperature"], &read.state["sensors"]), (&json!(temperature), &sensors));
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_at_the_argument() {
    let host = configured().await;
    for (arguments, path, words) in [
        (json!({"id": "twelve"}), "id", "`id` must match the pattern `^[0-9]{1,6}$`, but is \"twelve\"."),
        (json!({"id": "404"}), "id", "The network north has no station 404."),
        (
            json!({"id": "12", "units": {"temperature": "kelvin"}}),
            "units.temperature",
            "`units.temperature` must be one of `celsius` or `fahrenheit`, but is \"kelvin\".",
        ),
    ] {
        let read = host.read("weather_station", &arguments).await.unwrap();
        let error = read.diagnostics.iter().next().unwrap();
        assert_eq!((&*error.detail, error.path.as_ref().unwrap().to_string()), (words, path.to_owned()));
    }
}

/// While planning, the network may come from what only apply makes.
#[tokio::test]
async fn a_network_that_is_not_known_yet_postpones_the_read() {
    let mut host = Host::embed::<Weather>().await.unwrap();
    let unknown = Value::Map([("network".to_owned(), Value::Unknown)].into());
    assert!(host.configure_value(&unknown).await.unwrap().is_empty());

    let refused = host.read("weather_station", &json!({"id": "12"})).await.unwrap();
    assert!(refused.diagnostics.iter().next().unwrap().detail.starts_with("`network` of the provider"));

    host.deferral_allowed = true;
    let postponed = host.read("weather_station", &json!({"id": "12"})).await.unwrap();
    let Value::Map(state) = postponed.value else { panic!("there is no state") };
    assert_eq!((postponed.deferred, &state["sensors"]), (true, &Value::Unknown));
    assert_eq!(state["id"], Value::String("12".to_owned()));
}

#[tokio::test]
async fn the_function_refuses_what_cannot_be() {
    let host = Host::embed::<Weather>().await.unwrap();
    assert_eq!(host.call("celsius", &[json!(212)]).await.unwrap(), Ok(json!(100.0)));
    let error = host.call("celsius", &[json!(-1000)]).await.unwrap().unwrap_err();
    assert_eq!(error.argument.as_deref(), Some("fahrenheit"));
    assert_eq!(error.text, "Nothing is colder than -459.67 degrees Fahrenheit");
}
