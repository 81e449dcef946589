//! The function `mqtt_credentials`.

use std::fmt::Write as _;

use huaweicloud::ExposeSecret as _;
use ring::hmac;
use tfplug::{Function, FunctionError, Object, Secret};
use time::{Date, Month};

/// What a device gives in the MQTT CONNECT packet: client ID, user name and password.
///
/// The password is made of the device's secret and an hour, which the platform may check. Source: the API reference's page
/// on MQTT CONNECT (`iot_06_v5_3009`).
#[derive(Object)]
#[tf(arguments)]
pub(super) struct MqttCredentials {
    /// Device ID.
    device_id: String,
    /// Secret of the device. Where it is sensitive, so is the result.
    secret: Secret,
    /// Hour in UTC, as `YYYYMMDDHH`: `2024011509`.
    timestamp: String,
    /// Whether the platform shall check the hour. It then refuses credentials that are too old.
    verify_timestamp: bool,
}

/// What a device gives in the MQTT CONNECT packet.
#[derive(Default, PartialEq, Object)]
#[tf(computed)]
pub(super) struct Credentials {
    /// Client ID.
    client_id: String,
    /// User name: the device ID.
    username: String,
    /// Password: in lower-case hexadecimal digits, the HMAC-SHA256 of the secret, with the hour as the key.
    password: String,
}

impl Function for MqttCredentials {
    type Output = Credentials;
    const NAME: &'static str = "mqtt_credentials";

    fn call(self) -> Result<Credentials, FunctionError> {
        let Self { device_id, secret, timestamp, verify_timestamp } = self;
        if device_id.is_empty() {
            return Err(FunctionError::at("device_id", "The device ID must not be empty."));
        }
        if secret.expose_secret().is_empty() {
            return Err(FunctionError::at("secret", "The secret must not be empty."));
        }
        if !is_hour(&timestamp) {
            let text = "The timestamp must be an hour in UTC as YYYYMMDDHH, such as 2024011509; formatdate(\"YYYYMMDDhh\", \
                        time) writes it.";
            return Err(FunctionError::at("timestamp", text));
        }
        let key = hmac::Key::new(hmac::HMAC_SHA256, timestamp.as_bytes());
        let signature = hmac::sign(&key, secret.expose_secret().as_bytes());
        let mut password = String::with_capacity(64);
        for byte in signature.as_ref() {
            // Writing to a String cannot fail.
            let _ = write!(password, "{byte:02x}");
        }
        let client_id = format!("{device_id}_0_{}_{timestamp}", u8::from(verify_timestamp));
        Ok(Credentials { client_id, username: device_id, password })
    }
}

/// Whether a text is an hour of a day that exists, as `YYYYMMDDHH`.
fn is_hour(text: &str) -> bool {
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u8>().ok());
    let digits = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    let year = text.get(0..4).and_then(|digits| digits.parse::<i32>().ok());
    let (Some(year), Some(month), Some(day), Some(hour)) = (year, number(4..6), number(6..8), number(8..10))
    else {
        return false;
    };
    let date = Month::try_from(month).and_then(|month| Date::from_calendar_date(year, month, day));
    digits && date.is_ok() && hour < 24
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(
        device_id: &str,
        secret: &str,
        timestamp: &str,
        verify: bool,
    ) -> Result<Credentials, FunctionError> {
        let (device_id, timestamp) = (device_id.to_owned(), timestamp.to_owned());
        MqttCredentials { device_id, secret: secret.into(), timestamp, verify_timestamp: verify }.call()
    }

    #[test]
    fn the_documented_vector() {
        let credentials = call("device", "secret", "2024011509", false).unwrap();
        assert_eq!(credentials.client_id, "device_0_0_2024011509");
        assert_eq!(credentials.username, "device");
        assert_eq!(credentials.password, "d5fe40038f2204994e928108c667b0a6a546d17d51900c80618b5e85912305d3");
        assert_eq!(call("device", "secret", "2024011509", true).unwrap().client_id, "device_0_1_2024011509");
    }

    #[test]
    fn bad_arguments_are_named() {
        for (device_id, secret, timestamp, argument) in [
            ("", "secret", "2024011509", "device_id"),
            ("device", "", "2024011509", "secret"),
            ("device", "secret", "", "timestamp"),
            ("device", "secret", "20240115", "timestamp"),
            ("device", "secret", "2024011524", "timestamp"),
            ("device", "secret", "2024023009", "timestamp"),
            ("device", "secret", "2024131509", "timestamp"),
            ("device", "secret", "+024011509", "timestamp"),
            ("device", "secret", "２０２４011509", "timestamp"),
        ] {
            assert_eq!(
                call(device_id, secret, timestamp, true).err().unwrap().argument,
                Some(argument),
                "{timestamp}"
            );
        }
    }
}
