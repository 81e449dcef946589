//! Entry point of the plugin's process.

use std::ffi::OsString;
use std::process::ExitCode;

use iotda_provider::cli;
use iotda_provider::provider::IotdaProvider;

fn main() -> ExitCode {
    // A host starts its plugins without arguments.
    if !tfplug::host_is_calling() {
        let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
        if let Some(code) = cli::run(&arguments) {
            return code;
        }
    }
    tfplug::serve_with_commands::<IotdaProvider>(&cli::COMMANDS)
}
