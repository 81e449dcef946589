//! The provider in this process, as the environment configures it.

use tfplug::{Diagnostics, InProcess};

use super::failure::Failure;
use crate::provider::IotdaProvider;

/// Takes the place of the host's version in the user agent.
const NO_HOST: &str = "none";

/// The provider, configured by the environment and nothing else, with what there is to say about that.
pub(super) async fn provider() -> Result<(InProcess<IotdaProvider>, Diagnostics), Failure> {
    let provider = InProcess::<IotdaProvider>::new()?;
    let diagnostics = provider.configure(NO_HOST, &serde_json::json!({})).await?;
    Ok((provider, diagnostics))
}
