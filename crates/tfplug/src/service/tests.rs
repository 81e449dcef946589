//! A provider whose code violates its contract, called as the services call it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value as Json, json};
use tokio::sync::Notify;

use super::{ProviderService, ProviderState};
use crate::__private::{attribute, failed, from_value, into_value, object_shape, take};
use crate::proto::tfplugin6 as wire;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::provider::{Configured, DataSource, DataSources, Function, FunctionError, Functions, Provider};
use crate::schema::Block;
use crate::{
    AttributeValue, ConfigureContext, Diagnostics, Known, Object, ReadContext, Shape, Value, ValueError,
    async_trait,
};

/// An object whose only argument selects its behaviour. Implemented by hand, because it may forget an attribute.
struct Odd {
    deed: Option<String>,
    output: Value,
}

impl Object for Odd {
    fn block() -> Block {
        let mut deed = attribute::<Deed>("deed", "What to do.");
        (deed.optional, deed.nullable) = (true, true);
        let mut output = attribute::<Value>("output", "What comes of it.");
        output.computed = true;
        Block { attributes: vec![deed, output], ..Block::default() }
    }

    fn read_fields(values: &mut BTreeMap<String, Value>) -> Result<Self, ValueError> {
        let mut error = None;
        let deed = take(values, "deed", Option::<Deed>::from_value, &mut error);
        let deed = deed.ok_or_else(|| failed(error))?.map(|deed| deed.0);
        Ok(Self { deed, output: Value::Null })
    }

    fn write_fields(self, values: &mut BTreeMap<String, Value>) {
        values.insert("deed".to_owned(), self.deed.clone().into_value());
        if self.deed.as_deref() != Some("forget") {
            values.insert("output".to_owned(), self.output);
        }
    }
}

impl AttributeValue for Odd {
    fn shape() -> Shape {
        object_shape(Self::block())
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        from_value(value)
    }

    fn into_value(self) -> Value {
        into_value(self)
    }
}

/// Text whose decoding may panic.
struct Deed(String);

impl AttributeValue for Deed {
    fn shape() -> Shape {
        String::shape()
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        let text = String::from_value(value)?;
        assert!(text != "panic at once", "a payload");
        if text == "nothing" { Err(ValueError::new("it is nothing")) } else { Ok(Self(text)) }
    }

    fn into_value(self) -> Value {
        Value::String(self.0)
    }
}

/// Signals that a call is waiting.
static WAITS: Notify = Notify::const_new();

impl Odd {
    async fn act(&self) -> Result<(), Diagnostics> {
        match self.deed.as_deref() {
            Some("wait") => {
                WAITS.notify_one();
                std::future::pending().await
            }
            Some("fail without a word") => Err(Diagnostics::new()),
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Provider for Odd {
    type Client = ();
    const NAME: &'static str = "odd";
    const ADDRESS: &'static str = "registry.terraform.io/example/odd";
    const VERSION: &'static str = "1.0.0";

    fn data_sources() -> DataSources<()> {
        DataSources::new().with::<Self>()
    }

    fn functions() -> Functions {
        Functions::new().with::<Join>()
    }

    async fn configure(self, _: &ConfigureContext) -> Result<Configured<()>, Diagnostics> {
        self.act().await?;
        Ok(Configured::Ready(()))
    }
}

#[async_trait]
impl DataSource<()> for Odd {
    const NAME: &'static str = "odd_one";

    async fn read(mut self, _: &ReadContext<()>) -> Result<Self, Diagnostics> {
        self.act().await?;
        match self.deed.as_deref() {
            Some("untyped") => self.output = Value::Bool(true),
            Some("unknown") => self.output = Value::Unknown,
            _ => {}
        }
        Ok(self)
    }
}

/// A function with two texts in an object, one of which is optional.
#[derive(Object)]
#[tf(crate = crate, arguments)]
struct Join {
    /// Both.
    pair: Pair,
}

#[derive(Object)]
#[tf(crate = crate, conflicts(left, right))]
struct Pair {
    /// Left.
    #[tf(required, length(2..=9))]
    left: Option<String>,
    /// Right.
    #[tf(required)]
    right: Known<String>,
}

impl Function for Join {
    type Output = String;
    const NAME: &'static str = "join";

    fn call(self) -> Result<String, FunctionError> {
        match (self.pair.left, self.pair.right.known()) {
            (Some(text), _) | (_, Some(text)) if text == "control" => {
                Err(FunctionError::new(format!("\u{1b}[2J{}", "x".repeat(100_000))))
            }
            (Some(text), _) | (_, Some(text)) if text == "typo" => {
                Err(FunctionError::at("pear", "It is odd"))
            }
            (left, right) => Ok(left.or(right).unwrap_or_default()),
        }
    }
}

fn service() -> ProviderService<Odd> {
    ProviderService(Arc::new(ProviderState::new().unwrap()))
}

fn config(deed: &Json) -> wire::DynamicValue {
    let value = Value::from_json(&json!({"deed": deed}), &Odd::block().implied_type()).unwrap();
    value.to_wire().unwrap()
}

/// Returns the errors as `Summary: Detail`, one per line.
fn told(diagnostics: &Diagnostics) -> String {
    let told = diagnostics.iter().map(|diagnostic| format!("{}: {}", diagnostic.summary, diagnostic.detail));
    told.collect::<Vec<_>>().join("\n")
}

async fn configured(service: &ProviderService<Odd>, deed: &str) -> String {
    let request =
        wire::configure_provider::Request { config: Some(config(&json!(deed))), ..Default::default() };
    told(&service.configure(request).await)
}

async fn read(service: &ProviderService<Odd>, deed: &str) -> (Option<Value>, String) {
    let type_name = "odd_one".to_owned();
    let request = wire::read_data_source::Request {
        type_name,
        config: Some(config(&json!(deed))),
        ..Default::default()
    };
    let read = service.read(&request).await;
    (read.state, told(&read.diagnostics))
}

#[tokio::test]
async fn a_failure_without_an_error_is_none_the_less_one() {
    let service = service();
    let words = "The provider failed: The provider failed while being configured without an error message. This is a bug in the \
                 provider registry.terraform.io/example/odd 1.0.0.";
    assert_eq!(configured(&service, "fail without a word").await, words);
    assert!(service.0.configuration().is_none());
    assert_eq!(configured(&service, "").await, "");
    let (state, told) = read(&service, "fail without a word").await;
    assert!(state.is_none() && told.contains("while reading odd_one without an error message"), "{told}");
    // The earlier configuration does not outlive one that failed.
    assert_eq!(configured(&service, "fail without a word").await, words);
    assert!(service.0.configuration().is_none());
}

#[tokio::test]
async fn what_does_not_fit_the_rust_type_is_told_by_each_call_alike() {
    let service = service();
    let words = "Invalid argument value: `deed`: it is nothing.";
    assert_eq!(configured(&service, "nothing").await, words);
    assert_eq!(configured(&service, "").await, "");
    assert_eq!(read(&service, "nothing").await, (None, words.to_owned()));
    let request = wire::validate_provider_config::Request { config: Some(config(&json!("nothing"))) };
    let validated =
        service.validate_provider_config(tonic::Request::new(request)).await.unwrap().into_inner();
    let [diagnostic] = &validated.diagnostics[..] else { panic!("{validated:?}") };
    assert_eq!(format!("{}: {}", diagnostic.summary, diagnostic.detail), words);
    assert_eq!(diagnostic.attribute.as_ref().unwrap().steps.len(), 1);
}

#[tokio::test]
async fn a_type_that_panics_takes_no_connection_along() {
    let service = service();
    let deed = "panic at once";
    assert!(configured(&service, deed).await.starts_with("The provider panicked: "));
    assert_eq!(configured(&service, "").await, "");
    assert!(read(&service, deed).await.1.contains("while reading odd_one"));
    let request = wire::validate_data_resource_config::Request {
        type_name: "odd_one".to_owned(),
        config: Some(config(&json!(deed))),
    };
    let validated =
        service.validate_data_resource_config(tonic::Request::new(request)).await.unwrap().into_inner();
    let detail = &validated.diagnostics[0].detail;
    assert!(detail.contains("while checking the configuration") && !detail.contains("payload"), "{detail}");
}

#[tokio::test]
async fn stop_cancels_a_configuration_that_does_not_end() {
    let service = service();
    let stop = async {
        WAITS.notified().await;
        service.0.stop();
    };
    let (told, ()) = tokio::join!(configured(&service, "wait"), stop);
    assert!(told.starts_with("Configuration cancelled: Configuring the provider was cancelled"), "{told}");
}

#[tokio::test]
async fn a_state_is_of_the_type_that_hosts_were_told() {
    let service = service();
    assert_eq!(configured(&service, "").await, "");
    for (deed, complaint) in [
        ("forget", "the attribute \"output\" is missing"),
        ("untyped", "output: a value of any type must come with its type"),
        ("unknown", "output: the value is not known before apply"),
    ] {
        let words = format!(
            "Invalid value from the provider: The provider produced a value that cannot be sent: {complaint}. This is \
             a bug."
        );
        assert_eq!(read(&service, deed).await, (None, words));
    }
    assert!(read(&service, "").await.0.is_some());
}

async fn join(left: &Json, right: &Json) -> Result<(), wire::FunctionError> {
    let pair = Value::from_json(&json!({"left": left, "right": right}), &Pair::shape().ty).unwrap();
    let request =
        wire::call_function::Request { name: "join".to_owned(), arguments: vec![pair.to_wire().unwrap()] };
    let response = service().call_function(tonic::Request::new(request)).await.unwrap().into_inner();
    response.error.map_or(Ok(()), Err)
}

#[tokio::test]
async fn what_an_argument_holds_is_checked_too() {
    assert_eq!(join(&json!("ab"), &json!(null)).await, Ok(()));
    for (left, right, words) in [
        (json!("a"), json!(null), "`pair.left` must have 2 to 9 characters, but has 1"),
        (json!("ab"), json!("cd"), "`pair.right`: Set only one of `left` and `right`"),
    ] {
        let error = join(&left, &right).await.unwrap_err();
        assert_eq!((&*error.text, error.function_argument), (words, Some(0)));
    }
}

#[tokio::test]
async fn a_functions_error_does_nothing_to_a_terminal() {
    let text = join(&json!(null), &json!("control")).await.unwrap_err().text;
    assert!(text.starts_with("\u{fffd}[2J") && text.len() < 5_000, "{}", text.len());
}

/// In a release build the mistake is only logged.
#[tokio::test]
async fn an_error_of_a_parameter_that_there_is_not_stands_out_in_tests() {
    let text = join(&json!(null), &json!("typo")).await.unwrap_err().text;
    let words = if cfg!(debug_assertions) { "The provider panicked at " } else { "It is odd" };
    assert!(text.starts_with(words), "{text}");
}
