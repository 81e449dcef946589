//! Execution of a provider's code: until it returns, panics, or the host requests a stop.

use std::fmt;
use std::future::Future;

use super::ProviderState;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::panics::{catch, catch_now};
use crate::proto::tfplugin6 as wire;
use crate::provider::Provider;
use crate::schema::{Block, FromEnvironment};
use crate::value::{Type, Value, ValueError};

/// Operation that the code performs.
#[derive(Clone, Copy)]
pub(super) enum Work<'a> {
    /// Create a client.
    Configuring,
    /// Read this data source.
    Reading(&'a str),
}

impl fmt::Display for Work<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuring => f.write_str("being configured"),
            Self::Reading(name) => write!(f, "reading {name}"),
        }
    }
}

impl Work<'_> {
    fn cancelled(self) -> Diagnostics {
        let (summary, what) = match self {
            Self::Configuring => ("Configuration cancelled", "Configuring the provider".to_owned()),
            Self::Reading(name) => ("Read cancelled", format!("Reading {name}")),
        };
        let detail = format!("{what} was cancelled because the host asked the provider to stop.");
        Diagnostics::error(summary, detail)
    }

    /// Ensures that a failed operation has an error: without one the host would treat it as successful.
    fn failed<P: Provider>(self, mut diagnostics: Diagnostics) -> Diagnostics {
        if !diagnostics.has_errors() {
            let detail = format!(
                "The provider failed while {self} without an error message. This is a bug in the provider {} {}.",
                P::ADDRESS,
                P::VERSION,
            );
            diagnostics.push(Diagnostic::error("The provider failed", detail));
        }
        diagnostics
    }
}

impl<P: Provider> ProviderState<P> {
    /// Runs a provider's code. In every case of failure, the `Err` contains an error for the user.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: Work<'_>,
        code: impl Future<Output = Result<T, Diagnostics>> + Send + 'static,
    ) -> Result<T, Diagnostics> {
        let ended = tokio::select! {
            ended = catch(code) => ended,
            () = self.stopped() => return Err(work.cancelled()),
        };
        match ended {
            Ok(result) => result.map_err(|diagnostics| work.failed::<P>(diagnostics)),
            Err(place) => Err(panicked::<P>(&work.to_string(), &place)),
        }
    }

    /// Returns every error in a configuration that a host sent. One of the right type may still not fit: an element may be
    /// null, or a number may not be whole.
    pub(super) fn validate(
        config: Option<&wire::DynamicValue>,
        block: &Block,
        ty: &Type,
        check: fn(Value) -> Diagnostics,
    ) -> Diagnostics {
        let (config, taken) = match decode(config, block, ty) {
            Ok(decoded) => decoded,
            Err(diagnostics) => return diagnostics,
        };
        let mut diagnostics = block.validate(&config);
        if !diagnostics.has_errors() && block.unknowns(&config).is_empty() {
            match catch_now(|| check(config)) {
                Ok(complaints) => diagnostics.extend(complaints),
                Err(place) => diagnostics.extend(panicked::<P>("checking the configuration", &place)),
            }
        }
        taken.explain(diagnostics)
    }
}

/// Returns the error for the provider's code, which panicked while it was doing something.
fn panicked<P: Provider>(doing: &str, place: &str) -> Diagnostics {
    let detail = format!(
        "The provider panicked at {place} while {doing}. This is a bug in the provider {} {}: please report it with this \
         message. Nothing was changed.",
        P::ADDRESS,
        P::VERSION,
    );
    Diagnostics::error("The provider panicked", detail)
}

/// Decodes the configuration that a host sent. Errors are reported to the user, who may have caused them, for example
/// with a number of a thousand digits. Some hosts show no details of a failed call.
pub(super) fn decode(
    config: Option<&wire::DynamicValue>,
    block: &Block,
    ty: &Type,
) -> Result<(Value, FromEnvironment), Diagnostics> {
    let mut value = Value::from_wire(config, ty).map_err(malformed)?;
    if matches!(value, Value::Null | Value::Unknown) {
        return Err(malformed(ValueError::null()));
    }
    let taken =
        block.complete(&mut value, &|name| Some(std::env::var_os(name)?.to_string_lossy().into_owned()));
    Ok((value, taken))
}

fn malformed(error: ValueError) -> Diagnostics {
    if !error.path.steps().is_empty() {
        return error.into_diagnostic().into();
    }
    let detail = format!("The configuration that the host sent does not match the schema: {error}.");
    Diagnostics::error("Invalid configuration", detail)
}
