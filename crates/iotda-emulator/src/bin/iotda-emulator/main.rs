//! `iotda-emulator`: the cloud emulator as a standalone program.

mod arguments;
mod greeting;
mod shell;

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;
use iotda_emulator::{Config, Emulator};

use arguments::Command;
use greeting::Greeting;
use shell::Syntax;

/// Exit code for invalid arguments and scenarios, as in shells.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let result = match arguments::parse(std::env::args_os().skip(1)) {
        Ok(Command::Run(config, greeting)) => run(*config, &greeting),
        Ok(Command::Print(text)) => say(text),
        Err(error) => return complain(&error, USAGE),
    };
    result.map_or_else(|error| complain(&error, 1), |()| ExitCode::SUCCESS)
}

fn run(config: Config, greeting: &Greeting) -> anyhow::Result<()> {
    let emulator = Emulator::start(config)?;
    let (greeting, _temporary) = greeting.text(&emulator, Syntax::usual())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        tokio::select! {
            // Polled first, so that Ctrl-C works by the time the text is read.
            biased;
            interrupted = tokio::signal::ctrl_c() => interrupted.context("waiting for Ctrl-C"),
            failed = greet(&greeting) => failed,
        }
    })
}

/// Prints the greeting, then stays pending; returns only if it cannot be printed.
async fn greet(greeting: &str) -> anyhow::Result<()> {
    say(greeting)?;
    std::future::pending().await
}

fn say(text: &str) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(())
}

fn complain(error: &anyhow::Error, code: u8) -> ExitCode {
    // If stderr is closed, the error cannot be reported anywhere.
    writeln!(io::stderr(), "iotda-emulator: {error:#}").ok();
    ExitCode::from(code)
}
