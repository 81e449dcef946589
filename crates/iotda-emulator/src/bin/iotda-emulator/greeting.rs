//! The text printed at the start: everything needed to use the emulator.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use iotda_emulator::Emulator;

use crate::shell::{Syntax, assignment};

#[derive(Default)]
pub(crate) struct Greeting {
    pub(crate) quiet: bool,
    /// Where to write the authority's certificate; if `None`, the temporary folder.
    pub(crate) ca_file: Option<PathBuf>,
    /// Additional file to write the variables to.
    pub(crate) env_file: Option<PathBuf>,
    /// Whether it is used as a proxy that serves the cloud's own hosts in all regions.
    pub(crate) proxy: bool,
}

/// A file that is removed on drop.
pub(crate) struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // The file may have been removed already.
        fs::remove_file(&self.0).ok();
    }
}

impl Greeting {
    /// Returns the text for these shells. It also writes the files that the options name; what is written to the
    /// temporary folder is removed when the value returned with the text is dropped.
    pub(crate) fn text(
        &self,
        emulator: &Emulator,
        shells: &[Syntax],
    ) -> anyhow::Result<(String, Option<Temporary>)> {
        let url = emulator.url();
        let pem = if self.proxy { emulator.proxy_ca_pem() } else { emulator.ca_pem() };
        let (ca_file, temporary) = pem.map(|pem| self.write_ca(emulator, pem)).transpose()?.unzip();
        let variables = self.variables(emulator, ca_file.as_deref());
        if let Some(file) = &self.env_file {
            let lines = variables.iter().map(|(name, value)| assignment(name, value) + "\n");
            write(file, &lines.collect::<String>())?;
        }
        let text = if self.quiet {
            format!("{url}\n")
        } else {
            self.instructions(&url, &variables, ca_file.as_deref(), shells)
        };
        Ok((text, temporary.flatten()))
    }

    fn variables(&self, emulator: &Emulator, ca_file: Option<&Path>) -> Vec<(String, String)> {
        // Through the proxy the hosts of the cloud have their usual names, and each region has its own project.
        let kept = |name: &str| !self.proxy || name.ends_with("_KEY") || name == "HW_REGION_NAME";
        let mut variables = emulator.environment();
        variables.retain(|(name, _)| kept(name));
        if self.proxy {
            variables.push(("HTTPS_PROXY".to_owned(), emulator.url()));
        }
        variables.extend(ca_file.map(|file| ("OS_CACERT".to_owned(), file.display().to_string())));
        variables
    }

    fn instructions(
        &self,
        url: &str,
        variables: &[(String, String)],
        ca_file: Option<&Path>,
        shells: &[Syntax],
    ) -> String {
        let mut parts = vec![format!("Listening on {url}\n")];
        for shell in shells {
            parts.push(format!("\n{}:\n\n", shell.title()));
            parts.extend(variables.iter().map(|(name, value)| shell.set(name, value) + "\n"));
        }
        if let Some(file) = &self.env_file {
            parts.push(format!("\nThe same variables are in {}.\n", file.display()));
        }
        if !self.proxy {
            parts.push("\nOr set the URLs in the configuration instead:\n\n".to_owned());
            parts.push(provider_block(url, ca_file));
        }
        parts.push("\nPress Ctrl-C to stop.\n".to_owned());
        parts.concat()
    }

    fn write_ca(&self, emulator: &Emulator, pem: &str) -> anyhow::Result<(PathBuf, Option<Temporary>)> {
        let (file, temporary) = match &self.ca_file {
            Some(file) => (file.clone(), None),
            None => {
                let name = format!("iotda-emulator-{}-ca.pem", emulator.address().port());
                let file = std::env::temp_dir().join(name);
                (file.clone(), Some(Temporary(file)))
            }
        };
        write(&file, pem)?;
        Ok((file, temporary))
    }
}

fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))
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

    fn text(greeting: &Greeting, emulator: &Emulator) -> String {
        greeting.text(emulator, &[Syntax::Posix]).unwrap().0
    }

    /// Returns a path in the temporary folder that no other test uses.
    fn file(emulator: &Emulator, name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("iotda-emulator-{name}-{}", emulator.address().port()))
    }

    #[test]
    fn it_prints_what_to_type() {
        let emulator = Emulator::start(Config::default()).unwrap();
        assert_eq!(
            text(&Greeting { quiet: true, ..Greeting::default() }, &emulator),
            format!("{}\n", emulator.url())
        );
        let said = text(&Greeting::default(), &emulator);
        assert!(said.contains("export HW_ACCESS_KEY=EMULATORACCESSKEY\n"));
        assert!(said.contains(&format!("iotda_mgmt = \"{}\"", emulator.url())));
        assert!(!said.contains("cacert"));
        let (said, _) = Greeting::default().text(&emulator, &[Syntax::PowerShell, Syntax::Cmd]).unwrap();
        assert!(said.contains("In another PowerShell:\n\n$env:HW_ACCESS_KEY = 'EMULATORACCESSKEY'\n"));
        assert!(said.contains("Command Prompt:\n\nset \"HW_ACCESS_KEY=EMULATORACCESSKEY\"\n"));
    }

    #[test]
    fn the_variables_are_in_the_named_file() {
        let emulator = Emulator::start(Config::default()).unwrap();
        let file = file(&emulator, "env");
        text(&Greeting { quiet: true, env_file: Some(file.clone()), ..Greeting::default() }, &emulator);
        let _removed = Temporary(file.clone());
        let written = fs::read_to_string(&file).unwrap();
        let expected = emulator.environment().into_iter().map(|(name, value)| format!("{name}={value}\n"));
        assert_eq!(written, expected.collect::<String>());
    }

    #[test]
    fn over_https_the_authority_is_in_the_named_file() {
        let emulator = Emulator::start(Config::https()).unwrap();
        let file = file(&emulator, "ca");
        let said = text(&Greeting { ca_file: Some(file.clone()), ..Greeting::default() }, &emulator);
        let _removed = Temporary(file.clone());
        assert_eq!(Some(fs::read_to_string(&file).unwrap().as_str()), emulator.ca_pem());
        assert!(said.contains(&Syntax::Posix.set("OS_CACERT", &file.display().to_string())));
        assert!(said.contains("cacert_file = "));
    }

    #[test]
    fn an_authority_in_the_temporary_folder_goes_with_the_program() {
        let emulator = Emulator::start(Config::https()).unwrap();
        let (said, temporary) = Greeting::default().text(&emulator, &[]).unwrap();
        let file = temporary.as_ref().unwrap().0.clone();
        assert!(said.contains(file.file_name().unwrap().to_str().unwrap()) && file.exists());
        drop(temporary);
        assert!(!file.exists());
    }

    #[test]
    fn as_a_proxy_it_leaves_the_hosts_and_projects_of_the_cloud_alone() {
        let emulator = Emulator::start(Config::default()).unwrap();
        let file = file(&emulator, "proxy");
        let said =
            text(&Greeting { ca_file: Some(file.clone()), proxy: true, ..Greeting::default() }, &emulator);
        let _removed = Temporary(file.clone());
        assert_eq!(Some(fs::read_to_string(&file).unwrap().as_str()), emulator.proxy_ca_pem());
        let names: Vec<_> =
            said.lines().filter_map(|line| Some(line.strip_prefix("export ")?.split_once('=')?.0)).collect();
        assert_eq!(names, ["HW_ACCESS_KEY", "HW_SECRET_KEY", "HW_REGION_NAME", "HTTPS_PROXY", "OS_CACERT"]);
    }
}
