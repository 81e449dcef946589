//! Every kind of credentials: which are accepted, which are refused and how that is said, and what is never told.

mod accepted;
mod clouds;
mod guides;
mod official;
mod refused_by_the_cloud;
mod refused_here;
mod secrets;

use iotda_emulator::{Config, Emulator, MetadataMode, ids};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Outcome, Stage};

/// What the configurations take their secrets from, as anyone should: no line that is quoted holds one.
const VARIABLES: &str = r#"
variable "access_key" {
  default   = ""
  sensitive = true
}
variable "secret_key" {
  default   = ""
  sensitive = true
}
variable "secret" {
  default   = ""
  sensitive = true
}
"#;

/// The emulator's access key, from [`VARIABLES`].
const KEY: &str = "access_key = var.access_key\n  secret_key = var.secret_key";

/// One list, which is one request.
const LIST: &str = r#"
data "iotda_instances" "all" {
  include_details = false
}
output "ids" { value = data.iotda_instances.all.ids }
"#;

/// The region's host of the instances is the cloud's own, for stages behind the proxy.
const ENDPOINTS: [&str; 5] =
    ["HW_AUTH_URL", "HW_IOTDA_MGMT_ENDPOINT", "HW_IAM_ENDPOINT", "HW_STS_ENDPOINT", "HW_METADATA_ENDPOINT"];

/// Variables of the environment, to be set for one run.
type Variables = Vec<(&'static str, String)>;

fn variables<const N: usize>(pairs: [(&'static str, &str); N]) -> Variables {
    pairs.map(|(name, value)| (name, value.to_owned())).into()
}

fn tf_key() -> Variables {
    variables([("TF_VAR_access_key", ids::ACCESS_KEY), ("TF_VAR_secret_key", ids::SECRET_KEY)])
}

fn hw_key() -> Variables {
    variables([("HW_ACCESS_KEY", ids::ACCESS_KEY), ("HW_SECRET_KEY", ids::SECRET_KEY)])
}

fn configuration(block: &str) -> String {
    format!("{VARIABLES}\nprovider \"iotda\" {{\n{block}\n}}\n{LIST}")
}

/// A cloud whose services the environment knows, and nobody's credentials.
async fn nobody() -> Outcome<Option<Stage>> {
    nobody_in(Config::default()).await
}

async fn nobody_in(cloud: Config) -> Outcome<Option<Stage>> {
    let Some(mut stage) = Stage::with(cloud, &configuration("")).await? else { return Ok(None) };
    for name in ["HW_ACCESS_KEY", "HW_SECRET_KEY", "HW_PROJECT_ID"] {
        stage.terraform.without(name);
    }
    Ok(Some(stage))
}

/// Nothing stands between but a proxy that plays the cloud's own hosts; `ca.pem` is its authority.
async fn behind_the_proxy() -> Outcome<Option<Stage>> {
    let Some(mut stage) = nobody().await? else { return Ok(None) };
    for name in ENDPOINTS {
        stage.terraform.without(name);
    }
    let (proxy, ca) = (stage.cloud.proxy_url(), stage.cloud.proxy_ca_pem());
    stage.terraform.write("ca.pem", ca.ok_or("there is no authority")?)?;
    stage.terraform.variable("HTTPS_PROXY", proxy.ok_or("there is no proxy")?);
    stage.terraform.variable("OS_CACERT", "ca.pem");
    Ok(Some(stage))
}

impl Stage {
    /// Sets variables. [`take_back`](Self::take_back) undoes it.
    fn give(&mut self, variables: &Variables) {
        for (name, value) in variables {
            self.terraform.variable(name, value);
        }
    }

    fn take_back(&mut self, variables: &Variables) {
        for (name, _) in variables {
            self.terraform.without(name);
        }
        // Credentials and project are nobody's here; all else is as it was.
        for (name, value) in self.cloud.environment() {
            let own = ["HW_ACCESS_KEY", "HW_SECRET_KEY", "HW_PROJECT_ID"].contains(&name.as_str());
            if !own && variables.iter().any(|(taken, _)| *taken == name) {
                self.terraform.variable(&name, value);
            }
        }
    }

    /// The requests so far, as `GET /v3/projects`.
    fn asked(&self) -> Vec<String> {
        self.cloud.requests().into_iter().map(|it| format!("{} {}", it.method, it.path)).collect()
    }
}

/// A temporary access key, as the metadata service hands it out: `access`, `secret` and `securitytoken`.
async fn temporary_key(cloud: &Emulator) -> Outcome<[String; 3]> {
    cloud.set_metadata_mode(MetadataMode::Either);
    let answer = ask(cloud, "GET /openstack/latest/securitykey", "").await?;
    cloud.set_metadata_mode(MetadataMode::default());
    let body = answer.split_once("\r\n\r\n").ok_or("no body")?.1;
    let key: Json = serde_json::from_str(body)?;
    let part = |name: &str| {
        key.pointer(&format!("/credential/{name}")).and_then(Json::as_str).unwrap_or_default().to_owned()
    };
    Ok([part("access"), part("secret"), part("securitytoken")])
}

/// A token of the user for a project.
async fn token(cloud: &Emulator, project: &str) -> Outcome<String> {
    let user = json!({"id": ids::USER_ID, "password": ids::PASSWORD});
    let identity = json!({"methods": ["password"], "password": {"user": user}});
    let body = json!({"auth": {"identity": identity, "scope": {"project": {"id": project}}}});
    let answer = ask(cloud, "POST /v3/auth/tokens", &body.to_string()).await?;
    let header = answer.lines().find_map(|line| line.strip_prefix("x-subject-token: "));
    Ok(header.ok_or_else(|| format!("no token in {answer}"))?.to_owned())
}

/// One request, without any client that is under test here.
async fn ask(cloud: &Emulator, line: &str, body: &str) -> Outcome<String> {
    let mut stream = TcpStream::connect(cloud.address()).await?;
    let head = format!("{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}", body.len());
    stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

/// Writes what the ways name: profiles, and the token of an identity provider.
async fn write_files(stage: &Stage) -> Outcome {
    let key = |name: &str, more: Json| {
        let mut profile = json!({
            "name": name, "mode": "AKSK", "accessKeyId": ids::ACCESS_KEY, "secretAccessKey": ids::SECRET_KEY,
            "securityToken": "",
        });
        let fields = profile.as_object_mut().into_iter();
        fields.for_each(|fields| fields.extend(more.as_object().cloned().unwrap_or_default()));
        profile
    };
    let [access, secret, security] = temporary_key(&stage.cloud).await?;
    let sso = json!({"accessKeyId": access, "secretAccessKey": secret, "securityToken": security});
    let file = json!({"current": "main", "profiles": [
        key("main", json!({"region": "cn-south-1"})),
        key("agency", json!({"agencyName": ids::PARTNER_AGENCY, "agencyDomainName": ids::PARTNER})),
        key("agency by id", json!({"agencyName": ids::PARTNER_AGENCY, "agencyDomainId": ids::PARTNER_ID})),
        key("agency of nobody", json!({"agencyName": ids::PARTNER_AGENCY})),
        key("bad region", json!({"region": "evil.example.com/"})),
        {"name": "sso", "mode": "SSO", "ssoAuth": {"stsToken": sso}},
        {"name": "logged out", "mode": "SSO"},
        {"name": "token", "mode": "token", "xAuthToken": token(&stage.cloud, ids::PROJECT_ID).await?},
        {"name": "server", "mode": "ecsAgency"},
        {"name": "assumed", "mode": "AssumeRole", "agencyName": ids::PARTNER_AGENCY,
            "agencyDomainId": ids::PARTNER_ID, "sourceProfile": "main"},
        {"name": "other mode", "mode": "OAuth2"},
        {"name": "encrypted", "authEncrypt": "true", "accessKeyId": "9f8e7d", "secretAccessKey": "6c5b4a"},
        {"name": "empty"},
        {"name": "half", "mode": "AKSK", "accessKeyId": "HALF"},
    ]});
    stage.terraform.write("profiles.json", &file.to_string())?;
    stage.terraform.write("../home/.hcloud/config.json", &file.to_string())?;
    std::fs::write(stage.terraform.path().join("utf16.pem"), b"\xff\xfe-\0")?;
    stage.terraform.write("malformed.json", "{\"current\": main")?;
    stage.terraform.write("id.token", &format!("{}\n", ids::ID_TOKEN))?;
    stage.terraform.write("empty.token", "\n")?;
    stage.terraform.write("old.token", "header.expired.signature")?;
    Ok(())
}
