//! The guides: their files are run, and their commands print what they show.

use super::document::{Document, root};
use super::stage;
use crate::support::Outcome;

const GUIDES: [&str; 4] = ["pipelines", "testing", "waiting", "wiring-endpoints"];

async fn runs(guide: &str) -> Outcome {
    assert!(GUIDES.contains(&guide));
    let mut guide = Document::read(&format!("docs/guides/{guide}.md"))?;
    let Some(stage) = stage(&guide.files(), 8).await? else { return Ok(()) };
    assert!(guide.replay(&stage.terraform).await? > 0, "nothing was run");
    Ok(())
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
fn each_guide_has_a_title_and_is_run() -> Outcome {
    let mut found: Vec<String> = std::fs::read_dir(root().join("docs/guides"))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<std::io::Result<_>>()?;
    found.sort();
    assert_eq!(found, GUIDES.map(|name| format!("{name}.md")));
    for name in found {
        let text = Document::read(&format!("docs/guides/{name}"))?.text;
        let title = text.strip_prefix("---\npage_title: \"").ok_or_else(|| format!("{name} has no title"))?;
        assert!(title.contains("\"\n"), "{name}");
    }
    Ok(())
}
