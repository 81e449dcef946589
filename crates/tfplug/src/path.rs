//! Attribute paths: the place in a configuration that a diagnostic points at.

use std::fmt;

use crate::proto::tfplugin6 as wire;

/// One step of an [`AttributePath`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Step {
    /// An attribute or block by its name.
    Attribute(String),
    /// An element of a map by its key.
    Key(String),
    /// An element of a list or tuple by its position.
    Index(usize),
}

/// Path from the root of a block to one of its values.
///
/// Elements of sets cannot be addressed: a path to one stops at the set.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributePath(Vec<Step>);

impl AttributePath {
    /// Creates the path to an attribute or block at the root.
    pub fn attribute(name: impl Into<String>) -> Self {
        Self(vec![Step::Attribute(name.into())])
    }

    /// Appends a step.
    #[must_use]
    pub fn then(mut self, step: Step) -> Self {
        self.0.push(step);
        self
    }

    /// Prepends a step: the same value, relative to the enclosing value.
    #[must_use]
    pub fn under(mut self, step: Step) -> Self {
        self.0.insert(0, step);
        self
    }

    /// Returns the steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The same with at most so many steps.
    pub(crate) fn truncated(mut self, length: usize) -> Self {
        self.0.truncate(length);
        self
    }

    pub(crate) fn to_wire(&self) -> wire::AttributePath {
        use wire::attribute_path::step::Selector;
        let steps = self.0.iter().map(|step| wire::attribute_path::Step {
            selector: Some(match step {
                Step::Attribute(name) => Selector::AttributeName(name.clone()),
                Step::Key(key) => Selector::ElementKeyString(key.clone()),
                Step::Index(index) => Selector::ElementKeyInt(i64::try_from(*index).unwrap_or(i64::MAX)),
            }),
        });
        wire::AttributePath { steps: steps.collect() }
    }
}

/// Creates the path to the attribute or block of this name at the root. The text is not parsed.
impl From<&str> for AttributePath {
    fn from(name: &str) -> Self {
        Self::attribute(name)
    }
}

/// Creates the path to the attribute or block of this name at the root. The text is not parsed.
impl From<String> for AttributePath {
    fn from(name: String) -> Self {
        Self::attribute(name)
    }
}

impl From<Step> for AttributePath {
    fn from(step: Step) -> Self {
        Self(vec![step])
    }
}

impl FromIterator<Step> for AttributePath {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

/// Creates an [`AttributePath`] from the notation of a configuration: attributes by name, elements by position or by
/// key.
///
/// ```
/// use tfplug::{Diagnostic, path};
///
/// let key = "iam";
/// assert_eq!(path!(filter[0].values).to_string(), "filter[0].values");
/// assert_eq!(path!(endpoints[key]).to_string(), r#"endpoints["iam"]"#);
/// let error = Diagnostic::error("Unknown value", "There is no such value.").at(path!(filter[0].values));
/// ```
///
/// An element is any expression: a `usize` is a position, a `&str` or a `String` a key.
#[macro_export]
macro_rules! path {
    ($name:ident $($rest:tt)*) => {
        $crate::path!(@ $crate::AttributePath::attribute(::core::stringify!($name)); $($rest)*)
    };
    (@ $path:expr;) => { $path };
    (@ $path:expr; . $name:ident $($rest:tt)*) => {
        $crate::path!(@ $path.then($crate::Step::Attribute(::core::stringify!($name).into())); $($rest)*)
    };
    (@ $path:expr; [$element:expr] $($rest:tt)*) => {
        $crate::path!(@ $path.then($crate::Step::from($element)); $($rest)*)
    };
}

/// Creates the step to an element by its position.
impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// Creates the step to an element by its key.
impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

/// Creates the step to an element by its key.
impl From<String> for Step {
    fn from(key: String) -> Self {
        Self::Key(key)
    }
}

/// A path during traversal, without an allocation for each step: most values are valid and need no path.
#[derive(Clone, Copy)]
pub(crate) enum At<'a> {
    Root,
    Attribute(&'a Self, &'a str),
    Key(&'a Self, &'a str),
    Index(&'a Self, usize),
}

impl At<'_> {
    pub(crate) fn path(&self) -> AttributePath {
        let (up, step) = match self {
            Self::Root => return AttributePath::default(),
            Self::Attribute(up, name) => (up, Step::Attribute((*name).to_owned())),
            Self::Key(up, key) => (up, Step::Key((*key).to_owned())),
            Self::Index(up, index) => (up, Step::Index(*index)),
        };
        up.path().then(step)
    }
}

/// Writes the path as in a configuration: `assume_role[0].agency_name`, `endpoints["iam"]`.
impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if position == 0 => f.write_str(name)?,
                Step::Attribute(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_in_a_configuration() {
        let path = AttributePath::attribute("a").then(Step::Index(2)).then(Step::Attribute("b".into()));
        assert_eq!(path.then(Step::Key("k\"".into())).to_string(), r#"a[2].b["k\""]"#);
        assert_eq!(AttributePath::default().to_string(), "");
    }

    #[test]
    fn grows_at_both_ends() {
        let path = AttributePath::attribute("b").under(Step::Index(0)).under(Step::Attribute("a".into()));
        assert_eq!(path.to_string(), "a[0].b");
        assert_eq!(path.to_wire().steps.len(), 3);
    }
}
