//! The provider in this process, configured by the environment.

use serde_json::json;
use tfplug::{Diagnostics, InProcess};

use super::failure::Failure;
use crate::provider::IotdaProvider;

/// Used in the User-Agent in place of the host's version.
const NO_HOST: &str = "none";

/// Returns the provider, configured by the environment, and the diagnostics of its configuration. `region` is used only
/// if the environment has no usable configuration.
pub(super) async fn provider(
    region: Option<&str>,
) -> Result<(InProcess<IotdaProvider>, Diagnostics), Failure> {
    let provider = InProcess::<IotdaProvider>::new()?;
    let mut diagnostics = provider.configure(NO_HOST, &json!({})).await?;
    if let (true, Some(region)) = (diagnostics.has_errors(), region) {
        diagnostics = provider.configure(NO_HOST, &json!({ "region": region })).await?;
    }
    Ok((provider, diagnostics))
}
