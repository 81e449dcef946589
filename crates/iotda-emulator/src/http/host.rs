//! Parsing of host names, for clients that use the cloud's own names.

/// A host of the cloud: `iotda-mgmt.cn-north-4.myhuaweicloud.com`, or without a region for IAM.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CloudHost<'a> {
    service: &'a str,
    pub(crate) region: Option<&'a str>,
}

impl<'a> CloudHost<'a> {
    /// Parses a host name; `None` for any host outside the cloud, such as loopback.
    pub(crate) fn parse(host: &'a str) -> Option<Self> {
        let name = host.split(':').next()?;
        let labels = name.strip_suffix(".myhuaweicloud.com").or(name.strip_suffix(".myhuaweicloud.eu"))?;
        let parts = labels.split_once('.').map(|(service, region)| (service, Some(region)));
        let (service, region) = parts.unwrap_or((labels, None));
        Some(Self { service, region })
    }

    /// Whether the service of this host serves a path.
    pub(crate) fn serves(&self, segments: &[&str]) -> bool {
        match segments {
            ["v5", "iot", ..] => self.service == "iotda-mgmt" && self.region.is_some(),
            ["v3" | "v3.0", ..] => self.service == "iam",
            ["v5", "agencies", ..] => self.service == "sts",
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_name_a_service_and_mostly_a_region() {
        let parsed = CloudHost::parse("iotda-mgmt.eu-west-101.myhuaweicloud.eu:443").unwrap();
        assert_eq!(parsed, CloudHost { service: "iotda-mgmt", region: Some("eu-west-101") });
        assert_eq!(CloudHost::parse("iam.myhuaweicloud.com").unwrap().region, None);
        assert_eq!(CloudHost::parse("127.0.0.1:8080"), None);
        assert_eq!(CloudHost::parse("myhuaweicloud.com"), None);
    }

    #[test]
    fn a_service_has_its_own_paths_only() {
        let serves = |host, segments: &[&str]| CloudHost::parse(host).unwrap().serves(segments);
        let instances = ["v5", "iot", "p", "iotda-instances"];
        assert!(serves("iotda-mgmt.cn-north-4.myhuaweicloud.com", &instances));
        assert!(!serves("iotda.cn-north-4.myhuaweicloud.com", &instances));
        assert!(serves("iam.cn-north-4.myhuaweicloud.com", &["v3", "projects"]));
        assert!(serves("sts.cn-north-4.myhuaweicloud.com", &["v5", "agencies", "assume"]));
        assert!(!serves("sts.cn-north-4.myhuaweicloud.com", &["openstack", "latest", "securitykey"]));
    }
}
