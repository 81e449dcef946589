//! A single request: its signature, its attempts, and the meaning of its response.

pub(crate) mod call;
pub(crate) mod cloud;
pub(crate) mod credential;
pub(crate) mod decode;
pub(crate) mod guard;
pub mod lenient;
pub(crate) mod pace;
pub(crate) mod per_key;
pub(crate) mod response;
pub(crate) mod retry;
pub(crate) mod sender;
pub(crate) mod signing;
pub(crate) mod single_flight;
pub(crate) mod skew;
pub(crate) mod user_agent;
pub(crate) mod verdict;

pub use response::Response;
pub use retry::random;
pub use skew::ClockEffect;
