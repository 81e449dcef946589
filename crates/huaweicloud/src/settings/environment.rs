//! The surroundings of the process: environment variables and files, both replaceable in tests.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

/// Larger than any CA bundle or token, small enough to end a read of `/dev/zero`.
const FILE_LIMIT: u64 = 8 << 20;

/// The prefix that some editors write before text.
pub(super) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Environment variables and files. Cheap to clone.
#[derive(Clone)]
pub struct Environment(Option<Arc<Fixed>>);

/// Variables and files in place of those of the process.
struct Fixed {
    variables: BTreeMap<String, OsString>,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Environment {
    /// Returns the variables and files of this process.
    pub fn of_process() -> Self {
        Self(None)
    }

    /// Creates an environment with exactly these variables and files.
    pub fn fixed<N, V, P, C>(
        variables: impl IntoIterator<Item = (N, V)>,
        files: impl IntoIterator<Item = (P, C)>,
    ) -> Self
    where
        N: Into<String>,
        V: Into<OsString>,
        P: Into<PathBuf>,
        C: Into<Vec<u8>>,
    {
        Self(Some(Arc::new(Fixed {
            variables: variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
            files: files.into_iter().map(|(path, content)| (path.into(), content.into())).collect(),
        })))
    }

    /// Creates an environment without variables and files.
    pub fn empty() -> Self {
        Self::fixed([("", ""); 0], [("", ""); 0])
    }

    /// Returns the value of a variable. An empty one counts as unset, as in the official provider.
    ///
    /// # Errors
    ///
    /// The value, if it is not UTF-8.
    pub(crate) fn variable(&self, name: &str) -> Result<Option<String>, OsString> {
        self.os_variable(name).map(OsString::into_string).transpose()
    }

    fn os_variable(&self, name: &str) -> Option<OsString> {
        let value = match &self.0 {
            None => std::env::var_os(name),
            Some(fixed) => fixed.variables.get(name).cloned(),
        };
        value.filter(|value| !value.is_empty())
    }

    /// Returns the variables whose name has this prefix, in order.
    pub(super) fn names(&self, prefix: &str) -> Vec<String> {
        let names: Vec<OsString> = match &self.0 {
            None => std::env::vars_os().map(|(name, _)| name).collect(),
            Some(fixed) => fixed.variables.keys().map(OsString::from).collect(),
        };
        let names = names.into_iter().filter_map(|name| name.into_string().ok());
        let mut names: Vec<String> = names.filter(|name| name.starts_with(prefix)).collect();
        names.sort_unstable();
        names
    }

    /// Reads a file of at most 8 MiB, without a UTF-8 byte order mark; a leading `~/` is the home directory. The bytes
    /// are wiped on drop.
    ///
    /// # Errors
    ///
    /// Those of opening and reading, `FileTooLarge`, and `InvalidData` for UTF-16, which some Windows editors write.
    pub(crate) fn read(&self, path: &str) -> io::Result<Zeroizing<Vec<u8>>> {
        let mut content = self.content(&self.expand(path)).map_err(|error| explain(error, path))?;
        if content.starts_with(&[0xff, 0xfe]) || content.starts_with(&[0xfe, 0xff]) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is UTF-16: save it as UTF-8"));
        }
        if content.starts_with(BYTE_ORDER_MARK.as_bytes()) {
            content.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(content)
    }

    /// Returns `path` with a leading `~/` replaced by the home directory (`HOME`, or `USERPROFILE` on Windows).
    pub(super) fn expand(&self, path: &str) -> PathBuf {
        let home = || ["HOME", "USERPROFILE"].iter().find_map(|name| self.os_variable(name));
        match path.strip_prefix('~').map(|rest| (rest, rest.strip_prefix(['/', '\\']))) {
            Some((_, Some(below))) => home().map_or_else(|| path.into(), |home| Path::new(&home).join(below)),
            Some(("", None)) => home().map_or_else(|| path.into(), PathBuf::from),
            _ => path.into(),
        }
    }

    fn content(&self, path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
        if let Some(fixed) = &self.0 {
            let found = fixed.files.get(path).cloned().map(Zeroizing::new);
            return found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "No such file or directory"));
        }
        let mut content = Zeroizing::new(Vec::new());
        let read = std::fs::File::open(path)?.take(FILE_LIMIT + 1).read_to_end(&mut content)?;
        if read as u64 > FILE_LIMIT {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the file is larger than 8 MiB"));
        }
        Ok(content)
    }
}

/// Adds a hint about shell syntax in a path: `set X="…"` on Windows keeps the quotes, and only a shell expands a
/// variable.
fn explain(error: io::Error, path: &str) -> io::Error {
    let hint = if path.starts_with(['"', '\'']) {
        "the path is enclosed in quotes: remove them"
    } else if path.starts_with('$') || (path.starts_with('%') && path.matches('%').count() > 1) {
        "variables in a path are not expanded: write the whole path, or begin it with ~"
    } else {
        return error;
    };
    io::Error::new(error.kind(), format!("{error} ({hint})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_is_unset() {
        let environment = Environment::fixed([("A", ""), ("B", "b")], [("", ""); 0]);
        assert_eq!(environment.variable("A"), Ok(None));
        assert_eq!(environment.variable("B"), Ok(Some("b".into())));
        assert_eq!(environment.variable("C"), Ok(None));
    }

    #[test]
    fn a_tilde_is_the_home_directory_only_at_the_start() {
        let environment =
            Environment::fixed([("HOME", "/home/me")], [("/home/me/.hcloud/config.json", "{}")]);
        assert_eq!(*environment.read("~/.hcloud/config.json").unwrap(), b"{}");
        assert_eq!(environment.expand("~"), PathBuf::from("/home/me"));
        assert_eq!(environment.expand("~you/x"), PathBuf::from("~you/x"));
        assert_eq!(environment.expand("/a/~/b"), PathBuf::from("/a/~/b"));
    }

    #[test]
    fn a_byte_order_mark_is_dropped_and_utf_16_is_named() {
        let files: [(&str, &[u8]); 3] =
            [("/utf8", b"\xef\xbb\xbf{}"), ("/le", b"\xff\xfe{\0}\0"), ("/be", b"\xfe\xff\0{\0}")];
        let environment = Environment::fixed([("", ""); 0], files);
        assert_eq!(*environment.read("/utf8").unwrap(), b"{}");
        for path in ["/le", "/be"] {
            assert!(environment.read(path).unwrap_err().to_string().contains("UTF-16"), "{path}");
        }
    }

    #[test]
    fn what_a_shell_left_in_a_path_is_named() {
        for (path, hint) in [
            ("\"C:\\ca.pem\"", "enclosed in quotes"),
            ("%USERPROFILE%\\ca.pem", "not expanded"),
            ("$HOME/ca.pem", "not expanded"),
        ] {
            let error = Environment::empty().read(path).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::NotFound);
            assert!(error.to_string().contains(hint), "{error}");
        }
        assert!(!Environment::empty().read("/50%").unwrap_err().to_string().contains('('));
    }

    #[test]
    fn a_large_file_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(FILE_LIMIT + 1).unwrap();
        let error = Environment::of_process().read(file.path().to_str().unwrap()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }
}
