//! The release build of one target: the same bytes in whatever directory it is made.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::platform::Target;
use crate::project;

/// What cargo puts between the flags of `CARGO_ENCODED_RUSTFLAGS`, so that paths may have blanks.
const SEPARATOR: &str = "\x1f";

/// Builds the provider, and gives its binary's bytes.
pub(crate) fn build(target: Target) -> anyhow::Result<Vec<u8>> {
    let places = places()?;
    let [_, directory, _] = &places;
    let mut command = project::cargo()?;
    command
        .args(["build", "--release", "--locked", "--package", "terraform-provider-iotda"])
        // Given even for this machine's own target, so that the flags are the provider's and not also build scripts'.
        .args(["--target", target.triple])
        .arg("--target-dir")
        .arg(directory)
        .env("CARGO_ENCODED_RUSTFLAGS", flags(target, &places))
        .env("CARGO_INCREMENTAL", "0")
        .env("SOURCE_DATE_EPOCH", "0");
    cross_compiler(target, &mut command);
    let status = command.status().context("cargo cannot be started")?;
    ensure!(status.success(), "the provider could not be built for {}", target.triple);
    let suffix = if target.is_windows() { ".exe" } else { "" };
    let binary = directory.join(target.triple).join("release");
    let binary = binary.join(format!("terraform-provider-iotda{suffix}"));
    let bytes = std::fs::read(&binary).with_context(|| format!("{} cannot be read", binary.display()))?;
    for place in &places {
        let found = contains(&bytes, place.as_os_str().as_encoded_bytes());
        ensure!(
            !found,
            "{} contains {}, so builds on other machines would differ",
            binary.display(),
            place.display()
        );
    }
    Ok(bytes)
}

/// Directories of this machine that compilers would write down: the workspace, what cargo builds, and its home.
fn places() -> anyhow::Result<[PathBuf; 3]> {
    let cargo = match std::env::var_os("CARGO_HOME") {
        Some(directory) => PathBuf::from(directory),
        None => std::env::home_dir().context("there is no home directory")?.join(".cargo"),
    };
    Ok([project::root()?.to_owned(), project::target()?, cargo])
}

fn flags(target: Target, places: &[PathBuf; 3]) -> OsString {
    // Of several that fit a path, the last counts.
    let names = ["/build", "/build/target", "/cargo"];
    let remapped = places.iter().zip(names).map(|(place, name)| {
        let mut flag = OsString::from("--remap-path-prefix=");
        flag.push(place);
        flag.push("=");
        flag.push(name);
        flag
    });
    let of_target = match target.triple {
        // Static, with the C library and the linker that come with the Rust toolchain: nothing of this machine is in it.
        triple if triple.contains("-linux-musl") => {
            &["-Ctarget-feature=+crt-static", "-Clink-self-contained=yes", "-Clinker=rust-lld"][..]
        }
        // Nobody has to install the C runtime, and the linker stamps a hash instead of the time.
        triple if triple.ends_with("-windows-msvc") => {
            &["-Ctarget-feature=+crt-static", "-Clink-arg=/Brepro"]
        }
        _ => &[],
    };
    remapped.chain(of_target.iter().map(OsString::from)).collect::<Vec<_>>().join(OsStr::new(SEPARATOR))
}

/// The one crate with C code, ring, is compiled by clang for a musl that is not here: it then needs none of its headers.
fn cross_compiler(target: Target, command: &mut Command) {
    let Target { triple, .. } = target;
    let variable = format!("CC_{}", triple.replace('-', "_"));
    if triple.contains("-linux-musl")
        && !triple.starts_with("x86_64-")
        && std::env::var_os(&variable).is_none()
    {
        command.env(variable, "clang");
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags_of(triple: &str) -> Vec<String> {
        let places = ["/home/me/my clone", "/var/target", "/home/me/.cargo"].map(PathBuf::from);
        let flags = flags(Target::named(triple).unwrap(), &places);
        flags.into_string().unwrap().split(SEPARATOR).map(str::to_owned).collect()
    }

    #[test]
    fn paths_are_named_the_same_everywhere_blanks_or_not() {
        assert_eq!(
            flags_of("x86_64-unknown-linux-gnu"),
            [
                "--remap-path-prefix=/home/me/my clone=/build",
                "--remap-path-prefix=/var/target=/build/target",
                "--remap-path-prefix=/home/me/.cargo=/cargo",
            ]
        );
    }

    #[test]
    fn what_can_be_static_is() {
        for (triple, is_static) in [
            ("aarch64-unknown-linux-musl", true),
            ("i686-pc-windows-msvc", true),
            ("aarch64-apple-darwin", false),
        ] {
            let found = flags_of(triple).contains(&"-Ctarget-feature=+crt-static".to_owned());
            assert_eq!(found, is_static, "{triple}");
        }
    }

    #[test]
    fn a_path_in_a_binary_is_found() {
        assert!(contains(b"\0/home/me/x.rs\0", b"/home/me"));
        assert!(!contains(b"\0/build/x.rs\0", b"/home/me"));
        assert!(!contains(b"short", b"/home/me"));
    }
}
