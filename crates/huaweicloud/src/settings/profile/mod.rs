//! Profiles of `KooCLI`. A profile is read only if the block or the environment names it.

mod file;

use super::catalog::{PROFILE, SHARED_CONFIG_FILE};
use super::given::AlreadyReported;
use super::lookup::Lookup;
use file::File;

pub(super) use file::{Mode, Profile};

const DEFAULT_FILE: &str = "~/.hcloud/config.json";

/// The named profile, if any; an error if it cannot be read.
pub(super) type Named<'a> = Result<Option<&'a Profile>, AlreadyReported>;

/// Returns the named profile, if any.
///
/// # Errors
///
/// Reported where the profile is named.
pub(super) fn named(lookup: &mut Lookup<'_>) -> Result<Option<Profile>, AlreadyReported> {
    let file = lookup.text(SHARED_CONFIG_FILE, lookup.arguments.shared_config_file.as_deref());
    let name = lookup.text(PROFILE, lookup.arguments.profile.as_deref());
    let naming = [&name, &file].map(|given| given.as_ref().map(|given| &given.source));
    let mut naming = naming.into_iter().flatten();
    // If both are named, errors refer to the name that takes precedence: the block's.
    let Some(named_by) = naming.clone().find(|source| source.is_argument()).or(naming.next()).cloned() else {
        return Ok(None);
    };
    let path = file.as_ref().map_or(DEFAULT_FILE, |given| &given.value);
    // The expanded path, because `~` is another directory in another shell.
    let shown = lookup.environment.expand(path).display().to_string();
    let name = name.as_ref().map(|given| given.value.as_str());
    let profile = read(lookup, path, &shown).and_then(|file| file.pick(name, &shown, &named_by));
    profile.map(Some).map_err(|detail| {
        let by = if named_by.is_argument() { String::new() } else { format!(" {named_by} names it.") };
        lookup.blame(&named_by, "Profile not usable", format!("{detail}{by}"));
        AlreadyReported
    })
}

fn read(lookup: &Lookup<'_>, path: &str, shown: &str) -> Result<File, String> {
    let text = lookup.environment.read(path).map_err(|error| {
        format!(
            "The file {shown} cannot be read: {error}. Profiles are read from this file: write it with `hcloud configure set`, or set {SHARED_CONFIG_FILE} to another file."
        )
    })?;
    File::parse(&text, shown)
}
