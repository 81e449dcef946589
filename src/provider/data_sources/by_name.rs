//! Lookup of an instance by its exact name. The API matches names loosely.

use icu_normalizer::ComposingNormalizerBorrowed;
use tfplug::{AttributePath, Diagnostic};

use crate::iotda::{InstanceSummary, Instances, ListFilter};
use crate::provider::audience::{Argument, Audience};
use crate::provider::diagnostic::read_error;

/// Maximum number of candidates in an error.
const MAX_CANDIDATES: usize = 20;

/// Returns the ID of the only instance with this name; otherwise an error that lists the candidates.
pub(super) async fn id_by_name(
    instances: Instances<'_>,
    name: &str,
    audience: &Audience,
) -> Result<String, Diagnostic> {
    let filter = ListFilter { name: Some(name), ..ListFilter::default() };
    let listed = instances.list(filter).await;
    let listed = listed.map_err(|error| read_error(&error, instances.scope(), audience))?;
    // Hosts normalise every text to NFC; the API returns names as they were entered.
    let composer = ComposingNormalizerBorrowed::new_nfc();
    let name = &*composer.normalize(name);
    let matches = |instance: &&InstanceSummary| {
        instance.name.as_deref().is_some_and(|found| composer.normalize(found) == name)
    };
    if listed.iter().filter(matches).any(|found| found.instance_id.is_none()) {
        let detail =
            "The API listed an instance of this name without an `instance_id`, so it cannot be read.";
        return Err(Diagnostic::error("Unexpected response", detail));
    }
    let mut ids: Vec<_> =
        listed.iter().filter(matches).filter_map(|found| found.instance_id.as_deref()).collect();
    ids.sort_unstable();
    ids.dedup();
    let place = instances.region();
    let error = match ids.as_slice() {
        [id] => return Ok((*id).to_owned()),
        [] => {
            // The project is already known from the previous request, so this sends none.
            let project = instances.project().await;
            let project = project.map_err(|error| read_error(&error, instances.scope(), audience))?;
            let place = format!("region {place}, project {project},");
            Diagnostic::error("No instance has this name", none(name, &place, &listed))
        }
        several => Diagnostic::error(
            "Several instances have this name",
            format!(
                "{} instances in region {place} have the name {name:?}. Use {} instead, with one of these IDs:\n\n{}",
                several.len(),
                audience.name(Argument::InstanceId),
                lines(several.iter().map(|id| format!("  {id}")))
            ),
        ),
    };
    Err(error.at(AttributePath::attribute("name")))
}

fn none(name: &str, place: &str, listed: &[InstanceSummary]) -> String {
    let start = format!("No instance in {place} has exactly the name {name:?}.");
    if listed.is_empty() {
        return format!("{start} No similar name was found. Check the name, the region and the project.");
    }
    let mut candidates: Vec<_> = listed
        .iter()
        .map(|near| {
            (near.name.as_deref().unwrap_or("no name"), near.instance_id.as_deref().unwrap_or("no ID"))
        })
        .collect();
    candidates.sort_unstable();
    candidates.dedup();
    let candidates = candidates.iter().map(|(name, id)| format!("  {name:?} ({id})"));
    format!("{start} Similar names:\n\n{}", lines(candidates))
}

fn lines(candidates: impl ExactSizeIterator<Item = String>) -> String {
    let more = candidates.len().saturating_sub(MAX_CANDIDATES);
    let mut text = candidates.take(MAX_CANDIDATES).collect::<Vec<_>>().join("\n");
    if more > 0 {
        text += &format!("\n  and {more} more");
    }
    text
}
