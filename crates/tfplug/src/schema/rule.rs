//! Constraints on several arguments.

/// A constraint on several arguments of a block. Unknown values satisfy every rule.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Rule {
    /// Exactly one of these arguments is set.
    ExactlyOneOf(&'static [&'static str]),
    /// At least one of these arguments is set.
    AtLeastOneOf(&'static [&'static str]),
    /// At most one of these arguments is set.
    Conflicts(&'static [&'static str]),
    /// Either all of these arguments are set, or none.
    Together(&'static [&'static str]),
}

impl Rule {
    /// Returns the arguments to which the rule applies.
    pub fn arguments(&self) -> &'static [&'static str] {
        match self {
            Self::ExactlyOneOf(names)
            | Self::AtLeastOneOf(names)
            | Self::Conflicts(names)
            | Self::Together(names) => names,
        }
    }

    /// Returns the reason why the block violates the rule, with the argument at fault if there is one.
    pub(super) fn complaint(
        &self,
        is_set: impl Fn(&str) -> Option<bool>,
    ) -> Option<(Option<&'static str>, String)> {
        let names = self.arguments();
        let states = names.iter().map(|name| Some((*name, is_set(name)?))).collect::<Option<Vec<_>>>()?;
        let in_state = |state| states.iter().filter(move |it| it.1 == state).map(|it| it.0).collect();
        let [set, missing]: [Vec<_>; 2] = [true, false].map(in_state);
        match self {
            Self::ExactlyOneOf(_) if set.is_empty() => {
                Some((None, format!("Set exactly one of {}", quoted(names, "and"))))
            }
            Self::AtLeastOneOf(_) if set.is_empty() => {
                Some((None, format!("Set at least one of {}", quoted(names, "and"))))
            }
            Self::ExactlyOneOf(_) | Self::Conflicts(_) if set.len() > 1 => {
                Some((set.get(1).copied(), format!("Set only one of {}", quoted(&set, "and"))))
            }
            Self::Together(_) if !set.is_empty() && !missing.is_empty() => {
                let is = if set.len() == 1 { "is" } else { "are" };
                let (given, missing) = (quoted(&set, "and"), quoted(&missing, "and"));
                Some((set.first().copied(), format!("{missing} must be set too, because {given} {is} set")))
            }
            _ => None,
        }
    }
}

/// Formats names as `` `a`, `b` and `c` ``, with `word` before the last.
pub(crate) fn quoted(names: &[&str], word: &str) -> String {
    match names {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(|name| format!("`{name}`")).collect();
            format!("{} {word} `{last}`", first.join(", "))
        }
    }
}
