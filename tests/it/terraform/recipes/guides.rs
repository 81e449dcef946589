//! The guides that hold files: these are run, and their commands print what they show.

use super::document::{Document, root};
use super::stage;
use crate::support::Outcome;

const GUIDES: [&str; 4] = ["pipelines", "testing", "waiting", "wiring-endpoints"];

async fn runs(guide: &str) -> Outcome {
    assert!(GUIDES.contains(&guide));
    document_runs(&format!("docs/guides/{guide}.md")).await
}

async fn document_runs(path: &str) -> Outcome {
    let mut guide = Document::read(path)?;
    let Some(stage) = stage(&guide.files(), 8).await? else { return Ok(()) };
    assert!(guide.replay(&stage.terraform).await? > 0, "nothing was run");
    Ok(())
}

#[tokio::test]
async fn what_the_front_page_shows() -> Outcome {
    document_runs("README.md").await
}

#[tokio::test]
async fn pipelines() -> Outcome {
    runs("pipelines").await
}

#[tokio::test]
async fn testing() -> Outcome {
    runs("testing").await
}

#[tokio::test]
async fn waiting() -> Outcome {
    runs("waiting").await
}

#[tokio::test]
async fn wiring_endpoints() -> Outcome {
    runs("wiring-endpoints").await
}

/// Texts of this kind in the source: what comes right after one of these, up to the closing quote.
fn quoted_after<'a>(source: &'a str, starts: &[&str]) -> Vec<&'a str> {
    let parts = starts.iter().flat_map(|start| source.split(start).skip(1));
    parts.filter_map(|part| Some(part.trim_start().strip_prefix('"')?.split_once('"')?.0)).collect()
}

#[test]
fn troubleshooting_lists_every_error_and_warning_of_a_read() -> Outcome {
    let guide = Document::read("docs/guides/troubleshooting.md")?.text;
    let kinds = Document::read("crates/huaweicloud/src/error/mod.rs")?.text;
    let mut summaries = quoted_after(&kinds, &["=>"]);
    let mut provider = Vec::new();
    for place in ["src/provider", "src/provider/arguments", "src/provider/data_sources"] {
        for entry in std::fs::read_dir(root().join(place))? {
            let path = entry?.path();
            let is_source = path.extension().is_some_and(|extension| extension == "rs");
            if is_source && !path.to_string_lossy().contains("tests") {
                provider.push(std::fs::read_to_string(path)?);
            }
        }
    }
    let starts = ["Diagnostic::error(", "Diagnostic::warning("];
    summaries.extend(provider.iter().flat_map(|source| quoted_after(source, &starts)));
    assert!(summaries.len() > 30, "{summaries:?}");
    let missing: Vec<_> =
        summaries.into_iter().filter(|summary| !guide.contains(&format!("`{summary}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
    Ok(())
}

#[test]
fn each_guide_has_a_title_and_those_with_files_are_run() -> Outcome {
    let mut run = Vec::new();
    for entry in std::fs::read_dir(root().join("docs/guides"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let guide = Document::read(&format!("docs/guides/{name}"))?;
        assert!(guide.text.starts_with("---\npage_title: \""), "{name} has no title");
        if !guide.files().is_empty() {
            run.push(name);
        }
    }
    run.sort();
    assert_eq!(run, GUIDES.map(|name| format!("{name}.md")));
    Ok(())
}
