//! `User-Agent`, with the additions supported by Terraform and the official provider.

use reqwest::header::HeaderValue;

use crate::settings::catalog::USER_AGENT;
use crate::settings::environment::Environment;

/// Formats `[$HW_TF_CUSTOM_UA ]product[ $TF_APPEND_USER_AGENT]`, without characters that are not valid in a header.
pub(crate) fn header(product: &str, environment: &Environment) -> HeaderValue {
    // A variable that is not UTF-8 was reported when the settings were resolved.
    let variable = |name| environment.variable(name).ok().flatten().unwrap_or_default();
    let [before, after] = USER_AGENT.map(variable);
    let parts = [before, product.to_owned(), after];
    let words: Vec<String> =
        parts.iter().map(|part| printable(part)).filter(|part| !part.is_empty()).collect();
    HeaderValue::from_str(&words.join(" ")).unwrap_or_else(|_| HeaderValue::from_static("huaweicloud"))
}

fn printable(text: &str) -> String {
    let kept: String = text.chars().filter(|c| *c == ' ' || c.is_ascii_graphic()).collect();
    kept.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn additions_go_before_and_after() {
        let variables = [("HW_TF_CUSTOM_UA", "mine/1"), ("TF_APPEND_USER_AGENT", " after\r\nInjected: é ")];
        let environment = Environment::fixed(variables, [("", ""); 0]);
        assert_eq!(header("product/1 (x)", &environment), "mine/1 product/1 (x) afterInjected:");
        assert_eq!(header("product/1", &Environment::empty()), "product/1");
    }
}
