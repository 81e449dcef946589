//! The functions, whose results depend only on their arguments.

mod mqtt_credentials;

use tfplug::Functions;

/// Returns all functions of the provider.
pub(super) fn all() -> Functions {
    Functions::new().with::<mqtt_credentials::MqttCredentials>()
}
