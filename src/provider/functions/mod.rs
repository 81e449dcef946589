//! The functions: computed from their arguments alone.

mod mqtt_credentials;

use tfplug::Functions;

/// All functions of the provider.
pub(super) fn all() -> Functions {
    Functions::new().with::<mqtt_credentials::MqttCredentials>()
}
