//! Lookup of an instance by its exact name. The API matches names loosely.

use std::collections::BTreeSet;

use icu_normalizer::ComposingNormalizerBorrowed;
use tfplug::Diagnostic;

use crate::iotda::InstanceSummary;
use crate::provider::audience::Argument;
use crate::provider::client::Reading;

/// Maximum number of candidates in an error.
const MAX_CANDIDATES: usize = 20;

/// Returns the ID of the only instance with this name; otherwise an error that lists the candidates.
pub(super) async fn id_by_name(reading: Reading<'_>, name: &str) -> Result<String, Diagnostic> {
    let Reading { instances, shared } = reading;
    let listed = instances.list(Some(name), None).await.map_err(|error| reading.error(error))?;
    // Hosts normalise every text to NFC; the API returns names as they were entered.
    let composer = ComposingNormalizerBorrowed::new_nfc();
    let name = &*composer.normalize(name);
    let matches = |instance: &&InstanceSummary| {
        instance.name.as_deref().is_some_and(|found| composer.normalize(found) == name)
    };
    let ids = listed.iter().filter(matches).map(|found| found.instance_id.as_deref());
    let Some(ids) = ids.collect::<Option<BTreeSet<&str>>>() else {
        let detail =
            "The API listed an instance of this name without an `instance_id`, so it cannot be read.";
        return Err(Diagnostic::error("Unexpected response", detail));
    };
    let place = instances.region();
    let error = match (ids.len(), ids.first()) {
        (1, Some(id)) => return Ok((*id).to_owned()),
        (0, _) => {
            // The project is already known from the previous request, so this sends none.
            let project = instances.client.project(instances.scope).await;
            let project = project.map_err(|error| reading.error(error))?.id;
            let place = format!("region {place}, project {project},");
            Diagnostic::error("No instance has this name", none(name, &place, &listed))
        }
        (several, _) => Diagnostic::error(
            "Several instances have this name",
            format!(
                "{several} instances in region {place} have the name {name:?}. Use {} instead, with one of these IDs:\n\n{}",
                shared.audience.name(Argument::INSTANCE_ID),
                lines(ids.iter().map(|id| format!("  {id}")))
            ),
        ),
    };
    Err(error.at("name"))
}

fn none(name: &str, place: &str, listed: &[InstanceSummary]) -> String {
    let start = format!("No instance in {place} has exactly the name {name:?}.");
    if listed.is_empty() {
        return format!("{start} No similar name was found. Check the name, the region and the project.");
    }
    let candidates: BTreeSet<_> = listed
        .iter()
        .map(|near| {
            (near.name.as_deref().unwrap_or("no name"), near.instance_id.as_deref().unwrap_or("no ID"))
        })
        .collect();
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
