//! The directory of a Unix socket: accessible to one user only, under an unpredictable name.
#![cfg(unix)]

use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::random::random;

const PREFIX: &str = "tfplug-";
/// Maximum length of a socket's path: 104 bytes on macOS and the BSDs, 108 on Linux, including the final zero.
const MAX_SOCKET_PATH: usize = if cfg!(target_os = "linux") { 107 } else { 103 };
/// Minimum age of a directory that may be removed: a younger one may be about to be locked.
const YOUTH: Duration = Duration::from_mins(1);
/// Maximum number of entries of a temporary directory that are examined; more would take too long.
const MAX_ENTRIES: usize = 10_000;

/// A directory that only this user can enter. It is locked while its process lives, and removed with its socket when
/// dropped.
#[derive(Debug)]
pub(super) struct SocketDirectory {
    path: PathBuf,
    _lock: File,
}

impl SocketDirectory {
    pub(super) fn create(parent: &Path) -> io::Result<Self> {
        let parent = std::path::absolute(parent)?;
        let name = random::<8>().ok_or_else(|| io::Error::other("the system returned no random numbers"))?;
        let path = parent.join(format!("{PREFIX}{:016x}", u64::from_be_bytes(name)));
        if socket(&path).as_os_str().len() > MAX_SOCKET_PATH {
            return Err(io::Error::other("its path is too long for a socket"));
        }
        DirBuilder::new().mode(0o700).create(&path)?;
        let lock = File::open(&path).inspect_err(|_| remove(&path))?;
        // If a file system has no locks, no other process can mistake the directory for an abandoned one either.
        if let Err(error) = lock.try_lock() {
            tracing::debug!(%error, "the socket's directory cannot be locked");
        }
        Ok(Self { path, _lock: lock })
    }

    pub(super) fn socket(&self) -> PathBuf {
        socket(&self.path)
    }
}

impl Drop for SocketDirectory {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

fn socket(directory: &Path) -> PathBuf {
    directory.join("plugin")
}

fn remove(directory: &Path) {
    // Errors are ignored: they cannot be reported any more, and the directory may already have been cleaned up.
    let _ = std::fs::remove_file(socket(directory));
    let _ = std::fs::remove_dir(directory);
}

/// Removes the directories that killed processes of this user left behind.
pub(super) fn remove_dead(parents: &[PathBuf]) {
    let user = rustix::process::geteuid().as_raw();
    for entry in parents.iter().filter_map(|parent| parent.read_dir().ok()) {
        for entry in entry.take(MAX_ENTRIES).filter_map(Result::ok) {
            let ours = entry.file_name().to_str().is_some_and(is_name);
            if ours && is_dead(&entry.path(), user) {
                remove(&entry.path());
            }
        }
    }
}

/// Whether a directory may have been made by [`SocketDirectory::create`].
fn is_name(name: &str) -> bool {
    let random = name.strip_prefix(PREFIX).unwrap_or_default();
    random.len() == 16 && random.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_dead(directory: &Path, user: u32) -> bool {
    let Ok(metadata) = directory.symlink_metadata() else { return false };
    let old = metadata.modified().is_ok_and(|time| time.elapsed().is_ok_and(|age| age > YOUTH));
    let ours = metadata.is_dir() && metadata.uid() == user;
    let is_socket = |it: std::fs::Metadata| it.file_type().is_socket();
    let holds_socket = socket(directory).symlink_metadata().map_or(true, is_socket);
    old && ours && holds_socket && File::open(directory).is_ok_and(|lock| lock.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn made_long_ago(path: &Path) {
        let time = std::fs::FileTimes::new().set_modified(std::time::UNIX_EPOCH);
        File::open(path).unwrap().set_times(time).unwrap();
    }

    #[test]
    fn it_is_for_this_user_alone_under_a_name_of_its_own_and_goes_when_dropped() {
        let parent = tempfile::tempdir().unwrap();
        let [one, other] = [(); 2].map(|()| SocketDirectory::create(parent.path()).unwrap());
        assert_ne!(one.path, other.path);
        assert_eq!(one.path.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        std::fs::write(one.socket(), "").unwrap();
        drop((one, other));
        assert_eq!(parent.path().read_dir().unwrap().count(), 0);
    }

    #[test]
    fn only_old_directories_of_dead_processes_are_removed() {
        let parent = tempfile::tempdir().unwrap();
        let make = |name: &str| {
            let path = parent.path().join(name);
            std::fs::create_dir(&path).unwrap();
            path
        };
        let alive = SocketDirectory::create(parent.path()).unwrap();
        let named = |last: char| make(&format!("{PREFIX}0123456789abcde{last}"));
        let (dead, empty, full, file, young) = (named('0'), named('1'), named('2'), named('3'), named('4'));
        let (foreign, similar) = (make("other-0123456789abcdef"), make("tfplug-test"));
        for with_socket in [&dead, &similar] {
            drop(std::os::unix::net::UnixListener::bind(socket(with_socket)).unwrap());
        }
        std::fs::write(full.join("of_somebody"), "").unwrap();
        std::fs::write(socket(&file), "").unwrap();
        for path in [&alive.path, &dead, &empty, &foreign, &full, &file, &similar] {
            made_long_ago(path);
        }
        remove_dead(&[parent.path().to_owned(), parent.path().join("absent")]);
        assert!(!dead.exists() && !empty.exists());
        for kept in [&alive.path, &foreign, &similar, &full, &file, &young] {
            assert!(kept.exists(), "{}", kept.display());
        }
    }
}
