//! What a machine needs to build for a target.

use crate::dist::platform::Target;
use crate::programs;

/// The C compiler for Windows.
pub(super) const MINGW: &str = "x86_64-w64-mingw32-gcc";

/// Why this machine cannot build for a target; none if nothing is known to be missing.
pub(super) fn obstacle(target: Target) -> anyhow::Result<Option<String>> {
    if let Err(why) = target.require_installed() {
        return Ok(Some(why.to_string()));
    }
    let triple = target.triple;
    if triple.ends_with("-apple-darwin") && !cfg!(target_os = "macos") {
        return Ok(Some("it is linked on macOS only".to_owned()));
    }
    if triple.ends_with("-windows-msvc") && !cfg!(windows) {
        return Ok(Some("it is linked on Windows only".to_owned()));
    }
    if target == Target::host()? {
        return Ok(None);
    }
    Ok(compilers(triple)
        .filter(|compilers| programs::find(compilers).is_none())
        .map(|compilers| format!("its C compiler is missing: {}", compilers.join(" or "))))
}

/// The C compilers that `dist` and `ring` take for a target, other than this machine's own.
fn compilers(triple: &str) -> Option<&'static [&'static str]> {
    match triple {
        "x86_64-pc-windows-gnu" => Some(&[MINGW]),
        "x86_64-unknown-linux-musl" => Some(&["musl-gcc"]),
        _ if triple.contains("-linux-musl") => Some(&["clang"]),
        "aarch64-unknown-linux-gnu" => Some(&["aarch64-linux-gnu-gcc"]),
        "i686-unknown-linux-gnu" => Some(&["i686-linux-gnu-gcc"]),
        _ if triple.contains("-linux-gnueabihf") => Some(&["arm-linux-gnueabihf-gcc"]),
        _ => None,
    }
}
