//! How a build for another platform is run.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::obstacle::MINGW;
use crate::dist::platform::Target;
use crate::{programs, project};

/// What runs the builds for a target.
pub(super) enum Runner {
    /// This machine itself.
    Native,
    /// Wine, at this path.
    Wine(PathBuf),
    /// QEMU's user mode for the processor, at this path.
    Qemu(PathBuf),
}

impl Runner {
    /// The runner for a target, or why there is none.
    pub(super) fn of(target: Target) -> Result<Self, String> {
        let processor = target.triple.split('-').next().unwrap_or_default();
        if target.is_windows() && !cfg!(windows) {
            let wine = programs::find(&["wine64", "wine"]);
            return wine.map(Self::Wine).ok_or_else(|| "Wine is missing".to_owned());
        }
        if is_native(processor) {
            return Ok(Self::Native);
        }
        let processor = if processor.starts_with("arm") { "arm" } else { processor };
        let names = [format!("qemu-{processor}-static"), format!("qemu-{processor}")];
        let qemu = programs::find(&names.each_ref().map(String::as_str));
        qemu.map(Self::Qemu).ok_or_else(|| format!("{} is missing", names.join(" or ")))
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Native => "this machine",
            Self::Wine(_) => "Wine",
            Self::Qemu(_) => "QEMU",
        }
    }

    /// Writes a program that runs the binary with the arguments that it is given.
    pub(super) fn program(&self, target: Target, binary: &[u8]) -> anyhow::Result<PathBuf> {
        let directory = project::target()?.join("platforms").join(target.triple);
        let file = directory.join(if target.is_windows() { "provider.exe" } else { "provider" });
        std::fs::create_dir_all(&directory)
            .with_context(|| format!("{} cannot be made", directory.display()))?;
        write_program(&file, binary)?;
        let script = match self {
            Self::Native => return Ok(file),
            // A prefix of its own: the default is in the home directory, which hosts of a test do not share.
            Self::Wine(wine) => {
                build_random_source(&directory)?;
                let prefix = project::target()?.join("platforms").join("wine");
                let [prefix, wine, file] = [&prefix, wine, &file].map(|path| quoted(path));
                format!("export WINEDEBUG=-all WINEPREFIX={prefix}\nexec {wine} {file} \"$@\"\n")
            }
            Self::Qemu(qemu) => format!("exec {} {} \"$@\"\n", quoted(qemu), quoted(&file)),
        };
        let program = directory.join("run");
        write_program(&program, format!("#!/bin/sh\n{script}").as_bytes())?;
        Ok(program)
    }
}

/// Where Rust's standard library gets its random numbers on Windows; Wine 8 has no such library.
const RANDOM_SOURCE: &str = "\
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length) {
    return SystemFunction036(buffer, (ULONG)length);
}
";

/// Puts that library beside the program.
fn build_random_source(directory: &Path) -> anyhow::Result<()> {
    let source = directory.join("bcryptprimitives.c");
    std::fs::write(&source, RANDOM_SOURCE)?;
    let mut command = Command::new(MINGW);
    command.arg("-shared").arg("-o").arg(source.with_extension("dll")).arg(&source).arg("-ladvapi32");
    let status = command.status().with_context(|| format!("{MINGW} cannot be started"))?;
    ensure!(status.success(), "{MINGW} could not build {}", source.display());
    Ok(())
}

/// Whether the processor of this machine runs programs for another one, too.
fn is_native(processor: &str) -> bool {
    match std::env::consts::ARCH {
        "x86_64" => matches!(processor, "x86_64" | "i686"),
        // Rosetta.
        "aarch64" if cfg!(target_os = "macos") => matches!(processor, "aarch64" | "x86_64"),
        "x86" => processor == "i686",
        "arm" => processor.starts_with("arm"),
        own => processor == own,
    }
}

/// A path as a word of the shell.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

fn write_program(file: &Path, contents: &[u8]) -> anyhow::Result<()> {
    std::fs::write(file, contents).with_context(|| format!("{} cannot be written", file.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machines_own_processor_needs_no_runner() {
        assert!(matches!(Runner::of(Target::host().unwrap()), Ok(Runner::Native)));
    }

    #[test]
    fn paths_are_single_words_of_the_shell() {
        assert_eq!(quoted(Path::new("/home/o'neill/my clone")), r"'/home/o'\''neill/my clone'");
    }
}
