//! The function `mqtt_credentials`.

use huaweicloud::ExposeSecret as _;
use ring::hmac;
use tfplug::{Function, FunctionError, Object, Secret};
use time::PrimitiveDateTime;
use time::macros::format_description;

/// Maximum length of a client ID on the platform, in characters.
const MAX_CLIENT_ID: usize = 256;

/// Computes the client ID, user name and password for a device's MQTT CONNECT packet.
///
/// The password is derived from the device's secret and an hour, which the platform can check. Instances with the SM cipher
/// suite are not supported, because their passwords use SM3. Source: the page on MQTT CONNECT in the API reference
/// (`iot_06_v5_3009`).
#[derive(Object)]
#[tf(arguments)]
pub(super) struct MqttCredentials {
    /// ID of the device.
    device_id: String,
    /// Secret of the device. If it is sensitive, so is the result.
    secret: Secret,
    /// Hour in UTC, as `YYYYMMDDHH`, such as `2024011509`.
    timestamp: String,
    /// Whether the platform checks the timestamp and rejects outdated credentials. With `false`, the credentials never expire.
    verify_timestamp: bool,
}

/// Fields of a device's MQTT CONNECT packet.
#[derive(Default, PartialEq, Object)]
#[tf(computed)]
pub(super) struct Credentials {
    /// Client ID, such as `gateway-1_0_0_2024011509`.
    client_id: String,
    /// User name: the device ID.
    username: String,
    /// Password: the HMAC-SHA256 of the secret, keyed with the timestamp, in lower-case hexadecimal digits.
    password: String,
}

impl Function for MqttCredentials {
    type Output = Credentials;
    const NAME: &'static str = "mqtt_credentials";

    fn call(self) -> Result<Credentials, FunctionError> {
        let Self { device_id, secret, timestamp, verify_timestamp } = self;
        check_text("device_id", &device_id)?;
        check_text("secret", secret.expose_secret())?;
        if !is_hour(&timestamp) {
            let text = "The `timestamp` must be an hour in UTC as YYYYMMDDHH, such as 2024011509. \
                        formatdate(\"YYYYMMDDhh\", time) formats it.";
            return Err(FunctionError::at("timestamp", text));
        }
        let client_id = format!("{device_id}_0_{}_{timestamp}", u8::from(verify_timestamp));
        let length = client_id.chars().count();
        if length > MAX_CLIENT_ID {
            let text = format!(
                "The `device_id` is too long: the client ID would have {length} characters, and the limit is {MAX_CLIENT_ID}."
            );
            return Err(FunctionError::at("device_id", text));
        }
        let key = hmac::Key::new(hmac::HMAC_SHA256, timestamp.as_bytes());
        let signature = hmac::sign(&key, secret.expose_secret().as_bytes());
        let mut password = String::with_capacity(64);
        for byte in signature.as_ref() {
            password.push_str(&format!("{byte:02x}"));
        }
        Ok(Credentials { client_id, username: device_id, password })
    }
}

/// Rejects an empty text, or one with a copied line break or space: no device could connect with it. The message does
/// not contain the text, which may be the secret.
fn check_text(argument: &'static str, text: &str) -> Result<(), FunctionError> {
    let complaint = if text.is_empty() {
        "must not be empty"
    } else if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        "must not contain white space or control characters"
    } else {
        return Ok(());
    };
    Err(FunctionError::at(argument, format!("The `{argument}` {complaint}.")))
}

/// Returns whether a text is a valid hour, as `YYYYMMDDHH`. The format alone would accept a sign before the year.
fn is_hour(text: &str) -> bool {
    let format = format_description!("[year][month][day][hour]");
    text.bytes().all(|byte| byte.is_ascii_digit()) && PrimitiveDateTime::parse(text, format).is_ok()
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
    fn a_client_id_has_at_most_256_characters() {
        let credentials = call(&"d".repeat(256 - 15), "secret", "2024011509", false).unwrap();
        assert_eq!(credentials.client_id.len(), 256);
    }

    #[test]
    fn bad_arguments_are_named() {
        let long = "d".repeat(256 - 15 + 1);
        for (device_id, secret, timestamp, argument) in [
            ("", "secret", "2024011509", "device_id"),
            ("dev ice", "secret", "2024011509", "device_id"),
            ("device\u{7f}", "secret", "2024011509", "device_id"),
            (&long, "secret", "2024011509", "device_id"),
            ("device", "", "2024011509", "secret"),
            ("device", "secret\n", "2024011509", "secret"),
            ("device", "sec\u{3000}ret", "2024011509", "secret"),
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
