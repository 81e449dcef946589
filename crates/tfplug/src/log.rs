//! Logs in the format of the hosts: one JSON object per line on stderr, with hclog's keys.

use std::fmt;
use std::io::Write;
use std::time::SystemTime;

use serde_json::{Map, Value as Json, json};
use time::OffsetDateTime;
use time::macros::format_description;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

/// Maximum size of all texts of a line, encoded as JSON. Hosts cut lines at 64 KiB and then treat the pieces as plain
/// text.
const MAX_TEXTS: usize = 48 * 1024;
/// Maximum size of one text of a line, which leaves room for others.
const MAX_TEXT: usize = 8 * 1024;

/// Log levels, from the host's environment variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Levels {
    /// Level of the provider's code.
    provider: LevelFilter,
    /// Level of this framework.
    framework: LevelFilter,
}

impl Levels {
    /// `TF_LOG_PROVIDER_<NAME>` applies to this provider only, `TF_LOG_PROVIDER` to all, `TF_LOG` to the host as well.
    /// `unasked` is the level if none of them is set.
    pub(crate) fn from_environment(
        provider: &str,
        unasked: LevelFilter,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let level = |name: &str| variable(name).as_deref().and_then(parse_level);
        let own = format!("TF_LOG_PROVIDER_{}", provider.to_uppercase());
        let host = level("TF_LOG_PROVIDER").or_else(|| level("TF_LOG"));
        let provider = level(&own).or(host).unwrap_or(unasked);
        let framework = level("TF_LOG_SDK_PROTO").or_else(|| level("TF_LOG_SDK")).or(host);
        Self { provider, framework: framework.unwrap_or(unasked) }
    }

    fn of(self, target: &str) -> LevelFilter {
        if is_framework(target) { self.framework } else { self.provider }
    }
}

fn parse_level(text: &str) -> Option<LevelFilter> {
    Some(match text.to_ascii_uppercase().as_str() {
        "DEBUG" => LevelFilter::DEBUG,
        "INFO" => LevelFilter::INFO,
        "WARN" => LevelFilter::WARN,
        "ERROR" => LevelFilter::ERROR,
        "OFF" => LevelFilter::OFF,
        "" => return None,
        // TRACE and JSON. Hosts also treat unknown values as the most detailed level.
        _ => LevelFilter::TRACE,
    })
}

fn crate_of(target: &str) -> &str {
    target.split("::").next().unwrap_or(target)
}

fn is_framework(target: &str) -> bool {
    crate_of(target) == env!("CARGO_CRATE_NAME")
}

/// Makes stderr the log of this process. Only the provider's crates and this framework are logged: the headers and
/// bodies that libraries log may contain secrets.
pub(crate) fn install(provider_crate: &'static str, more_crates: &'static [&'static str], levels: Levels) {
    let layer = Hclog { provider_crate, more_crates, levels, write: write_line };
    // Tests that embed a provider may have a subscriber of their own, which is kept.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer));
}

fn write_line(line: &[u8]) {
    // One write per line, so that lines of several threads do not mix. An error is ignored: without stderr it cannot be
    // reported.
    let _ = std::io::stderr().lock().write_all(line);
}

struct Hclog<W> {
    provider_crate: &'static str,
    more_crates: &'static [&'static str],
    levels: Levels,
    write: W,
}

/// The fields of a span, kept for the lines within it.
struct SpanFields(Map<String, Json>);

impl<S, W> Layer<S> for Hclog<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Fn(&[u8]) + 'static,
{
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        let target = metadata.target();
        let name = crate_of(target);
        let heard = is_framework(target) || name == self.provider_crate || self.more_crates.contains(&name);
        // A span is context that lines of any level need, both the provider's and the framework's.
        if metadata.is_span() {
            return heard && self.levels.provider.max(self.levels.framework) > LevelFilter::OFF;
        }
        heard && *metadata.level() <= self.levels.of(target)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.levels.provider.max(self.levels.framework).max(LevelFilter::INFO))
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(SpanFields(fields.values));
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        // Before the lock of the span is taken: a value that panics while it is formatted is itself logged.
        let mut fields = Fields::default();
        values.record(&mut fields);
        if let Some(span) = context.span(id)
            && let Some(SpanFields(known)) = span.extensions_mut().get_mut()
        {
            known.extend(fields.values);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        for span in context.event_scope(event).into_iter().flatten().collect::<Vec<_>>().into_iter().rev() {
            if let Some(SpanFields(known)) = span.extensions().get() {
                known.iter().for_each(|(name, value)| fields.insert(name, value.clone()));
            }
        }
        event.record(&mut fields);
        let metadata = event.metadata();
        let message = fields.values.remove("message").unwrap_or_else(|| json!(""));
        let mut line = fields.values;
        line.insert("@level".into(), json!(metadata.level().as_str().to_ascii_lowercase()));
        // Hosts crash on a message that is not a string.
        line.insert(
            "@message".into(),
            if message.is_string() { message } else { json!(message.to_string()) },
        );
        line.insert("@timestamp".into(), json!(timestamp()));
        let target = metadata.target();
        let module = match target.split_once("::") {
            _ if is_framework(target) => "sdk.proto".to_owned(),
            Some((name, inner)) if name == self.provider_crate => {
                format!("provider.{}", inner.replace("::", "."))
            }
            None if target == self.provider_crate => "provider".to_owned(),
            _ => format!("provider.{}", target.replace("::", ".")),
        };
        line.insert("@module".into(), json!(module));
        if let (Some(file), Some(number)) = (metadata.file(), metadata.line()) {
            line.insert("@caller".into(), json!(format!("{file}:{number}")));
        }
        let mut text = Json::Object(line).to_string().into_bytes();
        text.push(b'\n');
        (self.write)(&text);
    }
}

/// Returns the current time with exactly six fractional digits: hosts treat any other line as plain text.
fn timestamp() -> String {
    #[expect(clippy::disallowed_methods, reason = "a log line is about now")]
    let now = OffsetDateTime::from(SystemTime::now());
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");
    now.format(format).unwrap_or_else(|_| "1970-01-01T00:00:00.000000Z".to_owned())
}

/// The fields of one line, and the space left for text.
struct Fields {
    values: Map<String, Json>,
    room: usize,
}

impl Default for Fields {
    fn default() -> Self {
        Self { values: Map::new(), room: MAX_TEXTS }
    }
}

impl Fields {
    fn insert(&mut self, name: &str, value: Json) {
        let value = match value {
            Json::String(text) => Json::String(self.cut(text)),
            value => value,
        };
        self.values.insert(name.to_owned(), value);
    }

    /// Cuts a text to the space that is left.
    fn cut(&mut self, mut text: String) -> String {
        let (mut length, most) = (0, MAX_TEXT.min(self.room));
        let too_long = text.char_indices().find(|(_, c)| {
            length += escaped_length(*c);
            length > most
        });
        if let Some((end, _)) = too_long {
            text.truncate(end);
            text.push('…');
        }
        self.room = self.room.saturating_sub(length);
        text
    }
}

/// Returns the number of bytes of the character in JSON.
fn escaped_length(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' => 2,
        c if c < ' ' => 6,
        c => c.len_utf8(),
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.insert(field.name(), json!(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.insert(field.name(), json!(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.insert(field.name(), json!(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.insert(field.name(), json!(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.insert(field.name(), json!(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.insert(field.name(), Json::String(format!("{value:?}")));
    }
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;
