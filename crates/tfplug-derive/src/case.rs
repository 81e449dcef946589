//! Naming conventions of `rename_all`.

use syn::{Error, LitStr, Result};

/// Naming convention for the text of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Snake,
    ScreamingSnake,
    Kebab,
    Camel,
}

const CASES: [(&str, Case); 6] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("camelCase", Case::Camel),
];

impl Case {
    pub(crate) fn parse(name: &LitStr) -> Result<Self> {
        let known = CASES.iter().find(|(known, _)| *known == name.value());
        known.map(|(_, case)| *case).ok_or_else(|| {
            let names: Vec<_> = CASES.iter().map(|(name, _)| format!("`{name}`")).collect();
            Error::new(name.span(), format!("unknown naming convention, use one of {}", names.join(", ")))
        })
    }

    /// Converts a name in `PascalCase` to this convention.
    pub(crate) fn of(self, name: &str) -> String {
        match self {
            Self::Lower => name.to_lowercase(),
            Self::Upper => name.to_uppercase(),
            Self::Snake => separated(name, '_'),
            Self::ScreamingSnake => separated(name, '_').to_uppercase(),
            Self::Kebab => separated(name, '-'),
            Self::Camel => {
                let mut rest = name.chars();
                rest.next().into_iter().flat_map(char::to_lowercase).chain(rest).collect()
            }
        }
    }
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
        let written: Vec<_> = CASES.iter().map(|(_, case)| case.of("PrePaid")).collect();
        assert_eq!(written, ["prepaid", "PREPAID", "pre_paid", "PRE_PAID", "pre-paid", "prePaid"]);
    }
}
