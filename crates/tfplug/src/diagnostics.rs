//! Diagnostics: messages to the user that describe what went wrong and what to do.

use std::fmt;

use crate::path::AttributePath;
use crate::proto::tfplugin6 as wire;
use crate::text::harmless;

/// Severity of a [`Diagnostic`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The operation failed.
    Error,
    /// The operation continued, but the user should change something.
    Warning,
}

/// One message to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// A short title: general, without values, without a full stop.
    pub summary: String,
    /// Full sentences: what happened, to what, and what to do next.
    pub detail: String,
    /// The argument at fault, if there is one.
    pub path: Option<AttributePath>,
}

impl Diagnostic {
    /// Creates an error.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Error, summary: summary.into(), detail: detail.into(), path: None }
    }

    /// Creates a warning.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(summary, detail) }
    }

    /// Points the message at an argument: one at the root by its name, or any by its path.
    ///
    /// ```
    /// use tfplug::{AttributePath, Diagnostic, Step};
    ///
    /// let error = Diagnostic::error("Unknown network", "There is no network west.").at("network");
    /// assert_eq!(error.path, Some(AttributePath::attribute("network")));
    /// ```
    #[must_use]
    pub fn at(mut self, path: impl Into<AttributePath>) -> Self {
        self.path = Some(path.into());
        self
    }

    fn to_wire(&self) -> wire::Diagnostic {
        let severity = match self.severity {
            Severity::Error => wire::diagnostic::Severity::Error,
            Severity::Warning => wire::diagnostic::Severity::Warning,
        };
        wire::Diagnostic {
            severity: severity.into(),
            summary: harmless(&self.summary).into_owned(),
            detail: harmless(&self.detail).into_owned(),
            attribute: self.path.as_ref().filter(|path| !path.steps().is_empty()).map(AttributePath::to_wire),
        }
    }
}

/// Maximum number of messages that a host receives from one call.
const LIMIT: usize = 100;

/// All messages of one operation, in the order in which they arose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Creates an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a list of one error.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Diagnostic::error(summary, detail).into()
    }

    /// Returns the messages as hosts receive them: without terminal control sequences, and shortened.
    pub(crate) fn harmless(self) -> Self {
        let clean = |text: String| harmless(&text).into_owned();
        let messages = self.0.into_iter().map(|it| Diagnostic {
            summary: clean(it.summary),
            detail: clean(it.detail),
            ..it
        });
        Self(messages.collect())
    }

    /// Adds a message.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Returns whether any message is an error.
    pub fn has_errors(&self) -> bool {
        self.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Returns whether there are no messages.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Iterates over the messages, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Replaces all messages after the first hundred by their number: a host may send any number of faulty values.
    pub(crate) fn limited(mut self) -> Self {
        if self.0.len() <= LIMIT {
            return self;
        }
        let rest = Self(self.0.split_off(LIMIT));
        let severity = if rest.has_errors() { Severity::Error } else { Severity::Warning };
        let detail =
            format!("The first {LIMIT} messages are shown. Correct what they name, then run it again.");
        let summary = format!("{} more errors and warnings", rest.0.len());
        self.push(Diagnostic { severity, ..Diagnostic::error(summary, detail) });
        self
    }

    pub(crate) fn to_wire(&self) -> Vec<wire::Diagnostic> {
        self.iter().map(Diagnostic::to_wire).collect()
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// Formats the message as `error: Summary (path): Detail`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity, self.summary)?;
        if let Some(path) = self.path.as_ref().filter(|path| !path.steps().is_empty()) {
            write!(f, " ({path})")?;
        }
        write!(f, ": {}", self.detail)
    }
}

/// Formats one message per line.
impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

/// Makes `?` work at the outermost level: an error without a message for the user becomes its chain of causes.
impl<E: std::error::Error> From<E> for Diagnostics {
    fn from(error: E) -> Self {
        Self::error("Unexpected error", causes(&error))
    }
}

/// Returns an error and its causes as text.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// Adds the summary under which a user sees an error.
///
/// ```
/// use tfplug::{Diagnostics, WithSummary as _};
///
/// fn port(text: &str) -> Result<u16, Diagnostics> {
///     let number = text.parse::<u16>().summary("Invalid port")?;
///     (number > 0).then_some(number).ok_or("Port 0 is not a valid port.").summary("Invalid port")
/// }
///
/// let diagnostics = port("x").unwrap_err();
/// let error = diagnostics.iter().next().unwrap();
/// assert_eq!((&*error.summary, &*error.detail), ("Invalid port", "invalid digit found in string"));
/// ```
pub trait WithSummary<T> {
    /// Returns the value, or one error with this summary and the chain of causes as its detail.
    ///
    /// # Errors
    /// Returns the error as a diagnostic for the user.
    fn summary(self, summary: impl Into<String>) -> Result<T, Diagnostics>;
}

impl<T, E: Into<Box<dyn std::error::Error + Send + Sync>>> WithSummary<T> for Result<T, E> {
    fn summary(self, summary: impl Into<String>) -> Result<T, Diagnostics> {
        self.map_err(|error| Diagnostics::error(summary, causes(&*error.into())))
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        self.0.extend(diagnostics);
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        Self(diagnostics.into_iter().collect())
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_becomes_its_chain_of_causes() {
        #[derive(Debug)]
        struct Outer(std::num::ParseIntError);
        impl std::fmt::Display for Outer {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the port is wrong")
            }
        }
        impl std::error::Error for Outer {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                Some(&self.0)
            }
        }
        let diagnostics = Diagnostics::from(Outer("x".parse::<u16>().unwrap_err()));
        let detail = &diagnostics.iter().next().unwrap().detail;
        assert_eq!(detail, "the port is wrong: invalid digit found in string");
    }

    #[test]
    fn a_strangers_words_reach_the_host_without_what_a_terminal_obeys() {
        assert_eq!(Diagnostic::error("\u{1b}", "\u{202e}").to_wire().detail, "\u{fffd}");
        assert_eq!(Diagnostic::error("\u{1b}", "").to_wire().summary, "\u{fffd}");
    }

    #[test]
    fn of_very_many_messages_the_first_are_shown() {
        let warnings =
            |count: usize| (0..count).map(|_| Diagnostic::warning("W", "")).collect::<Diagnostics>();
        assert_eq!(warnings(LIMIT).limited(), warnings(LIMIT));
        let mut many = warnings(LIMIT + 1);
        many.push(Diagnostic::error("E", ""));
        let limited = many.limited();
        let last = limited.iter().last().unwrap();
        assert_eq!((limited.iter().count(), last.severity), (LIMIT + 1, Severity::Error));
        assert_eq!(last.summary, "2 more errors and warnings");
    }

    #[test]
    fn a_message_is_shown_on_one_line_with_its_path() {
        let mut both = Diagnostics::error("Not found", "There is none.");
        both.push(Diagnostic::warning("Odd", "It is odd.").at("name"));
        assert_eq!(both.to_string(), "error: Not found: There is none.\nwarning: Odd (name): It is odd.");
    }

    #[test]
    fn severity_is_always_set_on_the_wire_and_an_empty_path_is_left_out() {
        let warning = Diagnostic::warning("s", "d").at(AttributePath::default());
        assert_eq!(warning.to_wire().severity, 2);
        assert_eq!(warning.to_wire().attribute, None);
        assert!(!Diagnostics::from(warning).has_errors());
    }
}
