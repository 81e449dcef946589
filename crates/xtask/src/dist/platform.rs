//! Rust's names of targets, and the Registry's names of platforms.

use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::project;

/// Targets that a release is built for, each with its platform. Of a platform's targets the first is the one that the
/// release workflow builds; the others are for packages of your own.
const TARGETS: [Target; 16] = [
    Target::new("x86_64-apple-darwin", "darwin_amd64"),
    Target::new("aarch64-apple-darwin", "darwin_arm64"),
    Target::new("i686-unknown-linux-musl", "linux_386"),
    Target::new("i686-unknown-linux-gnu", "linux_386"),
    Target::new("x86_64-unknown-linux-musl", "linux_amd64"),
    Target::new("x86_64-unknown-linux-gnu", "linux_amd64"),
    // The Registry's `arm` is version 6.
    Target::new("arm-unknown-linux-musleabihf", "linux_arm"),
    Target::new("arm-unknown-linux-gnueabihf", "linux_arm"),
    Target::new("armv7-unknown-linux-gnueabihf", "linux_arm"),
    Target::new("armv7-unknown-linux-musleabihf", "linux_arm"),
    Target::new("aarch64-unknown-linux-musl", "linux_arm64"),
    Target::new("aarch64-unknown-linux-gnu", "linux_arm64"),
    Target::new("i686-pc-windows-msvc", "windows_386"),
    Target::new("x86_64-pc-windows-msvc", "windows_amd64"),
    Target::new("x86_64-pc-windows-gnu", "windows_amd64"),
    Target::new("aarch64-pc-windows-msvc", "windows_arm64"),
];

/// What a binary is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// As rustc names it: `x86_64-unknown-linux-musl`.
    pub(crate) triple: &'static str,
    /// As the Registry names it: `linux_amd64`.
    pub(crate) platform: &'static str,
}

impl Target {
    const fn new(triple: &'static str, platform: &'static str) -> Self {
        Self { triple, platform }
    }

    /// The target of a triple.
    pub(crate) fn named(triple: &str) -> anyhow::Result<Self> {
        Self::all().find(|target| target.triple == triple).with_context(|| {
            let known = TARGETS.map(|target| target.triple).join(", ");
            format!("{triple} is not a release target. Release targets: {known}")
        })
    }

    /// The target that the release workflow builds for a platform.
    pub(crate) fn of_platform(platform: &str) -> anyhow::Result<Self> {
        let found = Self::all().find(|target| target.platform == platform);
        found.with_context(|| format!("{platform} is not a release platform"))
    }

    /// That of the compiler which builds.
    pub(crate) fn host() -> anyhow::Result<Self> {
        Self::named(rustc(&["--print", "host-tuple"])?.trim())
    }

    /// All targets, those of a platform one after the other.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        TARGETS.into_iter()
    }

    /// Whether it runs Windows.
    pub(crate) fn is_windows(self) -> bool {
        self.platform.starts_with("windows")
    }

    /// Fails where the standard library of the target is not there, before cargo says so in many words.
    pub(crate) fn require_installed(self) -> anyhow::Result<()> {
        let directory = rustc(&["--print", "target-libdir", "--target", self.triple])?;
        let Self { triple, .. } = self;
        ensure!(
            std::path::Path::new(directory.trim()).is_dir(),
            "the standard library of {triple} is not installed: `rustup target add {triple}`"
        );
        Ok(())
    }
}

fn rustc(arguments: &[&str]) -> anyhow::Result<String> {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    // In the workspace, so that its toolchain file counts.
    project::output("rustc", rustc.current_dir(project::root()?), arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_has_the_target_that_needs_nothing_of_its_machine() {
        assert_eq!(Target::of_platform("linux_amd64").unwrap().triple, "x86_64-unknown-linux-musl");
        assert_eq!(Target::of_platform("windows_amd64").unwrap().triple, "x86_64-pc-windows-msvc");
        assert!(Target::of_platform("plan9_amd64").is_err());
    }

    #[test]
    fn names_of_platforms_are_an_operating_system_and_an_architecture_of_the_registry() {
        for Target { triple, platform } in TARGETS {
            let (os, architecture) = platform.split_once('_').unwrap();
            assert!(triple.contains(os), "{triple}: {platform}");
            let rust = match architecture {
                "386" => "i686-",
                "amd64" => "x86_64-",
                "arm" => "arm",
                "arm64" => "aarch64-",
                _ => panic!("{platform} is no platform"),
            };
            assert!(triple.starts_with(rust), "{triple}: {platform}");
        }
    }
}
