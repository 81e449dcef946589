//! The provider in this process, as the environment configures it.

use serde_json::json;
use tfplug::{Diagnostics, InProcess};

use super::failure::Failure;
use crate::provider::IotdaProvider;

/// Takes the place of the host's version in the user agent.
const NO_HOST: &str = "none";

/// The provider after its configuration, and what that had to say.
pub(super) struct Configured {
    pub(super) provider: InProcess<IotdaProvider>,
    pub(super) diagnostics: Diagnostics,
}

/// The provider, configured by the environment. Without a usable configuration there, `region` takes the place of a region.
pub(super) async fn provider(region: Option<&str>) -> Result<Configured, Failure> {
    let provider = InProcess::<IotdaProvider>::new()?;
    let mut diagnostics = provider.configure(NO_HOST, &json!({})).await?;
    if let (true, Some(region)) = (diagnostics.has_errors(), region) {
        diagnostics = provider.configure(NO_HOST, &json!({ "region": region })).await?;
    }
    Ok(Configured { provider, diagnostics })
}
