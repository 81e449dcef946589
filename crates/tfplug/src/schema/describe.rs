//! Descriptions of attributes, completed by what their options say. Hosts and reference pages show the same text.

use super::{Attribute, Validator, quoted};
use crate::value::Value;

impl Attribute {
    /// Returns the description, followed by the sentences that `one_of`, `env` and `default` add to it.
    pub(crate) fn described(&self) -> String {
        let sentences: Vec<_> = self.sentences().collect();
        let description = self.description;
        match (sentences.is_empty(), description.contains('\n')) {
            (true, _) => description.to_owned(),
            (false, false) => format!("{description} {}", sentences.join(" ")),
            // The last paragraph may be code or a list.
            (false, true) => format!("{description}\n\n{}", sentences.join(" ")),
        }
    }

    /// A sentence that the description already has is not repeated.
    fn sentences(&self) -> impl Iterator<Item = String> {
        let values = self.validators.iter().filter_map(|validator| match validator {
            Validator::OneOf(allowed) => Some(*allowed),
            _ => None,
        });
        let is_named = |name: &str| self.description.contains(&format!("`{name}`"));
        let values = values.filter(move |allowed| !allowed.iter().all(|value| is_named(value)));
        let values = values.map(|allowed| format!("One of {}.", quoted(allowed, "or")));
        let env = self.env.filter(|variable| !self.description.contains(variable));
        let env = env.map(|variable| format!("Can also be set with the environment variable `{variable}`."));
        let is_open = !self.sensitive && !self.description.contains("Defaults to");
        let default = self.default.as_ref().filter(|_| is_open);
        let default = default.map(|value| match value {
            Value::String(text) => format!("Defaults to `{text}`."),
            value => format!("Defaults to `{}`.", value.to_json()),
        });
        values.chain(env).chain(default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::__private::attribute;

    #[test]
    fn a_description_says_what_the_options_do_once() {
        let described = |description: &'static str| {
            let attribute = Attribute {
                env: Some("WX_NETWORK"),
                default: Some(Value::from("north")),
                validators: vec![Validator::OneOf(&["north", "south"])],
                ..attribute::<String>("network", description)
            };
            attribute.described()
        };
        for (description, expected) in [
            (
                "Network.",
                "Network. One of `north` or `south`. Can also be set with the environment variable `WX_NETWORK`. Defaults to \
                 `north`.",
            ),
            (
                "One of:\n- `north`",
                "One of:\n- `north`\n\nOne of `north` or `south`. Can also be set with the environment variable `WX_NETWORK`. \
                 Defaults to `north`.",
            ),
            (
                "Network: `north` or `south`. Can also be set with `WX_NETWORK`. Defaults to the nearest.",
                "Network: `north` or `south`. Can also be set with `WX_NETWORK`. Defaults to the nearest.",
            ),
        ] {
            assert_eq!(described(description), expected);
        }
        let days = Attribute { default: Some(Value::from(3)), ..attribute::<i64>("days", "Days.") };
        assert_eq!(days.described(), "Days. Defaults to `3`.");
    }
}
