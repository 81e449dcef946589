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
