//! Faults, and the requests they apply to.

pub(crate) mod apply;
pub(crate) mod fault;
pub(crate) mod rule;
pub(crate) mod throttle;
