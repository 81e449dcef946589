//! The attributes of an instance in the state: the API's fields under their own names, and the endpoints made of them.

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
    /// Region that the instance says it is in.
    pub(crate) region_id: Option<String>,
    /// Description.
    pub(crate) description: Option<String>,
    /// When the instance was created, in UTC: `2023-01-28T06:57:52Z`.
    pub(crate) create_time: Option<String>,
    /// When the instance was last changed, in UTC.
    pub(crate) update_time: Option<String>,
    /// Enterprise project. `0` is the default one.
    pub(crate) enterprise_project_id: Option<String>,
    /// Order of a prepaid instance.
    pub(crate) order_id: Option<String>,
    /// Specifications.
    pub(crate) flavor: Option<Flavor>,
    /// Window in which specifications may be changed.
    pub(crate) operate_window: Option<OperateWindow>,
    /// Ways to reach the instance, in the API's order. See `endpoints` for the same by type, ready to use.
    pub(crate) access_infos: Option<Vec<AccessInfo>>,
    /// Ways to reach the instance by type (`APP_HTTPS`, `APP_AMQP`, `APP_MQTT`, `DEVICE_COAP`, `DEVICE_MQTT`,
    /// `DEVICE_HTTPS`), with URLs ready to use.
    pub(crate) endpoints: Option<BTreeMap<String, Endpoint>>,
    /// Tags. A tag without a value has the value `""`.
    pub(crate) tags: Option<BTreeMap<String, String>>,
    /// Network of an enterprise instance.
    pub(crate) additional_params: Option<AdditionalParams>,
}

/// Specifications.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct Flavor {
    /// Name, such as `iotda.standard.s1`.
    pub(crate) r#type: Option<String>,
    /// Number of units.
    pub(crate) size: Option<i64>,
}

/// A daily window.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct OperateWindow {
    /// Start, in UTC: `22:00`.
    pub(crate) start_time: Option<String>,
    /// End, in UTC: `24:00`.
    pub(crate) end_time: Option<String>,
}

/// A way to reach an instance.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct AccessInfo {
    /// Type, such as `DEVICE_MQTT`.
    pub(crate) r#type: Option<String>,
    /// Port with TLS.
    pub(crate) port: Option<i64>,
    /// Port without TLS; null where there is none.
    pub(crate) non_tls_port: Option<i64>,
    /// Port for MQTT over WebSocket; null where there is none.
    pub(crate) websocket_port: Option<i64>,
    /// Domain name.
    pub(crate) domain_name: Option<String>,
    /// Addresses in the private network.
    pub(crate) private_addresses: Vec<String>,
    /// Public addresses.
    pub(crate) public_address: Vec<String>,
    /// IPv6 addresses.
    pub(crate) ipv6_address: Vec<String>,
    /// Who may connect; for application access to enterprise instances only.
    pub(crate) ip_whitelist: Option<IpWhitelist>,
}

/// Who may connect.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct IpWhitelist {
    /// Whether only the addresses of the list may connect.
    pub(crate) enable: Option<bool>,
    /// Addresses that may connect.
    pub(crate) allow_list: Vec<AllowedAddress>,
}

/// An address that may connect.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct AllowedAddress {
    /// Address or network.
    pub(crate) address: Option<String>,
    /// Description.
    pub(crate) description: Option<String>,
}

/// Network of an enterprise instance.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct AdditionalParams {
    /// VPC.
    pub(crate) vpc_id: Option<String>,
    /// Subnet.
    pub(crate) subnet_id: Option<String>,
    /// Security group.
    pub(crate) security_group_id: Option<String>,
    /// Ciphers of the instance: `COMMON_ALGORITHM` (RSA, SHA-256 and so on) or `SM_ALGORITHM` (SM2, SM3, SM4).
    pub(crate) ciphering_algorithm: Option<String>,
    /// Way out of the network.
    pub(crate) forwarding_info: Option<ForwardingInfo>,
}

/// Way out of an instance's network.
#[derive(Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct ForwardingInfo {
    /// Elastic IP address of the NAT gateway.
    pub(crate) eip: Option<String>,
    /// Whether SNAT is on.
    pub(crate) enable_snat: Option<bool>,
}

/// A way to reach an instance, ready to use. What has no domain name or no port is null; a URL never holds an IP address.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[tf(computed)]
pub(crate) struct Endpoint {
    /// Domain name.
    pub(crate) domain_name: Option<String>,
    /// Port with TLS.
    pub(crate) port: Option<i64>,
    /// Domain name and port with TLS, the form that device SDKs and brokers take: `example2.xxxx.com:8883`.
    pub(crate) host_port: Option<String>,
    /// URL with TLS: `mqtts://example2.xxxx.com:8883`, `https://example1.xxxx.com`.
    pub(crate) url: Option<String>,
    /// Port without TLS.
    pub(crate) non_tls_port: Option<i64>,
    /// URL without TLS: `mqtt://example2.xxxx.com:1883`.
    pub(crate) non_tls_url: Option<String>,
    /// Port for WebSocket.
    pub(crate) websocket_port: Option<i64>,
    /// URL for WebSocket: `wss://example2.xxxx.com/mqtt`.
    pub(crate) websocket_url: Option<String>,
    /// Addresses in the private network.
    pub(crate) private_addresses: Vec<String>,
    /// Public addresses.
    pub(crate) public_address: Vec<String>,
    /// IPv6 addresses.
    pub(crate) ipv6_address: Vec<String>,
}
