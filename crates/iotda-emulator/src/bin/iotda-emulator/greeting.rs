//! What is printed at the start: all that it takes to use the emulator.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use iotda_emulator::Emulator;

pub(crate) struct Greeting {
    pub(crate) quiet: bool,
    /// Where the authority's certificate goes; none: into the temporary folder.
    pub(crate) ca_file: Option<PathBuf>,
    /// Whether it is to be used as a proxy, behind which are the cloud's own hosts of all regions.
    pub(crate) proxy: bool,
}

impl Greeting {
    /// The text; over https, the authority's certificate is written to its file on the way.
    pub(crate) fn text(&self, emulator: &Emulator) -> anyhow::Result<String> {
        let url = emulator.url();
        let pem = if self.proxy { emulator.proxy_ca_pem() } else { emulator.ca_pem() };
        let ca_file = pem.map(|pem| self.write_ca(emulator, pem)).transpose()?;
        if self.quiet {
            return Ok(format!("{url}\n"));
        }
        let mut text = format!("Listening on {url}\n\nIn another shell:\n\n");
        for (name, value) in emulator.environment() {
            // The hosts of the cloud are the usual ones, and each region has its own project.
            if !self.proxy || name.ends_with("_KEY") || name == "HW_REGION_NAME" {
                writeln!(text, "export {name}={value}")?;
            }
        }
        if self.proxy {
            writeln!(text, "export HTTPS_PROXY={url}")?;
        }
        if let Some(file) = &ca_file {
            writeln!(text, "export OS_CACERT={}", file.display())?;
        }
        if !self.proxy {
            text.push_str("\nOr for a configuration, in place of the URLs above:\n\n");
            text.push_str(&provider_block(&url, ca_file.as_deref()));
        }
        text.push_str("\nCtrl-C ends it.\n");
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

fn provider_block(url: &str, ca_file: Option<&Path>) -> String {
    let ca_line = ca_file.map(|file| format!("  cacert_file = {:?}\n\n", file.display().to_string()));
    format!(
        "provider \"iotda\" {{
{}  auth_url = \"{url}/v3\"

  endpoints = {{
    iotda_mgmt = \"{url}\"
    iam        = \"{url}\"
    sts        = \"{url}\"
    metadata   = \"{url}\"
  }}
}}
",
        ca_line.unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use iotda_emulator::Config;

    use super::*;

    #[test]
    fn it_prints_what_to_type() {
        let emulator = Emulator::start(Config::default()).unwrap();
        let text = |quiet| Greeting { quiet, ca_file: None, proxy: false }.text(&emulator).unwrap();
        assert_eq!(text(true), format!("{}\n", emulator.url()));
        assert!(text(false).contains("export HW_ACCESS_KEY=EMULATORACCESSKEY\n"));
        assert!(text(false).contains(&format!("iotda_mgmt = \"{}\"", emulator.url())));
        assert!(!text(false).contains("cacert"));
    }

    #[test]
    fn over_https_the_authority_is_in_the_named_file() {
        let emulator = Emulator::start(Config::https()).unwrap();
        let file =
            std::env::temp_dir().join(format!("iotda-emulator-test-{}.pem", emulator.address().port()));
        let text =
            Greeting { quiet: false, ca_file: Some(file.clone()), proxy: false }.text(&emulator).unwrap();
        let written = fs::read_to_string(&file).unwrap();
        fs::remove_file(&file).unwrap();
        assert_eq!(Some(written.as_str()), emulator.ca_pem());
        assert!(text.contains(&format!("export OS_CACERT={}", file.display())));
        assert!(text.contains("cacert_file = "));
    }

    #[test]
    fn as_a_proxy_it_leaves_the_hosts_and_projects_of_the_cloud_alone() {
        let emulator = Emulator::start(Config::default()).unwrap();
        let file =
            std::env::temp_dir().join(format!("iotda-emulator-proxy-{}.pem", emulator.address().port()));
        let greeting = Greeting { quiet: false, ca_file: Some(file.clone()), proxy: true };
        let text = greeting.text(&emulator).unwrap();
        let written = fs::read_to_string(&file).unwrap();
        fs::remove_file(&file).unwrap();
        assert_eq!(Some(written.as_str()), emulator.proxy_ca_pem());
        let names: Vec<_> =
            text.lines().filter_map(|line| Some(line.strip_prefix("export ")?.split_once('=')?.0)).collect();
        assert_eq!(names, ["HW_ACCESS_KEY", "HW_SECRET_KEY", "HW_REGION_NAME", "HTTPS_PROXY", "OS_CACERT"]);
    }
}
