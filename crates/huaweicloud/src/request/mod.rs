//! A single request: its signature, its attempts, and the meaning of its response.

mod call;
mod cloud;
mod credential;
pub(crate) mod decode;
mod guard;
pub mod lenient;
mod pace;
mod response;
mod retry;
mod sender;
pub(crate) mod signing;
mod single_flight;
pub(crate) mod skew;
pub(crate) mod user_agent;
mod verdict;

pub(crate) use call::Call;
pub(crate) use cloud::{Caller, Cloud, ProjectRef};
pub(crate) use credential::{Bearer, Credential, Form};
pub(crate) use guard::Guard;
pub(crate) use lenient::objects;
pub(crate) use pace::Paces;
pub use response::Response;
pub use retry::random;
pub(crate) use sender::Sender;
pub(crate) use signing::authorize::secret_header;
pub(crate) use single_flight::{Flights, SingleFlight};
pub use skew::ClockEffect;
pub(crate) use skew::Skew;
