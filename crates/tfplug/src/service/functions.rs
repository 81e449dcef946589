//! Functions: their definitions on the wire, and calls.

use std::collections::{BTreeMap, HashMap};

use crate::diagnostics::Diagnostic;
use crate::path::Step;
use crate::proto::tfplugin6 as wire;
use crate::provider::{FunctionEntry, Functions};
use crate::schema::Attribute;
use crate::text::harmless;
use crate::value::{Type, Unknowns, Value, ValueError};

impl Functions {
    pub(crate) fn to_wire(&self) -> HashMap<String, wire::Function> {
        self.entries.iter().map(|(name, entry)| ((*name).to_owned(), entry.to_wire())).collect()
    }
}

impl FunctionEntry {
    fn to_wire(&self) -> wire::Function {
        let (fixed, variadic) = self.split();
        wire::Function {
            parameters: fixed.iter().map(|fixed| parameter(fixed, &fixed.ty)).collect(),
            variadic_parameter: variadic.map(|(variadic, element)| wire::function::Parameter {
                allow_unknown_values: variadic.unknown.elements,
                ..parameter(variadic, element)
            }),
            r#return: Some(wire::function::Return {
                r#type: self.returns.ty.to_json().to_string().into_bytes(),
            }),
            // The description begins with it, and Pulumi shows both, one after the other.
            summary: String::new(),
            description: self.parameters.description.to_owned(),
            description_kind: wire::StringKind::Markdown.into(),
            deprecation_message: self.parameters.deprecated.unwrap_or_default().to_owned(),
        }
    }

    /// Returns the parameters that take one argument each, and the one that takes all further arguments, with the type of
    /// each.
    fn split(&self) -> (&[Attribute], Option<(&Attribute, &Type)>) {
        match self.parameters.attributes.split_last() {
            Some((last, fixed))
                if last.variadic
                    && let Type::List(element) = &last.ty =>
            {
                (fixed, Some((last, element)))
            }
            _ => (&self.parameters.attributes, None),
        }
    }

    /// Decodes the arguments and calls the function.
    pub(super) fn call_with(&self, arguments: &[wire::DynamicValue]) -> Result<Value, wire::FunctionError> {
        let (fixed, variadic) = self.split();
        if arguments.len() < fixed.len() || variadic.is_none() && arguments.len() > fixed.len() {
            let (takes, given) = (fixed.len(), arguments.len());
            let noun = if takes == 1 { "argument" } else { "arguments" };
            let least = if variadic.is_some() { "at least " } else { "" };
            let text = format!("The function takes {least}{takes} {noun}, but received {given}.");
            return Err(function_error(&text, None));
        }
        let (given, further) = arguments.split_at(fixed.len().min(arguments.len()));
        let mut values = BTreeMap::new();
        let malformed = |error: ValueError, parameter: &Attribute| {
            self.at(error.under(Step::Attribute(parameter.name.to_owned())).into_diagnostic())
        };
        for (parameter, argument) in fixed.iter().zip(given) {
            let value = Value::from_wire(Some(argument), &parameter.ty);
            values.insert(parameter.name.to_owned(), value.map_err(|error| malformed(error, parameter))?);
        }
        if let Some((parameter, element)) = variadic {
            let elements = further.iter().enumerate().map(|(index, argument)| {
                let value = Value::from_wire(Some(argument), element);
                value.map_err(|error| malformed(error.under(Step::Index(index)), parameter))
            });
            let elements = elements.collect::<Result<_, _>>()?;
            values.insert(parameter.name.to_owned(), Value::List(elements));
        }
        if let Some(diagnostic) = self.parameters.validate_values(&values).into_iter().next() {
            return Err(self.at(diagnostic));
        }
        let result = (self.call)(values).map_err(|error| self.at(error.into_diagnostic()))?;
        result.map_err(|error| {
            let position = error.argument.and_then(|name| self.position(name));
            if let (Some(name), None) = (error.argument, position) {
                tracing::error!(
                    parameter = name,
                    "an error of a function names a parameter that does not exist"
                );
                debug_assert!(false, "FunctionError::at names {name:?}, which is not a parameter");
            }
            function_error(&error.text, position)
        })
    }

    /// Returns whether its result may be unknown: a function that accepts unknown arguments may return them.
    pub(super) fn unknowns(&self) -> Unknowns {
        let may_be_unknown = |parameter: &Attribute| parameter.unknown.value || parameter.unknown.elements;
        if self.parameters.attributes.iter().any(may_be_unknown) {
            Unknowns::Allowed
        } else {
            Unknowns::Refused
        }
    }

    /// Returns an error for an argument, by its position. Each argument of a variadic parameter has its own.
    fn at(&self, diagnostic: Diagnostic) -> wire::FunctionError {
        let path = diagnostic.path.unwrap_or_default();
        let position = match path.steps() {
            [Step::Attribute(name), rest @ ..] => self.position(name).map(|position| match rest {
                [Step::Index(index), ..] if position == self.split().0.len() => position + index,
                _ => position,
            }),
            _ => None,
        };
        function_error(&diagnostic.detail, position)
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.parameters.attributes.iter().position(|parameter| parameter.name == name)
    }
}

/// Returns an error as hosts expect it: they add the full stop themselves.
pub(super) fn function_error(text: &str, position: Option<usize>) -> wire::FunctionError {
    wire::FunctionError {
        text: harmless(text.strip_suffix('.').unwrap_or(text)).into_owned(),
        function_argument: position.and_then(|index| i64::try_from(index).ok()),
    }
}

fn parameter(attribute: &Attribute, ty: &Type) -> wire::function::Parameter {
    wire::function::Parameter {
        name: attribute.name.to_owned(),
        r#type: ty.to_json().to_string().into_bytes(),
        allow_null_value: attribute.nullable,
        allow_unknown_values: attribute.unknown.value,
        description: attribute.described(),
        description_kind: wire::StringKind::Markdown.into(),
    }
}
