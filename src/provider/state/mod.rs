//! Conversion of the API's model to Terraform's state. Pure: does no I/O and cannot fail.

pub(crate) mod attributes;
mod endpoints;
pub(crate) mod flatten;
pub(super) mod note;
pub(super) mod task;
