//! The traits that a provider's author implements: a provider, its data sources and its functions.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::timeout_at;

use crate::context::{ConfigureContext, ReadContext, Reading};
use crate::schema::{Block, Nested, Place, SchemaError};
use crate::typed::{AttributeValue, Object, Shape, derive};
use crate::value::{Type, Value, ValueError};
use crate::{AttributePath, Diagnostics};

/// A provider. The struct is its configuration block.
#[async_trait]
pub trait Provider: Object + Send + 'static {
    /// The client that the configuration creates, shared by all reads.
    type Client: Send + Sync + 'static;

    /// The provider's type name, the prefix of the names of its data sources: `wx`.
    const NAME: &'static str;

    /// Address of the provider in a registry: `registry.terraform.io/acme/wx`.
    const ADDRESS: &'static str;

    /// Version of the provider, without a leading `v`.
    const VERSION: &'static str;

    /// Crates besides the provider's own whose log lines are written for the host, such as that of its API client.
    /// Those of other libraries are not: the headers and bodies that they log may contain secrets.
    const LOGGED_CRATES: &'static [&'static str] = &[];

    /// Returns the provider's data sources.
    fn data_sources() -> DataSources<Self::Client> {
        DataSources::new()
    }

    /// Returns the provider's functions. Hosts call them without any configuration.
    fn functions() -> Functions {
        Functions::new()
    }

    /// Checks the arguments beyond what validators and rules can express. Each message should point at an argument.
    ///
    /// It is called when a host validates a configuration (`terraform validate`), and again before
    /// [`configure`](Self::configure). An unknown argument whose Rust type cannot represent it never reaches this method.
    fn validate(&self) -> Diagnostics {
        Diagnostics::new()
    }

    /// Creates the client of a configuration. Hosts may configure one process several times.
    ///
    /// An unknown argument whose Rust type cannot represent it never reaches this method: every read is then deferred,
    /// or rejected with a diagnostic that names the argument.
    ///
    /// # Errors
    /// Returns the errors of the configuration.
    async fn configure(self, cx: &ConfigureContext) -> Result<Configured<Self::Client>, Diagnostics>;
}

/// Result of a configuration.
#[derive(Debug)]
pub enum Configured<C> {
    /// A client to read with.
    Ready(C),
    /// These arguments are required and not known before apply: every read is deferred, or rejected.
    Unknown(Vec<AttributePath>),
}

/// A data source. The struct holds its arguments and its computed attributes together, as in the host's state.
#[async_trait]
pub trait DataSource<C: Send + Sync>: Object + Send + 'static {
    /// Full name of the data source: `wx_station`.
    const NAME: &'static str;

    /// Time limit of a read, unless [`read_timeout`](Self::read_timeout) returns another. Defaults to 5 minutes.
    const READ_LIMIT: Duration = Duration::from_mins(5);

    /// Returns the time limit of this read. [`ReadContext::deadline`] makes it available to `read`. One second after
    /// the deadline the framework cancels a `read` that has not ended.
    ///
    /// With a block [`Timeouts`](crate::Timeouts), return `Timeouts::read(self.timeouts.as_ref(), Self::READ_LIMIT)`.
    fn read_timeout(&self) -> Duration {
        Self::READ_LIMIT
    }

    /// Checks the arguments beyond what validators and rules can express, such as one that requires another. Each message
    /// should point at an argument.
    ///
    /// It is called when a host validates a configuration (`terraform validate`), and again before [`read`](Self::read).
    /// An unknown argument whose Rust type cannot represent it never reaches this method.
    fn validate(&self) -> Diagnostics {
        Diagnostics::new()
    }

    /// Reads the data source: takes the arguments, and returns them with the computed attributes filled in.
    ///
    /// The future is dropped when the host requests a stop or disconnects.
    ///
    /// # Errors
    /// Returns diagnostics that tell the user what went wrong.
    async fn read(self, cx: &ReadContext<C>) -> Result<Self, Diagnostics>;
}

/// A function. The struct is its parameters, in order; hosts expect the same result for the same arguments.
pub trait Function: Object + Send + 'static {
    /// Type of the result.
    type Output: AttributeValue;

    /// Name of the function, without the provider's: `celsius`.
    const NAME: &'static str;

    /// Calls the function.
    ///
    /// # Errors
    /// Returns an error if an argument is invalid, or if all of them together are.
    fn call(self) -> Result<Self::Output, FunctionError>;
}

/// Reason why a function has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FunctionError {
    /// What is wrong, and what to do about it.
    pub text: String,
    /// The parameter at fault.
    pub argument: Option<&'static str>,
}

impl FunctionError {
    /// Creates an error of the call as a whole.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: None }
    }

    /// Creates an error for one argument, identified by the name of its parameter.
    pub fn at(parameter: &'static str, text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: Some(parameter) }
    }
}

impl fmt::Display for FunctionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.argument {
            Some(parameter) => write!(f, "{parameter}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

impl std::error::Error for FunctionError {}

type ReadFuture = Pin<Box<dyn Future<Output = Result<Value, Diagnostics>> + Send>>;

/// A data source, with its Rust type erased.
pub(crate) struct DataSourceEntry<C> {
    pub(crate) block: Block,
    pub(crate) ty: Type,
    /// Checks whether a configuration fits the Rust type.
    pub(crate) check: fn(Value) -> Diagnostics,
    pub(crate) read: fn(Value, Arc<C>, Arc<Reading>) -> ReadFuture,
}

/// The data sources of a provider.
pub struct DataSources<C> {
    pub(crate) entries: BTreeMap<&'static str, DataSourceEntry<C>>,
    twice: Option<&'static str>,
}

impl<C: Send + Sync + 'static> DataSources<C> {
    /// Creates an empty set.
    pub fn new() -> Self {
        Self { entries: BTreeMap::new(), twice: None }
    }

    /// Adds a data source.
    #[must_use]
    pub fn with<D: DataSource<C>>(mut self) -> Self {
        let block = D::block();
        let entry = DataSourceEntry {
            ty: block.implied_type(),
            block,
            check: |config| match derive::from_value::<D>(config) {
                Ok(source) => source.validate(),
                Err(error) => error.into_diagnostic().into(),
            },
            read: read::<C, D>,
        };
        if self.entries.insert(D::NAME, entry).is_some() {
            self.twice = Some(D::NAME);
        }
        self
    }

    pub(crate) fn check(&self, provider: &str) -> Result<(), SchemaError> {
        let prefix = format!("{provider}_");
        for (name, entry) in &self.entries {
            let error =
                |message: &str| SchemaError { place: (*name).to_owned(), message: message.to_owned() };
            if self.twice == Some(name) {
                return Err(error("two data sources have this name"));
            }
            if !name.starts_with(&prefix) || !crate::schema::is_identifier(name) {
                return Err(error(&format!("the name must be an identifier that begins with {prefix}")));
            }
            entry.block.check(Place::DataSource, name)?;
        }
        Ok(())
    }
}

impl<C> fmt::Debug for DataSources<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.entries.keys()).finish()
    }
}

impl<C: Send + Sync + 'static> Default for DataSources<C> {
    fn default() -> Self {
        Self::new()
    }
}

fn read<C, D>(config: Value, client: Arc<C>, reading: Arc<Reading>) -> ReadFuture
where
    C: Send + Sync + 'static,
    D: DataSource<C>,
{
    Box::pin(async move {
        // Decoded here, where a panic of the provider's own types is caught.
        let source = derive::from_value::<D>(config).map_err(ValueError::into_diagnostic)?;
        let complaints = source.validate();
        if complaints.has_errors() {
            return Err(complaints);
        }
        complaints.into_iter().for_each(|warning| reading.warn(warning));
        let limit = source.read_timeout();
        let cx = ReadContext::new(client, reading, limit);
        let deadline = cx.deadline();
        let reading = source.read(&cx);
        let state = match deadline.and_then(|deadline| deadline.checked_add(Duration::from_secs(1))) {
            None => reading.await?,
            Some(end) => timeout_at(end, reading).await.map_err(|_| {
                let detail = format!("Reading {} took longer than {limit:?}.", D::NAME);
                Diagnostics::error("Read timed out", detail)
            })??,
        };
        Ok(derive::into_value(state))
    })
}

type FunctionResult = Result<Value, FunctionError>;

/// A function, with its Rust type erased.
pub(crate) struct FunctionEntry {
    pub(crate) parameters: Block,
    pub(crate) returns: Shape,
    /// Calls the function. The outer error means that an argument does not fit its Rust type.
    pub(crate) call: fn(BTreeMap<String, Value>) -> Result<FunctionResult, ValueError>,
}

/// The functions of a provider.
#[derive(Default)]
pub struct Functions {
    pub(crate) entries: BTreeMap<&'static str, FunctionEntry>,
    twice: Option<&'static str>,
}

impl Functions {
    /// Creates an empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a function.
    #[must_use]
    pub fn with<F: Function>(mut self) -> Self {
        let entry = FunctionEntry {
            parameters: F::block(),
            returns: F::Output::shape(),
            call: |mut arguments| Ok(F::read_fields(&mut arguments)?.call().map(AttributeValue::into_value)),
        };
        if self.entries.insert(F::NAME, entry).is_some() {
            self.twice = Some(F::NAME);
        }
        self
    }

    pub(crate) fn check(&self) -> Result<(), SchemaError> {
        for (name, entry) in &self.entries {
            let error =
                |message: &str| SchemaError { place: (*name).to_owned(), message: message.to_owned() };
            if self.twice == Some(name) {
                return Err(error("two functions have this name"));
            }
            if !crate::schema::is_identifier(name) {
                return Err(error("the name must be an identifier"));
            }
            let list = |parameter: &crate::schema::Attribute| matches!(parameter.ty, Type::List(_));
            if entry.parameters.attributes.iter().any(|parameter| parameter.variadic && !list(parameter)) {
                return Err(error("a variadic parameter must be a Vec"));
            }
            let mut earlier = entry.parameters.attributes.iter().rev().skip(1);
            if earlier.any(|parameter| parameter.variadic) {
                return Err(error("only the last parameter can be variadic"));
            }
            if !entry.parameters.blocks.is_empty() || entry.parameters.attributes.iter().any(|a| !a.required)
            {
                return Err(error("the struct of a function must be #[tf(arguments)]"));
            }
            entry.parameters.check_fields(name)?;
            if entry.parameters.attributes.iter().filter_map(|a| a.nested.as_ref()).any(Nested::is_computed) {
                return Err(error("an object that a function takes cannot have computed attributes"));
            }
            if entry.returns.ty != Type::Dynamic && entry.returns.ty.has_dynamic() {
                return Err(error("a function cannot return collections or objects of values of any type"));
            }
            if let Some(nested) = &entry.returns.nested {
                nested.check(&format!("{name}(…)"))?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Functions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.entries.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An object with one attribute, which is computed or has no flags.
    struct Held<const COMPUTED: bool>;

    impl<const COMPUTED: bool> AttributeValue for Held<COMPUTED> {
        fn shape() -> Shape {
            let mut inner = derive::attribute::<String>("inner", "A text.");
            inner.computed = COMPUTED;
            derive::object_shape(Block { attributes: vec![inner], ..Block::default() })
        }

        fn from_value(_: Value) -> Result<Self, ValueError> {
            Ok(Self)
        }

        fn into_value(self) -> Value {
            Value::Null
        }
    }

    /// Checks a function of one argument and a result.
    fn checked<A: AttributeValue, R: AttributeValue>() -> Result<(), String> {
        let mut argument = derive::attribute::<A>("argument", "What it takes.");
        argument.required = true;
        let parameters = Block { attributes: vec![argument], ..Block::default() };
        let call = |_| Err(ValueError::new("never called"));
        let entry = FunctionEntry { parameters, returns: R::shape(), call };
        let functions = Functions { entries: [("f", entry)].into(), twice: None };
        functions.check().map_err(|error| error.to_string())
    }

    #[test]
    fn what_a_function_takes_and_returns_is_checked() {
        let any = "f: a function cannot return collections or objects of values of any type";
        assert_eq!(checked::<String, Value>(), Ok(()));
        assert_eq!(checked::<String, Vec<Value>>(), Err(any.to_owned()));
        assert_eq!(checked::<String, Option<BTreeMap<String, Vec<Value>>>>(), Err(any.to_owned()));
        assert_eq!(checked::<String, Held<true>>(), Ok(()));
        let unsaid = "f(…).inner: it must be required, optional or computed";
        assert_eq!(checked::<String, Vec<Held<false>>>(), Err(unsaid.to_owned()));
        let computed = "f: an object that a function takes cannot have computed attributes";
        assert_eq!(checked::<Held<true>, String>(), Err(computed.to_owned()));
    }
}
