//! A provider of functions alone: nothing to configure, and no data sources.

use std::process::ExitCode;

use tfplug::{
    AttributeValue, ConfigureContext, Configured, Diagnostics, Function, FunctionError, Functions, Object,
    Provider, async_trait,
};

/// Functions that join and shorten text.
#[derive(Object)]
struct Text {}

#[async_trait]
impl Provider for Text {
    type Client = ();
    const NAME: &'static str = "text";
    const ADDRESS: &'static str = "registry.terraform.io/example/text";
    const VERSION: &'static str = "0.1.0";

    fn functions() -> Functions {
        Functions::new().with::<Join>().with::<Shorten>()
    }

    async fn configure(self, _: &ConfigureContext) -> Result<Configured<()>, Diagnostics> {
        Ok(Configured::Ready(()))
    }
}

/// Joins the parts that are not empty.
#[derive(Object)]
#[tf(arguments)]
struct Join {
    /// Text between two parts, such as `-`.
    separator: String,
    /// Parts to join, in order. Empty ones are omitted.
    #[tf(variadic)]
    parts: Vec<String>,
}

impl Function for Join {
    type Output = String;
    const NAME: &'static str = "join_non_empty";

    fn call(self) -> Result<String, FunctionError> {
        let parts: Vec<_> = self.parts.into_iter().filter(|part| !part.is_empty()).collect();
        Ok(parts.join(&self.separator))
    }
}

/// Part of a text that is kept.
#[derive(AttributeValue)]
#[tf(rename_all = "lowercase")]
enum Keep {
    Start,
    End,
}

/// Shortens a text to a number of characters.
#[derive(Object)]
#[tf(arguments)]
struct Shorten {
    /// Text to shorten.
    text: String,
    /// Maximum number of characters of the result.
    #[tf(range(0..))]
    length: usize,
    /// Part of a longer text that is kept: its `start` or its `end`.
    keep: Keep,
}

impl Function for Shorten {
    type Output = String;
    const NAME: &'static str = "shorten";

    fn call(self) -> Result<String, FunctionError> {
        let too_many = self.text.chars().count().saturating_sub(self.length);
        Ok(match self.keep {
            Keep::Start => self.text.chars().take(self.length).collect(),
            Keep::End => self.text.chars().skip(too_many).collect(),
        })
    }
}

fn main() -> ExitCode {
    tfplug::serve::<Text>()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tfplug::testing::{Host, check};

    use super::Text;

    #[tokio::test]
    async fn functions_need_no_configuration() {
        assert_eq!(check::<Text>(), Ok(()));
        let host = Host::embed::<Text>().await.unwrap();
        for (name, arguments, result) in [
            ("join_non_empty", vec![json!("-")], ""),
            ("join_non_empty", vec![json!("-"), json!("a"), json!(""), json!("b")], "a-b"),
            ("shorten", vec![json!("weather"), json!(3), json!("start")], "wea"),
            ("shorten", vec![json!("weather"), json!(3), json!("end")], "her"),
        ] {
            assert_eq!(host.call(name, &arguments).await.unwrap(), Ok(json!(result)));
        }
        let error =
            host.call("shorten", &[json!("x"), json!(1), json!("middle")]).await.unwrap().unwrap_err();
        assert_eq!(error.to_string(), "keep: `keep` must be one of `start` or `end`, but is \"middle\"");
    }
}
