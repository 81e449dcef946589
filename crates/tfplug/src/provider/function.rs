//! Functions: the trait, and those of a provider with their Rust types erased.

use std::collections::BTreeMap;
use std::fmt;

use crate::schema::{Attribute, Block, Nested, SchemaError, is_identifier, rule};
use crate::typed::{AttributeValue, Object, Shape};
use crate::value::{Type, Value, ValueError};

/// A function. The struct is its parameters, in order; hosts expect the same result for the same arguments.
pub trait Function: Object + Send + 'static {
    /// Type of the result.
    type Output: AttributeValue;

    /// Name of the function, without the provider's: `celsius`.
    const NAME: &'static str;

    /// Calls the function.
    ///
    /// # Errors
    /// Returns an error if an argument is invalid, or if all of them together are.
    fn call(self) -> Result<Self::Output, FunctionError>;
}

/// Reason why a function has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FunctionError {
    /// What is wrong, and what to do about it.
    pub text: String,
    /// The parameter at fault.
    pub argument: Option<&'static str>,
}

impl FunctionError {
    /// Creates an error of the call as a whole.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: None }
    }

    /// Creates an error for one argument, identified by the name of its parameter.
    pub fn at(parameter: &'static str, text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: Some(parameter) }
    }
}

impl fmt::Display for FunctionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.argument {
            Some(parameter) => write!(f, "{parameter}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

impl std::error::Error for FunctionError {}

type FunctionResult = Result<Value, FunctionError>;

/// A function, with its Rust type erased.
pub(crate) struct FunctionEntry {
    pub(crate) parameters: Block,
    pub(crate) returns: Shape,
    /// Calls the function. The outer error means that an argument does not fit its Rust type.
    pub(crate) call: fn(BTreeMap<String, Value>) -> Result<FunctionResult, ValueError>,
}

/// The functions of a provider.
#[derive(Default)]
pub struct Functions {
    pub(crate) entries: BTreeMap<&'static str, FunctionEntry>,
    twice: Option<&'static str>,
}

impl Functions {
    /// Creates an empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a function.
    #[must_use]
    pub fn with<F: Function>(mut self) -> Self {
        let entry = FunctionEntry {
            parameters: F::block(),
            returns: F::Output::shape(),
            call: |mut arguments| Ok(F::read_fields(&mut arguments)?.call().map(AttributeValue::into_value)),
        };
        if self.entries.insert(F::NAME, entry).is_some() {
            self.twice = Some(F::NAME);
        }
        self
    }

    pub(crate) fn check(&self) -> Result<(), SchemaError> {
        for (name, entry) in &self.entries {
            let rule = |kept, message| rule(kept, name, message);
            let Block { attributes: parameters, blocks, .. } = &entry.parameters;
            rule(self.twice != Some(name), "two functions have this name")?;
            rule(is_identifier(name), "the name must be an identifier")?;
            let fits = |it: &Attribute| !it.variadic || matches!(it.ty, Type::List(_));
            rule(parameters.iter().all(fits), "a variadic parameter must be a Vec")?;
            let mut earlier = parameters.iter().rev().skip(1);
            rule(!earlier.any(|it| it.variadic), "only the last parameter can be variadic")?;
            let arguments = blocks.is_empty() && parameters.iter().all(|it| it.required);
            rule(arguments, "the struct of a function must be #[tf(arguments)]")?;
            entry.parameters.check_fields(name)?;
            let computed = parameters.iter().filter_map(|it| it.nested.as_ref()).any(Nested::is_computed);
            rule(!computed, "an object that a function takes cannot have computed attributes")?;
            let dynamic = entry.returns.ty != Type::Dynamic && entry.returns.ty.has_dynamic();
            rule(!dynamic, "a function cannot return collections or objects of values of any type")?;
            if let Some(nested) = &entry.returns.nested {
                nested.check(&format!("{name}(…)"))?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Functions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.entries.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typed::derive;

    /// An object with one attribute, which is computed or has no flags.
    struct Held<const COMPUTED: bool>;

    impl<const COMPUTED: bool> AttributeValue for Held<COMPUTED> {
        fn shape() -> Shape {
            let mut inner = derive::attribute::<String>("inner", "A text.");
            inner.computed = COMPUTED;
            derive::object_shape(Block { attributes: vec![inner], ..Block::default() })
        }

        fn from_value(_: Value) -> Result<Self, ValueError> {
            Ok(Self)
        }

        fn into_value(self) -> Value {
            Value::Null
        }
    }

    /// Checks a function of one argument and a result.
    fn checked<A: AttributeValue, R: AttributeValue>() -> Result<(), String> {
        let mut argument = derive::attribute::<A>("argument", "What it takes.");
        argument.required = true;
        let parameters = Block { attributes: vec![argument], ..Block::default() };
        let call = |_| Err(ValueError::new("never called"));
        let entry = FunctionEntry { parameters, returns: R::shape(), call };
        let functions = Functions { entries: [("f", entry)].into(), twice: None };
        functions.check().map_err(|error| error.to_string())
    }

    #[test]
    fn what_a_function_takes_and_returns_is_checked() {
        let any = "f: a function cannot return collections or objects of values of any type";
        assert_eq!(checked::<String, Value>(), Ok(()));
        assert_eq!(checked::<String, Vec<Value>>(), Err(any.to_owned()));
        assert_eq!(checked::<String, Option<BTreeMap<String, Vec<Value>>>>(), Err(any.to_owned()));
        assert_eq!(checked::<String, Held<true>>(), Ok(()));
        let unsaid = "f(…).inner: it must be required, optional or computed";
        assert_eq!(checked::<String, Vec<Held<false>>>(), Err(unsaid.to_owned()));
        let computed = "f: an object that a function takes cannot have computed attributes";
        assert_eq!(checked::<Held<true>, String>(), Err(computed.to_owned()));
    }
}
