//! Entry point of the plugin's process.

use std::process::ExitCode;

use iotda_provider::cli;
use iotda_provider::provider::IotdaProvider;

fn main() -> ExitCode {
    // A host starts its plugins without arguments.
    if !tfplug::host_is_calling()
        && let Some(code) = cli::run(std::env::args_os().skip(1).collect())
    {
        return code;
    }
    tfplug::serve_with_commands::<IotdaProvider>(&cli::COMMANDS)
}
