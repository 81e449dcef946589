//! HTTP types shared by the services, the faults and the owner.

pub(crate) mod host;
pub(crate) mod journal;
pub(crate) mod reply;
pub(crate) mod request;
pub(crate) mod script;
