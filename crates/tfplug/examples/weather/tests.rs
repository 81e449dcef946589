//! How a provider is tested without a host.

use serde_json::json;
use tfplug::testing::Host;

#[tokio::test]
async fn a_station_has_sensors() {
    let host = Host::embed::<super::Weather>().await.unwrap();
    assert!(host.configure(&json!({"network": "south"})).await.unwrap().is_empty());
    let read = host.read("weather_station", &json!({"id": "12"})).await.unwrap();
    assert_eq!(read.state, json!({"id": "12", "sensors": {"rain": {"address": "12.south.example.com"}}}));
}

#[tokio::test]
async fn the_function_refuses_what_cannot_be() {
    let host = Host::embed::<super::Weather>().await.unwrap();
    assert_eq!(host.call("celsius", &[json!(212)]).await.unwrap(), Ok(json!(100.0)));
    let error = host.call("celsius", &[json!(-1000)]).await.unwrap().unwrap_err();
    assert_eq!(error.text, "Nothing is colder than -459.67 degrees Fahrenheit");
}
