//! The attributes of an instance in the state: the API's fields under their own names, and the endpoints derived from
//! them.

use std::collections::BTreeMap;

use tfplug::Object;

/// Everything about an instance but its id, its name and where it is. A collection is null only where nothing was read.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct InstanceAttributes {
    /// Instance type: `standard` or `enterprise`.
    pub(crate) instance_type: Option<String>,
    /// Billing mode: `prePaid` (yearly or monthly) or `postPaid` (pay per use).
    pub(crate) charge_mode: Option<String>,
    /// Status: `CREATING`, `ACTIVE`, `FROZEN`, `TRADING`, `MODIFYING`, `MODIFY_FAILED` or `FAILED`.
    pub(crate) status: Option<String>,
    /// Region reported by the API.
    pub(crate) region_id: Option<String>,
    /// Description of the instance.
    pub(crate) description: Option<String>,
    /// Creation time in UTC, such as `2023-01-28T06:57:52Z`.
    pub(crate) create_time: Option<String>,
    /// Time of the last update, in the form of `create_time`.
    pub(crate) update_time: Option<String>,
    /// ID of the enterprise project. `0` is the default one.
    pub(crate) enterprise_project_id: Option<String>,
    /// ID of the order, for a prepaid instance.
    pub(crate) order_id: Option<String>,
    /// Flavor (specification) of the instance.
    pub(crate) flavor: Option<Flavor>,
    /// Daily maintenance window, in which a change of the flavor runs.
    pub(crate) operate_window: Option<OperateWindow>,
    /// Access addresses in the order of the API. `endpoints` has the same addresses by type, with ready-made URLs.
    pub(crate) access_infos: Option<Vec<AccessInfo>>,
    /// Access addresses by type (`APP_HTTPS`, `APP_AMQP`, `APP_MQTT`, `DEVICE_COAP`, `DEVICE_MQTT`,
    /// `DEVICE_HTTPS`), with ready-made URLs.
    pub(crate) endpoints: Option<BTreeMap<String, Endpoint>>,
    /// Tags of the instance, as a map from key to value. The value is `""` if the tag has none.
    pub(crate) tags: Option<BTreeMap<String, String>>,
    /// Network and cipher suite of an enterprise instance; null for a standard instance.
    pub(crate) additional_params: Option<AdditionalParams>,
}

/// Flavor (specification) of an instance.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct Flavor {
    /// Name of the flavor, such as `iotda.standard.s1`.
    pub(crate) r#type: Option<String>,
    /// Number of units of the flavor.
    pub(crate) size: Option<i64>,
}

/// A daily window.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct OperateWindow {
    /// Start in UTC, as `HH:MM`, such as `22:00`.
    pub(crate) start_time: Option<String>,
    /// End in UTC, as `HH:MM`, such as `24:00`.
    pub(crate) end_time: Option<String>,
}

/// An access address of an instance.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct AccessInfo {
    /// Access type, such as `DEVICE_MQTT`.
    pub(crate) r#type: Option<String>,
    /// Port with TLS.
    pub(crate) port: Option<i64>,
    /// Port without TLS; null if there is none.
    pub(crate) non_tls_port: Option<i64>,
    /// Port for MQTT over WebSocket with TLS; null if there is none.
    pub(crate) websocket_port: Option<i64>,
    /// Domain name of the address.
    pub(crate) domain_name: Option<String>,
    /// IP addresses in the private network.
    pub(crate) private_addresses: Vec<String>,
    /// Public IP addresses.
    pub(crate) public_address: Vec<String>,
    /// IPv6 addresses.
    pub(crate) ipv6_address: Vec<String>,
    /// IP allow list. Exists only for application access to enterprise instances.
    pub(crate) ip_whitelist: Option<IpWhitelist>,
}

/// IP allow list.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct IpWhitelist {
    /// Whether the allow list is enforced.
    pub(crate) enable: Option<bool>,
    /// IP addresses and networks that may connect.
    pub(crate) allow_list: Vec<AllowedAddress>,
}

/// An allowed address.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct AllowedAddress {
    /// IP address, or network in CIDR notation.
    pub(crate) address: Option<String>,
    /// Description of the entry.
    pub(crate) description: Option<String>,
}

/// Network of an enterprise instance.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct AdditionalParams {
    /// ID of the VPC of the instance.
    pub(crate) vpc_id: Option<String>,
    /// ID of the subnet of the instance.
    pub(crate) subnet_id: Option<String>,
    /// ID of the security group of the instance.
    pub(crate) security_group_id: Option<String>,
    /// Cipher suite: `COMMON_ALGORITHM` (international algorithms such as RSA and SHA-256) or `SM_ALGORITHM` (the Chinese
    /// algorithms SM2, SM3 and SM4).
    pub(crate) ciphering_algorithm: Option<String>,
    /// Outbound access through a NAT gateway (SNAT).
    pub(crate) forwarding_info: Option<ForwardingInfo>,
}

/// Outbound (SNAT) access.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct ForwardingInfo {
    /// Elastic IP address of the NAT gateway.
    pub(crate) eip: Option<String>,
    /// Whether SNAT is enabled.
    pub(crate) enable_snat: Option<bool>,
}

/// An access address with ready-made URLs. Without a domain name or a port, the URL is null; a URL never contains an IP address.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct Endpoint {
    /// Domain name of the address.
    pub(crate) domain_name: Option<String>,
    /// Port with TLS.
    pub(crate) port: Option<i64>,
    /// Domain name and TLS port, such as `example2.xxxx.com:8883`. It does not state that TLS is used: enable TLS in the client,
    /// otherwise credentials may be sent unencrypted.
    pub(crate) host_port: Option<String>,
    /// URL with TLS, such as `mqtts://example2.xxxx.com:8883` or `https://example1.xxxx.com`.
    pub(crate) url: Option<String>,
    /// Port without TLS; null if there is none.
    pub(crate) non_tls_port: Option<i64>,
    /// URL without TLS, such as `mqtt://example2.xxxx.com:1883`; null if there is no such port.
    pub(crate) non_tls_url: Option<String>,
    /// Port for MQTT over WebSocket with TLS; null if there is none.
    pub(crate) websocket_port: Option<i64>,
    /// URL for MQTT over WebSocket with TLS, such as `wss://example2.xxxx.com/mqtt`; null if there is no such port.
    pub(crate) websocket_url: Option<String>,
    /// IP addresses in the private network.
    pub(crate) private_addresses: Vec<String>,
    /// Public IP addresses.
    pub(crate) public_address: Vec<String>,
    /// IPv6 addresses.
    pub(crate) ipv6_address: Vec<String>,
}
