//! What is printed at the start: all that it takes to use the emulator.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use iotda_emulator::{Emulator, Estate};

/// The first project that has a key, for the lines to copy.
struct FirstProject {
    access_key: String,
    secret_key: String,
    region: String,
    id: String,
}

pub(crate) struct Greeting {
    first: Option<FirstProject>,
    quiet: bool,
    ca_file: Option<PathBuf>,
}

impl Greeting {
    pub(crate) fn new(estate: &Estate, quiet: bool, ca_file: Option<PathBuf>) -> Self {
        let first = estate.accounts.iter().find_map(|account| {
            let (key, project) = (account.access_keys.first()?, account.projects.first()?);
            Some(FirstProject {
                access_key: key.access_key.clone(),
                secret_key: key.secret_key.clone(),
                region: project.region().to_owned(),
                id: project.id.clone(),
            })
        });
        Self { first, quiet, ca_file }
    }

    /// The text; over https, the authority's certificate is written to its file on the way.
    pub(crate) fn text(&self, emulator: &Emulator) -> anyhow::Result<String> {
        let url = emulator.url();
        let ca_file = emulator.ca_pem().map(|pem| self.write_ca(emulator, pem)).transpose()?;
        if self.quiet {
            return Ok(format!("{url}\n"));
        }
        let mut text = format!("Listening on {url}\n\n");
        if let Some(first) = &self.first {
            for (name, value) in [
                ("HW_ACCESS_KEY", &first.access_key),
                ("HW_SECRET_KEY", &first.secret_key),
                ("HW_REGION_NAME", &first.region),
                ("HW_PROJECT_ID", &first.id),
            ] {
                writeln!(text, "export {name}={value}")?;
            }
        }
        let ca_line =
            ca_file.as_ref().map(|file| format!("  cacert_file = {:?}\n\n", file.display().to_string()));
        write!(
            text,
            "
provider \"iotda\" {{
{}  auth_url = \"{url}/v3\"

  endpoints = {{
    iotda_mgmt = \"{url}\"
    iam        = \"{url}\"
    sts        = \"{url}\"
    metadata   = \"{url}\"
  }}
}}

Ctrl-C ends it.
",
            ca_line.unwrap_or_default(),
        )?;
        Ok(text)
    }

    fn write_ca(&self, emulator: &Emulator, pem: &str) -> anyhow::Result<PathBuf> {
        let in_temporary_folder =
            || std::env::temp_dir().join(format!("iotda-emulator-{}-ca.pem", emulator.address().port()));
        let file = self.ca_file.clone().unwrap_or_else(in_temporary_folder);
        fs::write(&file, pem).with_context(|| format!("writing {}", file.display()))?;
        Ok(file)
    }
}
