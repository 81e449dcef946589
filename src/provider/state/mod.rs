//! What becomes of the API's model in Terraform's state. Pure: does no I/O and cannot fail.

pub(super) mod attributes;
mod endpoints;
pub(super) mod flatten;
pub(super) mod note;
