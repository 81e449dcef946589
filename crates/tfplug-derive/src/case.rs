//! Naming conventions of `rename_all`.

use syn::{Error, LitStr, Result};

/// Converts a name in `PascalCase` to a naming convention.
pub(crate) type Case = fn(&str) -> String;

const CASES: [(&str, Case); 6] = [
    ("lowercase", |name| name.to_lowercase()),
    ("UPPERCASE", |name| name.to_uppercase()),
    ("snake_case", |name| separated(name, '_')),
    ("SCREAMING_SNAKE_CASE", |name| separated(name, '_').to_uppercase()),
    ("kebab-case", |name| separated(name, '-')),
    ("camelCase", |name| {
        let mut rest = name.chars();
        rest.next().into_iter().flat_map(char::to_lowercase).chain(rest).collect()
    }),
];

/// Returns the naming convention of this name.
pub(crate) fn parse(name: &LitStr) -> Result<Case> {
    let known = CASES.iter().find(|(known, _)| *known == name.value());
    known.map(|(_, case)| *case).ok_or_else(|| {
        let names: Vec<_> = CASES.iter().map(|(name, _)| format!("`{name}`")).collect();
        Error::new(name.span(), format!("unknown naming convention, use one of {}", names.join(", ")))
    })
}

/// Converts a name to lower case, with a separator before each capital except the first.
fn separated(name: &str, separator: char) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !text.is_empty() {
            text.push(separator);
        }
        text.extend(c.to_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_each_case() {
        let written: Vec<_> = CASES.iter().map(|(_, case)| case("PrePaid")).collect();
        assert_eq!(written, ["prepaid", "PREPAID", "pre_paid", "PRE_PAID", "pre-paid", "prePaid"]);
    }
}
