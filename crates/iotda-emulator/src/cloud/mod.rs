//! The current state of the cloud, shared by its connections and its owner.

pub(crate) mod clock;
pub(crate) mod credentials;
pub(crate) mod environment;
pub(crate) mod estate;
pub(crate) mod metadata;
pub(crate) mod state;
