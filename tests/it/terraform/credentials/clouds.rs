//! Regions and clouds: which hosts are asked, by whom, and for which project.

use std::net::{Ipv6Addr, SocketAddr};

use iotda_emulator::{Config, ids};
use serde_json::Value as Json;

use super::{VARIABLES, behind_the_proxy, configuration, hw_key, nobody, nobody_in, token, variables};
use crate::support::{Outcome, Stage};

const LOGIN: &str = "user_name = \"demo-user\"\n  password = var.secret\n  domain_name = \"demo\"";

/// A list in each of two regions, the second by the data source's own argument.
fn two_regions(block: &str) -> String {
    format!(
        "{VARIABLES}\nprovider \"iotda\" {{\n  {block}\n}}\n\
         data \"iotda_instances\" \"here\" {{\n  include_details = false\n}}\n\
         data \"iotda_instances\" \"there\" {{\n  include_details = false\n  region = \"cn-south-1\"\n  \
         depends_on = [data.iotda_instances.here]\n}}\n\
         output \"there\" {{ value = data.iotda_instances.there.instances[*].region }}"
    )
}

/// Host, method and path of each request.
fn sent(stage: &Stage) -> Vec<String> {
    let requests = stage.cloud.requests().into_iter();
    let line = |it: iotda_emulator::Recorded| {
        let host = it.header("host").unwrap_or_default().to_owned();
        format!("{} {host}{}", it.method, it.path)
    };
    requests.map(line).collect()
}

#[tokio::test]
async fn a_password_is_exchanged_for_a_token_of_each_regions_project() -> Outcome {
    let Some(mut stage) = behind_the_proxy().await? else { return Ok(()) };
    stage.give(&variables([("TF_VAR_secret", ids::PASSWORD)]));
    stage.configure(&two_regions(LOGIN))?;
    stage.plans().await?;
    let (north, south) = (ids::PROJECTS[0].1, ids::PROJECTS[1].1);
    assert_eq!(
        sent(&stage),
        [
            "POST iam.cn-north-4.myhuaweicloud.com/v3/auth/tokens".to_owned(),
            format!("GET iotda-mgmt.cn-north-4.myhuaweicloud.com/v5/iot/{north}/iotda-instances"),
            "POST iam.cn-north-4.myhuaweicloud.com/v3/auth/tokens".to_owned(),
            format!("GET iotda-mgmt.cn-south-1.myhuaweicloud.com/v5/iot/{south}/iotda-instances"),
        ]
    );
    let requests = stage.cloud.requests();
    for (index, region) in [(0, "cn-north-4"), (2, "cn-south-1")] {
        let body: Json = serde_json::from_str(&requests[index].body_text())?;
        assert_eq!(body["auth"]["scope"]["project"]["name"], region, "{body}");
    }
    let tokens = [1, 3].map(|index: usize| requests[index].header("x-auth-token").map(str::to_owned));
    assert!(tokens[0].is_some() && tokens[0] != tokens[1], "each region has a token of its own");
    Ok(())
}

/// A key looks up each region's project, and `project_id` counts for the provider's region only.
#[tokio::test]
async fn an_access_key_reads_other_regions_and_an_agency_does_too() -> Outcome {
    let Some(mut stage) = behind_the_proxy().await? else { return Ok(()) };
    stage.give(&hw_key());
    stage.configure(&two_regions(&format!("project_id = \"{}\"", ids::PROJECT_ID)))?;
    stage.plans().await?;
    let paths = stage.asked();
    assert_eq!(paths[0], format!("GET /v5/iot/{}/iotda-instances", ids::PROJECT_ID));
    assert_eq!(
        paths[1..],
        ["GET /v3/projects", &format!("GET /v5/iot/{}/iotda-instances", ids::PROJECTS[1].1)]
    );

    stage.cloud.clear_requests();
    let hop = "assume_role {\n    agency_name = \"demo-reader\"\n    domain_id = \"acc00000000000000000000000000001\"\n  }";
    stage.configure(&two_regions(hop))?;
    stage.plans().await?;
    let assumed = sent(&stage).iter().filter(|it| it.contains("sts.cn-north-4.myhuaweicloud.com")).count();
    assert_eq!(assumed, 1, "the key of an agency is good for every region: {:#?}", sent(&stage));
    Ok(())
}

#[tokio::test]
async fn a_region_that_would_move_a_token_or_pass_an_endpoint_by_is_an_error() -> Outcome {
    let Some(mut stage) = behind_the_proxy().await? else { return Ok(()) };
    let own = token(&stage.cloud, ids::PROJECT_ID).await?;
    stage.cloud.clear_requests();
    stage.give(&variables([("TF_VAR_secret", &own)]));
    stage.configure(&two_regions("token = var.secret"))?;
    let diagnostic = stage.only().await?;
    assert_eq!(diagnostic.summary, "Request not possible", "{diagnostic:#?}");
    assert!(
        diagnostic
            .says(&["cannot be read with a configured token (`token`)", "Use an access key or a password"]),
        "{diagnostic:#?}"
    );
    assert!(diagnostic.address == "data.iotda_instances.there", "{diagnostic:#?}");
    assert!(sent(&stage).iter().all(|it| !it.contains("cn-south-1")), "{:#?}", sent(&stage));

    let Some(mut stage) = nobody().await? else { return Ok(()) };
    stage.give(&hw_key());
    stage.configure(&two_regions(""))?;
    let diagnostic = stage.only().await?;
    assert!(
        diagnostic.says(&["HW_IOTDA_MGMT_ENDPOINT", "is for region cn-north-4", "another provider"]),
        "{diagnostic:#?}"
    );
    Ok(())
}

/// The European cloud by its region, and `NO_PROXY`, which keeps a host from the proxy.
#[tokio::test]
async fn the_region_decides_on_the_cloud_and_no_proxy_on_the_way() -> Outcome {
    let Some(mut stage) = behind_the_proxy().await? else { return Ok(()) };
    stage.give(&hw_key());
    stage.configure(&configuration("region = \"eu-west-101\""))?;
    stage.plans().await?;
    let project = ids::PROJECTS[5].1;
    assert_eq!(
        sent(&stage),
        [
            "GET iam.eu-west-101.myhuaweicloud.eu/v3/projects".to_owned(),
            format!("GET iotda-mgmt.eu-west-101.myhuaweicloud.eu/v5/iot/{project}/iotda-instances"),
        ]
    );

    stage.cloud.clear_requests();
    stage.terraform.variable("NO_PROXY", ".private.invalid");
    stage.configure(&configuration("cloud = \"private.invalid\"\n  max_retries = 0"))?;
    stage
        .only()
        .await?
        .check("Host name not resolved", &["iam.cn-north-4.private.invalid was not resolved", "`cloud`"]);
    assert_eq!(stage.cloud.request_count(), 0);
    Ok(())
}

/// A cloud in one's own house: its address is of IPv6, its authority private, and it wants to see a certificate.
#[tokio::test]
async fn a_private_cloud_over_ipv6_sees_a_client_certificate() -> Outcome {
    let own = Config::https().require_client_certificate();
    let own = Config { listen: SocketAddr::from((Ipv6Addr::LOCALHOST, 0)), ..own };
    let Some(mut stage) = nobody_in(own).await? else { return Ok(()) };
    stage.give(&hw_key());
    let identity = stage.cloud.client_identity().ok_or("certificates are required")?;
    stage.terraform.write("ca.pem", stage.cloud.ca_pem().ok_or("https has an authority")?)?;
    stage.terraform.write("client.pem", &identity.certificate_pem)?;
    stage.terraform.write("client.key", &identity.key_pem)?;

    stage.configure(&configuration("max_retries = 0\n  cacert_file = \"ca.pem\""))?;
    let diagnostic = stage.only().await?;
    assert!(diagnostic.says(&["[::1]", "client certificate", "`cert` and `key`"]), "{diagnostic:#?}");
    assert_eq!(stage.cloud.request_count(), 0);

    let pair = "cacert_file = \"ca.pem\"\n  cert = \"client.pem\"\n  key = file(\"client.key\")";
    stage.configure(&configuration(pair))?;
    stage.plans().await?;
    assert_eq!(stage.asked()[0], "GET /v3/projects");
    assert!(sent(&stage).iter().all(|it| it.contains("[::1]:")), "{:#?}", sent(&stage));
    Ok(())
}
