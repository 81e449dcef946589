//! The attributes of an instance in the state: the API's fields under their own names, and the endpoints made of them.

use std::collections::BTreeMap;

use tfplug::Object;

/// Everything about an instance but its id, its name and where it is. A collection is null only where nothing was read.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct InstanceAttributes {
    /// Instance type: `standard` or `enterprise`.
    pub(super) instance_type: Option<String>,
    /// Billing mode: `prePaid` (yearly or monthly) or `postPaid` (pay per use).
    pub(super) charge_mode: Option<String>,
    /// Status: `CREATING`, `ACTIVE`, `FROZEN`, `TRADING`, `MODIFYING`, `MODIFY_FAILED` or `FAILED`.
    pub(super) status: Option<String>,
    /// Region that the instance says it is in.
    pub(super) region_id: Option<String>,
    /// Description.
    pub(super) description: Option<String>,
    /// When the instance was created, in UTC: `2023-01-28T06:57:52Z`.
    pub(super) create_time: Option<String>,
    /// When the instance was last changed, in UTC.
    pub(super) update_time: Option<String>,
    /// Enterprise project. `0` is the default one.
    pub(super) enterprise_project_id: Option<String>,
    /// Order of a prepaid instance.
    pub(super) order_id: Option<String>,
    /// Specifications.
    pub(super) flavor: Option<Flavor>,
    /// Window in which specifications may be changed.
    pub(super) operate_window: Option<OperateWindow>,
    /// Ways to reach the instance, in the API's order. See `endpoints` for the same by type, ready to use.
    pub(super) access_infos: Option<Vec<AccessInfo>>,
    /// Ways to reach the instance by type (`APP_HTTPS`, `APP_AMQP`, `APP_MQTT`, `DEVICE_COAP`, `DEVICE_MQTT`,
    /// `DEVICE_HTTPS`), with URLs ready to use.
    pub(super) endpoints: Option<BTreeMap<String, Endpoint>>,
    /// Tags. A tag without a value has the value `""`.
    pub(super) tags: Option<BTreeMap<String, String>>,
    /// Network of an enterprise instance.
    pub(super) additional_params: Option<AdditionalParams>,
}

/// Specifications.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(super) struct Flavor {
    /// Name, such as `iotda.standard.s1`.
    pub(super) r#type: Option<String>,
    /// Number of units.
    pub(super) size: Option<i64>,
}

/// A daily window.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(super) struct OperateWindow {
    /// Start, in UTC: `22:00`.
    pub(super) start_time: Option<String>,
    /// End, in UTC: `24:00`.
    pub(super) end_time: Option<String>,
}

/// A way to reach an instance.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(super) struct AccessInfo {
    /// Type, such as `DEVICE_MQTT`.
    pub(super) r#type: Option<String>,
    /// Port with TLS.
    pub(super) port: Option<i64>,
    /// Port without TLS; null where there is none.
    pub(super) non_tls_port: Option<i64>,
    /// Port for MQTT over WebSocket; null where there is none.
    pub(super) websocket_port: Option<i64>,
    /// Domain name.
    pub(super) domain_name: Option<String>,
    /// Addresses in the private network.
    pub(super) private_addresses: Vec<String>,
    /// Public addresses.
    pub(super) public_address: Vec<String>,
    /// IPv6 addresses.
    pub(super) ipv6_address: Vec<String>,
    /// Who may connect; for application access to enterprise instances only.
    pub(super) ip_whitelist: Option<IpWhitelist>,
}

/// Who may connect.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(super) struct IpWhitelist {
    /// Whether only the addresses of the list may connect.
    pub(super) enable: Option<bool>,
    /// Addresses that may connect.
    pub(super) allow_list: Vec<AllowedAddress>,
}

/// An address that may connect.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(super) struct AllowedAddress {
    /// Address or network.
    pub(super) address: Option<String>,
    /// Description.
    pub(super) description: Option<String>,
}

/// Network of an enterprise instance.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(super) struct AdditionalParams {
    /// VPC.
    pub(super) vpc_id: Option<String>,
    /// Subnet.
    pub(super) subnet_id: Option<String>,
    /// Security group.
    pub(super) security_group_id: Option<String>,
    /// Ciphers of the instance: `COMMON_ALGORITHM` (RSA, SHA-256 and so on) or `SM_ALGORITHM` (SM2, SM3, SM4).
    pub(super) ciphering_algorithm: Option<String>,
    /// Way out of the network.
    pub(super) forwarding_info: Option<ForwardingInfo>,
}

/// Way out of an instance's network.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(super) struct ForwardingInfo {
    /// Elastic IP address of the NAT gateway.
    pub(super) eip: Option<String>,
    /// Whether SNAT is on.
    pub(super) enable_snat: Option<bool>,
}

/// A way to reach an instance, ready to use. What has no domain name or no port is null; a URL never holds an IP address.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(super) struct Endpoint {
    /// Domain name.
    pub(super) domain_name: Option<String>,
    /// Port with TLS.
    pub(super) port: Option<i64>,
    /// Domain name and port with TLS, the form that device SDKs and brokers take: `example2.xxxx.com:8883`.
    pub(super) host_port: Option<String>,
    /// URL with TLS: `mqtts://example2.xxxx.com:8883`, `https://example1.xxxx.com`.
    pub(super) url: Option<String>,
    /// Port without TLS.
    pub(super) non_tls_port: Option<i64>,
    /// URL without TLS: `mqtt://example2.xxxx.com:1883`.
    pub(super) non_tls_url: Option<String>,
    /// Port for WebSocket.
    pub(super) websocket_port: Option<i64>,
    /// URL for WebSocket: `wss://example2.xxxx.com/mqtt`.
    pub(super) websocket_url: Option<String>,
    /// Addresses in the private network.
    pub(super) private_addresses: Vec<String>,
    /// Public addresses.
    pub(super) public_address: Vec<String>,
    /// IPv6 addresses.
    pub(super) ipv6_address: Vec<String>,
}
