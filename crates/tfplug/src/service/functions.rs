//! Functions: their definitions on the wire, and calls.

use std::collections::{BTreeMap, HashMap};

use crate::path::Step;
use crate::proto::tfplugin6 as wire;
use crate::provider::{FunctionEntry, Functions};
use crate::schema::Attribute;
use crate::value::{Value, ValueError};

impl Functions {
    pub(crate) fn to_wire(&self) -> HashMap<String, wire::Function> {
        self.entries.iter().map(|(name, entry)| ((*name).to_owned(), entry.to_wire())).collect()
    }
}

impl FunctionEntry {
    fn to_wire(&self) -> wire::Function {
        let description = self.parameters.description;
        wire::Function {
            parameters: self.parameters.attributes.iter().map(parameter).collect(),
            variadic_parameter: None,
            r#return: Some(wire::function::Return {
                r#type: self.returns.ty.to_json().to_string().into_bytes(),
            }),
            summary: description.lines().next().unwrap_or_default().trim_end_matches('.').to_owned(),
            description: description.to_owned(),
            description_kind: wire::StringKind::Markdown.into(),
            deprecation_message: self.parameters.deprecated.unwrap_or_default().to_owned(),
        }
    }

    /// Reads the arguments and calls the function.
    pub(super) fn call_with(&self, arguments: &[wire::DynamicValue]) -> Result<Value, wire::FunctionError> {
        let parameters = &self.parameters.attributes;
        if arguments.len() != parameters.len() {
            let (takes, given) = (parameters.len(), arguments.len());
            let noun = if takes == 1 { "argument" } else { "arguments" };
            let text = format!("The function takes {takes} {noun}, and was given {given}.");
            return Err(wire::FunctionError { text, function_argument: None });
        }
        let mut values = BTreeMap::new();
        for (parameter, argument) in parameters.iter().zip(arguments) {
            let value = Value::from_wire(Some(argument), &parameter.ty)
                .map_err(|error| self.malformed(error.under(Step::Attribute(parameter.name.to_owned()))))?;
            if let Some(complaint) = parameter.complaints(&value).next() {
                return Err(self.error(format!("{complaint}."), Some(parameter.name)));
            }
            values.insert(parameter.name.to_owned(), value);
        }
        let result = (self.call)(values).map_err(|error| self.malformed(error))?;
        result.map_err(|error| self.error(error.text, error.argument))
    }

    fn malformed(&self, mut error: ValueError) -> wire::FunctionError {
        // The host says which parameter it is; the text says where in it.
        let mut steps = error.path.steps().iter().cloned();
        let first = steps.next();
        error.path = steps.collect();
        let parameter = match &first {
            Some(Step::Attribute(name)) => Some(name.as_str()),
            _ => None,
        };
        self.error(format!("{error}."), parameter)
    }

    fn error(&self, text: impl Into<String>, parameter: Option<&str>) -> wire::FunctionError {
        let position = |name| self.parameters.attributes.iter().position(|parameter| parameter.name == name);
        let function_argument = parameter.and_then(position).and_then(|index| i64::try_from(index).ok());
        // Hosts end the sentence themselves.
        let mut text = text.into();
        if text.ends_with('.') {
            text.pop();
        }
        wire::FunctionError { text, function_argument }
    }
}

fn parameter(attribute: &Attribute) -> wire::function::Parameter {
    wire::function::Parameter {
        name: attribute.name.to_owned(),
        r#type: attribute.ty.to_json().to_string().into_bytes(),
        allow_null_value: attribute.nullable,
        allow_unknown_values: attribute.unknown.value,
        description: attribute.description.to_owned(),
        description_kind: wire::StringKind::Markdown.into(),
    }
}
