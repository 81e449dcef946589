//! The plugin's process.

use std::process::ExitCode;

use iotda_provider::provider::IotdaProvider;

fn main() -> ExitCode {
    tfplug::serve::<IotdaProvider>()
}
