//! An instance by its name: what Terraform shows of an error.

use iotda_emulator::ids;

use crate::support::{Outcome, Stage};

/// What Terraform makes of the paths: the line at fault.
#[tokio::test]
async fn the_line_and_the_candidates_are_shown() -> Outcome {
    let configuration = "data \"iotda_instance\" \"this\" {\n  name = \"iotda\"\n}\n";
    let Some(stage) = Stage::new(configuration).await? else { return Ok(()) };
    let said = stage.terraform.run(&["plan"]).await?.failed()?.prose();
    assert!(
        said.contains("on main.tf line 2, in data \"iotda_instance\" \"this\": 2: name = \"iotda\""),
        "{said}"
    );
    assert!(said.contains(&format!("\"iotda_instance\" ({})", ids::INSTANCE_ID)), "{said}");
    Ok(())
}
