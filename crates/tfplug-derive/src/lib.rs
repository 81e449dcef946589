//! `#[derive(Object)]` and `#[derive(AttributeValue)]`, the derive macros of the `tfplug` crate: a Rust struct as a
//! Terraform schema object, and a Rust type as the value of an attribute.
//!
//! Depend on `tfplug`, which re-exports it: its documentation of the macro has a table of all options, with an example.

mod case;
mod documentation;
mod expand;
mod options;
mod validators;
mod value;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

#[expect(missing_docs, reason = "documented where it is re-exported, with examples that need that crate")]
#[proc_macro_derive(Object, attributes(tf))]
pub fn derive_object(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

#[expect(missing_docs, reason = "documented where it is re-exported, with examples that need that crate")]
#[proc_macro_derive(AttributeValue, attributes(tf))]
pub fn derive_attribute_value(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    value::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}
