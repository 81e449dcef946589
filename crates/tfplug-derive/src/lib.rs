//! Derive macro of `tfplug`.
