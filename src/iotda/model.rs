//! Responses of the instance API. Every field may be absent or null even if the documentation says otherwise,
//! enumerations are open strings, numbers are integers, and unknown fields are ignored.
//!
//! Sources: "Query Instance Details", Tables 2–10 (updated 2026-06-29), and the list operations of the same API.

use serde::Deserialize;

use huaweicloud::endpoints::is_host_name;
use huaweicloud::lenient::{list, object, objects};

/// An instance [Table 2].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Instance {
    /// `standard` or `enterprise`.
    pub instance_type: Option<String>,
    /// Up to 36 lower-case letters a–f, digits and hyphens.
    pub instance_id: Option<String>,
    /// `prePaid` (yearly or monthly) or `postPaid` (pay per use).
    pub charge_mode: Option<String>,
    /// 1 to 64 characters.
    pub name: Option<String>,
    /// Flavor.
    #[serde(deserialize_with = "object")]
    pub flavor: Option<Flavor>,
    /// `CREATING`, `ACTIVE`, `FROZEN`, `TRADING`, `MODIFYING`, `MODIFY_FAILED` or `FAILED`.
    pub status: Option<String>,
    /// Region the instance belongs to.
    pub region_id: Option<String>,
    /// At most 256 characters.
    pub description: Option<String>,
    /// Addresses of the instance, in the API's order.
    #[serde(deserialize_with = "objects")]
    pub access_infos: Option<Vec<AccessInfo>>,
    /// UTC, `2023-01-28T06:57:52Z`.
    pub create_time: Option<String>,
    /// UTC, `2023-01-28T06:57:52Z`.
    pub update_time: Option<String>,
    /// `0` is the default enterprise project.
    pub enterprise_project_id: Option<String>,
    /// Absent if the instance has none.
    #[serde(deserialize_with = "objects")]
    pub tags: Option<Vec<Tag>>,
    /// Order of a prepaid instance.
    pub order_id: Option<String>,
    /// Daily window in which the flavor can be changed.
    #[serde(deserialize_with = "object")]
    pub operate_window: Option<OperateWindow>,
    /// Network of an enterprise instance.
    #[serde(deserialize_with = "object")]
    pub additional_params: Option<AdditionalParams>,
}

/// Flavor [Table 3].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Flavor {
    /// Name such as `iotda.standard.s1`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Number of units.
    pub size: Option<i64>,
}

/// Access address of an instance [Table 4].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AccessInfo {
    /// `APP_HTTPS`, `APP_AMQP`, `APP_MQTT`, `DEVICE_COAP`, `DEVICE_MQTT` or `DEVICE_HTTPS`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Port with TLS.
    pub port: Option<i64>,
    /// Port without TLS; null if there is none.
    pub non_tls_port: Option<i64>,
    /// Port for MQTT over WebSocket; null if there is none.
    pub websocket_port: Option<i64>,
    /// Host name.
    pub domain_name: Option<String>,
    /// Addresses in the private network.
    #[serde(deserialize_with = "list")]
    pub private_addresses: Option<Vec<String>>,
    /// Public addresses; a list although the name is singular.
    #[serde(deserialize_with = "list")]
    pub public_address: Option<Vec<String>>,
    /// IPv6 addresses; a list although the name is singular.
    #[serde(deserialize_with = "list")]
    pub ipv6_address: Option<Vec<String>>,
    /// IP allow list. Only for application access to enterprise instances.
    #[serde(deserialize_with = "object")]
    pub ip_whitelist: Option<IpWhitelist>,
}

impl AccessInfo {
    /// Returns the domain name if it is a host name, without the trailing dot, which certificates do not match.
    pub fn host_name(&self) -> Option<&str> {
        let name = self.domain_name.as_deref()?;
        Some(name.strip_suffix('.').unwrap_or(name)).filter(|name| is_host_name(name))
    }
}

/// IP allow list [Table 5].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct IpWhitelist {
    /// Whether the list is enforced.
    pub enable: Option<bool>,
    /// Allowed addresses.
    #[serde(deserialize_with = "objects")]
    pub allow_list: Option<Vec<AllowedAddress>>,
}

/// Allowed address [Table 6].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct AllowedAddress {
    /// IP address or network (CIDR block).
    pub address: Option<String>,
    /// Description of the address.
    pub description: Option<String>,
}

/// Tag [Table 7].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Tag {
    /// Key of the tag.
    pub key: Option<String>,
    /// Value of the tag; may be empty or null.
    pub value: Option<String>,
}

/// Daily window [Table 8].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct OperateWindow {
    /// UTC, `HH:mm`.
    pub start_time: Option<String>,
    /// UTC, `HH:mm`; `24:00` is possible.
    pub end_time: Option<String>,
}

/// Network of an enterprise instance [Table 9].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AdditionalParams {
    /// ID of the VPC.
    pub vpc_id: Option<String>,
    /// ID of the subnet.
    pub subnet_id: Option<String>,
    /// ID of the security group.
    pub security_group_id: Option<String>,
    /// `COMMON_ALGORITHM` (RSA, SHA-256 …) or `SM_ALGORITHM` (SM2, SM3, SM4).
    pub ciphering_algorithm: Option<String>,
    /// Outbound (SNAT) access.
    #[serde(deserialize_with = "object")]
    pub forwarding_info: Option<ForwardingInfo>,
}

/// Outbound (SNAT) access [Table 10].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ForwardingInfo {
    /// Elastic IP address of the NAT gateway.
    pub eip: Option<String>,
    /// Whether source addresses are translated.
    pub enable_snat: Option<bool>,
}

/// An instance as the list returns it, without addresses, tags and network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct InstanceSummary {
    /// `standard` or `enterprise`.
    pub instance_type: Option<String>,
    /// Instance ID.
    pub instance_id: Option<String>,
    /// Name of the instance.
    pub name: Option<String>,
    /// `prePaid` or `postPaid`.
    pub charge_mode: Option<String>,
    /// Flavor.
    #[serde(deserialize_with = "object")]
    pub flavor: Option<Flavor>,
    /// As in [`Instance::status`].
    pub status: Option<String>,
    /// Creation time, in UTC.
    pub create_time: Option<String>,
    /// Time of the last update, in UTC.
    pub update_time: Option<String>,
    /// `0` is the default enterprise project.
    pub enterprise_project_id: Option<String>,
}

/// An available flavor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct InstanceFlavor {
    /// `standard` or `enterprise`.
    pub instance_type: Option<String>,
    /// Name such as `iotda.standard.s1`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// `normal` (on sale) or `sellout`.
    pub status: Option<String>,
    /// Billing modes: `prePaid`, `postPaid`.
    #[serde(deserialize_with = "list")]
    pub charge_modes: Option<Vec<String>>,
}

/// A task of an instance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct InstanceTask {
    /// Task ID.
    pub task_id: Option<String>,
    /// `CREATE`, `MODIFY`, `DELETE`, `FREEZE`, `UNFREEZE`, `UPDATE_ACCESS_CONFIG`, `UPDATE_ALLOW_LISTS` or `OPEN_SNAT`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// `PENDING`, `RUNNING`, `SUCCESS` or `FAILED`.
    pub status: Option<String>,
    /// Reason of the status, as text.
    pub status_detail: Option<String>,
    /// Creation time, in UTC with milliseconds: `2023-01-28T06:57:52.123Z`.
    pub create_time: Option<String>,
    /// Start time, in UTC with milliseconds.
    pub start_time: Option<String>,
    /// End time, in UTC with milliseconds.
    pub end_time: Option<String>,
    /// Configuration that the task leads to.
    #[serde(deserialize_with = "object")]
    pub target_config: Option<TargetConfig>,
    /// Daily window in which the task may run.
    #[serde(deserialize_with = "object")]
    pub operate_window: Option<OperateWindow>,
    /// Progress in percent. Absent in lists.
    pub progress: Option<i64>,
}

/// Configuration that a task leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct TargetConfig {
    /// Flavor.
    #[serde(deserialize_with = "object")]
    pub flavor: Option<Flavor>,
    /// `prePaid` or `postPaid`.
    pub charge_mode: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_required_and_null_elements_are_dropped() {
        assert_eq!(serde_json::from_str::<Instance>("{}").unwrap(), Instance::default());
        let text =
            r#"{"access_infos":[null,{"public_address":["1.2.3.4",null]}],"tags":null,"unknown":{"x":1}}"#;
        let instance: Instance = serde_json::from_str(text).unwrap();
        let infos = instance.access_infos.unwrap();
        assert_eq!(infos.len(), 1);
        assert_eq!(infos[0].public_address.as_deref(), Some(&["1.2.3.4".to_owned()][..]));
        assert_eq!(instance.tags, None);
    }

    #[test]
    fn numbers_are_integers_of_64_bits() {
        let flavor = |text: &str| serde_json::from_str::<Flavor>(&format!(r#"{{"size":{text}}}"#));
        assert_eq!(flavor("9223372036854775807").unwrap().size, Some(i64::MAX));
        for text in ["1.0", "\"1\"", "9223372036854775808", "true", "1e3"] {
            assert!(flavor(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_array_is_no_object() {
        for body in [
            r#"{"flavor":[]}"#,
            r#"{"flavor":["iotda.standard.s1",1]}"#,
            r#"{"operate_window":["22:00","24:00"]}"#,
            r#"{"access_infos":[["APP_HTTPS",443]]}"#,
            r#"{"access_infos":[{"ip_whitelist":[true,[]]}]}"#,
            r#"{"tags":[["key","value"]]}"#,
            r#"{"additional_params":{"forwarding_info":[]}}"#,
        ] {
            let error = serde_json::from_str::<Instance>(body).unwrap_err().to_string();
            assert!(error.contains("invalid type: sequence, expected an object"), "{body}: {error}");
        }
        let body = r#"{"flavor":{"size":1},"tags":[null,{}],"access_infos":null,"operate_window":null}"#;
        let instance: Instance = serde_json::from_str(body).unwrap();
        assert_eq!(instance.flavor.and_then(|flavor| flavor.size), Some(1));
        assert_eq!(instance.tags.map(|tags| tags.len()), Some(1));
        assert_eq!((instance.access_infos, instance.operate_window), (None, None));
    }
}
