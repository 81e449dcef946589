//! The cloud client against the emulator: without Terraform, over real sockets.
#![expect(clippy::unwrap_used, reason = "a helper of tests that cannot go on says so by panicking")]

mod answers;
mod credentials;
#[cfg(unix)]
mod limits;
mod load;
mod network;
mod secrets;

use std::collections::BTreeMap;
use std::time::Duration;

use huaweicloud::{Arguments, AssumeRole, AssumeRoleWithOidc, Client, Environment, Error, Scope, Settings};
use iotda_emulator::{Config, Emulator, ids};
use iotda_provider::iotda::{Instance, Instances, SERVICE};
use tokio::time::Instant;

const SERVICES: [&str; 4] = ["iotda_mgmt", "iam", "sts", "metadata"];

fn emulator(config: Config) -> Emulator {
    Emulator::start(config).unwrap()
}

/// Arguments that find every service at the emulator, without credentials or project.
fn nobody(cloud: &Emulator) -> Arguments {
    let endpoints: BTreeMap<String, String> =
        SERVICES.iter().map(|key| ((*key).to_owned(), cloud.url())).collect();
    Arguments { region: Some("cn-north-4".into()), endpoints, ..Arguments::default() }
}

/// The same with the emulator's access key.
fn arguments(cloud: &Emulator) -> Arguments {
    Arguments {
        access_key: Some(ids::ACCESS_KEY.into()),
        secret_key: Some(ids::SECRET_KEY.into()),
        ..nobody(cloud)
    }
}

/// And with its project, so that nothing but the read is sent.
fn direct(cloud: &Emulator) -> Arguments {
    Arguments { project_id: Some(ids::PROJECT_ID.into()), ..arguments(cloud) }
}

fn client(arguments: &Arguments) -> Client {
    client_in(arguments, &Environment::empty())
}

fn client_in(arguments: &Arguments, environment: &Environment) -> Client {
    let settings = Settings::resolve(arguments, environment, &[SERVICE]).unwrap();
    Client::new(settings, "terraform-provider-iotda/test")
}

async fn show(client: &Client) -> Result<Instance, Error> {
    let scope = Scope { region: None, deadline: Some(Instant::now() + Duration::from_secs(20)) };
    Instances { client, scope }.show(ids::INSTANCE_ID).await
}

fn agency(name: &str, account: &str) -> AssumeRole {
    AssumeRole { agency_name: Some(name.into()), domain_name: Some(account.into()), ..AssumeRole::default() }
}

fn login(cloud: &Emulator) -> Arguments {
    Arguments {
        user_name: Some(ids::USER.into()),
        password: Some(ids::PASSWORD.into()),
        domain_name: Some(ids::ACCOUNT.into()),
        ..nobody(cloud)
    }
}

fn oidc() -> AssumeRoleWithOidc {
    AssumeRoleWithOidc {
        agency_name: Some(ids::AGENCY.into()),
        domain_id: Some(ids::ACCOUNT_ID.into()),
        idp_id: Some(ids::IDENTITY_PROVIDER.into()),
        id_token: Some(ids::ID_TOKEN.into()),
        ..AssumeRoleWithOidc::default()
    }
}

/// The paths that were asked for, in their order.
fn paths(cloud: &Emulator) -> Vec<String> {
    cloud.requests().into_iter().map(|request| request.path).collect()
}
