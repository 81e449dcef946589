//! Test support for code built on this client: a scripted wire, and a clock that follows the test's paused time.
//! Requires the feature `testing`.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "for tests, which want to fail loudly")]

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue};
use tokio::time::{Instant, sleep};

use crate::client::Client;
use crate::endpoints::{STS, Service};
use crate::network::{Incoming, Wire};
use crate::settings::Settings;
use crate::settings::arguments::Arguments;
use crate::settings::environment::Environment;

pub use crate::network::wire::{Outgoing, TransportError};

/// A service that only the script uses.
pub const THINGS: Service = Service {
    throttling_codes: &["THINGS.429"],
    foreign_token_code: Some("THINGS.403"),
    ..Service::new("things", "iotda-mgmt")
};

/// 2024-01-15T09:30:45Z, the time of the project's own signing vectors.
pub const NOW: Duration = Duration::from_secs(1_705_311_045);

/// The action of the wire for a request.
pub enum Act {
    /// Responds with a status, headers and a body.
    Respond(u16, Vec<(&'static str, String)>, String),
    /// Fails without a response.
    Fail(TransportError),
    /// Waits this long, then performs the rest.
    After(Duration, Box<Self>),
}

impl Act {
    /// Responds with 200 and this body.
    pub fn ok(body: &str) -> Self {
        Self::Respond(200, vec![], body.to_owned())
    }

    /// Responds with this status and nothing else.
    pub fn status(status: u16) -> Self {
        Self::Respond(status, vec![], String::new())
    }

    /// Responds after all deadlines.
    pub fn never() -> Self {
        Self::After(Duration::from_hours(1000), Box::new(Self::status(500)))
    }
}

type Script = Box<dyn Fn(usize, &Outgoing) -> Act + Send + Sync>;

/// The requests so far.
#[derive(Clone, Default)]
pub struct Journal(Arc<Mutex<Vec<Outgoing>>>);

impl Journal {
    /// Returns how many there were.
    pub fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Returns whether there were none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns their URLs.
    pub fn urls(&self) -> Vec<String> {
        self.all(|request| request.url.clone())
    }

    /// Returns the values of a header, one for each request.
    pub fn headers(&self, name: &str) -> Vec<String> {
        let value = |value: &HeaderValue| value.to_str().unwrap().to_owned();
        self.all(|request| request.headers.get(name).map(value).unwrap_or_default())
    }

    /// Returns their bodies; empty for requests without one.
    pub fn bodies(&self) -> Vec<String> {
        self.all(|request| String::from_utf8(request.body.clone().unwrap_or_default().to_vec()).unwrap())
    }

    fn all(&self, part: impl Fn(&Outgoing) -> String) -> Vec<String> {
        self.0.lock().unwrap().iter().map(part).collect()
    }
}

struct Scripted {
    script: Script,
    journal: Journal,
}

#[async_trait]
impl Wire for Scripted {
    async fn exchange(&self, request: Outgoing) -> Result<Incoming, TransportError> {
        let mut act = (self.script)(self.journal.len(), &request);
        self.journal.0.lock().unwrap().push(request);
        loop {
            act = match act {
                Act::After(wait, next) => {
                    sleep(wait).await;
                    *next
                }
                Act::Fail(failure) => return Err(failure),
                Act::Respond(status, headers, body) => {
                    tokio::task::yield_now().await;
                    let headers: HeaderMap = headers
                        .iter()
                        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                        .collect();
                    let status = StatusCode::from_u16(status).unwrap();
                    return Ok(Incoming { status, headers, body: Bytes::from(body) });
                }
            };
        }
    }
}

/// Returns arguments with the access key and region of the signing vectors.
pub fn arguments() -> Arguments {
    Arguments {
        region: Some("cn-north-4".into()),
        access_key: Some("AccessKey".into()),
        secret_key: Some("SecretKey".into()),
        ..Arguments::default()
    }
}

/// Creates a client that reaches only the script, which receives the number of the request.
pub fn client(
    arguments: &Arguments,
    environment: &Environment,
    script: impl Fn(usize, &Outgoing) -> Act + Send + Sync + 'static,
) -> (Client, Journal) {
    let settings = Settings::resolve(arguments, environment, &[THINGS, STS]).unwrap();
    let journal = Journal::default();
    let wire = Scripted { script: Box::new(script), journal: journal.clone() };
    // Starts at `NOW` and follows the paused time of the test.
    let start = Instant::now();
    let clock = move || SystemTime::UNIX_EPOCH + NOW + start.elapsed();
    (Client::with_wire(settings, "test/1", Box::new(clock), Box::new(wire)), journal)
}
