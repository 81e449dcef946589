//! What can go wrong on request, and when.

pub(crate) mod apply;
pub(crate) mod fault;
pub(crate) mod rule;
pub(crate) mod throttle;
