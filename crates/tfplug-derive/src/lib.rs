//! `#[derive(Object)]`, the derive macro of the `tfplug` crate: one Rust struct as a Terraform schema object.
//!
//! Depend on `tfplug`, which re-exports it: its documentation of the macro has a table of all options, with an example.

mod documentation;
mod expand;
mod options;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

#[expect(missing_docs, reason = "documented where it is re-exported, with examples that need that crate")]
#[proc_macro_derive(Object, attributes(tf))]
pub fn derive_object(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}
