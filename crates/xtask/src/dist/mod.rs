//! `cargo xtask dist`: a release as the Registry wants it, and a mirror for those who cannot reach the Registry.

mod archive;
pub(crate) mod build;
mod files;
mod hashes;
mod inventory;
mod mirror;
mod options;
pub(crate) mod platform;
mod release;
mod sbom;

#[cfg(test)]
mod acceptance;

pub(crate) use options::USAGE;
pub(crate) use release::run;
