//! `read`: one instance.

use tfplug::InProcess;

use super::options::ReadOptions;
use super::{Failure, Outcome, PROGRAM, output};
use crate::provider::IotdaProvider;

pub(super) async fn run(options: &ReadOptions) -> Outcome {
    let provider = InProcess::<IotdaProvider>::new()?;
    // What the environment says, and nothing else.
    output::check(&provider.configure(PROGRAM, &serde_json::json!({})).await?)?;
    let (state, diagnostics) = provider.read("iotda_instance", &options.arguments()).await?;
    output::check(&diagnostics)?;
    let state = state.ok_or_else(|| Failure::Failed("error: the read gave nothing".to_owned()))?;
    output::show(&state, options.json)
}
