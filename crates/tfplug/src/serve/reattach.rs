//! `TF_REATTACH_PROVIDERS`: the variable through which hosts find a provider that they did not start.

use std::io;
use std::path::Path;

use serde_json::{Map, Value as Json, json};

use super::environment::PROTOCOL;
use super::listener::Address;

const VARIABLE: &str = "TF_REATTACH_PROVIDERS";
/// Default hosts of addresses that name none: Terraform resolves `acme/wx` at its own registry, OpenTofu at its own.
const DEFAULT_HOSTS: [&str; 2] = ["registry.terraform.io", "registry.opentofu.org"];

/// Returns instructions for the person who started the provider: the variable, once for each shell.
pub(super) fn instructions(provider: &str, address: &Address) -> String {
    let value = value(provider, address).to_string();
    let warning = if address.network == "tcp" {
        "WARNING: every user of this machine can connect to it and read with the provider's credentials.\n"
    } else {
        ""
    };
    format!(
        "Serving {provider} until interrupted. For Terraform and OpenTofu, in sh, in PowerShell or in cmd.exe:\n\n  \
         export {VARIABLE}={}\n  \
         $env:{VARIABLE} = '{}'\n  \
         set \"{VARIABLE}={value}\"\n\n{warning}",
        quoted(&value),
        value.replace('\'', "''"),
    )
}

/// Writes the variable to a file, for tools that read such files, such as editors and `sh`. Only this user can read it.
pub(super) fn write(file: &Path, provider: &str, address: &Address) -> io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let line = format!("{VARIABLE}={}\n", quoted(&value(provider, address).to_string()));
    let written = options.open(file).and_then(|mut file| file.write_all(line.as_bytes()));
    written.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display())))
}

/// Quotes a text as one word of `sh`.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Returns the variable's value, for each address under which a host may look up the provider.
fn value(provider: &str, address: &Address) -> Json {
    let entry = json!({
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL,
        "Pid": std::process::id(),
        "Test": true,
        "Addr": {"Network": address.network, "String": address.address},
    });
    let mut entries = Map::from_iter([(provider.to_owned(), entry.clone())]);
    if let Some((host, path)) = provider.split_once('/')
        && DEFAULT_HOSTS.contains(&host)
    {
        entries.extend(DEFAULT_HOSTS.map(|host| (format!("{host}/{path}"), entry.clone())));
    }
    entries.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unix(path: &str) -> Address {
        Address { network: "unix", address: path.to_owned() }
    }

    #[test]
    fn each_host_finds_the_provider_under_its_own_address() {
        let hosts = ["registry.opentofu.org/acme/wx", "registry.terraform.io/acme/wx"];
        for (provider, expected) in [
            (hosts[0], &hosts[..]),
            (hosts[1], &hosts[..]),
            ("registry.example.com/acme/wx", &["registry.example.com/acme/wx"]),
        ] {
            let value = value(provider, &unix("/tmp/s"));
            let names: std::collections::BTreeSet<_> =
                value.as_object().unwrap().keys().map(|it| &**it).collect();
            assert_eq!(names, expected.iter().copied().collect());
        }
    }

    #[test]
    fn a_quote_in_the_path_does_not_end_the_text_of_any_shell() {
        let text = instructions("registry.example.com/acme/wx", &unix("/tmp/it's/s"));
        assert!(text.contains(r#""String":"/tmp/it'\''s/s""#) && text.contains(r#""String":"/tmp/it''s/s""#));
        assert!(text.contains(r#"set "TF_REATTACH_PROVIDERS={"registry."#) && text.contains(r"/tmp/it's/s"));
        assert!(!text.contains("WARNING"), "a socket is for one user: {text}");
    }
}
