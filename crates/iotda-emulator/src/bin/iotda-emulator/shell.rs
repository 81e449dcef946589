//! Environment variables, in the syntax of each shell.

/// The syntax of a family of shells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    Posix,
    PowerShell,
    /// `cmd.exe`.
    Cmd,
}

impl Syntax {
    /// Returns the syntaxes of the usual shells of this system.
    pub(crate) fn usual() -> &'static [Self] {
        if cfg!(windows) { &[Self::PowerShell, Self::Cmd] } else { &[Self::Posix] }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Posix => "In another shell",
            Self::PowerShell => "In another PowerShell",
            Self::Cmd => "Or in another Command Prompt",
        }
    }

    /// Returns the command that sets a variable.
    pub(crate) fn set(self, name: &str, value: &str) -> String {
        match self {
            Self::Posix => format!("export {}", assignment(name, value)),
            Self::PowerShell => format!("$env:{name} = '{}'", value.replace('\'', "''")),
            Self::Cmd => format!("set \"{name}={value}\""),
        }
    }
}

/// Returns a line of an environment file, which a POSIX shell can read too. Values are quoted only if a shell requires
/// it.
pub(crate) fn assignment(name: &str, value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+,=".contains(&byte);
    if value.bytes().all(plain) {
        return format!("{name}={value}");
    }
    format!("{name}='{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_as_the_shell_wants_it() {
        for (value, posix, powershell, cmd) in [
            (
                "http://127.0.0.1:8080",
                "export A=http://127.0.0.1:8080",
                "$env:A = 'http://127.0.0.1:8080'",
                "set \"A=http://127.0.0.1:8080\"",
            ),
            ("C:\\ca.pem", "export A='C:\\ca.pem'", "$env:A = 'C:\\ca.pem'", "set \"A=C:\\ca.pem\""),
            ("it's $x", "export A='it'\\''s $x'", "$env:A = 'it''s $x'", "set \"A=it's $x\""),
        ] {
            assert_eq!(Syntax::Posix.set("A", value), posix);
            assert_eq!(Syntax::PowerShell.set("A", value), powershell);
            assert_eq!(Syntax::Cmd.set("A", value), cmd);
        }
    }
}
