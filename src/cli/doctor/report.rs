//! The report: lines of text as each check completes, and JSON at the end.

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::cli::failure::Failure;
use crate::cli::output::{self, harmless};

/// Maximum number of columns of a detail, unless a single word is longer.
const WIDTH: usize = 100;
/// Column in which the second column of text begins.
const INDENT: usize = 9;
/// Width of the second column: `endpoint iotda_mgmt`.
const LABEL: usize = 19;

/// The names of the checks, in the order of the report.
const CHECKS: [&str; 8] =
    ["configuration", "region", "credentials", "project", "endpoint", "tls", "clock", "read"];

/// Result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Ok,
    /// Not checked: it does not apply, or an earlier check failed.
    Skipped,
    Warning,
    Failed,
}

/// One check. Programs read its facts, so their names are stable.
#[derive(Serialize)]
pub(super) struct Check {
    #[serde(rename = "check")]
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<&'static str>,
    status: Status,
    summary: String,
    detail: Option<String>,
    #[serde(flatten)]
    facts: Map<String, Json>,
}

/// The checks so far. Its JSON is the whole report.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    program: &'static str,
    version: &'static str,
    status: Status,
    checks: Vec<Check>,
    /// Where lines of text are written. They are written at once, because a later check may be slow.
    #[serde(skip)]
    lines: Option<&'a mut dyn Write>,
}

impl Check {
    pub(super) fn new(name: &'static str, status: Status, summary: impl Into<String>) -> Self {
        Self { name, service: None, status, summary: summary.into(), detail: None, facts: Map::new() }
    }

    /// Sets the service that the check is about.
    pub(super) fn of(self, service: &'static str) -> Self {
        Self { service: Some(service), ..self }
    }

    /// Adds details to the summary.
    pub(super) fn because(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()).filter(|detail| !detail.is_empty()), ..self }
    }

    pub(super) fn fact(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.facts.insert(name.to_owned(), value.into());
        self
    }

    /// Formats the lines of text.
    fn lines(&self) -> String {
        let (status, label, summary) = (self.status, self.label(), harmless(&self.summary));
        let mut text = format!("{status:INDENT$}{label:LABEL$}  {summary}\n");
        if let Some(detail) = &self.detail {
            push_wrapped(&mut text, detail);
        }
        text
    }

    /// Returns the name of the check in the lines of text.
    fn label(&self) -> String {
        self.service.map_or_else(|| self.name.to_owned(), |service| format!("{} {service}", self.name))
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl<'a> Report<'a> {
    /// Begins a report. `lines` is where the lines of text are written.
    pub(super) fn new(version: &'static str, lines: Option<&'a mut dyn Write>) -> io::Result<Self> {
        let program = env!("CARGO_PKG_NAME");
        let mut report = Self { program, version, status: Status::Ok, checks: Vec::new(), lines };
        report.print(&format!("{program} {version}\n\n"))?;
        Ok(report)
    }

    pub(super) fn add(&mut self, check: Check) -> io::Result<()> {
        // A skipped check does not change the overall status.
        if check.status != Status::Skipped {
            self.status = self.status.max(check.status);
        }
        self.print(&check.lines())?;
        self.checks.push(check);
        Ok(())
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        self.lines.as_mut().map_or(Ok(()), |lines| output::write(lines, text))
    }

    /// Adds the remaining checks, which an earlier failure made impossible.
    pub(super) fn skip_rest(&mut self, reason: &str) -> io::Result<()> {
        let last = self.checks.last().map(|check| check.name);
        let rest = CHECKS.into_iter().skip_while(|name| last != Some(name)).skip(1);
        rest.map(|name| Check::new(name, Status::Skipped, reason)).try_for_each(|check| self.add(check))
    }

    /// Returns a failure if a check failed.
    pub(super) fn outcome(&self) -> Result<(), Failure> {
        let failed = self.checks.iter().filter(|check| check.status == Status::Failed);
        let failed: Vec<String> = failed.map(Check::label).collect();
        if failed.is_empty() {
            Ok(())
        } else {
            Err(Failure::Failed(format!("failed: {}", failed.join(", "))))
        }
    }
}

/// Appends a detail below its check, wrapped into lines, without the empty ones.
fn push_wrapped(text: &mut String, detail: &str) {
    for line in detail.lines().filter(|line| !line.is_empty()) {
        let mut column = 0;
        for word in line.split(' ') {
            let word = harmless(word);
            let length = word.chars().count();
            if column == 0 || column + 1 + length > WIDTH {
                let lead = if column == 0 { "" } else { "\n" };
                text.push_str(&format!("{lead}{:INDENT$}{word}", ""));
                column = INDENT + length;
            } else {
                text.push_str(&format!(" {word}"));
                column += 1 + length;
            }
        }
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(report: &mut Report<'_>) -> io::Result<()> {
        report.add(Check::new("region", Status::Ok, "r-1").fact("region", "r-1"))?;
        report.add(
            Check::new("tls", Status::Warning, "old").of("iam").because("one two\n\nthree \u{1b}[31m"),
        )?;
        report.skip_rest("no time")
    }

    fn report() -> Report<'static> {
        let mut report = Report::new("1.2.3", None).unwrap();
        fill(&mut report).unwrap();
        report
    }

    #[test]
    fn people_get_aligned_lines_without_what_a_terminal_obeys() {
        let mut lines = Vec::new();
        fill(&mut Report::new("1.2.3", Some(&mut lines)).unwrap()).unwrap();
        assert_eq!(
            String::from_utf8(lines).unwrap(),
            "terraform-provider-iotda 1.2.3\n\n\
             ok       region               r-1\n\
             warning  tls iam              old\n         one two\n         three \u{fffd}[31m\n\
             skipped  clock                no time\n\
             skipped  read                 no time\n"
        );
    }

    #[test]
    fn programs_get_each_check_with_its_facts_beside_the_rest() {
        assert_eq!(
            serde_json::to_value(report()).unwrap(),
            serde_json::json!({
                "program": "terraform-provider-iotda", "version": "1.2.3", "status": "warning",
                "checks": [
                    {"check": "region", "status": "ok", "summary": "r-1", "detail": null, "region": "r-1"},
                    {"check": "tls", "service": "iam", "status": "warning", "summary": "old",
                     "detail": "one two\n\nthree \u{1b}[31m"},
                    {"check": "clock", "status": "skipped", "summary": "no time", "detail": null},
                    {"check": "read", "status": "skipped", "summary": "no time", "detail": null},
                ],
            })
        );
    }

    #[test]
    fn long_details_are_broken_between_words_and_nowhere_else() {
        let (long, mut text) = ("x".repeat(WIDTH), String::new());
        push_wrapped(&mut text, &format!("{} {long} end", "word ".repeat(30).trim_end()));
        assert!(text.lines().all(|line| line.starts_with("         ") && !line.ends_with(' ')), "{text}");
        assert!(text.lines().all(|line| line.len() <= WIDTH || line.trim() == long), "{text}");
        assert_eq!(text.split_whitespace().count(), 32);
    }

    #[test]
    fn only_what_failed_fails_the_command() {
        let mut report = report();
        assert!(report.outcome().is_ok());
        report.add(Check::new("endpoint", Status::Failed, "gone").of("iam")).unwrap();
        assert!(matches!(report.outcome(), Err(Failure::Failed(text)) if text == "failed: endpoint iam"));
    }
}
