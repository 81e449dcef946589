//! A provider that misbehaves on request: what the tests of this crate spawn.
#![allow(clippy::panic, reason = "it is asked to")]

use std::process::ExitCode;
use std::time::Duration;

use tfplug::{
    Configured, DataSource, DataSources, Diagnostic, Diagnostics, Function, FunctionError, Functions, Known,
    Object, Provider, Secret, Value, async_trait,
};

/// A provider that misbehaves on request.
#[derive(Object)]
struct Unruly {
    /// What to do when configured.
    #[tf(optional, one_of("panic", "warn", "fail"))]
    mischief: Option<String>,
    /// May be unknown.
    #[tf(optional)]
    late: Known<String>,
    /// Must be known.
    #[tf(optional)]
    early: Option<String>,
    /// Whole numbers.
    #[tf(optional)]
    ports: Option<Vec<i64>>,
    /// What nobody must see.
    #[tf(optional)]
    token: Option<Secret>,
    /// The way there.
    #[tf(block, max_items = 2)]
    hop: Vec<Hop>,
}

/// One step of the way.
#[derive(Object)]
struct Hop {
    /// Where to.
    #[tf(required)]
    host: String,
}

/// The token, for a read that gives it away.
struct Client {
    token: Option<Secret>,
}

#[async_trait]
impl Provider for Unruly {
    type Client = Client;
    const NAME: &'static str = "unruly";
    const ADDRESS: &'static str = "registry.terraform.io/example/unruly";
    const VERSION: &'static str = "1.2.3";

    fn data_sources() -> DataSources<Client> {
        DataSources::new().with::<Reading>()
    }

    fn functions() -> Functions {
        Functions::new().with::<Echo>().with::<Any>().with::<Crash>().with::<NotANumber>()
    }

    async fn configure(self, cx: &tfplug::ConfigureContext) -> Result<Configured<Client>, Diagnostics> {
        match self.mischief.as_deref() {
            Some("panic") => panic!("a payload with a secret"),
            Some("fail") => return Err(Diagnostics::error("Refused", "It was asked to refuse.")),
            Some("warn") => cx.warn(Diagnostic::warning("Host", cx.host_version())),
            _ => {}
        }
        if self.late.is_unknown() {
            return Ok(Configured::Unknown(vec![tfplug::AttributePath::attribute("late")]));
        }
        Ok(Configured::Ready(Client { token: self.token }))
    }
}

/// A read.
#[derive(Object)]
struct Reading {
    /// What to do.
    #[tf(optional, validate = not_forbidden)]
    mischief: Option<String>,
    /// How many characters to read.
    #[tf(optional)]
    size: Option<i64>,
    /// Texts, none of them null.
    #[tf(optional)]
    texts: Option<Vec<String>>,
    /// Steps to take.
    #[tf(block)]
    step: Vec<Step>,
    /// Text that was given, or read.
    #[tf(optional, computed)]
    text: Option<String>,
    /// Number that was read.
    #[tf(computed)]
    number: f64,
}

/// A step.
#[derive(Object)]
struct Step {
    /// How far.
    #[tf(optional)]
    far: Option<i64>,
}

fn not_forbidden(text: &str) -> Result<(), String> {
    match text {
        "validator panic" => panic!("a payload with a secret"),
        "forbidden" => Err("it is forbidden".to_owned()),
        _ => Ok(()),
    }
}

/// Logs that a read was dropped.
struct Announced;

impl Drop for Announced {
    fn drop(&mut self) {
        tracing::warn!("the read was dropped");
    }
}

#[async_trait]
impl DataSource<Client> for Reading {
    const NAME: &'static str = "unruly_reading";

    fn read_timeout(&self) -> Duration {
        assert!(self.mischief.as_deref() != Some("timeout panic"), "a payload with a secret");
        Self::READ_LIMIT
    }

    async fn read(mut self, cx: &tfplug::ReadContext<Client>) -> Result<Self, Diagnostics> {
        tracing::info!(size = self.size, "reads");
        match self.mischief.as_deref() {
            Some("panic") => panic!("a payload with a secret"),
            Some("task panic") => {
                let task = tokio::spawn(async { panic!("a payload with a secret") });
                self.text = Some(format!("{}", task.await.is_err()));
            }
            Some("thread panic") => {
                let thread = std::thread::spawn(|| panic!("a payload with a secret"));
                self.text = Some(format!("{}", thread.join().is_err()));
            }
            Some("block") => {
                let _announced = Announced;
                tracing::warn!("the read waits");
                std::future::pending::<()>().await;
            }
            Some("nan") => self.number = f64::NAN,
            Some("warn") => {
                cx.warn(Diagnostic::warning("Careful", "This is a warning.").at("mischief"));
            }
            Some("fail") => return Err(Diagnostics::error("Not found", "There is no such thing.")),
            Some("leak") => {
                let token = cx.client().token.as_ref().map(tfplug::ExposeSecret::expose_secret);
                tracing::warn!(token, "gives it away");
            }
            _ => {}
        }
        if let Some(size) = self.size {
            self.text = Some("x".repeat(usize::try_from(size)?));
        }
        Ok(self)
    }
}

/// Gives back what it is given.
#[derive(Object)]
#[tf(arguments)]
struct Echo {
    /// Any text.
    text: Option<String>,
}

impl Function for Echo {
    type Output = Option<String>;
    const NAME: &'static str = "echo";

    fn call(self) -> Result<Option<String>, FunctionError> {
        Ok(self.text)
    }
}

/// Gives back a value of any type.
#[derive(Object)]
#[tf(arguments)]
struct Any {
    /// Any value.
    value: Value,
}

impl Function for Any {
    type Output = Value;
    const NAME: &'static str = "any";

    fn call(self) -> Result<Value, FunctionError> {
        Ok(self.value)
    }
}

/// Panics.
#[derive(Object)]
#[tf(arguments)]
struct Crash {}

impl Function for Crash {
    type Output = bool;
    const NAME: &'static str = "crash";

    fn call(self) -> Result<bool, FunctionError> {
        panic!("a payload with a secret")
    }
}

/// Returns what the hosts crash on.
#[derive(Object)]
#[tf(arguments)]
struct NotANumber {
    /// Any whole number.
    from: i64,
}

impl Function for NotANumber {
    type Output = f64;
    const NAME: &'static str = "not_a_number";

    fn call(self) -> Result<f64, FunctionError> {
        if self.from < 0 { Err(FunctionError::at("from", "It is below zero.")) } else { Ok(f64::NAN) }
    }
}

fn main() -> ExitCode {
    tfplug::serve::<Unruly>()
}
