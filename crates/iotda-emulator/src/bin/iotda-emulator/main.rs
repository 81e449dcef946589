//! `iotda-emulator`: the cloud emulator as a standalone program.

mod arguments;
mod greeting;
mod shell;

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;
use iotda_emulator::Emulator;

use arguments::{Arguments, Command, HELP};
use shell::Syntax;

/// Exit code for invalid arguments and scenarios, as in shells.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments = match arguments::parse(std::env::args_os().skip(1)) {
        Ok(Command::Run(arguments)) => *arguments,
        Ok(Command::Help) => return finish(say(HELP)),
        Ok(Command::Version) => {
            return finish(say(concat!("iotda-emulator ", env!("CARGO_PKG_VERSION"), "\n")));
        }
        Err(error) => return complain(&error, USAGE),
    };
    finish(run(arguments))
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    let greeting = arguments.greeting;
    let emulator = Emulator::start(arguments.config)?;
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

fn finish(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error, 1),
    }
}

fn complain(error: &anyhow::Error, code: u8) -> ExitCode {
    // If stderr is closed, the error cannot be reported anywhere.
    writeln!(io::stderr(), "iotda-emulator: {error:#}").ok();
    ExitCode::from(code)
}
