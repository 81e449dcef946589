//! `read`: one instance.

use super::failure::Failure;
use super::options::ReadOptions;
use super::{configured, output};

pub(super) async fn run(options: &ReadOptions) -> Result<(), Failure> {
    let (provider, diagnostics) = configured::provider().await?;
    output::check(&diagnostics)?;
    let (state, diagnostics) = provider.read("iotda_instance", &options.arguments()).await?;
    output::check(&diagnostics)?;
    let state = state.ok_or_else(|| Failure::Failed("error: the read gave nothing".to_owned()))?;
    output::show(&state, options.json)
}
