//! Conversion of the API's model to the state: pure, complete and infallible.

use std::collections::BTreeMap;

use super::attributes::{
    AccessInfo, AdditionalParams, AllowedAddress, Flavor, ForwardingInfo, InstanceAttributes, IpWhitelist,
    OperateWindow,
};
use super::endpoints::endpoints;
use super::note::Note;
use crate::iotda;

/// Returns the state of an instance that was read in the region `asked`.
pub(crate) fn instance(instance: iotda::Instance, asked: &str) -> (InstanceAttributes, Vec<Note>) {
    let mut notes = Vec::new();
    if let Some(reported) = instance.region_id.as_ref().filter(|it| !it.is_empty() && *it != asked) {
        notes.push(Note::OtherRegion { asked: asked.to_owned(), reported: reported.clone() });
    }
    let access_infos = instance.access_infos.unwrap_or_default();
    let attributes = InstanceAttributes {
        instance_type: instance.instance_type,
        charge_mode: instance.charge_mode,
        status: instance.status,
        region_id: instance.region_id,
        description: instance.description,
        create_time: instance.create_time,
        update_time: instance.update_time,
        enterprise_project_id: instance.enterprise_project_id,
        order_id: instance.order_id,
        flavor: instance.flavor.map(Into::into),
        operate_window: instance.operate_window.map(Into::into),
        endpoints: Some(endpoints(&access_infos, &mut notes)),
        access_infos: Some(access_infos.into_iter().map(Into::into).collect()),
        tags: Some(tags(instance.tags.unwrap_or_default(), &mut notes)),
        additional_params: instance.additional_params.map(Into::into),
    };
    (attributes, notes)
}

impl InstanceAttributes {
    /// Adds the attributes of the list that are missing: every field of the details may be absent.
    pub(crate) fn or(self, listed: Self) -> Self {
        Self {
            instance_type: self.instance_type.or(listed.instance_type),
            charge_mode: self.charge_mode.or(listed.charge_mode),
            status: self.status.or(listed.status),
            create_time: self.create_time.or(listed.create_time),
            update_time: self.update_time.or(listed.update_time),
            enterprise_project_id: self.enterprise_project_id.or(listed.enterprise_project_id),
            flavor: self.flavor.or(listed.flavor),
            ..self
        }
    }
}

/// Returns the state of an instance that was only listed: attributes that lists do not return are null.
pub(crate) fn summary(summary: iotda::InstanceSummary) -> InstanceAttributes {
    InstanceAttributes {
        instance_type: summary.instance_type,
        charge_mode: summary.charge_mode,
        status: summary.status,
        create_time: summary.create_time,
        update_time: summary.update_time,
        enterprise_project_id: summary.enterprise_project_id,
        flavor: summary.flavor.map(Into::into),
        ..InstanceAttributes::default()
    }
}

/// Returns the tags. If a key occurs more than once, the last value is used; a null value becomes empty.
fn tags(tags: Vec<iotda::Tag>, notes: &mut Vec<Note>) -> BTreeMap<String, String> {
    let mut map = BTreeMap::new();
    for iotda::Tag { key, value } in tags {
        if let Some(key) = key.filter(|key| !key.is_empty()) {
            map.insert(key, value.unwrap_or_default());
        } else if !notes.contains(&Note::TagsWithoutKey) {
            notes.push(Note::TagsWithoutKey);
        }
    }
    map
}

impl From<iotda::Flavor> for Flavor {
    fn from(flavor: iotda::Flavor) -> Self {
        Self { r#type: flavor.kind, size: flavor.size }
    }
}

impl From<iotda::OperateWindow> for OperateWindow {
    fn from(window: iotda::OperateWindow) -> Self {
        Self { start_time: window.start_time, end_time: window.end_time }
    }
}

impl From<iotda::AccessInfo> for AccessInfo {
    fn from(info: iotda::AccessInfo) -> Self {
        Self {
            r#type: info.kind,
            port: info.port,
            non_tls_port: info.non_tls_port,
            websocket_port: info.websocket_port,
            domain_name: info.domain_name,
            private_addresses: info.private_addresses.unwrap_or_default(),
            public_address: info.public_address.unwrap_or_default(),
            ipv6_address: info.ipv6_address.unwrap_or_default(),
            ip_whitelist: info.ip_whitelist.map(Into::into),
        }
    }
}

impl From<iotda::IpWhitelist> for IpWhitelist {
    fn from(whitelist: iotda::IpWhitelist) -> Self {
        let allow_list = whitelist.allow_list.unwrap_or_default();
        Self { enable: whitelist.enable, allow_list: allow_list.into_iter().map(Into::into).collect() }
    }
}

impl From<iotda::AllowedAddress> for AllowedAddress {
    fn from(allowed: iotda::AllowedAddress) -> Self {
        Self { address: allowed.address, description: allowed.description }
    }
}

impl From<iotda::AdditionalParams> for AdditionalParams {
    fn from(params: iotda::AdditionalParams) -> Self {
        Self {
            vpc_id: params.vpc_id,
            subnet_id: params.subnet_id,
            security_group_id: params.security_group_id,
            ciphering_algorithm: params.ciphering_algorithm,
            forwarding_info: params.forwarding_info.map(Into::into),
        }
    }
}

impl From<iotda::ForwardingInfo> for ForwardingInfo {
    fn from(info: iotda::ForwardingInfo) -> Self {
        Self { eip: info.eip, enable_snat: info.enable_snat }
    }
}

#[cfg(test)]
#[path = "flatten_tests.rs"]
mod tests;
