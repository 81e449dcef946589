//! Instances made up by rule: the same project and number always give the same instance.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::macros::datetime;

use super::account::Project;
use crate::cloud::clock::second_timestamp;
use crate::hex::hex;

/// The id of the synthetic instance of this number, counted from 0, in a project.
pub fn instance_id(project_id: &str, number: usize) -> String {
    let digest = hex(&Sha256::digest(format!("{project_id}/{number}")));
    let mut id = String::with_capacity(36);
    for (index, digit) in digest.chars().take(32).enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            id.push('-');
        }
        id.push(digit);
    }
    id
}

/// Three in four are standard, the fourth is an enterprise instance with a network of its own. Of ten, eight are
/// active, one is frozen and one is being changed.
pub(super) fn instance(project: &Project, number: usize) -> Value {
    let id = instance_id(&project.id, number);
    let enterprise = number % 4 == 3;
    let prepaid = number.is_multiple_of(3);
    let status = match number % 10 {
        7 => "FROZEN",
        8 => "MODIFYING",
        _ => "ACTIVE",
    };
    let days = i64::try_from(number).unwrap_or(i64::MAX).min(9_000);
    let created = datetime!(2024-01-15 09:30:45 UTC) + time::Duration::days(days);
    json!({
        "instance_type": if enterprise { "enterprise" } else { "standard" },
        "instance_id": id,
        "charge_mode": if prepaid { "prePaid" } else { "postPaid" },
        "name": format!("synthetic-{number:04}"),
        "flavor": if enterprise {
            json!({ "type": "iotda.enterprise.e1", "size": null })
        } else {
            json!({ "type": "iotda.standard.s1", "size": 1 + number % 3 })
        },
        "status": status,
        "region_id": project.region(),
        "create_time": second_timestamp(created),
        "update_time": second_timestamp(created + time::Duration::hours(1)),
        "description": format!("Synthetic instance {number} of {}.", project.region()),
        "access_infos": access_infos(project, &id, enterprise, number),
        "enterprise_project_id": "0",
        "tags": tags(number),
        "order_id": prepaid.then(|| format!("CS24011509300{number:04}")),
        "operate_window": (number.is_multiple_of(2)).then(|| json!({ "start_time": "22:00", "end_time": "24:00" })),
        "additional_params": enterprise.then(|| additional_params(number)),
    })
}

fn tags(number: usize) -> Value {
    match number % 5 {
        4 => Value::Null,
        3 => json!([{ "key": "stage", "value": null }]),
        _ => json!([
            { "key": "stage", "value": if number.is_multiple_of(2) { "production" } else { "test" } },
            { "key": "line", "value": format!("{}", number % 7) },
        ]),
    }
}

fn access_infos(project: &Project, id: &str, enterprise: bool, number: usize) -> Value {
    let host = |kind: &str| {
        let short = id.get(..10).unwrap_or(id).replace('-', "");
        let edition = if enterprise { "ent" } else { "st1" };
        format!("{short}.{edition}.iotda-{kind}.{}.myhuaweicloud.com", project.region())
    };
    let access = |kind: &str, port: u16, plain: Option<u16>, websocket: Option<u16>, part: &str| {
        let octet = number % 200 + 1;
        json!({
            "type": kind,
            "port": port,
            "non_tls_port": plain,
            "websocket_port": websocket,
            "domain_name": host(part),
            "private_addresses": if enterprise { json!([format!("192.168.{octet}.10")]) } else { json!([]) },
            "public_address": [format!("203.0.113.{octet}")],
            "ipv6_address": [],
            "ip_whitelist": (enterprise && part == "app").then(|| json!({
                "enable": true,
                "allow_list": [{ "address": format!("198.51.100.{octet}"), "description": "office" }],
            })),
        })
    };
    json!([
        access("APP_HTTPS", 443, None, None, "app"),
        access("APP_AMQP", 5671, None, None, "app"),
        access("DEVICE_MQTT", 8883, Some(1883), Some(443), "device"),
        access("DEVICE_COAP", 5684, Some(5683), None, "device"),
        access("DEVICE_HTTPS", 443, None, None, "device"),
    ])
}

fn additional_params(number: usize) -> Value {
    json!({
        "vpc_id": format!("3b1c1a5e-0000-4000-8000-{number:012x}"),
        "subnet_id": format!("5c2d1a5e-0000-4000-8000-{number:012x}"),
        "security_group_id": format!("7e3f1a5e-0000-4000-8000-{number:012x}"),
        "ciphering_algorithm": "COMMON_ALGORITHM",
        "forwarding_info": { "eip": "203.0.113.250", "enable_snat": number % 8 == 3 },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_gives_the_same_instance() {
        let project = Project::new("a1", "cn-north-4");
        assert_eq!(instance(&project, 3), instance(&project, 3));
        assert_ne!(instance_id("a1", 3), instance_id("a2", 3));
        let id = instance_id("a1", 0);
        assert!(id.len() == 36 && id.chars().all(|it| it == '-' || it.is_ascii_hexdigit()), "{id}");
    }
}
