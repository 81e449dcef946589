//! Data sources: the trait, and those of a provider with their Rust types erased.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::timeout_at;

use crate::context::{ReadContext, Warnings};
use crate::diagnostics::Diagnostics;
use crate::schema::{Block, Place, SchemaError, is_identifier, rule};
use crate::typed::{Object, derive};
use crate::value::{Type, Value, ValueError};

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

type ReadFuture = Pin<Box<dyn Future<Output = Result<Value, Diagnostics>> + Send>>;

/// A data source, with its Rust type erased.
pub(crate) struct DataSourceEntry<C> {
    pub(crate) block: Block,
    pub(crate) ty: Type,
    /// Checks whether a configuration fits the Rust type.
    pub(crate) check: fn(Value) -> Diagnostics,
    pub(crate) read: fn(Value, Arc<C>, Arc<Warnings>) -> ReadFuture,
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
            check: |config| {
                derive::from_value(config)
                    .map_or_else(|error| error.into_diagnostic().into(), |it: D| it.validate())
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
            let rule = |kept, message: &str| rule(kept, name, message);
            rule(self.twice != Some(name), "two data sources have this name")?;
            let named = name.starts_with(&prefix) && is_identifier(name);
            rule(named, &format!("the name must be an identifier that begins with {prefix}"))?;
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

fn read<C, D>(config: Value, client: Arc<C>, warnings: Arc<Warnings>) -> ReadFuture
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
        complaints.into_iter().for_each(|warning| warnings.push(warning));
        let limit = source.read_timeout();
        let cx = ReadContext::new(client, warnings, limit);
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
