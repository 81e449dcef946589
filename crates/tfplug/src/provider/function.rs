//! Functions: the trait, and those of a provider with their Rust types erased.

use std::collections::BTreeMap;
use std::fmt;

use crate::schema::{Block, Nested, SchemaError};
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
            let error =
                |message: &str| SchemaError { place: (*name).to_owned(), message: message.to_owned() };
            if self.twice == Some(name) {
                return Err(error("two functions have this name"));
            }
            if !crate::schema::is_identifier(name) {
                return Err(error("the name must be an identifier"));
            }
            let list = |parameter: &crate::schema::Attribute| matches!(parameter.ty, Type::List(_));
            if entry.parameters.attributes.iter().any(|parameter| parameter.variadic && !list(parameter)) {
                return Err(error("a variadic parameter must be a Vec"));
            }
            let mut earlier = entry.parameters.attributes.iter().rev().skip(1);
            if earlier.any(|parameter| parameter.variadic) {
                return Err(error("only the last parameter can be variadic"));
            }
            if !entry.parameters.blocks.is_empty() || entry.parameters.attributes.iter().any(|a| !a.required)
            {
                return Err(error("the struct of a function must be #[tf(arguments)]"));
            }
            entry.parameters.check_fields(name)?;
            if entry.parameters.attributes.iter().filter_map(|a| a.nested.as_ref()).any(Nested::is_computed) {
                return Err(error("an object that a function takes cannot have computed attributes"));
            }
            if entry.returns.ty != Type::Dynamic && entry.returns.ty.has_dynamic() {
                return Err(error("a function cannot return collections or objects of values of any type"));
            }
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
